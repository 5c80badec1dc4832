"""Everything that is known of a picture that is sent: warnings, sizes, what its file told."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.inspector.shown import Advice, Facts, ShownPicture
from ui.inspector.way_choice import WayChoice
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolling import Scrolling
from ui.widgets.status_line import StatusLine

SIDE = 16


class FactsPanel(Scrolling):
    """Warnings first, then the size it goes in, which can be chosen, then the facts."""

    way_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = QWidget(self.viewport())
        self.advices: list[StatusLine] = []
        self.ways = WayChoice(self._page)
        self.ways.chosen.connect(self.way_chosen)
        self.values: list[PlainLabel] = []
        self._labels: list[PlainLabel] = []
        self._advice_place, self._fact_place = _Place(self._page), _Place(self._page, 16)
        self._shown_advices: Sequence[Advice] = ()
        self._shown_facts: Sequence[Facts] = ()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(SIDE, SIDE, SIDE, SIDE)
        column.setSpacing(SIDE)
        column.addWidget(self._advice_place)
        column.addWidget(self.ways)
        column.addWidget(self._fact_place)
        column.addStretch(1)
        self.setWidget(self._page)
        self.setMinimumWidth(200)

    def show_picture(self, picture: ShownPicture, view: int) -> None:
        """All about a picture; of those that are sent for it, about the one with the number `view`."""
        self._show_advices(picture.advices)
        self.ways.show_ways(picture.ways, picture.way)
        sent = (picture.views[view].facts,) if view < len(picture.views) else ()
        self._show_facts((*sent, *picture.facts))

    def _show_advices(self, advices: Sequence[Advice]) -> None:
        if advices == self._shown_advices:
            return
        self._shown_advices = advices
        column = self._advice_place.clear()
        self.advices = []
        for advice in advices:
            line = StatusLine(self._advice_place)
            line.say(advice.words, advice.tone)
            self.advices.append(line)
            column.addWidget(line)
        self._advice_place.setVisible(bool(advices))

    def _show_facts(self, facts: Sequence[Facts]) -> None:
        if facts == self._shown_facts:
            return
        self._shown_facts = facts
        column = self._fact_place.clear()
        self.values, self._labels = [], []
        for part in facts:
            column.addWidget(self._part(part))
        for label in self._labels:
            label.ensurePolished()
        widest = max((label.sizeHint().width() for label in self._labels), default=0)
        for label in self._labels:
            label.setMinimumWidth(widest)

    def _part(self, part: Facts) -> QWidget:
        widget = QWidget(self._fact_place)
        grid = QGridLayout(widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(PlainLabel(part.title, widget, bold=True), 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        for line, row in enumerate(part.rows, 1):
            label = PlainLabel(row.label, widget, size="caption", tone="muted", wrap=False)
            self._labels.append(label)
            grid.addWidget(label, line, 0, top)
            value = PlainLabel(_breakable(row.value), widget, size="caption")
            value.setAccessibleName(f"{row.label}: {row.value}")
            flags = Qt.TextInteractionFlag
            value.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
            self.values.append(value)
            grid.addWidget(value, line, 1, top)
        if part.note:
            note = PlainLabel(part.note, widget, size="caption", tone="muted")
            grid.addWidget(note, len(part.rows) + 1, 0, 1, 2)
        return widget


class _Place(QWidget):
    """Room for widgets that are made anew with each picture."""

    def __init__(self, parent: QWidget, spacing: int = 8) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing)

    def clear(self) -> QVBoxLayout:
        """Take away what is there; returns where the new comes."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        return self._column


def _breakable(text: str) -> str:
    """A long word breaks where a line ends; a label breaks lines at spaces only."""
    return " ".join(
        "\u200b".join(word[n : n + 12] for n in range(0, len(word), 12)) for word in text.split(" ")
    )
