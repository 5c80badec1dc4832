"""Choosing a region or a window on what the screens showed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.capture.selection import Selection
from ui.capture.stills import Still
from ui.signs import one_line
from ui.theme import fonts, palette

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_STEP = 10
_LINES = (("overlay_halo", 4.0), ("overlay_8", 1.5))
"""What is drawn over any picture: a dark line below a light one."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Target(NamedTuple):
    """A window of the desktop: where it is among all screens, in pixels, and its title."""

    rect: QRect
    title: str


class Choosing(QObject):
    """One overlay on each screen; what is chosen on one ends all of them."""

    taken = Signal(object)
    """The pixels that were chosen (QImage)."""

    left = Signal()
    """The user wants none."""

    def __init__(
        self, stills: Sequence[Still], targets: Sequence[Target] | None = None, parent: QObject | None = None
    ) -> None:
        """With `targets` one of them is chosen, topmost first; without, a region."""
        super().__init__(parent)
        self.overlays = [Overlay(still, _on(still, targets)) for still in stills]
        for overlay in self.overlays:
            overlay.chosen.connect(lambda rect, still=overlay.still: self._take(still, rect))
            overlay.left.connect(self._leave)

    def begin(self) -> None:
        """Cover the screens; the one with the pointer gets the keyboard."""
        here = [overlay for overlay in self.overlays if overlay.has_pointer()] or self.overlays[:1]
        for overlay in self.overlays:
            overlay.cover()
        for overlay in here:
            overlay.raise_()
            overlay.activateWindow()
            overlay.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Uncover the screens."""
        for overlay in self.overlays:
            overlay.hide()
            overlay.deleteLater()
        self.overlays = []

    def _take(self, still: Still, rect: QRect) -> None:
        self.close()
        self.taken.emit(still.image.copy(rect))

    def _leave(self) -> None:
        self.close()
        self.left.emit()


class Overlay(QWidget):
    """A screen as it was, darkened where nothing is chosen.

    A region: drag it, or go with the arrow keys (Shift: by single pixels), set one corner with
    Enter and take it with Enter at the other. A window: point at it and click, or go to it with the
    arrow keys and press Enter. Escape leaves.
    """

    chosen = Signal(QRect)
    left = Signal()

    def __init__(self, still: Still, targets: Sequence[Target] | None) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        super().__init__(None, flags)
        self.still = still
        self._targets = targets
        self._target = -1
        pointer = still.screen.geometry().center()
        self.selection = Selection(still.image.size(), self._to_pixels(QPointF(pointer - self._corner())))
        self.setCursor(Qt.CursorShape.CrossCursor if targets is None else Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setGeometry(still.screen.geometry())
        self.setWindowTitle(self._hint())
        self.setAccessibleName(self._hint())

    def has_pointer(self) -> bool:
        """Whether the pointer is on this screen."""
        return self.still.screen.geometry().contains(QCursor.pos())

    def cover(self) -> None:
        """Show it over everything else on its screen."""
        if self.has_pointer():
            self._point(QPointF(QCursor.pos() - self._corner()))
        self.setScreen(self.still.screen)
        self.showFullScreen()

    def rect_chosen(self) -> QRect:
        """What would be taken now, in pixels of the still."""
        if self._targets is None:
            return self.selection.rect()
        return self._targets[self._target].rect if self._target >= 0 else QRect()

    # ------------------------------------------------------------- pointer and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.left.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._point(event.position())
            self.selection.begin()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._point(event.position())
        if self.rect_chosen().isEmpty():
            self.selection.forget()
        self._take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in _ARROWS:
            self._go(*_ARROWS[key], fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in _ENTER and self._targets is None and self.selection.anchor is None:
            self.selection.begin()
        elif key in _ENTER:
            self._take()
        self.update()

    def _go(self, right: int, down: int, *, fine: bool) -> None:
        if self._targets is None:
            step = 1 if fine else _STEP
            self.selection.move(right * step, down * step)
        elif self._targets:
            before = max(self._target, 0 if right + down < 0 else -1)
            self._target = (before + right + down) % len(self._targets)

    def _point(self, place: QPointF) -> None:
        self.selection.put(self._to_pixels(place))
        if self._targets is not None:
            under = [
                n for n, target in enumerate(self._targets) if target.rect.contains(self.selection.cursor)
            ]
            self._target = under[0] if under else -1

    def _take(self) -> None:
        if not self.rect_chosen().isEmpty():
            self.chosen.emit(self.rect_chosen())

    # ------------------------------------------------------------- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(self.rect())
        painter.drawImage(whole, self.still.image)
        painter.fillRect(whole, colors.veil("overlay_halo", 0.45))
        chosen = self.rect_chosen()
        if not chosen.isEmpty():
            shown = self._to_screen(chosen)
            painter.drawImage(shown, self.still.image, QRectF(chosen))
            self._outline(painter, shown)
            self._say(painter, QPointF(shown.center().x(), shown.bottom() + 12), self._words(chosen))
        elif self._targets is None:
            self._cross(painter)
        self._say(painter, QPointF(whole.center().x(), 24), self._hint(), large=True)

    def _outline(self, painter: QPainter, shown: QRectF) -> None:
        colors = palette.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in _LINES:
            painter.setPen(QPen(colors.color(color), width))
            painter.drawRect(shown.adjusted(-1, -1, 1, 1))

    def _cross(self, painter: QPainter) -> None:
        """Lines through the cursor, so that the keyboard's corner can be seen."""
        at = self._to_screen(QRect(self.selection.cursor, self.selection.cursor)).topLeft()
        for color, width in _LINES:
            painter.setPen(QPen(palette.current().color(color), width))
            painter.drawLine(QPointF(0, at.y()), QPointF(self.width(), at.y()))
            painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), self.height()))

    def _say(self, painter: QPainter, top: QPointF, words: str, *, large: bool = False) -> None:
        """A line of words on a card whose upper edge has its middle at `top`, kept on the screen."""
        colors = palette.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font("label" if large else "caption"))
        lines = painter.fontMetrics()
        width = min(lines.horizontalAdvance(words) + 28, self.width() - 16)
        card = QRectF(0, 0, width, lines.height() + 14)
        card.moveCenter(QPointF(top.x(), top.y() + card.height() / 2))
        card.moveLeft(min(max(card.left(), 8), self.width() - card.width() - 8))
        card.moveTop(min(card.top(), self.height() - card.height() - 8))
        painter.setPen(QPen(colors.outline, 1))
        painter.setBrush(colors.surface_raised)
        painter.drawRoundedRect(card, 8, 8)
        painter.setPen(colors.text)
        shown = lines.elidedText(words, Qt.TextElideMode.ElideMiddle, round(width) - 20)
        painter.drawText(card, int(Qt.AlignmentFlag.AlignCenter), shown)

    def _hint(self) -> str:
        if self._targets is None:
            return self.tr("Drag a rectangle, or use arrow keys and Enter. Escape leaves.")
        if not self._targets:
            return self.tr("No window is on this screen. Escape leaves.")
        return self.tr("Click a window, or use arrow keys and Enter. Escape leaves.")

    def _words(self, chosen: QRect) -> str:
        size = self.tr("{width} × {height} pixels").format(width=chosen.width(), height=chosen.height())
        if self._targets is None or not (title := self._targets[self._target].title):
            return size
        return f"{one_line(title)} · {size}"

    def _corner(self) -> QPoint:
        return self.still.screen.geometry().topLeft()

    def _to_pixels(self, place: QPointF) -> QPoint:
        return (place * self.still.ratio).toPoint()

    def _to_screen(self, rect: QRect) -> QRectF:
        ratio = self.still.ratio
        return QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)


def _on(still: Still, targets: Sequence[Target] | None) -> list[Target] | None:
    """The parts of windows that are on a screen, in its own pixels."""
    if targets is None:
        return None
    here = still.origin
    moved = [
        Target(target.rect.intersected(here).translated(-here.topLeft()), target.title) for target in targets
    ]
    return [target for target in moved if not target.rect.isEmpty()]
