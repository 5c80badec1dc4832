"""One endpoint: name, kind, address, key, and whether it answers."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.settings.address_field import AddressField, Judge
from ui.settings.connection_test import ConnectionTest
from ui.settings.key_section import KeySection
from ui.settings.rows import LONGEST_NAME, EndpointRow, KindRow
from ui.widgets.buttons import IconButton, TextButton
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.labels import ElidedLabel, PlainLabel


class EndpointForm(QWidget):
    """What is typed holds when the user goes on, presses Return, or leaves; a wrong address never does."""

    changed = Signal(str, str, str, str)
    """Id, kind, name and base URL; at least one differs from the row's."""

    key_submitted = Signal(str, str)
    key_removed = Signal(str)
    key_skipped = Signal(str)
    test_requested = Signal(str)
    test_cancelled = Signal(str)
    removed = Signal(str)
    reset_requested = Signal(str)
    closed = Signal(str)

    said = Signal(object)
    """Something was said in this widget, which may have scrolled out of sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = EndpointRow("", "")

    def build(self) -> Iterator[None]:
        """Make it part by part; nothing else may be called before it is through."""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        self.back_button = IconButton("arrow-left", self.tr("Back to the endpoints"), self)
        self.title = ElidedLabel("", self, size="title", bold=True)
        self.note = PlainLabel("", self, size="caption", tone="muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        column.addWidget(self.note)
        yield
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(LONGEST_NAME)
        self.name = Field(self.tr("Name"), self.name_edit, parent=self)
        self.kind_combo = ComboBox(self)
        self.kind = Field(self.tr("Kind of server"), self.kind_combo, parent=self)
        column.addWidget(self.name)
        column.addWidget(self.kind)
        yield
        self.address = AddressField(self.tr("Address"), self)
        column.addWidget(self.address)
        column.addSpacing(8)
        yield
        self.key = KeySection(self)
        column.addWidget(self.key)
        column.addSpacing(8)
        yield
        self.test = ConnectionTest(self)
        column.addWidget(self.test)
        column.addSpacing(8)
        yield
        self.remove_button = TextButton(self.tr("Remove this endpoint"), self)
        self.reset_button = TextButton(self.tr("Use the original name and address"), self)
        column.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.back_button.clicked.connect(self._close)
        self.name_edit.editingFinished.connect(self.commit)
        self.kind_combo.activated.connect(lambda _: self._kind_chosen())
        self.address.left.connect(self.commit)
        self.key.submitted.connect(self._submit_key)
        self.key.removed.connect(lambda: self.key_removed.emit(self.row.id))
        self.key.skipped.connect(lambda: self.key_skipped.emit(self.row.id))
        self.test.requested.connect(self._request_test)
        self.test.cancelled.connect(lambda: self.test_cancelled.emit(self.row.id))
        for part in (self.key, self.test):
            part.line.said.connect(self.said)
        self.remove_button.clicked.connect(lambda: self.removed.emit(self.row.id))
        self.reset_button.clicked.connect(lambda: self.reset_requested.emit(self.row.id))

    def open_row(self, row: EndpointRow, kinds: list[KindRow], judge: Judge) -> None:
        """Begin with another endpoint; what was typed for the one before is dropped."""
        self.row = row
        self.key.forget()
        self.test.rest()
        with QSignalBlocker(self.kind_combo):
            self.kind_combo.clear()
            for kind in kinds:
                self.kind_combo.addItem(kind.name, kind.id)
        self._show(row)
        self.address.judge_with(judge)
        self.address.set_text(row.base_url)

    def show_row(self, row: EndpointRow) -> None:
        """Show what has become of the endpoint that is open; what is being typed stays."""
        before, self.row = self.row, row
        if row.base_url != before.base_url:
            self.address.set_text(row.base_url)
        self._show(row)

    def commit(self) -> None:
        """Let what was typed hold, if it can be used."""
        row = self.row
        name = " ".join(self.name_edit.text().split()) or row.name
        address = self.address.verdict
        base_url = row.base_url if address.problem else address.base_url
        kind = self.kind_id
        if (kind, name, base_url) != (row.kind, row.name, row.base_url):
            self.changed.emit(row.id, kind, name, base_url)
        elif not self.name_edit.text().strip():
            self.name_edit.setText(row.name)

    @property
    def kind_id(self) -> str:
        """The kind that is chosen now."""
        return str(self.kind_combo.currentData() or self.row.kind) if self.row.own else self.row.kind

    def focus_first(self) -> None:
        """The keyboard to what is most likely wanted: the key where one is missing, else the way back."""
        wants_key = self.row.key == "none" and not self.row.keyless
        (self.key.edit if wants_key else self.back_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, row: EndpointRow) -> None:
        self.title.setText(row.name)
        self.note.setText(row.note)
        self.note.setVisible(bool(row.note))
        if not self.name_edit.hasFocus() or self.name_edit.text().strip() != row.name:
            self.name_edit.setText(row.name)
        self.kind.setVisible(row.own)
        with QSignalBlocker(self.kind_combo):
            self.kind_combo.setCurrentIndex(self.kind_combo.findData(row.kind))
        self.key.show_row(row)
        self.remove_button.setVisible(row.own)
        self.reset_button.setVisible(row.moved)

    def _kind_chosen(self) -> None:
        self.address.judge_again()
        self.commit()

    def _submit_key(self, key: str) -> None:
        self.commit()
        self.key_submitted.emit(self.row.id, key)

    def _request_test(self) -> None:
        if self.address.verdict.problem:
            self.test.show_result(self.address.verdict.problem, "danger")
            return
        self.commit()
        self.key.submit()
        self.test_requested.emit(self.row.id)

    def _close(self) -> None:
        self.commit()
        self.key.forget()
        self.closed.emit(self.row.id)
