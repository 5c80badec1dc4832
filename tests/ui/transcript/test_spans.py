"""Stretches of an answer that stand for something elsewhere."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView
from ui.transcript.entry import Entry
from ui.transcript.span_map import SpanMap, aligned
from ui.transcript.spans import SpanMark, SpanMarks
from ui.transcript.view import TranscriptView

ORANGE = "overlay_1"
WORD = re.compile(r"[^\W\d_]{3,}")
CATS = """Two **cats** and a dog.

```json
[{"box": [1, 2, 3, 4], "label": "cat"},
 {"box": [5], "label": "dog"}]
```
"""


def span(text: str, words: str, key: str = "") -> SpanMark:
    start = text.index(words)
    return SpanMark(start, start + len(words), key or words, ORANGE)


def read(view: TranscriptView, key: str) -> list[str]:
    """What stands in the blocks where the spans of a key are marked."""
    assert view._spans is not None
    view.highlight_spans("m", [key])
    message, found = view._arrangement.messages[0], []
    message.split()
    for block in range(len(message.blocks or ())):
        for start, end, look in view._spans.marks(message, block):
            if look.background().style() != Qt.BrushStyle.NoBrush:
                found.append(message.text_of(block)[start:end])
    return found


def middle_of(view: TranscriptView, words: str) -> QPoint:
    """Where words stand in the view."""
    arrangement = view._arrangement
    message = arrangement.messages[0]
    for block in range(len(message.blocks or ())):
        place = message.text_of(block).find(words)
        if place >= 0:
            x, y = message.box(block).spot(place + len(words) // 2)
            top = message.tops[block] - arrangement.offset + arrangement.top(0)
            return QPointF(arrangement.left + x, top + y).toPoint()
    raise ValueError(words)


def test_every_word_is_marked_where_it_is_read(make_view: MakeView, rich: str) -> None:
    view = make_view([Entry("m", "assistant", rich)])
    once = [word for word, count in Counter(WORD.findall(rich)).items() if count == 1]
    view.set_spans("m", SpanMarks([span(rich, word) for word in once]))
    marked = {word: read(view, word) for word in once}
    assert {word: found for word, found in marked.items() if found not in ([word], [])} == {}
    unread = {word for word, found in marked.items() if not found}
    assert unread <= {"https", "org", "python", "tabby", "http"}
    assert len(marked) > 60


def test_a_span_over_several_blocks_is_marked_in_each(make_view: MakeView) -> None:
    view = make_view([Entry("m", "assistant", CATS)])
    view.set_spans("m", SpanMarks([SpanMark(CATS.index("dog"), CATS.index('"label"') - 2, "k", ORANGE)]))
    assert read(view, "k") == ["dog.", '[{"box": [1, 2, 3, 4]']


def test_spans_follow_an_answer_that_grows(make_view: MakeView) -> None:
    view = make_view([Entry("m", "assistant", "", status="streaming")])
    for end in range(1, len(CATS) + 1):
        view.update_entry(Entry("m", "assistant", CATS[:end], status="streaming"))
        if CATS[:end].endswith('"cat"}'):
            view.set_spans(
                "m", SpanMarks([span(CATS, "cats"), span(CATS, '{"box": [1, 2, 3, 4], "label": "cat"}', "c")])
            )
    assert read(view, "cats") == ["cats"]
    assert read(view, "c") == ['{"box": [1, 2, 3, 4], "label": "cat"}']


def test_what_is_known_of_a_growing_answer_is_what_is_found_anew(make_view: MakeView) -> None:
    text = "> a\n> b\n\n- a\n\n  ```\n  a\n\n  b\n  ```\n\n```json\n[\n  a,\n\n  b\n]\n```\n\na\nb\n"
    view = make_view([Entry("m", "assistant", "", status="streaming")])
    followed = SpanMap()
    for end in range(1, len(text) + 1):
        view.update_entry(Entry("m", "assistant", text[:end], status="streaming"))
        message = view._arrangement.messages[0]
        blocks = message.blocks or []
        for index in range(len(blocks)):
            now = followed.range_of(text[:end], blocks, index)
            assert now == SpanMap().range_of(text[:end], blocks, index), (text[:end], index)
    starts = [followed.range_of(text, blocks, index) for index in range(len(blocks))]
    assert [text[start:stop] for start, stop in starts] == [
        "a\n> b",
        "a",
        "a\n\n  b",
        "[\n  a,\n\n  b\n]",
        "a\nb",
    ]


def test_the_pointer_tells_which_span_it_is_on_and_which_was_clicked(
    qtbot: QtBot, make_view: MakeView
) -> None:
    view = make_view([Entry("m", "assistant", CATS)])
    view.set_spans("m", SpanMarks([span(CATS, "cats"), span(CATS, "dog"), span(CATS, "a dog", "both")]))
    told: list[tuple[str, str]] = []
    view.span_hovered.connect(lambda *span: told.append(span))
    for words in ("cats", "dog", "Two"):
        qtbot.mouseMove(view.viewport(), middle_of(view, words))
    assert told == [("m", "cats"), ("m", "dog"), ("m", "")]
    qtbot.mouseMove(view.viewport(), middle_of(view, "dog"))
    assert view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(view.span_clicked) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(view, "dog"))
    assert clicked.args == ["m", "dog"]
    qtbot.mouseMove(view.viewport(), middle_of(view, "cats") + QPoint(0, 30))
    assert told[-1] == ("m", "")


def test_a_meant_span_is_seen_and_others_only_hinted_at(make_view: MakeView) -> None:
    view = make_view([Entry("m", "assistant", CATS)])

    def grab() -> QImage:
        return view.viewport().grab().toImage()

    plain = grab()
    view.set_spans("m", SpanMarks([span(CATS, "cats"), span(CATS, '"dog"', "cats")]))
    hinted = grab()
    view.highlight_spans("m", ["cats"])
    meant = grab()
    assert len({plain.cacheKey(), hinted.cacheKey(), meant.cacheKey()}) == 3
    for words in ("cats", '"dog"'):
        at = middle_of(view, words)
        around = [meant.pixelColor(at + QPoint(0, dy)) for dy in range(-8, 9)]
        assert any(color.red() > color.blue() + 20 for color in around), words
    view.set_spans("m", SpanMarks([]))
    assert grab() == plain


@pytest.mark.parametrize(
    ("source", "text", "read"),
    [
        ("a **b** c", "a b c", "b"),
        ("[cat](http://cat.org/cat) tree", "cat tree", "tree"),
        ("one\ntwo", "one two", "two"),
        ("x &amp; y", "x & y", "y"),
    ],
)
def test_source_and_text_are_laid_beside_each_other(source: str, text: str, read: str) -> None:
    places = aligned(source, text)
    assert len(places) == len(source) + 1
    start = source.rindex(read)
    assert text[places[start] : places[start + len(read)]] in (read, f"{read} ", read + text[-1:])
    assert places == sorted(places)
