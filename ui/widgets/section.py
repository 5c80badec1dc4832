"""A part of a panel that folds away under its title."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QTransform
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QVBoxLayout, QWidget

from ui.theme import fonts, icons, palette

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QPaintEvent

ARROW = 16
GAP = 4


class Section(QWidget):
    """Its inside is made by `make` when it is first unfolded.

    Whether it is folded is remembered under `key`, where one is given.
    """

    unfolded = Signal()
    """Emitted each time its inside comes into view."""

    made = Signal()
    """Its inside was made just now."""

    def __init__(self, title: str, make: Callable[[], QWidget], key: str = "") -> None:
        super().__init__()
        self._make = make
        self._key = f"folding/{key}" if key else ""
        self.inside: QWidget | None = None
        self.header = FoldButton(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.header)
        self.header.toggled.connect(self._fold)

    @property
    def open(self) -> bool:
        """Whether its inside is in view."""
        return self.header.isChecked()

    def restore(self) -> None:
        """Be as the user left it the last time."""
        if self._key and QSettings().value(self._key, False, bool):
            self.header.setChecked(True)

    def say(self, summary: str) -> None:
        """A few words beside the title on what is inside."""
        self.header.say(summary)

    def _fold(self, unfolded: bool) -> None:
        if unfolded and self.inside is None:
            self.inside = self._make()
            self._column.addWidget(self.inside)
            self.made.emit()
        if self.inside is not None:
            self.inside.setVisible(unfolded)
        if self._key:
            QSettings().setValue(self._key, unfolded)
        if unfolded:
            self.unfolded.emit()


class FoldButton(QAbstractButton):
    """An arrow and a title; checked while what it folds is in view."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._summary = ""
        self.setText(title)
        self.setCheckable(True)
        self.setFont(fonts.font("label", bold=True))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.toggled.connect(lambda _: self._describe())
        self._describe()

    def say(self, summary: str) -> None:
        """A few words at the right end of the line."""
        self._summary = summary
        self._describe()
        self.update()

    def _describe(self) -> None:
        state = self.tr("unfolded") if self.isChecked() else self.tr("folded")
        self.setAccessibleDescription(", ".join(filter(None, (state, self._summary))))

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(ARROW + GAP + words, max(28, self.fontMetrics().height() + 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as Space does; the arrows fold and unfold."""
        ahead = self.isLeftToRight()
        wanted = {int(Qt.Key.Key_Right): ahead, int(Qt.Key.Key_Left): not ahead}.get(event.key())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif wanted is not None:
            self.setChecked(wanted)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def _placed(self, start: int, width: int) -> QRect:
        """`start` pixels from where a line begins: from the right where people write to the left."""
        return QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(start, 0, width, self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(colors.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        arrow = "chevron-down" if self.isChecked() else "chevron-right"
        role = "text" if self.underMouse() else "text_muted"
        drawn = icons.pixmap(arrow, role, ARROW, self.devicePixelRatioF())
        if self.isRightToLeft():
            drawn = drawn.transformed(QTransform.fromScale(-1, 1))
        painter.drawPixmap(self._placed(0, ARROW).x(), (self.height() - ARROW) // 2, drawn)
        words = QRectF(self._placed(ARROW + GAP, self.width() - ARROW - GAP - 2))
        begin, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self.isRightToLeft():
            begin, end = end, begin
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.setPen(colors.text)
        painter.drawText(words, int(middle | begin), self.text())
        painter.setFont(fonts.font("caption"))
        painter.setPen(colors.text_muted)
        title = ARROW + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 12
        room = QRectF(self._placed(title, self.width() - title - 2))
        summary = painter.fontMetrics().elidedText(
            self._summary, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, int(middle | end), summary)
