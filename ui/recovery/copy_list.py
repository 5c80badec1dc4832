"""The copies of the library, newest first, each with its button."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import SmallButton
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Card, Separator

CONTEXT = "Recovery"


class Copy(NamedTuple):
    """A copy as it is listed. `kind` is "daily", "quit", "restore" or "version"; `size` is in bytes."""

    id: str
    made: datetime
    conversations: int
    messages: int
    size: int
    kind: str


class CopyList(QWidget):
    """A card with a line for each copy. Emits `chosen(id)` when the button of one is pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._card = QWidget(self)
        self.buttons: list[SmallButton] = []

    def show_copies(self, copies: list[Copy]) -> None:
        """List these instead of others."""
        self._card.hide()
        self._card.deleteLater()
        self._card = Card(self)
        self._column.addWidget(self._card)
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(0)
        self.buttons = []
        for number, copy in enumerate(copies):
            if number:
                rows.addWidget(Separator(parent=self._card))
            rows.addLayout(self._row(copy))

    def set_busy(self, busy: bool) -> None:
        """While one is being restored no other can be."""
        for button in self.buttons:
            button.setEnabled(not busy)

    def _row(self, copy: Copy) -> QHBoxLayout:
        when = moment(copy.made)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(when, self._card, wrap=False))
        words.addWidget(PlainLabel(_detail(copy), self._card, size="caption", tone="muted"))
        button = SmallButton(self.tr("Restore"), self._card)
        button.setAccessibleName(self.tr("Restore the copy of {when}").format(when=when))
        button.clicked.connect(lambda: self.chosen.emit(copy.id))
        self.buttons.append(button)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


def moment(made: datetime) -> str:
    """Day and time in the time zone of this computer."""
    local = QDateTime.fromSecsSinceEpoch(int(made.timestamp()))
    return QLocale().toString(local, _tr("d MMMM yyyy, HH:mm"))


def contents(conversations: int, messages: int) -> str:
    """How much there is, in words."""
    return _tr("{conversations}, {messages}").format(
        conversations=_counted(conversations, _tr("1 conversation"), _tr("{count} conversations")),
        messages=_counted(messages, _tr("1 message"), _tr("{count} messages")),
    )


def _detail(copy: Copy) -> str:
    size = QLocale().formattedDataSize(copy.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    why = {
        "restore": _tr("made before another copy was restored"),
        "version": _tr("made before an update"),
    }.get(copy.kind, "")
    return " · ".join(filter(None, (contents(copy.conversations, copy.messages), size, why)))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=QLocale().toString(count))


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
