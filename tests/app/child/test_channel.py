"""The child's side, alone at the end of two pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.child.frames import PREFIX, Frame, lengths, pack, unpack

ROOT = Path(__file__).resolve().parents[3]
ECHO = """
import os, sys
from pathlib import Path
from app.child.channel import Channel
from app.child.frames import Frame
channel = Channel(Path(sys.argv[1]))
while True:
    frame = channel.receive()
    print("a library that prints")
    os.write(1, b"native code that prints\\n")
    channel.send(Frame("echo", {"waiting": channel.waiting(), **frame.fields}, frame.payload))
"""


def echo(scratch: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ECHO, str(scratch)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def read_frame(child: subprocess.Popen[bytes], scratch: Path) -> Frame:
    assert child.stdout is not None
    header, payload = lengths(child.stdout.read(PREFIX.size))
    return unpack(child.stdout.read(header), child.stdout.read(payload), scratch)


def test_what_libraries_print_never_breaks_a_frame(tmp_path: Path) -> None:
    with echo(tmp_path) as child:
        assert child.stdin is not None
        for number in range(3):
            child.stdin.write(pack(Frame("say", {"number": number}, bytes(100_000 * number)), tmp_path))
            child.stdin.flush()
            answer = read_frame(child, tmp_path)
            assert (answer.kind, answer.fields["number"]) == ("echo", number)
            assert answer.payload == bytes(100_000 * number)
        child.stdin.close()
        assert child.wait(5) == 0
        assert child.stderr is not None
        assert child.stderr.read().count(b"native code that prints") == 3


def test_the_child_ends_when_its_input_does(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with echo(scratch) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(5) == 0
    assert not scratch.exists()


def test_the_child_ends_when_it_is_sent_nonsense(tmp_path: Path) -> None:
    with echo(tmp_path) as child:
        assert child.stdin is not None
        child.stdin.write(b"\xff" * 100)
        child.stdin.flush()
        assert child.wait(5) == 0
        child.stdin.close()
