"""Where an answer names pictures by number, and which places that is about.

A number stands before what it is about ("Image 2: ..."), for all that follows until another is named; or
right after one place ("..., image 2"), or one list of places, and then is about that alone. What stands
within a place, as its label does, names no picture, unless its last words are "in image 2" or
"(image 2)": then it is about that place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from app.grounding.found import Found

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = {word: number for words in (_ORDINALS, _CARDINALS) for number, word in enumerate(words, start=1)}

_PICTURE = r"(?:image|picture|photo|img)"
_MEASURE = r"\.\d|\s?(?:times|met(?:er|re)s?|[ckm]?m|px|pixels?|%|×)(?!\w)"

# Not "a picture 2 meters wide", nor "in the picture one sees".
_SAID = re.compile(
    rf"(?i)(?<!\ba )(?<!\ban )\b{_PICTURE}(?:s|\s?#|\sno\.?|\snumber|_)?\s?(\d{{1,3}})\b(?!{_MEASURE})"
    rf"|(?<!\bthe )(?<!\bthis )(?<!\ba )\b{_PICTURE}\s({'|'.join(_CARDINALS)})\b"
    rf"|\b({'|'.join(_ORDINALS)}|\d{{1,2}}(?=st|nd|rd|th))(?:st|nd|rd|th)?[\s_]{_PICTURE}\b"
)
_NOUN = re.compile(r"[iIpP](?i:mage|icture|hoto|mg)")  # found fast, most text has none
_LONGEST_ORDINAL = 9
_ORDINAL = re.compile(rf"(?i)\b(?:{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))[\s_]\Z")
_KEY = re.compile(r"""["']\s*+:""")
_UP_TO = re.compile(r"(?:[^\S\n]|[]\[()*_`,:–—-]){0,20}+")
_GAP = re.compile(
    r"(?P<ends>(?:[^\S\n]|\]|<[/|][^<>\n]{1,20}>){0,20}+)(?:[^\S\n]|[,:–—-]){0,20}+"
    r"(?:(?P<bracket>\()[^\S\n]?)?(?:(?:in|from|on)\s)?(?:the\s)?"
)
_ENDED = re.compile(r"[^\S\n]{0,20}+(?:[,.;)\n]|and\b|\Z)")
_LEADS = re.compile(r"[^\S\n]{0,20}+[*_]{0,3}+:")
_IN_LABEL = re.compile(r"(?i)(?:\b(?:in|from)\s(?:the\s)?|\()\Z")
_BESIDE = re.compile(r"[\s,]*+\Z")


class Mentions:
    """The pictures that a text names, and the places of it that they are about."""

    def __init__(self, text: str, places: Iterable[Found]) -> None:
        self._text = text
        self._labels: dict[str, int | None] = {}
        self._after: dict[int, int] = {}
        self._ends: list[int] = []
        self._numbers: list[int] = []
        found = list(_all_said(text))
        if not found:
            return
        listed = list(places)
        spans = sorted({(each.start, each.end) for each in listed if each.start < each.end})
        taken = self._trailing(spans, found)
        inside = _Inside([*spans, *(each.said for each in listed if each.said is not None)])
        for said in found:
            if said.end() in taken or (said.start() in inside and not _KEY.match(text, said.end())):
                continue
            self._ends.append(said.end())
            self._numbers.append(_number(said))

    def about(self, place: Found) -> int | None:
        """The number of the picture in which a place is; None where nothing says it."""
        if place.picture is not None:
            return place.picture
        number = self._in_label(place.label) if place.label else None
        if number is None:
            number = self._after.get(place.end)
        if number is not None or not self._ends:
            return number
        at = bisect_right(self._ends, place.end)
        return self._numbers[at - 1] if at else None

    def _in_label(self, label: str) -> int | None:
        if label not in self._labels:
            number = None
            for said in _all_said(label):
                if _IN_LABEL.search(label[: said.start()]) and not label[said.end() :].strip(" ).,"):
                    number = _number(said)
            self._labels[label] = number
        return self._labels[label]

    def _trailing(self, spans: Sequence[tuple[int, int]], found: Sequence[re.Match[str]]) -> set[int]:
        """Keep the numbers that stand right after places; where those end, is returned."""
        text, taken = self._text, set[int]()
        starts = {start for start, _ in spans}
        first = spans[0][0] if spans else -1
        leading = any(_reaches(text, said.end()) == first for said in found)
        for at, (_, end) in enumerate(spans):
            gap = _GAP.match(text, end)
            said = _SAID.match(text, gap.end()) if gap else None
            if gap is None or said is None:
                continue
            if not gap["bracket"] and not _ENDED.match(text, said.end()):
                follows = _reaches(text, said.end()) in starts
                if leading or not follows or _LEADS.match(text, said.end()):
                    continue
            taken.add(said.end())
            self._after[end] = _number(said)
            if "]" in gap["ends"]:
                self._of_list(spans, at, _number(said))
        return taken

    def _of_list(self, spans: Sequence[tuple[int, int]], last: int, number: int) -> None:
        """Keep a number for all places of the list of which `last` is the last one."""
        while last and _BESIDE.fullmatch(self._text, spans[last - 1][1], spans[last][0]):
            last -= 1
            self._after.setdefault(spans[last][1], number)


class _Inside:
    """Which characters lie within one of several spans."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, place: object) -> bool:
        if not isinstance(place, int):
            return False
        at = bisect_right(self._starts, place)
        return at > 0 and place < self._ends[at - 1]


def _all_said(text: str) -> Iterator[re.Match[str]]:
    """Every number that a text gives a picture, in its order."""
    for noun in _NOUN.finditer(text):
        start = noun.start()
        said = _SAID.match(text, start)
        if said is None:
            before = _ORDINAL.search(text, max(0, start - _LONGEST_ORDINAL), start)
            said = _SAID.match(text, before.start()) if before else None
        if said is not None:
            yield said


def _reaches(text: str, end: int) -> int:
    """Where what joins a mention that ends there to a place ends."""
    joined = _UP_TO.match(text, end)
    return joined.end() if joined else end


def _number(said: re.Match[str]) -> int:
    word = next(group for group in said.groups() if group)
    return int(word) if word.isdigit() else _WORDS[word.lower()]
