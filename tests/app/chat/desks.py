"""A library, a decoder and who asks, as the window has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.chat.answering import Snapshot
from app.chat.exchange import Exchange
from app.chat.route import Route
from app.chat.service import ChatService
from app.credentials import Credentials
from app.domain.conversation import Draft
from app.domain.errors import PictureRefused
from app.domain.message import Message
from app.net.gate import Gate
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake, Offer
from app.providers.registry import Registry
from app.settings import Settings
from app.store.database import Store
from app.store.prepared import PreparedFiles
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider, Step


@dataclass
class Desk:
    """All that a scenario needs."""

    store: Store
    decoder: Decoder
    prepared: PreparedFiles
    registry: Registry
    chat: ChatService

    async def take(self, *names: str) -> tuple[tuple[str, str], ...]:
        """The (sha256, name) of photos that are in the library now."""
        offer = Offer(paths=tuple(PHOTOS / name for name in names))
        taken = [item async for item in Intake(self.decoder, self.store.pictures).take(offer)]
        found = [item for item in taken if not isinstance(item, PictureRefused)]
        assert len(found) == len(taken)
        return tuple((item.picture.sha256, item.name) for item in found)

    async def answered(
        self, route: Route, conversation_id: str | None = None, below: str | None = None, text: str = "What?"
    ) -> Exchange:
        """A question that was asked and answered."""
        exchange = await self.chat.ask(Draft(text=text), route, conversation_id, below)
        await self.chat.answer(exchange, route, ignore)
        return exchange

    async def stored(self, message_id: str) -> Message:
        """A message as the library has it."""
        (message,) = await self.store.conversations.messages((message_id,))
        return message


Scenario = Callable[[Desk], Coroutine[None, None, None]]


def ignore(_: Snapshot) -> None:
    """For who watches nothing."""
    return


def route_for(*steps: Step, **fields: object) -> Route:
    """The way to an endpoint that says `steps`."""
    return Route(ScriptedProvider(*steps), "m", **fields)  # type: ignore[arg-type]


def provider_of(route: Route) -> ScriptedProvider:
    """Who answers on `route`."""
    assert isinstance(route.provider, ScriptedProvider)
    return route.provider


@asynccontextmanager
async def desk(home: Path, settings: Settings | None = None) -> AsyncGenerator[Desk, None]:
    """A desk on the library in `home`."""
    store, decoder, gate, credentials = await Store.open(home), Decoder(), Gate(), Credentials()
    prepared = PreparedFiles(home)
    registry = Registry(gate, home, credentials, settings or Settings())
    chat = ChatService(store, decoder, prepared=prepared, registry=registry)
    try:
        yield Desk(store, decoder, prepared, registry, chat)
    finally:
        await registry.aclose()
        await decoder.close()
        await gate.aclose()
        await credentials.aclose()
        await store.close()


def on_a_desk(home: Path, *scenarios: Scenario, settings: Settings | None = None) -> None:
    """Play each scenario on a desk of its own."""

    async def run(scenario: Scenario) -> None:
        async with desk(home, settings) as it:
            await scenario(it)

    for scenario in scenarios:
        asyncio.run(run(scenario))
