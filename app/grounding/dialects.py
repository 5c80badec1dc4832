"""The shapes in an answer, whichever way its model writes them.

`DIALECTS` is what is read. Who speaks which is known of some models (`app.grounding.models`); codes
and tags tell it by themselves; for JSON it is worked out (`app.grounding.choosing`) or chosen by the
user. Which picture an answer speaks of, `app.grounding.views` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from app.domain.message import Message, RunCard, Status
from app.domain.shape import Shape
from app.grounding import florence, glm, json_places, kosmos, molmo, nemotron, paligemma, tagged
from app.grounding.choosing import UNITS, Choice, Laid, chosen, has_open_boxes
from app.grounding.fences import in_prose
from app.grounding.found import MOST_SHAPES, Found
from app.grounding.frames import Frame, units
from app.grounding.json_objects import OPEN_BOXES, Written, may_hold_places, objects
from app.grounding.json_places import Way
from app.grounding.laying import Layer
from app.grounding.marks import BARE
from app.grounding.masks import Masks
from app.grounding.mentions import Mentions
from app.grounding.models import dialect_of
from app.grounding.spans import said
from app.grounding.views import Sizes, Views

Reader = Callable[..., Iterator[Found]]
"""Takes the text, and as `whole` whether it will not grow; yields what it finds in its order."""


_PLAIN = Way()
_GEMINI = Way(json_places.GEMINI)
_COCO = Way(sized=OPEN_BOXES)
_XY = frozenset({"moondream", "molmo"})
"""The dialects in which x and y are the names for a point."""


class Dialect(NamedTuple):
    """A way to write places: what it is called, in which units it counts, and how it is read.

    `mark` is what every text of it holds that `read` takes. `way` is how objects of JSON are read, None
    for a dialect without such objects.
    """

    name: str
    frame: Frame
    read: Reader | None = None
    mark: str = ""
    way: Way | None = None


def _json(name: str, dialect: str, way: Way = _PLAIN) -> Dialect:
    return Dialect(name, UNITS[dialect], way=way)


DIALECTS: dict[str, Dialect] = {
    "paligemma": Dialect("PaliGemma, location codes", units(paligemma.STEPS), paligemma.found, "<loc"),
    "qwen2.5-vl": _json("Qwen2.5-VL, pixels as the model resizes", "qwen2.5-vl"),
    "qwen3-vl": _json("Qwen3-VL, thousandths", "qwen3-vl"),
    "glm-v": _json("GLM-V, thousandths", "glm-v")._replace(read=glm.found, mark="["),
    "gemini": _json("Gemini, thousandths with y first", "gemini", _GEMINI),
    "moondream": _json("Moondream, fractions", "moondream"),
    "pixels": _json("JSON, pixels of the picture as sent", "pixels"),
    "coco": _json("COCO, pixels with width and height", "coco", _COCO),
    "coco-thousandths": _json("COCO, thousandths with width and height", "coco-thousandths", _COCO),
    "coco-fractions": _json("COCO, fractions with width and height", "coco-fractions", _COCO),
    "fractions": _json("JSON, fractions", "fractions"),
    "qwen2-vl": Dialect("Qwen2-VL, box tags", units(1000), tagged.reader(tagged.QWEN2), "_start|>"),
    "internvl": Dialect("InternVL, box tags", units(1000), tagged.reader(tagged.INTERNVL), "<box>"),
    "deepseek-vl2": Dialect("DeepSeek-VL2, det tags", units(999), tagged.reader(tagged.DEEPSEEK), "<|det|>"),
    "molmo": Dialect("Molmo, points", units(molmo.UNITS), molmo.found_bare),
    "florence-2": Dialect("Florence-2, location codes", units(florence.STEPS), florence.found, "<loc_"),
    "kosmos-2": Dialect("Kosmos-2, patches", units(kosmos.CELLS), kosmos.found, "<patch_index_"),
    "nemotron-parse": Dialect("Nemotron Parse, pieces of a page", units(1), nemotron.found, "<x_"),
}
"""What can be read, by the names under which a conversation keeps its choice."""

_BESIDE = units(1)
_TELLTALES: dict[str, Dialect] = {
    **{id_: each for id_, each in DIALECTS.items() if each.read and each.mark and each.way is None},
    "molmo": DIALECTS["molmo"]._replace(read=molmo.found, mark="<point"),
    "glm-v": DIALECTS["glm-v"]._replace(read=glm.found_marked, mark=glm.MARK),
}
"""What says by its looks alone which dialect it is."""


class Reading(NamedTuple):
    """What one reading of an answer found.

    `shapes` are what it points at, in its order, at most MOST_SHAPES. `ambiguous` are the dialects
    between which its text cannot decide, the one that would be taken first; empty where there is no
    doubt, and where it would make no difference. `dialect` is the one in which most was read, empty
    where nothing was or where it came beside the text. `unnamed` is how many of the shapes lie on a
    picture because nothing says on which of several, and `subject` the hash of that one; empty for none.
    `bare` is the dialect of which places without tags were looked for, too; empty for none.
    """

    shapes: tuple[Shape, ...] = ()
    ambiguous: tuple[str, ...] = ()
    dialect: str = ""
    unnamed: int = 0
    subject: str = ""
    bare: str = ""


class _Places(NamedTuple):
    """Places in the order of the text, each with the units it counts in, and the main dialect; `bare` as
    in a Reading."""

    found: list[tuple[Found, Frame]]
    dialect: str = ""
    bare: str = ""


def read(message: Message, dialect: str = "", sizes: Sizes | None = None, subject: str = "") -> Reading:
    """Read an answer once for all there is to know of its places; also while it grows.

    `dialect` is one of DIALECTS, read as far as it finds anything; where it does not, and where it is
    empty, it is found out how the answer is written. `sizes` are those of originals by hash: only
    where a picture went in parts alone are they needed, for the fractions. `subject` is the hash of the
    picture that places are on which name none; the last one where it did not go along.
    """
    run = message.run
    if run is None or not run.prepared:
        return Reading()
    views = Views(run.prepared, sizes or {}, subject)
    answer = _Answer(message, run, views)
    places = answer.chosen(dialect) if dialect in DIALECTS else _Places([])
    if not places.found:
        places = answer.found_out()
    laid = [*_shapes(answer.text, places.found, views)] if places.found else []
    shapes, unnamed = tuple(shape for shape, _ in laid), sum(is_open for _, is_open in laid)
    about = views.default.prepared.original if unnamed else ""
    dialect = places.dialect if shapes else ""
    return Reading(shapes, answer.ambiguous, dialect, unnamed, about, places.bare)


def shapes_in(message: Message, dialect: str = "", sizes: Sizes | None = None) -> tuple[Shape, ...]:
    """What an answer points at; in a dialect of DIALECTS, nothing that is written in another one."""
    reading = read(message, dialect, sizes)
    beside = message.run is not None and message.run.entities
    return reading.shapes if beside or dialect not in DIALECTS or reading.dialect == dialect else ()


def ambiguous(message: Message) -> tuple[str, ...]:
    """The dialects between which the text of an answer cannot decide, as a Reading has them."""
    return read(message).ambiguous


class _Answer:
    """The text of one answer, of which the objects of JSON are read once."""

    def __init__(self, message: Message, run: RunCard, views: Views) -> None:
        self.text = message.text
        self._whole = message.status is Status.DONE and run.finish_reason != "length"
        self._model = dialect_of(run.model)
        self._views = views
        self._beside = [*islice(kosmos.found_beside(run.entities), MOST_SHAPES)] if run.entities else []

    @cached_property
    def _written(self) -> list[Written]:
        return objects(self.text) if may_hold_places(self.text) else []

    @cached_property
    def _choice(self) -> tuple[Choice, list[Found]]:
        """How objects of JSON seem to be meant, and their places in it."""
        model, written = self._model, self._written
        if not model:
            written = in_prose(self.text, written)
        way = Way(sides=bool(model), points=model in _XY, charts=False)
        places = _json_places(written, way)
        sized = places
        if has_open_boxes(written):
            sized = _json_places(written, way._replace(sized=OPEN_BOXES))
        laid = _laid(self.text, places, self._views)
        unlike = _laid(self.text, sized, self._views) if sized != places else ()
        choice = chosen(written, laid, model, unlike)
        if DIALECTS[choice.dialect].way is _COCO:
            places = sized
        elif "gemini" in (choice.dialect, model):
            places = _json_places(written, way._replace(y_first=json_places.GEMINI))
        elif not model and choice.dialect == "fractions":
            places = _json_places(written, way._replace(y_first=json_places.UNKNOWN))
        return choice, places

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Between which dialects of JSON the text leaves the choice."""
        if self._beside or not self._written:
            return ()
        choice, places = self._choice
        return choice.possible if places and len(choice.possible) > 1 else ()

    def chosen(self, dialect: str) -> _Places:
        """What is written in a dialect of DIALECTS."""
        if self._beside:
            return self.found_out()
        one = DIALECTS[dialect]
        found: list[tuple[Found, Frame]] = []
        if one.way is not None and self._written:
            found = [(each, one.frame) for each in _json_places(self._written, one.way)]
        return _Places(found, dialect) if found else self._apart(dialect)

    def _apart(self, dialect: str) -> _Places:
        """What is written in a dialect of DIALECTS without objects of JSON."""
        one = DIALECTS[dialect]
        if one.mark not in self.text:
            return _Places([], dialect)
        return _Places(_found(self.text, [one], self._whole), dialect, dialect if dialect in BARE else "")

    def found_out(self) -> _Places:
        """What is written in any dialect."""
        if self._beside:
            return _Places([(each, _BESIDE) for each in self._beside])
        telling = {id_: each for id_, each in _TELLTALES.items() if each.mark in self.text}
        if self._model == "molmo":
            telling["molmo"] = DIALECTS["molmo"]
        found = _found(self.text, telling.values(), self._whole)
        dialect = next((id_ for id_, each in telling.items() if found and each.frame is found[0][1]), "")
        choice, places = self._choice if self._written else (Choice(""), [])
        if places:
            frame = UNITS[choice.dialect]
            found += [(each, frame) for each in places]
            found.sort(key=lambda each: each[0].start)
            dialect = choice.dialect
        elif not found and self._model == "glm-v":
            return self._apart(self._model)
        return _Places(found[:MOST_SHAPES], dialect, "molmo" if self._model == "molmo" else "")


