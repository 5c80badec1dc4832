"""A provider that says what a test tells it to, when the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from app.domain.errors import FoveaError
from app.domain.events import Event
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest

Step = Event | FoveaError | asyncio.Event
LIMITS = Limits(longest_side=256, most_pictures=2)


class ScriptedProvider:
    """Plays `steps`: yields events, raises errors, and at an asyncio.Event waits for the test.

    `takes_links`: the endpoint fetches pictures itself. `limits`: what it takes of them.
    """

    endpoint = Endpoint(id="scripted", name="Scripted", on_this_computer=True)

    def __init__(self, *steps: Step, takes_links: bool = False, limits: Limits = LIMITS) -> None:
        self.endpoint = self.endpoint.replace(takes_links=takes_links)
        self.steps = steps
        self.requests: list[ChatRequest] = []
        self.tickets: list[Ticket] = []
        self.closed = False
        self._limits = limits

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        async with aclosing(self._play()) as events:
            async for event in events:
                yield event

    async def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        self.tickets.append(ticket)
        async with aclosing(self._play()) as events:
            async for event in events:
                yield event

    async def _play(self) -> AsyncGenerator[Event, None]:
        try:
            for step in self.steps:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, FoveaError):
                    raise step
                else:
                    yield step
        finally:
            self.closed = True

    async def test(self) -> str:
        return "The script answers."

    async def models(self) -> Sequence[ModelInfo]:
        return ()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        return Capability(value=True, source="the script")

    def limits(self, model: str) -> Limits:
        return self._limits

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        return ()

    async def aclose(self) -> None:
        return
