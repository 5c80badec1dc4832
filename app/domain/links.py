"""Which addresses a click may hand on, and where a bare one stands in running text."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ALLOWED = frozenset({"http", "https", "mailto"})
_TRAILING = ".,;:!?*_~"
BARE_ADDRESS = re.compile(
    r"(?<![\w.@/])(?:https?://|www\.(?=\w))[^\s<>\"'`\[\]{}|\\^]+"
    r"|(?<![\w.+@/-])\w[\w.+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w@-])"
)
"""A web or mail address in running text, perhaps with what ends its sentence: see `trimmed`."""


def is_allowed(url: str) -> bool:
    """Whether `url` names a web page or a mail address; nothing else is ever activated."""
    scheme = _SCHEME.match(url)
    return scheme is not None and scheme[1].lower() in _ALLOWED


def trimmed(url: str) -> str:
    """A bare address without what ends its sentence: stops, and brackets that it did not open."""
    end, surplus = len(url), url.count(")") - url.count("(")
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and surplus > 0)):
        surplus -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def url_of(address: str) -> str:
    """The whole address of a trimmed bare one, which may do without its beginning."""
    if address.startswith("www."):
        return f"http://{address}"
    return address if "://" in address else f"mailto:{address}"
