"""What can be done with a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui.signs import one_line
from ui.theme import icons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.shape import Shape

LONGEST = 40
"""Characters of a label."""


class ShapeMenu(QMenu):
    """Goes when something was chosen."""

    asked = Signal()
    copied = Signal(str)
    """The shape is wanted on the clipboard, as "json" or as "coco"."""
    hidden = Signal()

    def __init__(self, parent: QWidget, shape: Shape) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = one_line(shape.label)
        label = label if len(label) <= LONGEST else f"{label[:LONGEST]}…"
        # An ampersand would underline what follows.
        called = label.replace("&", "&&")
        self.addAction(icons.icon("message-square"), self.tr("Ask about this")).triggered.connect(self.asked)
        self.addSeparator()
        _offer_copies(self, self.copied.emit)
        self.addSeparator()
        words = (
            self.tr("Hide all “{label}”").format(label=called)
            if label
            else self.tr("Hide all without a name")
        )
        self.addAction(icons.icon("eye-off"), words).triggered.connect(self.hidden)


class ListMenu(QMenu):
    """What can be done with all shapes; `choices` are buttons whose menus are in this one."""

    copied = Signal(str)
    """They are wanted on the clipboard, as "json" or as "coco"."""

    def __init__(self, parent: QWidget, choices: Iterable[QPushButton]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _offer_copies(self, self.copied.emit)
        for choice in choices:
            menu = choice.menu()
            menu.setTitle(choice.accessibleName().replace("&", "&&"))
            self.addSeparator()
            self.addMenu(menu)


def _offer_copies(menu: QMenu, copy: Callable[[str], object]) -> None:
    translate = QCoreApplication.translate
    forms = {"json": translate("ShapeMenu", "Copy as JSON"), "coco": translate("ShapeMenu", "Copy as COCO")}
    for form, words in forms.items():
        action = menu.addAction(icons.icon("copy"), words)
        action.triggered.connect(lambda _=False, form=form: copy(form))


def open_menu(parent: QWidget, shape: Shape, place: QPoint) -> ShapeMenu:
    """Offer it at a place of the screen."""
    menu = ShapeMenu(parent, shape)
    menu.popup(place)
    return menu
