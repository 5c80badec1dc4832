"""What a transcript looks like, when it has come to rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.transcript.controls import NONE, Control, next_control
from ui.transcript.messages.message import Message
from ui.transcript.view import TranscriptView

MakeView = Callable[..., TranscriptView]
"""What the fixture `make_view` gives."""


def controls_of(message: Message) -> list[Control]:
    """All that can be pressed in a message, as the keyboard walks it."""
    found = [next_control(message, NONE, forward=True)]
    while found[-1].kind:
        found.append(next_control(message, found[-1], forward=True))
    return found[:-1]


def settled(view: TranscriptView, qtbot: QtBot) -> None:
    """Wait until everything in and near sight is laid out, and what is in sight coloured and painted."""

    def at_rest() -> bool:
        QApplication.processEvents()
        height = view.viewport().height()
        behind = (
            placed.message.unfinished or placed.message.unread_in(-placed.top, height - placed.top)
            for placed in view._arrangement.visible
        )
        return view.at_rest and not any(behind)

    qtbot.waitUntil(at_rest)
    QApplication.processEvents()


def painted(view: TranscriptView) -> QImage:
    """The view as a whole repaint gives it."""
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def on_screen(view: TranscriptView) -> QImage:
    """The view as its window shows it after partial repaints."""
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
