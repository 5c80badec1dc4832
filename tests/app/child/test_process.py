"""A real child, the decoder, seen from its owner."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.pictures.caps import Caps
from tests.app.child.freezing import freeze

ROOT = Path(__file__).resolve().parents[3]


def with_child(work: Callable[[ChildProcess], Awaitable[Any]], start: bool = True) -> None:
    async def run() -> None:
        child = ChildProcess("decoder")
        await child.start()
        if start:
            await child.send(Frame("caps", Caps().to_plain()))
            assert (await child.receive()).kind == "ready"
        try:
            await work(child)
        finally:
            await child.close()
        assert not child.running

    asyncio.run(run())


def scratch_folders() -> set[str]:
    return {path.name for path in Path("/dev/shm").glob(f"fovea-child-{os.getpid()}-*")}


def test_closing_ends_the_child_and_removes_its_folder() -> None:
    before = scratch_folders()

    async def work(child: ChildProcess) -> None:
        assert child.running
        assert len(scratch_folders()) == len(before) + 1
        await child.close()
        assert child.returncode == 0
        assert child.pid is None

    with_child(work)
    assert scratch_folders() == before


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (signal.SIGKILL, "the system ended it, perhaps for want of memory"),
        (signal.SIGTERM, "it was ended from outside"),
        (signal.SIGSEGV, "it crashed"),
        (signal.SIGABRT, "it crashed"),
        (signal.SIGILL, "it was ended by signal 4"),
    ],
)
def test_a_child_that_a_signal_ends_is_told_in_words(ending: signal.Signals, words: str) -> None:
    async def work(child: ChildProcess) -> None:
        assert child.pid is not None
        os.kill(child.pid, ending)
        with pytest.raises(ChildEnded, match=f"^{words}$"):
            await child.receive()
        with pytest.raises(ChildEnded):
            await child.send(Frame("inspect"))

    with_child(work)


def test_a_child_that_breaks_keeps_what_it_wrote_last() -> None:
    async def work(child: ChildProcess) -> None:
        await child.send(Frame("caps", {"unheard": 1}))
        with pytest.raises(ChildEnded, match="status 1"):
            await child.receive()
        assert any("unheard" in line for line in child.stderr_tail)

    with_child(work, start=False)


def test_a_child_that_does_not_listen_is_killed_when_closed() -> None:
    async def work(child: ChildProcess) -> None:
        freeze(child.pid)
        await child.close(grace_s=0.05)
        assert child.returncode == -signal.SIGKILL

    with_child(work)


def test_closing_while_another_waits_for_an_answer_ends_both() -> None:
    async def work(child: ChildProcess) -> None:
        waiting = asyncio.ensure_future(child.receive())
        await asyncio.sleep(0)
        await asyncio.gather(child.close(), child.close())
        with pytest.raises(ChildEnded):
            await waiting

    with_child(work)


def test_a_child_that_cannot_start_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such program"))
    before = scratch_folders()

    async def run() -> None:
        child = ChildProcess("decoder")
        with pytest.raises(FileNotFoundError):
            await child.start()
        await child.close()
        assert not child.running

    asyncio.run(run())
    assert scratch_folders() == before


def test_the_child_inherits_only_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NUGEN_API_KEY", "PGPASS", "AWS_CREDENTIALS", "LLAMA_API_KEY", "UNHEARD_OF"):
        monkeypatch.setenv(name, "canary-in-a-coal-mine")
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")

    async def work(child: ChildProcess) -> None:
        environment = Path(f"/proc/{child.pid}/environ").read_bytes()
        assert b"canary-in-a-coal-mine" not in environment
        assert b"OMP_WAIT_POLICY=passive" in environment

    with_child(work)


def test_a_folder_the_user_works_in_lends_the_child_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("json", "app", "PIL", "queue"):
        (tmp_path / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)

    async def work(child: ChildProcess) -> None:
        assert child.running

    with_child(work)
    assert not (tmp_path / "ran").exists()


OWNER = """
import asyncio
from app.child.process import ChildProcess
async def main():
    child = ChildProcess("decoder")
    await child.start()
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_c2_the_child_dies_with_its_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        child = Path("/proc") / owner.stdout.readline().strip()
        assert child.exists()
        owner.kill()
        owner.wait()
    deadline = time.monotonic() + 10.0
    while _alive(child):
        assert time.monotonic() < deadline, "the child outlived its owner by 10 s"
        time.sleep(0.01)


def _alive(process: Path) -> bool:
    try:
        return process.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
