"""Pictures dropped anywhere on a window."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panes.offered import (
    OfferDescription,
    OfferedPictures,
    describe_offer,
    offer_from_mime,
    offers_pictures,
)
from ui.theme import palette
from ui.theme.style import CARD_RADIUS
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.surfaces import Card

__all__ = ["DropOverlay", "DropTarget", "OfferedPictures", "describe_offer", "offer_from_mime"]


class DropOverlay(QWidget):
    """Covers a window while pictures hover over it and says what letting go will do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tone = "accent"
        self.setAcceptDrops(True)
        self.card = Card(self)
        self.pictogram = Pictogram("image-plus", 28, "accent")
        self.label = PlainLabel(size="body", bold=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setMinimumWidth(240)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(28, 20, 28, 20)
        inside.setSpacing(10)
        inside.addWidget(self.pictogram, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(self.label)
        around = QVBoxLayout(self)
        around.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    @property
    def refused(self) -> bool:
        """Whether the overlay says no."""
        return self._tone == "danger"

    @property
    def sentence(self) -> str:
        """What the overlay says."""
        return self.label.text()

    def show_offer(self, described: OfferDescription) -> None:
        """Cover the window with a sentence, in the danger tone when it is a refusal."""
        self._tone = "danger" if described.refused else "accent"
        self.label.setText(described.sentence)
        self.pictogram.show_icon("triangle-alert" if described.refused else "image-plus", self._tone)
        self.card.set_line(self._tone)
        self.setAccessibleName(described.sentence)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colors.veil("window", 0.6))
        painter.fillRect(self.rect(), colors.veil(self._tone, 0.08))
        painter.setPen(QPen(colors.color(self._tone), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(9, 9, -9, -9), CARD_RADIUS, CARD_RADIUS)


class DropTarget(QObject):
    """Lets pictures be dropped anywhere on `window`, over whatever child the pointer is.

    Emits `pictures_offered` with an OfferedPictures. What is not about pictures is left to the
    widget below, so text can still be dropped into a text field.
    """

    pictures_offered = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.overlay = DropOverlay(window)
        self._hovering = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self.overlay.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer the drag events of the window and of the overlay that covers it."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter:
            return self._enter(cast("QDragEnterEvent", event))
        if kind == QEvent.Type.DragMove and self.overlay.isVisible():
            return self._move(cast("QDragMoveEvent", event))
        if kind == QEvent.Type.DragLeave:
            return self._leave()
        if kind == QEvent.Type.Drop and self.overlay.isVisible():
            return self._drop(cast("QDropEvent", event))
        if kind == QEvent.Type.Resize and watched is self.parent() and self.overlay.isVisible():
            self.overlay.setGeometry(cast("QWidget", watched).rect())
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not offers_pictures(event.mimeData()):
            return False
        self._hovering = True
        self.overlay.show_offer(describe_offer(event.mimeData()))
        self._answer(event)
        return True

    def _move(self, event: QDragMoveEvent) -> bool:
        self._answer(event)
        return True

    def _answer(self, event: QDropEvent) -> None:
        # What is refused is accepted as a drag that does nothing: only so does Qt tell of its end.
        refused = self.overlay.refused
        event.setDropAction(Qt.DropAction.IgnoreAction if refused else Qt.DropAction.CopyAction)
        event.accept()

    def _leave(self) -> bool:
        # The overlay takes the drag over from the window at once: that is no leaving.
        self._hovering = False
        QTimer.singleShot(0, self, self._hide_if_gone)
        return True

    def _hide_if_gone(self) -> None:
        if not self._hovering:
            self.overlay.hide()

    def _drop(self, event: QDropEvent) -> bool:
        refused = self.overlay.refused
        self._hovering = False
        self.overlay.hide()
        if refused:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.pictures_offered.emit(offer_from_mime(event.mimeData()))
        return True
