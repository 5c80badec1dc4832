"""A hosted endpoint in a test's hands: what it lists, sees, takes and counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.domain.errors import FoveaError
from app.domain.events import Finished, TextDelta
from app.domain.model import Capability, Endpoint, Limits, ModelInfo, ParameterKind, ParameterSpec
from app.domain.record import Record
from tests.scripted_provider import ScriptedProvider

UNKNOWN = Capability(value=None, source="")
YES = Capability(value=True, source="the server says so")
NO = Capability(value=False, source="the server says so")

SPECS = (
    ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=2, default=1),
    ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=2048),
    ParameterSpec(name="reasoning.effort", kind=ParameterKind.CHOICE, choices=("high", "low")),
    ParameterSpec(name="tool_choice", kind=ParameterKind.CHOICE, choices=("auto", "none")),
)


def offers(*ids: str, vision: Capability = UNKNOWN) -> list[ModelInfo]:
    """Models of these ids."""
    return [ModelInfo(id=one, name=one, vision=vision) for one in ids]


class ListingProvider(ScriptedProvider):
    """Lists `offered`, or raises it; `hold` keeps who asks for the list waiting."""

    def __init__(
        self,
        endpoint_id: str,
        offered: Sequence[ModelInfo] | FoveaError = (),
        *,
        keeps_sessions: bool = False,
    ) -> None:
        super().__init__(TextDelta(text="Yellow."), Finished(reason="stop"))
        self.endpoint = Endpoint(
            id=endpoint_id,
            name="Far away",
            on_this_computer=False,
            host="far.example",
            needs_key=True,
            keeps_sessions=keeps_sessions,
        )
        self.offered = offered
        self.eyes: dict[str, Capability | FoveaError] = {}
        self.specs: dict[str, tuple[ParameterSpec, ...]] = {}
        self.limited: dict[str, Limits] = {}
        self.hold: asyncio.Event | None = None
        self.asked: list[str] = []

    async def models(self) -> Sequence[ModelInfo]:
        self.asked.append("models")
        if self.hold is not None:
            await self.hold.wait()
        if isinstance(self.offered, FoveaError):
            raise self.offered
        return self.offered

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        self.asked.append(f"probe {model}")
        found = self.eyes.get(model, UNKNOWN)
        if isinstance(found, FoveaError):
            raise found
        return found

    def limits(self, model: str) -> Limits:
        return self.limited.get(model, Limits(longest_side=1024, most_pictures=4))

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        return self.specs.get(model, SPECS)


class Counted(Record, frozen=True):
    total_tokens: float | None = None
    most_used_model: str = ""
    by_model: dict[str, float] = {}


class CountingProvider(ListingProvider):
    """One that also tells what was used."""

    async def usage(self) -> Counted:
        self.asked.append("usage")
        return Counted(total_tokens=1200.0, most_used_model="big", by_model={"big": 2.5})
