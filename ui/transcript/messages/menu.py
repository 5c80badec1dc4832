"""The context menu of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from ui.signs import one_line
from ui.theme import icons
from ui.transcript.furniture import COPY

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction

    from ui.transcript.entry import Entry
    from ui.transcript.view import TranscriptView

MOST_PICTURES = 16
"""Of a question, that are listed in the menu."""


def open_menu(view: TranscriptView, at: QPoint, entry: Entry | None, picture: str = "") -> None:
    """Show at `at`, a global position, what can be done with the selection, with `entry` and with
    the picture of this hash, empty for none."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if picture:
        view.picture_menu_wanted.emit(picture, menu)
        menu.addSeparator()
    selected = view.has_selection
    if selected:
        _add(menu, _tr("Copy the selection"), view.copy, keys="Ctrl+C", icon="copy")
        _add(menu, _tr("Copy the selection as Markdown"), view.copy_markdown, keys="Ctrl+Shift+C")
    if entry is not None:
        _add_message(menu, view, entry, selected=selected)
    if entry is not None and not picture:
        _add_pictures(menu, view, entry)
    menu.addSeparator()
    _add(menu, _tr("Find…"), view.find_words, keys="Ctrl+F", icon="search")
    _add(menu, _tr("Select all"), view.select_all, keys="Ctrl+A")
    menu.popup(at)


def _add_message(menu: QMenu, view: TranscriptView, entry: Entry, *, selected: bool) -> None:
    offered = [action for action in entry.actions if action.id]
    if offered:
        menu.addSeparator()
    for action in offered:
        ids = entry.id, action.id
        made = menu.addAction(action.spoken or action.text)
        made.triggered.connect(lambda _=False, ids=ids: view.action_requested.emit(*ids))
        if action.keys and not (selected and action.id == COPY):  # then its keys copy the selection
            made.setText(f"{made.text()}\t{action.keys}")
        if action.icon:
            made.setIcon(icons.icon(action.icon))


def _add_pictures(menu: QMenu, view: TranscriptView, entry: Entry) -> None:
    """What can be done with each picture of a question, for the keyboard."""
    if entry.pictures:
        menu.addSeparator()
    for sha256, name in entry.pictures[:MOST_PICTURES]:
        inside = menu.addMenu(icons.icon("image"), one_line(name).replace("&", "&&"))
        view.picture_menu_wanted.emit(sha256, inside)


def _add(menu: QMenu, words: str, do: Callable[[], object], *, keys: str = "", icon: str = "") -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda _=False: do())
    if keys:
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(f"{words}\t{native}")
    if icon:
        action.setIcon(icons.icon(icon))
    return action


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageMenu", text)
