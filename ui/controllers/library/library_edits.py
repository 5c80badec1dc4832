"""What the user does with conversations and folders in the library; all of it can be undone."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.chat.edits import (
    File,
    MakeFolder,
    Pin,
    RemoveFolder,
    Rename,
    RenameFolder,
    Tag,
    TrashConversations,
    Untag,
)
from ui.controllers.asking.running import RunningAnswers
from ui.controllers.conversation.history import HistoryController
from ui.library.list_view import LibraryView

Ids = tuple[str, ...]


class LibraryEdits(QObject):
    """Each is told in a notice where the list alone does not show it."""

    export_requested = Signal(object)
    """The ids of conversations (tuple)."""

    def __init__(
        self, view: LibraryView, history: HistoryController, running: RunningAnswers, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._history = history
        self._running = running
        self._ways: dict[str, Callable[[Ids, object], object]] = {
            "pin": lambda ids, pinned: history.do(Pin(ids, bool(pinned))),
            "file": lambda ids, folder: self._file(ids, str(folder), self._name_of(str(folder))),
            "file_in_new": lambda ids, name: self._file(ids, self._make_folder(str(name)), str(name)),
            "tag": lambda ids, name: history.do(Tag(ids, str(name))),
            "untag": lambda ids, name: history.do(Untag(ids, str(name))),
            "export": lambda ids, _: self.export_requested.emit(ids),
            "delete": lambda ids, _: self._delete(ids),
        }

    def do(self, what: str, ids: Ids, value: object) -> None:
        """Do with conversations what SelectionActions.requested names. Raises KeyError for another."""
        self._ways[what](ids, value)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._history.do(Rename(conversation_id, title))

    def name_folder(self, folder_id: str, name: str) -> None:
        """Give a folder another name; without an id, make one."""
        if folder_id:
            self._history.do(RenameFolder(folder_id, name))
        else:
            self._make_folder(name)

    def remove_folder(self, folder_id: str) -> None:
        """Take a folder away; what lies in it stays."""
        name = self._name_of(folder_id)
        said = self.tr("The folder “{name}” is gone. What lay in it is among all conversations.")
        self._history.do(RemoveFolder(folder_id), said.format(name=name))

    def _make_folder(self, name: str) -> str:
        folder_id = os.urandom(16).hex()
        self._history.do(MakeFolder(folder_id, name))
        return folder_id

    def _file(self, ids: Ids, folder_id: str, name: str) -> None:
        said = self.tr("Moved to “{name}”.").format(name=name) if folder_id else self.tr("Moved out.")
        self._history.do(File.into(ids, folder_id), said)

    def _delete(self, ids: Ids) -> None:
        for conversation_id in ids:
            for running in self._running.of(conversation_id):
                self._running.stop(running)
        self._history.do(
            TrashConversations(ids),
            self.tr("The conversation is in the trash for 30 days.")
            if len(ids) == 1
            else self.tr("{count} conversations are in the trash for 30 days.").format(count=len(ids)),
        )

    def _name_of(self, folder_id: str) -> str:
        shelves = self._view.head.folder.shelves
        return next((shelf.name for shelf in shelves if shelf.id == folder_id), "")
