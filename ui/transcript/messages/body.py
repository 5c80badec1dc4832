"""What of a message is cut into blocks: its reasoning where that is unfolded, its text, its tools."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ui.transcript.markdown.long_text import literal_blocks

if TYPE_CHECKING:
    from ui.transcript.entry import Entry, EntryTool
    from ui.transcript.markdown.block import Block

SLICE = 2_000
"""Characters cut into blocks between two looks at the clock."""
SLICE_S = 0.03
"""How long text is cut in one turn of the event loop."""


class _Markdown:
    """A text that grows, and its blocks."""

    def __init__(self, *, places: str = "") -> None:
        from ui.transcript.markdown.splitter import MarkdownSplitter

        self._splitter: MarkdownSplitter | None = MarkdownSplitter(places=places)
        self.blocks = self._splitter.blocks
        self._text = ""
        self._fed = 0
        self._ended = False

    @property
    def unfinished(self) -> bool:
        """Whether text waits to be cut."""
        return self._fed < len(self._text)

    def take(self, text: str, *, running: bool) -> bool:
        """Go on with `text`; False where it did not only grow."""
        if text != self._text and (self._splitter is None or not text.startswith(self._text)):
            return False
        self._text, self._ended = text, not running
        return True

    def cut(self, deadline: float) -> int:
        """Cut until time.perf_counter() passes `deadline`; return the first block that changed."""
        first = len(self.blocks)
        while self._splitter is not None and self.unfinished:
            start, self._fed = self._fed, min(len(self._text), self._fed + SLICE)
            first = min(first, self._splitter.feed(self._text[start : self._fed]))
            if time.perf_counter() > deadline:
                break
        if self._ended and self._splitter is not None and not self.unfinished:
            first = min(first, self._splitter.finish())
            self._splitter = None
        return first


class _Fixed:
    """Blocks that are made at once, and anew when what they show changes."""

    unfinished = False

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self._told = False

    def cut(self, _deadline: float) -> int:
        """All of them are new the first time."""
        told, self._told = self._told, True
        return len(self.blocks) if told else 0


class Body:
    """The blocks of one message in one list; a change costs the blocks that changed.

    `thought` blocks at its start are reasoning.
    """

    def __init__(self, entry: Entry, *, unfolded: bool) -> None:
        self.blocks: list[Block] = []
        self._entry = entry
        self._reasoning = _Markdown() if unfolded else None
        self._text: _Markdown | _Fixed = _Markdown(places=entry.places.marks)
        if entry.role == "user":
            self._text = _Fixed(literal_blocks(entry.text) if entry.text else [])
        self._tools = _Fixed(_asked(entry.tools))
        self._parts = [part for part in (self._reasoning, self._text, self._tools) if part is not None]
        self._shown = [0] * len(self._parts)
        self._hand_on()

    @property
    def unfinished(self) -> bool:
        """Whether text waits to be cut into blocks."""
        return any(part.unfinished for part in self._parts)

    @property
    def thought(self) -> int:
        """How many blocks at the start are reasoning."""
        return self._shown[0] if self._reasoning is not None else 0

    @property
    def text(self) -> range:
        """Which blocks are the text itself."""
        return range(self.thought, self.thought + self._shown[-2])

    def take(self, entry: Entry) -> bool:
        """Go on with a newer state of the message; False where it has to be read afresh."""
        before, self._entry = self._entry, entry
        if entry.role == "user" and entry.text != before.text:
            return False
        if entry.places.marks != before.places.marks:
            return False
        if entry.tools != before.tools:
            self.blocks[len(self.blocks) - self._shown[-1] :] = []
            self._shown[-1] = 0
            self._tools = self._parts[-1] = _Fixed(_asked(entry.tools))
        return self._hand_on()

    def cut(self) -> int:
        """Cut more of the text, for a moment; return the first block that may have changed."""
        deadline = time.perf_counter() + SLICE_S
        first, start = len(self.blocks), 0
        for number, part in enumerate(self._parts):
            known, changed = self._shown[number], part.cut(deadline)
            if changed < max(known, len(part.blocks)):
                self.blocks[start + changed : start + known] = part.blocks[changed:]
                self._shown[number] = len(part.blocks)
                first = min(first, start + changed)
            start += self._shown[number]
        return first

    def _hand_on(self) -> bool:
        """Tell the parts their texts; whether each of them only grew."""
        entry, whole = self._entry, True
        if self._reasoning is not None:
            whole = self._reasoning.take(entry.reasoning, running=entry.running)
        if isinstance(self._text, _Markdown):
            whole &= self._text.take(entry.text, running=entry.running)
        return whole


def _asked(tools: tuple[EntryTool, ...]) -> list[Block]:
    if not tools:
        return []
    from ui.transcript.messages.tool_blocks import tool_blocks

    return tool_blocks(tools)
