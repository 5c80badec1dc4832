from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.geometry import Point
from app.domain.region import Region, RegionKind, Treatment
from ui.composer.attachment_strip import AttachmentChip
from ui.main_window import MainWindow

EYE = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(1, 1), Point(9, 9)))


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    for _ in made.build():
        pass
    return made


def test_nothing_overlaps_with_marks_a_notice_pictures_and_an_answer(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.filmstrip.show()
    window.show_conversation(True)
    window.show_notice("Covered places are painted over in what is sent.")
    marked = Treatment((EYE,))
    window.composer.set_attachments([AttachmentChip("1", "cat.png", "ready", "", "a" * 64, marked)])
    window.resize(641, 480)
    parts: list[QWidget] = [window.composer, window.panes, window.filmstrip, window.transcript]
    qtbot.waitUntil(lambda: all(p.height() >= p.minimumSizeHint().height() for p in parts))
    edit, strip = window.composer.edit, window.composer.strip
    assert strip.geometry().bottom() < edit.geometry().top()
    assert window.composer.height() <= window.height() / 2
