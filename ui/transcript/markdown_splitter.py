"""Cuts growing Markdown into blocks, at a cost of the new text alone."""

from __future__ import annotations

from dataclasses import dataclass

from ui.transcript.block import Block, Container, Kind
from ui.transcript.line_rules import (
    ITEM,
    QUOTE,
    RULE,
    UNDERLINE,
    cells_of,
    expand_indent,
    heading_of,
    heads_table,
    indent_of,
    is_blank,
    is_undecided,
    opens_fence,
    opens_html,
)
from ui.transcript.list_items import interrupts, open_item
from ui.transcript.long_text import FULL_AT_LINE, LONGEST_CODE_LINE, cut

HEAD = 4_000
"""A line is judged by its first characters; what follows them only extends the block."""
MOST_ROWS = 500
MOST_CELLS = 2_500
DEEPEST = 16


@dataclass(slots=True)
class _Memory:
    """The splitter before an unfinished line was shown, to be restored when more of it comes."""

    count: int
    leaf: Block | None
    leaf_state: tuple[Kind, int, int, int, str]
    stack: list[Container]
    used: list[bool]
    spaced: bool
    blanks: int


class MarkdownSplitter:
    """A line state machine after CommonMark's block rules.

    Every list item's and quote's paragraph is a block of its own, so that a list or quote of any
    length costs no more than its last line. However the text is fed, the blocks are the same.
    Link reference definitions are ordinary text.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._stack: list[Container] = []
        self._leaf: Block | None = None
        self._partial = ""
        self._inside_line = False
        self._spaced = False
        self._blanks = 0
        self._memory: _Memory | None = None
        self._dropped: list[Block] = []
        """What an unfinished line was shown as, the first block last, to be used again."""

    def feed(self, text: str) -> int:
        """Take more text; return the index of the first block that may have changed."""
        self._restore()
        first = len(self.blocks) - (self._leaf is not None)
        *whole, tail = text.split("\n")
        for piece in whole:
            self._take(piece)
            self._end_line()
        self._take(tail)
        self._show_partial()
        return first

    def finish(self) -> int:
        """Close the document; return the index of the first block that may have changed."""
        self._restore()
        first = len(self.blocks) - (self._leaf is not None)
        if self._partial or self._inside_line:
            self._end_line()
        self._close_to(0)
        return first

    # ---- lines

    def _take(self, piece: str) -> None:
        if self._inside_line:
            self._extend(piece)
            return
        self._partial = self._partial + piece if self._partial else piece
        if len(self._partial) > HEAD:
            line, self._partial = self._partial, ""
            self._line(line[:HEAD])
            self._inside_line = True
            self._extend(line[HEAD:])

    def _end_line(self) -> None:
        if self._inside_line:
            self._inside_line = False
            return
        line, self._partial = self._partial.removesuffix("\r"), ""
        self._line(line)

    def _show_partial(self) -> None:
        line = self._partial
        if self._inside_line or is_blank(line):
            return
        leaf = self._leaf
        in_fence = leaf is not None and leaf.fence is not None
        if line.strip(" `~") == "" if in_fence else is_undecided(line):
            return
        state = (leaf.kind, leaf.level, len(leaf.lines), leaf.size, leaf.info) if leaf else None
        self._memory = _Memory(
            len(self.blocks),
            leaf,
            state or (Kind.PARAGRAPH, 0, 0, 0, ""),
            list(self._stack),
            [container.used for container in self._stack],
            self._spaced,
            self._blanks,
        )
        self._line(line)
        if leaf is not None:
            leaf.settled = min(len(leaf.lines), self._memory.leaf_state[2])

    def _restore(self) -> None:
        memory, self._memory = self._memory, None
        self._dropped.clear()
        if memory is None:
            return
        self._dropped.extend(reversed(self.blocks[memory.count :]))
        del self.blocks[memory.count :]
        leaf = self._leaf = memory.leaf
        if leaf is not None:
            leaf.kind, leaf.level, count, leaf.size, leaf.info = memory.leaf_state
            del leaf.lines[count:]
            leaf.settled, leaf.closed = count, False
            leaf.version += 1
        self._stack = memory.stack
        for container, used in zip(self._stack, memory.used, strict=True):
            container.used = used
        self._spaced, self._blanks = memory.spaced, memory.blanks

    # ---- one line

    def _line(self, line: str) -> None:
        depth, rest = self._walk(line)
        leaf, matched = self._leaf, depth == len(self._stack)
        if leaf is not None and leaf.fence is not None and matched:
            self._code_line(leaf, rest)
            return
        if is_blank(rest):
            self._blank_line(depth, matched)
            return
        depth, rest, opened = self._open_containers(depth, rest, matched)
        if is_blank(rest):
            return
        if not opened and leaf is not None and self._goes_on(leaf, rest, matched):
            return
        self._close_to(depth)
        self._open_leaf(rest)

    def _walk(self, line: str) -> tuple[int, str]:
        """How many open containers the line stands in, and the line without their marks."""
        rest = line
        for depth, container in enumerate(self._stack):
            if container.quote:
                mark = QUOTE.match(rest)
                if mark is None:
                    return depth, rest
                rest = rest[mark.end() :]
            elif is_blank(rest):
                rest = ""
            else:
                rest = expand_indent(rest)
                if indent_of(rest) < container.indent:
                    return depth, rest
                rest = rest[container.indent :]
        return len(self._stack), rest

    def _blank_line(self, depth: int, matched: bool) -> None:
        leaf = self._leaf
        if leaf is not None and leaf.kind is Kind.CODE and leaf.fence is None and matched:
            self._blanks += 1
        else:
            self._close_leaf()
        if not matched:
            self._close_to(depth)
        self._spaced = True

    def _open_containers(self, depth: int, rest: str, matched: bool) -> tuple[int, str, bool]:
        """Open the quotes and items that start here; return depth, what is left, whether any did."""
        opened = False
        paragraph = matched and self._leaf is not None and self._leaf.kind is Kind.PARAGRAPH
        while depth < DEEPEST and indent_of(rest := expand_indent(rest)) < 4:
            quote = QUOTE.match(rest)
            item = None if quote or RULE.match(rest) else ITEM.match(rest)
            if quote is None and item is None:
                break
            if item is not None and paragraph and not opened and not interrupts(item, rest):
                break
            before = self._stack[depth] if depth < len(self._stack) else None
            self._close_to(depth)
            if quote is not None:
                self._stack.append(Container())
                rest = rest[quote.end() :]
            elif item is not None:
                container, rest = open_item(item, rest, before)
                self._stack.append(container)
            depth, opened = depth + 1, True
        return depth, rest, opened

    # ---- leaves

    def _goes_on(self, leaf: Block, rest: str, matched: bool) -> bool:
        """Give the line to the open block, unless it starts another."""
        if leaf.kind is Kind.CODE:
            return matched and self._indented_code_goes_on(leaf, rest)
        if not matched and leaf.kind is not Kind.PARAGRAPH:
            return False
        if leaf.kind is Kind.LITERAL:
            self._grow(leaf, rest)
            return True
        underline = UNDERLINE.match(rest)
        if leaf.kind is Kind.PARAGRAPH and matched and leaf.size < FULL_AT_LINE:
            if len(leaf.lines) == 1 and heads_table(leaf.lines[0], rest):
                leaf.kind = Kind.TABLE
                leaf.add(rest)
                return True
            if underline is not None:
                leaf.kind, leaf.level = Kind.HEADING, 1 if underline[1][0] == "=" else 2
                self._close_leaf()
                return True
        if _starts_leaf(rest):
            return False
        if leaf.kind is Kind.TABLE:
            return self._table_row(leaf, rest)
        self._grow(leaf, rest.lstrip())
        return True

    def _indented_code_goes_on(self, leaf: Block, rest: str) -> bool:
        if leaf.info == "|":
            if _starts_leaf(rest):
                return False
            leaf.add(rest)
            return True
        rest = expand_indent(rest)
        if indent_of(rest) < 4:
            return False
        for _ in range(self._blanks):
            leaf.add("")
        self._blanks = 0
        leaf.add(rest[4:])
        return True

    def _code_line(self, leaf: Block, line: str) -> None:
        mark, length, indent = leaf.fence or ("`", 3, 0)
        bare = line.strip(" \t")
        if len(bare) >= length and not bare.strip(mark) and indent_of(line) < 4:
            self._close_leaf()
        else:
            leaf.add(line[min(indent, indent_of(line)) :])

    def _table_row(self, leaf: Block, row: str) -> bool:
        columns = len(cells_of(leaf.lines[0]))
        if len(leaf.lines) < min(MOST_ROWS, MOST_CELLS // columns):
            leaf.add(row)
            return True
        self._close_leaf()
        rest = self._open(Kind.CODE, continued=True)
        rest.info = "|"
        rest.add(row)
        return True

    def _open_leaf(self, rest: str) -> None:
        if indent_of(expanded := expand_indent(rest)) >= 4:
            self._open(Kind.CODE).add(expanded[4:])
            return
        fence, heading = opens_fence(rest), heading_of(rest)
        if fence is not None:
            block = self._open(Kind.CODE)
            block.info = fence[2].strip()
            block.fence = (fence[1][0], len(fence[1]), indent_of(rest))
        elif heading is not None:
            block = self._open(Kind.HEADING)
            block.level = heading[0]
            block.add(heading[1])
            self._close_leaf()
        elif RULE.match(rest):
            self._open(Kind.RULE).add(rest)
            self._close_leaf()
        elif opens_html(rest):
            self._grow(self._open(Kind.LITERAL), rest)
        else:
            self._grow(self._open(Kind.PARAGRAPH), rest.lstrip())

    def _open(self, kind: Kind, *, continued: bool = False) -> Block:
        before = self.blocks[-1].containers if self.blocks else ()
        joined = 0
        for ours, theirs in zip(self._stack, before, strict=False):
            if ours is not theirs:
                break
            joined += 1
        for container in self._stack:
            container.used = True
        block = Block(kind, tuple(self._stack), joined, self._spaced, continued)
        shown = self._dropped.pop() if self._dropped else None
        if shown is not None and shown.kind is kind is Kind.PARAGRAPH:
            shown.become(block)
            block = shown
        self.blocks.append(block)
        self._leaf, self._spaced = block, False
        return block

    def _close_leaf(self) -> None:
        leaf, self._leaf, self._blanks = self._leaf, None, 0
        if leaf is not None:
            leaf.closed = True
            leaf.version += 1

    def _close_to(self, depth: int) -> None:
        """Close the open block and the containers from `depth` on; an empty item is kept."""
        self._close_leaf()
        if len(self._stack) > depth:
            last = self._stack[-1]
            if not last.quote and not last.used:
                self._open(Kind.PARAGRAPH).add("")
                self._close_leaf()
            del self._stack[depth:]

    # ---- blocks without end

    def _grow(self, leaf: Block, line: str) -> None:
        """Add a line to a paragraph, going on in a new block where it has grown too long."""
        if leaf.lines and leaf.size >= FULL_AT_LINE:
            leaf = self._continue(leaf)
        leaf.add(line)
        self._split_long(leaf)

    def _extend(self, text: str) -> None:
        """Add to the current line."""
        leaf = self._leaf
        if not text:
            return
        if leaf is not None and leaf.kind is Kind.CODE:
            self._extend_code(leaf, text)
            return
        if leaf is None or leaf.kind is Kind.TABLE:
            self._close_leaf()
            leaf = self._open(Kind.LITERAL, continued=True)
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
            leaf = self._continue(leaf)
            leaf.fence, leaf.inside_line = fence, True
            leaf.add("")
            room = LONGEST_CODE_LINE
        leaf.extend(text)

    def _split_long(self, leaf: Block) -> None:
        line, start = leaf.lines[-1], 0
        before = leaf.size - len(line) - 1
        while (end := cut(line, start, before)) is not None:
            leaf.lines[-1] = line[start:end]
            leaf.size = before + end - start + 1
            leaf = self._continue(leaf)
            leaf.inside_line = True
            leaf.add("")
            start, before = end, 0
        if start:
            leaf.lines[-1] = line[start:]
            leaf.size = len(line) - start + 1

    def _continue(self, leaf: Block) -> Block:
        kind = leaf.kind
        self._close_leaf()
        return self._open(kind, continued=True)


def _starts_leaf(line: str) -> bool:
    """Whether a line interrupts a paragraph."""
    if indent_of(line) >= 4:
        return False
    return bool(opens_fence(line) or heading_of(line) or RULE.match(line) or opens_html(line))
