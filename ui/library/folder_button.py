"""What is listed: all conversations, a folder, or the trash; and the menu to choose it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

from ui.theme import fonts, icons, palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from ui.library.rows import Shelf

ICON = 16


class FolderButton(QToolButton):
    """Names what is listed; a click opens the menu."""

    folder_chosen = Signal(str)
    """The id of a folder, empty for all conversations."""

    trash_chosen = Signal()
    new_folder_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelves: Sequence[Shelf] = ()
        self.folder = ""
        self.in_trash = False
        self._words = self.tr("All conversations")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._words)
        self.clicked.connect(self.open_menu)

    def show_choice(self, shelves: Sequence[Shelf], folder: str, *, in_trash: bool = False) -> None:
        """The folders there are, and what is listed now."""
        self.shelves, self.folder, self.in_trash = shelves, folder, in_trash
        names = {shelf.id: shelf.name for shelf in shelves}
        self._words = self.tr("Trash") if in_trash else names.get(folder, self.tr("All conversations"))
        self.setAccessibleName(self._words)
        self.update()

    def words(self) -> str:
        """What it says."""
        return self._words

    def open_menu(self) -> None:
        """Let the user choose."""
        from ui.library.menus import literally

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        everything = menu.addAction(icons.icon("message-square"), self.tr("All conversations"))
        everything.triggered.connect(lambda: self.folder_chosen.emit(""))
        for shelf in self.shelves:
            action = menu.addAction(icons.icon("folder"), literally(shelf.name))
            action.triggered.connect(lambda _=False, folder=shelf.id: self.folder_chosen.emit(folder))
        menu.addSeparator()
        menu.addAction(icons.icon("plus"), self.tr("New folder…"), self.new_folder_wanted.emit)
        if self.folder:
            menu.addAction(icons.icon("pencil"), self.tr("Rename folder…"), self.rename_wanted.emit)
            menu.addAction(
                icons.icon("x"), self.tr("Remove folder, keep what is in it"), self.remove_wanted.emit
            )
        menu.addSeparator()
        menu.addAction(icons.icon("trash-2"), self.tr("Trash"), self.trash_chosen.emit)
        menu.setMinimumWidth(min(self.width(), 320))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Down open the menu, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(120, max(32, QFontMetrics(fonts.font("label")).height() + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        name = "trash-2" if self.in_trash else "folder" if self.folder else "message-square"
        top = (self.height() - ICON) // 2
        painter.drawPixmap(8, top, icons.pixmap(name, "text_muted", ICON, ratio))
        font = fonts.font("label", bold=True)
        room = self.rect().adjusted(ICON + 16, 0, -ICON - 14, 0)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(palette.current().text)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        right = room.left() + metrics.horizontalAdvance(shown) + 6
        painter.drawPixmap(right, top, icons.pixmap("chevron-down", "text_muted", ICON, ratio))
