"""Which of an endpoint's models answers: chosen from its list, or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.sidebar.badges import Badges
from ui.sidebar.model_list import ModelDelegate, ModelFilter, ModelList, choices_view
from ui.sidebar.rows import ModelRow
from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.status_line import StatusLine
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

EDIT_MARGIN = 2
"""What QLineEdit leaves beside its text."""


class ModelChoice(QWidget):
    """An editable list with what is known of the list below it: on its way, failed, or complete.

    An id that is in no list is taken as it was typed.
    """

    chosen = Signal(str)

    forgotten = Signal(str)
    """The id of a model that the user typed once and has now deleted from the list."""

    retry_requested = Signal()
    cancel_requested = Signal()
    key_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._current = ""
        self.list = ModelList(self)
        self.combo = _ModelCombo(self.list)
        self.field = Field(self.tr("Model"), self.combo)
        self.combo.edit.setAccessibleName(self.tr("Model"))
        self.badges = Badges()
        self.waiting = _Waiting(self.tr("Stop asking for models"))
        self.waiting.stop.clicked.connect(self.cancel_requested)
        self.problem = StatusLine(size="caption")
        self.retry = SmallButton(self.tr("Retry"))
        self.retry.setAccessibleName(self.tr("Ask for the models again"))
        self.retry.clicked.connect(self.retry_requested)
        self.key = SmallButton(self.tr("Enter key…"))
        self.key.clicked.connect(self.key_requested)
        self._place()
        self.show_models([], "")
        self.combo.edit.setPlaceholderText(self.tr("Choose or type a model"))
        self.combo.edit.editingFinished.connect(self._take)
        self.combo.activated.connect(lambda _: self._take())
        self.combo.filter.activated.connect(lambda _: self._take())
        self.combo.left.connect(self._put_back)
        self.combo.deleted.connect(self._forget)

    def show_models(self, rows: list[ModelRow], current: str) -> None:
        """The models to choose from and the one in force; what is being typed stays."""
        typed = self.combo.currentText()
        typing = typed != self._current and self.combo.hasFocus()
        with QSignalBlocker(self.combo):
            self.list.set_rows(rows)
            self._current = current
            self._show_current(typed if typing else current)
        shown = next((row for row in rows if row.id == current), None)
        self.field.set_help(shown.detail if shown else "")

    def settle(self) -> None:
        """Let what is being typed hold now."""
        self._take()

    def show_waiting(self, text: str) -> None:
        """The list is on its way; empty when it is not."""
        self.waiting.say(text)
        if text:
            self.show_problem("")

    def show_problem(self, text: str, *, tone: str = "danger", retry: bool = True, key: bool = False) -> None:
        """Why there is no list, empty when there is one; `retry` and `key` are what can be done."""
        self.problem.say(text, tone)
        self.retry.setVisible(bool(text) and retry)
        self.key.setVisible(bool(text) and key)

    def _place(self) -> None:
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.key)
        deeds.addWidget(self.retry)
        deeds.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.badges)
        column.addWidget(self.waiting)
        column.addWidget(self.problem)
        column.addLayout(deeds)
        self.key.hide()
        self.retry.hide()

    def _show_current(self, text: str) -> None:
        self.combo.setCurrentIndex(self.list.place(text))
        self.combo.setEditText(text)
        self.combo.setToolTip(plain_tooltip(text))

    def _take(self) -> None:
        typed = "".join(self.combo.currentText().split())
        if not typed:
            self._put_back()
        elif typed != self._current:
            self._current = typed
            self._show_current(typed)
            self.chosen.emit(typed)

    def _forget(self, model: str) -> None:
        if model == self._current:
            self._show_current("")
        self.forgotten.emit(model)

    def _put_back(self) -> None:
        with QSignalBlocker(self.combo):
            self._show_current(self._current)


class _ModelCombo(ComboBox):
    """Typing filters; Esc gives up what was typed. Delete takes a typed model out of the list."""

    left = Signal()
    deleted = Signal(str)

    def __init__(self, models: ModelList) -> None:
        super().__init__()
        self._models = models
        self.edit = _ElidedEdit()
        self.setLineEdit(self.edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(9)
        self.setModel(models)
        view = choices_view(models)
        self.setView(view)
        view.installEventFilter(self)
        self.setItemDelegate(ModelDelegate(view, models))
        self.filter = ModelFilter(models, self)
        self.setCompleter(self.filter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and cast("QKeyEvent", event).key() == Qt.Key.Key_Delete:
            index = self.view().currentIndex()
            if index.isValid() and (row := self._models.row(index)).typed:
                self.deleted.emit(row.id)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        super().keyPressEvent(event)


class _ElidedEdit(QLineEdit):
    """Cut in the middle where it is too long, until somebody types in it: models of one family
    differ at the end of their names."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextMargins(-EDIT_MARGIN, 0, 0, 0)  # in line with the text of other combo boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.rect().adjusted(0, 0, -EDIT_MARGIN, 0)
        metrics = self.fontMetrics()
        if self.hasFocus() or metrics.horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().text().color())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


class _Waiting(QWidget):
    """A sentence, a light that wanders, and a button that ends it."""

    def __init__(self, stop: str) -> None:
        super().__init__()
        self.label = PlainLabel(size="caption", tone="muted")
        self.line = SoftProgress()
        self.stop = IconButton("x", stop, role="text_muted")
        self.stop.setIconSize(QSize(14, 14))
        self.stop.setFixedSize(24, 24)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.label)
        words.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.stop)
        self.hide()

    def say(self, text: str) -> None:
        """What is awaited; empty for nothing."""
        self.label.setText(text)
        self.setVisible(bool(text))
