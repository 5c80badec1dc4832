"""What an answer points at, read and made ready to be drawn. Any thread may call this."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.domain.geometry import Point
from app.domain.message import Message, Note
from app.domain.region import PictureChoices, Region, RegionKind
from app.domain.shape import Shape, ShapeKind
from ui import problems
from ui.controllers.conversation.entries import Pointing
from ui.panes.shapes.scene import ShapeScene, colours_of
from ui.signs import one_line
from ui.transcript.entry import Fold
from ui.transcript.spans import SpanMark, SpanMarks

NO_MARKS = SpanMarks()
KINDS = {ShapeKind.POINT: RegionKind.POINT, ShapeKind.POLYGON: RegionKind.LASSO}


class State(NamedTuple):
    """What a reading depends on: of an answer its length and whether it ended, and what was chosen: the
    dialect, and the picture that places are on which name none."""

    length: int
    finished: bool
    dialect: str
    subject: str


class FoundShapes(NamedTuple):
    """The shapes of an answer, which go by their places in `shapes`.

    `scenes` are by the hashes of their pictures, `colours` by label, and so are `groups`: the shapes
    of a label in reading order. `spans` lead from the keys of stretches of the answer's text, its
    `marks`, to the shapes that they speak of. `notes` say the shapes of a picture in sentences, and
    those of all for an empty hash. `dialects` are how else the coordinates could be meant, with their
    names, the one taken first; none where there is no doubt. `marked` says whether the answer holds
    marks of places, and `folds` from where to where it is nothing but places, with how many of what;
    none while it grows, and where it is not sure how its numbers are meant. `unnamed` is how many
    shapes are on the picture `subject` because the answer does not say on which of `pictures`. `bare` is
    the dialect of which places without tags were read, too.
    """

    message_id: str
    state: State
    shapes: tuple[Shape, ...] = ()
    colours: Mapping[str, int] = {}
    scenes: Mapping[str, ShapeScene] = {}
    groups: Mapping[str, tuple[int, ...]] = {}
    spans: Mapping[str, tuple[int, ...]] = {}
    marks: SpanMarks = NO_MARKS
    notes: Mapping[str, tuple[Note, ...]] = {}
    dialects: Mapping[str, str] = {}
    marked: bool = False
    folds: tuple[tuple[int, int, Note], ...] = ()
    unnamed: int = 0
    subject: str = ""
    pictures: tuple[str, ...] = ()
    bare: str = ""

    def keys_of(self, numbers: Iterable[int]) -> set[str]:
        """The keys of the stretches of text that speak of some shapes."""
        return {key_of(span) for number in numbers for span in self.shapes[number].spans}


def key_of(span: tuple[int, int]) -> str:
    """The key of a stretch of an answer's text."""
    return f"{span[0]}-{span[1]}"


def state_of(message: Message, choices: PictureChoices) -> State:
    """What a reading of an answer as it is now depends on."""
    subject = choices.subjects.get(message.id, "")
    return State(len(message.text), message.status.finished, choices.dialect, subject)


def read_shapes(
    message: Message, choices: PictureChoices, sizes: Mapping[str, tuple[int, int]]
) -> FoundShapes:
    """Read an answer in the dialect chosen or, where that finds nothing in it, as it seems to be written.

    `sizes` are those of the originals by hash, as far as they are known.
    """
    # Loaded here, in the thread that reads, as it takes longer than a frame.
    from app.grounding.dialects import DIALECTS, read
    from app.grounding.marks import has_marks
    from app.grounding.spoken import listed
    from app.grounding.wholly import stretches

    state = state_of(message, choices)
    found, dialect = FoundShapes(message.id, state), state.dialect
    reading = read(message, dialect, sizes, state.subject)
    found = found._replace(marked=has_marks(message.text, reading.bare), bare=reading.bare)
    if not reading.shapes:
        return found
    chosen = (dialect,) if dialect and reading.dialect == dialect else ()
    sure = bool(chosen) or not reading.ambiguous
    parts = stretches(message.text, reading.shapes) if sure and message.status.finished else ()
    views = message.run.prepared if message.run is not None else ()
    return _arranged(found._replace(shapes=reading.shapes))._replace(
        dialects={name: DIALECTS[name].name for name in (*chosen, *reading.ambiguous)},
        folds=tuple((start, end, listed(of)) for start, end, of in parts),
        unnamed=reading.unnamed,
        subject=reading.subject,
        pictures=tuple(dict.fromkeys(view.original for view in views)),
    )


