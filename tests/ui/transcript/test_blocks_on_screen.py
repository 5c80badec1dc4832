from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from tests.ui.transcript_pictures import MakeView
from ui.theme import palette
from ui.transcript.blocks.block_box import BlockBox
from ui.transcript.blocks.style import INDENT, QUOTE_INDENT, TranscriptStyle
from ui.transcript.blocks.table_block import TableBlock
from ui.transcript.entry import Entry
from ui.transcript.markdown.block import Block
from ui.transcript.markdown.long_text import literal_blocks
from ui.transcript.markdown.splitter import TABLE_LINES, MarkdownSplitter

WIDTH = 500
ARABIC = "هذا نص عربي"


@pytest.fixture
def style(qapp: QApplication) -> TranscriptStyle:
    palette.apply(qapp, "light")
    return TranscriptStyle(palette.current())


def split(*parts: str) -> list[Block]:
    splitter = MarkdownSplitter()
    for part in parts:
        splitter.feed(part)
    splitter.finish()
    return splitter.blocks


def boxes_of(blocks: list[Block], style: TranscriptStyle) -> list[BlockBox]:
    made = [BlockBox(block, style, first=index == 0) for index, block in enumerate(blocks)]
    for box in made:
        box.wrap(WIDTH)
    return made


PIECES = [
    "word ", "**bold", "** ", "- ", "1. ", "- [ ] ", "> ", "\n", "\n\n", "# ", "سلام ", "日本 ",
    "\u202e", "<b>", "    ", "| a | b |\n|:-:|--:|\n", "| x | **y** |\n",
    "[long link](http://example.org/a/b/c/d) | ",
    "---\n", "$x_1$ ", "$$\n\\frac{a}{b}\n", "$$\n", "\\[ y \\]\n", "```py\nx = 1\n", "```\n",
    "[a] ", "[a]: http://a.example\n", "[^n] ", "[^n]: ",
]  # fmt: skip


def show(blocks: list[Block], boxes: list[BlockBox], style: TranscriptStyle) -> None:
    """Lay out what changed, as the view does."""
    for index, block in enumerate(blocks):
        if index == len(boxes) or boxes[index].block is not block:
            boxes[index:] = [BlockBox(block, style, first=index == 0)]
        boxes[index].wrap(WIDTH)
    del boxes[len(blocks) :]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_what_streamed_in_looks_like_what_is_read_from_history(
    style: TranscriptStyle, pieces: list[str], sizes: list[int]
) -> None:
    text = "".join(pieces)
    splitter, boxes, at, step = MarkdownSplitter(), list[BlockBox](), 0, 0
    while at < len(text):
        splitter.feed(text[at : at + sizes[step % len(sizes)]])
        at, step = at + sizes[step % len(sizes)], step + 1
        show(splitter.blocks, boxes, style)
    splitter.finish()
    show(splitter.blocks, boxes, style)
    whole = boxes_of(split(text), style)
    assert [(box.content.text, box.height, box.natural_width) for box in boxes] == [
        (box.content.text, box.height, box.natural_width) for box in whole
    ]
    assert [box.content.copied(0, 1 << 30) for box in boxes] == [
        box.content.copied(0, 1 << 30) for box in whole
    ]


# ---- tables


def table(source: str, style: TranscriptStyle) -> TableBlock:
    made = TableBlock(split(source)[0], style)
    made.wrap(WIDTH)
    return made


def test_cells_stand_as_their_column_says(style: TranscriptStyle) -> None:
    rows = "| long heading | long heading | long heading |\n|:--|:-:|--:|\n| a | b | c |"
    shown = table(rows, style)
    start = shown.text.index("a\tb\tc")
    left, center, right = (shown.spot(start + 2 * column)[0] for column in range(3))
    heads = [shown.spot(13 * column)[0] for column in range(3)]
    width = shown.natural[0]
    assert left == pytest.approx(heads[0], abs=1)
    assert center == pytest.approx(heads[1] + width / 2, abs=10)
    assert right == pytest.approx(heads[2] + width, abs=15)
    for column in range(3):
        assert shown.hit(*shown.spot(start + 2 * column)) == start + 2 * column


def test_a_table_from_the_right_has_its_first_column_there(style: TranscriptStyle) -> None:
    shown = table("| الاسم | العدد |\n|---|---|\n| قط | كلب |", style)
    assert shown.spot(0)[0] > shown.spot(6)[0] > WIDTH / 2
    assert shown.hit(WIDTH, 0) <= 5


