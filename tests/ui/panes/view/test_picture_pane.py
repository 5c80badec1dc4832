from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_pane import PicturePane


@pytest.fixture
def pane(qtbot: QtBot) -> PicturePane:
    made = PicturePane()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_it_starts_empty_with_one_sentence_and_one_action(qtbot: QtBot, pane: PicturePane) -> None:
    assert pane.state == "empty"
    assert pane.empty.label.text() == "Drop a picture here, paste one, or open a file."
    with qtbot.waitSignal(pane.open_requested):
        qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)


def test_what_is_said_does_not_stick_out_from_behind_what_lies_over_it(pane: PicturePane) -> None:
    pane.empty.button.setFocus()
    pane.set_covered(True)
    assert not pane.empty.isVisible() and pane.state == "empty"
    pane.set_covered(False)
    assert pane.empty.isVisible() and pane.focusWidget() is pane.empty.button
    pane.set_covered(True)
    pane.show_loading("cat.jpg")
    pane.set_covered(False)
    assert pane.waiting.isVisible() and not pane.empty.isVisible()


def test_while_empty_it_says_what_has_to_be_installed(pane: PicturePane) -> None:
    pane.set_missing("Quick look needs packages that are not installed.")
    assert pane.empty.label.text() == "Quick look needs packages that are not installed."
    assert pane.empty.button.isVisible()
    pane.set_missing("")
    assert pane.empty.label.text() == "Drop a picture here, paste one, or open a file."


def test_it_says_what_it_reads(pane: PicturePane) -> None:
    pane.show_loading("cat.jpg")
    assert pane.state == "loading"
    assert pane.waiting.label.text() == "Reading cat.jpg…"


def test_a_picture_is_shown_and_let_go(pane: PicturePane) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    pane.show_picture(image, "cat.jpg")
    assert pane.state == "picture" and pane.view.has_image()
    pane.show_empty()
    assert pane.state == "empty" and not pane.view.has_image()


def test_a_problem_stands_in_place_as_plain_text(qtbot: QtBot, pane: PicturePane) -> None:
    pane.show_problem("<b>x.png</b> cannot be opened: it is a text file.")
    assert pane.state == "problem"
    assert pane.problem.label.text() == "<b>x.png</b> cannot be opened: it is a text file."
    assert pane.problem.label.textFormat() == Qt.TextFormat.PlainText
    with qtbot.waitSignal(pane.open_requested):
        qtbot.mouseClick(pane.problem.button, Qt.MouseButton.LeftButton)


def test_a_long_sentence_is_not_cut(pane: PicturePane) -> None:
    pane.resize(260, 400)
    pane.show_problem("The file ends before the picture does. " * 4)
    pane.grab()
    label = pane.problem.label
    assert label.height() >= label.heightForWidth(label.width())
