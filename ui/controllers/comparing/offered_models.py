"""The models that a table can be given: those of the endpoints that are known, asked for when needed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from app.chat.comparing import Column
from app.domain.errors import FoveaError, InputRefused
from app.domain.model import EndpointConfig, ModelInfo
from app.net.address import parse
from app.providers.registry import UnknownEndpoint
from app.services import Services
from ui import problems
from ui.compare.model_offer import OfferRow
from ui.controllers.comparing.comparison import named
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import LOCAL, QUICK_LOOK, WITHOUT_LIST, vision_key
from ui.tasks import TaskOwner

Listed = tuple[EndpointConfig | None, tuple[ModelInfo, ...]]
"""How an endpoint was set up when it told its models, and these."""


class OfferedModels(QObject):
    """Asks for lists once: of the endpoints whose models were in use and of those on this computer when
    they are first to be seen, of the others when the user says so."""

    changed = Signal()
    """More is known, or something is on its way."""

    def __init__(self, services: Services, choices: Choices, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._registry = services.registry
        self._choices = choices
        self._tasks = tasks
        self._listed: dict[str, Listed] = {}
        self._problems: dict[str, str] = {}
        self._asking: set[str] = set()

    def look(self) -> None:
        """Ask whoever may be asked without further ado and was not yet, or could not answer."""
        settings = self._choices.settings
        for endpoint_id in self._shown():
            used = endpoint_id == settings.endpoint or endpoint_id in settings.models
            if used or self._is_here(endpoint_id):
                self.ask(endpoint_id)

    def ask(self, endpoint_id: str) -> None:
        """Ask an endpoint for its models, unless it told them or is asked."""
        if endpoint_id not in self._asking and not self._is_known(endpoint_id):
            self._asking.add(endpoint_id)
            self._tasks.start(self._ask(endpoint_id))
            self.changed.emit()

    def rows(self) -> list[OfferRow]:
        """What can be added by now, and what can be asked for."""
        models: list[OfferRow] = []
        others: list[OfferRow] = []
        for endpoint_id in self._shown():
            known = self._is_known(endpoint_id)
            models += self._models(endpoint_id)
            if not known:
                others.append(self._other(endpoint_id))
        return models + others

    async def _ask(self, endpoint_id: str) -> None:
        self._problems.pop(endpoint_id, None)
        try:
            await self._registry.prepare(endpoint_id)
            config = self._registry.config(endpoint_id)
            models = await self._registry.provider(endpoint_id).models()
            self._listed[endpoint_id] = config, tuple(models)
        except FoveaError as error:
            self._problems[endpoint_id] = problems.sentence(error)
        except UnknownEndpoint:
            return  # it was taken out meanwhile
        finally:
            self._asking.discard(endpoint_id)
        self.changed.emit()

    def _shown(self) -> list[str]:
        return [one for one in self._choices.settings.shown if one in self._registry.ids]

    def _is_known(self, endpoint_id: str) -> bool:
        """Whether an endpoint, as it is set up now, told its models or has no list of them."""
        listed = self._listed.get(endpoint_id)
        if listed is not None and listed[0] != self._registry.config(endpoint_id):
            del self._listed[endpoint_id]
        return endpoint_id in WITHOUT_LIST or endpoint_id in self._listed

    def _is_here(self, endpoint_id: str) -> bool:
        """Whether an endpoint is on this computer."""
        config = self._registry.config(endpoint_id)
        try:
            return config is not None and parse(config.base_url).on_this_computer
        except InputRefused:
            return False

    def _models(self, endpoint_id: str) -> Iterator[OfferRow]:
        """Those that were chosen or typed before, then what the endpoint lists."""
        settings, name = self._choices.settings, self._registry.name(endpoint_id)
        infos = self._listed[endpoint_id][1] if endpoint_id in self._listed else ()
        listed = {info.id: info for info in infos}
        chosen = {QUICK_LOOK: QUICK_LOOK, LOCAL: settings.local_model or ""}.get(
            endpoint_id, settings.models.get(endpoint_id, "")
        )
        for model in dict.fromkeys((chosen, *settings.typed_models.get(endpoint_id, ()), *listed)):
            if not model:
                continue
            column, info = named(Column(endpoint_id, model, name)), listed.get(model)
            told = settings.vision.get(vision_key(endpoint_id, model), info.vision if info else None)
            words = info.name if info is not None and info.name else column.model
            id_ = "" if words in (model, column.model) else model
            facts = (column.endpoint, id_, info.detail if info is not None else "")
            yield OfferRow(words, " · ".join(filter(None, facts)), told.value if told else None, column)

    def _other(self, endpoint_id: str) -> OfferRow:
        """An endpoint whose models are not known."""
        name = self._registry.name(endpoint_id)
        if endpoint_id in self._asking:
            return OfferRow(self.tr("Asking {endpoint} for its models").format(endpoint=name))
        words = self.tr("Ask {endpoint} for its models").format(endpoint=name)
        return OfferRow(words, self._problems.get(endpoint_id, ""), asks=endpoint_id)
