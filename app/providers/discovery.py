"""Which models a server has and whether they see pictures, asked in each server's own way.

Nothing is guessed from a name: where a server does not say, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from app.domain.errors import BadAnswer, FoveaError, KeyRefused, NotAllowed, Rejected
from app.domain.model import Capability, ModelInfo
from app.providers.document import document
from app.providers.openai_dialects import Way
from app.providers.refusal import plain, said
from app.providers.site import Site

MOST_MODELS = 5000
MOST_SHOWN = 40
"""So many models are asked about one by one, where the list does not say enough."""

_NOT_CHAT = frozenset({"embedding", "embeddings", "rerank"})


class Server(NamedTuple):
    """A server as it is asked about itself. `name` is for sentences, `says` for what it says.

    `base` is where chat completions lie, `root` where its own paths begin; both without a slash at
    their end.
    """

    site: Site
    says: str
    base: str
    root: str

    async def get(self, address: str, body: object = None) -> Any:
        """The JSON at `address`, or what it answers to `body`.

        Raises what `document` raises.
        """
        told = await document(self.site, address, body)
        if isinstance(told, dict) and told.get("error"):
            # LM Studio answers so, with status 200, to paths it does not have.
            reason = plain(said(msgspec.json.encode(told))) or "it is an error"
            raise BadAnswer(endpoint=self.site.name, reason=reason)
        return told

    def capability(self, sees: bool | None) -> Capability:
        """What the server said of pictures."""
        source = f"{self.says} says so" if sees is not None else f"{self.says} does not say"
        return Capability(value=sees, source=source)


class Catalogue:
    """The models of one server, asked for in the way of its dialect."""

    def __init__(self, server: Server, way: Way) -> None:
        self._server = server
        self._way = way

    async def models(self) -> list[ModelInfo]:
        """All models that can chat, in the server's order. Raises a FoveaError."""
        match self._way:
            case Way.LIST:
                return await self._listed()
            case Way.LLAMACPP:
                return await self._of_llamacpp()
            case Way.OLLAMA:
                return await self._of_ollama()
            case Way.LMSTUDIO:
                return await self._of_lmstudio()
            case Way.ANY:
                return await self._of_any()

    async def capability(self, model: str) -> Capability:
        """Whether `model` takes pictures. Raises a FoveaError."""
        if self._way is Way.OLLAMA:
            return self._server.capability(await self._shown(model))
        found = next((info for info in await self.models() if info.id == model), None)
        if found is None:
            return Capability(value=None, source=f"{self._server.says} does not list this model")
        return found.vision

    async def _listed(self) -> list[ModelInfo]:
        """OpenAI's list, with what llama.cpp, OpenRouter and others add to each model."""
        told = await self._server.get(f"{self._server.base}/models")
        rows = _rows(told, "data", self._server.site.name)
        return _unique(self._model(row, row.get("id")) for row in rows)

    async def _of_llamacpp(self) -> list[ModelInfo]:
        """Older builds say in /props alone whether the model sees; a router has one for each model."""
        models = await self._listed()
        several = len(models) > 1
        for place, model in enumerate(models):
            if model.vision.value is None and model.ready is not False and place < MOST_SHOWN:
                query = f"?model={quote(model.id, safe='')}" if several else ""
                models[place] = model.replace(vision=await self._by_props(query))
        return models

    async def _by_props(self, query: str) -> Capability:
        try:
            told = await self._server.get(f"{self._server.root}/props{query}")
        except Rejected:
            told = None
        modalities = told.get("modalities") if isinstance(told, dict) else None
        sees = modalities.get("vision") if isinstance(modalities, dict) else None
        return self._server.capability(sees if isinstance(sees, bool) else None)

    async def _of_ollama(self) -> list[ModelInfo]:
        """The installed models; older versions tell what each can do only when asked about it."""
        rows = _rows(
            await self._server.get(f"{self._server.root}/api/tags"), "models", self._server.site.name
        )
        models: list[ModelInfo | None] = []
        for place, row in enumerate(rows):
            name = row.get("model") or row.get("name")
            able = row.get("capabilities")
            if not isinstance(able, list) and isinstance(name, str) and place < MOST_SHOWN:
                able = await self._abilities(name)
            if isinstance(able, list) and "completion" not in able and "vision" not in able:
                continue
            models.append(self._model(row, name, "vision" in able if isinstance(able, list) else None))
        return _unique(models)

    async def _shown(self, model: str) -> bool | None:
        able = await self._abilities(model)
        return None if able is None else "vision" in able

    async def _abilities(self, model: str) -> list[Any] | None:
        """What Ollama says a model can do."""
        told = await self._server.get(f"{self._server.root}/api/show", {"model": model})
        able = told.get("capabilities") if isinstance(told, dict) else None
        return able if isinstance(able, list) else None

    async def _of_lmstudio(self) -> list[ModelInfo]:
        """Its own list, of the newest version that it has; else OpenAI's, which says less."""
        for ask in (self._of_studio_1, self._of_studio_0):
            try:
                return await ask()
            except (KeyRefused, NotAllowed):
                raise
            except (BadAnswer, Rejected):
                continue
        return await self._listed()

    async def _of_studio_1(self) -> list[ModelInfo]:
        return self._studio_models(await self._server.get(f"{self._server.root}/api/v1/models"), "models")

    async def _of_studio_0(self) -> list[ModelInfo]:
        return self._studio_models(await self._server.get(f"{self._server.root}/api/v0/models"), "data")

    def _studio_models(self, told: Any, name: str) -> list[ModelInfo]:
        rows = _rows(told, name, self._server.site.name)
        return _unique(self._of_studio(row) for row in rows if row.get("type") not in _NOT_CHAT)

    def _of_studio(self, row: dict[str, Any]) -> ModelInfo | None:
        kind, able = row.get("type"), row.get("capabilities")
        sees = able.get("vision") if isinstance(able, dict) else {"vlm": True, "llm": False}.get(str(kind))
        loaded = row.get("loaded_instances")
        state = {"loaded": True, "not-loaded": False}.get(str(row.get("state")))
        model = self._model(row, row.get("key") or row.get("id"), sees if isinstance(sees, bool) else None)
        return model and model.replace(ready=bool(loaded) if isinstance(loaded, list) else state)

    async def _of_any(self) -> list[ModelInfo]:
        """OpenAI's list; where that does not say who sees, the lists of servers that have their own."""
        first: FoveaError | None = None
        models: list[ModelInfo] | None = None
        for ask in (self._listed, self._of_studio_1, self._of_ollama):
            try:
                found = await ask()
            except (BadAnswer, Rejected) as error:
                if isinstance(error, KeyRefused | NotAllowed) and models is None:
                    raise
                first = first or error
                continue
            models = models or found
            if any(model.vision.value is not None for model in found):
                return found
        if models is None:
            assert first is not None
            raise first
        if len(models) == 1:
            models = [models[0].replace(vision=await self._by_props(""))]
        return models

    def _model(self, row: dict[str, Any], name: object, sees: bool | None = None) -> ModelInfo | None:
        """A model out of any of the lists; None for a row without a name to ask for it by."""
        if not isinstance(name, str) or not name.strip():
            return None
        shown = plain(str(row.get("display_name") or row.get("name") or name)) or plain(name)
        status = row.get("status")
        state = status.get("value") if isinstance(status, dict) else None
        return ModelInfo(
            id=name,
            name=shown,
            vision=self._server.capability(_sees(row) if sees is None else sees),
            detail=_detail(row),
            ready=state == "loaded" if isinstance(state, str) else None,
        )


