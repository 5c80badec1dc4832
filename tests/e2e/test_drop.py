"""The main job: a picture dragged from another program is described while the text streams in."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.display import Display
from tests.e2e.running_window import RunningWindow, open_window

PHOTOS = Path(__file__).parents[1] / "data" / "photos"
SOURCE = Path(__file__).with_name("drag_source.py")


class Source:
    """The window of another program, and what it says."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._output = process.stdout
        os.set_blocking(self._output.fileno(), False)
        self._process = process
        self._said = b""

    def said(self, words: str) -> bool:
        assert self._process.poll() is None, "the program that is dragged from has ended"
        self._said += self._output.read() or b""
        return words in self._said.decode().splitlines()


@contextlib.contextmanager
def drag_source(display: Display, *offers: str) -> Iterator[Source]:
    process = display.start(sys.executable, str(SOURCE), *offers, stdout=subprocess.PIPE)
    try:
        yield Source(process)
    finally:
        process.kill()
        process.communicate()


def drag(running: RunningWindow, source: Source) -> None:
    """Drag a copy with the mouse onto the middle of the window."""
    running.until(lambda: source.said("ready"))
    window = running.xdo("search", "--sync", "--onlyvisible", "--name", "Drag source").splitlines()[-1]
    running.xdo("windowactivate", "--sync", window)
    start, end = running.middle_of(window), running.middle_of(running.window)
    running.xdo("mousemove", *map(str, start), "mousedown", "1")
    for step in range(1, 11):
        running.xdo("mousemove", *(str(a + (b - a) * step // 10) for a, b in zip(start, end, strict=True)))
    moves = itertools.cycle(["1", "-1"])

    def taken() -> bool:
        running.xdo("mousemove_relative", "--", next(moves), "0")
        return source.said("over CopyAction")

    running.until(taken)
    running.xdo("mouseup", "1")
    running.until(lambda: source.said("dropped CopyAction"))


@pytest.mark.timeout(240)
def test_a_photo_dragged_from_another_program_is_described_as_it_streams(
    x_display: Display, home: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "my cat é.png"
    photo.write_bytes((PHOTOS / "chelsea.png").read_bytes())
    with open_window(x_display, home) as running, drag_source(x_display, f"file:{photo}") as source:
        drag(running, source)
        running.until(running.attached)
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
            drag(running, source)
            running.until(lambda: running.attached() == 2)
        with drag_source(x_display, f"image:{PHOTOS / 'rocket.jpg'}") as source:
            drag(running, source)
            running.until(lambda: running.attached() == 3)
