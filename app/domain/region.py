"""What a user draws on a picture: what to look at, and what nobody is to see."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.geometry import Point
from app.domain.picture import Detail
from app.domain.record import Record


class RegionKind(StrEnum):
    """How a region is drawn."""

    RECTANGLE = "rectangle"
    LASSO = "lasso"
    POINT = "point"
    ARROW = "arrow"


class Region(Record, frozen=True):
    """A part of a picture that a question is about; `points` are in pixels of the original.

    A rectangle has two opposite corners, a lasso three points or more in order, a point one, an
    arrow its tail and its head. `id` is 8 hex digits, unlike those of the picture's other regions.
    `name` is what the user calls it, empty for its number.
    """

    id: str
    kind: RegionKind
    points: tuple[Point, ...]
    name: str = ""


class RegionSend(StrEnum):
    """How regions go along: cut out, cut out and the whole picture too, or drawn on the whole picture
    with their coordinates said in words."""

    CROP = "crop"
    BOTH = "both"
    MARKED = "marked"


class RedactionKind(StrEnum):
    """With what something is covered."""

    BOX = "box"
    BRUSH = "brush"


COVER_GREY = 51
"""How light a cover is in what is sent, 0 to 255: dark, and of no colour."""


class Redaction(Record, frozen=True):
    """Pixels that are painted over in whatever is sent; the original keeps them.

    A box has two opposite corners; a brush stroke one point or more, `width` pixels of the original
    wide. `points` are in pixels of the original.
    """

    kind: RedactionKind
    points: tuple[Point, ...]
    width: float = 0.0

    @property
    def digest(self) -> str:
        """16 hex digits that tell it from others."""
        from hashlib import sha256  # only once something is covered

        numbers = (float(number) for point in self.points for number in (point.x, point.y))
        drawn = f"{self.kind.value} {float(self.width)!r} {' '.join(map(repr, numbers))}"
        return sha256(drawn.encode()).hexdigest()[:16]


class Treatment(Record, frozen=True):
    """What is done with a picture on its way; nothing of it changes the original.

    `detail` None leaves it to the route.
    """

    regions: tuple[Region, ...] = ()
    sends: RegionSend = RegionSend.BOTH
    redactions: tuple[Redaction, ...] = ()
    detail: Detail | None = None

    @property
    def is_sound(self) -> bool:
        """Whether everything has the points that its kind needs, none of them beyond FARTHEST."""
        regions = all(_is_drawn(region.kind, region.points) for region in self.regions)
        return regions and all(
            _is_drawn(each.kind, each.points) and 0 <= each.width <= FARTHEST for each in self.redactions
        )


def _is_drawn(kind: RegionKind | RedactionKind, points: tuple[Point, ...]) -> bool:
    least, most = _POINTS[kind]
    return least <= len(points) <= most and all(
        abs(p.x) <= FARTHEST and abs(p.y) <= FARTHEST  # "not a number" is not
        for p in points
    )


FARTHEST = 1_000_000.0
"""Pixels from the corner of a picture to anything that is drawn on it."""

_POINTS: dict[RegionKind | RedactionKind, tuple[int, int]] = {
    RegionKind.RECTANGLE: (2, 2),
    RegionKind.LASSO: (3, 100_000),
    RegionKind.POINT: (1, 1),
    RegionKind.ARROW: (2, 2),
    RedactionKind.BOX: (2, 2),
    RedactionKind.BRUSH: (1, 100_000),
}
HIDES_ALL = Treatment(
    redactions=(
        Redaction(kind=RedactionKind.BOX, points=(Point(-FARTHEST, -FARTHEST), Point(FARTHEST, FARTHEST))),
    )
)
"""Stands for a treatment that cannot be read: what it hid is not to be seen."""


class PictureRule(StrEnum):
    """Whether a picture goes along with the questions after its own: while there is room, always,
    as words in its place, or not."""

    KEEP = "keep"
    PIN = "pin"
    DESCRIBE = "describe"
    DROP = "drop"


class PictureChoices(Record, frozen=True):
    """What the user chose for the pictures of a conversation.

    `last`: only so many of the newest go along, pinned ones apart; None for as many as the model
    takes. `rules` and `descriptions` go by the pictures' hashes; a picture without a rule is kept.
    `dialect` names how answers write coordinates, empty where Fovea finds out. `covers` are the
    digests of what was covered when a description was written (Redaction.digest); one without any
    counts as written with nothing covered. `subjects` are the hashes of the pictures that answers are
    about which name none, by the ids of the answers.
    """

    last: int | None = None
    rules: dict[str, PictureRule] = {}
    descriptions: dict[str, str] = {}
    dialect: str = ""
    covers: dict[str, tuple[str, ...]] = {}
    subjects: dict[str, str] = {}

    def is_outdated(self, sha256: str, redactions: Iterable[Redaction]) -> bool:
        """Whether the description of a picture may tell what these hide."""
        known = self.covers.get(sha256, ())
        return any(redaction.digest not in known for redaction in redactions)


NOTHING_CHOSEN = PictureChoices()
