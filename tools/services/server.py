"""What a server of this folder has to say about itself; everything else is the same for all and lives in server_set.py."""

import os
import pathlib
import shlex
import socket
import string

from processes import Process

HOST = "127.0.0.1"
PROBE_SECONDS = 5


class Server:
    """One server in one folder.

    A new kind of server is a subclass with a name, the names of its ports, and the four methods below; `server_set.KINDS` lists it.
    `ports` maps each name of `PORT_NAMES` to a number, `options` holds the flags of `Options`.
    """

    NAME = ""
    PORT_NAMES = ("client",)
    POM = None
    START_SECONDS = 120
    STOP_SECONDS = 20

    def __init__(self, folder, ports, options):
        self.folder = pathlib.Path(folder)
        self.ports = ports
        self.options = options

    @property
    def log(self):
        """The file that collects what the server prints."""
        return self.folder / "log"

    @property
    def port(self):
        """Where clients connect."""
        return self.ports["client"]

    def endpoint(self):
        """What a client must know to connect, as it stands in services.json."""
        return {"host": HOST, "port": self.port}

    def prepare(self, jars):
        """Writes configuration and data folders below `folder`. Data of an earlier start stays."""
        raise NotImplementedError

    def command(self, jars):
        """The command that runs the server in the foreground."""
        raise NotImplementedError

    def probe(self):
        """Asks the server something in its own protocol: True when it answered as a ready one does. May raise OSError."""
        raise NotImplementedError

    def launch(self, jars):
        """Starts the server; returns its Process, without waiting until it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare(jars)
        command = [str(part) for part in self.command(jars)]
        (self.folder / "command").write_text(shlex.join(command) + "\n", encoding="utf-8")
        return Process.spawn(command, self.log, self.folder)

    def is_ready(self):
        """Whether the server answers clients."""
        try:
            return self.probe()
        except OSError:
            return False

    def connect(self):
        """A connection to the client port."""
        return socket.create_connection((HOST, self.port), timeout=PROBE_SECONDS)

    def write_template(self, template, name, **values):
        """Writes `folder`/`name` from a file with $placeholders."""
        text = string.Template(pathlib.Path(template).read_text(encoding="utf-8")).substitute(values)
        (self.folder / name).write_text(text, encoding="utf-8")


def classpath(jars):
    """All jars of a folder, for java -cp."""
    return os.path.join(jars, "*")


def receive(connection, count):
    """Exactly `count` bytes; raises ConnectionError when the other side closes before."""
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("connection closed in the middle of an answer")
        data += part
    return data
