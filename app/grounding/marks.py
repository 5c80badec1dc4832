"""Markup of places within running text: what of it is tags and numbers, so that the rest can be read.

Only what says by its looks which dialect it is counts, and only where its reader finds a place in it.
What a dialect of BARE writes without tags counts only where that is said to be spoken (`bare`).
Names stay outside: a tag before a name and what follows it are two marks. Each reader is loaded with
the first mark of its dialect, for that may be in the middle of a frame.
"""

from __future__ import annotations

import functools
import importlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.grounding.found import Found

MOST_TAGS = 64
"""Tags at the end of a text at which an unfinished mark is looked for."""
MOST_WORK = 16_000
"""Work of the marks of one text that are shown: 1 for each character of one, and `TAG_WORK` for each "<"."""
TAG_WORK = 40
LONGEST_MARK = 16_000
"""Characters of a mark; longer ones are none."""
LONGEST_NAME = 400
MARKS_KEPT = 32
BARE = ("molmo", "glm-v")
"""The dialects that write places without tags, too."""
_NUMBERS = r"[-+\d\s.,eE()\[\]]*+"
_NAME = re.compile(rf"(?:[^<]|<(?![|/a-z])){{0,{LONGEST_NAME}}}+")
_FRACTION = r"[01](?:\.\d{1,9})?"


class Mark(NamedTuple):
    """A mark ends before character `end`. `places` are the characters of each place in it (first, one
    past the last), counted from its own start; none in a tag that only encloses a name."""

    end: int
    places: tuple[tuple[int, int], ...] = ()


class _Boxes(NamedTuple):
    """Tags of one dialect: round a name, and round the numbers that follow."""

    opened: str
    closed: str
    begun: tuple[str, ...]
    ended: tuple[str, ...]


_BOXES = {
    "INTERNVL": _Boxes("<ref>", "</ref>", ("<box>", "<quad>"), ("</box>", "</quad>")),
    "QWEN2": _Boxes(
        "<|object_ref_start|>",
        "<|object_ref_end|>",
        ("<|box_start|>", "<|quad_start|>"),
        ("<|box_end|>", "<|quad_end|>"),
    ),
    "DEEPSEEK": _Boxes("<|ref|>", "<|/ref|>", ("<|det|>",), ("<|/det|>",)),
}
"""By the names of their patterns in the module that reads them."""
_PATCHES = r"(?:\s*+(?:<patch_index_\d{4}>|</delimiter_of_multi_objects/>))"
_CLOSED_BY = {each.opened: each.closed for each in _BOXES.values()} | {"<phrase>": "</phrase>"}
"""The tags before a name, and those after it that numbers follow."""


def _any(tags: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, tags)) + ")"


def _part(tag: str, digits: str = "") -> str:
    """A tag, or a beginning of it, then perhaps `digits`."""
    made = digits
    for sign in reversed(tag[1:]):
        made = f"(?:{re.escape(sign)}{made})?"
    return re.escape(tag[0]) + made


def _parts(tags: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(_part, tags)) + ")"


_COORDINATES: dict[str, tuple[str, str]] = {
    "paligemma": (r"<loc\d", r"<loc\d{4}>(?:\s*+<loc\d{4}>){3}(?:\s*+<seg\d{3}>)*+"),
    "florence": (r"<loc_", r"<loc_\d{1,3}>(?:\s*+<loc_\d{1,3}>)*+"),
    "kosmos": (r"</phrase>|<object>", rf"(?:</phrase>\s*+)?<object>{_PATCHES}++\s*+</object>"),
    "molmo": (r"<points?\s", r"<points?(?=\s)[^<>]*+>"),
    "glm": (r"<\|begin_of_box", rf"<\|begin_of_box\|>{_NUMBERS}<\|end_of_box\|>"),
    **{
        name: (
            _any((each.closed, *each.begun)),
            f"(?:{re.escape(each.closed)}\\s*+)?{_any(each.begun)}{_NUMBERS}{_any(each.ended)}",
        )
        for name, each in _BOXES.items()
    },
}
"""How a mark with coordinates begins, and all of it, by its dialect."""
_BEGIN = re.compile("|".join(f"(?P<{name}>{begin})" for name, (begin, _) in _COORDINATES.items()))
_PIECE = re.compile(rf"<x_{_FRACTION}>\s*+<y_{_FRACTION}>(\s*+<class_[^<>]{{1,100}}>)?+")
_LOC, _LOC_, _SEG = _part("<loc", r"\d{0,4}"), _part("<loc_", r"\d{0,3}"), _part("<seg", r"\d{0,3}")
_PATCH = _part("<patch_index_", r"\d{0,4}")
_PATCHES_END = _parts(("</object>", "</delimiter_of_multi_objects/>"))
_X, _Y, _CLASS = (_part(tag, r"[\d.]{0,11}") for tag in ("<x_", "<y_", "<class_"))
_OPENING = re.compile(_any((*_CLOSED_BY, "<grounding>")))
_MOLMO_END = re.compile(r"</points?>")