def _sees(row: dict[str, Any]) -> bool | None:
    """Whether a row of a list says that its model takes pictures."""
    built = row.get("architecture")
    inputs = built.get("input_modalities") if isinstance(built, dict) else None
    if isinstance(inputs, list):
        return "image" in inputs
    able = row.get("capabilities")
    sees = able.get("vision") if isinstance(able, dict) else None
    return sees if isinstance(sees, bool) else None


def _detail(row: dict[str, Any]) -> str:
    """One line about a model: its size, its compression, how much it takes in."""
    meta, details = row.get("meta"), row.get("details")
    details = details if isinstance(details, dict) else row
    counts = [(meta if isinstance(meta, dict) else {}).get("n_ctx")]
    counts += [row.get(name) for name in ("max_model_len", "context_length", "max_context_length")]
    context = next((count for count in counts if isinstance(count, int) and count > 0), None)
    size = details.get("parameter_size") or details.get("params_string")
    form = details.get("quantization_level")
    words = [plain(str(word)) for word in (size, form) if isinstance(word, str) and word]
    return ", ".join([*words, *([f"{context:,} tokens of context"] if context else [])])


def _rows(told: Any, name: str, endpoint: str) -> list[dict[str, Any]]:
    """The rows of a list of models, which some servers send bare. Raises BadAnswer."""
    rows = told.get(name) if isinstance(told, dict) else told
    if not isinstance(rows, list):
        raise BadAnswer(endpoint=endpoint, reason="it is not a list of models")
    return [row for row in rows[:MOST_MODELS] if isinstance(row, dict)]


def _unique(models: Iterable[ModelInfo | None]) -> list[ModelInfo]:
    found: dict[str, ModelInfo] = {}
    for model in models:
        if model is not None:
            found.setdefault(model.id, model)
    return list(found.values())
