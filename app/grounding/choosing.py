"""In which units JSON means its numbers, where that has to be found out.

The same `bbox_2d` counts pixels for one model and thousandths for another. A model that is known
decides, unless its numbers cannot be meant so; of an unknown one, those ways are left in which all
numbers lie in the pictures that they are laid on. Where none exceeds 1, whole pictures in fractions are
likelier than corners of a pixel or two. Nor does a `bbox` tell whether its four numbers are two corners, or
a corner with a width and a height, as COCO has it. For COCO speak its own names, boxes that would end before
they begin as two corners, and that the model is unknown: one of these offers it, and two decide. COCO counts
pixels; models write it in fractions too, where no number exceeds 1, and in thousandths: those are taken
where the model counts so, or where the boxes would reach out of the picture in pixels, and elsewhere they are
offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from app.domain.picture import Prepared
from app.grounding.found import Found
from app.grounding.frames import Frame, resized_pixels, sent_pixels, units
from app.grounding.json_objects import COCO, OPEN_BOXES, Written
from app.grounding.json_places import crossed, names_of

UNITS: dict[str, Frame] = {
    "qwen2.5-vl": resized_pixels,
    "pixels": sent_pixels,
    "coco": sent_pixels,
    "coco-thousandths": units(1000),
    "coco-fractions": units(1),
    "qwen3-vl": units(1000),
    "glm-v": units(1000),
    "gemini": units(1000),
    "moondream": units(1),
    "fractions": units(1),
}
"""The dialects that are written as JSON."""

_AS_JSON = {"internvl": "qwen3-vl", "qwen2-vl": "qwen3-vl"}
_FRACTIONS = ("fractions", "moondream")
_SIZED: tuple[tuple[str, ...], ...] = (("coco", "coco-thousandths"), ("coco-fractions",))
"""The dialects in which a box is a corner with its width and height: in numbers over 1, and in fractions."""
_THOUSANDTHS = ("qwen3-vl", "glm-v", "gemini")
_TWO = frozenset({"bbox_2d", "point_2d"})
_MARKS = "annotations"
"""The name below which a document of COCO has its marks."""
_SLACK = 1.02
_SLACKENED = ("pixels", "qwen2.5-vl", *chain(*_SIZED))
"""The dialects whose numbers may reach out of a picture by _SLACK: they are rounded, or added up."""
_SAME = 0.01
_FEW_PIXELS = 4


class Choice(NamedTuple):
    """The dialect taken, and all that could be meant, the one taken first."""

    dialect: str
    possible: tuple[str, ...] = ()


class Laid(NamedTuple):
    """Places, x first, and what was sent that they are laid on."""

    places: Sequence[Found]
    prepared: Prepared


def chosen(
    written: Sequence[Written], laid: Sequence[Laid], model: str, sized: Sequence[Laid] = ()
) -> Choice:
    """How the objects of an answer are meant, which tell of the places in `laid`: at least one item.

    `model` is the dialect that the model is known to write, empty for an unknown model. `sized` are the
    places as COCO writes them, where they can be meant so.
    """
    choice = _chosen(written, laid, model)
    ways = _SIZED[choice.dialect in _FRACTIONS]
    if choice.dialect in _THOUSANDTHS:
        ways = ways[::-1]
    if not sized or not (ways := _unlike(_possible(ways, sized), sized)):
        return choice
    told = COCO in names_of(written) or any(each.under == _MARKS for each in written)
    signs = (told, crossed(written), not model).count(True)
    if signs > 1:
        return Choice(ways[0], (*ways, *choice.possible))
    return choice._replace(possible=(*choice.possible, *ways)) if signs else choice


def has_open_boxes(written: Sequence[Written]) -> bool:
    """Whether there are boxes of which the names do not tell what their numbers are."""
    return not OPEN_BOXES.isdisjoint(names_of(written))


def _chosen(written: Sequence[Written], laid: Sequence[Laid], model: str) -> Choice:
    places = [place for each in laid for place in each.places]
    ways: tuple[str, ...]
    names = names_of(written)
    most = max((max(place.numbers) for place in places), default=0)
    if most <= 1 and any(not number.is_integer() for place in places for number in place.numbers):
        return _sure("moondream" if "x_min" in names or model == "moondream" else "fractions")
    side = min(min(each.prepared.width, each.prepared.height) for each in laid)
    if most <= 1 and not model and side > _FEW_PIXELS:
        ways = ("fractions", "gemini") if "box_2d" in names else ("fractions", "pixels")
        return Choice(ways[0], _unlike(ways, laid))
    model = _AS_JSON.get(model, model)
    if model in UNITS:
        ways = (model,) if model == "gemini" else (model, "pixels")
        return _sure((*_possible(ways, laid), model)[0])
    if "box_2d" in names:
        return _sure("gemini")
    ways = ("qwen3-vl", "qwen2.5-vl", "pixels") if names & _TWO else ("pixels", "qwen3-vl")
    possible = _possible(ways, laid) or ways[-1:]
    if "point" in names and "qwen3-vl" in possible:
        possible = (*possible, "gemini")
    return Choice(possible[0], _unlike(possible, laid))


def _sure(dialect: str) -> Choice:
    return Choice(dialect, (dialect,))


def _possible(ways: Sequence[str], laid: Sequence[Laid]) -> tuple[str, ...]:
    """Those ways in which every number lies in its picture."""
    fitting = list(ways)
    for places, prepared in laid:
        right = max((max(place.numbers[::2]) for place in places), default=0)
        bottom = max((max(place.numbers[1::2]) for place in places), default=0)
        for way in tuple(fitting):
            across, down = UNITS[way](prepared)
            slack = _SLACK if way in _SLACKENED else 1.0
            if right > across * slack or bottom > down * slack:
                fitting.remove(way)
    return tuple(fitting)


def _unlike(ways: Sequence[str], laid: Sequence[Laid]) -> tuple[str, ...]:
    """The first way, and each that puts places elsewhere than those before it."""
    unlike: list[str] = []
    for way in ways:
        if way == "gemini" or not any(_same(way, other, laid) for other in unlike):
            unlike.append(way)
    return tuple(unlike)


def _same(way: str, other: str, laid: Sequence[Laid]) -> bool:
    """Whether places lie nearly at the same pixels both ways, on each picture."""
    for _, prepared in laid:
        (across, down), (wide, high) = UNITS[way](prepared), UNITS[other](prepared)
        if abs(wide / across - 1) >= _SAME or abs(high / down - 1) >= _SAME:
            return False
    return True
