"""Pictures as the user gave them, and pictures as they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, TypeVar

from app.domain.record import Record

_T = TypeVar("_T")


class Detail(StrEnum):
    """How large pictures go.

    FIT makes them as small as the endpoint's limits want. TILES sends the whole picture so, and its
    parts in full size beside it. ORIGINAL keeps every pixel and is refused where that is too much.
    UPLOAD keeps every pixel and puts what is too much for a request beside it, where the endpoint
    takes uploads.
    """

    FIT = "fit"
    TILES = "tiles"
    ORIGINAL = "original"
    UPLOAD = "asset"


class Revealed(Record, frozen=True):
    """What a picture's file tells beside its pixels (EXIF and the like).

    `latitude` and `longitude` are in degrees, north and east positive; None where the file does not
    say them in a readable way. `found` names every kind of metadata in the file: "EXIF", "GPS",
    "XMP", "IPTC", "ICC profile", "comment", "thumbnail", "text".
    """

    has_location: bool = False
    latitude: float | None = None
    longitude: float | None = None
    camera: str = ""
    taken: str = ""
    comment: str = ""
    found: tuple[str, ...] = ()


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


class View(StrEnum):
    """What of a picture a sent one shows: all of it, one of its regions, or one of its tiles."""

    WHOLE = "whole"
    REGION = "region"
    TILE = "tile"


class Prepared(Record, frozen=True):
    """What exactly is sent for a picture, or for a part of it: its recipe and the way back.

    `sha256` and `byte_count` are of the bytes sent, `mime` their type. A point (x, y) in the sent
    picture lies at (left + x * scale_x, top + y * scale_y) in the original. One picture of a question
    may be sent as several: `number` counts them from 0. `region` is the id of the region that is
    shown. `marked`: regions are drawn on it; `redacted`: so many places are painted over, and `covers`
    are the digests of those (Redaction.digest), empty where they were not noted. `text_px` is about
    how high the smallest writing is in the sent picture, in pixels, None where no writing was found or
    nobody looked. `turn`: so many of the messages that show pictures came after the one with which it went,
    None where that was not noted. One whose earlier views went with another message already does not
    begin with the number 0. `also` are the other pictures of the conversation that this was sent for too,
    each by how many pictures came after it.
    """

    original: str
    sha256: str
    mime: str
    width: int
    height: int
    byte_count: int
    scale_x: float
    scale_y: float
    left: float = 0.0
    top: float = 0.0
    view: View = View.WHOLE
    number: int = 0
    region: str = ""
    marked: bool = False
    redacted: int = 0
    text_px: float | None = None
    covers: tuple[str, ...] = ()
    turn: int | None = None
    also: tuple[int, ...] = ()


def numbered(views: Iterable[_T], first: int = 1) -> Iterator[tuple[int, _T]]:
    """Views that are sent, each with the number by which a prompt and its answer call it.

    They count from 1 through the whole request, the earliest message first, a part of a picture as a
    picture of its own: so does a model that is told nothing, for it sees one image after the other.
    `first` is the number of the first of `views`, where they are not the first of the request.
    """
    return enumerate(views, first)


class Attachment(Record, frozen=True):
    """A stored picture with the name under which the user gave it.

    `link` is the https address it was fetched from, empty where there is none.
    """

    picture: Picture
    name: str
    link: str = ""
