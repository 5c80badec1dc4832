"""Names for files, from the titles of conversations."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

LENGTH = 80
"""Characters; at four bytes each, still a name that every file system takes."""
_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff<>:"/\\|?*]+'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_UNNAMED = "Conversation"


def safe_name(title: str) -> str:
    """A file name without an ending that Linux, macOS and Windows all take, from any title."""
    words = " ".join(_FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title)).split())
    name = words[:LENGTH].strip(" .")
    if _RESERVED.match(name):
        name = f"{name.partition('.')[0]} file"
    return name or _UNNAMED


def free_path(folder: Path, name: str, ending: str) -> Path:
    """A path in `folder` where nothing is, with a number after the name where it takes one."""
    path = folder / f"{name}{ending}"
    number = 2
    while os.path.lexists(path):
        path = folder / f"{name} {number}{ending}"
        number += 1
    return path
