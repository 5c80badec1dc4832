from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, on_screen, painted, settled
from ui.theme import palette
from ui.transcript.blocks.style import MESSAGE_GAP
from ui.transcript.entry import Entry
from ui.transcript.layout.messages import MOST_MESSAGES, SPARE
from ui.transcript.stream_buffer import SLOWEST_MS, USUAL_SHARE, StreamBuffer
from ui.transcript.view import TranscriptView

Question = Entry("q", "user", "What is <b>this</b>?", pictures=(("a" * 64, "cat.png"),))
TEXT = "A paragraph of some words that goes on for a while, so that it wraps. "


def talk(count: int) -> list[Entry]:
    return [
        Entry(
            f"m{n}",
            "assistant" if n % 2 else "user",
            f"Message {n}. " + TEXT * (1 + n % 5),
            heading="Model" * (n % 2),
        )
        for n in range(count)
    ]


def stream(view: TranscriptView, entry: Entry, text: str, step: int) -> None:
    for end in range(step, len(text) + step, step):
        view.update_entry(replace(entry, text=text[:end], status="streaming"))
        QApplication.processEvents()
    view.update_entry(replace(entry, text=text, status="done"))


def read_through(view: TranscriptView, qtbot: QtBot) -> None:
    """Bring everything into sight once and lay it out, so that no height is an estimate."""
    bar = view.verticalScrollBar()
    bar.setValue(0)
    settled(view, qtbot)
    while bar.value() < bar.maximum():
        bar.setValue(bar.value() + 300)
        settled(view, qtbot)


@pytest.mark.parametrize("step", [7, 61, 100_000])
def test_a_streamed_answer_looks_like_one_from_history(
    make_view: MakeView, qtbot: QtBot, rich: str, step: int
) -> None:
    answer = Entry("1", "assistant", heading="Model", status="streaming")
    view, other = (
        make_view([Question, answer]),
        make_view([Question, replace(answer, text=rich, status="done")]),
    )
    stream(view, answer, rich, step)
    for each in (view, other):
        read_through(each, qtbot)
    for position in (1.0, 0.0, 0.4):
        for each in (view, other):
            bar = each.verticalScrollBar()
            bar.setValue(round(position * bar.maximum()))
            settled(each, qtbot)
        assert view.verticalScrollBar().maximum() == other.verticalScrollBar().maximum()
        assert painted(view) == painted(other), position


def test_partial_repaints_leave_what_a_whole_repaint_gives(
    make_view: MakeView, qtbot: QtBot, rich: str
) -> None:
    answer = Entry("1", "assistant", heading="Model", status="streaming")
    view = make_view([*talk(6), answer])
    text = rich * 2
    for end in range(0, len(text), 23):
        view.update_entry(replace(answer, text=text[:end]))
        QApplication.processEvents()
        if end % (23 * 8) == 0:
            settled(view, qtbot)
            assert on_screen(view) == painted(view), end
    bar = view.verticalScrollBar()
    for value in (bar.maximum() - 30, bar.maximum() - 200, 900, 850, 20, 60):
        bar.setValue(value)
        settled(view, qtbot)
        assert on_screen(view) == painted(view), value


@pytest.mark.parametrize(
    "text",
    [
        "Left and **bold and *both* words** with `code` go on to the next line. " * 12,
        "- one item that is long enough to wrap, and a second line of it, too\n" * 12,
        "```python\n" + 'def f(x):\n    """Say\n    it."""\n    return x\n' * 9 + "```\nAfter.\n",
        "| a | b |\n|---|---|\n" + "| one | two words |\n| a far longer cell than before | x |\n" * 6,
        "123, 456. " * 30 + "العربية " * 40 + "and back to the left. " * 12,
        "Unfinished **bold that is never closed, [a link](https://example.org/x and `code " * 8,
    ],
    ids=["paragraph", "list", "code", "table", "directions", "unclosed"],
)
@pytest.mark.parametrize("step", [3, 31])
def test_what_a_growing_block_keeps_on_the_screen_is_what_would_be_painted(
    make_view: MakeView, text: str, step: int
) -> None:
    answer = Entry("1", "assistant", heading="Model", status="streaming")
    view = make_view([*talk(2), answer])
    for end in range(0, len(text), step):
        view.update_entry(replace(answer, text=f"First.\n\n{text[:end]}"))
        QApplication.processEvents()
        if end // step % 5 == 0:
            assert on_screen(view) == painted(view), end


