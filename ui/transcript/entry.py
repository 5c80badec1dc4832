"""What the transcript shows of one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

RUNNING = frozenset({"sending", "pending", "streaming"})
"""The statuses of a message that will still change."""


class EntryAction(NamedTuple):
    """Something that can be done with a message, as a word below it; without an id it only says.

    `spoken` is for menus and screen readers, where the word alone would say too little. `keys` is
    the shortcut that does it to the last message, as this platform writes it. `icon` is the name of
    one in resources/icons, and a `quiet` action is seen on hover, on focus and in the menu only.
    """

    id: str
    text: str
    spoken: str = ""
    keys: str = ""
    icon: str = ""
    quiet: bool = False


class EntryTool(NamedTuple):
    """A tool that an answer asks for; `arguments` is the JSON text it wrote."""

    name: str
    arguments: str


class Treated(NamedTuple):
    """How many regions and covers are drawn on a picture of a question; `words` say it."""

    sha256: str
    regions: int
    covers: int
    words: str


class Badge(NamedTuple):
    """A few words on how a message ended."""

    text: str
    tone: Literal["muted", "warning", "danger"] = "muted"


class Fold(NamedTuple):
    """Characters of an answer, from `start` to before `end`, that tell of nothing but places; `words`
    say how many of what."""

    start: int
    end: int
    words: str


TAGS = "tags"
"""Marks of places that say by their looks what they are."""


class Places(NamedTuple):
    """How an answer shows the places in pictures that it tells of: their markup as signs beside what is
    marked, and what is `folds` each as one line. `marks` are TAGS, or the dialect of which those without
    tags are marks as well; empty where markup is shown as it is written."""

    marks: str = ""
    folds: tuple[Fold, ...] = ()


AS_WRITTEN = Places()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question or answer, ready to be shown; every text in it may come from outside.

    Args:
        id: Stable for the life of the message.
        role: A question is set in a card, an answer straight on the surface.
        text: Markdown for an answer, taken literally for a question.
        status: "sending", "pending", "streaming", "done", "interrupted" or "failed".
        heading: The model's name, above an answer.
        metrics: The muted line below an answer.
        notice: A problem or interruption in plain words, shown in place.
        waiting: What a running answer waits for.
        notes: Plain sentences about the answer, each a muted line of its own.
        actions: What can be done with it, below everything else.
        pictures: (sha256, name) of each picture of a question, in order.
        treated: Those of them on which something is drawn.
        reasoning: What the model thought before it answered, Markdown.
        reasoning_s: How long it thought, in seconds; None while it does or where nobody knows.
        tools: The tools that it asks for.
        badges: How it ended, where that is not plain.
        places: How places in pictures are shown that the text tells of.
        size: Characters and lines of a text that is not loaded; None where `text` is all there is.
    """

    id: str
    role: Literal["user", "assistant"]
    text: str = ""
    status: str = "done"
    heading: str = ""
    metrics: str = ""
    notice: str = ""
    waiting: str = ""
    notes: tuple[str, ...] = ()
    actions: tuple[EntryAction, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    treated: tuple[Treated, ...] = ()
    reasoning: str = ""
    reasoning_s: float | None = None
    tools: tuple[EntryTool, ...] = ()
    badges: tuple[Badge, ...] = ()
    places: Places = AS_WRITTEN
    size: tuple[int, int] | None = None

    def named(self, sha256: str) -> str:
        """What a picture is called, and what is drawn on it; empty for one that is not there."""
        name = dict(self.pictures).get(sha256, "")
        drawn = next((done.words for done in self.treated if done.sha256 == sha256), "")
        return f"{name}: {drawn}" if drawn else name

    @property
    def running(self) -> bool:
        """Whether more of it is expected."""
        return self.status in RUNNING

    @property
    def loaded(self) -> bool:
        """Whether `text` is all there is."""
        return self.size is None


class Unloaded(NamedTuple):
    """A message of which only the size of its text is known; made in a fifth of an entry's time.

    `characters` and `lines` are those of the text, `pictures` is their number.
    """

    id: str
    role: Literal["user", "assistant"]
    characters: int
    lines: int
    pictures: int = 0

    @property
    def running(self) -> bool:
        """What is not loaded does not change."""
        return False

    @property
    def loaded(self) -> bool:
        """Never; as of an entry."""
        return False

    @property
    def entry(self) -> Entry:
        """What can be shown of it."""
        return Entry(self.id, self.role, size=(self.characters, self.lines))
