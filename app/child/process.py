"""The owner of one child process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import signal
import sys
from collections import deque
from pathlib import Path

from app.child.environment import for_child
from app.child.frames import INLINE_LIMIT, PREFIX, Frame, FrameError, create_scratch, lengths, pack, unpack

log = logging.getLogger(__name__)

STDERR_LINES = 50
KILL_S = 2.0
ENDED_LATE = -signal.SIGPROF if sys.platform != "win32" else None
"""The exit status of a child after all the time of the processor that it gave itself (`end_after`); None
where that is not measured."""

_SIGNALS = {
    "SIGABRT": "it crashed",
    "SIGBUS": "it crashed",
    "SIGFPE": "it crashed",
    "SIGSEGV": "it crashed",
    "SIGKILL": "the system ended it, perhaps for want of memory",
    "SIGTERM": "it was ended from outside",
}


class ChildEnded(Exception):
    """The child is gone: it exited, crashed or was killed. The text is its exit in words."""


class ChildProcess:
    """A Fovea process of its own, spoken to in frames.

    Its standard input is its lifeline: when the owner goes, however it goes, the child ends.
    The last STDERR_LINES lines it wrote to stderr are kept in `stderr_tail`. It inherits only the
    environment variables that `environment` names.
    """

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self.stderr_tail: deque[str] = deque(maxlen=STDERR_LINES)
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        self._scratch: Path | None = None
        self._stderr_task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the process has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self.running else None

    @property
    def returncode(self) -> int | None:
        """The exit status once it ended; negative is the signal that ended it."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the process. Raises OSError when the system cannot."""
        self._scratch = create_scratch()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *_command(self.name, self._scratch, *self._arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=for_child(),
            )
        except BaseException:  # also when cancelled: `close` has no process to clean up after
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        self._stderr_task = asyncio.create_task(self._keep_stderr(), name=f"stderr of {self.name}")

    async def send(self, frame: Frame) -> None:
        """Write a frame. Raises ChildEnded when nobody reads any more, OSError when there is no
        room for a large payload."""
        process, scratch = self._started()
        assert process.stdin is not None
        large = len(frame.payload) > INLINE_LIMIT  # written to a file, and not by the loop's thread
        packed = await asyncio.to_thread(pack, frame, scratch) if large else pack(frame, scratch)
        try:
            process.stdin.write(packed)
            await process.stdin.drain()
        except (ConnectionError, RuntimeError) as error:
            raise await self._ended() from error

    async def receive(self) -> Frame:
        """The child's next frame. Raises ChildEnded when there is none and never will be."""
        process, scratch = self._started()
        assert process.stdout is not None
        try:
            header, payload = lengths(await process.stdout.readexactly(PREFIX.size))
            return unpack(
                await process.stdout.readexactly(header),
                await process.stdout.readexactly(payload),
                scratch,
            )
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._ended() from error
        except FrameError as error:
            self.kill()
            await self._ended()
            raise ChildEnded(f"it sent {error}") from error

    def kill(self) -> None:
        """End the process at once, whatever it is doing. Harmless when it has ended."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def close(self, grace_s: float = 2.0) -> None:
        """Close the lifeline, kill after `grace_s` seconds, and remove what the child left.

        A child that the system holds (a dead network disk) is left to it: it dies when let go.
        """
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), grace_s)
        except TimeoutError:
            await self._end(self._process)
        finally:
            await self._clean_up()

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self.kill()
        try:
            await asyncio.wait_for(process.wait(), KILL_S)
        except TimeoutError:
            log.warning("the %s child (%d) does not end even when killed", self.name, process.pid)

    async def _ended(self) -> ChildEnded:
        process, _ = self._started()
        try:
            await asyncio.wait_for(process.wait(), 2.0)
        except TimeoutError:
            await self._end(process)
        await self._clean_up()
        return ChildEnded(_exit_in_words(process.returncode or 0))

    async def _clean_up(self) -> None:
        """Also when several wait for the end at once, and when they are cancelled meanwhile."""
        reading, self._stderr_task = self._stderr_task, None
        try:
            if reading is not None:
                await asyncio.wait((reading,), timeout=1.0)
        finally:
            if reading is not None:
                reading.cancel()
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)

    async def _keep_stderr(self) -> None:
        process, _ = self._started()
        assert process.stderr is not None
        partial = b""
        while chunk := await process.stderr.read(65536):
            *lines, partial = (partial + chunk).split(b"\n")
            partial = partial[-4096:]
            self.stderr_tail.extend(line.decode("utf-8", "replace")[:500] for line in lines)
        if partial:
            self.stderr_tail.append(partial.decode("utf-8", "replace")[:500])

    def _started(self) -> tuple[asyncio.subprocess.Process, Path]:
        if self._process is None or self._scratch is None:
            raise ChildEnded("it was not started")
        return self._process, self._scratch


def _command(name: str, scratch: Path, *arguments: str) -> list[str]:
    """-P: a folder the user works in must not lend the child its `json.py`."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "app"]
    return [*program, "--child", name, str(scratch), *arguments]


def _exit_in_words(returncode: int) -> str:
    if returncode >= 0:
        return f"it ended with status {returncode}"
    try:
        name = signal.Signals(-returncode).name
    except ValueError:  # a real-time signal
        name = ""
    return _SIGNALS.get(name, f"it was ended by signal {-returncode}")
