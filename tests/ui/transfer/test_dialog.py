from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.transfer.dialog import FEW, TransferDialog

LONG = "a photograph of the harbour in the evening, taken {number}.tif: it is 160 megapixels large."


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("offered", [True, False])
def test_many_notes_are_scrolled_and_leave_the_buttons_on_a_small_screen(qtbot: QtBot, offered: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = TransferDialog("Import", window)
    dialog.open()
    notes = [LONG.format(number=number) for number in range(FEW + 8)]
    if offered:
        dialog.show_offer("They can be opened anyway.", notes)
    else:
        dialog.show_result("Done.", notes)
    assert dialog.list.count() == len(notes) and dialog.words.isHidden()
    assert dialog.height() < 400
    assert dialog.take_button.isVisible() is dialog.decline_button.isVisible() is offered


@pytest.mark.usefixtures("dressed")
def test_return_leaves_out_what_is_opened_at_a_word_alone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = TransferDialog("Import", window)
    dialog.open()
    dialog.show_offer("They can be opened anyway.", ["large.tif: it is large."])
    with qtbot.waitSignal(dialog.declined), qtbot.assertNotEmitted(dialog.agreed):
        qtbot.keyClick(dialog.decline_button, Qt.Key.Key_Return)
    assert dialog.words.text() == "large.tif: it is large." and dialog.list.isHidden()
