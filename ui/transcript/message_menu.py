"""The context menu of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from ui.transcript.entry import Entry
    from ui.transcript.view import TranscriptView


def open_menu(view: TranscriptView, at: QPoint, entry: Entry | None) -> None:
    """Show at `at`, a global position, what can be done with the selection and with `entry`."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    copy = menu.addAction(_tr("Copy"), view.copy)
    copy.setEnabled(bool(view.selected_text()))
    if entry is not None and entry.role == "assistant":
        clipboard, text = QGuiApplication.clipboard(), entry.text
        action = menu.addAction(_tr("Copy answer as Markdown"))
        action.setEnabled(bool(text))
        action.triggered.connect(lambda: clipboard.setText(text))
        for offered in filter(lambda offered: offered.id, entry.actions):
            ids = entry.id, offered.id
            menu.addAction(offered.spoken or offered.text).triggered.connect(
                lambda _=False, ids=ids: view.action_requested.emit(*ids)
            )
    menu.addSeparator()
    menu.addAction(_tr("Select all"), view.select_all)
    menu.popup(at)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageMenu", text)
