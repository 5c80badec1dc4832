"""Nugen's present interface: chat, completions and embeddings under /api/v3/inference."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from app.domain.errors import ModelDown, Stalled
from app.domain.events import Event, Noted, Progress
from app.domain.message import Note, Ticket
from app.domain.model import Capability, EndpointConfig, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest, Parameters
from app.providers import nugen_request
from app.providers.nugen_account import AgentUsage, NugenAccount, endpoint_of
from app.providers.provider import no_tickets
from app.providers.site import Site

CHAT = "/api/v3/inference/chat/completions"
COMPLETIONS = "/api/v3/inference/completions"
EMBEDDINGS = "/api/v3/inference/embeddings"

# Nugen documents no limit on the number, size or format of pictures; JPEG is what its page shows.
# These keep a question small enough for the models that its notebooks use.
LIMITS = Limits(longest_side=2048, most_pictures=8)


class NugenProvider:
    """Asks /api/v3/inference. Pictures go as data, or as https links that Nugen fetches itself."""

    def __init__(self, site: Site, config: EndpointConfig) -> None:
        self.endpoint = endpoint_of(site, config, keeps_sessions=True)
        self.account = NugenAccount(site, config)
        self._site = site

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Ask, streamed or in one piece as the request wants it. Errors as the protocol says.

        A model that keeps silent is a ModelDown where Nugen lists it as not deployed: it was seen
        to let such questions hang.
        """
        outgoing = nugen_request.chat(request, self._site.name)
        if self.account.state(request.model).ready is False:
            yield self._may_not_answer(request.model)
        began = False
        try:
            async with aclosing(self.account.answer(CHAT, outgoing, stream=request.stream)) as events:
                async for event in events:
                    began = began or not isinstance(event, Progress | Noted)
                    yield event
        except Stalled as error:
            if began:
                raise
            state = await self.account.fresh_state(request.model)
            if state.ready is not False:
                raise
            reason = f"it sent nothing, and lists the model as {state.word}; deploy it there first"
            raise ModelDown(endpoint=self._site.name, status=state.word, reason=reason) from error

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Nugen gives no tickets. Raises AnswerLost."""
        return no_tickets(self._site.name)

    async def test(self) -> str:
        """Whether it answers and takes the key. Raises a FoveaError."""
        return await self.account.test()

    async def models(self) -> Sequence[ModelInfo]:
        """The base models and the account's aligned ones. Raises a FoveaError."""
        return await self.account.models()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """What is known of `model`, which is never whether it sees pictures. Raises a FoveaError."""
        return await self.account.probe(model)

    def limits(self, model: str) -> Limits:
        """What is sent of pictures: our choice, as Nugen documents none."""
        return LIMITS

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What the chat page documents."""
        return nugen_request.CHAT_PARAMETERS

    async def complete(
        self, model: str, prompt: str, parameters: Parameters | None = None, *, stream: bool = True
    ) -> AsyncGenerator[Event, None]:
        """Go on with `prompt`, without a conversation. Events and errors as those of `stream`."""
        allowed = parameters or Parameters()
        outgoing = nugen_request.completion(model, prompt, allowed, self._site.name, stream=stream)
        async with aclosing(self.account.answer(COMPLETIONS, outgoing, stream=stream)) as events:
            async for event in events:
                yield event

    async def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None = None
    ) -> list[list[float]]:
        """A list of numbers for each text; `dimensions` is how many, for models that can choose.

        Raises NoModel, RequestRefused and the EndpointFailed leaves.
        """
        return await self.account.embed(EMBEDDINGS, model, texts, dimensions)

    async def usage(self) -> AgentUsage:
        """What the account's agents used. Raises a FoveaError."""
        return await self.account.usage()

    async def aclose(self) -> None:
        """Nothing is kept open between requests."""

    def _may_not_answer(self, model: str) -> Noted:
        what = "{endpoint} lists this model as {state}, so it may not answer."
        state = self.account.state(model).word
        return Noted(note=Note(what=what, facts={"endpoint": self._site.name, "state": state}))
