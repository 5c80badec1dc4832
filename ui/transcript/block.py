"""The pieces that an answer's Markdown is cut into."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


class Kind(Enum):
    """How a block is laid out."""

    PARAGRAPH = auto()
    HEADING = auto()
    LITERAL = auto()
    """Text shown character for character: raw HTML, and everything a person typed."""
    CODE = auto()
    TABLE = auto()
    RULE = auto()


@dataclass(eq=False, slots=True)
class Container:
    """A quote or a list item that blocks stand in.

    Args:
        indent: Columns that a list item's content is indented by; 0 marks a quote.
        marker: What stands before the item, as shown: a bullet or "3.".
        delimiter: The source character that makes neighbours one list.
        number: The item's number in an ordered list, else 0.
        starts_list: Whether no item of the same list stands right before it.
        used: Whether a block stands in it.
    """

    indent: int = 0
    marker: str = ""
    delimiter: str = ""
    number: int = 0
    starts_list: bool = True
    used: bool = False

    @property
    def quote(self) -> bool:
        """Whether this is a quote rather than a list item."""
        return not self.indent


@dataclass(eq=False, slots=True)
class Block:
    """A leaf of the document: closed ones never change again.

    Args:
        containers: The quotes and list items it stands in, outermost first.
        joined: How many of them the block before it stands in, too.
        spaced: Whether a blank line came before it.
        continued: Whether it goes on with the block before, which had grown too long.
        inside_line: Whether it does so in the middle of a line.
        level: 1 to 6 for a heading.
        info: The language named after a code fence.
        settled: How many of `lines` will not change while the block grows.
        version: Rises with every change of the text.
    """

    kind: Kind
    containers: tuple[Container, ...] = ()
    joined: int = 0
    spaced: bool = False
    continued: bool = False
    inside_line: bool = False
    level: int = 0
    info: str = ""
    lines: list[str] = field(default_factory=list)
    size: int = 0
    closed: bool = False
    settled: int = 0
    version: int = 0
    fence: tuple[str, int, int] | None = None
    """Of fenced code: the fence's character, its length and its indent."""

    def become(self, other: Block) -> None:
        """Stand for `other` from now on, as a later version."""
        version = self.version + 1
        for name in self.__slots__:
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
