"""The window at 640 x 480, with as much in it as there can be, in the application's theme and fonts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.geometry import Point
from app.domain.region import Region, RegionKind, Treatment
from ui.composer.attachment_chip import AttachmentChip, ChipWidget
from ui.composer.meter import Meter
from ui.main_window import MainWindow
from ui.panes.area.arrangement import Tab
from ui.theme import fonts

EYE = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(1, 1), Point(9, 9)))
MARKED = AttachmentChip("1", "cat.png", "ready", "", "a" * 64, Treatment((EYE,)))
REFUSED = AttachmentChip("2", "dog.jpg", "refused", "Not opened: the file is cut off or damaged.")
NAMES = {"a" * 64: "cat.png", "b" * 64: "dog.png"}


@pytest.fixture(params=[1.0, 1.2], ids=["usual text", "larger text"])
def text(request: pytest.FixtureRequest, qapp: QApplication, dressed: None) -> Iterator[None]:
    """How large the desktop's text is."""
    before = QFont(qapp.font()), fonts._Scale.factor
    fonts._Scale.factor = request.param
    qapp.setFont(fonts.font("label"))
    yield
    qapp.setFont(before[0])
    fonts._Scale.factor = before[1]


@pytest.fixture
def window(qtbot: QtBot, text: None) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    for _ in made.build():
        pass
    return made


def fill(window: MainWindow) -> None:
    window.panes.set_pictures(NAMES)
    for sha256 in NAMES:
        window.panes.open_tab(Tab(sha256))
    window.filmstrip.set_pictures(list(NAMES.items()))
    window.talk.show(True)
    window.show_notice("Covered places are painted over in what is sent.")
    window.composer.set_attachments([MARKED])


def place(part: QWidget, window: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint()), part.size())


def test_nothing_overlaps_with_marks_a_notice_pictures_and_an_answer(
    qtbot: QtBot, window: MainWindow
) -> None:
    fill(window)
    composer = window.composer
    rows: list[QWidget] = [window.top_bar, window.panes, window.filmstrip, window.transcript]
    rows += [window.notice, composer.strip, composer.edit]

    def stand_free() -> bool:
        places = [place(row, window) for row in rows]
        return all(above.bottom() < below.top() for above, below in pairwise(places))

    qtbot.waitUntil(stand_free)
    qtbot.waitUntil(lambda: all(row.height() >= least_height(row) for row in (*rows, composer)))
    assert window.minimumSizeHint().height() <= 480 and window.minimumSizeHint().width() <= 640
    assert composer.height() <= window.height() / 2


def least_height(part: QWidget) -> int:
    """What a layout leaves a widget at least: what it was told, or what the widget asks for."""
    return part.minimumHeight() or part.minimumSizeHint().height()


def test_a_long_notice_leaves_the_pictures_and_the_conversation_room(
    qtbot: QtBot, window: MainWindow
) -> None:
    fill(window)
    Meter(window.composer).say("4 pictures, 828 tokens, 259 kB, on this computer")
    said = "An answer in “Where are the eyes?” was cut off when Fovea ended. What had arrived is kept."
    window.show_notice(said, "warning", "Continue")
    qtbot.waitUntil(lambda: window.panes.height() >= 88 and window.transcript.height() >= 48)
    assert window.minimumSizeHint().height() <= 480 == window.height()
    strip, composer = window.composer.strip, window.composer
    qtbot.waitUntil(lambda: place(composer, window).bottom() < 480 and strip.height() >= 48)


def test_a_refusal_beside_a_marked_picture_is_in_sight(qtbot: QtBot, window: MainWindow) -> None:
    fill(window)
    qtbot.waitUntil(lambda: window.composer.strip.height() > 0)
    window.composer.set_attachments([MARKED, REFUSED])
    strip = window.composer.strip
    refused = next(chip for chip in strip.findChildren(ChipWidget) if chip.shown.key == REFUSED.key)

    def is_seen() -> bool:
        return strip.viewport().rect().contains(place(refused, strip.viewport()))

    qtbot.waitUntil(is_seen)
    bar = strip.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    window.resize(640, 481)
    window.composer.set_attachments([MARKED, REFUSED])
    assert bar.value() == 0, "the user scrolled away from it"


def test_an_empty_pane_shows_its_sentence_and_its_button_whole(qtbot: QtBot, window: MainWindow) -> None:
    window.talk.show(True)
    window.show_notice("Covered places are painted over in what is sent.")
    window.composer.set_attachments([MARKED])
    empty = window.pane.empty
    qtbot.waitUntil(lambda: empty.height() < 150)
    assert all(empty.rect().contains(part.geometry()) for part in (empty.label, empty.button))
    assert empty.label.height() >= empty.label.heightForWidth(empty.label.width())
    assert empty.button.height() >= empty.button.sizeHint().height()
    assert not empty.label.geometry().intersects(empty.button.geometry()) and empty.picture.isHidden()
