"""Model text that tries to fetch, open, hide or freeze (rows E1 to E5 of the fault suite)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript.hostile_text import HOSTILE, SHAPES, TARGETS
from tests.ui.transcript_pictures import MakeView, settled
from ui.transcript.blocks.lexers import preload
from ui.transcript.entry import Entry
from ui.transcript.view import TranscriptView

FORBIDDEN = (
    "open",
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "urllib.Request",
)
_watching: list[list[str]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in FORBIDDEN:
        _watching[-1].append(f"{event} {arguments[0]!r}")


sys.addaudithook(_hook)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """Whoever opens it for reading hangs for good."""
    path = tmp_path / "trap"
    os.mkfifo(path)
    return path


def test_e1_model_text_opens_no_file_and_no_connection(
    make_view: MakeView, qtbot: QtBot, fifo: Path, rich: str
) -> None:
    targets = (f"file://{fifo}", str(fifo), *TARGETS)
    hostile = "\n\n".join(shape.replace("@", target) for target in targets for shape in SHAPES)
    view = make_view([Entry("0", "assistant", rich)])
    settled(view, qtbot)
    seen: list[str] = []
    _watching.append(seen)
    try:
        view.set_entries([Entry("1", "assistant", hostile, notice=hostile, heading=hostile, metrics=hostile)])
        for value in range(0, view.verticalScrollBar().maximum(), 300):
            view.verticalScrollBar().setValue(value)
            settled(view, qtbot)
            view.grab()
        hover_everywhere(view)
    finally:
        _watching.pop()
    assert [entry for entry in seen if ".pyc" not in entry and ".py'" not in entry] == []
    view.select_all()
    for needle in (str(fifo), "/dev/zero", "//host/share/x.png", "https://evil.example/?q=secret"):
        assert needle in view.selected_text()


def hover_everywhere(view: TranscriptView) -> None:
    for y in range(0, view.viewport().height(), 24):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(300, y),
            QPointF(300, y),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view.viewport(), event)


@pytest.mark.parametrize("status", ["done", "streaming"])
def test_e2_every_character_is_there_to_be_copied(make_view: MakeView, status: str) -> None:
    lines = [
        "List<int> x",
        "1 < 2 and <unk> token end",
        "<think>reasoning</think>",
        "<div>",
        "unclosed <b>bold <i>both",
        "<!-- a comment -->",
        "<script>alert('x')</script> &",
        "a & b &unknown; c",
    ]
    view = make_view([Entry("1", "assistant", "\n\n".join(lines), status=status)])
    view.select_all()
    assert view.selected_text() == "\n\n".join(lines)


class Steps:
    """CPU of each step of the thread that draws; the machine's other work does not count."""

    def __init__(self, view: TranscriptView) -> None:
        self._view = view
        self.longest_s = 0.0

    def take(self, step: Callable[[], object]) -> None:
        """Do something and note what it took."""
        start = time.thread_time()
        step()
        self.longest_s = max(self.longest_s, time.thread_time() - start)

    def rest(self) -> None:
        """Let the event loop turn until everything is cut into blocks."""
        for turn in range(4_000):
            self.take(lambda: QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents))
            if turn > 4 and not any(placed.message.unfinished for placed in self._view._arrangement.visible):
                return
        pytest.fail("the text was never read to its end")


LONGEST_STEP_S = 0.2
NAMED = {
    "a word of 1 MB", "a table of 10,000 rows", "stars", "50,000 references", "combining marks",
    "right to left", "deep lists", "NULs", "line separators", "turned round", "a line of code of 900 kB",
    "ideographs",
}  # fmt: skip
"""Those that a fault is known of; the others run in `make soak`."""


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=name, marks=[] if name in NAMED else pytest.mark.soak) for name, text in HOSTILE],
)
def test_e3_no_text_keeps_the_window_from_answering(make_view: MakeView, text: str) -> None:
    preload()
    view = make_view()
    QApplication.processEvents()
    steps = Steps(view)
    steps.take(lambda: view.set_entries([Entry("1", "assistant", text)]))
    steps.rest()
    message = view._arrangement.messages[0]
    assert len([box for box in message.boxes if box is not None]) <= 400, "only what is in sight is laid out"
    bar = view.verticalScrollBar()
    for share in (0.0, 0.5, 0.9):
        steps.take(lambda share=share: bar.setValue(int(bar.maximum() * share)))  # type: ignore[misc]
        steps.rest()
        steps.take(view.grab)
    steps.take(lambda: view.resize(620, 500))
    steps.rest()
    for share in (0.5, 0.501, 1.0):
        entry = Entry("1", "assistant", text[: int(len(text) * share)], status="streaming")
        steps.take(lambda entry=entry: view.update_entry(entry))  # type: ignore[misc]
        steps.rest()
    steps.take(lambda: view.update_entry(Entry("1", "assistant", text)))
    steps.rest()
    assert steps.longest_s < LONGEST_STEP_S


def test_e4_only_web_and_mail_addresses_are_handed_on_and_only_when_clicked(
    make_view: MakeView, qtbot: QtBot
) -> None:
    targets = (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "smb://host/x",
        "ms-settings:x",
        "own:x",
        "data:text/html,x",
    )
    bad = "\n\n".join(f"[link {n}]({target})" for n, target in enumerate(targets))
    view = make_view([Entry("1", "assistant", f"[good](https://user@host.example/a%20b?c=d)\n\n{bad}")])
    told: list[str] = []
    view.link_activated.connect(told.append)
    hover_everywhere(view)
    assert told == []
    for y in range(2, view.viewport().height(), 8):
        for x in range(0, view.viewport().width(), 16):
            if y < 60 or view._arrangement.messages[0].link_at(x - view._arrangement.left, y):
                qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert set(told) == {"https://user@host.example/a%20b?c=d"}
    view.select_all()
    for target in targets:
        assert target in view.selected_text()


def test_e5_names_and_notices_are_shown_literally(make_view: MakeView, qtbot: QtBot, fifo: Path) -> None:
    evil = f"<b>x</b><img src='{fifo}'><a href='http://x'>y</a> & **z**"
    view = make_view([
        Entry("q", "user", evil, pictures=(("a" * 64, evil),)),
        Entry("1", "assistant", heading=evil, metrics=evil, notice=evil, waiting=evil, status="failed"),
    ])  # fmt: skip
    settled(view, qtbot)
    frame = view._arrangement.messages[1].frame
    assert frame.notice is not None
    assert frame.notice._lines.text == evil
    assert frame._heading is not None
    start, end = frame._heading.text.split("…")  # cut in the middle, and nothing but cut
    assert evil.startswith(start)
    assert evil.endswith(end)
    view.select_all()
    assert view.selected_text() == f"{evil}\n\n{evil}"


def test_control_characters_do_no_harm(make_view: MakeView, qtbot: QtBot) -> None:
    text = "a\x00b\u2028c\x0bd\x85e\rf\ud800g\ufeffh\t\x1bi\n\n```x\r\n\ty\x00\n```"
    view = make_view([Entry("1", "assistant", text), Entry("2", "user", text)])
    settled(view, qtbot)
    view.grab()
    view.select_all()
    assert "h" in view.selected_text()
