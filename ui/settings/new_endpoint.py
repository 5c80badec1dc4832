"""A new endpoint: what kind of server it is, its name and its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.settings.address_field import AddressField
from ui.settings.rows import LONGEST_NAME, AddressVerdict, KindRow
from ui.widgets.buttons import TextButton
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.tooltips import plain_tooltip


class NewEndpoint(QWidget):
    """Each kind brings a name and an address along, until the user types others."""

    added = Signal(str, str, str)
    """Kind, name and base URL, as they will be kept."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: dict[str, KindRow] = {}
        self._typed: set[QLineEdit] = set()

    def build(self) -> Iterator[None]:
        """Make it part by part; nothing else may be called before it is through."""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(16)
        self.title = PlainLabel(self.tr("Add an endpoint"), self, size="title", bold=True)
        self.kind_combo = ComboBox(self)
        self.kind = Field(self.tr("Kind of server"), self.kind_combo, parent=self)
        column.addWidget(self.title)
        column.addWidget(self.kind)
        yield
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(LONGEST_NAME)
        self.name = Field(self.tr("Name"), self.name_edit, parent=self)
        self.address = AddressField(self.tr("Address"), self)
        column.addWidget(self.name)
        column.addWidget(self.address)
        yield
        self.add_button = TextButton(self.tr("Add"), self, primary=True)
        self.cancel_button = TextButton(self.tr("Cancel"), self)
        buttons = FlowLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.cancel_button)
        column.addLayout(buttons)
        column.addStretch(1)
        self.kind_combo.activated.connect(lambda _: self._kind_chosen())
        for edit in (self.name_edit, self.address.edit):
            edit.textEdited.connect(lambda _, edit=edit: self._was_typed(edit))
            edit.returnPressed.connect(self._add)
        self.add_button.clicked.connect(self._add)
        self.cancel_button.clicked.connect(self.cancelled)

    def begin(self, kinds: list[KindRow], judge: Callable[[str, str], AddressVerdict]) -> None:
        """Start anew with the first of `kinds`; `judge` takes the kind and an address."""
        self._kinds = {kind.id: kind for kind in kinds}
        self._typed.clear()
        self.kind_combo.clear()
        for kind in kinds:
            self.kind_combo.addItem(kind.name, kind.id)
        self.address.judge_with(lambda text: judge(self.kind_id, text))
        self._kind_chosen()
        self.kind_combo.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def kind_id(self) -> str:
        """The kind that is chosen now."""
        return str(self.kind_combo.currentData() or "")

    def _kind_chosen(self) -> None:
        kind = self._kinds.get(self.kind_id)
        if kind is None:
            return
        self.kind.set_help(kind.note)
        if self.name_edit not in self._typed:
            self.name_edit.setText(kind.called)
        if self.address.edit not in self._typed:
            self.address.set_text(kind.base_url)
        else:
            self.address.judge_again()
        self._allow()

    def _was_typed(self, edit: QLineEdit) -> None:
        self._typed.discard(edit)
        if edit.text():
            self._typed.add(edit)
        self._allow()

    def _problem(self) -> str:
        if not self.name_edit.text().strip():
            return self.tr("Give it a name first.")
        if not self.address.edit.text().strip():
            return self.tr("Type its address first.")
        return self.address.verdict.problem

    def _allow(self) -> None:
        problem = self._problem()
        self.add_button.setEnabled(not problem)
        self.add_button.setToolTip(plain_tooltip(problem))
        self.add_button.setAccessibleDescription(problem)

    def _add(self) -> None:
        if not self._problem():
            self.added.emit(self.kind_id, self.name_edit.text().strip(), self.address.verdict.base_url)
