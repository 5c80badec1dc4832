"""What a row and a column of the table are: a picture, and a model."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.signs import one_line
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.thumbnails import Thumbnails

WIDTH = 168
TILE = 144

Key = tuple[str, str]


class ModelColumn(NamedTuple):
    """Who answers in a column."""

    key: Key
    model: str
    endpoint: str


class ColumnHead(QWidget):
    """A model and where it runs."""

    removed = Signal()

    def __init__(self, model: str, endpoint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(one_line(model), bold=True)
        self.place = ElidedLabel(one_line(endpoint), size="small", tone="muted")
        self.remove = IconButton("x", self.tr("Take {model} out").format(model=one_line(model)))
        self.remove.clicked.connect(self.removed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.place)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.addLayout(words, 1)
        row.addWidget(self.remove)


class RowHead(QWidget):
    """A picture with its name, and how many others are asked about with it; words where the question
    has no picture of its own."""

    removed = Signal()

    def __init__(
        self, sha256: str, name: str, further: int, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.sha256 = sha256
        self._thumbnails = thumbnails
        self.name: PlainLabel
        if sha256:
            self.name = ElidedLabel(one_line(name), size="caption", elide=Qt.TextElideMode.ElideMiddle)
            removal = self.tr("Take {name} out").format(name=one_line(name))
        else:
            self.name = PlainLabel(self.tr("No picture of its own"), size="caption", tone="muted")
            removal = self.tr("Take this question out")
        self.remove = IconButton("x", removal)
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, TILE + 12 if sha256 else 8, 12, 8)
        column.addLayout(row)
        if further:
            words = self.tr("and one more") if further == 1 else self.tr("and {count} more")
            column.addWidget(PlainLabel(words.format(count=further), size="small", tone="muted"))
        column.addStretch(1)

    def tile(self) -> QRect:
        """Where the picture is drawn."""
        return QRect(12, 8, TILE, TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sha256:
            self._thumbnails.draw(QPainter(self), self.tile(), self.sha256)
