"""What stands beside a region for a while: the line for its name, and the button that takes it along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.region import Region
from ui.widgets.buttons import SmallButton
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

LONGEST_NAME = 60
WIDTH = 180


class NameField(QLineEdit):
    """Return and going elsewhere take the name, Escape leaves it as it was."""

    named = Signal(object, str)
    """The Region, and what it is called now."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._region: Region | None = None
        self.setMaxLength(LONGEST_NAME)
        self.setFixedWidth(WIDTH)
        self.setPlaceholderText(self.tr("Name of the region"))
        self.setAccessibleName(self.tr("Name of the region"))
        self.returnPressed.connect(self._take)
        self.hide()

    def ask(self, region: Region, at: QPointF) -> None:
        """Let a region be named, beside a point of the view."""
        self._region = region
        self.setText(region.name)
        self.selectAll()
        self.adjustSize()
        _put(self, self._view, at)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        region, self._region = self._region, None
        self._leave()
        if region is not None:
            self.named.emit(region, " ".join(self.text().split()))

    def _leave(self) -> None:
        self._region = None
        if not self.isHidden():
            self.hide()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)
        event.accept()  # the picture below has a use of the same keys

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            region, self._region = self._region, None
            self.hide()
            if region is not None:
                self.named.emit(region, " ".join(self.text().split()))


class ReuseButton(SmallButton):
    """Takes a region of an earlier question into the next one."""

    chosen = Signal(object)
    """The Region."""

    def __init__(self, view: QWidget) -> None:
        super().__init__("", view)
        self.setText(self.tr("Use in the next question"))
        self._view = view
        self._region: Region | None = None
        self.clicked.connect(lambda: self.chosen.emit(self._region))
        self.hide()

    def offer(self, region: Region, at: QPointF) -> None:
        """Stand beside a point of the view, for a region."""
        self._region = region
        self.adjustSize()
        _put(self, self._view, at)
        self.show()


def _put(widget: QWidget, view: QWidget, at: QPointF) -> None:
    """Move a widget near a point of a view, all of it inside."""
    x = min(max(at.x(), 4.0), max(view.width() - widget.width() - 4.0, 4.0))
    y = min(max(at.y(), 4.0), max(view.height() - widget.height() - 4.0, 4.0))
    widget.move(round(x), round(y))
