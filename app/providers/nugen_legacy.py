"""Nugen's older interface under /inference, which never streams: an answer comes in one piece."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.domain.events import Event
from app.domain.request import ChatRequest
from app.providers import nugen_request
from app.providers.nugen_interface import NugenInterface

CHAT_VISION = "/inference/chat_vision"
CHAT_TEXT = "/inference/chat_text"


class NugenLegacyProvider(NugenInterface):
    """Asks /inference. No address of its lists of models is published, so the account's is shown;
    which of them this interface serves is not published either."""

    keeps_sessions = False
    streams = False
    completions = "/inference/completions"
    embeddings = "/inference/embeddings"
    chat_parameters = nugen_request.LEGACY_PARAMETERS

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Ask, with pictures at chat_vision, without at chat_text. Errors as the protocol says."""
        seeing = any(message.pictures for message in request.messages)
        outgoing = nugen_request.legacy_chat(request, self._site.name, seeing=seeing)
        path = CHAT_VISION if seeing else CHAT_TEXT
        async with aclosing(self.account.answer(path, outgoing, stream=False)) as events:
            async for event in events:
                yield event
