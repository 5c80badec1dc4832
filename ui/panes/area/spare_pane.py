"""The next pane, made between the frames before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.panes.area.pane_group import PaneGroup
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class SparePane:
    """Keeps one at most, hidden within `place`."""

    def __init__(self, place: QWidget) -> None:
        self._place = place
        self._made: PaneGroup | None = None
        self.steps = Steps(place)

    def get_ready(self) -> None:
        """Make one where there is none."""
        if self._made is None and not self.steps.busy:
            self.steps.run(self._make())

    def take(self) -> PaneGroup | None:
        """The one that was made, to be used now; None where there is none yet."""
        made, self._made = self._made, None
        return made

    def _make(self) -> Iterator[None]:
        from ui.panes.area import pane_tree  # noqa: F401  imported here for when it is needed

        yield
        spare = PaneGroup()
        spare.hide()
        spare.setParent(self._place)
        yield
        spare.pane.view.bar  # noqa: B018  made here
        self._made = spare