def test_following_ends_when_the_user_scrolls_and_comes_back_at_the_end(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view(talk(30))
    bar = view.verticalScrollBar()
    assert view.following
    assert bar.value() == bar.maximum() > 0
    with qtbot.waitSignal(view.following_changed) as told:
        bar.setValue(bar.maximum() - 300)
    assert told.args == [False]
    assert view._button.isVisible()
    with qtbot.waitSignal(view.following_changed) as told:
        qtbot.mouseClick(view._button, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert bar.value() == bar.maximum()
    assert not view._button.isVisible()


def test_the_view_keeps_to_the_end_while_the_answer_grows(make_view: MakeView) -> None:
    answer = Entry("1", "assistant", status="streaming")
    view = make_view([*talk(4), answer])
    for count in range(1, 60):
        view.update_entry(replace(answer, text=TEXT * count))
        bar = view.verticalScrollBar()
        assert bar.value() == bar.maximum()
    assert view.following


def test_what_is_read_stays_in_place_while_the_answer_grows(make_view: MakeView, qtbot: QtBot) -> None:
    answer = Entry("1", "assistant", TEXT * 30, status="streaming")
    view = make_view([*talk(10), answer])
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() - 400)
    settled(view, qtbot)
    before, value = painted(view), view.verticalScrollBar().value()
    view.update_entry(replace(answer, text=TEXT * 30 + "\n\n" + TEXT * 50))
    settled(view, qtbot)
    assert view.verticalScrollBar().value() == value
    assert painted(view).copy(0, 0, 700, 100) == before.copy(0, 0, 700, 100)


def test_scrolling_up_through_unseen_messages_moves_by_what_was_asked(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view(talk(300))
    for _ in range(40):
        first = view._arrangement.visible[-1]
        view._scroll_by(-90)
        again = next(placed for placed in view._arrangement.visible if placed.index >= first.index - 1)
        if again.index == first.index:
            assert again.top == first.top + 90


def test_resizing_keeps_the_first_line_in_sight(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(80), width=700)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    index = view._arrangement.visible[0].index
    for width in (360, 900, 420, 700):
        view.resize(width, 560)
        assert abs(view._arrangement.visible[0].index - index) <= 1
    view.scroll_to_bottom()
    view.resize(400, 300)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_the_way_to_the_end_is_offered_only_where_something_is_below(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view([Entry("1", "assistant", "A cat.", status="done")])
    view.reveal("1")
    settled(view, qtbot)
    assert not view._button.isVisible()
    view = make_view(talk(80))
    settled(view, qtbot)
    assert not view._button.isVisible()
    view.verticalScrollBar().setValue(100)
    assert view._button.isVisible()
    view._button.click()
    assert not view._button.isVisible()


def test_a_column_is_sixty_to_eighty_characters_wide_and_centred(make_view: MakeView) -> None:
    view = make_view([Entry("1", "assistant", TEXT * 5)], width=1_400)
    arrangement = view._arrangement
    assert 60 <= arrangement.width / view._style.char_width <= 80
    assert abs(2 * arrangement.left + arrangement.width - view.viewport().width()) <= 1


def test_an_unknown_id_is_ignored(make_view: MakeView) -> None:
    view = make_view(talk(3))
    before = view._arrangement.total
    view.update_entry(Entry("nobody", "assistant", TEXT * 9))
    assert view._arrangement.total == before


def test_text_that_did_not_only_grow_is_read_again(make_view: MakeView, qtbot: QtBot) -> None:
    answer = Entry("1", "assistant", "# One\n\n- two", status="streaming")
    view, other = make_view([answer]), make_view([replace(answer, text="Other **text**", status="done")])
    view.update_entry(replace(answer, text="Other **text**", status="done"))
    assert painted(view) == painted(other)


def test_every_part_of_an_entry_changes_in_place(make_view: MakeView, qtbot: QtBot) -> None:
    first = Entry("1", "assistant", status="sending", heading="Model", waiting="connected, 4 s")
    last = Entry(
        "1", "assistant", "Half", "interrupted", "Other", "12 tokens", "Interrupted. The text was kept."
    )
    view, other = make_view([Question, first]), make_view([Question, last])
    view.update_entry(last)
    settled(view, qtbot)
    assert painted(view) == painted(other)


def test_another_theme_repaints_everything(
    make_view: MakeView, qapp: QApplication, qtbot: QtBot, rich: str
) -> None:
    entries = [Question, Entry("1", "assistant", rich, heading="Model", notice="Cut off")]
    view = make_view(entries)
    light = painted(view)
    palette.apply(qapp, "dark")
    settled(view, qtbot)
    dark = painted(view)
    assert QColor(dark.pixel(10, 10)) == palette.current().surface
    assert dark != light
    other = make_view(entries)
    palette.apply(qapp, "dark")
    settled(other, qtbot)
    assert painted(other) == dark


@pytest.mark.parametrize("scale", [1.25, 2.0])
def test_painting_at_another_scale_is_sharp_and_whole(
    make_view: MakeView, qtbot: QtBot, rich: str, scale: float
) -> None:
    view = make_view([Question, Entry("1", "assistant", rich, heading="Model")])
    settled(view, qtbot)
    image = QImage(view.viewport().size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    view.viewport().render(image)
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 20


def test_a_question_asks_for_its_thumbnails_once_and_a_click_tells_which(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view()
    asked: list[str] = []
    view.thumbnail_wanted.connect(asked.append)
    view.set_entries([Question])
    view.viewport().repaint()
    assert asked == ["a" * 64]
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff0000"))
    view.set_thumbnail("a" * 64, picture)
    spots = [
        QPoint(x, y)
        for x in range(0, view.viewport().width(), 8)
        for y in range(0, 200, 8)
        if view._pointer.picture_at(QPointF(x, y))
    ]
    assert spots
    grabbed = painted(view)
    middle = spots[len(spots) // 2]
    assert QColor(grabbed.pixel(middle + view.viewport().pos())) == QColor("#ff0000")
    with qtbot.waitSignal(view.picture_activated) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert told.args == ["a" * 64]


def test_keys_scroll(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(talk(30))
    bar = view.verticalScrollBar()
    for key, moves in ((Qt.Key.Key_PageUp, True), (Qt.Key.Key_Up, True), (Qt.Key.Key_Down, True)):
        before = bar.value()
        QTest.keyClick(view, key)
        assert (bar.value() != before) is moves
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    assert view.accessibleName()


def test_a_ring_shows_that_the_keyboard_is_here(make_view: MakeView) -> None:
    view = make_view(talk(3))
    ring = palette.current().focus
    for reason, ringed in ((Qt.FocusReason.MouseFocusReason, False), (Qt.FocusReason.TabFocusReason, True)):
        QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, reason))
        assert (QColor(painted(view).pixel(0, 100)) == ring) is ringed
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))
    assert QColor(painted(view).pixel(0, 100)) != ring


def test_only_recently_seen_messages_keep_their_layout(make_view: MakeView) -> None:
    view = make_view(talk(400))
    bar = view.verticalScrollBar()
    for value in range(bar.maximum(), 0, -500):
        bar.setValue(value)
    messages = view._arrangement.messages
    made = [messages.made(number) for number in range(len(messages))]
    assert 20 < sum(message is not None for message in made) <= MOST_MESSAGES + SPARE + 10


def test_a_conversation_is_cleared(make_view: MakeView) -> None:
    view = make_view(talk(20))
    view.clear()
    view.append(Entry("n", "assistant", "New"))
    assert [placed.message.entry.text for placed in view._arrangement.visible] == ["New"]


def test_only_the_newest_state_is_shown_once_a_frame(
    make_view: MakeView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Entry("1", "assistant", status="streaming")
    view = make_view([answer])
    shown: list[str] = []
    monkeypatch.setattr(view, "update_entry", lambda entry: shown.append(entry.text))
    buffer = StreamBuffer(view)
    for count in range(1, 50):
        buffer.put(replace(answer, text="x" * count))
    assert shown == []
    qtbot.waitUntil(lambda: shown == ["x" * 49])
    buffer.put(replace(answer, text="dropped"))
    buffer.clear()
    buffer.flush()
    assert shown == ["x" * 49]
    buffer._cost_ms = 1_000
    assert buffer.interval_ms == SLOWEST_MS
    buffer._cost_ms, buffer._usual_ms = 1, 4
    assert buffer.interval_ms == USUAL_SHARE * 4


def test_a_name_too_long_for_the_column_is_cut_in_the_middle_and_told_whole(
    make_view: MakeView, qtbot: QtBot
) -> None:
    name = "Endpoint · maker/" + "a-long-family-name-" * 12 + "11b-q4"
    view = make_view([Entry("1", "assistant", "Text", heading=name)])
    settled(view, qtbot)
    message = view._arrangement.messages[0]
    heading = message.frame._heading
    assert heading is not None
    assert heading.natural_width <= view._arrangement.width
    assert heading.text.startswith("Endpoint · maker/")
    assert heading.text.endswith("11b-q4")
    at = QPoint(view._arrangement.left + 20, -view._arrangement.offset + MESSAGE_GAP + 4)
    asked = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), asked)
    assert name in QToolTip.text()
    QToolTip.hideText()


def test_a_name_that_fits_is_whole(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([Entry("1", "assistant", "Text", heading="Endpoint · model")])
    settled(view, qtbot)
    frame = view._arrangement.messages[0].frame
    assert frame._heading is not None
    assert frame._heading.text == "Endpoint · model"
    assert frame.elided_at(5, MESSAGE_GAP + 4, view._arrangement.messages[0].height) == ""


def test_the_column_stands_still_when_there_is_more_than_fits(make_view: MakeView, qtbot: QtBot) -> None:
    answer = Entry("1", "assistant", "Text", "streaming")
    view = make_view([answer])
    before = view._arrangement.left, view.viewport().width()
    view.update_entry(replace(answer, text="Text\n\n" * 200))
    settled(view, qtbot)
    assert view.verticalScrollBar().maximum() > 0
    assert (view._arrangement.left, view.viewport().width()) == before