def _laid(text: str, places: list[Found], views: Views) -> list[Laid]:
    """The places by the pictures that they are laid on."""
    if not views.several or not places:
        return [Laid(places, views.default.prepared)]
    mentions = Mentions(text, places)
    on: dict[int | None, list[Found]] = {}
    for each in places:
        on.setdefault(mentions.about(each), []).append(each)
    return [Laid(those, views.number(number).prepared) for number, those in on.items()]


def _json_places(written: list[Written], way: Way) -> list[Found]:
    return [*islice(json_places.places(written, way), MOST_SHAPES)]


def _found(text: str, dialects: Iterable[Dialect], whole: bool) -> list[tuple[Found, Frame]]:
    found = [
        (each, dialect.frame)
        for dialect in dialects
        if dialect.read is not None
        for each in islice(dialect.read(text, whole=whole), MOST_SHAPES)
    ]
    return sorted(found, key=lambda each: each[0].start)[:MOST_SHAPES]


def _shapes(text: str, found: list[tuple[Found, Frame]], views: Views) -> Iterator[tuple[Shape, bool]]:
    """The shapes, and of each whether nothing says on which picture it is."""
    written = [(each.start, each.end) for each, _ in found]
    tags = [each.said for each, _ in found if each.said is not None]
    labels = dict.fromkeys(each.label for each, _ in found if each.label)
    spoken = said(text, labels, [*written, *tags])
    mentions = Mentions(text, (each for each, _ in found)) if views.several else None
    layers: dict[tuple[int | None, Frame], Layer] = {}
    masks = Masks()
    for each, frame in found:
        number = each.picture if mentions is None else mentions.about(each)
        layer = layers.get((number, frame))
        if layer is None:
            sent = views.number(number)
            layer = layers[number, frame] = Layer(sent, frame(sent.prepared))
        shape = layer.shape(each, _spans(each, spoken), masks)
        if shape is not None:
            yield shape, views.leaves_open(number)


def _spans(each: Found, spoken: dict[str, tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    """Where it is written, where its name stands beside it, and where that is said."""
    own = ((each.start, each.end),) if each.start < each.end else ()
    beside = (each.said,) if each.said is not None and not _within(each.said, own) else ()
    return (*own, *beside, *spoken.get(each.label, ()))


def _within(span: tuple[int, int], spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
