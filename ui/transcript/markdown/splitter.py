"""Cuts growing Markdown into blocks, at a cost of the new text alone."""

from __future__ import annotations

from ui.transcript.markdown.block import Block, Container, Kind
from ui.transcript.markdown.document import Document, Memory
from ui.transcript.markdown.line_rules import (
    AFTER_MATHS,
    ITEM,
    MOST_COLUMNS,
    NOTE,
    QUOTE,
    RULE,
    TASK,
    UNDERLINE,
    cells_of,
    definition_of,
    expand_indent,
    heading_of,
    heads_table,
    html_end,
    indent_of,
    is_blank,
    is_undecided,
    maths_end,
    opens_fence,
    opens_html,
)
from ui.transcript.markdown.list_items import BULLET, interrupts, open_item, open_note
from ui.transcript.markdown.long_text import FULL_AT_LINE

HEAD = 4_000
"""A line is judged by its first characters; what follows them only extends the block."""
CODE_LINES = 10_000
"""Of a block of code; then it goes on in another."""
TABLE_LINES = 64
"""Of a block of a table; then it goes on in another with the same columns."""
TABLE_CELLS = 256
DEEPEST = 16


class MarkdownSplitter:
    """A line state machine after the block rules of CommonMark and GitHub, with formulas and footnotes.

    Every list item's and quote's paragraph is a block of its own, so that a list or quote of any
    length costs no more than its last line. However the text is fed, the blocks are the same.
    A block that is finished changes once more only where a name in it is defined further down.
    `places` says which markup of places in a picture is read as what it marks (`marks` of Places).
    """

    def __init__(self, *, places: str = "") -> None:
        self._document = Document(places=places)
        self.blocks: list[Block] = self._document.blocks
        self._partial = ""
        self._inside_line = False
        self._memory: Memory | None = None
        """What was there before an unfinished line was shown; None while none is."""
        self._unfinished = False

    def feed(self, text: str) -> int:
        """Take more text; return the index of the first block that may have changed."""
        self._restore()
        first = self._document.first_open
        *whole, tail = text.split("\n")
        for piece in whole:
            self._take(piece)
            self._end_line()
        self._take(tail)
        first = min(first, self._document.references.resolve(self.blocks))
        self._show_partial()
        return first

    def finish(self) -> int:
        """Close the document; return the index of the first block that may have changed."""
        self._restore()
        document = self._document
        first = document.first_open
        if self._partial or self._inside_line:
            self._end_line()
        document.close_to(0)
        return min(first, document.references.resolve(self.blocks))

    # ---- lines

    def _take(self, piece: str) -> None:
        if self._inside_line:
            self._document.extend(piece)
            return
        self._partial = self._partial + piece if self._partial else piece
        if len(self._partial) > HEAD:
            line, self._partial = self._partial, ""
            self._line(line[:HEAD])
            self._inside_line = True
            self._document.extend(line[HEAD:])

    def _end_line(self) -> None:
        leaf = self._document.leaf
        if not self._inside_line:
            line, self._partial = self._partial.removesuffix("\r"), ""
            self._line(line)
            return
        self._inside_line = False
        if leaf is not None and leaf.until and leaf.until in leaf.lines[-1].lower():
            self._document.close_leaf()

    def _show_partial(self) -> None:
        line = self._partial
        if self._inside_line or is_blank(line):
            return
        leaf = self._document.leaf
        in_fence = leaf is not None and leaf.fence is not None
        if line.strip(" `~") == "" if in_fence else is_undecided(line):
            return
        memory = self._memory = self._document.remember()
        self._unfinished = True
        self._line(line)
        self._unfinished = False
        if leaf is not None and memory.leaf is not None:
            leaf.settled = min(len(leaf.lines), memory.leaf.lines)

    def _restore(self) -> None:
        memory, self._memory = self._memory, None
        self._document.restore(memory)

    # ---- one line

    def _line(self, line: str) -> None:
        document = self._document
        depth, rest = self._walk(line)
        leaf, matched = document.leaf, depth == len(document.stack)
        if leaf is not None and matched:
            if leaf.fence is not None:
                self._code_line(leaf, rest)
                return
            if leaf.until and (leaf.kind is Kind.LITERAL or not is_blank(rest)):
                self._line_until(leaf, rest)
                return
        if is_blank(rest):
            self._blank_line(depth, matched)
            return
        depth, rest, opened = self._open_containers(depth, rest, matched)
        if is_blank(rest):
            return
        if not opened and leaf is not None and self._goes_on(leaf, rest, matched):
            return
        document.close_to(depth)
        self._open_leaf(rest)

    def _walk(self, line: str) -> tuple[int, str]:
        """How many open containers the line stands in, and the line without their marks."""
        stack = self._document.stack
        rest = line
        for depth, container in enumerate(stack):
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
        return len(stack), rest

    def _blank_line(self, depth: int, matched: bool) -> None:
        document = self._document
        leaf = document.leaf
        if leaf is not None and leaf.kind is Kind.CODE and leaf.fence is None and matched:
            document.blanks += 1
        else:
            document.close_leaf()
        if not matched:
            document.close_to(depth)
        document.spaced = True

    def _open_containers(self, depth: int, rest: str, matched: bool) -> tuple[int, str, bool]:
        """Open what starts here of quotes, items and notes; return depth, what is left, whether any did."""
        document, opened = self._document, False
        paragraph = matched and document.leaf is not None and document.leaf.kind is Kind.PARAGRAPH
        while depth < DEEPEST and indent_of(rest := expand_indent(rest)) < 4:
            quote, note = QUOTE.match(rest), NOTE.match(rest)
            item = None if quote or RULE.match(rest) else ITEM.match(rest)
            if item is not None and paragraph and not opened and not interrupts(item, rest):
                break
            before = document.stack[depth] if depth < len(document.stack) else None
            if quote is not None:
                container, rest = Container(), rest[quote.end() :]
            elif item is not None:
                container, rest = open_item(item, rest, before)
            elif note is not None and depth == 0:
                container = open_note(before)
                if not self._unfinished:
                    document.references.define_note(note[1])
            else:
                break
            document.close_to(depth)
            document.stack.append(container)
            depth, opened = depth + 1, True
            if note is not None:
                break
        return depth, rest, opened

    # ---- leaves

    def _goes_on(self, leaf: Block, rest: str, matched: bool) -> bool:
        """Give the line to the open block, unless it starts another."""
        if leaf.kind is Kind.CODE:
            return matched and self._indented_code_goes_on(leaf, rest)
        if leaf.kind in (Kind.LITERAL, Kind.TABLE) and not matched:
            return False
        if leaf.kind is Kind.LITERAL:
            self._document.grow(leaf, rest)
            return True
        if leaf.kind is Kind.DEFINITION:
            return matched and self._define(leaf, rest)
        if leaf.kind is Kind.MATHS:
            return False
        if leaf.kind is Kind.PARAGRAPH and matched and self._underlined(leaf, rest):
            return True
        if _starts_leaf(rest):
            return False
        if leaf.kind is Kind.TABLE:
            return self._table_row(leaf, rest)
        self._document.grow(leaf, rest.lstrip())
        return True

    def _underlined(self, leaf: Block, rest: str) -> bool:
        """Turn a paragraph into the heading or the table that this line makes of it."""
        document = self._document
        if leaf.size < FULL_AT_LINE and UNDERLINE.match(rest) is not None:
            leaf.kind, leaf.level = Kind.HEADING, 1 if rest.lstrip()[0] == "=" else 2
            document.close_leaf()
            return True
        header = leaf.lines[-1]
        if (leaf.inside_line and len(leaf.lines) == 1) or not heads_table(header, rest):
            return False
        if len(leaf.lines) > 1:
            leaf.lines.pop()
            leaf.size -= len(header) + 1
            leaf.settled = len(leaf.lines)
            document.close_leaf()
            leaf = document.open(Kind.TABLE)
            leaf.add(header)
        leaf.kind = Kind.TABLE
        if len(cells_of(header)) > MOST_COLUMNS:
            leaf.kind, leaf.info = Kind.CODE, "|"
        leaf.add(rest)
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
        for _ in range(self._document.blanks):
            leaf.add("")
        self._document.blanks = 0
        leaf.add(rest[4:])
        return True

    def _code_line(self, leaf: Block, line: str) -> None:
        mark, length, indent = leaf.fence or ("`", 3, 0)
        bare = line.strip(" \t")
        if len(bare) >= length and not bare.strip(mark) and indent_of(line) < 4:
            self._document.close_leaf()
            return
        if len(leaf.lines) >= CODE_LINES:
            info, fence = leaf.info, leaf.fence
            leaf = self._document.continue_leaf(leaf)
            leaf.info, leaf.fence = info, fence
        leaf.add(line[min(indent, indent_of(line)) :])

    def _line_until(self, leaf: Block, line: str) -> None:
        """Take a line of a formula or of raw HTML, which may be its last."""
        document, until = self._document, leaf.until
        at = line.lower().find(until)
        if at < 0 or leaf.kind is Kind.LITERAL:
            document.grow(leaf, line)
            if at >= 0:
                document.close_leaf()
            return
        end = at + len(until)
        if not line[end:].strip(AFTER_MATHS):
            end = len(line)
        document.grow(leaf, line[:end])
        document.close_leaf()
        if not is_blank(line[end:]):
            self._open_leaf(line[end:].lstrip())

    def _define(self, leaf: Block, line: str) -> bool:
        """Take a line that says where a name leads."""
        found = definition_of(line)
        if found is None:
            return False
        if not self._unfinished:
            self._document.references.define_link(*found)
        self._document.grow(leaf, line.strip())
        return True

    def _table_row(self, leaf: Block, row: str) -> bool:
        head = leaf.head or leaf
        columns = len(cells_of(head.lines[0]))
        if len(leaf.lines) >= min(TABLE_LINES, TABLE_CELLS // columns):
            leaf = self._document.continue_leaf(leaf)
            leaf.head = head
        leaf.add(row)
        return True

    def _open_leaf(self, rest: str) -> None:
        document = self._document
        if indent_of(expanded := expand_indent(rest)) >= 4:
            document.open(Kind.CODE).add(expanded[4:])
            return
        fence, heading = opens_fence(rest), heading_of(rest)
        if fence is not None:
            block = document.open(Kind.CODE)
            block.info = fence[2].strip()
            block.fence = (fence[1][0], len(fence[1]), indent_of(rest))
        elif heading is not None:
            block = document.open(Kind.HEADING)
            block.level = heading[0]
            block.add(heading[1])
            document.close_leaf()
        elif RULE.match(rest):
            document.open(Kind.RULE).add(rest)
            document.close_leaf()
        elif opens_html(rest):
            self._open_until(Kind.LITERAL, rest, html_end(rest))
        elif end := maths_end(rest):
            self._open_until(Kind.MATHS, rest.lstrip(), end)
        elif definition_of(rest) is not None:
            self._define(document.open(Kind.DEFINITION), rest)
        else:
            self._open_paragraph(rest)

    def _open_until(self, kind: Kind, line: str, until: str) -> None:
        block = self._document.open(kind)
        block.until = until
        self._document.grow(block, line)
        leaf = self._document.leaf
        opening = 2 if kind is Kind.MATHS else 0
        if leaf is not None and until and until in line[opening:].lower():
            self._document.close_leaf()

    def _open_paragraph(self, rest: str) -> None:
        item = self._document.stack[-1] if self._document.stack else None
        if item is not None and item.first is None:
            task = TASK.match(rest) if item.marker == BULLET else None
            item.task = task[1] != " " if task is not None else None
            rest = rest[task.end() :] if task is not None else rest
        self._document.grow(self._document.open(Kind.PARAGRAPH), rest.lstrip())


def _starts_leaf(line: str) -> bool:
    """Whether a line interrupts a paragraph."""
    if indent_of(line) >= 4:
        return False
    return bool(
        opens_fence(line) or heading_of(line) or RULE.match(line) or opens_html(line) or maths_end(line)
    )
