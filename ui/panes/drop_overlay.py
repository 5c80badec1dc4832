"""What covers a window while pictures hover over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QRegion
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import palette
from ui.theme.style import CARD_RADIUS, RADIUS
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.surfaces import Card

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPaintEvent

    from ui.widgets.offered import OfferDescription


class DropOverlay(QWidget):
    """Covers a window while pictures hover over it and says what letting go will do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tone = "accent"
        self._area: QRect | None = None
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

    def show_offer(self, described: OfferDescription, area: QRect | None = None) -> None:
        """Cover the window, but not `area` of it, with a sentence, in the danger tone when it is a
        refusal."""
        self._area = area
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
        covered = QRegion(self.rect())
        if self._area is not None:
            covered -= QRegion(self._area)
            painter.setPen(QPen(colors.color(self._tone), 2))
            painter.drawRoundedRect(QRectF(self._area).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
            painter.setClipRegion(covered)
        painter.fillRect(self.rect(), colors.veil("window", 0.6))
        painter.fillRect(self.rect(), colors.veil(self._tone, 0.08))
        painter.setClipping(False)
        painter.setPen(QPen(colors.color(self._tone), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(9, 9, -9, -9), CARD_RADIUS, CARD_RADIUS)
