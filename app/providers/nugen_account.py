"""What a Nugen account has: its models and their state, lists of numbers for texts, what was used."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

from app.domain.errors import BadAnswer, FoveaError, KeyMissing, KeyRefused, RequestRefused
from app.domain.events import Event, Noted
from app.domain.model import Capability, Endpoint, EndpointConfig, ModelInfo
from app.domain.record import Record
from app.net.address import parse
from app.providers.document import document
from app.providers.nugen_request import Outgoing, check_model
from app.providers.openai_wire import stream_chat
from app.providers.refusal import plain
from app.providers.retrying import retrying
from app.providers.site import Site

log = logging.getLogger(__name__)

BASE_MODELS = "/api/v3/models/base"
ALIGNED_MODELS = "/api/v3/models/aligned"
USAGE = "/api/v3/agents/usage/"

NOT_PUBLISHED = (
    "Nugen publishes no address that tells whether its servers are well. "
    "A test lists its base models instead, which shows whether it answers and takes the key.",
    "Nugen publishes no addresses for the older lists of embedding, text and picture models. "
    "What is listed here are the base and the aligned models of its present interface.",
    "Nugen publishes no address for the older usage figures. What it tells counts the runs of agents.",
    "Nugen does not publish which models see pictures, nor how many pictures it takes.",
    "Nugen does not publish how many requests it takes in a minute.",
)
"""What nobody outside Nugen can know, one plain sentence each, for who looks for it."""

_STATE_S = 5.0
_MOST_MODELS = 5_000

_LONGEST_ID = 300
_READY = {"deployed": True, "undeployed": False, "deploying": False, "undeploying": False}
_Parsed = Callable[[Any], list[ModelInfo]]


class State(NamedTuple):
    """How a model was listed: Nugen's word in lower case, empty where it was not listed, and
    whether that means that it answers, None where that does not follow."""

    word: str = ""
    ready: bool | None = None


class AgentUsage(Record, frozen=True):
    """What the agents of an account used; None where Nugen did not say.

    `by_model` is in Nugen's own measure, which its page does not name.
    """

    total_usage: float | None = None
    total_tokens: float | None = None
    average_tokens: float | None = None
    most_used_model: str = ""
    by_model: dict[str, float] = {}


def endpoint_of(site: Site, config: EndpointConfig, *, keeps_sessions: bool) -> Endpoint:
    """How the endpoint shows itself. Its host is that of `site` where it was moved."""
    address = parse(site.base_url or config.base_url)
    return Endpoint(
        id=config.id,
        name=config.name,
        on_this_computer=address.on_this_computer,
        host=address.authority,
        needs_key=config.key.needed,
        takes_links=True,
        keeps_sessions=keeps_sessions,
        note=config.note,
    )


class NugenAccount:
    """The parts of Nugen that both of its chat interfaces share."""

    def __init__(self, site: Site, config: EndpointConfig) -> None:
        self.name = site.name
        self._site = site
        self._base_url = config.base_url
        self._states: dict[str, State] = {}

    def url(self, path: str) -> str:
        """The full address of a path."""
        return self._site.url(self._base_url + path)

    async def models(self) -> list[ModelInfo]:
        """The base models, then the account's aligned ones.

        Where one of the lists cannot be had the other is enough, unless the key is refused.
        Raises a FoveaError.
        """
        async with asyncio.TaskGroup() as group:
            base = group.create_task(self._listed(BASE_MODELS, self._base))
            aligned = group.create_task(self._listed(ALIGNED_MODELS, self._aligned))
        lists, errors = [], []
        for result in (base.result(), aligned.result()):
            if isinstance(result, FoveaError):
                errors.append(result)
            else:
                lists.append(result)
        for error in errors:
            if not lists or isinstance(error, KeyRefused | KeyMissing):
                raise error
            log.info("one list of models is missing: %s", error.code)
        found: dict[str, ModelInfo] = {}
        for model in (model for models in lists for model in models):
            found.setdefault(model.id, model)
        return list(found.values())

    async def test(self) -> str:
        """Ask for the base models, as no address for a health check is published."""
        count = len(self._base(await self._document(BASE_MODELS)))
        return f"{self.name} takes the key and lists {count} base models."

    async def probe(self, model: str) -> Capability:
        """What is known of `model`: whether it is deployed, never whether it sees pictures."""
        check_model(model, self.name)
        await self.models()
        state = self.state(model).word
        known = f"; it lists this model as {state}" if state else "; nor whether this one is deployed"
        return Capability(None, f"{self.name} does not publish which models see pictures{known}")

    def state(self, model: str) -> State:
        """The state in which the model was listed last."""
        return self._states.get(model, State())

    async def fresh_state(self, model: str) -> State:
        """The state in which the model is listed now, as far as that can be had at once."""
        try:
            async with asyncio.timeout(_STATE_S):
                await self.models()
        except (FoveaError, TimeoutError) as error:
            log.info("the state of a model cannot be had: %s", getattr(error, "code", "too slow"))
        return self.state(model)

    async def usage(self) -> AgentUsage:
        """What the account's agents used. Raises a FoveaError."""
        told = await self._document(USAGE)
        data = told.get("data") if isinstance(told, dict) else None
        if not isinstance(data, dict):
            raise BadAnswer(endpoint=self.name, reason="it does not tell the usage")
        by_model = data.get("usageByModel")
        counted = by_model.items() if isinstance(by_model, dict) else ()
        return AgentUsage(
            total_usage=_number(data.get("totalUsage")),
            total_tokens=_number(data.get("totalTokens")),
            average_tokens=_number(data.get("averageTokensPerRequest")),
            most_used_model=_line(data.get("mostUsedModel")),
            by_model={_line(name): number for name, n in counted if (number := _number(n)) is not None},
        )

    async def embed(
        self, path: str, model: str, texts: Sequence[str], dimensions: int | None
    ) -> list[list[float]]:
        """A list of numbers for each text, in the order of the texts.

        Raises NoModel, RequestRefused for an empty text, BadAnswer and what `Gate.stream` raises.
        """
        check_model(model, self.name)
        if not texts:
            return []
        if not all(texts):
            raise RequestRefused(
                endpoint=self.name, thing="an empty text", reason="it has no meaning to find"
            )
        if dimensions is not None and dimensions < 1:
            reason = "it begins at 1"
            raise RequestRefused(endpoint=self.name, thing=f"dimensions {dimensions}", reason=reason)
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        body: dict[str, object] = {"model": model, "input": whole}
        body |= {} if dimensions is None else {"dimensions": dimensions}
        told = await self._document(path, body)
        found = _numbers(told, len(whole))
        if found is None:
            raise BadAnswer(endpoint=self.name, reason="it does not hold numbers for each text")
        return found

    async def answer(self, path: str, outgoing: Outgoing, *, stream: bool) -> AsyncGenerator[Event, None]:
        """Send `outgoing` and yield its notes and the answer's events; the last one is `Finished`.

        A refusal for being busy is tried again where nothing of the answer came. Raises the
        EndpointFailed leaves and what `Gate.stream` raises.
        """
        key = await self._site.key()

        def once() -> AsyncGenerator[Event, None]:
            return stream_chat(
                self._site.gate,
                self.url(path),
                outgoing.headers,
                outgoing.body,
                self.name,
                key=key,
                idle_s=self._site.patience.idle,
                asked=outgoing.asked,
                accept="text/event-stream" if stream else "application/json",
            )

        for note in outgoing.notes:
            yield Noted(note=note)
        async with aclosing(retrying(once)) as events:
            async for event in events:
                yield event

    async def _document(self, path: str, body: object = None) -> Any:
        return await document(self._site, self._base_url + path, body)

    async def _listed(self, path: str, parsed: _Parsed) -> list[ModelInfo] | FoveaError:
        try:
            return parsed(await self._document(path))
        except FoveaError as error:
            return error

    def _base(self, told: Any) -> list[ModelInfo]:
        rows = self._rows(told, "models")
        return [info for row in rows if (info := self._base_model(row)) is not None]

    def _aligned(self, told: Any) -> list[ModelInfo]:
        rows = self._rows(told, "domain_aligned_models")
        return [info for row in rows if (info := self._aligned_model(row)) is not None]

    def _rows(self, told: Any, name: str) -> list[dict[str, Any]]:
        rows = told.get(name) if isinstance(told, dict) else told
        if not isinstance(rows, list):
            raise BadAnswer(endpoint=self.name, reason="it is not a list of models")
        return [row for row in rows[:_MOST_MODELS] if isinstance(row, dict)]

    def _base_model(self, row: dict[str, Any]) -> ModelInfo | None:
        said = row.get("inference_ready")
        ready = said if isinstance(said, bool) else None
        state = "" if ready is None else "ready" if ready else "not ready"
        request = "on request" if row.get("available_on_request") is True else ""
        size = _line(row.get("parameters"))
        detail = ", ".join(filter(None, (f"{size} parameters" if size else "", state, request)))
        return self._model(row, _line(row.get("model_name")), ready, state, detail)

    def _aligned_model(self, row: dict[str, Any]) -> ModelInfo | None:
        state = (_line(row.get("deployment_status")) or _line(row.get("status"))).lower()
        base = _line(row.get("base_model"))
        detail = ", ".join(filter(None, (f"aligned from {base}" if base else "aligned", state)))
        return self._model(row, _line(row.get("name")), _READY.get(state), state, detail)

    def _model(
        self, row: dict[str, Any], name: str, ready: bool | None, state: str, detail: str
    ) -> ModelInfo | None:
        """The model, unless it has no id that can be sent. Both names of the id have been seen."""
        said = row.get("model_id") or row.get("id")
        model = said.strip() if isinstance(said, str) else ""
        if not model or not model.isprintable() or len(model) > _LONGEST_ID:
            return None
        self._states[model] = State(state, ready)
        vision = Capability(None, f"{self.name} does not publish which models see pictures")
        return ModelInfo(id=model, name=name or model, vision=vision, detail=detail, ready=ready)


def _line(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None


def _numbers(told: Any, count: int) -> list[list[float]] | None:
    """The lists by their `index`; None unless there is one for each of `count` texts."""
    data = told.get("data") if isinstance(told, dict) else None
    rows = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    by_index: dict[int, list[float]] = {}
    for place, row in enumerate(rows):
        index, numbers = row.get("index", place), row.get("embedding")
        if not isinstance(index, int) or not isinstance(numbers, list) or not numbers:
            return None
        if any(_number(number) is None for number in numbers):
            return None
        by_index[index] = [float(number) for number in numbers]
    return [by_index[place] for place in range(count)] if sorted(by_index) == list(range(count)) else None
