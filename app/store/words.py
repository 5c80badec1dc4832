"""The words of a text, as they are indexed and searched.

A word is a run of letters, digits and the marks on them. It is folded: case, accents and the
compatibility forms of Unicode do not matter. Scripts that put no spaces between words are indexed
by their pairs of neighbouring characters, so that any piece of them is found.

Every word goes into the index with a shelf before it: one character for each SHELF messages in a
row. So a search looks at the newest shelf first and is done there in most cases, and all words with
a common beginning are gathered from one shelf at a time, not from a million messages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

SHELF = 1 << 15
"""Messages on a shelf."""

LONGEST = 64
"""Characters of a word that count."""

_FIRST_SHELF = 0xF0000  # private to us: no word of a text can have it
_CONVERSATION = "\ue000"  # for the same reason

# Thai to Tibetan, Burmese, Jamo, Khmer, New Tai Lue, Tai Tham, Balinese, Kana, Bopomofo, Han, Hangul,
# Javanese, Cham.
_SPACELESS = (
    "\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007"
    "\u3021-\u3029\u3031-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua9df"
    "\uaa00-\uaa7f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_MARK_BLOCKS = (
    (0x0300, 0x2100),
    (0x2CEF, 0x30A0),
    (0xA660, 0xAC00),
    (0xFB1E, 0xFB1F),
    (0xFE00, 0xFE30),
    (0x10A00, 0x12000),
    (0x16AF0, 0x17000),
    (0x1E000, 0x1E950),
)
_MARKS = "".join(
    chr(code)
    for first, end in _MARK_BLOCKS
    for code in range(first, end)
    if unicodedata.category(chr(code)).startswith("M")
)
_RUN = re.compile(f"[^\\W_](?:[^\\W_]|[{_MARKS}])*")
_SCRIPT = re.compile(f"(?P<spaceless>[{_SPACELESS}][{_SPACELESS}{_MARKS}]*)|[^{_SPACELESS}]+")
_NO_WORD = re.compile(f"(?![{_MARKS}])[\\W_]")
_ASCII_WORD = re.compile("[0-9a-z]+")
_FOREIGN = re.compile("[0-9A-Za-z]*[^\x00-\x7f][0-9A-Za-z\x80-\U0010ffff]*")


class Word(NamedTuple):
    """A folded word and where in the text it stands. `spaceless` words are runs of characters of
    which every piece is a word."""

    start: int
    end: int
    text: str
    spaceless: bool


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for run in _RUN.finditer(text):
        for found in _SCRIPT.finditer(text, run.start(), run.end()):
            spaceless = found.lastgroup is not None
            if folded := _fold_spaceless(found[0]) if spaceless else _fold(found[0][:LONGEST]):
                yield Word(found.start(), found.end(), folded, spaceless)


def terms_of(texts: Iterable[str]) -> set[str]:
    """What texts are indexed by."""
    terms: set[str] = set()
    for text in texts:
        for run in () if text.isascii() else set(_FOREIGN.findall(text)):
            for word in words_of(run):
                terms.update(pairs(word.text) if word.spaceless else (word.text,))
        ascii_text = text if text.isascii() else _FOREIGN.sub(" ", text)
        terms.update(word[:LONGEST] for word in _ASCII_WORD.findall(ascii_text.lower()))
    return terms


def pairs(run: str) -> list[str]:
    """The neighbouring pairs of characters in a run, and its last character."""
    return [run[at : at + 2] for at in range(len(run))]


def shelf_of(number: int) -> str:
    """The character before all words of the messages on the shelf with that number."""
    return chr(_FIRST_SHELF + number // SHELF)


def term_of_conversation(number: int) -> str:
    """By what all messages of a conversation are indexed."""
    return f"{_CONVERSATION}{number}"


@lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    """A word without what does not matter."""
    if word.isascii():
        return word.lower()
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
        if not _is_accent(character)
    )
    return _NO_WORD.sub("", unicodedata.normalize("NFC", bare))[:LONGEST]


def _fold_spaceless(run: str) -> str:
    return "".join(_fold(run[at : at + LONGEST]) for at in range(0, len(run), LONGEST))


def _is_accent(character: str) -> bool:
    """Whether a character is an accent, or a point of Hebrew or Arabic; vowels and tones of other
    scripts are none, they make another word."""
    place = unicodedata.combining(character)
    return place >= 200 or 10 <= place <= 36 or "\ufe00" <= character <= "\ufe0f"
