"""What the decoder child lets a picture cost."""

from __future__ import annotations

from app.domain.record import Record


class Caps(Record, frozen=True):
    """Limits for one picture. `seconds` is kept by the parent, the rest by the child.

    `memory_bytes` is the child's whole address space, counted on POSIX systems only.
    """

    pixels: int = 100_000_000
    file_bytes: int = 256 * 1024 * 1024
    memory_bytes: int = 1536 * 1024 * 1024
    seconds: float = 10.0


class Refused(Exception):
    """The picture cannot be used; the text is a clause for `PictureRefused.reason`."""
