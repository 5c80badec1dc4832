"""What is done with panes and tabs by keys, menus and dragging."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.actions import SWITCHES
from ui.panes.area import full_screen
from ui.panes.area.arrangement import Side, Tab
from ui.panes.view.switches import Switches

if TYPE_CHECKING:
    from ui.panes.area.pane_area import PaneArea
    from ui.panes.area.pane_group import PaneGroup


def split(area: PaneArea, side: Side) -> None:
    """Show the picture of the active pane a second time, beside it; an empty pane is not divided."""
    group = area.active_group
    if group.tabs:
        area.open_beside(Tab(group.sha256, group.pane.view.look()), side)


def go(area: PaneArea, step: int) -> None:
    """Go to the next pane (1) or to the one before (-1), with the keyboard."""
    pane = _neighbour(area, step).pane
    area.activate(pane)
    pane.take_focus()


def go_tab(area: PaneArea, step: int) -> None:
    """Show the next picture of the active pane (1), or the one before (-1)."""
    group = area.active_group
    if group.tabs:
        group.choose((group.current + step) % len(group.tabs))


def carry(area: PaneArea, step: int) -> None:
    """Move the picture of the active pane to the next pane (1), or to the one before (-1)."""
    source, target = area.active_group, _neighbour(area, step)
    if source is not target and source.tabs:
        bring(area, source.sha256, source, target)
        target.pane.take_focus()


def bring(
    area: PaneArea,
    sha256: str,
    source: PaneGroup | None,
    target: PaneGroup,
    side: Side | None = None,
    at: int | None = None,
) -> None:
    """Bring a picture into `target`, before the tab at `at`, or into a new pane beside it.

    It leaves `source`, if that is said; a pane that is left empty so goes.
    """
    alone = source is target and len(target.tabs) == 1
    if sha256 not in target.names or (alone and source is not None):
        return
    if side is not None:
        _bring_beside(area, sha256, source, target, side)
        return
    if source is target and at is None:
        return
    tab = source.tab_of(sha256) if source is not None else None
    if source is not None and source is not target:
        source.take(sha256)
    area.open_tab(tab or Tab(sha256), target, at)
    _drop_if_empty(area, source)


def _bring_beside(
    area: PaneArea, sha256: str, source: PaneGroup | None, target: PaneGroup, side: Side
) -> None:
    tab = source.tab_of(sha256) if source is not None else None
    if area.open_beside(tab or Tab(sha256), side, target) is not None and source is not None:
        source.take(sha256)
        _drop_if_empty(area, source)


def _drop_if_empty(area: PaneArea, group: PaneGroup | None) -> None:
    if group is not None and not group.tabs:
        area.drop(group)


def _neighbour(area: PaneArea, step: int) -> PaneGroup:
    groups = area.groups()
    return groups[(groups.index(area.active_group) + step) % len(groups)]


DEEDS: dict[str, Callable[[PaneArea], object]] = {
    "pane-right": lambda area: split(area, Side.RIGHT),
    "pane-down": lambda area: split(area, Side.BELOW),
    "pane-next": lambda area: go(area, 1),
    "pane-previous": lambda area: go(area, -1),
    "pane-close": lambda area: area.close_tab(),
    "tab-next": lambda area: go_tab(area, 1),
    "tab-previous": lambda area: go_tab(area, -1),
    "tab-to-next": lambda area: carry(area, 1),
    "tab-to-previous": lambda area: carry(area, -1),
    "zoom-in": lambda area: area.active.view.zoom_in(),
    "zoom-out": lambda area: area.active.view.zoom_out(),
    "zoom-fit": lambda area: area.active.view.fit(),
    "zoom-full": lambda area: area.active.view.show_full(),
    "zoom-fill": lambda area: area.active.view.fill(),
    "turn-right": lambda area: area.active.view.turn_by(90),
    "turn-left": lambda area: area.active.view.turn_by(-90),
    "copy-colour": lambda area: area.active.view.pointing.copy(),
    "full-screen": full_screen.toggle,
}
"""By the commands that stand for them."""


def do(area: PaneArea, command: str, on: bool) -> None:
    """Do what a command of the window says; `on` is for one that switches. KeyError: it is no such one."""
    area.command_coming.emit()
    if command in SWITCHES:
        if area.switches is None:
            area.switches = Switches(area)
        area.switches.set(command, on)
    else:
        DEEDS[command](area)
