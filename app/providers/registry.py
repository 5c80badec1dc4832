"""The endpoints Fovea knows, by name."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.net.gate import Gate
from app.providers.local_engine import LocalEngineProvider
from app.providers.provider import Provider
from app.providers.quick_look import QuickLookProvider


class UnknownEndpoint(LookupError):
    """No endpoint has that name; the text lists those there are."""


class Registry:
    """Builds every provider once and ends them together."""

    def __init__(self, gate: Gate, home: Path) -> None:
        providers: tuple[Provider, ...] = (
            QuickLookProvider(),
            LocalEngineProvider(gate, home / "models"),
        )
        self._providers = {provider.endpoint.id: provider for provider in providers}

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All of them, the default first."""
        return tuple(self._providers.values())

    def provider(self, endpoint_id: str) -> Provider:
        """The provider of an endpoint. Raises UnknownEndpoint."""
        try:
            return self._providers[endpoint_id]
        except KeyError:
            known = ", ".join(self._providers)
            raise UnknownEndpoint(f"There is no endpoint “{endpoint_id}”. Known: {known}.") from None

    async def aclose(self) -> None:
        """End the child processes and connections of all providers."""
        await asyncio.gather(*(provider.aclose() for provider in self.providers))
