"""How an answer was made, as a list to read and to copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel

WIDTH, HEIGHT = 560, 620


class CardRow(NamedTuple):
    """What is known, and what it is."""

    label: str
    value: str


class CardSection(NamedTuple):
    """Rows that belong together."""

    title: str
    rows: tuple[CardRow, ...]


class RunCardDialog(QDialog):
    """Escape closes it; every value can be selected, and all of it copied at once."""

    def __init__(self, sections: Sequence[CardSection], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("How the answer was made"))
        self._sections = sections
        self.copy_button = TextButton(self.tr("Copy all"))
        self.copy_button.clicked.connect(self.copy)
        close = TextButton(self.tr("Close"), primary=True)
        close.setDefault(True)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 12, 24, 20)
        buttons.setSpacing(8)
        self._buttons = buttons
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._list(), 1)
        column.addLayout(buttons)
        self.resize(min(WIDTH, parent.width() - 48), min(HEIGHT, parent.height() - 48))
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_sent(self, show: Callable[[], object]) -> None:
        """Offer to go on to what was sent of pictures, which `show` shows."""
        self.sent_button = TextButton(self.tr("What was sent"))
        self.sent_button.clicked.connect(self.close)
        self.sent_button.clicked.connect(lambda: show())
        self._buttons.insertWidget(0, self.sent_button)

    def text(self) -> str:
        """All of it as plain text, a line for each row."""
        blocks = (
            "\n".join([section.title, *(f"{row.label}: {row.value}" for row in section.rows)])
            for section in self._sections
        )
        return "\n\n".join(blocks)

    def copy(self) -> None:
        """Put all of it on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
        self.copy_button.setText(self.tr("Copied"))

    def _list(self) -> QScrollArea:
        ground = QWidget()
        grid = QGridLayout(ground)
        grid.setContentsMargins(24, 20, 24, 8)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        line = 0
        for section in self._sections:
            title = PlainLabel(section.title, bold=True, wrap=False)
            title.setContentsMargins(0, 12 if line else 0, 0, 0)
            grid.addWidget(title, line, 0, 1, 2)
            for row in section.rows:
                line += 1
                self._add_row(grid, line, row)
            line += 1
        grid.setRowStretch(line, 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(ground)
        return area

    def _add_row(self, grid: QGridLayout, line: int, row: CardRow) -> None:
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(PlainLabel(row.label, tone="muted", wrap=False), line, 0, top)
        value = PlainLabel(_breakable(row.value))
        value.setAccessibleName(f"{row.label}: {row.value}")
        flags = Qt.TextInteractionFlag
        value.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        grid.addWidget(value, line, 1, top)


def _breakable(text: str) -> str:
    """Long hashes and ids break where a line ends; a label breaks lines at spaces only."""
    return " ".join(
        "\u200b".join(word[n : n + 16] for n in range(0, len(word), 16)) for word in text.split(" ")
    )
