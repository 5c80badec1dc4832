"""NVIDIA's hosted models: the integrate and ai.api hosts, answers that come later, uploads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from app.domain.errors import BadAnswer, FoveaError, NoModel, NotFound, Retired
from app.domain.events import Accepted, Event, Finished, Noted, RequestNamed
from app.domain.message import Ticket
from app.domain.model import Capability, Endpoint, EndpointConfig, Limits, ModelInfo, ParameterSpec
from app.domain.request import ChatRequest
from app.net.address import parse
from app.net.gate import Response
from app.net.key import Key
from app.providers.document import document
from app.providers.nvcf_assets import ABANDONED_DELETE_S, ASSETS, DELETE_S, Assets, Uploads
from app.providers.nvcf_polling import answer_later, download, fraction_of, request_id_of, ticket_of
from app.providers.nvidia_deprecation import going_away
from app.providers.nvidia_models import INTEGRATE, MODELS, NvidiaModel, model_of
from app.providers.nvidia_request import Order, order_of
from app.providers.openai_wire import events_of
from app.providers.picture_models import fitted
from app.providers.refusal import plain
from app.providers.retrying import retrying
from app.providers.site import Site

log = logging.getLogger(__name__)

LISTING = "https://integrate.api.nvidia.com/v1/models"
MOST_MODELS = 5_000

NO_UPLOAD = "00000000-0000-0000-0000-000000000000"
"""Stands for an upload while a body is measured, so that one too large is refused before any."""

EVENT_STREAM = "text/event-stream"
JSON = "application/json"

_DOCUMENTED = Capability(value=True, source="its documentation says so")
_UNSAID = Capability(value=None, source="")


class NvidiaProvider:
    """Answers with a model that NVIDIA hosts.

    An address other than NVIDIA's own, in `config` or `site`, stands for all three of its hosts.
    `home` is the user's data folder: uploads that are not deleted yet are noted there.
    """

    def __init__(self, site: Site, config: EndpointConfig, home: Path) -> None:
        own = parse(config.base_url).origin == parse(INTEGRATE).origin
        self._site = site if own or site.base_url else site._replace(base_url=config.base_url)
        self._assets = Assets(self._site, home, self._site.patience.deadline)
        address = parse(self._site.url(INTEGRATE))
        self.endpoint = Endpoint(
            id=config.id,
            name=config.name,
            on_this_computer=address.on_this_computer,
            host=address.authority,
            needs_key=config.key.needed,
            note=config.note,
        )

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Upload what has to be, ask, and yield the answer. Errors as the protocol says."""
        name = self._site.name
        if not request.model:
            raise NoModel(endpoint=name)
        order = order_of(request, name)
        for note in order.notes:
            yield Noted(note=note)
        key = await self._site.key()
        uploads = Uploads(self._assets, key)
        accept = EVENT_STREAM if request.stream else JSON
        abandoned, accepted = True, False
        try:
            async with aclosing(self._answer(order, uploads, key, accept)) as events:
                async for event in events:
                    accepted = accepted or isinstance(event, Accepted)
                    abandoned = abandoned and not isinstance(event, Finished)
                    yield event
        except FoveaError:
            abandoned = False
            raise
        finally:
            # An answer that is still being made may need them; `resume` deletes them, or `tidy`.
            if not (abandoned and accepted and request.resumable):
                await uploads.delete(ABANDONED_DELETE_S if abandoned else DELETE_S)

    async def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Ask again for an answer that was `Accepted`, also in another run of the program."""
        key = await self._site.key()
        over = False
        try:
            later = answer_later(self._site, key, ticket, f"{JSON}, {EVENT_STREAM}")
            async with aclosing(later) as events:
                async for event in events:
                    over = over or isinstance(event, Finished)
                    yield event
        except FoveaError:
            over = True
            raise
        finally:
            if over:
                await self._assets.answered(ticket.request_id, key)

    async def tidy(self) -> None:
        """Delete uploads that earlier runs left behind. Never raises."""
        await self._assets.tidy()

    async def test(self) -> str:
        """Ask for the list of uploads, which wants a key and costs nothing."""
        try:
            told = await document(self._site, ASSETS)
        except (NotFound, Retired):
            count = len(_ids(await document(self._site, LISTING), self._site.name))
            return (
                f"{self._site.name} answers and lists {count} models. "
                "Whether it takes the key shows with the first question."
            )
        if not isinstance(_of(told, "assets"), list):
            raise BadAnswer(endpoint=self._site.name, reason="it is not a list of uploads")
        return f"{self._site.name} answers and takes the key."

    async def models(self) -> Sequence[ModelInfo]:
        """The models that are known to see pictures, then the others of the list.

        The list of the integrate host holds none of the models with an address of their own.
        """
        listed = _ids(await document(self._site, LISTING), self._site.name)
        known = [_documented(model, model.id in listed) for model in MODELS]
        ids = {model.id for model in MODELS}
        return (
            *known,
            *(ModelInfo(id=each, name=each, vision=_UNSAID) for each in listed if each not in ids),
        )

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """What the documentation of `model` says; the list of models says nothing of pictures."""
        return _DOCUMENTED if model_of(model).id else _UNSAID

    def limits(self, model: str) -> Limits:
        """What `model` is documented to take of pictures."""
        return fitted(model_of(model).limits, model)

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """What `model` is documented to be asked."""
        return model_of(model).parameters

    async def aclose(self) -> None:
        """Nothing is kept open."""
        return

    async def _answer(
        self, order: Order, uploads: Uploads, key: Key | None, accept: str
    ) -> AsyncGenerator[Event, None]:
        planned = {picture.prepared.sha256: NO_UPLOAD for picture in order.uploads}
        body = await asyncio.to_thread(order.body, planned)
        async with aclosing(uploads.send(order.uploads)) as sending:
            async for progress in sending:
                yield progress
        if planned:
            body = await asyncio.to_thread(order.body, uploads.ids)
        async with aclosing(retrying(lambda: self._ask(order.model, body, uploads, key, accept))) as events:
            async for event in events:
                yield event

    async def _ask(
        self, model: NvidiaModel, body: bytes, uploads: Uploads, key: Key | None, accept: str
    ) -> AsyncGenerator[Event, None]:
        """Ask once; an answer that comes later is asked for until it is there."""
        idle_s = self._site.patience.idle
        async with self._site.gate.stream(
            "POST",
            self._site.url(model.url),
            endpoint=self._site.name,
            headers={"accept": accept, **uploads.headers},
            key=key,
            json=body,
            first_byte_s=idle_s,
        ) as response:
            note = going_away(response.headers, self._site.name)
            if note is not None:
                yield Noted(note=note)
            if response.status != 202:
                async with aclosing(self._at_once(response, key)) as events:
                    async for event in events:
                        yield event
                return
            ticket = ticket_of(response, self.endpoint.id, self._site.name)
            fraction = fraction_of(response.headers)
        await uploads.wanted_by(ticket.request_id)
        yield RequestNamed(request_id=ticket.request_id)
        yield Accepted(ticket=ticket)
        async with aclosing(answer_later(self._site, key, ticket, accept, fraction)) as events:
            async for event in events:
                yield event

    async def _at_once(self, response: Response, key: Key | None) -> AsyncGenerator[Event, None]:
        """The events of an answer that is there, under the name that the service gave the request."""
        request_id = request_id_of(response.headers)
        if response.status >= 300:
            log.info(
                "request %s was answered with status %s", request_id or "without a name", response.status
            )
            if request_id and response.status < 400:
                raise download(self._site.name)
        elif request_id:
            yield RequestNamed(request_id=request_id)
        name, idle_s = self._site.name, self._site.patience.idle
        async with aclosing(events_of(response, name, key, idle_s=idle_s)) as events:
            async for event in events:
                if not (request_id and isinstance(event, RequestNamed)):
                    yield event


def _documented(model: NvidiaModel, is_listed: bool) -> ModelInfo:
    missing = "" if is_listed or model.url != INTEGRATE else "Documented, but not in NVIDIA's list now."
    detail = " ".join(filter(None, (model.detail, missing)))
    return ModelInfo(id=model.id, name=model.id, vision=_DOCUMENTED, detail=detail)


def _ids(told: Any, endpoint: str) -> list[str]:
    """The ids of a list of models, in its order. Raises BadAnswer."""
    rows = _of(told, "data")
    if not isinstance(rows, list):
        raise BadAnswer(endpoint=endpoint, reason="it is not a list of models")
    ids = [row.get("id") for row in rows[:MOST_MODELS] if isinstance(row, dict)]
    return list(dict.fromkeys(each for each in ids if isinstance(each, str) and each and plain(each) == each))


def _of(told: Any, name: str) -> Any:
    return told.get(name) if isinstance(told, dict) else None
