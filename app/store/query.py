"""What somebody types into the search field, and where a text has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from app.domain.record import Record
from app.store.words import LONGEST, Word, pairs, words_of

MOST_TYPED = 1000
"""Characters of a query that count."""

MOST_SPANS = 40
"""Places of one phrase in one text that are looked for."""

_QUOTES = re.compile('["\u201c\u201d\u201e\u201f\u00ab\u00bb]')
_WORD_BEGINS = r"(?<![^\W_])"
_WORD_ENDS = r"(?![^\W_])"

Span = tuple[int, int]


class Phrase(Record, frozen=True, dict=True):
    """Words one after the other; an `open` one goes on after its last letter."""

    words: tuple[tuple[str, bool], ...]
    open: bool

    @property
    def is_plain(self) -> bool:
        """Whether every text that has the terms has the phrase."""
        ((text, spaceless), *others) = self.words
        return not others and not (spaceless and len(text) > 2)

    def terms(self) -> tuple[list[str], list[str]]:
        """What texts with the phrase are indexed by: whole terms, and beginnings of terms."""
        whole: list[str] = []
        beginnings: list[str] = []
        for at, (text, spaceless) in enumerate(self.words):
            if spaceless and len(text) > 1:
                whole += pairs(text)[:-1]
            elif spaceless or self._goes_on(at):
                beginnings.append(text)
            else:
                whole.append(text)
        return whole, beginnings

    def spans(self, text: str) -> list[Span]:
        """Where a text has the phrase: its first MOST_SPANS places."""
        found = [match.span() for match in islice(self._pattern.finditer(text), MOST_SPANS)]
        if found or text.isascii():
            return found
        return list(islice(self._folded_places(list(words_of(text))), MOST_SPANS))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Finds the phrase where the text has it without accents or unusual forms."""
        pieces: list[str] = []
        for at, (text, spaceless) in enumerate(self.words):
            if at:
                pieces.append(r"[\W_]*" if spaceless or self.words[at - 1][1] else r"[\W_]+")
            if spaceless:
                pieces.append(re.escape(text))
            else:
                ends = "" if self._goes_on(at) else _WORD_ENDS
                pieces.append(f"{_WORD_BEGINS}{re.escape(text)}{ends}")
        return re.compile("".join(pieces), re.IGNORECASE)

    def _goes_on(self, at: int) -> bool:
        """Whether a word of the text may have more letters than the one that is searched for."""
        return len(self.words[at][0]) >= LONGEST or (self.open and at == len(self.words) - 1)

    def _folded_places(self, words: Sequence[Word]) -> Iterator[Span]:
        """Where the words of a text are the phrase."""
        for first in range(len(words) - len(self.words) + 1):
            here = words[first : first + len(self.words)]
            if len(here) == 1:
                yield from self._inside(here[0])
            elif all(self._fits(word, at) for at, word in enumerate(here)):
                yield here[0].start, here[-1].end

    def _inside(self, word: Word) -> Iterator[Span]:
        """Where a word of a text is the only word of the phrase."""
        wanted, spaceless = self.words[0]
        exact = word.end - word.start == len(word.text)
        if not spaceless:
            if self._fits(word, 0):
                yield word.start, word.start + len(wanted) if exact else word.end
            return
        at = word.text.find(wanted) if word.spaceless else -1
        while at >= 0:
            yield (word.start + at, word.start + at + len(wanted)) if exact else (word.start, word.end)
            at = word.text.find(wanted, at + len(wanted)) if exact else -1

    def _fits(self, word: Word, at: int) -> bool:
        """Whether a word of a text can be the word of the phrase in that place."""
        wanted, spaceless = self.words[at]
        if spaceless != word.spaceless:
            return False
        if not spaceless:
            return word.text.startswith(wanted) if self._goes_on(at) else word.text == wanted
        if at == 0:
            return word.text.endswith(wanted)
        return word.text.startswith(wanted) if at == len(self.words) - 1 else word.text == wanted


class Query(Record, frozen=True, dict=True):
    """All that has to occur in a text, in any order."""

    phrases: tuple[Phrase, ...]

    @cached_property
    def terms(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What texts with all phrases are indexed by: whole terms, and beginnings of terms."""
        whole: dict[str, None] = {}
        beginnings: dict[str, None] = {}
        for phrase in self.phrases:
            more_whole, more_beginnings = phrase.terms()
            whole.update(dict.fromkeys(more_whole))
            beginnings.update(dict.fromkeys(more_beginnings))
        return tuple(whole), tuple(beginnings)

    @property
    def is_plain(self) -> bool:
        """Whether every text that has the terms is a hit."""
        return all(phrase.is_plain for phrase in self.phrases)

    def occurs(self, texts: Sequence[str]) -> bool:
        """Whether texts have all phrases between them."""
        return all(any(phrase.spans(text) for text in texts) for phrase in self.phrases)


def parse(typed: str) -> Query:
    """The query in what is typed, of which MOST_TYPED characters count.

    What stands in quotes occurs as it stands, and so does what is typed without a space between.
    The last word may go on, unless a quote closes after it. Anything may be typed; without any word
    there are no phrases.
    """
    phrases: dict[Phrase, None] = {}
    pieces = _QUOTES.split(typed[:MOST_TYPED])
    for number, piece in enumerate(pieces):
        chunks = [piece] if number % 2 else piece.split()
        for at, chunk in enumerate(chunks):
            is_last = number == len(pieces) - 1 and at == len(chunks) - 1
            if words := tuple((word.text, word.spaceless) for word in words_of(chunk)):
                phrases[Phrase(words=words, open=is_last)] = None
    return Query(phrases=tuple(phrases))
