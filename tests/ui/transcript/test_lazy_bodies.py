from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, on_screen, painted, settled
from ui.transcript.entry import Entry, Unloaded
from ui.transcript.layout.messages import MOST_MESSAGES, SPARE
from ui.transcript.selecting.selection import everything, plain_text
from ui.transcript.view import TranscriptView

TEXT = "A paragraph of some words that goes on for a while, so that it wraps. "
CODE = "\n\n```python\nfor n in range(3):\n    print(n)\n```\n\n- one\n- two\n"


def talk(count: int, *, start: int = 0) -> list[Entry]:
    """Questions and answers of many lengths; every tenth question has a picture."""
    rng = random.Random(start)
    return [
        Entry(
            f"m{n}",
            "assistant" if n % 2 else "user",
            f"Message {n}. " + TEXT * rng.randrange(1, 9) + (CODE if n % 6 == 1 else ""),
            heading="Model" * (n % 2),
            pictures=((f"{n:064x}", "a.png"),) if n % 20 == 0 else (),
        )
        for n in range(start, start + count)
    ]


def unloaded(entries: Sequence[Entry]) -> list[Unloaded]:
    return [
        Unloaded(each.id, each.role, len(each.text), each.text.count("\n") + 1, len(each.pictures))
        for each in entries
    ]


class Shelf:
    """Answers what a view wants, at once or (`slow`) when `deliver` is called."""

    def __init__(self, view: TranscriptView, entries: Sequence[Entry], *, slow: bool = False) -> None:
        self.asked: list[list[str]] = []
        self.entries = {entry.id: entry for entry in entries}
        self._view = view
        self._slow = slow
        self._due: list[str] = []
        view.entries_wanted.connect(self._take)
        view.destroyed.connect(lambda: self.entries.clear())  # keeps it for as long as the view

    def _take(self, ids: list[str]) -> None:
        self.asked.append(ids)
        self._due += ids
        if not self._slow:
            QTimer.singleShot(0, self._view, self.deliver)

    def deliver(self) -> None:
        """Hand over what was asked for."""
        due, self._due = self._due, []
        self._view.update_entries([self.entries[each] for each in due])


MakeShelf = Callable[..., tuple[TranscriptView, Shelf]]


@pytest.fixture
def make_shelf(make_view: MakeView) -> MakeShelf:
    """A view that is fed with `entries` as it wants them."""

    def make(entries: Sequence[Entry], *, slow: bool = False) -> tuple[TranscriptView, Shelf]:
        view = make_view()
        shelf = Shelf(view, entries, slow=slow)
        view.set_entries(unloaded(entries))
        return view, shelf

    return make


def go(view: TranscriptView, share: float) -> None:
    bar = view.verticalScrollBar()
    bar.setValue(round(share * bar.maximum()))


def read_through(view: TranscriptView, qtbot: QtBot) -> None:
    """Bring everything into sight once, so that no height is an estimate."""
    bar = view.verticalScrollBar()
    bar.setValue(0)
    settled(view, qtbot)
    while bar.value() < bar.maximum():
        bar.setValue(bar.value() + view.viewport().height())
        settled(view, qtbot)


def first_line(view: TranscriptView) -> tuple[str, int]:
    """A message that is loaded and in sight, and where it stands."""
    placed = next(p for p in view._arrangement.visible if p.message.blocks and p.top > -p.message.height + 30)
    return placed.message.entry.id, placed.top


def top_of(view: TranscriptView, message_id: str) -> int:
    number = view._arrangement.messages.number_of(message_id)
    assert number is not None
    return view._arrangement.top(number) - view._arrangement.offset


def alike(one: QImage, other: QImage) -> bool:
    """Whether no pixel differs, but by a shade: Qt draws a round corner that leaves the screen
    a little otherwise than the whole corner."""
    if one == other:
        return True
    pairs = zip(bytes(one.constBits()), bytes(other.constBits()), strict=True)
    return max(abs(a - b) for a, b in pairs) <= 2


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_only_what_is_near_sight_is_asked_for_and_made(make_view: MakeView, qtbot: QtBot, count: int) -> None:
    view = make_view()
    shelf = Shelf(view, talk(200, start=count - 200))
    rows = [Unloaded(f"m{n}", "assistant" if n % 2 else "user", 400, 2) for n in range(count)]
    view.set_entries(rows)
    settled(view, qtbot)
    asked = [each for several in shelf.asked for each in several]
    assert f"m{count - 1}" in shelf.asked[0]
    assert 5 < len(asked) == len(set(asked)) < 60
    messages = view._arrangement.messages
    assert sum(messages.made(number) is not None for number in range(count)) < 60
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 40 * count


