"""The keyboard on a picture: every tool, and everything that can be done with what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.domain.region import Region
from ui.panes.regions.tools import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from ui.panes.regions.board import RegionBoard

TOOL_KEYS = {
    Qt.Key.Key_R: Tool.RECTANGLE,
    Qt.Key.Key_L: Tool.LASSO,
    Qt.Key.Key_P: Tool.POINT,
    Qt.Key.Key_A: Tool.ARROW,
    Qt.Key.Key_C: Tool.BOX,
    Qt.Key.Key_B: Tool.BRUSH,
}
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
FAR = 10
"""Pixels that Shift and an arrow move by."""


def tool_of(event: QKeyEvent) -> Tool | None:
    """The tool that a key stands for."""
    return TOOL_KEYS.get(Qt.Key(event.key())) if not _held(event) else None


def is_wanted(board: RegionBoard, event: QKeyEvent) -> bool:
    """Whether a key is for the picture although the window has a use of it, too."""
    if event.key() == Qt.Key.Key_Escape:
        return board.tool is not Tool.HAND or board.selected is not None
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() in WAYS:
        return control and board.own is not None
    return control and event.key() in (Qt.Key.Key_Z, Qt.Key.Key_Y)


def press_key(board: RegionBoard, event: QKeyEvent) -> bool:
    """Do what a key is for; False for one that is for nothing here."""
    key, control = Qt.Key(event.key()), bool(_held(event))
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if key in WAYS:
        x, y = WAYS[key]
        step = FAR if shift else 1
        return board.push((x * step, y * step), grows=control)
    if control and key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        board.undo_requested.emit(shift or key == Qt.Key.Key_Y)
        return True
    if control:
        return False
    if (tool := tool_of(event)) is not None:
        board.choose(tool)
        return True
    deed = _DEEDS.get(key)
    return deed(board) if deed is not None else False


def _held(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )


def _escape(board: RegionBoard) -> bool:
    """A step back: from what is chosen, then from the tool."""
    if board.selected is not None:
        board.select(None)
    elif board.tool is not Tool.HAND:
        board.choose(Tool.HAND)
    else:
        return False
    return True


def _enter(board: RegionBoard) -> bool:
    """Finish what is chosen, take it into the next question, or put something down."""
    chosen = board.selected
    if chosen is None:
        return board.put()
    if isinstance(chosen, Region) and board.own is None:
        board.reuse_requested.emit(chosen)
    board.select(None)
    return True


def _name(board: RegionBoard) -> bool:
    named = isinstance(board.own, Region)
    if named:
        board.naming_requested.emit()
    return named


def _brush(steps: int) -> Callable[[RegionBoard], bool]:
    def resize(board: RegionBoard) -> bool:
        brushing = board.tool is Tool.BRUSH
        if brushing:
            board.set_brush(board.brush + steps)
        return brushing

    return resize


_DEEDS: dict[Qt.Key, Callable[[RegionBoard], bool]] = {
    Qt.Key.Key_Escape: _escape,
    Qt.Key.Key_Return: _enter,
    Qt.Key.Key_Enter: _enter,
    Qt.Key.Key_Delete: lambda board: board.delete(),
    Qt.Key.Key_Backspace: lambda board: board.delete(),
    Qt.Key.Key_N: _name,
    Qt.Key.Key_Period: lambda board: board.select_next(1),
    Qt.Key.Key_Comma: lambda board: board.select_next(-1),
    Qt.Key.Key_BracketLeft: _brush(-1),
    Qt.Key.Key_BracketRight: _brush(1),
}
