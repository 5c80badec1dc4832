"""How the chosen model is asked: parameters, system prompt, large pictures, what it used."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale, QObject

from app.domain.errors import FoveaError
from app.domain.model import Limits, ParameterSpec, PictureEncoding
from app.domain.picture import Detail
from app.domain.record import Record
from app.domain.request import Parameters
from app.providers.provider import ReportsUsage
from ui import problems
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import QUICK_LOOK, Chosen
from ui.controllers.endpoints.parameters import Value, fitting, values_of, with_value
from ui.sidebar.rows import UsageRow
from ui.sidebar.sidebar import Sidebar
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.sidebar.model_details import ModelDetails

_USAGE = "ask for usage"
_LABELS = {
    "total_usage": QT_TRANSLATE_NOOP("Usage", "Runs of agents"),
    "total_tokens": QT_TRANSLATE_NOOP("Usage", "Tokens"),
    "average_tokens": QT_TRANSLATE_NOOP("Usage", "Tokens for each run"),
    "most_used_model": QT_TRANSLATE_NOOP("Usage", "Used most"),
}
NOT_HERE = ("tool_choice",)
"""Parameters of what the window does not have yet: it sends no tools."""


class TuningController(QObject):
    """Shows what the chosen model takes, and keeps what the user sets."""

    def __init__(
        self,
        sidebar: Sidebar,
        choices: Choices,
        tasks: TaskOwner,
        chosen: Callable[[], Chosen],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._choices = choices
        self._tasks = tasks
        self._chosen = chosen
        self._details: ModelDetails | None = None
        self._counting = ""

    # ------------------------------------------------------------- for the route

    def parameters(self) -> Parameters:
        """What is asked of the chosen model, within its ranges."""
        now = self._chosen()
        return fitting(self._kept(now), self._specs(now))

    def system(self) -> str:
        """What the chosen model is told first."""
        return self._choices.settings.system if self._hears_system(self._chosen()) else ""

    def detail(self) -> Detail:
        """How large pictures go to the chosen model."""
        now = self._chosen()
        kept = self._choices.settings.detail.get(now.endpoint_id, Detail.FIT.value)
        if kept == Detail.FIT.value:
            return Detail.FIT
        ways = [value for value, _, _ in self._ways(now.provider.limits(now.model))]
        return Detail(kept) if kept in ways else Detail.FIT

    # ------------------------------------------------------------- what is shown

    def show(self) -> None:
        """Show what the chosen model takes; quick look takes nothing."""
        now = self._chosen()
        if now.endpoint_id == QUICK_LOOK or not now.model:
            if self._details is not None:
                self._details.hide()
            return
        if self._details is None:
            self._details = self._connect()
        details, limits = self._details, now.provider.limits(now.model)
        details.show_note(self._note(limits))
        details.show_detail(self._ways(limits), self.detail().value)
        details.show_parameters(self._specs(now), values_of(self.parameters()))
        details.show_system(self._choices.settings.system, heard=self._hears_system(now))
        if self._counting != now.endpoint_id:
            self._counting = now.endpoint_id
            self._tasks.cancel(_USAGE)
            details.show_usage(counted=isinstance(now.provider, ReportsUsage))
        details.show()

    def _connect(self) -> ModelDetails:
        details = self._sidebar.details
        details.parameter_changed.connect(self._set)
        details.system_changed.connect(lambda text: self._choices.change(system=text))
        details.detail_changed.connect(self._set_detail)
        details.usage_requested.connect(lambda: self._tasks.start(self._ask_usage(), _USAGE))
        return details

    def _note(self, limits: Limits) -> str:
        if not limits.single_turn:
            return ""
        return self.tr("This model hears one question and one picture; nothing of what was said before.")

    def _ways(self, limits: Limits) -> list[tuple[str, str, str]]:
        """The ways for large pictures to go, each as value, words and help."""
        if limits.encoding is PictureEncoding.RGB:
            return []  # they go no further than this computer, whole
        from ui.controllers.sent.details import sizes  # not before somebody else than quick look answers

        return [(size.detail.value, size.words, size.help) for size in sizes(limits) if not size.why_not]

    def _specs(self, now: Chosen) -> tuple[ParameterSpec, ...]:
        return tuple(spec for spec in now.provider.parameters(now.model) if spec.name not in NOT_HERE)

    def _hears_system(self, now: Chosen) -> bool:
        return now.endpoint_id != QUICK_LOOK and not now.provider.limits(now.model).single_turn

    # ------------------------------------------------------------- what the user does

    def _kept(self, now: Chosen) -> Parameters:
        return self._choices.settings.parameters.get(now.endpoint_id, Parameters())

    def _set(self, name: str, value: Value) -> None:
        now = self._chosen()
        changed = with_value(self._kept(now), name, value)
        self._choices.change(parameters={**self._choices.settings.parameters, now.endpoint_id: changed})

    def _set_detail(self, detail: str) -> None:
        now = self._chosen()
        self._choices.change(detail={**self._choices.settings.detail, now.endpoint_id: detail})

    async def _ask_usage(self) -> None:
        now = self._chosen()
        panel = self._details.usage_panel if self._details is not None else None
        if panel is None or not isinstance(now.provider, ReportsUsage):
            return
        panel.show_waiting()
        try:
            panel.show_rows(_figures(await now.provider.usage()))
        except FoveaError as error:
            panel.show_problem(problems.sentence(error))


def _figures(usage: Record) -> list[UsageRow]:
    """What was told, under names that people understand; a table within it comes row by row."""
    rows: list[UsageRow] = []
    for name, value in usage.to_plain().items():
        label = QCoreApplication.translate(
            "Usage", str(_LABELS.get(name, name.replace("_", " ").capitalize()))
        )
        table = value if isinstance(value, dict) else {label: value}
        rows += [UsageRow(what, _figure(said)) for what, said in table.items() if said not in (None, "")]
    return rows


def _figure(value: float | str) -> str:
    if isinstance(value, str):
        return value
    whole = math.isfinite(value) and value == int(value)
    return QLocale().toString(int(value)) if whole else QLocale().toString(value, "f", 1)
