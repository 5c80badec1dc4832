"""Model files of the user's own, answered by the engine on this computer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from app.domain.errors import (
    EndpointFailed,
    InputRefused,
    ModelFileRefused,
    NoModelFile,
    Rejected,
    VisionPartMissing,
)
from app.domain.events import Event, Progress
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, GoesOn, Limits, ModelInfo, ParameterKind, ParameterSpec
from app.domain.request import ChatRequest
from app.local.engine import ALIAS, Engine
from app.local.gguf import GgufHeader, read_header
from app.local.projector import check_pair, find_projector
from app.local.watch import ENDPOINT_NAME, EngineAddress
from app.net.gate import Gate
from app.paths import data_home
from app.providers import openai_wire
from app.providers.picture_models import fitted
from app.providers.provider import no_tickets

LONGEST_SIDE = 512
"""On a processor every further 512-pixel tile of a picture costs seconds."""

MOST_PICTURES = 8

LIMITS = Limits(
    longest_side=LONGEST_SIDE, most_pictures=MOST_PICTURES, tile=LONGEST_SIDE, goes_on=GoesOn.BEGINNING
)

PARAMETERS = (
    ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=2, default=0.8),
    ParameterSpec(name="top_p", kind=ParameterKind.NUMBER, least=0, most=1, default=0.95),
    ParameterSpec(name="top_k", kind=ParameterKind.INTEGER, least=0, most=200, default=40),
    ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=131_072),
    ParameterSpec(name="seed", kind=ParameterKind.INTEGER, least=0, most=2**32 - 1),
)


class LocalEngineProvider:
    """Answers with a GGUF file: `request.model` is its path, `request.projector` that of its mmproj.

    One answer at a time; a second question waits for its turn. `models_folder` is where model
    files are looked for, by default `models` in the user's data folder.
    """

    endpoint = Endpoint(id="local", name="Local engine", on_this_computer=True)

    def __init__(self, gate: Gate, models_folder: Path | None = None, engine: Engine | None = None) -> None:
        self._gate = gate
        self._models_folder = models_folder
        self._engine = engine or Engine(gate)
        self._turn = asyncio.Lock()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Load the model if need be, then yield its answer. Errors as the protocol says."""
        if self._turn.locked():
            yield Progress(stage="waiting")
        async with self._turn:
            model, projector = await asyncio.to_thread(_files_of, request)
            if not self._engine.serves(model, projector):
                yield Progress(stage="loading")
            address = await self._engine.serve(model, projector)
            async with aclosing(self._answer(request, address)) as events:
                async for event in events:
                    yield event

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """The engine gives no tickets. Raises AnswerLost."""
        return no_tickets(ENDPOINT_NAME)

    async def test(self) -> str:
        """How many model files there are to answer with."""
        count = len(await self.models())
        return f"{count} model files are in the models folder; it needs no network."

    async def models(self) -> Sequence[ModelInfo]:
        """The complete model files in the models folder, by name."""
        return await asyncio.to_thread(_models_in, self._models_folder or data_home() / "models")

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """Whether a vision part belongs to the model file. Raises ModelFileRefused."""
        return await asyncio.to_thread(_sees, _path(model), _path(projector) if projector else None)

    def limits(self, model: str) -> Limits:
        """What is sent of pictures, chosen for an engine on a processor."""
        return fitted(LIMITS, Path(model).name)

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What llama.cpp samples by."""
        return PARAMETERS

    async def aclose(self) -> None:
        """End the engine."""
        await self._engine.close()

    async def _answer(self, request: ChatRequest, address: EngineAddress) -> AsyncGenerator[Event, None]:
        wanted = request.replace(model=ALIAS)
        body = openai_wire.chat_body(wanted, return_progress=True, cache_prompt=True)
        url = f"{address.base_url}/v1/chat/completions"
        complete = False
        self._engine.answer_begins()
        try:
            async with aclosing(
                # No limit to silence: a large picture takes minutes, and the engine is watched.
                openai_wire.stream_chat(
                    self._gate, url, {}, body, ENDPOINT_NAME, key=address.key, idle_s=None
                )
            ) as events:
                async for event in events:
                    self._engine.heard()
                    yield event
            complete = True
        except Rejected:
            complete = True
            raise
        except EndpointFailed as error:
            raise await self._engine.failure(error) from error
        finally:
            self._engine.answer_ends(complete=complete)


def _path(text: str) -> Path:
    if not text:
        raise NoModelFile
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ModelFileRefused(name=text, reason="there is no such home folder") from error


def _files_of(request: ChatRequest) -> tuple[Path, Path | None]:
    """The model and its vision part. Raises InputRefused when pictures find nobody to see them."""
    model = _path(request.model)
    projector = _path(request.projector) if request.projector else find_projector(model)
    if projector is None and any(message.pictures for message in request.messages):
        raise VisionPartMissing(name=model.name)
    return model, projector


def _sees(model: Path, projector: Path | None) -> Capability:
    header = read_header(model)
    found = projector or find_projector(model)
    if found is None:
        return Capability(value=False, source="no vision part (mmproj file) lies beside the model file")
    check_pair(header, read_header(found))
    return Capability(value=True, source=f"its vision part {found.name}", file=str(found))


def _models_in(folder: Path) -> list[ModelInfo]:
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".gguf")
    except OSError:
        return []
    return [_info(header) for header in map(_header, paths) if header is not None]


def _header(path: Path) -> GgufHeader | None:
    try:
        header = read_header(path)
    except ModelFileRefused:
        return None
    return None if header.is_projector or not header.block_count else header


def _info(header: GgufHeader) -> ModelInfo:
    try:
        vision = _sees(header.path, None)
    except InputRefused as error:
        vision = Capability(value=False, source=error.sentence)
    return ModelInfo(id=str(header.path), name=header.name, vision=vision, detail=header.detail)
