"""Under which id an endpoint is asked to keep the open conversation."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain.errors import StoreFailed
from app.services import Services
from ui import problems
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import Chosen
from ui.sidebar.sidebar import Sidebar
from ui.tasks import TaskOwner


class SessionController(QObject):
    """Off for every endpoint until the user switches it on; then each conversation has its own id."""

    def __init__(
        self,
        sidebar: Sidebar,
        services: Services,
        choices: Choices,
        tasks: TaskOwner,
        chosen: Callable[[], Chosen],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._services = services
        self._choices = choices
        self._tasks = tasks
        self._chosen = chosen
        self._conversation_id: str | None = None
        self._session = ""
        self._renewed: dict[str, str] = {}
        self._connected = False

    def open(self, conversation_id: str | None, session: str) -> None:
        """A conversation is on the screen (None: a new one), kept so far under `session`.

        An id that was renewed holds, whatever was read of the conversation before.
        """
        session = self._renewed.get(conversation_id or "", session)
        if conversation_id != self._conversation_id or not self._session:
            self._session = session
        self._conversation_id = conversation_id
        self.show()

    def session(self) -> str:
        """The id for the next question; empty where the chosen endpoint is not to keep anything."""
        now = self._chosen()
        if not now.provider.endpoint.keeps_sessions or now.endpoint_id not in self._choices.settings.sessions:
            return ""
        self._session = self._session or str(uuid.uuid4())
        return self._session

    def show(self) -> None:
        """Show whether and under which id the chosen endpoint keeps the conversation."""
        now = self._chosen()
        keeps = now.provider.endpoint.keeps_sessions and bool(now.model)
        if not keeps and not self._connected:
            return
        details = self._sidebar.details
        if not self._connected:
            self._connected = True
            details.session_switched.connect(self._switch)
            details.session_renewed.connect(self._renew)
        session = self.session()
        details.show_session(now.name if keeps else "", bool(session), session)

    def _switch(self, on: bool) -> None:
        now = self._chosen()
        others = tuple(one for one in self._choices.settings.sessions if one != now.endpoint_id)
        self._choices.change(sessions=(*others, now.endpoint_id) if on else others)

    def _renew(self) -> None:
        self._session = str(uuid.uuid4())
        self.show()
        if self._conversation_id is not None:
            self._renewed[self._conversation_id] = self._session
            self._tasks.start(self._keep(self._conversation_id, self._session), "keep session")

    async def _keep(self, conversation_id: str, session: str) -> None:
        """A new id holds from now on, also after a restart; without it the next question brings it."""
        try:
            await self._services.chat.set_session(conversation_id, session)
        except StoreFailed as error:
            self._sidebar.set_state(problems.sentence(error), "danger")
