"""What the decoder child is to make of a picture that is sent."""

from __future__ import annotations

from app.domain.geometry import Point
from app.domain.record import Record
from app.domain.region import Redaction, Region


class Cut(Record, frozen=True):
    """One picture to send: the part `box` (left, top, right, bottom) of the original at `size`.

    `outline` are the corners of a lasso beyond which everything is blank, and `marks` the regions that
    are drawn on it, both in pixels of the original. `searched`: how high its writing is, is measured.
    """

    box: tuple[int, int, int, int]
    size: tuple[int, int]
    outline: tuple[Point, ...] = ()
    marks: tuple[Region, ...] = ()
    searched: bool = True


class Recipe(Record, frozen=True):
    """The pictures to send for an original of `size`, and in which form.

    `redactions` are painted over in all of them. `raw`: as RGB rows. `png`: as a PNG file where that
    keeps writing sharp at little cost; else as JPEG. Each has at most `most_bytes`, unless raw; what is
    scaled down for them keeps to multiples of `multiple`.
    """

    size: tuple[int, int]
    cuts: tuple[Cut, ...]
    redactions: tuple[Redaction, ...] = ()
    raw: bool = False
    png: bool = False
    most_bytes: int | None = None
    multiple: int = 1
