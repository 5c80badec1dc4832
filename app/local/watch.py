"""What is asked of a running engine: is it ours, does it respond, has it stopped.

The watch over an answer is the one task here. It outlives the answer it began with, because an
answer that was stopped must not wait for the engine to notice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from dataclasses import dataclass, field

from app.child.process import ChildProcess
from app.domain.errors import EndpointFailed, EngineFailed, FoveaError
from app.net.gate import Document, Gate
from app.net.key import Key

log = logging.getLogger(__name__)

ENDPOINT_NAME = "The local engine"

STOP_S = 2.0
SILENCE_S = 1.5
CHECK_S = 1.0
CHECKS = 2
_POLL_S = 0.05
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where the engine listens, and the key it accepts there."""

    base_url: str
    key: Key = field(repr=False)


class EngineWatch:
    """Watches one child. When it hangs, or does not stop in time, it is killed.

    `verdict` then says why, as a clause; else it is empty.
    """

    def __init__(self, gate: Gate, child: ChildProcess, address: EngineAddress) -> None:
        self.verdict = ""
        self._gate = gate
        self._child = child
        self._address = address
        self._heard = 0.0
        self._task: asyncio.Task[None] | None = None

    async def prove(self) -> None:
        """Make sure that our child answers there: it knows the key and refuses any other.

        Raises EngineFailed.
        """
        stranger = Key((self._address.base_url,), secrets.token_urlsafe(32))
        try:
            async with asyncio.timeout(_ANSWER_S):
                statuses = [(await self._get("/slots", key)).status for key in (self._address.key, stranger)]
        except (TimeoutError, FoveaError) as error:
            raise EngineFailed(reason="it does not answer at its own address") from error
        if statuses != [200, 401]:
            raise EngineFailed(reason="another program answers at its address")

    def begin(self) -> None:
        """An answer begins: from now on an engine that hangs is killed."""
        self.cancel()
        self.heard()
        self._task = asyncio.create_task(self._watch(), name="watch over the engine")

    def heard(self) -> None:
        """Something of the answer arrived."""
        self._heard = asyncio.get_running_loop().time()

    def end(self, *, complete: bool) -> None:
        """The answer's connection is closed. One that was not complete is stopped behind the scenes."""
        self.cancel()
        if not complete and self._child.running:
            self._task = asyncio.create_task(self.stop(), name="stop the engine")

    async def stop(self) -> None:
        """Wait until the engine works on nothing, at most STOP_S seconds; then kill it."""
        try:
            async with asyncio.timeout(STOP_S):
                while self._child.running and not await self._free():  # noqa: ASYNC110 - it is another process
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            log.info("the engine did not stop within %s seconds and is killed", STOP_S)
            self.verdict = "it did not stop in time"
            self._child.kill()

    async def settle(self) -> None:
        """Let a stop that is under way come to its end, so that it cannot hit the next answer."""
        if self._task is not None:
            await asyncio.wait([self._task])
            self._task = None

    def cancel(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        """Kill the child when nothing was heard for SILENCE_S and it fails CHECKS in a row.

        Two checks, because one also fails when this very process was suspended.
        """
        loop = asyncio.get_running_loop()
        failed = 0
        while self._child.running and failed < CHECKS:
            silent = loop.time() - self._heard
            if silent < SILENCE_S:
                failed = 0
                await asyncio.sleep(SILENCE_S - silent)
            elif await self._responds():
                self.heard()
            else:
                failed += 1
        if self._child.running:
            self.verdict = "it did not respond any more"
            self._child.kill()

    async def _responds(self) -> bool:
        """Whether it says anything at all; while it loads the model again it says no."""
        with contextlib.suppress(TimeoutError, EndpointFailed):
            async with asyncio.timeout(CHECK_S):
                return bool((await self._get("/health")).status)
        return False

    async def _free(self) -> bool:
        with contextlib.suppress(EndpointFailed, ValueError, TypeError, AttributeError):
            slots = json.loads((await self._get("/slots", self._address.key)).body)
            return not any(slot.get("is_processing") for slot in slots)
        return False

    async def _get(self, path: str, key: Key | None = None) -> Document:
        return await self._gate.fetch(
            "GET", f"{self._address.base_url}{path}", endpoint=ENDPOINT_NAME, key=key, noted=False
        )
