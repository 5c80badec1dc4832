"""What the system sees of showing hostile text: nothing. Row E1."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ui.transcript.rendering_child import BEGINS, ENDS

ROOT = Path(__file__).parents[3]
CALLS = (
    "open", "openat", "openat2", "creat", "connect", "socket", "sendto", "sendmsg", "execve", "execveat",
    "access", "faccessat", "faccessat2",
)  # fmt: skip
_CALL = re.compile(r"^\d+ +(?:<\.\.\. )?(\w+)")


@pytest.fixture
def strace() -> list[str]:
    """The command that watches a program and its threads and children."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; `make test` installs it on Debian and Ubuntu")
    command = ["strace", "-f", "-qq", "-e", "trace=" + ",".join(f"?{call}" for call in CALLS)]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"watching system calls is not allowed here: {tried.stderr.strip()[:200]}")
    return command


def calls_between_the_marks(strace: list[str], log: Path, *child: str) -> tuple[list[str], list[str]]:
    """The system calls of a child between BEGINS and ENDS, and the lines it printed."""
    ended = subprocess.run(
        [*strace, "-o", str(log), sys.executable, *child],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = log.read_text("utf-8", "replace").splitlines()
    (begin,) = (number for number, line in enumerate(lines) if BEGINS in line)
    (end,) = (number for number, line in enumerate(lines) if ENDS in line)
    between = [line for line in lines[begin + 1 : end] if _CALL.match(line)]
    return between, ended.stdout.splitlines()


def traps(folder: Path) -> Sequence[str]:
    """A picture that is there, by its path and its address, and a pipe."""
    picture, pipe = folder / "trap.png", folder / "pipe"
    picture.write_bytes((ROOT / "tests" / "data" / "photos" / "coffee.png").read_bytes())
    os.mkfifo(pipe)
    return str(picture), picture.as_uri(), str(pipe)


def test_e1_rendering_opens_no_file_and_no_connection_as_the_system_sees_it(
    strace: list[str], tmp_path: Path
) -> None:
    child = ("-m", "tests.ui.transcript.rendering_child", *traps(tmp_path))
    calls, (told,) = calls_between_the_marks(strace, tmp_path / "log", *child)
    assert calls == []
    assert "https://evil.example/?q=secret" in json.loads(told)
    assert all(address.startswith(("http://", "https://", "mailto:")) for address in json.loads(told))


def test_what_watches_rendering_sees_files_and_connections(strace: list[str], tmp_path: Path) -> None:
    code = (
        "import os, socket\n"
        f"os.access({BEGINS!r}, 0)\n"
        "open('/dev/null').close()\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))\n"
        f"os.access({ENDS!r}, 0)\n"
    )
    calls, _ = calls_between_the_marks(strace, tmp_path / "log", "-c", code)
    seen = {match[1] for match in map(_CALL.match, calls) if match}
    assert {"openat", "connect"} <= seen
