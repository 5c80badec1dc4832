"""What is done with the conversations that are selected in the list: by menu, by key, by dragging."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal

from ui.library.rows import LibraryRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.library.drop_shelf import DropShelf
    from ui.library.head import LibraryHead
    from ui.library.list_model import LibraryModel
    from ui.library.row_list import RowList

NONE = Qt.KeyboardModifier.NoModifier
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class SelectionActions(QObject):
    """The keyboard and the menu do the same; Delete alone does nothing."""

    requested = Signal(str, object, object)
    """(what, ids, value): `pin` with bool; `file` with the id of a folder, or empty; `file_in_new`,
    `tag` and `untag` with a name; `export` and `delete` with nothing."""

    opened = Signal(object)
    """The row (QModelIndex) of a conversation is to be opened."""

    tag_wanted = Signal()
    """The user is to type a tag: `ask_for_tag` takes those that are known."""

    def __init__(self, rows: RowList, model: LibraryModel, head: LibraryHead, parent: QObject) -> None:
        super().__init__(parent)
        self._list = rows
        self._model = model
        self._head = head
        rows.menu_wanted.connect(self.open_menu)
        rows.dragged.connect(self._drag)
        rows.drag_ended.connect(self._drop)
        rows.keys[(Qt.Key.Key_F2, NONE)] = self.rename
        rows.keys[(Qt.Key.Key_Delete, CONTROL_SHIFT)] = lambda: self._do("delete")

    def rows(self) -> list[LibraryRow]:
        """The conversations that are selected, in their order."""
        places = sorted(index.row() for index in self._list.selectionModel().selectedRows())
        return [row for row in map(self._model.at, places) if isinstance(row, LibraryRow)]

    def rename(self) -> None:
        """Let the title be typed in its place."""
        index = self._list.currentIndex()
        if index.isValid():
            self._list.edit(index)

    def open_menu(self, at: QPoint) -> None:
        """Show at a global position what can be done with what is selected."""
        from ui.library.menus import Doing, selection_menu

        rows = self.rows()
        if not rows:
            return
        doing = Doing(
            open=lambda: self.opened.emit(self._model.row_of(rows[0].id)),
            rename=self.rename,
            pin=lambda pinned: self._do("pin", pinned),
            file=lambda folder: self._do("file", folder),
            file_in_new=self._file_in_new,
            add_tag=self.tag_wanted.emit,
            untag=lambda tag: self._do("untag", tag),
            export=lambda: self._do("export"),
            delete=lambda: self._do("delete"),
        )
        selection_menu(self._list, rows, self._head.folder.shelves, doing).popup(at)

    def ask_for_tag(self, known: list[str]) -> None:
        """Let a tag be typed for what is selected; `known` ones are offered."""
        take = self._with_selection("tag")
        self._head.names.ask(self._list.tr("Tag"), take, known=known)

    def _file_in_new(self) -> None:
        self._head.name_folder(self._with_selection("file_in_new"))

    def _with_selection(self, what: str) -> Callable[[str], None]:
        """Does something with what is selected now, once its name is known."""
        ids = tuple(row.id for row in self.rows())
        return lambda name: self.requested.emit(what, ids, name)

    def _do(self, what: str, value: object = None) -> None:
        if ids := tuple(row.id for row in self.rows()):
            self.requested.emit(what, ids, value)

    # ---- dragging

    @cached_property
    def shelf(self) -> DropShelf:
        """The folders to drop on, made with the first drag."""
        from ui.library.drop_shelf import DropShelf

        panel = self._head.parentWidget()
        assert panel is not None
        return DropShelf(panel)

    def _drag(self, at: QPoint) -> None:
        if self.shelf.isHidden():
            panel = self.shelf.parentWidget()
            assert panel is not None
            top = self._head.geometry().bottom() + 1
            room = QRect(0, top, panel.width(), panel.height() - top - 8)
            self.shelf.begin(self._head.folder.shelves, len(self.rows()), room)
        self.shelf.follow(at)

    def _drop(self, at: QPoint, dropped: bool) -> None:
        from ui.library.drop_shelf import NEW, TRASH

        if dropped:
            self.shelf.follow(at)
        target = self.shelf.end()
        if not dropped or target is None:
            return
        if target == NEW:
            self._file_in_new()
        elif target == TRASH:
            self._do("delete")
        else:
            self._do("file", target)
