"""The next panes, made between the frames before they are asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.panes.area.pane_group import PaneGroup
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from ui.panes.area.pane_area import PaneArea

COUNT = 3
NEEDED = (
    "ui.panes.area.divider",
    "ui.panes.area.pane_tree",
    "ui.panes.area.full_screen",
    "ui.panes.view.switches",
    "ui.panes.area.pane_moves",
)
"""Imported one after the other, for when they are needed."""
STYLED_A_STEP = 10
"""Widgets: a millisecond or two."""


class SparePanes:
    """Keeps as many as may be asked for before the next frames; hidden within the area, which they need
    not leave to be shown."""

    def __init__(self, area: PaneArea) -> None:
        self._area = area
        self._made: list[PaneGroup] = []
        self.steps = Steps(area)

    def get_ready(self) -> None:
        """Make what is missing."""
        if len(self._made) < COUNT and not self.steps.busy:
            self.steps.run(self._make())

    def take(self) -> PaneGroup | None:
        """One that was made, to be used now; None where there is none yet."""
        return self._made.pop() if self._made else None

    def _make(self) -> Iterator[None]:
        for name in NEEDED:
            importlib.import_module(name)
            yield
        while len(self._made) < COUNT:
            spare = PaneGroup()
            spare.hide()
            yield
            spare.setParent(self._area)
            spare.pane.view.bar  # noqa: B018  made here
            yield
            # What is styled while nobody waits need not be when it is shown.
            parts = [*spare.findChildren(QWidget)[::-1], spare]
            for number, part in enumerate(parts, 1):
                part.ensurePolished()
                if number % STYLED_A_STEP == 0:
                    yield
            self._made.append(spare)
            yield
