"""OpenSearch 2: one node."""

import pathlib

from search_node import SearchNode


class OpenSearch(SearchNode):
    """See the base."""

    NAME = "opensearch"
    POM = pathlib.Path(__file__).parent / "pom.xml"
    PACKAGES = "org.opensearch"
    HTTP_PLUGIN = "Netty4Plugin"
