"""Blocks under construction: what is open, and what a block without end is cut into."""

from __future__ import annotations

import weakref
from typing import NamedTuple

from ui.transcript.markdown.block import Block, Container, Kind
from ui.transcript.markdown.long_text import FULL_AT_LINE, LONGEST_CODE_LINE, cut
from ui.transcript.markdown.references import References


class _Leaf(NamedTuple):
    """The open block as it was."""

    block: Block
    kind: Kind
    level: int
    size: int
    info: str
    lines: int
    last: str


class Memory(NamedTuple):
    """A document as it was before an unfinished line was shown."""

    blocks: int
    leaf: _Leaf | None
    stack: list[Container]
    used: list[tuple[bool | None, weakref.ref[Block] | None]]
    spaced: bool
    blanks: int


class Document:
    """The blocks of an answer so far: `leaf` is the open one, in the containers of `stack`."""

    def __init__(self, *, places: str = "") -> None:
        self.blocks: list[Block] = []
        self.stack: list[Container] = []
        self.leaf: Block | None = None
        self.spaced = False
        self.blanks = 0
        """Blank lines that may yet belong to indented code."""
        self.references = References(places=places)
        self._dropped: list[Block] = []
        """What an unfinished line was shown as, the first block last, to be used again."""

    @property
    def first_open(self) -> int:
        """The index of the first block that may still change."""
        return len(self.blocks) - (self.leaf is not None)

    # ---- what an unfinished line changes

    def remember(self) -> Memory:
        """All that one more line may change."""
        leaf, kept = self.leaf, None
        if leaf is not None:
            last = leaf.lines[-1] if leaf.lines else ""
            kept = _Leaf(leaf, leaf.kind, leaf.level, leaf.size, leaf.info, len(leaf.lines), last)
        used = [(container.task, container.first) for container in self.stack]
        return Memory(len(self.blocks), kept, list(self.stack), used, self.spaced, self.blanks)

    def restore(self, memory: Memory | None) -> None:
        """Be again as remembered."""
        self._dropped.clear()
        if memory is None:
            return
        self._dropped.extend(reversed(self.blocks[memory.blocks :]))
        del self.blocks[memory.blocks :]
        self.leaf = None
        if memory.leaf is not None:
            leaf, kind, level, size, info, count, last = memory.leaf
            leaf.kind, leaf.level, leaf.size, leaf.info = kind, level, size, info
            del leaf.lines[count:]
            if count:
                leaf.lines[count - 1 :] = [last]
            leaf.settled, leaf.closed = count, False
            leaf.version += 1
            self.leaf = leaf
        self.stack = memory.stack
        for container, (task, first) in zip(self.stack, memory.used, strict=True):
            container.task, container.first = task, first
        self.spaced, self.blanks = memory.spaced, memory.blanks

    # ---- opening and closing

    def open(self, kind: Kind, *, continued: bool = False) -> Block:
        """Start a block where the document stands; `continued` goes on with the one before."""
        before = self.blocks[-1].containers if self.blocks else ()
        joined = 0
        for ours, theirs in zip(self.stack, before, strict=False):
            if ours is not theirs:
                break
            joined += 1
        block = Block(kind, tuple(self.stack), joined, self.spaced, continued)
        block.references = self.references
        shown = self._dropped.pop() if self._dropped else None
        if shown is not None and shown.kind is kind is Kind.PARAGRAPH:
            shown.become(block)
            block = shown
        for container in self.stack:
            if container.first is None:
                container.first = weakref.ref(block)
        self.blocks.append(block)
        self.leaf, self.spaced = block, False
        return block

    def close_leaf(self) -> None:
        """Finish the open block."""
        leaf, self.leaf, self.blanks = self.leaf, None, 0
        if leaf is not None:
            leaf.closed = True
            leaf.version += 1

    def close_to(self, depth: int) -> None:
        """Close the open block and the containers from `depth` on; an empty item is kept."""
        self.close_leaf()
        if len(self.stack) > depth:
            last = self.stack[-1]
            if not last.quote and last.first is None:
                self.open(Kind.PARAGRAPH).add("")
                self.close_leaf()
            del self.stack[depth:]

    def continue_leaf(self, leaf: Block) -> Block:
        """Finish a block that grew too long and start the one that goes on with it."""
        self.close_leaf()
        return self.open(leaf.kind, continued=True)

    # ---- blocks without end

    def grow(self, leaf: Block, line: str) -> None:
        """Add a line to a block of text, going on in a new one where it has grown too long."""
        if leaf.lines and leaf.size >= FULL_AT_LINE:
            until = leaf.until
            leaf = self.continue_leaf(leaf)
            leaf.until = until
        leaf.add(line)
        self._split_long(leaf)

    def extend(self, text: str) -> None:
        """Add to the current line."""
        leaf = self.leaf
        if not text:
            return
        if leaf is not None and leaf.kind is Kind.CODE:
            self._extend_code(leaf, text)
            return
        if leaf is None or leaf.kind is Kind.TABLE:
            self.close_leaf()
            leaf = self.open(Kind.LITERAL, continued=True)
            leaf.inside_line = True
            leaf.add("")
        leaf.extend(text)
        self._split_long(leaf)

    def _extend_code(self, leaf: Block, text: str) -> None:
        """Add to a line of code, going on in a new block where it has grown too long."""
        if not leaf.lines:
            leaf.add("")
        room = LONGEST_CODE_LINE - len(leaf.lines[-1])
        while len(text) > room:
            leaf.extend(text[:room])
            text, fence = text[room:], leaf.fence
            leaf = self.continue_leaf(leaf)
            leaf.fence, leaf.inside_line = fence, True
            leaf.add("")
            room = LONGEST_CODE_LINE
        leaf.extend(text)

    def _split_long(self, leaf: Block) -> None:
        line, start = leaf.lines[-1], 0
        before, until = leaf.size - len(line) - 1, leaf.until
        while (end := cut(line, start, before, self.references.places)) is not None:
            leaf.lines[-1] = line[start:end]
            leaf.size = before + end - start + 1
            leaf = self.continue_leaf(leaf)
            leaf.inside_line, leaf.until = True, until
            leaf.add("")
            start, before = end, 0
        if start:
            leaf.lines[-1] = line[start:]
            leaf.size = len(line) - start + 1
