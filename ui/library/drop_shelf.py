"""The folders, while conversations are dragged to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.surfaces import Card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from ui.library.rows import Shelf

ICON = 16
EDGE = 20
NO_FOLDER, NEW, TRASH = "", "new", "trash"
"""Targets that are no folders; `NEW` and `TRASH` are no ids of folders."""


class DropShelf(Card):
    """Lies over the list and follows the pointer; it is told of it and takes no events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._targets: list[tuple[str, str, str]] = []
        self._title = ""
        self._over = -1
        self._first = 0
        self.hide()

    def begin(self, shelves: Sequence[Shelf], count: int, room: QRect) -> None:
        """Show the folders that `count` conversations can be moved to, within `room` of the parent."""
        self._targets = [(shelf.id, shelf.name, "folder") for shelf in shelves]
        self._targets += [
            (NO_FOLDER, self.tr("No folder"), "message-square"),
            (NEW, self.tr("New folder…"), "plus"),
            (TRASH, self.tr("Trash"), "trash-2"),
        ]
        self._title = (
            self.tr("Move to") if count == 1 else self.tr("Move {count} conversations to").format(count=count)
        )
        self._first, self._over = 0, -1
        height = min(room.height(), self._row() * (len(self._targets) + 1) + 16)
        self.setGeometry(room.left() + 8, room.top(), room.width() - 16, height)
        self.setAccessibleName(self._title)
        self.raise_()
        self.show()

    def follow(self, at: QPoint) -> None:
        """The pointer is at a global position; near an edge, further folders come."""
        here = self.mapFromGlobal(at)
        inside = self.rect().contains(here)
        shown = self._shown()
        if inside and here.y() > self.height() - EDGE and self._first + shown < len(self._targets):
            self._first += 1
        elif inside and here.y() < self._row() + EDGE and self._first:
            self._first -= 1
        place = (here.y() - 8) // self._row() - 1
        at_one = inside and 0 <= place < shown and self._first + place < len(self._targets)
        self._over = self._first + place if at_one else -1
        self.update()

    def end(self) -> str | None:
        """What the pointer was over last, None for nothing."""
        self.hide()
        return self._targets[self._over][0] if self._over >= 0 else None

    def _row(self) -> int:
        return max(36, QFontMetrics(fonts.font("label")).height() + 16)

    def _shown(self) -> int:
        return max(1, (self.height() - 16) // self._row() - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, colors, height = QPainter(self), palette.current(), self._row()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(fonts.font("small", bold=True))
        painter.setPen(colors.text_muted)
        painter.drawText(QRect(16, 8, self.width() - 32, height), left, self._title)
        font = fonts.font("label")
        painter.setFont(font)
        shown = self._targets[self._first : self._first + self._shown()]
        for place, (_, name, icon) in enumerate(shown, start=1):
            row = QRect(8, 8 + place * height, self.width() - 16, height)
            if self._first + place - 1 == self._over:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colors.selection)
                painter.drawRoundedRect(QRectF(row).adjusted(0, 1, 0, -1), RADIUS, RADIUS)
            drawn = icons.pixmap(icon, "text_muted", ICON, self.devicePixelRatioF())
            painter.drawPixmap(row.left() + 8, row.center().y() - ICON // 2 + 1, drawn)
            painter.setPen(colors.text)
            words = row.adjusted(ICON + 18, 0, -8, 0)
            elided = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, left, elided)
