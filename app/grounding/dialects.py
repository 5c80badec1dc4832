"""The shapes in an answer, whichever way its model writes them.

`DIALECTS` is what is read. Who speaks which is known of some models (`app.grounding.models`); codes
and tags tell it by themselves; for JSON it is worked out (`app.grounding.choosing`) or chosen by the
user. Which picture an answer speaks of, `app.grounding.views` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from app.domain.message import Message, Status
from app.domain.picture import Prepared
from app.domain.shape import Shape
from app.grounding import florence, json_places, kosmos, molmo, nemotron, paligemma, tagged
from app.grounding.choosing import UNITS, Choice, chosen
from app.grounding.found import MOST_SHAPES, Found
from app.grounding.frames import Frame, units
from app.grounding.json_objects import may_hold_places, objects
from app.grounding.laying import Layer
from app.grounding.masks import Masks
from app.grounding.models import dialect_of
from app.grounding.spans import said
from app.grounding.views import Mentions, Sizes, Views

Reader = Callable[..., Iterator[Found]]
"""Takes the text, and as `whole` whether it will not grow; yields what it finds in its order."""


class Dialect(NamedTuple):
    """A way to write places: what it is called, how it is read, and in which units it counts.

    `mark` is what every text of it holds.
    """

    name: str
    read: Reader
    frame: Frame
    mark: str = "{"


DIALECTS: dict[str, Dialect] = {
    "paligemma": Dialect("PaliGemma, location codes", paligemma.found, units(paligemma.STEPS), "<loc"),
    "qwen2.5-vl": Dialect("Qwen2.5-VL, pixels as the model resizes", json_places.found, UNITS["qwen2.5-vl"]),
    "qwen3-vl": Dialect("Qwen3-VL, thousandths", json_places.found, UNITS["qwen3-vl"]),
    "glm-v": Dialect("GLM-V, thousandths", json_places.found, UNITS["glm-v"]),
    "gemini": Dialect("Gemini, thousandths with y first", json_places.found_y_first, UNITS["gemini"]),
    "moondream": Dialect("Moondream, fractions", json_places.found, UNITS["moondream"]),
    "pixels": Dialect("JSON, pixels of the picture as sent", json_places.found, UNITS["pixels"]),
    "fractions": Dialect("JSON, fractions", json_places.found, UNITS["fractions"]),
    "qwen2-vl": Dialect("Qwen2-VL, box tags", tagged.reader(tagged.QWEN2), units(1000), "_start|>"),
    "internvl": Dialect("InternVL, box tags", tagged.reader(tagged.INTERNVL), units(1000), "<box>"),
    "deepseek-vl2": Dialect("DeepSeek-VL2, det tags", tagged.reader(tagged.DEEPSEEK), units(999), "<|det|>"),
    "molmo": Dialect("Molmo, points", molmo.found_bare, units(molmo.UNITS), ""),
    "florence-2": Dialect("Florence-2, location codes", florence.found, units(florence.STEPS), "<loc_"),
    "kosmos-2": Dialect("Kosmos-2, patches", kosmos.found, units(kosmos.CELLS), "<patch_index_"),
    "nemotron-parse": Dialect("Nemotron Parse, pieces of a page", nemotron.found, units(1), "<x_"),
}
"""What can be read, by the names under which a conversation keeps its choice."""

_BESIDE = units(1)
_TELLTALES: dict[str, Dialect] = {
    **{id_: each for id_, each in DIALECTS.items() if each.mark not in ("", "{")},
    "molmo": DIALECTS["molmo"]._replace(read=molmo.found, mark="<point"),
}
"""What says by its looks alone which dialect it is."""


class _Reading(NamedTuple):
    """What was found, each with the units it counts in, and how JSON could be meant."""

    found: list[tuple[Found, Frame]]
    possible: tuple[str, ...] = ()


def shapes_in(message: Message, dialect: str = "", sizes: Sizes | None = None) -> tuple[Shape, ...]:
    """What an answer points at, in its order, at most MOST_SHAPES; also while the answer grows.

    `dialect` is one of DIALECTS, or empty to find out. `sizes` are those of originals by hash: only
    where a picture went in parts alone are they needed, for the fractions.
    """
    run = message.run
    if run is None or not run.prepared:
        return ()
    text = message.text
    views = Views(run.prepared, sizes or {})
    reading = _read(message, text, dialect, views.default.prepared)
    if not reading.found:
        return ()
    return tuple(_shapes(text, reading.found, views))


def ambiguous(message: Message) -> tuple[str, ...]:
    """The dialects between which the text of an answer cannot decide, the one taken first.

    Empty where there is no doubt, and where it would make no difference.
    """
    run = message.run
    if run is None or not run.prepared:
        return ()
    possible = _read(message, message.text, "", Views(run.prepared, {}).default.prepared).possible
    return possible if len(possible) > 1 else ()


def _read(message: Message, text: str, dialect: str, prepared: Prepared) -> _Reading:
    run = message.run
    if run is None:
        return _Reading([])
    if run.entities and (beside := [*islice(kosmos.found_beside(run.entities), MOST_SHAPES)]):
        return _Reading([(each, _BESIDE) for each in beside])
    reason = run.finish_reason
    whole = message.status is Status.DONE and reason != "length"
    if one := DIALECTS.get(dialect):
        return _Reading(_found(text, [one], whole)) if one.mark in text else _Reading([])
    model = dialect_of(run.model)
    telling = [each for each in _TELLTALES.values() if each.mark in text]
    if model == "molmo":
        telling = [DIALECTS[model], *(each for each in telling if each.mark != "<point")]
    found = _found(text, telling, whole) if telling else []
    if not may_hold_places(text):
        return _Reading(found)
    choice, places = _of_json(text, model, prepared)
    if not places:
        return _Reading(found)
    frame = UNITS[choice.dialect]
    found += [(each, frame) for each in places]
    found.sort(key=lambda each: each[0].start)
    return _Reading(found[:MOST_SHAPES], choice.possible)


def _found(text: str, dialects: Iterable[Dialect], whole: bool) -> list[tuple[Found, Frame]]:
    found = [
        (each, dialect.frame)
        for dialect in dialects
        for each in islice(dialect.read(text, whole=whole), MOST_SHAPES)
    ]
    return sorted(found, key=lambda each: each[0].start)[:MOST_SHAPES]


def _of_json(text: str, model: str, prepared: Prepared) -> tuple[Choice, list[Found]]:
    written = objects(text)
    places = [*islice(json_places.places(written, y_first=frozenset()), MOST_SHAPES)]
    choice = chosen(written, places, model, prepared)
    y_first = json_places.GEMINI if "gemini" in (choice.dialect, model) else json_places.UNKNOWN
    if y_first is json_places.GEMINI or (not model and choice.dialect == "fractions"):
        places = [*islice(json_places.places(written, y_first=y_first), MOST_SHAPES)]
    return choice, places


def _shapes(text: str, found: list[tuple[Found, Frame]], views: Views) -> Iterator[Shape]:
    written = [(each.start, each.end) for each, _ in found]
    tags = [each.said for each, _ in found if each.said is not None]
    labels = dict.fromkeys(each.label for each, _ in found if each.label)
    spoken = said(text, labels, [*written, *tags])
    mentions = Mentions(text) if views.several else None
    layers: dict[tuple[int | None, Frame], Layer] = {}
    masks = Masks()
    for each, frame in found:
        number = each.picture
        if number is None and mentions is not None:
            number = mentions.before(each.end)
        layer = layers.get((number, frame))
        if layer is None:
            sent = views.number(number)
            layer = layers[number, frame] = Layer(sent, frame(sent.prepared))
        shape = layer.shape(each, _spans(each, spoken), masks)
        if shape is not None:
            yield shape


def _spans(each: Found, spoken: dict[str, tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    """Where it is written, where its name stands beside it, and where that is said."""
    own = ((each.start, each.end),) if each.start < each.end else ()
    beside = (each.said,) if each.said is not None and not _within(each.said, own) else ()
    return (*own, *beside, *spoken.get(each.label, ()))


def _within(span: tuple[int, int], spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
