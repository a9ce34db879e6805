"""Elasticsearch 7: one node."""

import pathlib

from search_node import SearchNode


class Elasticsearch(SearchNode):
    """See the base."""

    NAME = "elasticsearch"
    POM = pathlib.Path(__file__).parent / "pom.xml"
    PACKAGES = "org.elasticsearch"
    HTTP_PLUGIN = "Netty4Plugin"
