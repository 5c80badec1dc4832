"""Which addresses of a text may be followed from an exported page."""

from __future__ import annotations

import re

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`\[\]{}|\\^]+")
_ALLOWED = re.compile(r"(https?|mailto):", re.IGNORECASE)


def is_allowed(url: str) -> bool:
    """Whether `url` names a web page or a mail address."""
    return _ALLOWED.match(url) is not None
