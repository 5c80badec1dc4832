"""One row for each parameter: its name, whether it was changed, and the control of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.sidebar import parameter_words
from ui.sidebar.scale import Scale, read, written
from ui.theme import palette
from ui.widgets.buttons import IconButton
from ui.widgets.combo import ComboBox
from ui.widgets.labels import PlainLabel
from ui.widgets.slider import Slider
from ui.widgets.switch import Switch
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from app.domain.model import ParameterSpec

Value = float | str | bool | None

DIGITS = 7
WIDEST_RANGE = 10_000_000
"""A range beyond it gets no slider: nobody finds a seed by dragging."""


class ParameterRow(QWidget):
    """A value of None leaves the choice to the endpoint; then nothing is sent."""

    changed = Signal(str, object)
    """The user chose: the name of the parameter, and its value or None."""

    def __init__(self, spec: ParameterSpec) -> None:
        super().__init__()
        self.spec = spec
        self.value: Value = None
        words = parameter_words.words(spec.name, spec.note)
        self._words = words
        self.label = PlainLabel(words.label)
        self.label.setToolTip(plain_tooltip(words.help))
        self.dot = _Dot()
        self.reset = IconButton("rotate-ccw", self.tr("Reset {name}").format(name=words.label))
        self.reset.setIconSize(QSize(14, 14))
        self.reset.setFixedSize(24, 24)
        self.reset.clicked.connect(lambda: self._choose(None))
        self._help = " ".join(filter(None, (words.help, _range(spec))))
        self.help = PlainLabel(self._help, size="caption", tone="muted")
        self.help.hide()
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        self.head.addWidget(self.label)
        self.head.addWidget(self.dot)
        self.head.addStretch(1)
        self.head.addWidget(self.reset)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addLayout(self.head)

    def show_value(self, value: Value) -> None:
        """Show what holds now; this is no choice by the user."""
        self.value = value
        changed = value is not None
        self.dot.setVisible(changed)
        self.reset.setVisible(changed)
        self._show()

    def settle(self) -> None:
        """Let what is being typed hold now."""

    def name_control(self, control: QWidget) -> None:
        """`control` is what the label names; its help shows while it has the keyboard."""
        control.setAccessibleName(self._words.label)
        control.setAccessibleDescription(self._help)
        control.installEventFilter(self)

    def finish(self) -> None:
        """The help comes below everything else."""
        self.column.addWidget(self.help)
        self.show_value(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._say(self._help, "muted")
        elif event.type() == QEvent.Type.FocusOut:
            self.help.hide()
        return False

    def _say(self, text: str, tone: str) -> None:
        self.help.set_tone(tone)
        self.help.setText(text)
        self.help.setVisible(bool(text))

    def _choose(self, value: Value) -> None:
        if value != self.value or type(value) is not type(self.value):
            self.show_value(value)
            self.changed.emit(self.spec.name, value)

    def _show(self) -> None:
        """Bring the control in step with `value`."""
        raise NotImplementedError


class NumberRow(ParameterRow):
    """A number that can be typed, and a slider below it where its range is known."""

    def __init__(self, spec: ParameterSpec) -> None:
        super().__init__(spec)
        self._whole = spec.kind == "integer"
        self._scale = _scale_of(spec)
        self.number = _NumberEdit()
        self.label.setBuddy(self.number)
        self.head.addWidget(self.number)
        self.name_control(self.number)
        self.number.editingFinished.connect(self._take)
        self.number.stepped.connect(self._step)
        self.slider: Slider | None = None
        if self._scale is not None:
            self.slider = Slider()
            self.slider.setRange(0, self._scale.steps)
            self.slider.setPageStep(max(1, self._scale.steps // 10))
            self.name_control(self.slider)
            self.slider.valueChanged.connect(self._slide)
            self.column.addWidget(self.slider)
        self.finish()

    def _show(self) -> None:
        default = self.spec.default
        known = written(float(default), self._whole) if isinstance(default, int | float) else ""
        self.number.setPlaceholderText(known or self.tr("auto"))
        value = self.value
        self.number.setText(written(float(value), self._whole) if isinstance(value, int | float) else "")
        self.number.setCursorPosition(0)
        if self.slider is None or self._scale is None:
            return
        stands = value if isinstance(value, int | float) else default
        with QSignalBlocker(self.slider):
            at = float(stands) if isinstance(stands, int | float) else self._scale.least
            self.slider.setValue(self._scale.place(at))
        self.slider.set_quiet(value is None)

    def settle(self) -> None:
        """Take the number as far as it is written."""
        if self.number.isModified():
            self._take()

    def _slide(self, place: int) -> None:
        assert self._scale is not None
        self._choose_number(self._scale.value(place))

    def _step(self, steps: int) -> None:
        if self.slider is not None:
            self.slider.setValue(self.slider.value() + steps)

    def _take(self) -> None:
        text = self.number.text()
        if not text.strip():
            self._choose(None)
            return
        number = read(text, self._whole)
        if number is None:
            self._show()
            wanted = self.tr("a whole number") if self._whole else self.tr("a number")
            self._object(self.tr("“{text}” is not {wanted}.").format(text=text.strip(), wanted=wanted))
            return
        least, most = self.spec.least, self.spec.most
        fits = max(number, least) if least is not None else number
        fits = min(fits, most) if most is not None else fits
        self._choose_number(fits)
        self._show()
        if fits != number:
            self._object(self.tr("{number} is out of range.").format(number=text.strip()))

    def _object(self, words: str) -> None:
        """What was typed does not stand: say so below it until the row has the keyboard again."""
        self._say(" ".join(filter(None, (words, _range(self.spec)))), "warning")

    def _choose_number(self, number: float) -> None:
        self._choose(round(number) if self._whole else float(number))


class ChoiceRow(ParameterRow):
    """One value of several; the first entry leaves it to the endpoint."""

    def __init__(self, spec: ParameterSpec) -> None:
        super().__init__(spec)
        self.combo = ComboBox()
        default = spec.default if isinstance(spec.default, str) else ""
        unset = self.tr("As the endpoint does")
        if default:
            unset = self.tr("Default ({value})").format(value=parameter_words.choice(default))
        self.combo.addItem(unset, None)
        for value in spec.choices:
            self.combo.addItem(parameter_words.choice(value), value)
        self.label.setBuddy(self.combo)
        self.name_control(self.combo)
        self.combo.activated.connect(lambda _: self._choose(self.combo.currentData()))
        self.column.addWidget(self.combo)
        self.finish()

    def _show(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(max(0, self.combo.findData(self.value)) if self.value else 0)


class SwitchRow(ParameterRow):
    """On or off; what the endpoint does by itself where nothing was chosen."""

    def __init__(self, spec: ParameterSpec) -> None:
        super().__init__(spec)
        self.switch = Switch(self._words.label)
        self.label.setBuddy(self.switch)
        self.auto = PlainLabel(self.tr("auto"), size="caption", tone="muted", wrap=False)
        self.head.addWidget(self.auto)
        self.head.addWidget(self.switch)
        self.name_control(self.switch)
        self.switch.toggled.connect(self._choose)
        self.finish()

    def _show(self) -> None:
        with QSignalBlocker(self.switch):
            self.switch.setChecked(bool(self.spec.default if self.value is None else self.value))
        self.auto.setVisible(self.value is None and self.spec.default is None)
        self.switch.update()


ROWS: dict[str, type[NumberRow | ChoiceRow | SwitchRow]] = {
    "number": NumberRow,
    "integer": NumberRow,
    "choice": ChoiceRow,
    "switch": SwitchRow,
}
"""The row of each kind of parameter."""


def _range(spec: ParameterSpec) -> str:
    """What a number has to lie between, in words; empty where nobody said."""
    if spec.kind not in ("number", "integer"):
        return ""
    whole = spec.kind == "integer"
    least, most = (None if end is None else written(float(end), whole) for end in (spec.least, spec.most))
    if least is not None and most is not None:
        return _tr("From {least} to {most}.").format(least=least, most=most)
    if least is not None:
        return _tr("At least {least}.").format(least=least)
    return _tr("At most {most}.").format(most=most) if most is not None else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ParameterRow", text)


def _scale_of(spec: ParameterSpec) -> Scale | None:
    if spec.least is None or spec.most is None or spec.most - spec.least > WIDEST_RANGE:
        return None
    return Scale(spec.least, spec.most, spec.kind == "integer") if spec.most > spec.least else None


class _NumberEdit(QLineEdit):
    """A short field; the arrow keys step."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "number")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(DIGITS * self.fontMetrics().horizontalAdvance("0") + 16)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {int(Qt.Key.Key_Up): 1, int(Qt.Key.Key_Down): -1}.get(event.key())
        if step is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class _Dot(QWidget):
    """Marks what differs from the default; the reset button beside says so in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.current().accent)
        painter.drawEllipse(1, 1, 6, 6)
