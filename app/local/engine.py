"""The owner of the engine's child process: starts it, proves it is ours, and ends it.

One child serves one model at a time. It listens on a loopback port that the system chose, and only
to those who know the key that was made for it. What the engine itself cannot do in time, stop within
a batch of the prompt or notice that it hangs, is done to it: it is killed, and the next question
starts it anew.
"""

from __future__ import annotations

import asyncio
import importlib.util
import secrets
from pathlib import Path
from typing import NamedTuple

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.domain.errors import (
    EndpointFailed,
    EngineFailed,
    FoveaError,
    LocalExtraMissing,
    ModelFileRefused,
)
from app.local.diagnosis import MISSING_ENGINE, explain
from app.local.gguf import read_header
from app.local.hardware import engine_threads
from app.local.projector import check_pair
from app.local.watch import ENDPOINT_NAME, EngineAddress, EngineWatch
from app.net.gate import Gate
from app.net.key import Key

ALIAS = "local"

START_S = 900.0
"""A large model on a slow disk takes minutes; whoever waits can stop it."""

_ENDING_S = 1.0

BATCH = 128
PICTURE_BATCH = 512
"""For vision parts whose picture tokens all see one another, so that a picture is one batch."""


class _Files(NamedTuple):
    """The files a child was started with, and their sizes and times then."""

    model: Path
    projector: Path | None
    state: tuple[tuple[int, int], ...]


class Engine:
    """Runs llama.cpp for one model file at a time.

    `threads` None takes every physical core but one. `context` is the largest context in tokens,
    `idle_s` the whole seconds after which an unused model leaves the memory.
    """

    def __init__(
        self, gate: Gate, *, threads: int | None = None, context: int = 4096, idle_s: int = 300
    ) -> None:
        self._gate = gate
        self._threads = threads or engine_threads()
        self._context = context
        self._idle_s = idle_s
        self._child: ChildProcess | None = None
        self._address: EngineAddress | None = None
        self._watch: EngineWatch | None = None
        self._files: _Files | None = None
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child else None

    @property
    def stderr_tail(self) -> tuple[str, ...]:
        """The last lines the engine wrote, oldest first; they outlive it."""
        return tuple(self._child.stderr_tail) if self._child else ()

    def serves(self, model: Path, projector: Path | None) -> bool:
        """Whether these files are loaded as they are now, so that `serve` returns at once."""
        loaded = self._child is not None and self._child.running and self._files is not None
        return loaded and self._files == _look_at(model, projector)

    async def serve(self, model: Path, projector: Path | None = None) -> EngineAddress:
        """The address of an engine that has these files loaded, started or replaced as needed.

        May take minutes; cancelling kills what was started. Raises ModelFileRefused for files that
        cannot be used, LocalExtraMissing without the engine's package, EngineFailed otherwise.
        """
        async with self._lock:
            if self._watch is not None:
                await self._watch.settle()
            if self._address is not None and self.serves(model, projector):
                return self._address
            await self._end()
            if importlib.util.find_spec("xllamacpp") is None:
                raise LocalExtraMissing(endpoint=ENDPOINT_NAME)
            config = await asyncio.to_thread(self._config, model, projector)
            files = _look_at(model, projector)
            self._child = ChildProcess("engine")
            self._address = await self._start(self._child, config, model, projector)
            self._files = files
            return self._address

    def answer_begins(self) -> None:
        """Watch over an answer: an engine that falls silent and does not respond is killed."""
        if self._watch is not None:
            self._watch.begin()

    def heard(self) -> None:
        """Something of the answer arrived."""
        if self._watch is not None:
            self._watch.heard()

    def answer_ends(self, *, complete: bool) -> None:
        """The answer's connection is closed.

        An answer that was not complete is stopped behind the scenes, as `stopped_answering` does.
        """
        if self._watch is not None:
            self._watch.end(complete=complete)

    async def stopped_answering(self) -> None:
        """Wait until the engine dropped the answer whose connection was closed.

        After two seconds it is killed; the next `serve` starts it anew.
        """
        if self._watch is not None:
            await self._watch.stop()

    async def failure(self, error: EndpointFailed) -> FoveaError:
        """What to tell when an answer broke with `error`: why the engine ended, if it did."""
        child, files = self._child, self._files
        if child is None or files is None:
            return error
        try:
            async with asyncio.timeout(_ENDING_S):
                await child.receive()
        except ChildEnded as ended:
            self._address = None
            if self._watch is not None and self._watch.verdict:
                return EngineFailed(reason=self._watch.verdict)
            return explain(child.stderr_tail, str(ended), files.model, files.projector)
        except TimeoutError:
            pass
        return error

    async def close(self) -> None:
        """End the child and everything that watches it."""
        await self._end()

    async def _end(self) -> None:
        self._address = self._files = None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._child is not None:
            await self._child.close()

    async def _start(
        self, child: ChildProcess, config: dict[str, object], model: Path, projector: Path | None
    ) -> EngineAddress:
        secret = secrets.token_urlsafe(32)
        try:
            await child.start()
            await child.send(Frame("config", {**config, "key": secret}))
            async with asyncio.timeout(START_S):
                frame = await child.receive()
            if frame.kind != "ready":
                raise await _not_ready(child, frame, model, projector)
            base_url = str(frame.fields.get("address"))
            address = EngineAddress(base_url, Key((base_url,), secret))
            self._watch = EngineWatch(self._gate, child, address)
            await self._watch.prove()
        except ChildEnded as ended:
            raise explain(child.stderr_tail, str(ended), model, projector) from ended
        except TimeoutError as error:
            await _discard(child)
            raise EngineFailed(reason=f"the model was not loaded within {START_S:g} seconds") from error
        except OSError as error:
            await _discard(child)
            raise EngineFailed(reason=f"it could not be started ({error.strerror or error})") from error
        except BaseException:
            await _discard(child)
            raise
        return address

    def _config(self, model: Path, projector: Path | None) -> dict[str, object]:
        """Check the files and say how to run them. Blocks. Raises ModelFileRefused."""
        header = read_header(model)
        if header.is_projector:
            raise ModelFileRefused(name=model.name, reason="it is only the vision part of a model")
        batch = BATCH
        if projector is not None:
            eye = read_header(projector)
            check_pair(header, eye)
            batch = PICTURE_BATCH if eye.projector_type.startswith("gemma") else BATCH
        return {
            "model": str(model.absolute()),
            "projector": str(projector.absolute()) if projector else "",
            "alias": ALIAS,
            "threads": self._threads,
            "context": min(self._context, header.context_length or self._context),
            "batch": batch,
            "idle_s": self._idle_s,
        }


def _look_at(model: Path, projector: Path | None) -> _Files | None:
    """The files as they are now; None when one is not there."""
    try:
        found = [path.stat() for path in (model, projector) if path is not None]
    except (OSError, ValueError):
        return None
    return _Files(model, projector, tuple((stat.st_size, stat.st_mtime_ns) for stat in found))


async def _not_ready(child: ChildProcess, frame: Frame, model: Path, projector: Path | None) -> FoveaError:
    await child.close()
    if frame.fields.get("cause") == MISSING_ENGINE:
        return EngineFailed(reason=f"its package cannot be loaded ({frame.fields.get('reason')})")
    return explain(child.stderr_tail, "the model could not be loaded", model, projector)


async def _discard(child: ChildProcess) -> None:
    child.kill()
    await child.close()
