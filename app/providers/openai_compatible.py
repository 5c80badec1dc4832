"""Servers that speak OpenAI's chat completions: llama.cpp, Ollama, LM Studio, vLLM, SGLang,
OpenRouter, OpenAI, Gemini's shim, and any other at an address of the user's."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from app.domain.errors import BadAnswer, KeyRefused, NotAllowed, Rejected, ServerFailed
from app.domain.events import Event, Noted
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, EndpointConfig, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest
from app.net.address import parse
from app.providers.discovery import Catalogue, Server
from app.providers.openai_dialects import DIALECTS, Dialect
from app.providers.openai_request import Outgoing, outgoing
from app.providers.openai_wire import stream_chat
from app.providers.picture_models import fitted
from app.providers.provider import no_tickets
from app.providers.retrying import retrying
from app.providers.site import Patience, Site

LOCAL_IDLE_S = 600.0
"""A server on this computer may load a model and read a picture for minutes, and say nothing."""

_MOST_IMAGES = re.compile(r"at most (\d{1,4}) (?:image|picture)", re.IGNORECASE)


class OpenAiCompatibleProvider:
    """Asks one server in the dialect that the `kind` of its configuration names.

    Raises InputRefused for a configuration whose address is none.
    """

    def __init__(self, site: Site, config: EndpointConfig) -> None:
        self._dialect: Dialect = DIALECTS[config.kind]
        address = parse(site.url(config.base_url))
        self.endpoint = Endpoint(
            id=config.id,
            name=config.name,
            on_this_computer=address.on_this_computer,
            host=address.authority,
            needs_key=config.key.needed,
            note=config.note,
        )
        self._site = _patient(site, parse(config.base_url).on_this_computer)
        base, root = _places(config.base_url, self._dialect.base_path)
        self._server = Server(self._site, self._dialect.name or config.name, base, root)
        self._catalogue = Catalogue(self._server, self._dialect.way)
        self._most_pictures: dict[str, int] = {}

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Ask, streamed or in one piece as the request wants it. Errors as the protocol says.

        What the server does not take is left out, and that is noted.
        """
        asked = outgoing(request, self._dialect, self.endpoint.name)
        for note in asked.notes:
            yield Noted(note=note)
        try:
            async with aclosing(retrying(lambda: self._ask(asked, request.stream))) as events:
                async for event in events:
                    yield event
        except Rejected as error:
            explained = self._explained(error, request.model)
            if explained is None:
                raise
            raise explained from error

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """These servers give no tickets. Raises AnswerLost."""
        return no_tickets(self.endpoint.name)

    async def test(self) -> str:
        """Ask for the list of models with the key, and say who answered. Raises a FoveaError."""
        models = await self._catalogue.models()
        await self._check_key()
        name = self._dialect.name or self.endpoint.name
        count = {0: "no models", 1: "1 model"}.get(len(models), f"{len(models):,} models")
        return f"{name} at {self.endpoint.host} answers and has {count}."

    async def models(self) -> Sequence[ModelInfo]:
        """What the server has now. Raises a FoveaError."""
        return await self._catalogue.models()

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """Whether `model` takes pictures, as far as the server says. Raises a FoveaError."""
        return await self._catalogue.capability(model)

    def limits(self, model: str) -> Limits:
        """What is sent of pictures: our choice for this server and what is known of the model, less
        where it refused so many."""
        limits = fitted(self._dialect.limits, model)
        return limits.replace(most_pictures=self._most_pictures.get(model, limits.most_pictures))

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What the server's pages name."""
        return self._dialect.parameters

    async def aclose(self) -> None:
        """Nothing is kept open between requests."""

    async def _ask(self, asked: Outgoing, streamed: bool) -> AsyncGenerator[Event, None]:
        key = await self._site.key()
        events = stream_chat(
            self._site.gate,
            self._site.url(f"{self._server.base}/chat/completions"),
            {},
            asked.body,
            self.endpoint.name,
            key=key,
            idle_s=self._site.patience.idle,
            asked=asked.asked,
            accept="text/event-stream" if streamed else "application/json",
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _check_key(self) -> None:
        """Ask for what wants the key, where the list of models does not. Raises a refusal of the key."""
        if self._dialect.key_check and await self._site.key() is not None:
            try:
                await self._server.get(self._server.root + self._dialect.key_check)
            except (KeyRefused, NotAllowed):
                raise
            except (Rejected, BadAnswer):
                return  # The address is not there in every version; the list of models was.

    def _explained(self, error: Rejected, model: str) -> Rejected | None:
        """The refusal of too many pictures in words; how many it takes is kept for the next time."""
        found = _MOST_IMAGES.search(error.facts.get("reason", ""))
        if found is None or isinstance(error, ServerFailed):
            return None
        most = int(found.group(1))
        if most:
            self._most_pictures[model] = min(most, self._dialect.limits.most_pictures)
        pictures = {0: "no pictures", 1: "1 picture"}.get(most, f"at most {most} pictures")
        reason = f"this model takes {pictures} in a conversation, those of earlier questions included"
        return type(error)(kept=error.kept, **{**error.facts, "reason": reason})


def _patient(site: Site, on_this_computer: bool) -> Site:
    """The site, more patient with a server on this computer unless somebody said how patient to be."""
    if not on_this_computer or site.patience.idle != Patience().idle:
        return site
    return site._replace(patience=site.patience._replace(idle=LOCAL_IDLE_S))


def _places(base_url: str, base_path: str) -> tuple[str, str]:
    """Where chat completions lie, and where the server's own paths begin, without slashes at the end.

    An address without a path gets the server's usual one; one with a path is taken at its word.
    """
    written = base_url.rstrip("/").removesuffix("/chat/completions")
    base = written if parse(written).target != b"/" else written + base_path
    return base, base.removesuffix(base_path)
