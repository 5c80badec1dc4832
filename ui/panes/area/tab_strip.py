"""The tabs of a pane that has several pictures open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QMimeData, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QTabBar, QToolButton, QWidget

from ui.panes.drop import PICTURE_HERE
from ui.signs import one_line
from ui.theme import fonts, icons
from ui.widgets.buttons import IconButton
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent

WIDEST = 220
LETTERS = 8
"""So many letters of a name are to be seen at least; tabs that do not fit are scrolled to."""
BESIDE_NAME = 48
"""Logical pixels of a tab that its cross and the space round its name take."""
SCROLLERS = (
    ("ScrollLeftButton", "chevron-left", QT_TRANSLATE_NOOP("TabStrip", "Earlier tabs")),
    ("ScrollRightButton", "chevron-right", QT_TRANSLATE_NOOP("TabStrip", "Later tabs")),
)
"""Qt's buttons beside tabs that are scrolled: their names, our icons and words."""
HEIGHT = 30
TAB_OF = "application/x-fovea-pane"
"""Beside PICTURE_HERE: which pane the tab comes from, as its number."""


class TabStrip(QTabBar):
    """Arrow keys choose, Delete or a middle click closes, dragging moves a tab elsewhere."""

    chosen = Signal(int)
    close_requested = Signal(str)
    drag_ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panes")
        self.setFont(fonts.font("caption"))
        self.setAccessibleName(self.tr("Pictures open in this pane"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setFixedHeight(HEIGHT)
        self._pressed: QPoint | None = None
        self._shas: list[str] = []
        self.currentChanged.connect(self.chosen)

    def show_tabs(self, pictures: list[tuple[str, str, str]]) -> None:
        """The (sha256, name, name for a screen reader) of each picture, in order."""
        was_silent = self.blockSignals(True)
        while self.count() > len(pictures):
            self.removeTab(self.count() - 1)
        while self.count() < len(pictures):
            self.addTab("")
            self._add_cross(self.count() - 1)
        self._shas = [sha256 for sha256, _, _ in pictures]
        self.setElideMode(elision([name for _, name, _ in pictures]))
        for index, (_, name, told) in enumerate(pictures):
            shown = one_line(name)
            self.setTabText(index, shown.replace("&", "&&"))
            self.setTabToolTip(index, plain_tooltip(name))
            self.setAccessibleTabName(index, told)
            cross = self.tabButton(index, QTabBar.ButtonPosition.RightSide)
            if isinstance(cross, IconButton):
                cross.show_as("x", self.tr("Close {name}").format(name=shown), role="text_muted")
        self.blockSignals(was_silent)

    def show_current(self, index: int) -> None:
        """Mark the picture that is shown, without choosing it anew."""
        was_silent = self.blockSignals(True)
        self.setCurrentIndex(index)
        self.blockSignals(was_silent)

    def place_at(self, position: QPoint) -> int:
        """Before which tab something comes that is let go of there."""
        middles = [self.tabRect(index).center().x() for index in range(self.count())]
        return sum(position.x() > middle for middle in middles)

    def line_at(self, index: int) -> QRect:
        """Where it comes, as an upright line between two tabs."""
        last = self.tabRect(self.count() - 1)
        x = self.tabRect(index).left() if index < self.count() else last.right()
        return QRect(x - 1, last.top() + 4, 2, last.height() - 8)

    def tabLayoutChange(self) -> None:
        """Qt has just given its buttons arrows of its own."""
        for name, icon, words in SCROLLERS:
            button = self.findChild(QToolButton, name)
            if button is not None:
                said = QCoreApplication.translate("TabStrip", str(words))
                button.setArrowType(Qt.ArrowType.NoArrow)
                button.setIcon(icons.icon(icon))
                button.setAccessibleName(said)
                button.setToolTip(plain_tooltip(said))

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(min(super().tabSizeHint(index).width(), WIDEST), HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for _ in range(2):  # where Qt scrolls to the current tab, it fills the room behind the last one next
            super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        for _ in range(2):
            super().showEvent(event)

    def minimumTabSizeHint(self, index: int) -> QSize:
        least = LETTERS * self.fontMetrics().averageCharWidth() + BESIDE_NAME
        return QSize(min(least, self.tabSizeHint(index).width()), HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._shas:
            self.close_requested.emit(self._shas[self.currentIndex()])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = event.position().toPoint() - (self._pressed or event.position().toPoint())
        held = event.buttons() & Qt.MouseButton.LeftButton
        if self._pressed is None or not held or way.manhattanLength() < QApplication.startDragDistance():
            return
        index, self._pressed = self.tabAt(self._pressed), None
        if index >= 0:
            self._drag(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        index = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and index >= 0:
            self.close_requested.emit(self._shas[index])
        super().mouseReleaseEvent(event)

    def mime_of(self, index: int) -> QMimeData:
        """What is dragged with a tab."""
        mime = QMimeData()
        mime.setData(PICTURE_HERE, self._shas[index].encode())
        mime.setData(TAB_OF, str(id(self.parentWidget())).encode())
        return mime

    def _drag(self, index: int) -> None:
        from ui.widgets.drag_out import drag_out

        drag_out(self, self.mime_of(index), self.grab(self.tabRect(index)))
        self.drag_ended.emit()

    def _add_cross(self, index: int) -> None:
        cross = IconButton("x", "", role="text_muted")
        cross.setIconSize(QSize(12, 12))
        cross.setFixedSize(20, 20)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: self._close_by(cross))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, cross)

    def _close_by(self, cross: QWidget) -> None:
        side = QTabBar.ButtonPosition.RightSide
        index = next(i for i in range(self.count()) if self.tabButton(i, side) is cross)
        self.close_requested.emit(self._shas[index])


def elision(names: list[str]) -> Qt.TextElideMode:
    """Where long names lose letters, so that they still differ in a narrow pane: behind their beginning if
    that tells them apart, else before their end."""
    modes, different, seen = Qt.TextElideMode, len(set(names)), LETTERS - 1
    if len({name[:seen] for name in names}) == different:
        return modes.ElideRight
    return modes.ElideLeft if len({name[-seen:] for name in names}) == different else modes.ElideMiddle
