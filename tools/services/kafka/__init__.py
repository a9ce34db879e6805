"""Apache Kafka: one node that is broker and controller (KRaft)."""

import pathlib
import struct
import subprocess

from failure import Failure
from jars import java
from server import HOST, Server, classpath, receive

HERE = pathlib.Path(__file__).parent
CLUSTER_ID = "bGVybmQtdGVzdC1jbHVzdA"
METADATA_KEY, METADATA_VERSION, CORRELATION = 3, 1, 1


class Kafka(Server):
    """A broker for tests: topics must be created, transactions and groups work at once."""

    NAME = "kafka"
    PORT_NAMES = ("client", "controller")
    POM = HERE / "pom.xml"

    def endpoint(self):
        return {"bootstrap": f"{HOST}:{self.port}"}

    def prepare(self, jars):
        data = self.folder / "data"
        self.write_template(HERE / "server.properties", "server.properties", data=data, **self.ports)
        self.write_template(HERE / "log4j.properties", "log4j.properties")
        if not (data / "meta.properties").exists():
            arguments = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", self.folder / "server.properties"]
            run = subprocess.run(self._java(jars, "64m") + arguments, capture_output=True, text=True, check=False)
            if run.returncode != 0:
                raise Failure(f"Kafka could not format {data}: {run.stdout}{run.stderr}")

    def command(self, jars):
        return self._java(jars, "512m") + ["kafka.Kafka", self.folder / "server.properties"]

    def _java(self, jars, memory):
        logging = f"-Dlog4j.configuration=file:{self.folder}/log4j.properties"
        return [java(), f"-Xmx{memory}", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.awt.headless=true", logging, "-cp", classpath(jars)]

    def probe(self):
        """A metadata request: a broker that is not yet ready to serve is missing from its own list of brokers."""
        client = b"services"
        body = struct.pack(">hhih", METADATA_KEY, METADATA_VERSION, CORRELATION, len(client)) + client + struct.pack(">i", 0)
        with self.connect() as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            (size,) = struct.unpack(">i", receive(connection, 4))
            correlation, brokers = struct.unpack(">ii", receive(connection, size)[:8])
        return correlation == CORRELATION and brokers > 0
