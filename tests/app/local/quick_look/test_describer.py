"""The real child, with the real models."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from app.domain.errors import LocalExtraMissing, QuickLookFailed
from app.domain.events import Progress
from app.domain.request import PromptPicture
from app.local.quick_look import describer as describer_module
from app.local.quick_look.describer import STOP_S, Describer
from app.local.quick_look.findings import Findings
from tests.app.child.freezing import freeze
from tests.photos import as_sent, photo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


def cat() -> PromptPicture:
    return as_sent(photo("chelsea.png"), "chelsea.png")


def page() -> PromptPicture:
    """A page that takes a while to read."""
    small = photo("page.png")
    return as_sent(small.resize((small.width * 4, small.height * 4)), "page.png")


def title() -> PromptPicture:
    """The first line of the page, read in half the time."""
    return as_sent(photo("page.png").crop((0, 0, 384, 40)), "page.png")


async def look(describer: Describer, picture: PromptPicture) -> Findings:
    async with aclosing(describer.look(picture)) as steps:
        return [step async for step in steps if isinstance(step, Findings)][-1]


async def begin(describer: Describer, picture: PromptPicture) -> None:
    """Look until the colours are known, then leave."""
    async with aclosing(describer.look(picture)) as steps:
        async for step in steps:
            if isinstance(step, Findings) and step.colours is not None:
                return


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)


def test_findings_arrive_one_after_the_other() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            async with aclosing(describer.look(page())) as events:
                steps = [step async for step in events]
        finally:
            await describer.aclose()
        progress = [step for step in steps if isinstance(step, Progress)]
        assert progress == [Progress(stage) for stage in ("starting", "loading", "looking")]
        findings = [step for step in steps if isinstance(step, Findings)]
        assert findings[0].labels is None
        assert findings[1].labels is not None
        assert findings[1].colours is None
        assert findings[2].colours is not None
        assert findings[2].lines == ()
        assert not findings[-2].all_read
        assert findings[-1].all_read
        assert findings[-1].lines[0] == "Region-based segmentation"

    asyncio.run(run())


def test_d7_a_killed_child_fails_that_look_only() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            with pytest.raises(QuickLookFailed, match="the system ended it"):
                async with aclosing(describer.look(page())) as steps:
                    async for step in steps:
                        if isinstance(step, Findings) and step.labels is not None:
                            os.kill(describer.child_pid or 0, signal.SIGKILL)
            assert (await look(describer, cat())).all_read
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_child_killed_while_idle_is_started_again() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            await begin(describer, cat())
            os.kill(describer.child_pid or 0, signal.SIGKILL)
            await until(lambda: describer.child_pid is None)
            await begin(describer, cat())
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_stopped_look_leaves_the_child_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer_module, "STOP_S", 60)  # a busy machine is no reason to kill here

    async def run() -> None:
        describer = Describer()
        try:
            await begin(describer, page())
            warm = describer.child_pid
            assert (await look(describer, title())).lines
            assert describer.child_pid == warm
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_child_that_does_not_stop_is_killed() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            await begin(describer, cat())
            frozen = describer.child_pid or 0
            async with aclosing(describer.look(page())) as steps:
                async for step in steps:
                    if isinstance(step, Findings) and step.labels is not None:
                        freeze(frozen)
                        stopped = asyncio.get_running_loop().time()
                        break
            assert asyncio.get_running_loop().time() - stopped < STOP_S + 5
            await begin(describer, cat())
            assert describer.child_pid != frozen
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_child_that_froze_while_idle_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        describer = Describer()
        try:
            await begin(describer, cat())
            frozen = describer.child_pid or 0
            freeze(frozen)
            with monkeypatch.context() as patch:
                patch.setattr(describer_module, "SIGN_OF_LIFE_S", 0.2)
                with pytest.raises(QuickLookFailed, match=r"did not respond for 0\.2 seconds"):
                    await look(describer, page())
            assert (await look(describer, cat())).all_read
            assert describer.child_pid != frozen
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_cancelled_task_ends_its_look() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            task = asyncio.ensure_future(look(describer, page()))
            await until(lambda: describer.child_pid is not None)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await begin(describer, cat())
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_looks_wait_for_their_turn_and_are_remembered() -> None:
    async def run() -> None:
        describer = Describer()
        try:
            first, second = await asyncio.gather(look(describer, cat()), look(describer, title()))
            async with aclosing(describer.look(cat())) as steps:
                assert [step async for step in steps] == [first]
        finally:
            await describer.aclose()
        assert (first.lines, first.width) == ((), 451)
        assert second.lines

    asyncio.run(run())


def test_an_idle_child_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer_module, "IDLE_S", 0.2)

    async def run() -> None:
        describer = Describer()
        try:
            await begin(describer, cat())
            first = describer.child_pid
            await until(lambda: describer.child_pid is None)
            await begin(describer, cat())
            assert describer.child_pid not in {None, first}
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_a_child_that_cannot_load_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('no such processor')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    expect_log("quick look failed")

    async def run() -> None:
        describer = Describer()
        try:
            with pytest.raises(QuickLookFailed, match="no such processor"):
                await look(describer, cat())
        finally:
            await describer.aclose()

    asyncio.run(run())


def test_missing_packages_are_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer_module, "REQUIRED", ("json", "a_package_nobody_has"))

    async def run() -> None:
        describer = Describer()
        with pytest.raises(LocalExtraMissing, match=r"Quick look needs packages.*fovea\[local\]"):
            await look(describer, cat())
        assert describer.child_pid is None

    asyncio.run(run())


RECORD_SOCKETS = """
import sys

def record(event, arguments):
    if event.startswith("socket."):
        with open({path!r}, "a") as file:
            file.write(event + "\\n")

sys.addaudithook(record)
"""


def test_the_child_opens_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python tells our hook of every socket call, also of those that are refused afterwards."""
    record = tmp_path / "sockets"
    (tmp_path / "sitecustomize.py").write_text(RECORD_SOCKETS.format(path=str(record)), "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    record.touch()

    async def run() -> set[str]:
        describer = Describer()
        try:
            await look(describer, title())
            descriptors = Path(f"/proc/{describer.child_pid}/fd")
            if not descriptors.exists():
                return set()
            links = {fd.name: str(fd.readlink()) for fd in descriptors.iterdir() if fd.is_symlink()}
            return {name for name, link in links.items() if link.startswith("socket:")}
        finally:
            await describer.aclose()

    assert asyncio.run(run()) <= {"0"}  # its standard input, which the parent made
    # Creating one is tried once, by an import, and refused: nothing is ever bound or connected.
    assert set(record.read_text("utf-8").split()) <= {"socket.__new__"}


def test_a_socket_is_refused_in_the_child() -> None:
    code = (
        "from app.local.quick_look.child_main import forbid_network\n"
        "import socket\n"
        "forbid_network()\n"
        "for attempt in (socket.socket, lambda: socket.getaddrinfo('localhost', 80)):\n"
        "    try:\n"
        "        attempt()\n"
        "    except PermissionError:\n"
        "        print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "refused"]


def test_nothing_heavy_is_imported_beside_the_window() -> None:
    code = (
        "import sys, app.providers.quick_look\n"
        "print(sorted({'numpy', 'onnxruntime', 'rapidocr', 'cv2', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_closed_describer_starts_no_child() -> None:
    async def run() -> None:
        describer = Describer()
        await describer.aclose()
        with pytest.raises(QuickLookFailed, match="it was closed"):
            await look(describer, cat())
        assert describer.child_pid is None

    asyncio.run(run())
