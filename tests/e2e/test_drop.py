"""The main job: a picture dragged from another program is described while the text streams in."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.display import Display
from tests.e2e.running_window import RunningWindow, open_window

PHOTOS = Path(__file__).parents[1] / "data" / "photos"
SOURCE = Path(__file__).with_name("drag_source.py")


@contextlib.contextmanager
def drag_source(display: Display, *offers: str) -> Iterator[subprocess.Popen[bytes]]:
    process = display.start(sys.executable, str(SOURCE), *offers, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def drag_to(running: RunningWindow, source: subprocess.Popen[bytes]) -> str:
    """Drag with the mouse onto the middle of the window; returns the action that was taken."""
    window = running.xdo("search", "--sync", "--onlyvisible", "--name", "Drag source").splitlines()[-1]
    running.xdo("windowactivate", "--sync", window)
    running.xdo("windowmove", "--sync", window, "10", "40")
    running.xdo("mousemove", "60", "90", "mousedown", "1")
    for step in range(1, 11):
        running.xdo("mousemove", str(60 + step * 58), str(90 + step * 31), "sleep", "0.05")
    running.xdo("mousemove_relative", "1", "1", "sleep", "0.1", "mouseup", "1")
    assert source.stdout is not None
    return source.stdout.readline().decode().strip()


@pytest.mark.timeout(240)
def test_a_photo_dragged_from_another_program_is_described_as_it_streams(
    x_display: Display, home: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "my cat é.png"
    photo.write_bytes((PHOTOS / "chelsea.png").read_bytes())
    with open_window(x_display, home) as running, drag_source(x_display, f"file:{photo}") as source:
        assert drag_to(running, source) == "CopyAction"
        running.until(lambda: running.query("SELECT sha256 FROM picture"))
        running.type("What is in this picture?")
        running.press("Return")
        grown: list[str] = []

        def answered() -> bool:
            messages = running.messages()
            if len(messages) == 2 and messages[1].text:
                grown.append(messages[1].text)
            return len(messages) == 2 and messages[1].status == "done"

        running.until(answered)
    question, answer = running.messages()
    assert (question.role, question.status, question.text) == ("user", "done", "What is in this picture?")
    assert question.pictures == 1
    assert "cat" in answer.text
    assert len(set(grown)) > 1, "the answer came in one piece"
    assert all(answer.text.startswith(part) for part in grown)


@pytest.mark.timeout(240)
def test_several_files_and_raw_pixels_can_be_dragged(x_display: Display, home: Path) -> None:
    with open_window(x_display, home) as running:
        files = [f"file:{PHOTOS / name}" for name in ("chelsea.png", "coffee.png")]
        with drag_source(x_display, *files) as source:
            assert drag_to(running, source) == "CopyAction"
            running.until(lambda: len(running.query("SELECT sha256 FROM picture")) == 2)
        with drag_source(x_display, f"image:{PHOTOS / 'rocket.jpg'}") as source:
            assert drag_to(running, source) == "CopyAction"
            running.until(lambda: len(running.query("SELECT sha256 FROM picture")) == 3)
