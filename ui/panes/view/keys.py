"""The keys of a picture that has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from ui.panes.view.picture_view import PictureView

STEP = 48.0
"""Logical pixels that an arrow key moves the picture."""

DEEDS: dict[Qt.Key, Callable[[PictureView], object]] = {
    Qt.Key.Key_Plus: lambda view: view.zoom_in(),
    Qt.Key.Key_Equal: lambda view: view.zoom_in(),
    Qt.Key.Key_Minus: lambda view: view.zoom_out(),
    Qt.Key.Key_0: lambda view: view.fit(),
    Qt.Key.Key_1: lambda view: view.show_full(),
    Qt.Key.Key_2: lambda view: view.fill(),
    Qt.Key.Key_BracketLeft: lambda view: view.turn_by(-90),
    Qt.Key.Key_BracketRight: lambda view: view.turn_by(90),
    Qt.Key.Key_Left: lambda view: view.push(QPointF(STEP, 0)),
    Qt.Key.Key_Right: lambda view: view.push(QPointF(-STEP, 0)),
    Qt.Key.Key_Up: lambda view: view.push(QPointF(0, STEP)),
    Qt.Key.Key_Down: lambda view: view.push(QPointF(0, -STEP)),
    Qt.Key.Key_G: lambda view: view.command_requested.emit("grid"),
    Qt.Key.Key_I: lambda view: view.command_requested.emit("readout"),
    Qt.Key.Key_K: lambda view: view.command_requested.emit("copy-colour"),
    Qt.Key.Key_F11: lambda view: view.command_requested.emit("full-screen"),
}
"""Where the whole window knows a key, that comes first."""


def press(view: PictureView, key: int) -> bool:
    """Do what a key stands for; whether it stands for anything."""
    deed = DEEDS.get(Qt.Key(key))
    if deed is not None:
        deed(view)
    return deed is not None
