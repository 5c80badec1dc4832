"""What Nugen's present and its older interface have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import ClassVar

from app.domain.events import Event
from app.domain.message import Ticket
from app.domain.model import Capability, EndpointConfig, Limits, ModelInfo, ParameterSpec
from app.domain.request import Parameters
from app.providers import nugen_request
from app.providers.nugen_account import NOT_PUBLISHED, NugenAccount, endpoint_of
from app.providers.picture_models import fitted
from app.providers.provider import no_tickets
from app.providers.site import Site

# Nugen documents no limit on the number, size or format of pictures; JPEG is what its page shows.
# These keep a question small enough for the models that its notebooks use.
LIMITS = Limits(longest_side=2048, most_pictures=8, takes_png=False)


class NugenInterface:
    """One account, asked at the addresses that a subclass names."""

    keeps_sessions: ClassVar[bool]
    streams: ClassVar[bool]
    completions: ClassVar[str]
    embeddings: ClassVar[str]
    chat_parameters: ClassVar[tuple[ParameterSpec, ...]]
    not_published: ClassVar[tuple[str, ...]] = NOT_PUBLISHED

    def __init__(self, site: Site, config: EndpointConfig) -> None:
        self.endpoint = endpoint_of(site, config, keeps_sessions=self.keeps_sessions)
        self.account = NugenAccount(site, config)
        self._site = site

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Nugen gives no tickets. Raises AnswerLost."""
        return no_tickets(self._site.name)

    async def test(self) -> str:
        """Whether Nugen answers and takes the key, by asking for the models. Raises a FoveaError."""
        return await self.account.test()

    async def models(self) -> Sequence[ModelInfo]:
        """The base models and the account's aligned ones. Raises a FoveaError."""
        return await self.account.models()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """What is known of `model`, which is never whether it sees pictures. Raises a FoveaError."""
        return await self.account.probe(model)

    def limits(self, model: str) -> Limits:
        """What is sent of pictures: our choice, as Nugen documents none, and what is known of the model."""
        return fitted(LIMITS, model)

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What the chat pages document."""
        return self.chat_parameters

    async def complete(
        self, model: str, prompt: str, parameters: Parameters | None = None, *, stream: bool = True
    ) -> AsyncGenerator[Event, None]:
        """Go on with `prompt`, without a conversation; in one piece where nothing streams.

        Events and errors as those of `stream`.
        """
        wanted = stream if self.streams else None
        outgoing = nugen_request.completion(
            model, prompt, parameters or Parameters(), self._site.name, stream=wanted
        )
        async with aclosing(self.account.answer(self.completions, outgoing, stream=bool(wanted))) as events:
            async for event in events:
                yield event

    async def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None = None
    ) -> list[list[float]]:
        """A list of numbers for each text; `dimensions` is how many, for models that can choose.

        Raises NoModel, RequestRefused and the EndpointFailed leaves.
        """
        return await self.account.embed(self.embeddings, model, texts, dimensions)

    async def aclose(self) -> None:
        """Nothing is kept open between requests."""
