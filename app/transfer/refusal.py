"""How reading a file from outside ends when it is not what it should be."""

from __future__ import annotations


class Unreadable(Exception):
    """The file is not imported; the text is a clause for `ImportRefused.reason`."""
