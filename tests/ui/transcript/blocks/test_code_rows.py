"""Code that is too wide goes on below its own indent, and between words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from tests.ui.transcript_pictures import MakeView
from ui.transcript.blocks import code_rows
from ui.transcript.blocks.code_block import CodeBlock
from ui.transcript.entry import Entry


def rows(text: str, columns: int) -> list[str]:
    cuts = code_rows.starts(text, columns)
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("", 10, [""]),
        ("0123456789", 10, ["0123456789"]),
        ("one two three four", 10, ["one two ", "three four"]),
        ("call(one,two,three)", 14, ["call(one,two,", "three)"]),
        ("a" * 25, 10, ["a" * 10, "a" * 10, "a" * 5]),
        ("    one two three four", 14, ["    one two ", "three four"]),
        ("日本語日本語", 8, ["日本語日", "本語"]),
    ],
)
def test_rows_end_between_words(text: str, columns: int, expected: list[str]) -> None:
    assert rows(text, columns) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab ,(.日\u0301", max_size=120), st.integers(8, 40))
def test_no_row_is_wider_than_its_room_and_nothing_is_lost(text: str, columns: int) -> None:
    cut = rows(text, columns)
    assert "".join(cut) == text
    assert all(cut[1:])
    for number, row in enumerate(cut):
        room = columns - (code_rows.hang(text, columns) if number else 0)
        assert sum(1 + (char == "日") - (char == "\u0301") for char in row) <= room


def test_the_further_rows_of_a_line_hang_by_its_indent(make_view: MakeView) -> None:
    code = "    return some_function(" + ", ".join(f"argument_{n}" for n in range(12)) + ")"
    view = make_view([Entry("a", "assistant", f"```\n{code}\n```")], width=400)
    box = view._arrangement.messages[0].box(0)
    assert isinstance(box.content, CodeBlock)
    starts = [box.content._offsets[row.line] + row.start for row in box.content._rows]
    assert len(starts) > 2
    lefts = {box.content.spot(start + 4 * (start == 0))[0] for start in starts}
    assert max(lefts) - min(lefts) < 1
    for start in starts[1:]:
        x, y = box.content.spot(start)
        assert box.content.hit(x + 1, y) == start
        assert QRectF(0, 0, 400, 4_000).contains(x, y)