def mark_at(text: str, at: int, *, growing: bool = False) -> Mark | None:
    """The mark that begins at a character, None where none does; a `growing` text may still lack what
    belongs to a name at its end."""
    return _tried(text, at, growing=growing)[0] if text.startswith("<", at) else None


def marks_in(text: str, *, growing: bool = False, bare: str = "") -> dict[int, Mark] | None:
    """The marks of a text by where they begin, of those within each other the outer one; None where
    finding and showing them would hold up the window for more than half a frame."""
    found: dict[int, Mark] = {}
    work = 0
    for at, mark, end in _tries(text, growing=growing):
        work += TAG_WORK + end - at
        if work > MOST_WORK:
            return None
        if mark is not None:
            found[at] = mark
    for at, mark, end in _bare(text, bare, found):
        work += TAG_WORK + end - at
        if work > MOST_WORK:
            return None
        if mark is not None:
            found[at] = mark
    return dict(sorted(found.items())) if bare else found


def places_of(mark: str) -> tuple[tuple[int, int], ...]:
    """The places in the text of one mark, of whichever dialect."""
    if mark.startswith("<"):
        found = mark_at(mark, 0)
        return found.places if found is not None else ()
    return next((each.places for dialect in BARE for _, each, _ in _bare(mark, dialect, {}) if each), ())


def _bare(text: str, dialect: str, tagged: Mapping[int, Mark]) -> Iterator[tuple[int, Mark | None, int]]:
    """What `_tries` tells, of marks of a dialect of BARE without tags that are not within others."""
    if dialect not in BARE:
        return
    from app.grounding import bare  # loads what reads them

    starts = [*tagged]
    for at, mark, end in bare.marks(text, dialect):
        before = bisect_right(starts, at) - 1
        if before < 0 or tagged[starts[before]].end <= at:
            yield at, mark, end


def _tries(text: str, *, growing: bool = False) -> Iterator[tuple[int, Mark | None, int]]:
    """Where a mark may begin, the mark, and where the next may begin."""
    at = text.find("<")
    while at >= 0:
        mark, end = _tried(text, at, growing=growing)
        yield at, mark, end
        at = text.find("<", end)


def _tried(text: str, at: int, *, growing: bool) -> tuple[Mark | None, int]:
    """The mark that begins with the "<" here, and up to where no other one does."""
    begun = _BEGIN.match(text, at)
    if begun is not None:
        dialect = begun.lastgroup or ""
        found = _reader(dialect)[0].match(text, at)
        if found is None:
            return None, begun.end()
        places = _places(dialect, found[0]) if found.end() - at <= LONGEST_MARK else ()
        return Mark(found.end(), places) if places else None, found.end()
    piece = _PIECE.match(text, at)
    if piece is not None:
        return Mark(piece.end(), ((0, len(piece[0])),) if piece[1] else ()), piece.end()
    tag = _OPENING.match(text, at)
    if tag is not None:
        is_mark = _is_followed(text, tag, growing=growing)
    else:
        tag = _MOLMO_END.match(text, at)
        is_mark = tag is not None and _ends_points(text, at)
    end = tag.end() if tag is not None else at + 1
    return Mark(end) if is_mark else None, end


@functools.lru_cache(MARKS_KEPT)
def _places(dialect: str, written: str) -> tuple[tuple[int, int], ...]:
    """The places in a mark, which is read again with each frame of a growing text."""
    return tuple(sorted((each.start, each.end) for each in _reader(dialect)[1](written, whole=True)))


def begun_at(text: str, bare: str = "") -> int | None:
    """Where a mark begins that may be finished by what comes after the text; None where none does."""
    tagged = _begun_tag(text)
    if bare not in BARE:
        return tagged
    from app.grounding.bare import begun  # as above

    return min((at for at in (tagged, begun(text, bare)) if at is not None), default=None)


def _begun_tag(text: str) -> int | None:
    unfinished = _unfinished()
    first = at = len(text)
    for _ in range(MOST_TAGS):
        at = text.rfind("<", 0, min(at, len(text) - 1))
        if at < 0:
            break
        if unfinished.match(text, at) is not None:
            first = at
    while (whole := mark_at(text, first)) is not None:
        first = whole.end
    return first if first < len(text) and unfinished.match(text, first) is not None else None


def without_marks(text: str, marks: Mapping[int, Mark] | None = None) -> str:
    """A text with nothing in place of its marks: those with tags, or `marks` where they are known."""
    if marks is None:
        marks = {at: mark for at, mark, _ in _tries(text) if mark is not None}
    pieces: list[str] = []
    done = 0
    for at, mark in marks.items():
        pieces.append(text[done:at])
        done = mark.end
    return "".join((*pieces, text[done:]))