def test_what_was_fetched_looks_like_what_was_there(
    make_shelf: MakeShelf, make_view: MakeView, qtbot: QtBot
) -> None:
    entries = talk(60)
    (view, _), other = make_shelf(entries), make_view(entries)
    for each in (view, other):
        read_through(each, qtbot)
    assert view.verticalScrollBar().maximum() == other.verticalScrollBar().maximum()
    for share in (1.0, 0.0, 0.37, 0.81):
        for each in (view, other):
            go(each, share)
            settled(each, qtbot)
        assert painted(view) == painted(other), share


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 60))])
def test_partial_repaints_leave_what_a_whole_repaint_gives_whatever_happens(
    make_shelf: MakeShelf, qtbot: QtBot, seed: int
) -> None:
    rng = random.Random(seed)
    view, _ = make_shelf(talk(120))
    view.append(Entry("live", "assistant", status="streaming", heading="Model"))
    bar, text = view.verticalScrollBar(), ""
    for step in range(30):
        deed = rng.randrange(5)
        if deed == 0:
            bar.setValue(rng.randrange(bar.maximum()))
        elif deed == 1:
            view.resize(rng.choice((380, 560, 720, 1_000)), rng.choice((300, 560)))
        elif deed == 2:
            view.scroll_to_bottom()
        else:
            bar.setValue(bar.value() + rng.choice((-400, -90, -30, 30, 90, 400)))
        for _ in range(rng.randrange(4)):
            text += rng.choice((TEXT, CODE, "word ", "\n\n"))
            view.update_entry(Entry("live", "assistant", text, "streaming", "Model"))
            QApplication.processEvents()
        settled(view, qtbot)
        area = view.viewport().geometry()
        assert alike(on_screen(view).copy(area), painted(view).copy(area)), step


def test_what_is_read_stays_while_words_come_above_and_an_answer_grows_below(
    make_shelf: MakeShelf, qtbot: QtBot
) -> None:
    view, shelf = make_shelf(talk(400), slow=True)
    answer = Entry("live", "assistant", status="streaming", heading="Model")
    view.append(answer)
    go(view, 0.5)
    qtbot.waitUntil(lambda: bool(shelf.asked))
    shelf.deliver()
    message_id, top = first_line(view)
    for count in range(1, 301):
        view.update_entry(replace(answer, text="ten more tokens of an answer that goes on and on " * count))
        QApplication.processEvents()
        if count % 5 == 0:
            shelf.deliver()
        assert top_of(view, message_id) == top, count
    assert len({each for several in shelf.asked for each in several}) > 10


