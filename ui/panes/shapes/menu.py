"""What can be done with a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ui.signs import one_line
from ui.theme import icons

if TYPE_CHECKING:
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
        for form, words in (("json", self.tr("Copy as JSON")), ("coco", self.tr("Copy as COCO"))):
            action = self.addAction(icons.icon("copy"), words)
            action.triggered.connect(lambda _=False, form=form: self.copied.emit(form))
        self.addSeparator()
        words = (
            self.tr("Hide all “{label}”").format(label=called)
            if label
            else self.tr("Hide all without a name")
        )
        self.addAction(icons.icon("eye-off"), words).triggered.connect(self.hidden)


def open_menu(parent: QWidget, shape: Shape, place: QPoint) -> ShapeMenu:
    """Offer it at a place of the screen."""
    menu = ShapeMenu(parent, shape)
    menu.popup(place)
    return menu
