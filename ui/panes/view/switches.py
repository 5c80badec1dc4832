"""What is on or off for all panes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from ui.panes.area.pane_area import PaneArea
    from ui.panes.view.picture_pane import PicturePane


class Switches(QObject):
    """The pixel grid, the colour under the pointer, and whether all panes are looked at together.

    Together: what the user zooms or moves in one pane is followed by the others, in the same place of
    their own picture and as large on the screen. Each keeps its own turn.
    """

    def __init__(self, area: PaneArea) -> None:
        super().__init__(area)
        self._area = area
        self._on = {"grid": True, "readout": False, "together": False}
        area.pane_added.connect(self._hear)
        for pane in area.panes():
            self._hear(pane)

    def set(self, name: str, on: bool) -> None:
        """Switch `grid`, `readout` or `together`."""
        self._on[name] = on
        for pane in self._area.panes():
            self._apply(pane)
        if name == "together" and on:
            self._lead(self._area.active)

    def _hear(self, pane: PicturePane) -> None:
        self._apply(pane)
        pane.view.looked.connect(lambda: self._lead(pane))
        pane.picture_shown.connect(lambda: self._lead(self._area.active))

    def _apply(self, pane: PicturePane) -> None:
        pane.view.show_grid(self._on["grid"])
        if self._on["readout"] or pane.view.points:
            pane.view.pointing.switch(self._on["readout"])

    def _lead(self, leader: PicturePane) -> None:
        look = leader.view.look()
        if not self._on["together"] or look is None:
            return
        for pane in self._area.panes():
            if pane is not leader:
                pane.view.take_look(look._replace(turn=pane.view.placement.turn))
