"""Pictures as the user gave them, and pictures as they are sent."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.domain.record import Record


class Detail(StrEnum):
    """How large pictures go.

    FIT makes them as small as the endpoint's limits want. ORIGINAL keeps every pixel and is
    refused where that is too much. UPLOAD keeps every pixel and puts what is too much for a
    request beside it, where the endpoint takes uploads.
    """

    FIT = "fit"
    ORIGINAL = "original"
    UPLOAD = "asset"


class Revealed(Record, frozen=True):
    """What a picture's file tells beside its pixels (EXIF and the like)."""

    has_location: bool = False
    camera: str = ""
    taken: str = ""
    comment: str = ""


class Picture(Record, frozen=True):
    """An original, known by the SHA-256 of its bytes (64 lower-case hex digits).

    `width` and `height` are in pixels after the file's orientation is applied;
    `format` is the lower-case format found in the content, whatever the file's name.
    """

    sha256: str
    format: str
    width: int
    height: int
    byte_count: int
    revealed: Revealed = Revealed()


class Pixels(NamedTuple):
    """Raw 8-bit RGB rows, top to bottom, no padding: `len(rgb) == 3 * width * height`.

    `rgb` may be a view of mapped memory; it stays valid as long as it is referenced.
    """

    width: int
    height: int
    rgb: bytes | memoryview


class Prepared(Record, frozen=True):
    """What exactly is sent for a picture: its recipe and the way back to original pixels.

    `sha256` and `byte_count` are of the bytes sent, `mime` their type. A point (x, y) in
    the sent picture lies at (x * scale_x, y * scale_y) in the original.
    """

    original: str
    sha256: str
    mime: str
    width: int
    height: int
    byte_count: int
    scale_x: float
    scale_y: float


class Attachment(Record, frozen=True):
    """A stored picture with the name under which the user gave it.

    `link` is the https address it was fetched from, empty where there is none.
    """

    picture: Picture
    name: str
    link: str = ""
