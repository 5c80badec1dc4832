"""Panes within splitters within splitters: what stands where, and how it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from ui.panes.area.arrangement import Arrangement, Leaf, Split
from ui.panes.area.pane_group import PaneGroup

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.panes.area.arrangement import Side


def groups_in(root: QWidget) -> Iterator[PaneGroup]:
    """Every group in `root`, as one reads: from the left to the right, from the top down."""
    if isinstance(root, PaneGroup):
        yield root
    elif isinstance(root, QSplitter):
        for part in _parts(root):
            yield from groups_in(part)


def place_beside(group: PaneGroup, new: PaneGroup, side: Side) -> None:
    """Let `group` give half of its room to `new`."""
    outer = group.parentWidget()
    if isinstance(outer, QSplitter) and outer.orientation() == side.orientation:
        sizes, index = outer.sizes(), outer.indexOf(group)
        half = sizes[index] // 2
        outer.insertWidget(index if side.before else index + 1, new)
        new.show()
        outer.setSizes([*sizes[:index], sizes[index] - half, half, *sizes[index + 1 :]])
        return
    sizes = outer.sizes() if isinstance(outer, QSplitter) else []
    half = (group.width() if side.orientation == Qt.Orientation.Horizontal else group.height()) // 2
    splitter = _splitter(side.orientation)
    _replace(group, splitter)
    for part in (new, group) if side.before else (group, new):
        splitter.addWidget(part)
        part.show()
    splitter.setSizes([half, half])
    if isinstance(outer, QSplitter):
        outer.setSizes(sizes)  # once more: an empty splitter takes no room


class Collapsed(NamedTuple):
    """A splitter that went because it divided nothing any more, and what stands in its place."""

    splitter: QSplitter
    rest: QWidget


def take_out(group: PaneGroup) -> Collapsed | None:
    """Take a group from its splitter; that goes too where only one part is left."""
    splitter = group.parentWidget()
    assert isinstance(splitter, QSplitter)
    group.hide()
    group.setParent(None)
    if splitter.count() > 1:
        return None
    (rest,) = _parts(splitter)
    _replace(splitter, rest)
    splitter.deleteLater()
    return Collapsed(splitter, rest)


def arrangement_of(root: QWidget, active: PaneGroup) -> Arrangement:
    """What stands in `root`, to be built again later."""
    if isinstance(root, QSplitter):
        parts = tuple(arrangement_of(part, active) for part in _parts(root))
        return Split(root.orientation(), parts, tuple(root.sizes()))
    assert isinstance(root, PaneGroup)
    return root.leaf(active=root is active)


def build(kept: Arrangement, group_for: Callable[[Leaf], PaneGroup]) -> QWidget:
    """Widgets for an arrangement; `group_for` gives those of its leaves."""
    if isinstance(kept, Leaf):
        return group_for(kept)
    splitter = _splitter(kept.orientation)
    for part in kept.parts:
        built = build(part, group_for)
        splitter.addWidget(built)
        built.show()
    splitter.setSizes(list(kept.sizes))
    return splitter


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    return splitter


def _replace(old: QWidget, new: QWidget) -> None:
    """Put `new` where `old` stands; `old` then stands nowhere."""
    parent = old.parentWidget()
    if isinstance(parent, QSplitter):
        # QSplitter.replaceWidget leaves the new part to Python, which then frees it.
        sizes, index = parent.sizes(), parent.indexOf(old)
        old.setParent(None)
        parent.insertWidget(index, new)
        new.show()
        parent.setSizes(sizes)
    else:
        layout = parent.layout() if parent is not None else None
        assert layout is not None
        layout.replaceWidget(old, new)
        old.setParent(None)
        new.show()


def _parts(splitter: QSplitter) -> list[QWidget]:
    widgets = (splitter.widget(index) for index in range(splitter.count()))
    return [widget for widget in widgets if widget is not None]
