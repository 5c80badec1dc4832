"""How a model is asked: its parameters, what it is told first, how pictures go, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sidebar.parameter_form import ParameterForm
from ui.sidebar.picture_detail import PictureDetail
from ui.sidebar.session_panel import SessionPanel
from ui.sidebar.system_prompt import SystemPrompt
from ui.sidebar.usage_panel import UsagePanel
from ui.widgets.section import Section
from ui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from app.domain.model import ParameterSpec
    from ui.sidebar.parameter_rows import Value

REASONING = "reasoning."
"""How the names of those parameters begin that say how a model thinks."""


class ModelDetails(QWidget):
    """Each part is there only for a model that takes it, and is made when it is first needed."""

    parameter_changed = Signal(str, object)
    system_changed = Signal(str)
    detail_changed = Signal(str)
    session_switched = Signal(bool)
    session_renewed = Signal()
    usage_requested = Signal()
    made = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._specs: tuple[ParameterSpec, ...] = ()
        self._values: Mapping[str, Value] = {}
        self._system = ""
        self._session = ("", False, "")
        self.note = StatusLine(size="caption")
        self._detail_place = QVBoxLayout()
        self.parameters = self._section(self.tr("Parameters"), self._make_parameters, "parameters")
        self.reasoning = self._section(self.tr("Reasoning"), self._make_reasoning, "reasoning")
        self.system = self._section(self.tr("System prompt"), self._make_system, "system")
        self.session = self._section(self.tr("Session"), self._make_session, "session")
        self.usage = self._section(self.tr("Usage"), self._make_usage, "")
        self.usage.unfolded.connect(self.usage_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.note)
        column.addLayout(self._detail_place)
        for section in self.sections():
            column.addWidget(section)
            section.hide()

    def sections(self) -> tuple[Section, ...]:
        """All of them, from the top."""
        return self.parameters, self.reasoning, self.system, self.session, self.usage

    @cached_property
    def detail(self) -> PictureDetail:
        """How large pictures go."""
        detail = PictureDetail()
        detail.changed.connect(self.detail_changed)
        self._detail_place.addWidget(detail)
        self.made.emit()
        return detail

    def settle(self) -> None:
        """Let what is being typed hold now: a button that is clicked does not take the keyboard."""
        for section in self.sections():
            if isinstance(section.inside, ParameterForm | SystemPrompt):
                section.inside.settle()

    def show_note(self, text: str) -> None:
        """What is special about the model; empty for nothing."""
        self.note.say(text)

    def show_detail(self, choices: list[tuple[str, str, str]], current: str) -> None:
        """The ways for large pictures to go; an empty list where there is nothing to choose."""
        if choices or "detail" in self.__dict__:
            self.detail.show_choices(choices, current)
            self.detail.setVisible(bool(choices))

    def show_parameters(self, specs: Sequence[ParameterSpec], values: Mapping[str, Value]) -> None:
        """The parameters that the model takes, and those of them that were set."""
        self._specs, self._values = tuple(specs), values
        for section, mine in ((self.parameters, self._plain()), (self.reasoning, self._thinking())):
            section.setVisible(bool(mine))
            changed = sum(spec.name in values for spec in mine)
            section.say(self.tr("{count} changed").format(count=changed) if changed else "")
            if isinstance(section.inside, ParameterForm):
                section.inside.show_specs(mine, values)
            elif mine:
                section.restore()

    def show_system(self, text: str, *, heard: bool) -> None:
        """What the model is told first; `heard`: whether the model takes such a thing."""
        self._system = text
        self.system.setVisible(heard)
        self.system.say(" ".join(text.split()))
        if isinstance(self.system.inside, SystemPrompt):
            self.system.inside.show_text(text)
        elif heard:
            self.system.restore()

    def show_session(self, endpoint: str, on: bool, session: str) -> None:
        """Whether the endpoint of that name keeps the conversation; an empty name for one that cannot."""
        self._session = (endpoint, on, session)
        self.session.setVisible(bool(endpoint))
        self.session.say(self.tr("kept") if on else "")
        if isinstance(self.session.inside, SessionPanel):
            self.session.inside.show_state(endpoint, on, session)
        elif endpoint:
            self.session.restore()

    def show_usage(self, *, counted: bool) -> None:
        """Whether the endpoint counts what was used; what is shown of another one is forgotten."""
        self.usage.setVisible(counted)
        self.usage.header.setChecked(False)
        if self.usage_panel is not None:
            self.usage_panel.show_rows([])

    @property
    def usage_panel(self) -> UsagePanel | None:
        """Where the figures go; None before somebody wanted to see them."""
        return self.usage.inside if isinstance(self.usage.inside, UsagePanel) else None

    def _section(self, title: str, make: Callable[[], QWidget], key: str) -> Section:
        section = Section(title, make, key)
        section.made.connect(self.made)
        return section

    def _plain(self) -> list[ParameterSpec]:
        return [spec for spec in self._specs if not spec.name.startswith(REASONING)]

    def _thinking(self) -> list[ParameterSpec]:
        return [spec for spec in self._specs if spec.name.startswith(REASONING)]

    def _make_parameters(self) -> QWidget:
        return self._form(self._plain())

    def _make_reasoning(self) -> QWidget:
        return self._form(self._thinking(), titles=False)

    def _form(self, specs: list[ParameterSpec], *, titles: bool = True) -> ParameterForm:
        form = ParameterForm(titles=titles)
        form.changed.connect(self.parameter_changed)
        form.show_specs(specs, self._values)
        form.rebuilt.connect(self.made)
        return form

    def _make_system(self) -> QWidget:
        system = SystemPrompt()
        system.show_text(self._system)
        system.changed.connect(self.system_changed)
        return system

    def _make_session(self) -> QWidget:
        panel = SessionPanel()
        panel.show_state(*self._session)
        panel.switched.connect(self.session_switched)
        panel.renew_requested.connect(self.session_renewed)
        return panel

    def _make_usage(self) -> QWidget:
        panel = UsagePanel()
        panel.refresh_requested.connect(self.usage_requested)
        return panel
