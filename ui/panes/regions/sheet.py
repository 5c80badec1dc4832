"""What is drawn and does not change at the moment, kept as it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from ui.theme import palette

if TYPE_CHECKING:
    from ui.panes.view.placement import Placement

FEW = 6
"""So many marks are drawn faster than a kept sheet needs memory."""


class RegionSheet:
    """Paints through to what it kept, as long as marks, place and theme are the same."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], QPixmap] | None = None

    def paint(
        self,
        painter: QPainter,
        placement: Placement,
        marks: tuple[object, ...],
        draw: Callable[[QPainter], None],
    ) -> None:
        """Let `draw` paint the marks, where they are not kept; `marks` is all that it shows."""
        if len(marks) <= FEW:
            self._kept = None
            draw(painter)
            return
        view, ratio = placement.view, placement.ratio
        key = (marks, placement.transform(), view, ratio, palette.current().name)
        if self._kept is None or self._kept[0] != key:
            sheet = QPixmap((view.size() * ratio).toSize())
            sheet.setDevicePixelRatio(ratio)
            sheet.fill(Qt.GlobalColor.transparent)
            on_sheet = QPainter(sheet)
            draw(on_sheet)
            on_sheet.end()
            self._kept = key, sheet
        painter.drawPixmap(view.topLeft(), self._kept[1])
