"""A panel at the edge of a window: a column where there is room, else a drawer over the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

WIDEST = 320
LEAVES = 64
"""What stays visible beside the panel, for the click that closes the drawer."""


class SidePanel(QWidget):
    """The place of a panel in the window's columns; it takes one before it is shown."""

    def __init__(self, drawer: Drawer, parent: QWidget, *, right: bool = False) -> None:
        super().__init__(parent)
        self.panel: QWidget
        self.focus_panel: Callable[[], None]
        """Gives the panel the keyboard."""
        self.right = right
        self._drawer = drawer
        self._room = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def take(self, panel: QWidget, focus_panel: Callable[[], None]) -> None:
        """Hold `panel`, which is best made with the place as its parent."""
        self.panel = panel
        self.focus_panel = focus_panel
        self._column.addWidget(panel)

    def set_room(self, room: bool) -> None:
        """Whether there is room for a column: then it is shown, else it waits in the drawer."""
        self._room = room
        if self._drawer.place is self:
            self._drawer.shut()
        self.setVisible(room)

    def toggle(self) -> None:
        """Show the panel, or hide it."""
        if not self.panel.isVisible():
            self.open()
        elif self._room:
            self.hide()
        else:
            self._drawer.shut()

    def open(self) -> None:
        """Show the panel where there is room for it."""
        if self._room:
            self.show()
        else:
            self._drawer.hold(self)

    def take_back(self) -> None:
        """The panel returns from the drawer."""
        self._column.addWidget(self.panel)
        self.panel.show()


class Drawer(QWidget):
    """Covers `content` with one panel at its edge.

    Esc and a click outside shut it, and so does moving the keyboard out of it. Emits
    `keyboard_left` when it was shut with the keyboard in it.
    """

    keyboard_left = Signal()

    def __init__(self, content: QWidget) -> None:
        super().__init__(content.parentWidget())
        self.place: SidePanel | None = None
        """Whose panel lies here."""
        self._content = content
        content.installEventFilter(self)
        self.hide()

    def hold(self, place: SidePanel) -> None:
        """Lay the panel of `place` over the content; another one goes back first."""
        self.shut()
        self.place = place
        place.panel.setParent(self)
        place.panel.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._arrange()
        place.panel.show()
        self.show()
        self.raise_()
        place.focus_panel()
        _application().focusChanged.connect(self._follow_keyboard)

    def shut(self) -> None:
        """Give the panel back."""
        if self.place is None:
            return
        _application().focusChanged.disconnect(self._follow_keyboard)
        had_keyboard = self._holds(QApplication.focusWidget())
        place, self.place = self.place, None
        self.hide()
        place.panel.setBackgroundRole(QPalette.ColorRole.Window)
        place.take_back()
        if had_keyboard:
            self.keyboard_left.emit()

    def _follow_keyboard(self, _: QWidget | None, now: QWidget | None) -> None:
        """Whoever walked out into the window has no more use for the panel."""
        if now is not None and now.window() is self.window() and not self._holds(now):
            self.shut()

    def _holds(self, widget: QWidget | None) -> bool:
        return widget is not None and self.isAncestorOf(widget)

    def _arrange(self) -> None:
        self.setGeometry(self._content.geometry())
        if self.place is not None:
            widest = max(WIDEST, self.place.panel.minimumWidth())  # large text needs more
            width = min(widest, self.width() - LEAVES)
            left = self.width() - width if self.place.right else 0
            self.place.panel.setGeometry(left, 0, width, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._arrange()
        return False

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.shut()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), palette.current().shadow)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
