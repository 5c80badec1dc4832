"""The protocol every provider meets."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from app.domain.errors import AnswerLost
from app.domain.events import Event
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, Limits, ModelInfo, ParameterSpec
from app.domain.record import Record
from app.domain.request import ChatRequest, Parameters


class Answers(Protocol):
    """Something that answers."""

    endpoint: Endpoint

    def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the answer's events as they arrive; the last one is `Finished`.

        Closing the generator or cancelling its task stops the answer and frees whatever
        makes it. Raises a FoveaError when the answer fails; what was yielded before stays valid.
        """
        ...

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer that was `Accepted` earlier, as `stream` would.

        Raises AnswerLost where the endpoint gives no tickets or knows this one no more.
        """
        ...


class Provider(Answers, Protocol):
    """Something that answers questions about pictures, and tells what it takes of them."""

    async def test(self) -> str:
        """Ask the endpoint something that costs nothing, with the key.

        Returns one plain sentence on what answered. Raises the FoveaError that explains why
        nothing useful did.
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

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What can be asked of `model` besides the question, in the order to show it."""
        ...

    async def aclose(self) -> None:
        """End child processes and connections."""
        ...


@runtime_checkable
class Completes(Protocol):
    """A provider whose endpoint goes on with a text, without a conversation."""

    def complete(
        self, model: str, prompt: str, parameters: Parameters | None = None
    ) -> AsyncGenerator[Event, None]:
        """Go on with `prompt`. Events and errors as those of `Provider.stream`."""
        ...


@runtime_checkable
class Embeds(Protocol):
    """A provider whose endpoint turns texts into numbers that tell how near their meanings are."""

    async def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None = None
    ) -> list[list[float]]:
        """A list of numbers for each text; `dimensions` is how many, for models that can choose."""
        ...


@runtime_checkable
class ReportsUsage(Protocol):
    """A provider whose endpoint tells what the account used."""

    async def usage(self) -> Record:
        """What was used, named by the fields of the record; None where it did not say."""
        ...


@runtime_checkable
class KeepsSecrets(Protocol):
    """A provider whose endpoint does not publish all that one would want to know."""

    not_published: ClassVar[tuple[str, ...]]
    """What nobody outside can know, one plain sentence each."""


async def no_tickets(endpoint: str) -> AsyncGenerator[Event, None]:
    """What `resume` of an endpoint does that answers at once or not at all. Raises AnswerLost."""
    nothing: tuple[Event, ...] = ()
    for event in nothing:
        yield event
    raise AnswerLost(endpoint=endpoint)
