"""A pane and the pictures that are open in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panes.area.arrangement import Leaf, Tab
from ui.panes.view.picture_pane import PicturePane
from ui.signs import one_line
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.panes.area.tab_strip import TabStrip

LINE = 2
"""Logical pixels of the line over the active pane."""


class PaneGroup(QWidget):
    """Shows one of its pictures; tabs for the others are there only when there are others."""

    wanted = Signal(object, str)
    """The pane is to show the picture with this hash; empty: none."""

    strip_made = Signal(object)
    tabs_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane = PicturePane()
        self.tabs: list[Tab] = []
        self.current = 0
        self.names: dict[str, str] = {}
        self._marked: bool | None = None
        self._place = (1, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.pane, 1)
        self.pane.picture_shown.connect(self._look_as_before)
        self.pane.picture_shown.connect(self._name_view)

    @cached_property
    def strip(self) -> TabStrip:
        """The tabs, made with the second picture."""
        from ui.panes.area.tab_strip import TabStrip  # most never open a second one

        strip = TabStrip(self)
        strip.chosen.connect(self.choose)
        self._column.insertWidget(0, strip)
        self.strip_made.emit(strip)
        return strip

    @property
    def has_strip(self) -> bool:
        """Whether the tabs are on the screen."""
        return "strip" in self.__dict__ and not self.strip.isHidden()

    @property
    def sha256(self) -> str:
        """The picture that is meant to be shown, empty for none."""
        return self.tabs[self.current].sha256 if self.tabs else ""

    def know(self, names: dict[str, str]) -> None:
        """The names of all pictures of the conversation, by their hashes and in their order."""
        self.names = names
        self._name_view()
        if self.has_strip:
            self._show_tabs()

    def told(self, sha256: str, name: str) -> str:
        """A picture as a screen reader tells of it: its number in the conversation, its name, the pane."""
        known = list(self.names)
        if sha256 not in self.names or len(known) < 2:
            return self._placed(self.tr("Picture: {name}").format(name=one_line(name)))
        said = self.tr("Picture {number} of {count}: {name}").format(
            number=known.index(sha256) + 1, count=len(known), name=one_line(name)
        )
        return self._placed(said)

    def show_picture(self, sha256: str) -> None:
        """Show a picture: its tab where it has one, else in the place of the one that is shown."""
        if sha256 == self.sha256:
            return
        found = self.place_of(sha256)
        if found is not None:
            self.choose(found)
        elif self.tabs:
            self.tabs[self.current] = Tab(sha256)
            self._show_current()
        else:
            self.add(Tab(sha256))

    def add(self, tab: Tab, at: int | None = None) -> None:
        """Open a picture in a tab of its own, before the one at `at` or as the last, and show it."""
        self._keep_look()
        found = self.place_of(tab.sha256)
        if found is not None:
            self.tabs.pop(found)
            at = at - 1 if at is not None and at > found else at
        place = len(self.tabs) if at is None else min(at, len(self.tabs))
        self.tabs.insert(place, tab)
        self.current = place
        self._show_current()

    def choose(self, index: int) -> None:
        """Show the picture of another tab."""
        if index != self.current and 0 <= index < len(self.tabs):
            self._keep_look()
            self.current = index
            self._show_current()

    def take(self, sha256: str) -> Tab | None:
        """Close the tab of a picture and give it away; None where it has none."""
        found = self.place_of(sha256)
        if found is None:
            return None
        self._keep_look()
        taken, was_shown = self.tabs.pop(found), found == self.current
        if found < self.current or self.current == len(self.tabs):
            self.current = max(0, self.current - 1)
        if was_shown:
            self._show_current()
        else:
            self._show_tabs()
        return taken

    def put(self, leaf: Leaf) -> None:
        """Open all pictures of `leaf` instead of those that are open."""
        before = self.sha256
        self.tabs = list(leaf.tabs)
        self.current = min(leaf.current, max(0, len(self.tabs) - 1))
        if self.sha256 == before and before:
            self._look_as_before(before)
            self._show_tabs()
        else:
            self._show_current()

    def leaf(self, *, active: bool) -> Leaf:
        """What is open, to be put back later."""
        self._keep_look()
        return Leaf(tuple(self.tabs), self.current, active)

    def tab_of(self, sha256: str) -> Tab | None:
        """The tab of a picture as it is now; None where it has none."""
        self._keep_look()
        found = self.place_of(sha256)
        return self.tabs[found] if found is not None else None

    def place_of(self, sha256: str) -> int | None:
        """Which tab has a picture."""
        return next((i for i, tab in enumerate(self.tabs) if tab.sha256 == sha256), None)

    def lend_pane(self) -> PicturePane:
        """Give the pane away for a while."""
        self._column.removeWidget(self.pane)
        return self.pane

    def take_pane_back(self) -> None:
        """The pane stands here again."""
        self._column.addWidget(self.pane, 1)
        self.pane.show()

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        return [*([self.strip] if "strip" in self.__dict__ else []), *self.pane.stops()]

    def mark(self, active: bool | None, place: tuple[int, int] = (1, 1)) -> None:
        """Say whether this is the active pane of several; None: it is the only one. `place`: which one
        of how many it is, as one reads."""
        if place != self._place:
            self._place = place
            self.know(self.names)
        if active is not self._marked:
            self._marked = active
            self._column.setContentsMargins(0, 0 if active is None else LINE, 0, 0)
            self.pane.setFocusPolicy(Qt.FocusPolicy.NoFocus if active is None else Qt.FocusPolicy.ClickFocus)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._marked is None:
            return
        colors = palette.current()
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), LINE, colors.accent if self._marked else colors.mat)

    def _show_current(self) -> None:
        self._show_tabs()
        self.wanted.emit(self.pane, self.sha256)

    def _show_tabs(self) -> None:
        several = len(self.tabs) > 1
        if several or "strip" in self.__dict__:
            known = [(tab.sha256, self.names.get(tab.sha256, "")) for tab in self.tabs]
            self.strip.show_tabs([(sha256, name, self.told(sha256, name)) for sha256, name in known])
            self.strip.show_current(self.current)
            self.strip.setVisible(several)
        self.tabs_changed.emit()

    def _keep_look(self) -> None:
        if self.tabs and self.pane.sha256 == self.sha256:
            self.tabs[self.current] = Tab(self.sha256, self.pane.view.look())

    def _look_as_before(self, sha256: str) -> None:
        if sha256 and sha256 == self.sha256 and (look := self.tabs[self.current].look) is not None:
            self.pane.view.take_look(look)

    def _name_view(self) -> None:
        """Let a screen reader tell this pane from others."""
        pane = self.pane
        said = self.told(pane.sha256, pane.name) if pane.name else self._placed(self.tr("Picture"))
        pane.view.setAccessibleName(said)
        pane.setAccessibleName(said)  # beside others it takes the keyboard itself

    def _placed(self, said: str) -> str:
        number, count = self._place
        placed = self.tr("{picture}, pane {number} of {count}")
        return placed.format(picture=said, number=number, count=count) if count > 1 else said
