"""Names and boxes between tags, as Qwen2-VL, InternVL and DeepSeek-VL2 write them.

    <|object_ref_start|>cat<|object_ref_end|><|box_start|>(120,80),(540,610)<|box_end|>    thousandths
    <ref>cat</ref><box>[[120, 80, 540, 610]]</box>                                         thousandths
    <|ref|>cat<|/ref|><|det|>[[120, 80, 540, 610]]<|/det|>                                 999ths

x comes first. Several boxes belong to the name before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from app.grounding.found import MOST_SHAPES, Found, kind_of, numbers_in, one_line

_PLACES = r"([-+\d\s.,eE()\[\]]*+)"
_LIST = re.compile(r"\[([^\[\]()]*+)\]")


def _tags(name: tuple[str, str], place: tuple[str, str]) -> re.Pattern[str]:
    opened, closed = name
    begun, ended = place
    # A name may hold a "<", but no tag of the same kind.
    return re.compile(f"{opened}((?:[^<]|<(?![|/a-z])){{0,400}}+){closed}|{begun}{_PLACES}({ended})?+")


QWEN2 = _tags(
    (r"<\|object_ref_start\|>", r"<\|object_ref_end\|>"),
    (r"<\|(?:box|quad)_start\|>", r"<\|(?:box|quad)_end\|>"),
)
INTERNVL = _tags((r"<ref>", r"</ref>"), (r"<(?:box|quad)>", r"</(?:box|quad)>"))
DEEPSEEK = _tags((r"<\|ref\|>", r"<\|/ref\|>"), (r"<\|det\|>", r"<\|/det\|>"))


def reader(tags: re.Pattern[str]) -> Callable[..., Iterator[Found]]:
    """What reads the boxes between tags of one kind, in the dialect's own units."""

    def found(text: str, *, whole: bool) -> Iterator[Found]:
        name, said = "", None
        for tag in islice(tags.finditer(text), 4 * MOST_SHAPES):
            if tag[1] is not None:
                name, said = one_line(tag[1]), (tag.start(1), tag.end(1))
                continue
            for start, end, numbers in _places(tag):
                kind = kind_of(len(numbers))
                if kind is not None:
                    yield Found(start, end, name, kind, numbers, said)

    return found


def _places(tag: re.Match[str]) -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """The characters and numbers of each place in a tag.

    Lists in brackets count as soon as they are closed; pairs in parentheses are one place together,
    so that they count only when the tag is closed.
    """
    written, begin = tag[2], tag.start(2)
    lists = list(_LIST.finditer(written))
    for each in lists:
        one = len(lists) == 1 and tag[3] is not None
        start, end = tag.span() if one else (begin + each.start(), begin + each.end())
        yield start, end, numbers_in(each[1])
    if not lists and tag[3] is not None:
        yield *tag.span(), numbers_in(written)
