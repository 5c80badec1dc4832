"""The protocol every provider meets."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from app.domain.events import Event
from app.domain.model import Capability, Endpoint, Limits, ModelInfo
from app.domain.request import ChatRequest


class Provider(Protocol):
    """Something that answers questions about pictures."""

    endpoint: Endpoint

    def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the answer's events as they arrive; the last one is `Finished`.

        Closing the generator or cancelling its task stops the answer and frees whatever
        makes it. Raises a FoveaError when the answer fails; what was yielded before stays valid.
        """
        ...

    async def models(self) -> Sequence[ModelInfo]:
        """What the endpoint offers now. Raises a FoveaError when it cannot be asked."""
        ...

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """Whether `model` takes pictures, asked of the endpoint or read from its file."""
        ...

    def limits(self, model: str) -> Limits:
        """What the endpoint takes of pictures."""
        ...

    async def aclose(self) -> None:
        """End child processes and connections."""
        ...
