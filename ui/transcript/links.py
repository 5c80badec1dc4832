"""Which addresses a click may hand on."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ALLOWED = frozenset({"http", "https", "mailto"})


def is_allowed(url: str) -> bool:
    """Whether `url` names a web page or a mail address; nothing else is ever activated."""
    scheme = _SCHEME.match(url)
    return scheme is not None and scheme[1].lower() in _ALLOWED
