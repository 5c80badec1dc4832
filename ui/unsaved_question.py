"""Asking before a window is closed over what could not be saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget


def ask_what_to_do(parent: QWidget, why: str, answer: Callable[[str], object]) -> QMessageBox:
    """Ask what becomes of text that only the window holds; `why` is a sentence, or empty.

    `answer` is called once: with "save" (elsewhere), "again", "quit" (without it), or "stay".
    """
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(_tr("Close Fovea although not everything is saved?"))
    lost = _tr("What is not saved would be lost. You can keep it as a text file.")
    box.setInformativeText(f"{why}\n\n{lost}" if why else lost)
    role = QMessageBox.ButtonRole
    save = box.addButton(_tr("Save as…"), role.AcceptRole)
    chosen: dict[QAbstractButton, str] = {
        save: "save",
        box.addButton(_tr("Try again"), role.ActionRole): "again",
        box.addButton(_tr("Close without saving"), role.DestructiveRole): "quit",
        box.addButton(QMessageBox.StandardButton.Cancel): "stay",
    }
    box.setDefaultButton(save)
    box.finished.connect(lambda _: answer(chosen.get(box.clickedButton(), "stay")))
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("UnsavedQuestion", text)
