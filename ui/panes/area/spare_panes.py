"""The next panes, made between the frames before they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.panes.area.pane_group import PaneGroup
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from ui.panes.area.pane_area import PaneArea

MOST = 3
STYLED_A_STEP = 10
"""Widgets: a millisecond or two."""


class SparePanes:
    """Keeps one at least, and as many as were shown at once before; hidden within the area, which
    they need not leave to be shown."""

    def __init__(self, area: PaneArea) -> None:
        self._area = area
        self._made: list[PaneGroup] = []
        self._most_shown = 0
        self._wanted = 1
        self.steps = Steps(area)

    def get_ready(self, shown: int) -> None:
        """Make what is missing; `shown` is how many panes there are now."""
        self._most_shown = max(self._most_shown, shown)
        self._wanted = min(MOST, max(1, self._most_shown - shown))
        if len(self._made) < self._wanted and not self.steps.busy:
            self.steps.run(self._make())

    def take(self) -> PaneGroup | None:
        """One that was made, to be used now; None where there is none yet."""
        return self._made.pop() if self._made else None

    def _make(self) -> Iterator[None]:
        from ui.panes.area import pane_tree  # noqa: F401  imported here for when it is needed

        yield
        while len(self._made) < self._wanted:
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
