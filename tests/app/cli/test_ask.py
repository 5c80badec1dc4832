"""Which pictures a question of the command line is about, and which are sent."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image, ImageStat

from app.cli.commands import run
from app.cli.stopping import Stopping
from tests.servers.fault_server import DONE, Answer, FaultServer, Received, delta, finish, in_a_thread
from tests.telling import sent_in

COLOURS = RED, GREEN, BLUE = ("red", "lime", "blue")


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    lines: list[dict[str, Any]]
    err: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["type"] == kind]


class Scene:
    """A folder of pictures, and a server that answers questions and gives away one picture."""

    def __init__(self, folder: Path, server: FaultServer, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.url = f"{server.url}/web.png"
        self._server = server
        self._capfd = capfd

    def __call__(self, command: str, *arguments: str | Path) -> Said:
        there = ("-e", "vllm", "-m", "m", "--base-url", self._server.url, "--json", "--show-sent")
        code = run([command, *there, *map(str, arguments)], Stopping())
        printed = self._capfd.readouterr()
        return Said(code, [json.loads(line) for line in printed.out.splitlines()], printed.err)

    def picture(self, name: str, colour: str) -> Path:
        path = self.folder / name
        path.write_bytes(png(colour))
        return path

    def on_the_web(self, give: Callable[[], bytes]) -> None:
        def answer(_: Received) -> Answer:
            return Answer([give()], headers={"Content-Type": "image/png"}, framing="length")

        self._server.at("/web.png", answer)

    @property
    def colours(self) -> list[str]:
        """Of the pictures that were sent."""
        bodies = [request.body for request in self._server.requests if request.body]
        sent = [Image.open(io.BytesIO(data)) for body in bodies for _, data in sent_in(body)]
        strengths = [ImageStat.Stat(image.convert("RGB")).mean for image in sent]
        return [COLOURS[bands.index(max(bands))] for bands in strengths]

    @property
    def asked(self) -> int:
        return sum(request.method == "POST" for request in self._server.requests)


def png(colour: str) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(encoded, "PNG")
    return encoded.getvalue()


@pytest.fixture
def fovea(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Scene]:
    said = Answer([delta("Well."), finish(), DONE])
    with in_a_thread(FaultServer([said])) as server:
        yield Scene(tmp_path, server, capfd)


@pytest.mark.parametrize("options", [[], ["--save"]], ids=["once", "saved"])
def test_what_was_looked_at_is_sent_and_kept_though_the_file_is_another_since(
    fovea: Scene, home: Path, options: list[str]
) -> None:
    frame = fovea.picture("frame.png", RED)
    first = frame.read_bytes()

    def rewriting() -> bytes:
        """Given when the first picture was looked at and nothing was sent yet."""
        frame.write_bytes(png(BLUE))
        return png(GREEN)

    fovea.on_the_web(rewriting)
    said = fovea("ask", "-i", frame, "-i", fovea.url, *options, "What?")
    assert said.code == 0, said
    assert frame.read_bytes() == png(BLUE)
    assert fovea.colours == [RED, GREEN]
    kept = [path.read_bytes() for path in (home / "pictures").rglob("*") if path.is_file()]
    assert sorted(kept) == (sorted((first, png(GREEN))) if options else [])


@pytest.mark.skipif(os.name != "posix", reason="process ids do not tell there who is gone")
def test_copies_are_private_and_those_that_a_killed_command_left_are_removed(
    fovea: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, others = subprocess.Popen(["true"]), tmp_path / "copies"
    ended.wait()
    others.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(others))
    left, running = (others / f"fovea-ask-{pid}-x" for pid in (ended.pid, os.getppid()))
    for folder in (left, running):
        folder.mkdir()
        (folder / "original").write_bytes(png(GREEN))
    modes: list[int] = []

    def looking() -> bytes:
        (folder,) = set(others.glob("fovea-ask-*")) - {running}
        modes.extend(path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir()))
        return png(BLUE)

    fovea.on_the_web(looking)
    assert fovea("ask", "-i", fovea.picture("a.png", RED), "-i", fovea.url, "What?").code == 0
    assert modes == [0o700, 0o600]
    assert list(others.glob("fovea-ask-*")) == [running]


def test_a_picture_given_twice_goes_once_under_its_first_name(fovea: Scene) -> None:
    first, again = fovea.picture("first.png", RED), fovea.folder / "again.png"
    again.symlink_to(first)
    fovea.on_the_web(lambda: png(RED))
    said = fovea("ask", "-i", first, "-i", first, "-i", again, "-i", fovea.url, "What?")
    assert said.code == 0, said
    assert fovea.colours == [RED]
    assert [line["name"] for line in said.of("sent")] == ["first.png"]


def test_the_rest_is_described_and_every_refusal_told(fovea: Scene) -> None:
    good, other = fovea.picture("good.png", RED), fovea.picture("other.png", GREEN)
    empty, missing = fovea.folder / "empty\n.png", fovea.folder / "missing.png"
    empty.touch()
    said = fovea("describe", empty, good, missing, other)
    assert said.code == 4
    assert fovea.colours == [RED, GREEN]
    assert [line["text"] for line in said.of("text")] == ["Well."]
    told = [
        "empty\ufffd.png cannot be opened: the file is empty.",
        "missing.png cannot be opened: there is no such file.",
    ]
    assert [line["message"] for line in said.of("error")] == told
    assert said.err.splitlines() == told


def test_a_question_of_which_a_picture_is_missing_is_not_asked_and_each_is_named(
    fovea: Scene, home: Path
) -> None:
    good, empty, missing = fovea.picture("good.png", RED), fovea.folder / "empty.png", fovea.folder / "no.png"
    empty.touch()
    said = fovea("ask", "-i", empty, "-i", good, "-i", missing, "--save", "Which is larger?")
    assert (said.code, fovea.asked) == (4, 0)
    assert [line.split(" cannot")[0] for line in said.err.splitlines()] == ["empty.png", "no.png"]
    assert not home.exists()


def test_where_every_picture_is_refused_nothing_is_described(fovea: Scene) -> None:
    said = fovea("describe", fovea.folder / "a.png", fovea.folder / "b.png")
    assert (said.code, fovea.asked, len(said.err.splitlines())) == (4, 0, 2)


def test_d1_a_picture_larger_than_most_is_sent_when_it_is_said_so(fovea: Scene) -> None:
    path = fovea.folder / "large.jpg"
    Image.new("L", (10_700, 10_000)).save(path, quality=1)
    said = fovea("describe", path)
    assert said.code == 4
    (error,) = said.of("error")
    assert "10700 × 10000 pixels, more than 105 megapixels; --large opens it" in error["message"]
    assert fovea.asked == 0
    assert fovea("describe", path, "--large").code == 0
    assert fovea.asked == 1
