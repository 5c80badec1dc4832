"""Asking the stand-in for NVIDIA, in the tests of its provider."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import FoveaError
from app.domain.events import Event, Finished, Noted, Progress, TextDelta
from app.domain.message import Role
from app.domain.model import EndpointConfig, KeyGroup
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, Parameters, PromptMessage, PromptPicture
from app.net.gate import Gate
from app.net.key import Key
from app.providers.nvidia import NvidiaProvider
from app.providers.nvidia_models import NANO_VL
from app.providers.site import Patience, Site
from tests.servers.nvidia_server import KEY, NvidiaServer

HOSTS = (
    "https://integrate.api.nvidia.com",
    "https://ai.api.nvidia.com",
    "https://api.nvcf.nvidia.com",
)
CONFIG = EndpointConfig(
    id="nvidia",
    name="NVIDIA",
    kind="nvidia",
    base_url=HOSTS[0],
    key=KeyGroup(origins=HOSTS, variable="NVIDIA_API_KEY"),
)
QUICK = Patience(idle=5.0, poll=0.02, deadline=5.0)

T = TypeVar("T", bound=Event)


def provider_at(
    server: NvidiaServer, home: Path, *, key: str = KEY, patience: Patience = QUICK, gate: Gate | None = None
) -> NvidiaProvider:
    """NVIDIA, moved to `server`."""

    async def find() -> Key:
        return Key((server.url,), key)

    site = Site(gate or Gate(), "NVIDIA", find, server.url, patience)
    return NvidiaProvider(site, CONFIG, home)


def picture(
    size: int = 1000, mime: str = "image/jpeg", name: str = "cat.jpg", salt: bytes = b""
) -> PromptPicture:
    """Bytes that begin as a picture does, and no more."""
    magic = b"\x89PNG\r\n\x1a\n" if mime == "image/png" else b"\xff\xd8\xff"
    data = (magic + salt).ljust(size, b"\x00")[:size]
    digest = hashlib.sha256(data).hexdigest()
    prepared = Prepared(
        original=digest,
        sha256=digest,
        mime=mime,
        width=800,
        height=600,
        byte_count=size,
        scale_x=1.0,
        scale_y=1.0,
    )
    return PromptPicture(prepared=prepared, original_width=800, original_height=600, name=name, data=data)


def user(text: str, *pictures: PromptPicture) -> PromptMessage:
    """What the user says."""
    return PromptMessage(role=Role.USER, text=text, pictures=pictures)


def assistant(text: str) -> PromptMessage:
    """What the model said."""
    return PromptMessage(role=Role.ASSISTANT, text=text)


def system(text: str) -> PromptMessage:
    """What is said before."""
    return PromptMessage(role=Role.SYSTEM, text=text)


def asking(*messages: PromptMessage, model: str = NANO_VL, **fields: Any) -> ChatRequest:
    """A request; `fields` may hold parameters, stream, detail, tools."""
    parameters = fields.pop("parameters", {})
    return ChatRequest(model=model, messages=messages, parameters=Parameters(**parameters), **fields)


@dataclass
class Told:
    """What an answer told before it ended, and how it ended."""

    events: list[Event] = field(default_factory=list)
    error: FoveaError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def finished(self) -> bool:
        return bool(self.events) and isinstance(self.events[-1], Finished)

    @property
    def notes(self) -> list[str]:
        return [event.note.sentence for event in self.of(Noted)]

    def of(self, kind: type[T]) -> list[T]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def stage(self, stage: str) -> list[Progress]:
        """The progress of one stage."""
        return [event for event in self.of(Progress) if event.stage == stage]


async def told_by(answer: AsyncGenerator[Event, None]) -> Told:
    """Everything an answer tells."""
    told = Told()
    try:
        async with aclosing(answer) as events:
            async for event in events:
                told.events.append(event)
    except FoveaError as error:
        told.error = error
    return told
