"""Asking what becomes of a folder that was given in the place of a picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.signs import one_line

MOST_AT_ONCE = 100


def ask_about_folder(
    parent: QWidget, name: str, count: int, *, add: Callable[[], object], choose: Callable[[], object]
) -> QMessageBox:
    """Ask whether all `count` pictures of the folder are to be added, or some; none with a no.

    Of more than MOST_AT_ONCE only some can be.
    """
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Question)
    said = _tr("“{name}” holds 1 picture") if count == 1 else _tr("“{name}” holds {count} pictures")
    box.setText(said.format(name=one_line(name), count=QLocale().toString(count)))
    role = QMessageBox.ButtonRole
    if count <= MOST_AT_ONCE:
        words = _tr("Add 1 picture") if count == 1 else _tr("Add %n pictures", count)
        button = box.addButton(words, role.AcceptRole)
        button.clicked.connect(lambda: add())
        box.setInformativeText(_tr("Add all of them to the question, or choose some?"))
    else:
        most = _tr("At most {most} are added at once. Choose those you mean.")
        box.setInformativeText(most.format(most=MOST_AT_ONCE))
    some = box.addButton(_tr("Choose some…"), role.ActionRole)
    some.clicked.connect(lambda: choose())
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(some if count > MOST_AT_ONCE else button)
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("FolderQuestion", text, None, count)
