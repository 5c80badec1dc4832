"""Nugen's older interface under /inference, which never streams: an answer comes in one piece."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from app.domain.events import Event
from app.domain.message import Ticket
from app.domain.model import Capability, EndpointConfig, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest, Parameters
from app.providers import nugen_request
from app.providers.nugen import LIMITS
from app.providers.nugen_account import NugenAccount, endpoint_of
from app.providers.provider import no_tickets
from app.providers.site import Site

CHAT_VISION = "/inference/chat_vision"
CHAT_TEXT = "/inference/chat_text"
COMPLETIONS = "/inference/completions"
EMBEDDINGS = "/inference/embeddings"


class NugenLegacyProvider:
    """Asks /inference. No address of its lists of models is published, so the account's is shown."""

    def __init__(self, site: Site, config: EndpointConfig) -> None:
        self.endpoint = endpoint_of(site, config, keeps_sessions=False)
        self.account = NugenAccount(site, config)
        self._site = site

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Ask, with pictures at chat_vision, without at chat_text. Errors as the protocol says."""
        seeing = any(message.pictures for message in request.messages)
        outgoing = nugen_request.legacy_chat(request, self._site.name, seeing=seeing)
        path = CHAT_VISION if seeing else CHAT_TEXT
        async with aclosing(self.account.answer(path, outgoing, stream=False)) as events:
            async for event in events:
                yield event

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Nugen gives no tickets. Raises AnswerLost."""
        return no_tickets(self._site.name)

    async def test(self) -> str:
        """Whether Nugen answers and takes the key; nothing here can be asked for free."""
        return await self.account.test()

    async def models(self) -> Sequence[ModelInfo]:
        """The account's models; which of them this interface serves is not published."""
        return await self.account.models()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """What is known of `model`, which is never whether it sees pictures. Raises a FoveaError."""
        return await self.account.probe(model)

    def limits(self, model: str) -> Limits:
        """What is sent of pictures: our choice, as Nugen documents none."""
        return LIMITS

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What the legacy chat pages document."""
        return nugen_request.LEGACY_PARAMETERS

    async def complete(
        self, model: str, prompt: str, parameters: Parameters | None = None
    ) -> AsyncGenerator[Event, None]:
        """Go on with `prompt`, without a conversation. Events and errors as those of `stream`."""
        allowed = parameters or Parameters()
        outgoing = nugen_request.completion(model, prompt, allowed, self._site.name, stream=None)
        async with aclosing(self.account.answer(COMPLETIONS, outgoing, stream=False)) as events:
            async for event in events:
                yield event

    async def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None = None
    ) -> list[list[float]]:
        """A list of numbers for each text; `dimensions` is how many, for models that can choose.

        Raises NoModel, RequestRefused and the EndpointFailed leaves.
        """
        return await self.account.embed(EMBEDDINGS, model, texts, dimensions)

    async def aclose(self) -> None:
        """Nothing is kept open between requests."""
