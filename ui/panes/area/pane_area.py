"""The place of the pictures: one pane, or several beside and above each other."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from ui.panes.area.arrangement import Arrangement, Leaf, Side, Tab
from ui.panes.area.pane_group import PaneGroup
from ui.panes.drop import PICTURE_HERE
from ui.widgets.tab_order import walk_through

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QResizeEvent

    from ui.panes.area.drop_zones import DropZones
    from ui.panes.area.full_screen import FullScreen
    from ui.panes.area.pane_tree import PaneTree
    from ui.panes.area.spare_panes import SparePanes
    from ui.panes.area.tab_strip import TabStrip
    from ui.panes.view.picture_pane import PicturePane
    from ui.panes.view.switches import Switches

MOST_PANES = 12
SMALLEST = 120
"""Logical pixels that a pane has at least when another is put beside it."""


class PaneArea(QWidget):
    """Knows which pictures are open where. Whoever hears `picture_wanted` brings their pixels."""

    active_changed = Signal(object)
    pane_added = Signal(object)
    pane_removed = Signal(object)
    tabs_changed = Signal()
    """Other pictures may be open in the tabs."""
    picture_wanted = Signal(object, str)
    """A PicturePane is to show the picture with this hash; empty: none."""

    current_changed = Signal(str)
    """The active pane is to show the picture with this hash; empty: none."""

    menu_requested = Signal(QPoint)
    """The menu for the active pane was asked for, at a place of the screen."""

    command_requested = Signal(str)
    """A key of a picture stands for a command of the window, by its id."""

    command_coming = Signal()
    """A command is about to be done: what still has to change in the panes has to change now."""

    refused = Signal(str)
    """Why something was not done."""

    open_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(200, 88)
        self.setAcceptDrops(True)
        self.full_screen: FullScreen | None = None
        """What one pane fills the screen with, while it does."""
        self.switches: Switches | None = None
        """What is switched for all panes, once anything was."""
        self._zones: DropZones | None = None
        self._spares: SparePanes | None = None
        self._names: dict[str, str] = {}
        self._missing = ""
        self._follows_focus = False
        self.active_group = self._made()
        """The active pane with what is open in it."""

    @property
    def active(self) -> PicturePane:
        """The pane that commands are for."""
        return self.active_group.pane

    def panes(self) -> list[PicturePane]:
        """Every pane, as one reads."""
        return [group.pane for group in self.groups()]

    def groups(self) -> list[PaneGroup]:
        """Every pane with what is open in it, as one reads."""
        return self._tree.groups() if "_tree" in self.__dict__ else [self.active_group]

    def wanted(self, pane: PicturePane) -> str:
        """The picture that a pane is meant to show, empty for none or for a pane that is gone."""
        return next((group.sha256 for group in self.groups() if group.pane is pane), "")

    def set_pictures(self, names: dict[str, str]) -> bool:
        """The pictures that can be shown, with their names; whether one closed that was shown.

        Tabs of others close, and panes that are left empty.
        """
        self._names = names
        lost = False
        for group in self.groups():
            group.know(names)
            gone = [tab.sha256 for tab in group.tabs if tab.sha256 not in names]
            lost = lost or group.sha256 in gone
            for sha256 in gone:
                self.close_tab(group, sha256)
        return lost

    def open_tab(self, tab: Tab, group: PaneGroup | None = None, at: int | None = None) -> None:
        """Open a picture in a tab of its own, in the active pane or in that of `group`."""
        group = group or self.active_group
        group.add(tab, at)
        self.activate(group.pane)

    def open_beside(self, tab: Tab, side: Side, group: PaneGroup | None = None) -> PaneGroup | None:
        """Open a picture in a new pane beside the active one, or beside that of `group`.

        A pane that is empty takes it itself. None, and `refused` says why, where there is no room.
        """
        group = group or self.active_group
        if not group.tabs:
            self.open_tab(tab, group)
            return group
        length = group.width() if side.orientation == Qt.Orientation.Horizontal else group.height()
        if len(self.groups()) >= MOST_PANES or length < 2 * SMALLEST:
            self.refused.emit(
                self.tr("There is no room for another pane. Close one, or make the window larger.")
            )
            return None
        self.leave_full_screen()
        new = self._made()
        self._tree.place_beside(group, new, side)
        self._settle()
        self.activate(new.pane)
        new.add(tab)
        new.pane.take_focus()
        self.get_ready()
        return new

    def get_ready(self) -> None:
        """There may be another pane soon: make it between the frames."""
        if self._spares is None:
            from ui.panes.area.spare_panes import SparePanes  # a single picture needs one pane

            self._spares = SparePanes(self)
        self._spares.get_ready()

    def close_tab(self, group: PaneGroup | None = None, sha256: str = "") -> None:
        """Close a tab, by default that of the active pane; with the last one the pane goes."""
        group = group or self.active_group
        group.take(sha256 or group.sha256)
        if not group.tabs:
            self.drop(group)

    def drop(self, group: PaneGroup) -> None:
        """Take a pane away; the only one stays, empty."""
        groups = self.groups()
        if len(groups) == 1:
            return
        self.leave_full_screen()
        place = groups.index(group)
        focused = group.isAncestorOf(QApplication.focusWidget() or self)
        if group is self.active_group:
            self.activate(groups[place - 1 if place else 1].pane)
        self._tree.take_out(group)
        _forget(self, [group])
        self._settle()
        if focused:
            self.active.take_focus()

    def activate(self, pane: PicturePane) -> None:
        """Make a pane the one that commands are for."""
        group = next(group for group in self.groups() if group.pane is pane)
        if group is not self.active_group:
            self.active_group = group
            _mark(self)
            self.active_changed.emit(pane)
            self.current_changed.emit(group.sha256)

    def arrangement(self) -> Arrangement:
        """What is open where, to be restored later."""
        if "_tree" in self.__dict__:
            return self._tree.arrangement(self.active_group)
        return self.active_group.leaf(active=True)

    def restore(self, kept: Arrangement, names: dict[str, str]) -> None:
        """Open what was open, instead of what is; `names` are those of all pictures there are now."""
        self.leave_full_screen()
        self._names = names
        spare = [self.active_group, *(group for group in self.groups() if group is not self.active_group)]
        active: list[PaneGroup] = []

        def group_for(leaf: Leaf) -> PaneGroup:
            group = spare.pop(0) if spare else self._made()
            if leaf.active or not active:
                active[:] = [group]
            group.names = self._names
            group.put(leaf)
            return group

        if isinstance(kept, Leaf) and len(spare) == 1:
            group_for(kept)
        else:
            self._tree.build(kept, group_for)
            _forget(self, spare)
        before, self.active_group = self.active_group, active[0]
        self._settle()
        if before is not self.active_group:
            self.active_changed.emit(self.active)
        self.current_changed.emit(self.active_group.sha256)

    def set_missing(self, sentence: str) -> None:
        """What has to be installed first, said in every pane without a picture."""
        self._missing = sentence
        for pane in self.panes():
            pane.set_missing(sentence)

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        return [stop for group in self.groups() for stop in group.stops()]

    def leave_full_screen(self) -> None:
        """Put the pane that fills the screen back."""
        if self.full_screen is not None:
            self.full_screen.leave()

    def sizeHint(self) -> QSize:
        return self.active_group.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if "_tree" in self.__dict__:
            self._tree.lay_out()
        else:
            self.active_group.setGeometry(self.rect())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not event.mimeData().hasFormat(PICTURE_HERE):
            event.ignore()
            return
        if self._zones is None:
            from ui.panes.area.drop_zones import DropZones  # not needed before something is dragged

            self._zones = DropZones(self)
        self._zones.enter(event)

    @cached_property
    def _tree(self) -> PaneTree:
        """How the panes stand, made with the second one."""
        from ui.panes.area.pane_tree import PaneTree  # a single picture needs one pane

        return PaneTree(self, self.active_group)

    def _made(self) -> PaneGroup:
        """A new pane, which stands nowhere yet."""
        group = (self._spares.take() if self._spares is not None else None) or PaneGroup(self)
        group.names = self._names
        group.wanted.connect(self._want)
        group.tabs_changed.connect(self.tabs_changed)
        group.strip_made.connect(lambda strip: _hear_strip(self, group, strip))
        pane = group.pane
        pane.set_missing(self._missing)
        pane.open_requested.connect(self.open_requested)
        pane.retry_requested.connect(self.retry_requested)
        pane.view.menu_requested.connect(lambda: self.activate(pane))
        pane.view.menu_requested.connect(self.menu_requested)
        pane.view.command_requested.connect(self.command_requested)
        self.pane_added.emit(pane)
        return group

    def _want(self, pane: PicturePane, sha256: str) -> None:
        self.picture_wanted.emit(pane, sha256)
        if pane is self.active_group.pane:
            self.current_changed.emit(sha256)

    def _settle(self) -> None:
        """After panes came or went."""
        if not self._follows_focus and len(self.groups()) > 1:
            self._follows_focus = True
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            application.focusChanged.connect(self._focus_went)
        _mark(self)
        walk_through(self.stops())

    def _focus_went(self, _before: QWidget | None, now: QWidget | None) -> None:
        group = next((g for g in self.groups() if now is g or (now and g.isAncestorOf(now))), None)
        if group is not None:
            self.activate(group.pane)


def _hear_strip(area: PaneArea, group: PaneGroup, strip: TabStrip) -> None:
    strip.close_requested.connect(lambda sha256: area.close_tab(group, sha256))
    strip.chosen.connect(lambda: area.activate(group.pane))


def _forget(area: PaneArea, groups: list[PaneGroup]) -> None:
    for group in groups:
        area.pane_removed.emit(group.pane)
        group.hide()
        group.pane.view.set_image(QImage())  # now, not when Python comes to collect it
        group.deleteLater()


def _mark(area: PaneArea) -> None:
    """Show which of several panes is the active one."""
    groups = area.groups()
    for number, group in enumerate(groups, 1):
        active = None if len(groups) == 1 else group is area.active_group
        group.mark(active, (number, len(groups)))


def set_covered(area: PaneArea, covered: bool) -> None:
    """Whether something lies over the panes; what is said in them would stick out from behind it."""
    for pane in area.panes():
        pane.set_covered(covered)
