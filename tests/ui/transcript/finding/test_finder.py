"""Words are found in the whole conversation, loaded or not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, painted, settled
from ui.transcript.entry import Entry, EntryTool, Unloaded
from ui.transcript.finding.find_bar import FindBar
from ui.transcript.finding.found import height_of
from ui.transcript.finding.shown import pieces
from ui.transcript.markdown.block import NOTICE
from ui.transcript.view import TranscriptView

TEXT = "The Cat sat. A **cat**, a CÄT and a dog.\n\n```\ncat = 1\n```\n\n| cat | b |\n|---|---|\n| 1 | 2 |"
NO_CASE = 4
"""How often it says cat, in whatever case."""


def talk(count: int) -> list[Entry]:
    return [
        Entry(f"m{n}", "assistant" if n % 2 else "user", TEXT if n % 4 == 1 else f"Message {n}. " * 30)
        for n in range(count)
    ]


def bar_of(view: TranscriptView) -> FindBar:
    (bar,) = view.findChildren(FindBar)
    return bar


def counted(view: TranscriptView) -> None:
    """Wait until all that is loaded has been counted in."""
    for _ in range(10_000):
        counting = view._finding.finder._counting
        if counting is None or not counting.busy:
            return
        QApplication.processEvents()
    pytest.fail("It is never counted.")


def type_words(view: TranscriptView, words: str) -> FindBar:
    view.find_words()
    bar = bar_of(view)
    bar.field.setText(words)
    counted(view)
    return bar


def current(view: TranscriptView) -> tuple[int, int]:
    finder = view._finding.finder
    return finder.number, finder.total


def test_the_bar_is_made_when_it_is_asked_for_and_counts_in_any_case(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view(talk(8))
    assert not view.findChildren(FindBar)
    view.verticalScrollBar().setValue(0)
    bar = type_words(view, "cat")
    assert bar.isVisible()
    assert current(view) == (1, 2 * NO_CASE)
    assert bar.count.text() == "1 of 8"
    bar.field.setText("CÄT")
    counted(view)
    assert current(view) == (1, 2)
    bar.field.setText("nowhere")
    counted(view)
    assert bar.count.text() == "Not found"
    bar.field.setText("")
    assert bar.count.text() == ""


def test_next_and_previous_go_round_and_bring_the_place_into_sight(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(16))
    view.verticalScrollBar().setValue(0)
    bar = type_words(view, "cat")
    numbers = []
    for _ in range(17):
        numbers.append(current(view)[0])
        at = view._finding.finder._at
        assert at is not None
        shown = {placed.message.entry.id: placed for placed in view._arrangement.visible}
        place = view._finding.finder.found.places_of(shown[at[0]].index)[at[1]]
        y = shown[at[0]].top + height_of(shown[at[0]].message, place)
        assert 0 < y < view.viewport().height()
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert numbers == [*range(1, 17), 1]
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert current(view) == (16, 16)
    view.find_next()
    assert current(view) == (1, 16)
    view.find_previous()
    assert current(view) == (16, 16)


def test_typing_on_keeps_to_where_the_search_began(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(16))
    view.verticalScrollBar().setValue(view._arrangement.top(5))
    bar = type_words(view, "c")
    for words in ("ca", "cat"):
        bar.field.setText(words)
    counted(view)
    assert view._finding.finder._at == ("m5", 0)


def test_what_is_found_is_marked_and_the_current_one_more_so(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(2))
    settled(view, qtbot)
    before = painted(view)
    bar = type_words(view, "cat")
    message, finder = view._arrangement.messages[1], view._finding.finder
    style = view._arrangement.style
    assert finder.marks(message, 0) == [(4, 7, style.found_now), (15, 18, style.found)]
    assert [mark[:2] for mark in finder.marks(message, 1)] == [(0, 3)]
    view.find_next()
    assert finder.marks(message, 0) == [(4, 7, style.found), (15, 18, style.found_now)]
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert finder.marks(message, 0) == []
    view.clearFocus()
    settled(view, qtbot)
    assert painted(view) == before


def test_messages_that_are_not_loaded_are_counted_by_somebody_else_and_fetched(
    make_view: MakeView, qtbot: QtBot
) -> None:
    known = {entry.id: entry for entry in talk(40)}
    rows = [Unloaded(entry.id, entry.role, len(entry.text), 9) for entry in known.values()]
    view = make_view(rows)
    view.entries_wanted.connect(lambda ids: view.update_entries([known[each] for each in ids]))
    asked: list[str] = []
    view.find_wanted.connect(asked.append)
    bar = type_words(view, "cat")
    assert asked == ["cat"]
    assert bar.count.text() == "Searching…"
    view.set_found("dog", [("m1", 99)])
    assert bar.count.text() == "Searching…"
    counts = [(entry.id, NO_CASE + 1) for entry in known.values() if "Cat" in entry.text]  # a little off
    view.set_found("cat", counts)
    for _ in range(3):
        view.find_next()
    qtbot.waitUntil(lambda: view._finding.finder._pending is None and view._finding.finder.number > 0)
    first = view._finding.finder._at
    for _ in range(NO_CASE):
        view.find_next()
        qtbot.waitUntil(lambda: view._finding.finder._pending is None)
    second = view._finding.finder._at
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    number = view._arrangement.messages.number_of(second[0])
    assert number is not None
    assert number % 4 == 1
    assert view._finding.finder._counts[number] == NO_CASE


def test_words_that_still_stream_in_are_counted(make_view: MakeView) -> None:
    answer = Entry("a", "assistant", "A cat", "streaming")
    view = make_view([answer])
    bar = type_words(view, "cat")
    assert bar.count.text() == "1 of 1"
    view.update_entry(replace(answer, text="A cat and a cat."))
    assert bar.count.text() == "1 of 2"
    view.find_next()
    assert bar.count.text() == "2 of 2"


def test_a_revealed_message_has_its_words_marked(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(30))
    view.reveal("m9", "dog sat")
    assert view._finding.finder._at == ("m9", 0)
    number = view._arrangement.messages.number_of("m9")
    assert number is not None
    marks = view._finding.finder.marks(view._arrangement.messages[number], 0)
    assert [mark[:2] for mark in marks] == [(8, 11), (32, 35)]
    assert number in [placed.index for placed in view._arrangement.visible]
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view._finding.finder.active


@pytest.mark.parametrize("words", ["(", "a.c", "\\", "[x", " "])
def test_words_are_taken_literally(make_view: MakeView, words: str) -> None:
    view = make_view([Entry("a", "user", f"abc {words} a.c")])
    type_words(view, words)
    assert current(view)[0] == 1


def test_the_bar_leaves_what_is_read_in_its_place(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(16))
    view.verticalScrollBar().setValue(900)
    settled(view, qtbot)
    first = view._arrangement.visible[0]
    view.find_words()
    again = view._arrangement.visible[0]
    assert (again.index, again.top) == (first.index, first.top)


def test_one_line_that_is_selected_is_what_is_sought(make_view: MakeView) -> None:
    view = make_view([Entry("a", "user", "seek me")])
    view.select_all()
    view.find_words()
    assert bar_of(view).field.text() == "seek me"


def test_another_conversation_is_counted_and_not_scrolled(make_view: MakeView) -> None:
    view = make_view(talk(8))
    bar = type_words(view, "cat")
    view.set_entries([Entry("z", "user", "No such words, but one Cat.")])
    counted(view)
    assert bar.count.text() == "1 found"
    view.find_next()
    assert bar.count.text() == "1 of 1"


def test_marks_of_a_revealed_message_end_with_its_conversation(make_view: MakeView) -> None:
    view = make_view(talk(8))
    view.reveal("m1", "cat")
    assert view._finding.finder.active
    view.set_entries([Entry("z", "user", "One Cat.")])
    assert not view._finding.finder.active


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Answer **bold** one.", "Answer bold"),
        ("It is $\\alpha + 1$.", "α"),
        ("two\nlines", "two lines"),
        ("wo**rd**s", "words"),
        ("[a link](https://example.org/hidden)", "a link"),
        ("&Auml;pfel", "äpfel"),
        ("| a | b |\n|---|---|\n| one **two** | 2 |", "one two"),
    ],
)
def test_words_are_found_as_they_are_read(make_view: MakeView, written: str, read: str) -> None:
    view = make_view([Entry("a", "assistant", written)])
    bar = type_words(view, read)
    assert bar.count.text() == "1 of 1"


@pytest.mark.parametrize("words", ["hidden", "**", "|"])
def test_what_nobody_reads_is_not_found(make_view: MakeView, words: str) -> None:
    text = "**Read** [this](https://example.org/hidden).\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    view = make_view([Entry("a", "assistant", text)])
    assert type_words(view, words).count.text() == "Not found"


def test_a_place_in_a_folded_reasoning_unfolds_it(make_view: MakeView) -> None:
    view = make_view([Entry("a", "assistant", "No.", reasoning="I **think** it is a cat. A cat!")])
    bar = type_words(view, "think it is a cat")
    message = view._arrangement.messages[0]
    assert bar.count.text() == "1 of 1"
    assert message.unfolded
    assert view._finding.finder.marks(message, 0)


def test_a_place_below_the_fold_of_a_tools_arguments_shows_it(make_view: MakeView) -> None:
    arguments = "{" + ", ".join(f'"key{n}": {n}' for n in range(40)) + "}"
    view = make_view([Entry("a", "assistant", "Look:", tools=(EntryTool("look", arguments),))])
    bar = type_words(view, "key2")
    assert bar.count.text() == "1 of 11"
    block = (view._arrangement.messages[0].blocks or [])[1]
    assert block.folded > 0
    view.find_previous()
    assert current(view) == (11, 11)
    assert block.folded < 0


def test_all_that_is_shown_is_read_the_same_with_and_without_a_layout(make_view: MakeView, rich: str) -> None:
    tools = (EntryTool("look", '{"a": [1, 2]}'),)
    entry = Entry("a", "assistant", rich, "failed", notice="It broke.", reasoning=rich, tools=tools)
    message = make_view([entry])._arrangement.messages[0]
    message.unfolded = True
    shown = [message.text_of(block) for block in [*range(len(message.blocks or ())), NOTICE]]
    assert [piece for piece in pieces(entry) if piece] == [text for text in shown if text]


@pytest.mark.parametrize("width", [360, 720, 1400])
def test_the_bar_stands_above_the_column(make_view: MakeView, width: int) -> None:
    view = make_view(talk(2), width=width)
    bar = type_words(view, "cat")
    QApplication.processEvents()
    left = view.viewport().mapFromGlobal(bar.field.mapToGlobal(bar.field.rect().topLeft())).x()
    assert left == view._arrangement.left
    assert bar.childrenRect().right() <= left + view._arrangement.width