def has_marks(text: str, bare: str = "") -> bool:
    """Whether there is any mark in a text."""
    return any(mark is not None for _, mark, _ in chain(_tries(text), _bare(text, bare, {})))


def is_open(text: str, bare: str = "") -> bool:
    """Whether more of a mark seems to come after a text; not where its marks are too much to be shown."""
    if bare and begun_at(text, bare) is not None:
        return True
    if text.count("<point") != text.count("</point"):
        return True
    marks = marks_in(text)
    return marks is not None and _tag().search(without_marks(text, marks)) is not None


def goes_on(text: str, bare: str = "") -> bool:
    """Whether the end of a text is within a mark, or within the name that belongs to one."""
    if begun_at(text, bare) is not None:
        return True
    near = max(0, len(text) - LONGEST_NAME)
    pairs = (*_CLOSED_BY.items(), ("<point", "</point"))
    return any(text.rfind(opened, near) > text.rfind(closed, near) for opened, closed in pairs)


@functools.cache
def _tag() -> re.Pattern[str]:
    """The beginning of anything that may be a part of a mark."""
    return re.compile(
        r"<(?:loc_?\d|seg\d|points?\s|x_\d|object>|grounding>|\|begin_of_box\||/?phrase>)|"
        + _any(tuple(tag for each in _BOXES.values() for tag in (each.opened, each.closed, *each.begun)))
    )


@functools.cache
def _unfinished() -> re.Pattern[str]:
    """A mark of which the end of the text is not the end."""
    return re.compile(
        "(?:"
        + "|".join(
            (
                rf"(?:<loc\d{{4}}>\s*+)*+(?:{_LOC})?",
                rf"(?:<loc_\d{{1,3}}>\s*+)*+(?:{_LOC_})?",
                _SEG,
                r"<points?\s[^<>]*+",
                rf"<\|begin_of_box\|>{_NUMBERS}(?:{_part('<|end_of_box|>')})?",
                rf"(?:</phrase>\s*+)?<object>{_PATCHES}*+\s*+(?:{_PATCH}|{_PATCHES_END})?",
                rf"</phrase>\s*+(?:{_part('<object>')})?",
                rf"<x_{_FRACTION}>\s*+(?:{_Y})?",
                rf"<x_{_FRACTION}>\s*+<y_{_FRACTION}>\s*+(?:<class_[^<>]{{0,100}}|{_CLASS})",
                _X,
                rf"<class_[^<>]{{0,100}}|{_CLASS}",
                _parts(("<points", "</points", "<grounding>", "<|begin_of_box|>", "<object>")),
                _parts((*_CLOSED_BY, *_CLOSED_BY.values())),
            )
        )
        + "".join(
            f"|(?:{re.escape(each.closed)}\\s*+)?{_any(each.begun)}{_NUMBERS}(?:{_parts(each.ended)})?"
            f"|{re.escape(each.closed)}\\s*+(?:{_parts(each.begun)})?|{_parts(each.begun)}"
            for each in _BOXES.values()
        )
        + r")\Z"
    )


@functools.cache
def _reader(dialect: str) -> tuple[re.Pattern[str], Callable[..., Iterator[Found]]]:
    """What finds the marks of a dialect, and what reads the places in one."""
    pattern = re.compile(_COORDINATES[dialect][1])
    if dialect in _BOXES:
        tagged = importlib.import_module("app.grounding.tagged")
        return pattern, tagged.reader(getattr(tagged, dialect))
    module = importlib.import_module(f"app.grounding.{dialect}")
    return pattern, module.found_marked if dialect == "glm" else module.found


def prepare() -> None:
    """Compile and load what the first marks would else wait for. Any thread may call this."""
    importlib.import_module("app.grounding.bare")
    _unfinished()
    _tag()
    for dialect in _COORDINATES:
        _reader(dialect)


def _is_followed(text: str, opened: re.Match[str], *, growing: bool) -> bool:
    """Whether what a tag opens is there: a name and a place, or, for "<grounding>", any."""
    if opened[0] == "<grounding>":
        return growing or _last_patch(text) >= opened.end()
    name = _NAME.match(text, opened.end())
    end = name.end() if name is not None else opened.end()
    if not text.startswith(_CLOSED_BY[opened[0]], end):
        return growing and end == len(text)
    rest = mark_at(text, end)
    return rest is not None and bool(rest.places)


@functools.lru_cache(2)
def _last_patch(text: str) -> int:
    """Where a text has the last cell of a grid; -1 where it has none."""
    return text.rfind("<patch_index_")


def _ends_points(text: str, at: int) -> bool:
    """Whether points were opened before a closing tag, and not closed since."""
    closed = text.rfind("</point", 0, at)
    start = text.rfind("<point", max(closed, 0), at)
    mark = mark_at(text, start) if start >= 0 else None
    return mark is not None and bool(mark.places)
