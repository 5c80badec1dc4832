"""Shows hostile text in every way there is, between two marks that strace can see.

    python -m tests.ui.transcript.rendering_child TRAP...

Before that it shows the same text with harmless addresses: what is loaded once, fonts and modules,
is loaded then. TRAPs are addresses that would betray who opens them. Prints the addresses that
clicks told of.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.transcript.hostile_text import SHAPES, TARGETS
from ui.theme import palette
from ui.transcript.blocks.lexers import preload
from ui.transcript.entry import Entry, EntryTool
from ui.transcript.view import TranscriptView

BEGINS, ENDS = "/fovea-rendering-begins", "/fovea-rendering-ends"
HARMLESS = "https://a.example/b"
DELTAS = 12
WIDTHS = (480, 1000, 720)


def rest(view: TranscriptView) -> None:
    """Let the window work until everything in sight is laid out and painted."""
    for _ in range(3000):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if view.at_rest and not any(p.message.unfinished for p in view._arrangement.visible):
            break
    view.grab()


def stream(view: TranscriptView, text: str) -> None:
    """An answer grows, in sight."""
    entry = Entry("stream", "assistant", "", status="streaming", reasoning=text[: len(text) // 4])
    view.set_entries([Entry("question", "user", text[:500])])
    view.append(entry)
    for part in range(1, DELTAS + 1):
        view.update_entry(replace(entry, text=text[: len(text) * part // DELTAS]))
        rest(view)
    view.update_entry(replace(entry, text=text, status="done"))
    rest(view)


def reopen(view: TranscriptView, text: str) -> None:
    """The same as history, with the text in every other place that can hold some."""
    tools = (EntryTool(text[:200], json.dumps({"url": text[:500]})),)
    said = Entry("said", "assistant", text, heading=text[:300], metrics=text[:300], tools=tools)
    notes = (text[:300], text[300:600])
    asked = Entry(
        "asked", "user", text[:2000], pictures=(("a" * 64, text[:100]),), notes=notes, waiting=text[:100]
    )
    view.set_entries([asked, replace(said, notice=text[:1000], reasoning=text[:2000], reasoning_s=1.0)])
    rest(view)


def mouse(view: TranscriptView, x: float, y: float) -> None:
    place, none = QPointF(x, y), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), moved)


def look_around(view: TranscriptView) -> None:
    """Scroll from the top to the end, hover over everything, and click what is a link."""
    bar, height = view.verticalScrollBar(), view.viewport().height()
    for top in [*range(0, bar.maximum(), height * 2 // 3), bar.maximum()]:
        bar.setValue(top)
        rest(view)
        for y in range(4, height, 20):
            for x in range(40, view.viewport().width(), 160):
                mouse(view, x, y)
                if view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor and _on_link(
                    view, x, y
                ):
                    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def _on_link(view: TranscriptView, x: int, y: int) -> bool:
    arrangement = view._arrangement
    places = [p for p in arrangement.visible if p.top <= y < p.top + p.message.height]
    return any(p.message.link_at(x - arrangement.left, y - p.top) for p in places)


def use(view: TranscriptView) -> None:
    """Resize, select, copy and find."""
    for width in WIDTHS:
        view.resize(width, 560)
        rest(view)
    view.select_all()
    view.copy()
    view.copy_markdown()
    rest(view)
    view.deselect()
    view.find_words()
    QTest.keyClicks(QApplication.focusWidget() or view, "evil")
    rest(view)
    for step in (view.find_next, view.find_previous, view.find_next):
        step()
        rest(view)


def play(view: TranscriptView, targets: Sequence[str]) -> None:
    """Everything a user can do with the text."""
    text = "\n\n".join(shape.replace("@", target) for target in targets for shape in SHAPES)
    stream(view, text)
    reopen(view, text)
    look_around(view)
    use(view)


def main(traps: Sequence[str]) -> None:
    """The warm-up, then what counts."""
    application = QApplication(sys.argv[:1])
    palette.apply(application, "light")
    preload()
    view = TranscriptView()
    told: list[str] = []
    view.link_activated.connect(told.append)
    view.resize(720, 560)
    view.show()
    view.activateWindow()
    play(view, [HARMLESS] * (len(TARGETS) + len(traps)))
    told.clear()
    os.access(BEGINS, os.F_OK)
    play(view, [*traps, *TARGETS])
    os.access(ENDS, os.F_OK)
    print(json.dumps(sorted(set(told))))


if __name__ == "__main__":
    main(sys.argv[1:])
