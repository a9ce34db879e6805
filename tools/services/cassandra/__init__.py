"""Apache Cassandra: one node."""

import pathlib
import struct

from jars import java
from server import HOST, Server, classpath, receive

HERE = pathlib.Path(__file__).parent
USER = PASSWORD = "cassandra"  # the account that a new node with authentication makes by itself

EXPORTS = (
    "java.base/jdk.internal.misc java.base/jdk.internal.ref java.base/sun.nio.ch java.management.rmi/com.sun.jmx.remote.internal.rmi "
    "java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.sql/java.sql"
).split()
OPENS = (
    "java.base/java.lang java.base/java.lang.module java.base/java.util java.base/java.util.concurrent java.base/java.util.concurrent.atomic "
    "java.base/java.io java.base/java.nio java.base/sun.nio.ch java.base/jdk.internal.loader java.base/jdk.internal.ref "
    "java.base/jdk.internal.reflect java.base/jdk.internal.math java.base/jdk.internal.module java.base/jdk.internal.util.jar "
    "jdk.management/com.sun.management.internal"
).split()

CQL_VERSION = 4
STARTUP, READY, AUTHENTICATE, QUERY, RESULT, AUTH_RESPONSE, AUTH_SUCCESS = 0x01, 0x02, 0x03, 0x07, 0x08, 0x0F, 0x10
CONSISTENCY_ONE, NO_FLAGS = 1, 0


class Cassandra(Server):
    """A node for tests; with the option `auth` it asks for user and password."""

    NAME = "cassandra"
    PORT_NAMES = ("client", "storage")
    POM = HERE / "pom.xml"

    def endpoint(self):
        account = {"user": USER, "password": PASSWORD} if self.options["auth"] else {}
        return {**super().endpoint(), **account}

    def prepare(self, jars):
        self.write_template(
            HERE / "cassandra.yaml",
            "cassandra.yaml",
            data=self.folder / "data",
            authenticator="PasswordAuthenticator" if self.options["auth"] else "AllowAllAuthenticator",
            # Periodic answers before the write is in the log's file; only batch survives a kill with nothing lost.
            commitlog="batch" if self.options["durable"] else "periodic\ncommitlog_sync_period: 10000ms",
            **self.ports,
        )
        self.write_template(HERE / "logback.xml", "logback.xml")

    def command(self, jars):
        (agent,) = pathlib.Path(jars).glob("jamm-*.jar")
        properties = {
            "cassandra.config": f"file://{self.folder}/cassandra.yaml",
            "cassandra.storagedir": f"{self.folder}/data",
            "logback.configurationFile": f"{self.folder}/logback.xml",
            "cassandra-foreground": "yes",
            "cassandra.superuser_setup_delay_ms": 0,
            "cassandra.skip_wait_for_gossip_to_settle": 0,
            "cassandra.ring_delay_ms": 1,
            "jdk.attach.allowAttachSelf": "true",
            "java.awt.headless": "true",
        }
        return (
            [java(), "-Xms512m", "-Xmx1g", "-Xss512k", "-XX:+UseG1GC", "-XX:-UsePerfData", f"-javaagent:{agent}"]
            + [f"-D{name}={value}" for name, value in properties.items()]
            + [part for module in EXPORTS for part in ("--add-exports", f"{module}=ALL-UNNAMED")]
            + [part for module in OPENS for part in ("--add-opens", f"{module}=ALL-UNNAMED")]
            + ["-cp", classpath(jars), "org.apache.cassandra.service.CassandraDaemon"]
        )

    def probe(self):
        """Opens a session and reads a row, with the password when one is asked for: the account appears some time after the port."""
        with self.connect() as connection:
            name, value = b"CQL_VERSION", b"3.0.0"
            opcode = ask(connection, STARTUP, struct.pack(">h", 1) + short_text(name) + short_text(value))
            if opcode == AUTHENTICATE:
                token = b"\0" + USER.encode() + b"\0" + PASSWORD.encode()
                opcode = ask(connection, AUTH_RESPONSE, struct.pack(">i", len(token)) + token)
            if opcode not in (READY, AUTH_SUCCESS):
                return False
            query = b"SELECT cluster_name FROM system.local"
            return ask(connection, QUERY, struct.pack(">i", len(query)) + query + struct.pack(">hb", CONSISTENCY_ONE, NO_FLAGS)) == RESULT


def short_text(text):
    """A [string] of the CQL protocol."""
    return struct.pack(">h", len(text)) + text


def ask(connection, opcode, body):
    """Sends one frame and returns the opcode of the answer."""
    connection.sendall(struct.pack(">BBhBi", CQL_VERSION, 0, 0, opcode, len(body)) + body)
    _, _, _, answer, size = struct.unpack(">BBhBi", receive(connection, 9))
    receive(connection, size)
    return answer
