"""Choosing on a still: by pointer, by keyboard, a window, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.capture.countdown import Countdown
from ui.capture.overlay import Choosing, Overlay, Target
from ui.capture.selection import Selection
from ui.capture.stills import Still, Way, way_here

LEFT = Qt.MouseButton.LeftButton
Taken = list[QRect | None]


class Trial:
    """What came of choosing on a still of `ratio` pixels a unit; None for leaving."""

    def __init__(self, targets: list[Target] | None, ratio: float) -> None:
        screen = QGuiApplication.primaryScreen()
        size = QSize(round(screen.geometry().width() * ratio), round(screen.geometry().height() * ratio))
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(QColor(9, 9, 9))
        self.image = image
        self.taken: list[QImage | None] = []
        self.choosing = Choosing([Still(screen, image, ratio)], targets)
        self.choosing.taken.connect(self.taken.append)
        self.choosing.left.connect(lambda: self.taken.append(None))
        self.choosing.begin()

    @property
    def overlay(self) -> Overlay:
        return self.choosing.overlays[0]


@pytest.fixture
def trials(qtbot: QtBot) -> Iterator[list[Trial]]:
    made: list[Trial] = []
    yield made
    for trial in made:
        trial.choosing.close()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_dragged_region_has_all_pixels_of_the_screen(trials: list[Trial], ratio: float) -> None:
    trial = Trial(None, ratio)
    trials.append(trial)
    corner = QColor(200, 100, 50)
    trial.image.setPixelColor(round(100 * ratio), round(60 * ratio), corner)
    overlay = trial.overlay
    QTest.mousePress(overlay, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(100, 60))
    QTest.mouseMove(overlay, QPoint(180, 90))
    QTest.mouseRelease(overlay, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(200, 120))
    (image,) = trial.taken
    assert image is not None
    assert image.size() == QSize(round(100 * ratio), round(60 * ratio))


def test_a_click_means_nothing_and_escape_leaves(trials: list[Trial]) -> None:
    trial = Trial(None, 1.0)
    trials.append(trial)
    QTest.mouseClick(trial.overlay, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(50, 50))
    assert trial.taken == []
    QTest.keyClick(trial.overlay, Qt.Key.Key_Escape)
    assert trial.taken == [None]
    assert trial.choosing.overlays == []


def test_a_region_can_be_chosen_without_a_pointer(trials: list[Trial]) -> None:
    trial = Trial(None, 1.0)
    trials.append(trial)
    overlay = trial.overlay
    overlay.selection.put(QPoint(10, 20))
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(overlay, key)
    QTest.keyClick(overlay, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert overlay.rect_chosen() == QRect(10, 20, 19, 10)
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    (image,) = trial.taken
    assert image is not None and image.size() == QSize(19, 10)


def test_the_topmost_window_below_the_pointer_is_taken(trials: list[Trial]) -> None:
    targets = [
        Target(QRect(100, 100, 50, 40), "in front"),
        Target(QRect(90, 90, 200, 200), "behind"),
        Target(QRect(-50, -50, 100, 90), "half outside"),
        Target(QRect(5000, 0, 10, 10), "on no screen"),
    ]
    trial = Trial(targets, 1.0)
    trials.append(trial)
    overlay = trial.overlay
    QTest.mouseMove(overlay, QPoint(120, 120))
    assert overlay.rect_chosen() == targets[0].rect
    QTest.mouseMove(overlay, QPoint(95, 95))
    assert overlay.rect_chosen() == targets[1].rect
    QTest.mouseMove(overlay, QPoint(600, 600))
    assert overlay.rect_chosen().isEmpty()
    QTest.mouseClick(overlay, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(600, 600))
    assert trial.taken == []
    QTest.keyClick(overlay, Qt.Key.Key_Right)
    assert overlay.rect_chosen() == targets[0].rect
    QTest.keyClick(overlay, Qt.Key.Key_Left)
    assert overlay.rect_chosen() == QRect(0, 0, 50, 40)
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    (image,) = trial.taken
    assert image is not None and image.size() == QSize(50, 40)


def test_a_selection_stays_on_its_still_whichever_way_it_is_drawn() -> None:
    selection = Selection(QSize(100, 50), QPoint(500, -3))
    assert selection.cursor == QPoint(100, 0)
    selection.begin()
    selection.move(-30, 20)
    assert selection.rect() == QRect(70, 0, 30, 20)
    selection.move(-500, 500)
    assert selection.rect() == QRect(0, 0, 100, 50)
    selection.put(QPoint(99, 1))
    assert selection.rect().isEmpty()


@pytest.mark.parametrize(
    ("platform", "environment", "way"),
    [
        ("xcb", {}, Way.GRAB),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("wayland-egl", {"WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("windows", {}, Way.GRAB),
        ("cocoa", {}, Way.GRAB),
        ("offscreen", {}, Way.NONE),
    ],
)
def test_each_desktop_has_its_way(platform: str, environment: dict[str, str], way: Way) -> None:
    assert way_here(platform, environment) is way


def test_the_seconds_are_counted_and_can_be_cancelled(qtbot: QtBot) -> None:
    ended: list[str] = []
    said: list[str] = []
    for press in (False, True):
        countdown = Countdown(2)
        qtbot.addWidget(countdown)
        countdown.over.connect(lambda: ended.append("over"))
        countdown.cancelled.connect(lambda: ended.append("cancelled"))
        countdown.begin()
        assert countdown.isVisible()
        said.append(countdown.words.text())
        if press:
            countdown.cancel_button.click()
        else:
            countdown._timer.timeout.emit()
            said.append(countdown.words.text())
            countdown._timer.timeout.emit()
        assert not countdown.isVisible()
    assert ended == ["over", "cancelled"]
    assert said == ["Capture in 2 seconds", "Capture in 1 second", "Capture in 2 seconds"]
