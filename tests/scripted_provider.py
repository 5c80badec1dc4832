"""A provider that says what a test tells it to, when the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from app.domain.errors import FoveaError
from app.domain.events import Event
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest

Step = Event | FoveaError | asyncio.Event


class ScriptedProvider:
    """Plays `steps`: yields events, raises errors, and at an asyncio.Event waits for the test."""

    endpoint = Endpoint(id="scripted", name="Scripted", on_this_computer=True)

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.requests: list[ChatRequest] = []
        self.closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
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

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        return self.stream(ChatRequest(model=ticket.request_id, messages=()))

    async def test(self) -> str:
        return "The script answers."

    async def models(self) -> Sequence[ModelInfo]:
        return ()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        return Capability(value=True, source="the script")

    def limits(self, model: str) -> Limits:
        return Limits(longest_side=256, most_pictures=2)

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        return ()

    async def aclose(self) -> None:
        return
