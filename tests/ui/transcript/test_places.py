"""Places that answers tell of: as phrases with a sign, and folded where there is nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.region import NOTHING_CHOSEN
from app.grounding.marks import prepare
from tests.app.grounding.test_marks import BARE, LARGE, SHOWN, calls
from tests.grounded_answers import GROUNDED
from tests.ui.transcript_pictures import MakeView, settled
from ui.controllers.shapes.found_shapes import read_shapes
from ui.transcript import controls
from ui.transcript.controls import Control, area_of, next_control, words_of
from ui.transcript.entry import AS_WRITTEN, TAGS, Entry, Fold, Places
from ui.transcript.finding.shown import pieces
from ui.transcript.markdown.inline import GrowingText, read_inline
from ui.transcript.markdown.long_text import LONGEST_MARK
from ui.transcript.markdown.references import References
from ui.transcript.markdown.splitter import MarkdownSplitter
from ui.transcript.markdown.styled_text import PLACE_SIGN
from ui.transcript.reading.announcer import announce
from ui.transcript.reading.reader_row import ReaderRow
from ui.transcript.spans import SpanMark, SpanMarks
from ui.transcript.view import TranscriptView

JSON = '[\n  {"bbox_2d": [1, 2, 3, 4], "label": "sign"},\n  {"bbox_2d": [5, 6, 7, 8], "label": "door"}\n]\n'
FENCED = f"Two of them.\n\n```json\n{JSON}```\n\nThat is all."
WORDS = "2 places: 1 sign, 1 door"


def places_of(name: str) -> Places:
    """How an answer is shown whose model is known."""
    return Places(BARE.get(name, TAGS))


def marked(name: str, *, places: Places | None = None) -> Entry:
    return Entry(name, "assistant", GROUNDED[name].text, places=places or places_of(name))


def folded(text: str = FENCED, part: str = JSON) -> Entry:
    start = text.index(part)
    return Entry("m", "assistant", text, places=Places(TAGS, (Fold(start, start + len(part), WORDS),)))


def texts(view: TranscriptView, number: int = 0) -> list[str]:
    message = view._arrangement.messages[number]
    message.split()
    return [message.text_of(block) for block in range(len(message.blocks or ()))]


def bare(text: str) -> str:
    """A text with "@" for each sign, and without white space."""
    return re.sub(r"\s+", "", text.replace(PLACE_SIGN, "@"))


def copied(view: TranscriptView) -> tuple[str, str]:
    """All of the conversation as text, and as Markdown."""
    view.select_all()
    found = []
    for copy in (view.copy, view.copy_markdown):
        copy()
        found.append(QApplication.clipboard().text())
    return found[0], found[1]


def line_of(view: TranscriptView) -> QPoint:
    """A point on the line in place of what is folded."""
    arrangement = view._arrangement
    message = arrangement.messages[0]
    block = next(number for number, each in enumerate(message.blocks or ()) if each.leads)
    area = area_of(message, Control(controls.PLACES, block))
    assert area is not None
    return area.translated(arrangement.left, arrangement.top(0) - arrangement.offset).center().toPoint()


def heights(view: TranscriptView) -> list[int]:
    message = view._arrangement.messages[0]
    return [below - top for top, below in zip(message.tops, message.tops[1:], strict=False)]


def test_every_dialect_is_shown_as_phrases_and_copied_as_it_is_written(make_view: MakeView) -> None:
    for name, shown in SHOWN.items():
        view = make_view([marked(name)])
        assert bare("".join(texts(view))) == bare(shown), name
        text, markdown = copied(view)
        assert markdown == GROUNDED[name].text, name
        assert re.sub(r"\s+", " ", text) == re.sub(r"\s+", " ", GROUNDED[name].text), name
        view.set_entries([marked(name, places=AS_WRITTEN)])
        assert PLACE_SIGN not in "".join(texts(view))


def test_every_shape_of_every_dialect_is_marked_where_its_sign_or_phrase_is(make_view: MakeView) -> None:
    for name, shown in SHOWN.items():
        view = make_view([marked(name)])
        found = read_shapes(GROUNDED[name].message, NOTHING_CHOSEN, {})
        view.set_spans(name, found.marks)
        message = view._arrangement.messages[0]
        message.split()
        assert view._spans is not None
        ranges = {pair[:2] for pair in view._spans.marks(message, 0)}
        signs = [at for at, sign in enumerate(message.text_of(0)) if sign == PLACE_SIGN]
        assert len(signs) == shown.count("@")
        for sign in signs:
            assert any(start <= sign < end for start, end in ranges), (name, sign)
        assert len(ranges) == len(found.spans), name


def test_a_sign_that_is_pointed_at_means_its_shape(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([marked("internvl")])
    settled(view, qtbot)
    found = read_shapes(GROUNDED["internvl"].message, NOTHING_CHOSEN, {})
    view.set_spans("internvl", found.marks)
    arrangement = view._arrangement
    message = arrangement.messages[0]
    for number, sign in enumerate(at for at, each in enumerate(message.text_of(0)) if each == PLACE_SIGN):
        (x, y), (after, _) = message.box(0).spot(sign), message.box(0).spot(sign + 1)
        at = QPointF(arrangement.left + (x + after) / 2, arrangement.top(0) + message.tops[0] + y)
        assert view._spans is not None
        assert found.spans[view._spans.at(at)[1]] == (number,)


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_an_answer_that_grows_loses_nothing_and_shows_no_markup(name: str) -> None:
    source, places = (
        GROUNDED[name].text.replace("\n", " ").replace("<b>of</b>", "of"),
        References(places=places_of(name).marks),
    )
    grown = GrowingText()
    for end in range(1, len(source) + 1):
        read = grown.read(source[:end], places)
        assert bare(read.copied(0, len(read.text))) == bare(source[:end]), source[:end]
        assert not re.search(r"[<\[\d]", read.text.removesuffix("<").removesuffix("[")), source[:end]
    assert grown.read(source, places).text.rstrip() == read_inline(source, places).text


def test_words_around_marks_keep_their_looks_and_code_is_left_alone() -> None:
    places = References(places=TAGS)
    source = "**<ref>a *big* cat</ref><box>[[1, 2, 3, 4]]</box>** and `<loc0001><loc0002><loc0003><loc0004>`"
    read = read_inline(source, places)
    assert bare(read.text) == "abigcat@and<loc0001><loc0002><loc0003><loc0004>"
    assert bare(read_inline(source).text).startswith("<ref>abigcat</ref><box>")


def test_many_marks_in_one_line_are_still_read() -> None:
    source = " ; ".join(["<loc0256><loc0128><loc0768><loc0512> cat"] * 90)
    assert bare(read_inline(source, References(places=TAGS)).text) == ";".join(["@cat"] * 90)


@pytest.mark.parametrize(
    ("name", "count"),
    [("molmo", 300), ("kosmos-2", 200), ("molmo-2", 600), ("internvl", 300), ("glm-v", 300)],
)
def test_a_long_paragraph_is_cut_outside_of_its_marks(name: str, count: int) -> None:
    text = LARGE[name](count)
    splitter = MarkdownSplitter(places=TAGS)
    for start in range(0, len(text), 700):
        splitter.feed(text[start : start + 700])
    splitter.finish()
    assert "".join(block.source for block in splitter.blocks) == text
    read = [read_inline(block.source, block.references) for block in splitter.blocks]
    assert not re.search(r"<(?!grounding)|\d\]", "".join(each.text for each in read))
    whole = MarkdownSplitter(places=TAGS)
    whole.feed(text)
    whole.finish()
    assert [block.source for block in whole.blocks] == [block.source for block in splitter.blocks]


def test_a_mark_without_end_does_not_keep_a_paragraph_together() -> None:
    splitter = MarkdownSplitter(places=TAGS)
    splitter.feed("<points " + "and more " * 6_000)
    splitter.finish()
    assert max(block.size for block in splitter.blocks) <= LONGEST_MARK


@pytest.mark.parametrize("growing", [False, True])
@pytest.mark.parametrize("name", LARGE)
def test_more_marks_than_can_be_read_within_a_frame_are_shown_as_they_are_written(
    name: str, growing: bool
) -> None:
    prepare()
    text = LARGE[name](2_000) + " seen"
    read: list[str] = []
    at_most = calls(lambda: read_inline(text, growing=growing)) + 15_000
    places = References(places=TAGS)
    assert calls(lambda: read.append(read_inline(text, places, growing=growing).text)) < at_most
    assert read == [text]


def test_marks_in_a_table_are_read_and_copied(make_view: MakeView) -> None:
    text = "| what | where |\n|---|---|\n| cat | <box>[[1, 2, 3, 4]]</box> |"
    view = make_view([Entry("m", "assistant", text, places=Places(marks=TAGS))])
    assert texts(view) == [f"what\twhere\ncat\t{PLACE_SIGN}"]
    assert copied(view) == ("what\twhere\ncat\t<box>[[1, 2, 3, 4]]</box>", text)
    assert "".join(pieces(view._arrangement.messages[0].entry)).count("box") == 2


def test_what_a_sign_stands_for_is_found_at_the_sign(make_view: MakeView) -> None:
    entry = marked("paligemma")
    view = make_view([entry])
    finder = view._finding.finder
    view.find_words()
    finder.search("loc0512")
    message = view._arrangement.messages[0]
    places = finder.found.places_of(0)
    assert [message.text_of(0)[place.start : place.end].strip() for place in places] == [PLACE_SIGN] * 3
    assert sum(piece.count("loc0512") for piece in pieces(entry)) == len(places)


def test_json_of_places_is_one_line_until_it_is_asked_for(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([folded()])
    settled(view, qtbot)
    plain = make_view([replace(folded(), places=AS_WRITTEN)])
    settled(plain, qtbot)
    assert texts(view) == texts(plain)
    assert copied(view) == copied(plain)
    assert heights(view)[1] < heights(plain)[1] / 2
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=line_of(view))
    settled(view, qtbot)
    assert heights(view)[1] > heights(plain)[1]
    assert copied(view) == copied(plain)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=line_of(view))
    settled(view, qtbot)
    assert heights(view)[1] < heights(plain)[1] / 2


def test_an_answer_that_is_only_json_is_one_line_however_many_blocks_it_is(
    make_view: MakeView, qtbot: QtBot
) -> None:
    rows = ",\n\n".join('{"bbox_2d": [1, 2, 3, 4], "label": "sign"}' for _ in range(6))
    view = make_view([folded(f"[{rows}]", f"[{rows}]")])
    settled(view, qtbot)
    assert len(heights(view)) > 3
    assert heights(view)[1:] == [0] * (len(heights(view)) - 1)


def test_the_line_stands_out_for_all_that_is_behind_it_and_nothing_of_that_is_read(
    make_view: MakeView, qtbot: QtBot
) -> None:
    rows = ",\n\n".join('{"bbox_2d": [1, 2, 3, 4], "label": "sign"}' for _ in range(6))
    text = f"[{rows}]"
    view = make_view([folded(text, text)])
    settled(view, qtbot)
    plain = view.grab().toImage()
    last = text.rindex("{")
    view.set_spans("m", SpanMarks([SpanMark(last, len(text) - 1, "sign", "accent")]))
    view.highlight_spans("m", {"sign"})
    qtbot.waitUntil(lambda: view.grab().toImage() != plain)
    assert view._spans is not None and not view._spans._messages["m"].known


def test_the_line_is_reached_and_pressed_by_the_keyboard(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([folded()])
    settled(view, qtbot)
    message = view._arrangement.messages[0]
    line = next_control(message, controls.NONE, forward=True)
    assert line.kind == controls.PLACES
    assert words_of(message, line) == f"{WORDS}. Show as written"
    assert next_control(message, line, forward=True) == controls.NONE
    view._furniture.press(0, line)
    settled(view, qtbot)
    assert words_of(message, line) == f"{WORDS}. Show as places"
    assert next_control(message, line, forward=True).kind == controls.CODE


def test_going_to_words_in_what_is_folded_unfolds_it(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([folded()])
    settled(view, qtbot)
    view.find_words()
    view._finding.finder.search("door")
    qtbot.waitUntil(lambda: view._finding.finder.total == 1)
    settled(view, qtbot)
    blocks = view._arrangement.messages[0].blocks
    assert blocks is not None and not blocks[1].is_folded


def test_what_was_unfolded_stays_so_when_the_message_is_made_anew(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([folded()])
    settled(view, qtbot)
    messages = view._arrangement.messages
    messages[0].fold_places(1)
    seen = messages[0].seen
    assert seen is not None and seen.opened == {FENCED.index(JSON)}
    messages._let_go("m")
    assert (messages.opened(0).blocks or [])[1].is_folded is False


def test_an_answer_is_folded_when_it_ends_and_not_before(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([replace(folded(), status="streaming")])
    assert not any(block.is_folded for block in view._arrangement.messages[0].blocks or ())
    view.update_entry(replace(folded(), places=Places(marks=TAGS)))
    view.update_entry(folded())
    settled(view, qtbot)
    assert [block.is_folded for block in view._arrangement.messages[0].blocks or ()] == [False, True, False]
    view.update_entry(replace(folded(), places=AS_WRITTEN))
    assert not any(block.is_folded for block in view._arrangement.messages[0].blocks or ())


@pytest.fixture
def listening(qapp: object) -> Iterator[None]:
    """Assistive technology asks for events."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.mark.usefixtures("listening")
def test_a_screen_reader_hears_the_phrase_and_which_place(make_view: MakeView, qtbot: QtBot) -> None:
    entries = [marked("molmo"), folded()]
    view = make_view(entries)
    for entry, said in zip(entries, ("place 1 cat and place 2 place 3 black dogs", WORDS), strict=True):
        announce(view, entry)
        assert said in view.accessibleDescription()
        assert "bbox" not in view.accessibleDescription() and "<point" not in view.accessibleDescription()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    for said in (WORDS, "place 1 cat and place 2 place 3 black dogs"):
        QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
        settled(view, qtbot)
        (row,) = view.findChildren(ReaderRow)
        assert said in row.toPlainText()
        row.left.emit()
