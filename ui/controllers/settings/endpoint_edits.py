"""Changes of the endpoints, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.domain.model import EndpointConfig
from app.providers.registry import Registry
from app.settings import Settings
from ui.controllers.endpoints.choices import Choices

_EDITED = ("endpoints", "shown", "endpoint", "vision")
"""The fields of Settings that an edit may change; what it leaves alone may change meanwhile."""


class EndpointEdits:
    """`turn` is held by whoever changes endpoints or keys; what is typed before a test holds in it."""

    def __init__(self, registry: Registry, choices: Choices) -> None:
        self.turn = asyncio.Lock()
        self._registry = registry
        self._choices = choices

    def config(self, endpoint_id: str) -> EndpointConfig:
        """How an endpoint that is not Fovea's own is reached now. Raises UnknownEndpoint."""
        config = self._registry.config(endpoint_id)
        assert config is not None
        return config

    async def apply(self, edit: Callable[[Settings], Settings]) -> None:
        """Change the endpoints, first for the providers, then for everybody who shows them."""
        async with self.turn:
            before = self._choices.settings
            after = edit(before)
            await self._registry.replace(after)
            now = {name: (getattr(before, name), getattr(after, name)) for name in _EDITED}
            self._choices.change(**{name: new for name, (old, new) in now.items() if new != old})
