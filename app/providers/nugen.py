"""Nugen's present interface: chat, completions and embeddings under /api/v3/inference."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.domain.errors import ModelDown, Stalled
from app.domain.events import Event, Noted, Progress
from app.domain.message import Note
from app.domain.request import ChatRequest
from app.providers import nugen_request
from app.providers.nugen_account import AgentUsage
from app.providers.nugen_interface import NugenInterface

CHAT = "/api/v3/inference/chat/completions"


class NugenProvider(NugenInterface):
    """Asks /api/v3/inference. Pictures go as data, or as https links that Nugen fetches itself."""

    keeps_sessions = True
    streams = True
    completions = "/api/v3/inference/completions"
    embeddings = "/api/v3/inference/embeddings"
    chat_parameters = nugen_request.CHAT_PARAMETERS

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

    async def usage(self) -> AgentUsage:
        """What the account's agents used. Raises a FoveaError."""
        return await self.account.usage()

    def _may_not_answer(self, model: str) -> Noted:
        what = "{endpoint} lists this model as {state}, so it may not answer."
        state = self.account.state(model).word
        return Noted(note=Note(what=what, facts={"endpoint": self._site.name, "state": state}))
