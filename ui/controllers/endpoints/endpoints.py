"""Which endpoint and model answer, chosen in the sidebar and kept in the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal

from app.chat.route import Route
from app.domain.errors import FoveaError, InputRefused, LocalExtraMissing
from app.domain.model import Capability, KeyGroup
from app.net.address import parse
from app.providers.registry import UnknownEndpoint
from app.services import Services
from app.settings import Settings
from ui import problems
from ui.composer.task_row import TaskButton
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import LOCAL, QUICK_LOOK, WITHOUT_LIST, Chosen, chosen
from ui.controllers.endpoints.model_files import ModelFileController
from ui.controllers.endpoints.models import NOT_KNOWN, ModelController
from ui.controllers.endpoints.sessions import SessionController
from ui.controllers.endpoints.tuning import TuningController
from ui.sidebar.sidebar import EndpointRow, Sidebar
from ui.tasks import TaskOwner

_TASK = "examine model"
_SET_UP = "set up endpoint"
_PAUSE_S = 0.001
"""Between two steps of making parts of the sidebar: what happened meanwhile comes first."""

_TASK_NAMES = {
    "caption": QT_TRANSLATE_NOOP("Tasks", "Caption"),
    "ocr": QT_TRANSLATE_NOOP("Tasks", "Read text"),
    "answer": QT_TRANSLATE_NOOP("Tasks", "Answer"),
    "detect": QT_TRANSLATE_NOOP("Tasks", "Detect"),
    "segment": QT_TRANSLATE_NOOP("Tasks", "Segment"),
}


class EndpointController(QObject):
    """Fills the sidebar and answers who is asked next."""

    changed = Signal()
    """Another endpoint or model will answer, or more is known of it."""

    settings_requested = Signal(str)
    """The settings of an endpoint are wanted; of all endpoints where the id is empty."""

    def __init__(
        self,
        sidebar: Sidebar,
        services: Services,
        choices: Choices,
        tasks: TaskOwner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._services = services
        self._choices = choices
        self._tasks = tasks
        self.forbidden = ""
        """Why nobody may be asked, whoever is chosen; empty while somebody may."""

        self._local_vision = NOT_KNOWN
        self._look_due = False
        self._models = ModelController(sidebar, choices, tasks, self.chosen, self)
        self._tuning = TuningController(sidebar, choices, tasks, self.chosen, self)
        self._files = ModelFileController(sidebar, choices, self)
        self._sessions = SessionController(sidebar, services, choices, tasks, self.chosen, self)
        sidebar.endpoint_chosen.connect(lambda endpoint: choices.change(endpoint=endpoint))
        sidebar.settings_requested.connect(self.settings_requested)
        choices.changed.connect(self._take_change)
        choices.not_saved.connect(lambda why: sidebar.set_state(why, "danger"))
        self._models.changed.connect(self.changed)
        self._show(look=True)

    def chosen(self) -> Chosen:
        """Who answers the next question."""
        return chosen(self._choices.settings, self._services.registry)

    def blocked(self, *, pictures: bool = False) -> str:
        """Why nobody can answer now, empty when somebody can; `pictures`: whether some are attached."""
        now, vision = self.chosen(), self._vision()
        if refused := self.forbidden or self._refused():
            return refused
        if not now.model and now.endpoint_id == LOCAL:
            return self.tr("Choose a model file for the local engine first.")
        if not now.model:
            return self.tr("Choose a model of {endpoint} first.").format(endpoint=now.name)
        if pictures and vision.value is False:
            reason = problems.reason(vision)
            return self.tr(
                "This model takes no pictures: {reason}. Remove them, or choose another model."
            ).format(reason=reason)
        return ""

    def settle(self) -> None:
        """Let what is being typed in the sidebar hold now: before a question goes out, and at the end."""
        self._sidebar.settle()

    def route(self) -> Route:
        """Who answers the next question, and how it is asked: as it stands on the screen."""
        self.settle()
        return self.route_so_far()

    def route_so_far(self) -> Route:
        """The same, without what is still being typed in the sidebar."""
        now = self.chosen()
        return Route(
            now.provider,
            now.model,
            now.projector,
            parameters=self._tuning.parameters(),
            system=self._tuning.system(),
            session=self._sessions.session(),
            detail=self._tuning.detail(),
            sees=self._vision().value,
        )

    def picture_question(self) -> str:
        """What is asked of a picture that comes without a question."""
        now = self.chosen()
        tasks = now.provider.limits(now.model).tasks if now.model else ()
        ready = (task.template for task in tasks if not task.takes_text)
        return next(ready, self.tr("Describe this picture."))

    def link_taker(self) -> str:
        """The name of the chosen endpoint where it fetches pictures itself; empty where it does not."""
        now = self.chosen()
        return now.name if now.provider.endpoint.takes_links else ""

    def task_buttons(self) -> list[TaskButton]:
        """What the model understands at the beginning of a question."""
        now = self.chosen()
        tasks = now.provider.limits(now.model).tasks if now.model and now.has_models else ()
        return [
            TaskButton(
                QCoreApplication.translate("Tasks", str(_TASK_NAMES.get(task.name, task.name.capitalize()))),
                task.template,
                QCoreApplication.translate("Tasks", task.hint) if task.hint else "",
            )
            for task in tasks
        ]

    def refresh(self) -> None:
        """Addresses or keys were changed: ask the chosen endpoint anew."""
        self._models.forget()
        self._show(look=True)

    def show_conversation(self, conversation_id: str | None, session: str) -> None:
        """Another conversation is on the screen, kept under `session` so far; None for a new one."""
        self._sessions.open(conversation_id, session)

    def set_theme(self, theme: str) -> None:
        """Keep the chosen theme."""
        self._choices.change(theme=theme)

    # ------------------------------------------------------------- what is shown

    def _take_change(self, before: Settings, after: Settings) -> None:
        other = (before.endpoint, before.models) != (after.endpoint, after.models)
        files = (before.local_model, before.local_projector) != (after.local_model, after.local_projector)
        if before.replace(theme=after.theme) == after:
            return
        self._show(look=other or files)

    def _show(self, *, look: bool) -> None:
        """Show who answers: at once, or when everything for it was made."""
        endpoint_id = self._choices.settings.endpoint
        self._look_due = self._look_due or look
        if not self._is_set_up(endpoint_id):
            self._sidebar.set_endpoints(self._rows(None), endpoint_id)
            self._sidebar.set_state("")
            self._tasks.start(self._set_up(endpoint_id), _SET_UP)
        else:
            self._tasks.cancel(_SET_UP)
            self._show_all()

    def _is_set_up(self, endpoint_id: str) -> bool:
        registry = self._services.registry
        if endpoint_id not in registry.ids or endpoint_id == QUICK_LOOK:
            return True
        complete = self._sidebar.complete(models=endpoint_id not in WITHOUT_LIST)
        return complete and registry.prepared(endpoint_id)

    async def _set_up(self, endpoint_id: str) -> None:
        """Make what the endpoint needs beside the window's own work, then show it."""
        await self._services.registry.prepare(endpoint_id)
        for _ in self._sidebar.steps(models=endpoint_id not in WITHOUT_LIST):
            await asyncio.sleep(_PAUSE_S)
        self._show_all()

    def _show_all(self) -> None:
        look, self._look_due = self._look_due, False
        now, settings = self.chosen(), self._choices.settings
        self._sidebar.set_endpoints(self._rows(now), settings.endpoint)
        if now.endpoint_id == LOCAL:
            self._sidebar.set_model_file(settings.local_model or "")
            self._sidebar.set_projector(settings.local_projector or "")
        self._models.show(look=look)
        self._tuning.show()
        self._sessions.show()
        if now.endpoint_id in WITHOUT_LIST and look:
            self._tasks.start(self._examine(), _TASK)
        elif now.has_models:
            self._tasks.cancel(_TASK)
            self._sidebar.set_missing("")
        self.changed.emit()

    def _rows(self, now: Chosen | None) -> list[EndpointRow]:
        registry, settings = self._services.registry, self._choices.settings
        shown = [one for one in settings.shown if one in registry.ids]
        if settings.endpoint in registry.ids and settings.endpoint not in shown:
            shown.append(settings.endpoint)
        return [self._row(endpoint_id, now) for endpoint_id in shown]

    def _row(self, endpoint_id: str, now: Chosen | None) -> EndpointRow:
        """Read from the table, and of who answers `now` from the provider; no other one is built."""
        config = self._services.registry.config(endpoint_id)
        if config is None:
            name = self._services.registry.name(endpoint_id)
            return EndpointRow(endpoint_id, name, True, self._note(endpoint_id))
        try:
            address = parse(config.base_url)
            here, host = address.on_this_computer, address.authority
        except InputRefused:
            here, host = False, config.base_url
        if now is not None and endpoint_id == now.endpoint_id:
            here, host = now.provider.endpoint.on_this_computer, now.provider.endpoint.host or host
        hosts = _hosts_with(host, config.key)
        if len(hosts) > 1:
            host = self.tr("hosts of {domain}").format(domain=_domain_of(hosts))
        return EndpointRow(endpoint_id, config.name, here, config.note, host, True, hosts)

    def _note(self, endpoint: str) -> str:
        if endpoint == LOCAL:
            return self.tr("Runs a GGUF model file of yours with llama.cpp.")
        return self.tr("Names what it recognises, reads text and colours. It does not chat.")

    # ------------------------------------------------------------- whether it can answer

    def _vision(self) -> Capability:
        return self._models.vision() if self.chosen().has_models else self._local_vision

    def _refused(self) -> str:
        """Why the chosen endpoint cannot be used as it is set up; empty when it can."""
        endpoint_id = self._choices.settings.endpoint
        try:
            self._services.registry.provider(endpoint_id)
        except InputRefused as error:
            return problems.sentence(error)
        except UnknownEndpoint:
            return ""
        return ""

    async def _examine(self) -> None:
        """Say whether the model on this computer sees pictures, or why it cannot be used."""
        missing = ""
        self._local_vision = NOT_KNOWN
        if why := self.blocked():
            self._sidebar.set_state(why, "warning")
        else:
            now = self.chosen()
            try:
                self._show_vision(await now.provider.probe(now.model, now.projector))
            except FoveaError as error:
                self._sidebar.set_state(problems.sentence(error), "danger")
                missing = problems.sentence(error) if isinstance(error, LocalExtraMissing) else ""
        self._sidebar.set_missing(missing)
        self.changed.emit()

    def _show_vision(self, vision: Capability) -> None:
        self._local_vision = vision
        reason = problems.reason(vision)
        texts = {
            True: (self.tr("Ready. It takes pictures."), "positive"),
            False: (self.tr("It takes no pictures: {reason}.").format(reason=reason), "warning"),
            None: (self.tr("Ready. Nobody knows whether it takes pictures."), "muted"),
        }
        self._sidebar.set_state(*texts[vision.value])
        if vision.file and not self._choices.settings.local_projector:
            self._sidebar.set_projector(vision.file, found=True)


def _hosts_with(host: str, group: KeyGroup) -> tuple[str, ...]:
    """All that receive something where `host` does: those that share its key."""
    hosts = tuple(parse(origin).authority for origin in group.origins)
    return hosts if host in hosts else (host,)


def _domain_of(hosts: Sequence[str]) -> str:
    """What the names of hosts end with in common; all of them where that is nothing."""
    common: list[str] = []
    for labels in zip(*(reversed(host.split(".")) for host in hosts), strict=False):
        if len(set(labels)) > 1:
            break
        common.insert(0, labels[0])
    return ".".join(common) if len(common) > 1 else ", ".join(hosts)
