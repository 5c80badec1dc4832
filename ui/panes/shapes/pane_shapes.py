"""The shapes on the picture of one pane, and the way to their list in its bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRectF, Signal

from ui.panes.shapes.layer import ShapeLayer
from ui.widgets.buttons import IconButton

if TYPE_CHECKING:
    from ui.panes.shapes.scene import ShapeScene
    from ui.panes.view.picture_pane import PicturePane


class PaneShapes(QObject):
    """Lies under whatever is drawn by hand."""

    pointed = Signal(int)
    """The number of the shape that the pointer is over now; -1 for none."""
    chosen = Signal(int)
    """The number of a shape that was clicked."""
    list_requested = Signal()

    def __init__(self, pane: PicturePane) -> None:
        super().__init__(pane)
        self.pane = pane
        self.layer = ShapeLayer(self)
        self.layer.pointed.connect(self.pointed)
        self.layer.chosen.connect(self.chosen)
        pane.view.add_layer(self.layer, lowest=True)
        self.button = IconButton("shapes", self.tr("Shapes"))
        self.button.clicked.connect(self.list_requested)
        pane.view.bar.add_tools("shapes", [self.button])

    def show_scene(self, scene: ShapeScene | None, shown: bool, words: str) -> None:
        """Show the shapes of the picture, or that it has none; without `shown` they are not drawn."""
        self.layer.set_scene(scene if shown else None, words)
        count = len(scene.shapes) if scene is not None else 0
        words = self.tr("Shapes ({count})").format(count=count)
        self.button.show_as("shapes", words, shortcut="Ctrl+Shift+L")
        group = self.button.parentWidget()
        if group is not None:
            group.setVisible(bool(count))
        self.pane.view.bar.place()

    def reveal(self, number: int) -> None:
        """Bring a shape into view."""
        if (box := self.layer.box_of(number)) is not None:
            self.pane.view.reveal_box(box)

    def corner_of(self, number: int) -> QPoint | None:
        """Where on the screen the menu of a shape opens; None where it is not in sight."""
        box, view = self.layer.box_of(number), self.pane.view
        if box is None:
            return None
        shown = view.placement.to_view_rect(box).intersected(QRectF(view.rect()))
        place = shown.bottomLeft() if not shown.isEmpty() else view.placement.to_view_rect(box).center()
        return view.mapToGlobal(place.toPoint()) if view.rect().contains(place.toPoint()) else None
