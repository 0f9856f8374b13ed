"""Data that ships with the desk, and the one way to find it."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(*parts: str) -> Traversable:
    """The shipped file or folder at these path parts, such as ``resource("agreements")``."""
    return files(__name__).joinpath(*parts)
