"""Redis from the distribution's package."""

import pathlib
import shutil

from failure import Failure
from server import PROBE_SECONDS, Server

HERE = pathlib.Path(__file__).parent
PASSWORD = "redis"


class Redis(Server):
    """A server for tests; with the option `auth` it asks for a password. What it acknowledged survives a kill."""

    NAME = "redis"

    def endpoint(self):
        account = {"password": PASSWORD} if self.options["auth"] else {}
        return {**super().endpoint(), **account}

    def prepare(self, jars):
        password = f"requirepass {PASSWORD}" if self.options["auth"] else ""
        self.write_template(HERE / "redis.conf", "redis.conf", folder=self.folder, password=password, **self.ports)

    def command(self, jars):
        program = shutil.which("redis-server")
        if program is None:
            raise Failure("redis-server is missing. Install it with: apt-get install redis-server")
        return [program, self.folder / "redis.conf"]

    def probe(self):
        """PING: a server that still loads its data answers with an error."""
        login = f"AUTH {PASSWORD}\r\n" if self.options["auth"] else ""
        with self.connect() as connection:
            connection.settimeout(PROBE_SECONDS)
            connection.sendall(f"{login}PING\r\nQUIT\r\n".encode())
            with connection.makefile("rb") as answers:
                return b"+PONG\r\n" in answers.read()
