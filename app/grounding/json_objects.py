"""Objects of JSON in an answer, read the way models write them and as far as they have come.

Not a parser of JSON: prose may stand around it, fences may be open, an array cut off, commas one too
many, quotes single or missing around names. What counts is each object that is closed; what encloses
it need not be. Only names that can tell of a place are kept. Reading takes time in proportion to the
text, whatever it holds.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from typing import Any, NamedTuple, TypeGuard

from app.grounding.found import MOST_SHAPES

Value = str | float | list[list[list[float]]]
"""A text, a number, or groups of lists of numbers: one group for each list of lists."""

MOST_TOKENS = 100_000
"""Braces, names and lists that are looked at in one text."""
_MOST_NUMBERS = 4_000

LABELS = (
    "label",
    "name",
    "text_content",
    "class",
    "category",
    "object",
    "text",
    "caption",
    "phrase",
    "title",
    "description",
    "action",
)
PICTURES = ("image", "picture", "photo", "image_index", "picture_index", "image_number", "image_id")
SCORES = ("score", "confidence", "probability")
COCO = "category_id"
"""The name that marks of COCO have, and that is in no other way of writing places."""
CORNERS = (
    ("x1", "y1", "x2", "y2"),
    ("x_min", "y_min", "x_max", "y_max"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("left", "top", "right", "bottom"),
)
SIZED = (("x", "y", "width", "height"), ("x", "y", "w", "h"), ("left", "top", "width", "height"))
BOXES = frozenset(
    {"bbox_2d", "box_2d", "bbox", "box", "bounding_box", "boundingbox", "bbox_xyxy", "xyxy"}
    | {"boxes", "bboxes", "bounding_boxes"}
)
CORNERED = "bbox_xyxy"
OPEN_BOXES = BOXES - {"bbox_2d", "box_2d", CORNERED, "xyxy"}
"""The names that do not tell whether a box is two corners, or a corner with its width and height."""
SIZED_BOXES = frozenset({"bbox_xywh", "box_xywh", "xywh"})
POINTS = frozenset({"point_2d", "point", "points", "coordinate", "coordinates"})
POLYGONS = frozenset({"polygon", "polygons", "segmentation", "vertices", "mask"})
_PLACES = BOXES | SIZED_BOXES | POINTS | POLYGONS
_ONE = _PLACES - {"boxes", "bboxes", "bounding_boxes", "points"}
_SIDES = frozenset(name for names in (*CORNERS, *SIZED) for name in names)
_EVERYDAY = frozenset({"axes", "axis", "bars", "bins", "dataset", "ticks"})
CHARTS = _EVERYDAY | frozenset(
    {"series", "datasets", "histogram", "chart_type", "charttype", "axis_labels", "xticks", "yticks"}
    | {"x_axis", "y_axis", "xaxis", "yaxis", "x_label", "y_label", "xlabel", "ylabel"}
    | {"x_title", "y_title", "xlim", "ylim"}
)
"""The names that the data of charts have around them, where what they name is no place itself. Other things
are called by the everyday ones, too: of those it takes two."""
CHARTED = frozenset({"points", "coordinates"})
"""The names of lists in which charts have numbers, too."""
PLACE_NAMES = _PLACES | _SIDES | frozenset((*LABELS, *PICTURES, *SCORES, COCO))
"""The names that can tell of a place, or go with one."""
_TELLING = _PLACES | {"x1", "x_min", "xmin", "left", "x"}

_TOKEN = re.compile(
    r"""(?:["'](?P<key>[^"'\\\n]{1,40})["']|(?<![\w"'])(?P<bare>[A-Za-z_]\w{0,39}))\s*+:\s*+(?:"""
    r"""\[(?P<numbers>(?:[-+\d.eE,\s]++|"[-+\d.eE]++"|'[-+\d.eE]++')++)\]"""
    r"""|"(?P<text>(?:[^"\\\n]|\\[\s\S])*+)(?P<closed>"?)"""
    r"""|'(?P<quoted>(?:[^'\\\n]|\\[\s\S]|'(?!\s*+[:,}\]]))*+)(?P<ended>'?)"""
    r"""|(?P<number>[-+]?\d[\d.eE+-]{0,40}+)"""
    r""")?+"""
    r"""|"(?:[^"\\\n]|\\[\s\S])*+"?"""
    r"""|'(?:[^'\\\n]|\\[\s\S]|'(?!\s*+[:,}\]]))*+'?"""
    r"""|\[(?P<loose>(?:[-+\d.eE,\s]++|"[-+\d.eE]++"|'[-+\d.eE]++')++)\]"""
    r"""|(?P<bracket>[{}\[\]])"""
)
_FLAT = re.compile(r'\{\s*+"[^{}]*+\}')
_FLOATS = {float}
_WRITTEN = re.compile(r"\s*+[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d{1,3})?\s*+")
_QUOTES = str.maketrans("", "", "\"'")
_decoder = json.JSONDecoder(parse_int=float, parse_constant=lambda name: None, strict=False)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt\']))')
_HINTS: tuple[str, ...] = (
    "box",
    "Box",
    "oint",
    "xy",
    "mask",
    "olygon",
    "x1",
    "min",
    "left",
    "segmentation",
    "vertices",
)
_HINTS += ("coordinate", '"x"', "'x'", "x:")


class Written(NamedTuple):
    """A closed object from character `start` to before `end`, below the name `under` of another.

    `charted`: the names in the outermost object around it are those of a chart, as CHARTS has them.
    """

    start: int
    end: int
    values: dict[str, Value]
    under: str
    charted: bool = False


class _Open:
    """An object whose end has not come. `key` is the name read last, and `charts` are those of CHARTS."""

    __slots__ = ("charts", "end", "key", "start", "tells", "under", "values")

    def __init__(self, start: int, under: str) -> None:
        self.start = start
        self.end = start
        self.under = under
        self.key = ""
        self.tells = False
        self.charts: tuple[str, ...] = ()
        self.values: dict[str, Value] = {}


def may_hold_places(text: str) -> bool:
    """Whether there can be an object that tells of a place; a quick look."""
    return "{" in text and any(hint in text for hint in _HINTS)


def objects(text: str) -> list[Written]:
    """The closed objects that tell of places, in the order of their ends."""
    written: list[Written] = []
    left = MOST_TOKENS
    at = text.find("{")
    while at >= 0 and left > 0 and len(written) < MOST_SHAPES:
        flat, before = _flat(text, at, ""), len(written)
        if flat is None:
            end, seen, charts = _read(text, at, left, written)
            if _is_chart(charts):
                written[before:] = [each._replace(charted=True) for each in written[before:]]
        else:
            end, seen = flat.end, 1
            _close([flat], end, written)
        left -= seen
        at = text.find("{", end)
    return written


def _is_chart(names: Collection[str]) -> bool:
    """Whether different names of CHARTS are those of a chart."""
    return len(names) > 1 or not _EVERYDAY.issuperset(names)


def _read(text: str, start: int, most: int, written: list[Written]) -> tuple[int, int, set[str]]:
    """Read the outermost object that begins at `start`; returns where it ends, the tokens seen, and the
    names of CHARTS in it."""
    stack: list[_Open] = []
    charts: set[str] = set()
    seen, at = 0, start
    while seen < most and len(written) < MOST_SHAPES and (token := _TOKEN.search(text, at)):
        seen += 1
        at = token.end()
        kind = token.lastgroup
        if kind == "bracket":
            sign = token[0]
            if sign == "{":
                under = stack[-1].key if stack else ""
                flat = _flat(text, token.start(), under)
                stack.append(flat or _Open(token.start(), under))
                at = flat.end if flat else at
            if sign == "[" and stack[-1].key in CHARTS:
                charts.add(stack[-1].key)
            if sign == "}" or (sign == "{" and flat):
                charts.update(_close(stack, at, written))
                if not stack:
                    return at, seen, charts
            elif sign != "{" and stack[-1].key in _PLACES:
                _new_group(stack[-1])
        elif kind == "loose":
            if stack[-1].key in _PLACES:
                _add_list(stack[-1], token["loose"])
        elif kind is not None:  # else a text that nobody asked for
            _take(stack[-1], token, kind)
    return len(text), seen, charts


def _flat(text: str, start: int, under: str) -> _Open | None:
    """The object that begins at `start`, read at once where it is proper JSON with no other inside."""
    braces = _FLAT.match(text, start)
    if braces is None:
        return None
    end = braces.end()
    if end - start > 4 * _MOST_NUMBERS and text.count(",", start, end) > 2 * _MOST_NUMBERS:
        return None
    try:
        values, read = _decoder.raw_decode(braces[0])
    except (ValueError, RecursionError):
        return None
    if read < end - start:
        return None
    flat = _Open(start, under)
    flat.end = end
    for name, value in values.items():
        key = name.lower()
        if key in CHARTS:
            flat.charts += (key,)
        if key in PLACE_NAMES:
            flat.tells = flat.tells or key in _TELLING
            if isinstance(value, list):
                if key in _PLACES:
                    flat.values[key] = _grouped(value)
            elif isinstance(value, str | float):
                flat.values[key] = value
    return flat


def _grouped(listed: list[Any]) -> list[list[list[float]]]:
    """Lists of numbers by the lists that hold them; what holds anything else is left out."""
    if numbers := _numbers(listed):
        return [[numbers]]
    if group := [numbers for each in listed if (numbers := _numbers(each))]:
        return [group]
    groups = [each for each in listed if isinstance(each, list)]
    return [[numbers for each in group if (numbers := _numbers(each))] for group in groups]


def _numbers(listed: Any) -> list[float]:
    """The numbers of a list, also where they are written as texts; none where it holds anything else."""
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_NUMBERS:
        return []
    kinds = set(map(type, listed))
    if str in kinds and all(isinstance(each, float) or _is_number(each) for each in listed):
        listed = [*map(float, listed)]
    elif kinds != _FLOATS:
        return []
    return listed if math.isfinite(sum(map(abs, listed))) else []


def _is_number(written: Any) -> TypeGuard[str]:
    return isinstance(written, str) and _WRITTEN.fullmatch(written) is not None


def _take(owner: _Open, token: re.Match[str], kind: str) -> None:
    """Keep a name with what stands beside it."""
    key = owner.key = (token["key"] or token["bare"]).lower()
    if key not in PLACE_NAMES:
        if key in CHARTS and kind not in ("key", "bare"):
            owner.charts += (key,)
        return
    if key in _TELLING:
        owner.tells = True
    if kind == "numbers":
        owner.values.pop(key, None)
        if key in _PLACES:
            _add_list(owner, token["numbers"])
        return
    value: Value | None = None
    if kind == "closed" and token["closed"]:
        value = _unescaped(token["text"])
    elif kind == "ended" and token["ended"]:
        value = _unescaped(token["quoted"])
    elif kind == "number":
        value = _number(token["number"])
    if value is None:
        owner.values.pop(key, None)
    else:
        owner.values[key] = value


def _close(stack: list[_Open], end: int, written: list[Written]) -> tuple[str, ...]:
    """An object is whole: it tells of a place itself, or is the place that its owner's name wants. Returns
    the names of CHARTS that it has, or is below."""
    closed = stack.pop()
    charts = closed.charts
    if closed.under in CHARTS and not _is_place(closed.values):
        charts += (closed.under,)
    if not closed.tells:
        return charts
    if stack and closed.under in _ONE and not any(label in closed.values for label in LABELS):
        numbers = _sides(closed.values)
        if numbers:
            stack[-1].tells = True
            _groups(stack[-1], CORNERED if closed.under in OPEN_BOXES else closed.under)[-1].append(numbers)
            return charts
    written.append(Written(closed.start, end, closed.values, closed.under, _is_chart(charts)))
    return charts


def _is_place(values: dict[str, Value]) -> bool:
    """Whether an object tells of a place in a way that the numbers of a chart are not told."""
    listed = (name for name, value in values.items() if isinstance(value, list))
    return not CHARTED.issuperset(listed) or bool(_sides(values))


def _sides(values: dict[str, Value]) -> list[float]:
    """The corners of a box or the point that an object says by its names; empty for neither."""
    numbers = sides_of(values)
    if numbers is None and "x" in values and "y" in values:
        numbers = floats(values, ("x", "y"))
    return list(numbers or ())


def sides_of(values: dict[str, Value], *, bare: bool = True) -> tuple[float, ...] | None:
    """The corners of a box whose sides have names of their own; None where they have not.

    Without `bare`, names that windows and style sheets have too do not count.
    """
    for names in CORNERS if bare else CORNERS[:-1]:
        if names[0] in values and (numbers := floats(values, names)):
            return numbers
    for names in SIZED if bare else ():
        if names[2] in values and (numbers := floats(values, names)):
            left, top, width, height = numbers
            return (left, top, left + width, top + height)
    return None


def floats(values: dict[str, Value], names: tuple[str, ...]) -> tuple[float, ...] | None:
    """The numbers of these names; None where one is missing."""
    told = (values.get(name) for name in names)
    found = tuple(float(each) for each in told if isinstance(each, float) or _is_number(each))
    return found if len(found) == len(names) else None


def _groups(owner: _Open, key: str) -> list[list[list[float]]]:
    value = owner.values.get(key)
    if isinstance(value, list):
        return value
    groups: list[list[list[float]]] = [[]]
    owner.values[key] = groups
    return groups


def _new_group(owner: _Open) -> None:
    groups = _groups(owner, owner.key)
    if groups[-1]:
        groups.append([])


def _add_list(owner: _Open, written: str) -> None:
    """Keep a list of numbers; one that holds anything else is left out."""
    parts = written.translate(_QUOTES).split(",", _MOST_NUMBERS)
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    try:
        numbers = [*map(float, parts)]
    except ValueError:
        return
    if math.isfinite(sum(map(abs, numbers))):
        _groups(owner, owner.key)[-1].append(numbers)


def _number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(escape: re.Match[str]) -> str:
    if escape[1]:
        sign = chr(int(escape[1], 16))
        return "\ufffd" if "\ud800" <= sign <= "\udfff" else sign
    return {"b": " ", "f": " ", "n": "\n", "r": "\n", "t": " "}.get(escape[2], escape[2])
