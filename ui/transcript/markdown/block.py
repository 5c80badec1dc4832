"""The pieces that an answer's Markdown is cut into."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field, fields
from enum import Enum, auto
from typing import TYPE_CHECKING

from ui.transcript.markdown.direction import runs_right_to_left

if TYPE_CHECKING:
    from ui.transcript.markdown.references import References


NOTICE = 1 << 30
"""Stands for the notice of a message where a block's index is asked for."""
FIRST_LINES = 8
"""Of a block: among them is the letter that decides which way it runs."""


class Kind(Enum):
    """How a block is laid out."""

    PARAGRAPH = auto()
    HEADING = auto()
    LITERAL = auto()
    """Text shown character for character: raw HTML, and everything a person typed."""
    CODE = auto()
    TABLE = auto()
    RULE = auto()
    MATHS = auto()
    """A formula on lines of its own, its marks included."""
    DEFINITION = auto()
    """The addresses of links that are named elsewhere: "[name]: address" on each line."""


@dataclass(eq=False, slots=True)
class Container:
    """A quote, a list item or a footnote that blocks stand in.

    Args:
        indent: Columns that an item's or a note's content is indented by; 0 marks a quote.
        marker: What stands before the item, as shown: a bullet or "3."; "" for a note.
        delimiter: The source character that makes neighbours one list.
        number: The item's number in an ordered list, else 0.
        starts_list: Whether no item of the same list stands right before it.
        task: Whether the item is a task that is done; None where it is no task.
        first: The first block in it, None while there is none.
        leader: The first item of the same list, None for that item itself.
    """

    indent: int = 0
    marker: str = ""
    delimiter: str = ""
    number: int = 0
    starts_list: bool = True
    task: bool | None = None
    first: weakref.ref[Block] | None = None
    leader: Container | None = None

    @property
    def quote(self) -> bool:
        """Whether this is a quote rather than a list item or a note."""
        return not self.indent

    @property
    def sign(self) -> str:
        """What stands before the item in a plain-text copy."""
        return self.marker if self.task is None else "☑" if self.task else "☐"


@dataclass(eq=False, slots=True)
class Gathered:
    """Neighbouring blocks that tell of nothing but places, from character `start` of the source to
    before `end`, with how many of what in `words`; they are folded into a line unless they are
    `open`."""

    start: int
    end: int
    words: str
    open: bool = False


@dataclass(eq=False, slots=True, weakref_slot=True)
class Block:
    """A leaf of the document: the lines of closed ones never change again.

    Args:
        containers: The quotes and list items it stands in, outermost first.
        joined: How many of them the block before it stands in, too.
        spaced: Whether a blank line came before it.
        continued: Whether it goes on with the block before, which had grown too long.
        inside_line: Whether it does so in the middle of a line.
        level: 1 to 6 for a heading.
        info: The language named after a code fence.
        settled: How many of `lines` will not change while the block grows.
        title: What stands above code in place of its language.
        folded: How many lines of code are shown until the rest is asked for, negative once it was;
            0 where all are shown from the start.
        version: Rises with every change of the text, and when a name in it is defined further down.
        resolved: How often that happened.
        fence: Of fenced code: the fence's character, its length and its indent.
        until: What ends a formula or raw HTML, "" where a blank line does.
        references: What the names in square brackets stand for; None for text that is no Markdown.
        head: The block that a table began with, where this one goes on with it.
        gathered: What it is folded with; None for nothing.
        leads: Whether it is the first of these.
    """

    kind: Kind
    containers: tuple[Container, ...] = ()
    joined: int = 0
    spaced: bool = False
    continued: bool = False
    inside_line: bool = False
    level: int = 0
    info: str = ""
    title: str = ""
    folded: int = 0
    lines: list[str] = field(default_factory=list)
    size: int = 0
    closed: bool = False
    settled: int = 0
    version: int = 0
    resolved: int = 0
    fence: tuple[str, int, int] | None = None
    until: str = ""
    references: References | None = None
    head: Block | None = None
    gathered: Gathered | None = None
    leads: bool = False

    def become(self, other: Block) -> None:
        """Stand for `other` from now on, as a later version."""
        version = self.version + 1
        for name in _FIELDS:
            setattr(self, name, getattr(other, name))
        self.version = version

    def add(self, line: str) -> None:
        """Append a line."""
        self.lines.append(line)
        self.size += len(line) + 1
        self.settled = len(self.lines)
        self.version += 1

    def extend(self, text: str) -> None:
        """Append to the last line."""
        self.lines[-1] += text
        self.size += len(text)
        self.settled = max(0, len(self.lines) - 1)
        self.version += 1

    @property
    def source(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)

    @property
    def is_folded(self) -> bool:
        """Whether a line stands in its place, or in that of the first of its like."""
        return self.gathered is not None and not self.gathered.open

    @property
    def right_to_left(self) -> bool:
        """Whether it runs from the right: as what it stands in began, or as its own first letter does."""
        outermost = self.containers[0] if self.containers else None
        first = (outermost.leader or outermost).first if outermost is not None else None
        block = first() if first is not None else None
        return runs_right_to_left("\n".join((block or self).lines[:FIRST_LINES]))


_FIELDS = tuple(each.name for each in fields(Block))
