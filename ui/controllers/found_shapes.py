"""What an answer points at, read and made ready to be drawn. Any thread may call this."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.domain.geometry import Point
from app.domain.message import Message
from app.domain.region import Region, RegionKind
from app.domain.shape import Shape, ShapeKind
from ui.panes.shape_scene import ShapeScene, colours_of

MOST_SPOKEN = 2_000
"""Of more shapes no summary is made."""
KINDS = {ShapeKind.POINT: RegionKind.POINT, ShapeKind.POLYGON: RegionKind.LASSO}


class State(NamedTuple):
    """What a reading depends on: of an answer its length and whether it ended, and the dialect."""

    length: int
    finished: bool
    dialect: str


class FoundShapes(NamedTuple):
    """The shapes of an answer, which go by their places in `shapes`.

    `scenes` are by the hashes of their pictures, `colours` by label. `spans` lead from stretches of
    the answer's text to the shapes that they speak of. `dialects` are how else the coordinates could
    be meant, with their names, the one taken first; none where there is no doubt.
    """

    message_id: str
    state: State
    shapes: tuple[Shape, ...] = ()
    colours: Mapping[str, int] = {}
    scenes: Mapping[str, ShapeScene] = {}
    spans: Mapping[tuple[int, int], tuple[int, ...]] = {}
    dialects: Mapping[str, str] = {}

    def spans_of(self, numbers: Iterable[int]) -> set[tuple[int, int]]:
        """The stretches of text that speak of some shapes."""
        return {span for number in numbers for span in self.shapes[number].spans}

    def summary(self, sha256: str = "") -> list[tuple[str, dict[str, str]]]:
        """The shapes in a few sentences: templates and their facts. Only those of one picture, where
        one is named."""
        from app.grounding import spoken  # loaded by whoever read the answer

        told = [shape for shape in self.shapes if not sha256 or shape.original == sha256]
        notes = spoken.summary(told) if len(told) <= MOST_SPOKEN else ()
        return [(note.what, note.facts) for note in notes]


def state_of(message: Message, dialect: str) -> State:
    """What a reading of an answer as it is now depends on."""
    return State(len(message.text), message.status.finished, dialect)


def read_shapes(message: Message, dialect: str, sizes: Mapping[str, tuple[int, int]]) -> FoundShapes:
    """Read an answer in a dialect or, where that finds nothing in it, as it seems to be written.

    `sizes` are those of the originals by hash, as far as they are known.
    """
    # Loaded here, in the thread that reads, as it takes longer than a frame.
    from app.grounding import spoken as _spoken  # noqa: F401  the window's thread needs it next
    from app.grounding.dialects import DIALECTS, ambiguous, shapes_in

    found = FoundShapes(message.id, state_of(message, dialect))
    shapes = shapes_in(message, dialect, sizes) if dialect in DIALECTS else ()
    chosen = (dialect,) if shapes else ()
    shapes = shapes or shapes_in(message, "", sizes)
    if not shapes:
        return found
    colours = colours_of(shapes)
    pictures: dict[str, list[tuple[int, Shape]]] = {}
    spans: dict[tuple[int, int], list[int]] = {}
    for number, shape in enumerate(shapes):
        pictures.setdefault(shape.original, []).append((number, shape))
        for span in shape.spans:
            spans.setdefault(span, []).append(number)
    return found._replace(
        shapes=shapes,
        colours=colours,
        scenes={sha256: ShapeScene(numbered, colours) for sha256, numbered in pictures.items()},
        spans={span: tuple(numbers) for span, numbers in spans.items()},
        dialects={name: DIALECTS[name].name for name in (*chosen, *ambiguous(message))},
    )


def region_of(shape: Shape) -> Region:
    """What to ask about: a polygon as it is, a point, and a box round anything else."""
    box = shape.pixels
    corners = (Point(box.left, box.top), Point(box.right, box.bottom))
    points = {ShapeKind.POINT: corners[:1], ShapeKind.POLYGON: shape.points}.get(shape.kind, corners)
    kind = KINDS.get(shape.kind, RegionKind.RECTANGLE)
    return Region(id=secrets.token_hex(4), kind=kind, points=points, name=shape.label)
