"""The owner of the quick look child."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.domain.errors import LocalExtraMissing, QuickLookFailed
from app.domain.events import Progress
from app.domain.request import PromptPicture

if TYPE_CHECKING:
    from app.local.quick_look.findings import Findings

log = logging.getLogger(__name__)

NAME = "Quick look"
REQUIRED = ("numpy", "cv2", "onnxruntime", "rapidocr")
STOP_S = 2.0
SIGN_OF_LIFE_S = 20.0
"""How long the first finding may take; it takes a fraction of a second unless the child hangs."""
IDLE_S = 300.0
FINDINGS_KEPT = 64


def require_packages() -> None:
    """Raise LocalExtraMissing where the packages that quick look runs on are not installed."""
    if not all(importlib.util.find_spec(name) for name in REQUIRED):
        raise LocalExtraMissing(endpoint=NAME)


class Describer:
    """Looks at pictures in a child process, one at a time.

    The child starts with the first look, stays warm, ends after IDLE_S seconds without work
    and is started anew when it has ended. What was found is remembered for FINDINGS_KEPT pictures.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._child: ChildProcess | None = None
        self._ready = False
        self._killed = False
        self._closed = False
        self._idle: asyncio.TimerHandle | None = None
        self._known: OrderedDict[str, Findings] = OrderedDict()

    @property
    def child_pid(self) -> int | None:
        """The process id of the child while it runs."""
        return self._child.pid if self._child else None

    async def look(self, picture: PromptPicture) -> AsyncGenerator[Progress | Findings, None]:
        """Yield what is waited for, then the growing findings; the last have `all_read`.

        `picture.data` is raw RGB. Closing the generator stops the look within STOP_S seconds.
        Raises LocalExtraMissing, or QuickLookFailed when the child cannot start or ends.
        """
        from app.local.quick_look.findings import Findings  # with the first picture

        width, height = picture.shown_size
        key = f"{picture.prepared.sha256} {width} {height}"
        if known := self._known.get(key):
            yield known
            return
        if self._turn.locked():
            yield Progress(stage="waiting")
        async with self._turn:
            try:
                child = await self._running_child()
                if not self._ready:
                    yield Progress(stage="starting")
                while not await self._has_loaded(child):
                    yield Progress(stage="loading")
                yield Progress(stage="looking")
                findings = Findings(width, height)
                yield findings
                try:
                    findings = findings.grown(await self._first_frame(child, picture))
                    while not findings.all_read:
                        yield findings
                        findings = findings.grown(await child.receive())
                    self._remember(key, findings)
                    yield findings
                finally:
                    if not findings.all_read:
                        await self._stop(child)
            except ChildEnded as error:
                raise self._failure(str(error)) from error
            except OSError as error:
                raise self._failure(error.strerror or type(error).__name__) from error
            finally:
                self._end_when_idle()

    async def aclose(self) -> None:
        """End the child. Whoever looks or waits for a turn gets QuickLookFailed."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._child is not None:
            await self._child.close()

    async def _running_child(self) -> ChildProcess:
        if self._closed:
            raise ChildEnded("it was closed")
        if self._idle is not None:
            self._idle.cancel()
        if self._child is not None:
            if self._child.running and not self._killed:
                return self._child
            await self._child.close()
        require_packages()
        self._ready = self._killed = False
        self._child = ChildProcess("quick-look")
        await self._child.start()
        return self._child

    async def _has_loaded(self, child: ChildProcess) -> bool:
        """True at once when it had; else the child's next word on its loading."""
        self._ready = self._ready or (await child.receive()).kind == "ready"
        return self._ready

    async def _first_frame(self, child: ChildProcess, picture: PromptPicture) -> Frame:
        """Show the picture to the child and wait for what it sees first; kill it where it hangs."""
        try:
            async with asyncio.timeout(SIGN_OF_LIFE_S):
                await child.send(_look_frame(picture))
                return await child.receive()
        except TimeoutError as error:
            self._kill()
            raise ChildEnded(f"it did not respond for {SIGN_OF_LIFE_S:g} seconds") from error

    async def _stop(self, child: ChildProcess) -> None:
        """Have the child leave the picture; kill it where it does not."""
        if self._killed:
            return
        answered = False
        try:
            async with asyncio.timeout(STOP_S):
                await child.send(Frame("stop"))
                while not answered:
                    answered = (await child.receive()).kind in {"done", "stopped"}
        except (TimeoutError, ChildEnded):
            log.info("quick look did not stop by itself")
        finally:
            if not answered:
                self._kill()

    def _end_when_idle(self) -> None:
        if self._child is not None and self._child.running:
            self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._kill)

    def _kill(self) -> None:
        """End the child at once. The system takes a moment for it, so it is not asked any more."""
        if self._child is not None:
            self._child.kill()
            self._killed = True

    def _remember(self, key: str, findings: Findings) -> None:
        self._known[key] = findings
        while len(self._known) > FINDINGS_KEPT:
            self._known.popitem(last=False)

    def _failure(self, reason: str) -> QuickLookFailed:
        """Why it failed; a child that fails by itself says so in its last line on stderr."""
        status = self._child.returncode if self._child else None
        said = self._child.stderr_tail if self._child else ()
        if said:
            log.warning("quick look failed: %s", "\n".join(said))
        if said and status is not None and status > 0:
            reason = f"{reason} ({said[-1]})"
        return QuickLookFailed(endpoint=NAME, reason=reason)


def _look_frame(picture: PromptPicture) -> Frame:
    size = {"width": picture.prepared.width, "height": picture.prepared.height}
    return Frame("look", size, picture.data)
