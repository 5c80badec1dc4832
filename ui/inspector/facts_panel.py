"""Everything that is known of a picture that is sent: warnings, sizes, what its file told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.inspector.rule_choice import RuleChoice
from ui.inspector.shown import Advice, Facts, ShownPicture
from ui.inspector.way_choice import WayChoice
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolling import Scrolling
from ui.widgets.status_line import StatusLine

SIDE = 16
USUAL_TABLES = 4
USUAL_ROWS = 4


class FactsPanel(Scrolling):
    """Warnings first, then what can be chosen: the size it goes in and the rule by which it goes along; then
    the facts."""

    way_chosen = Signal(str)
    rule_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = QWidget(self.viewport())
        self.advices: list[StatusLine] = []
        self.ways = WayChoice(self._page)
        self.ways.chosen.connect(self.way_chosen)
        self._tables: list[_Table] = []
        self._advice_place, self._fact_place = _Place(self._page), QWidget(self._page)
        self._advice_place.hide()
        self._fact_column = QVBoxLayout(self._fact_place)
        self._fact_column.setContentsMargins(0, 0, 0, 0)
        self._fact_column.setSpacing(16)
        self._rule = ""
        self._shown_advices: Sequence[Advice] = ()
        self._shown_facts: Sequence[Facts] = ()
        self._column = column = QVBoxLayout(self._page)
        column.setContentsMargins(SIDE, SIDE, SIDE, SIDE)
        column.setSpacing(SIDE)
        column.addWidget(self._advice_place)
        column.addWidget(self.ways)
        column.addWidget(self._fact_place)
        column.addStretch(1)
        self.setWidget(self._page)
        self.setMinimumWidth(200)

    def build(self) -> Iterator[None]:
        """Make what most pictures need, a part at a time; without it that is made when it is shown."""
        for _ in range(USUAL_TABLES):
            self._add_table()
            self._tables[-1].make_rows(USUAL_ROWS)
            for label in self._tables[-1].findChildren(PlainLabel):
                label.ensurePolished()  # the dearest part of showing it
            yield
        for part in (self.rules.combo, self.rules.field.label):
            part.ensurePolished()
        yield

    @cached_property
    def rules(self) -> RuleChoice:
        """The rule by which the picture goes along."""
        rules = RuleChoice(self._page)
        rules.chosen.connect(self.rule_chosen)
        self._column.insertWidget(self._column.indexOf(self.ways) + 1, rules)
        return rules

    @property
    def values(self) -> list[PlainLabel]:
        """The values that are shown, from above."""
        return [value for table in self._tables[: len(self._shown_facts)] for value in table.values()]

    def show_picture(self, picture: ShownPicture, view: int) -> None:
        """All about a picture; of those that are sent for it, about the one with the number `view`."""
        self._show_advices(picture.advices)
        self.ways.show_ways(picture.ways, picture.way)
        self._rule = picture.rule
        if self._rule and self.rules.isHidden():
            QTimer.singleShot(0, self, self._show_rule)  # a frame of its own where it is polished
        else:
            self._show_rule()
        sent = (picture.views[view].facts,) if view < len(picture.views) else ()
        self._show_facts((*sent, *picture.facts))

    def _show_rule(self) -> None:
        self.rules.show_rule(self._rule)

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
        while len(self._tables) < len(facts):
            self._add_table()
        for number, table in enumerate(self._tables):
            table.show_facts(facts[number] if number < len(facts) else None)
        shown = self._tables[: len(facts)]
        widest = max((table.widest_label() for table in shown), default=0)
        for table in shown:
            table.set_label_width(widest)

    def _add_table(self) -> None:
        table = _Table(self._fact_place)
        self._tables.append(table)
        self._fact_column.addWidget(table)


class _Table(QWidget):
    """Facts that belong together; what it is made of is used again for others."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = PlainLabel("", self, bold=True)
        self._note = PlainLabel("", self, size="caption", tone="muted")
        self._rows: list[tuple[PlainLabel, PlainLabel]] = []
        self._shown = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(self._grid)
        column.addWidget(self._note)
        self.hide()

    def show_facts(self, facts: Facts | None) -> None:
        """Show exactly these; None hides it."""
        self.setVisible(facts is not None)
        if facts is None:
            return
        self._title.setText(facts.title)
        self.make_rows(len(facts.rows))
        self._shown = len(facts.rows)
        for number, (label, value) in enumerate(self._rows):
            there = number < self._shown
            label.setVisible(there)
            value.setVisible(there)
            if there:
                fact = facts.rows[number]
                label.setText(fact.label)
                value.setText(_breakable(fact.value))
                value.setAccessibleName(f"{fact.label}: {fact.value}")
        self._note.setText(facts.note)
        self._note.setVisible(bool(facts.note))

    def make_rows(self, count: int) -> None:
        """Have so many rows at least."""
        for line in range(len(self._rows), count):
            label = PlainLabel("", self, size="caption", tone="muted", wrap=False)
            value = PlainLabel("", self, size="caption")
            flags = Qt.TextInteractionFlag
            value.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
            self._rows.append((label, value))
            for place, part in enumerate((label, value)):
                self._grid.addWidget(part, line, place, Qt.AlignmentFlag.AlignTop)

    def values(self) -> list[PlainLabel]:
        """Those that are shown."""
        return [value for _, value in self._rows[: self._shown]]

    def widest_label(self) -> int:
        """How wide the widest is that is shown, in pixels."""
        labels = [label for label, _ in self._rows[: self._shown]]
        for label in labels:
            label.setMinimumWidth(0)
        return max((label.sizeHint().width() for label in labels), default=0)

    def set_label_width(self, width: int) -> None:
        """Let the values begin behind labels of this width."""
        for label, _ in self._rows[: self._shown]:
            label.setMinimumWidth(width)


class _Place(QWidget):
    """Room for widgets that are made anew with each picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

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