def _arranged(found: FoundShapes) -> FoundShapes:
    """All that the window needs of the shapes, so that it has to work out nothing."""
    from app.grounding.spoken import reading_order, summary  # loaded where the answer is read

    shapes, colours = found.shapes, colours_of(found.shapes)
    pictures: dict[str, list[tuple[int, Shape]]] = {"": []}
    labels: dict[str, list[Shape]] = {}
    spans: dict[tuple[int, int], list[int]] = {}
    for number, shape in enumerate(shapes):
        pictures.setdefault(shape.original, []).append((number, shape))
        labels.setdefault(shape.label, []).append(shape)
        for span in shape.spans:
            spans.setdefault(span, []).append(number)
    numbers = {id(shape): number for number, shape in enumerate(shapes)}
    told = {sha256: [shape for _, shape in numbered] for sha256, numbered in pictures.items()} | {"": shapes}
    return found._replace(
        colours=colours,
        scenes={sha256: ShapeScene(numbered, colours) for sha256, numbered in pictures.items() if numbered},
        groups={
            label: tuple(numbers[id(shape)] for shape in reading_order(group))
            for label, group in labels.items()
        },
        spans={key_of(span): tuple(of) for span, of in spans.items()},
        marks=SpanMarks(
            SpanMark(*span, key_of(span), f"overlay_{colours[shapes[of[0]].label] + 1}")
            for span, of in spans.items()
        ),
        notes={sha256: summary(some) for sha256, some in told.items()},
    )


def called(sha256: str, pictures: Sequence[tuple[str, str]]) -> str:
    """A picture of a conversation by its place among all and its name; `pictures` are (sha256, name)."""
    names = dict(pictures)
    if sha256 not in names:
        return _tr("a picture that is not here")
    number = [*names].index(sha256) + 1
    return _tr("picture {number}, {name}").format(number=number, name=one_line(names[sha256]))


def remark_of(found: FoundShapes, pictures: Sequence[tuple[str, str]]) -> str:
    """What is to be said of a finished answer that does not say of each place on which picture it is."""
    if not (found.unnamed and found.state.finished):
        return ""
    words = _tr("No picture was named: shown on {picture}.")
    if found.unnamed < len(found.shapes):
        words = _tr("{count} places name no picture: shown on {picture}.")
        if found.unnamed == 1:
            words = _tr("1 place names no picture: shown on {picture}.")
    return words.format(count=found.unnamed, picture=called(found.subject, pictures))


def pointing_of(found: FoundShapes, remark: str) -> Pointing:
    """How an answer with shapes shows them, and the `remark` on it."""
    folds = [Fold(start, end, problems.translated(note.what, note.facts)) for start, end, note in found.folds]
    marked = found.marked and bool(found.shapes)
    return Pointing(len(found.shapes), marked, tuple(folds), remark=remark, bare=found.bare)


def _tr(text: str) -> str:
    return QCoreApplication.translate("FoundShapes", text)


def region_of(shape: Shape) -> Region:
    """What to ask about: a polygon as it is, a point, and a box round anything else."""
    box = shape.pixels
    corners = (Point(box.left, box.top), Point(box.right, box.bottom))
    points = {ShapeKind.POINT: corners[:1], ShapeKind.POLYGON: shape.points}.get(shape.kind, corners)
    kind = KINDS.get(shape.kind, RegionKind.RECTANGLE)
    return Region(id=secrets.token_hex(4), kind=kind, points=points, name=shape.label)
