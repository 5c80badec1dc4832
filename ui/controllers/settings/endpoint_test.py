"""Asks the endpoint whose form is open whether it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import FoveaError
from app.providers.registry import Registry
from ui import problems
from ui.controllers.settings.endpoint_edits import EndpointEdits
from ui.controllers.settings.endpoint_keys import EndpointKeys
from ui.controllers.settings.endpoint_rows import EndpointRows
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.settings.connection_test import ConnectionTest
    from ui.settings.endpoint_form import EndpointForm

_TEST = "test endpoint"


class EndpointTest:
    """One at a time; a new one ends the one before."""

    def __init__(
        self, registry: Registry, edits: EndpointEdits, keys: EndpointKeys, tasks: TaskOwner
    ) -> None:
        self._registry = registry
        self._edits = edits
        self._keys = keys
        self._tasks = tasks
        self._shown: ConnectionTest | None = None

    @property
    def asking(self) -> bool:
        """Whether a test is under way."""
        return self._tasks.runs(_TEST)

    def begin(self, form: EndpointForm) -> None:
        """Test the endpoint of `form`, and say there what comes of it."""
        self._shown = form.test
        form.test.show_asking(form.row.host)
        self._tasks.start(self._ask(form.row.id, form.test), _TEST)

    def cancel(self) -> None:
        """Ask no longer, and take back what was said of the last test."""
        self._tasks.cancel(_TEST)
        if self._shown is not None:
            self._shown.rest()

    async def _ask(self, endpoint_id: str, shown: ConnectionTest) -> None:
        async with self._edits.turn:  # what was typed just before holds, and its key is kept
            config = self._edits.config(endpoint_id)
        await self._keys.find(config, shown.show_waiting_for_keyring)
        shown.show_asking(EndpointRows.host(config))
        try:
            sentence = await self._registry.provider(endpoint_id).test()
        except FoveaError as error:
            shown.show_result(problems.sentence(error), "danger")
        else:
            shown.show_result(sentence, "positive")
