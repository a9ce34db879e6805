"""What Elasticsearch and OpenSearch have in common: one node, started by a small class of our own, since their launchers come with the distributions only."""

import http.client
import json
import pathlib

from jars import java
from server import HOST, PROBE_SECONDS, Server, classpath

HERE = pathlib.Path(__file__).parent


class SearchNode(Server):
    """A node for tests, without authentication. What it acknowledged survives a kill."""

    PORT_NAMES = ("client", "transport")
    PACKAGES = ""  # where the product's classes are
    HTTP_PLUGIN = ""  # its plugin with HTTP and the transport between nodes

    def prepare(self, jars):
        self.write_template(HERE / "search_node.yml", f"{self.NAME}.yml", data=self.folder / "data", logs=self.folder / "logs", **self.ports)
        self.write_template(HERE / "SearchNode.java", "SearchNode.java", packages=self.PACKAGES, http_plugin=self.HTTP_PLUGIN)

    def command(self, jars):
        """Java compiles the class itself, in memory, so that no compiler need be installed."""
        options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.security.manager=allow", "-Djava.awt.headless=true"]
        return [java(), *options, "-cp", classpath(jars), self.folder / "SearchNode.java", self.folder]

    def probe(self):
        """Health: a node that has not yet read its state, or not opened its indices, is red."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PROBE_SECONDS)
        try:
            connection.request("GET", "/_cluster/health")
            answer = connection.getresponse()
            return answer.status == http.client.OK and json.load(answer)["status"] != "red"
        except (http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()
