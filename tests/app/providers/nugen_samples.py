"""Questions for Nugen, and what was heard of the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from app.domain.errors import FoveaError
from app.domain.events import Event, Noted, TextDelta
from app.domain.message import Role
from app.domain.model import EndpointConfig, KeyGroup
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.net.gate import Gate
from app.net.key import Key
from app.providers.site import Patience, Site
from tests.servers.nugen_server import KEY, NugenServer

CONFIG = EndpointConfig(
    id="nugen",
    name="Nugen",
    kind="nugen",
    base_url="https://api.nugen.in",
    key=KeyGroup(origins=("https://api.nugen.in",), variable="NUGEN_API_KEY"),
    note="Nugen's models.",
)
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(64))
MODEL = "qwen3-vl-30b"


class Told:
    """What an answer told before it ended, and how it ended."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.error: FoveaError | None = None

    def text(self, choice: int = 0) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta) and e.choice == choice)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def notes(self) -> list[str]:
        return [noted.note.sentence for noted in self.of(Noted)]


async def hear(events: AsyncGenerator[Event, None]) -> Told:
    told = Told()
    try:
        async for item in events:
            told.events.append(item)
    except FoveaError as error:
        told.error = error
        assert all(error.facts.values()), "an error without its reason"
    return told


def site_of(server: NugenServer, key: str = KEY, idle_s: float = 5.0) -> Site:
    async def find() -> Key:
        return Key((server.url,), key)

    return Site(Gate(), "Nugen", find, base_url=server.url, patience=Patience(idle=idle_s))


def picture(name: str = "a.jpg", link: str = "", mime: str = "image/jpeg") -> PromptPicture:
    prepared = Prepared(
        original="0" * 64,
        sha256="1" * 64,
        mime=mime,
        width=2,
        height=2,
        byte_count=len(JPEG),
        scale_x=1.0,
        scale_y=1.0,
    )
    return PromptPicture(
        prepared=prepared, original_width=2, original_height=2, name=name, data=JPEG, link=link
    )


def question(text: str = "What is this?", **fields: Any) -> ChatRequest:
    asked = {"model": MODEL, "messages": (PromptMessage(role=Role.USER, text=text),), **fields}
    return ChatRequest(**asked)