def test_words_that_come_late_move_nothing_that_is_read(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    """Sizes that are far from the truth included."""
    entries = talk(60)
    view, shelf = make_shelf(entries, slow=True)
    wrong = [row._replace(characters=10 + 3_000 * (n % 3)) for n, row in enumerate(unloaded(entries))]
    view.set_entries(())
    view.set_entries(wrong)
    go(view, 0.6)
    qtbot.waitUntil(lambda: bool(shelf.asked))
    several = list(shelf._due)
    view.update_entries([shelf.entries[several[len(several) // 2]]])
    message_id, top = first_line(view)
    for each in several:
        view.update_entries([shelf.entries[each]])
        QApplication.processEvents()
        assert top_of(view, message_id) == top, each


def test_far_messages_are_let_go_of_and_come_back_as_high_as_they_were(
    make_shelf: MakeShelf, qtbot: QtBot
) -> None:
    view, shelf = make_shelf(talk(200))
    bar = view.verticalScrollBar()
    read_through(view, qtbot)
    highest, messages = bar.maximum(), view._arrangement.messages
    assert sum(messages.row(n).loaded for n in range(200)) <= MOST_MESSAGES + SPARE
    asked = len(shelf.asked)
    for share in (0.0, 0.5, 0.2):
        go(view, share)
        settled(view, qtbot)
        assert bar.maximum() == highest
    assert len(shelf.asked) > asked


def test_an_answer_that_came_here_is_kept_however_far_it_is(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    """Nobody said that it can be asked for."""
    view, shelf = make_shelf(talk(300))
    view.append(Entry("mine", "assistant", TEXT))
    for share in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
        go(view, share)
        settled(view, qtbot)
    assert view._arrangement.messages.row(300).loaded
    assert "mine" not in {each for several in shelf.asked for each in several}


def test_another_branch_keeps_what_both_have_and_where_it_is_read(
    make_shelf: MakeShelf, qtbot: QtBot
) -> None:
    entries, others = talk(80), talk(30, start=1_000)
    view, shelf = make_shelf(entries)
    shelf.entries |= {entry.id: entry for entry in others}
    settled(view, qtbot)
    messages = view._arrangement.messages
    view.reveal("m72")
    settled(view, qtbot)
    kept, top = messages[72], top_of(view, "m72")
    view.set_entries(unloaded(entries[:74] + others))
    settled(view, qtbot)
    assert messages[72] is kept
    assert top_of(view, "m72") == top
    assert not view.following
    view.set_entries(unloaded(entries))
    settled(view, qtbot)
    assert top_of(view, "m72") == top


def test_the_foot_of_another_answer_stays_under_the_mouse(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    """Where nothing is in sight that both branches have."""
    entries = talk(21)
    long = replace(entries[-1], id="long", role="assistant", text=TEXT * 60)
    longer = replace(long, id="longer", text=TEXT * 75)
    after = talk(10, start=1_000)
    view, shelf = make_shelf([*entries[:-1], long, *after])
    shelf.entries["longer"] = longer
    settled(view, qtbot)
    view._arrangement.hold("m1000", -1, 400)
    view._settle()
    settled(view, qtbot)
    view.set_entries(unloaded([*entries[:-1], longer, *after]))
    settled(view, qtbot)
    assert top_of(view, "m1000") == 400


def test_a_conversation_that_went_on_is_shown_from_its_end(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    entries = talk(40)
    view, _ = make_shelf(entries[:38])
    go(view, 0.3)
    view.set_entries(entries)
    assert view.following
    assert view._arrangement.visible[-1].message.entry.id == "m39"


def test_a_message_is_revealed_when_its_words_are_there(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    view, shelf = make_shelf(talk(300), slow=True)
    told: list[tuple[str, str]] = []
    view.message_revealed.connect(lambda *args: told.append(args))
    view.reveal("m40", "words")
    assert told == []
    qtbot.waitUntil(lambda: "m40" in shelf._due)
    shelf.deliver()
    assert told == [("m40", "words")]
    assert top_of(view, "m40") == view.viewport().height() // 8
    view.reveal("nobody")
    view.reveal("m40")
    assert told[1:] == [("m40", "")]


def test_what_is_there_is_shown_until_its_newer_state_comes(make_shelf: MakeShelf, qtbot: QtBot) -> None:
    entries = talk(6)
    view, shelf = make_shelf(entries)
    settled(view, qtbot)
    before, asked = painted(view), len(shelf.asked)
    shelf.entries["m5"] = replace(entries[5], text="Another state")
    view.set_entries(unloaded(entries))
    assert painted(view) == before
    settled(view, qtbot)
    assert {each for several in shelf.asked[asked:] for each in several} == {each.id for each in entries}
    assert view._arrangement.messages[5].entry.text == "Another state"


def test_all_of_a_long_conversation_is_copied_also_what_is_not_loaded(
    make_shelf: MakeShelf, make_view: MakeView, qtbot: QtBot
) -> None:
    entries = talk(160)
    (view, _), other = make_shelf(entries), make_view(entries)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    view.select_all()
    view.copy()
    assert clipboard.text() == "before"
    assert view._copying is not None
    qtbot.waitUntil(lambda: view._copying is not None and not view._copying.busy)
    everything_said = everything(other._arrangement.messages)
    assert everything_said is not None
    assert clipboard.text() == plain_text(everything_said, other._arrangement.messages, named=True)
    messages = view._arrangement.messages
    assert sum(messages.row(number).loaded for number in range(160)) <= MOST_MESSAGES + SPARE
    view.copy_markdown()
    view.set_entries(())
    assert not view._copying.busy


def test_there_and_back_again_the_first_line_in_sight_is_the_same(
    make_shelf: MakeShelf, qtbot: QtBot
) -> None:
    view, _ = make_shelf(talk(200))
    go(view, 0.4)
    settled(view, qtbot)
    before = painted(view)
    for width in (400, 900, 333, 640, 512, 720):
        view.resize(width, 560)
        settled(view, qtbot)
    assert painted(view) == before


def test_a_selection_by_mouse_stays_while_the_answer_grows_and_words_come(
    make_shelf: MakeShelf, qtbot: QtBot
) -> None:
    view, _ = make_shelf(talk(100))
    answer = Entry("live", "assistant", TEXT * 40 + CODE, status="streaming")
    view.append(answer)
    settled(view, qtbot)
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.mouseMove(port, QPoint(400, 330))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(400, 330))
    chosen = view.selected_text()
    assert len(chosen) > 200
    text = answer.text
    for count in range(100):
        text += TEXT if count % 7 else CODE
        view.update_entry(replace(answer, text=text))
        QApplication.processEvents()
    go(view, 0.9)
    settled(view, qtbot)
    assert view.selected_text() == chosen
