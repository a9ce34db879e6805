"""The one error of these tools."""


class Failure(Exception):
    """Something went wrong; the text says what, and what mends it."""
