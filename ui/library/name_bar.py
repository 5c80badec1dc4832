"""A line in which a folder or a tag is given its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from ui.widgets.buttons import IconButton
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFocusEvent

LONGEST = 60


class NameBar(QWidget):
    """Return takes the name, Escape and leaving an empty line take none; hidden while not asking."""

    def __init__(self, back: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = back
        self._take: Callable[[str], object] = lambda _: None
        self.field = _NameField(self)
        self._buttons = (
            IconButton("check", self.tr("Done"), shortcut="Return"),
            IconButton("x", self.tr("Cancel"), shortcut="Esc"),
        )
        for button, do in zip(self._buttons, (self.accept, self.leave), strict=True):
            button.clicked.connect(do)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 8)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        for button in self._buttons:
            row.addWidget(button)
        self.hide()

    def stops(self) -> tuple[QWidget, ...]:
        """What Tab comes to."""
        return (self.field, *self._buttons)

    def ask(
        self,
        words: str,
        take: Callable[[str], object],
        *,
        value: str = "",
        known: Sequence[str] = (),
    ) -> None:
        """Let a name be typed, which `take` is called with; `known` ones are offered."""
        self._take = take
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)
        self.field.setText(value)
        self.field.selectAll()
        completer = QCompleter(list(known), self.field) if known else None
        if completer is not None:
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        if (before := self.field.completer()) is not None:
            before.deleteLater()
        self.field.setCompleter(completer)  # type: ignore[arg-type]
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Take what was typed."""
        name = " ".join(self.field.text().split())
        self.leave()
        if name:
            self._take(name)

    def leave(self) -> None:
        """Take nothing."""
        if not self.isHidden():
            self.hide()
            self._back()


class _NameField(QLineEdit):
    def __init__(self, bar: NameBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self.setMaxLength(LONGEST)

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._bar.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._bar.accept()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.text().strip() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._bar.hide()