def test_e2_cells_beyond_the_last_column_stay_in_sight(style: TranscriptStyle) -> None:
    assert table("| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |", style).text == "a\tb\n1\t2 | 3 | 4"


def test_a_table_that_goes_on_keeps_its_columns(style: TranscriptStyle) -> None:
    source = "| name | n |\n|---|--:|\n" + "| a somewhat wider cell | 1 |\n" * (2 * TABLE_LINES)
    contents = [box.content for box in boxes_of(split(source), style)]
    assert len(contents) == 3
    assert len({content.natural_width for content in contents}) == 1
    assert contents[1].text.startswith("a somewhat wider cell\t1\n")
    assert contents[2].spot(0)[0] == contents[0].spot(0)[0]


def test_a_name_in_a_table_leads_on_once_it_is_defined(style: TranscriptStyle) -> None:
    splitter = MarkdownSplitter()
    splitter.feed("| a | b |\n|---|---|\n| [here][x] | 1 |\n\n")
    shown = TableBlock(splitter.blocks[0], style)
    shown.wrap(WIDTH)
    x, y = shown.spot(shown.text.index("here") + 2)
    assert shown.link_at(x, y) == ""
    splitter.feed("[x]: http://x.example\n")
    shown.wrap(WIDTH)
    assert shown.text == "a\tb\nhere\t1"
    assert shown.link_at(x, y) == "http://x.example"


def test_formulas_in_cells_are_copied_as_written(style: TranscriptStyle) -> None:
    shown = table("| a | b |\n|---|---|\n| $x_1$ | z |", style)
    assert shown.text == "a\tb\nx₁\tz"
    assert shown.copied(0, 100) == "a\tb\n$x_1$\tz"
    assert shown.copied(2, 5) == "b\n$x_1$"


# ---- from the right


def test_a_paragraph_from_the_right_begins_there(style: TranscriptStyle) -> None:
    first, second = boxes_of(split(f"{ARABIC}\n\nplain"), style)
    assert first.spot(0)[0] == pytest.approx(WIDTH, abs=2)
    assert second.spot(0)[0] == 0
    assert first.hit(WIDTH - 1, 5) == 0
    end = first.end()
    assert end is not None
    assert end[0] < WIDTH - 20


def test_lists_and_quotes_from_the_right_are_mirrored(style: TranscriptStyle) -> None:
    item, nested, english = boxes_of(split(f"- {ARABIC}\n  - {ARABIC}\n- plain words"), style)
    assert item.spot(0)[0] == pytest.approx(WIDTH - INDENT, abs=2)
    assert nested.spot(0)[0] == pytest.approx(WIDTH - 2 * INDENT, abs=2)
    assert english.origin.x() == 0
    (quote,) = boxes_of(split(f"> {ARABIC}"), style)
    assert quote.spot(0)[0] == pytest.approx(WIDTH - QUOTE_INDENT, abs=2)


def test_a_short_question_from_the_right_fits_its_card(style: TranscriptStyle) -> None:
    (box,) = [BlockBox(block, style, first=True) for block in literal_blocks(ARABIC)]
    box.wrap(WIDTH)
    assert box.natural_width < WIDTH / 2
    assert 0 < box.spot(0)[0] <= box.natural_width + 1


# ---- what is copied


def test_formulas_are_shown_as_text_and_copied_as_written(make_view: MakeView) -> None:
    source = "So $E = mc^2$ and\n\n$$\n\\sum_{i=1}^n i\n$$\n\n- [x] done\n- [ ] open"
    view = make_view([Entry("1", "assistant", source)])
    message = view._arrangement.messages[0]
    assert [message.text_of(index) for index in range(4)] == ["So E = mc² and", "∑ᵢ₌₁ⁿ i", "done", "open"]
    view.select_all()
    assert view.selected_text() == "So $E = mc^2$ and\n\n$$\n\\sum_{i=1}^n i\n$$\n\n☑ done\n☐ open"


def test_signs_in_code_are_copied_as_what_they_stand_for(make_view: MakeView) -> None:
    view = make_view([Entry("1", "assistant", "```\na\u202eb\tc\x00\n```")])
    assert view._arrangement.messages[0].text_of(0) == "a\ufffdb    c␀"
    view.select_all()
    assert view.selected_text() == "a\u202eb    c\x00"
