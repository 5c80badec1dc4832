"""How the regions of a picture go along, as a small button with a menu."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from app.domain.region import RegionSend
from ui.theme import fonts
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel

HEIGHT = 26
WIDTH = 300
"""Logical pixels of the words in the menu."""

WORDS = {
    RegionSend.CROP: (
        QT_TRANSLATE_NOOP("SendsButton", "Cut out"),
        QT_TRANSLATE_NOOP(
            "SendsButton",
            "The model gets each region with a little around it, as a picture of its own, and nothing else.",
        ),
    ),
    RegionSend.BOTH: (
        QT_TRANSLATE_NOOP("SendsButton", "Cut out and the whole picture"),
        QT_TRANSLATE_NOOP(
            "SendsButton", "The model gets the whole picture, and each region as a picture of its own."
        ),
    ),
    RegionSend.MARKED: (
        QT_TRANSLATE_NOOP("SendsButton", "Marked on the picture"),
        QT_TRANSLATE_NOOP(
            "SendsButton",
            "The model gets the whole picture with the regions drawn on it, and is told their coordinates.",
        ),
    ),
}
"""What each way is called, and what the model gets."""


class SendsButton(IconButton):
    """Says how regions are sent; its menu explains each way while it is chosen from."""

    chosen = Signal(object)
    """A RegionSend."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("chevron-down", "", parent, role="text_muted")
        self.setProperty("kind", "chip")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign of a menu stands behind the words
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFont(fonts.font("caption"))
        self.setIconSize(QSize(14, 14))
        self._sends = RegionSend.BOTH
        self._menu: QMenu | None = None
        self._actions: dict[RegionSend, QAction] = {}
        self.clicked.connect(self._open)

    def show_choice(self, sends: RegionSend, picture: str) -> None:
        """Say how the regions of the picture of this name go along."""
        self._sends = sends
        words, meaning = (_tr(text) for text in WORDS[sends])
        said = self.tr("How the regions of {name} are sent: {way}").format(name=picture, way=words)
        self.show_as("chevron-down", f"{said}. {meaning}", role="text_muted")
        self.setText(words)
        self.setFixedSize(self.fontMetrics().horizontalAdvance(words) + 36, HEIGHT)

    def _open(self) -> None:
        if self._menu is None:
            self._menu = self._made_menu()
        self._actions[self._sends].setChecked(True)
        self._menu.popup(self.mapToGlobal(QPoint(0, -self._menu.sizeHint().height())))
        self._menu.setActiveAction(self._actions[self._sends])

    def _made_menu(self) -> QMenu:
        menu, group = QMenu(self), QActionGroup(self)
        explained = PlainLabel(size="caption", tone="muted")
        explained.setFixedWidth(WIDTH)
        explained.setContentsMargins(12, 6, 12, 8)
        explained.setMinimumHeight(2 * explained.fontMetrics().lineSpacing() + 16)
        for sends, (words, meaning) in WORDS.items():
            action = menu.addAction(_tr(words))
            action.setCheckable(True)
            group.addAction(action)
            action.setStatusTip(_tr(meaning))
            action.triggered.connect(lambda _=False, sends=sends: self.chosen.emit(sends))
            self._actions[sends] = action
        menu.addSeparator()
        foot = QWidgetAction(menu)
        foot.setDefaultWidget(explained)
        menu.addAction(foot)
        menu.hovered.connect(lambda action: explained.setText(action.statusTip() or explained.text()))
        return menu


def _tr(text: object) -> str:
    return QCoreApplication.translate("SendsButton", str(text))
