"""Connects the settings with the keys, the endpoints and what the user chose.

Imported when the settings are first opened: the window starts without it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import FoveaError
from app.services import Services
from app.settings import Settings
from ui import problems
from ui.controllers import endpoint_choices
from ui.controllers.choices import Choices
from ui.controllers.endpoint_edits import EndpointEdits
from ui.controllers.endpoint_keys import EndpointKeys
from ui.controllers.endpoint_rows import EndpointRows
from ui.settings.dialog import SettingsDialog
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.settings.connection_test import ConnectionTest
    from ui.settings.endpoint_form import EndpointForm

Work = Callable[[], Coroutine[Any, Any, None]]

MOST_OF_A_NAME = 40

CLOSING_S = 3.0
"""Nobody waits longer for a keyring while Fovea closes."""

_TEST = "test endpoint"
_LOOK = "look for keys"


class SettingsController(QObject):
    """Opens the settings and does what is asked for there. One window has one."""

    theme_chosen = Signal(str)

    endpoints_changed = Signal()
    """An endpoint or a key is another one now: who asks an endpoint asks it anew."""

    def __init__(
        self, window: QWidget, services: Services, choices: Choices, tasks: TaskOwner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._registry = services.registry
        self._choices = choices
        self._tasks = tasks
        self._edits = EndpointEdits(services.registry, choices)
        self._rows = EndpointRows(services, choices, self)
        self._keys = EndpointKeys(services, self._edits, self)
        self._skip_keyring = services.credentials.skip
        self._dialog: SettingsDialog | None = None
        self._undo: Work | None = None
        self._when_over: Work | None = None
        self._over: list[Work] = []
        self._settling = asyncio.Lock()
        choices.changed.connect(lambda *_: self._show())
        choices.not_saved.connect(self._say_not_saved)
        self._keys.changed.connect(self._show)
        self._keys.said.connect(self._say_of_key)
        self._keys.waiting.connect(self._say_waiting)
        self._keys.removed.connect(self._offer_key_back)

    def open(self, endpoint_id: str = "") -> None:
        """Show the settings, at the form of an endpoint where one is named."""
        if self._dialog is None:
            self._dialog = SettingsDialog(self._rows.verdict, self._window)
            self._connect(self._dialog)
        dialog = self._dialog
        if dialog.isHidden():
            dialog.open()
            self._show()
            self._tasks.start(self._keys.look(), _LOOK)
        dialog.raise_()
        dialog.activateWindow()
        if endpoint_id:
            dialog.show_endpoint(endpoint_id)

    async def close(self) -> None:
        """Nothing can be undone any more: the keys of removed endpoints go."""
        self._undo_is_over()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await self._settle()

    def _connect(self, dialog: SettingsDialog) -> None:
        page = dialog.endpoints
        page.list.shown_changed.connect(self._offer)
        page.added.connect(lambda *what: self._alter(self._add(*what)))
        page.opened.connect(lambda _: self._cancel_test())
        page.form_made.connect(self._connect_form)
        dialog.theme_chosen.connect(self.theme_chosen)
        dialog.undo.undo_requested.connect(self._undo_now)
        dialog.undo.dismissed.connect(self._undo_is_over)
        dialog.finished.connect(lambda _: self._closed())

    def _connect_form(self, form: EndpointForm) -> None:
        form.closed.connect(lambda _: self._cancel_test())
        form.changed.connect(lambda *what: self._alter_tested(self._change(*what)))
        form.removed.connect(lambda endpoint: self._alter_tested(self._remove(endpoint)))
        form.reset_requested.connect(lambda endpoint: self._alter_tested(self._reset(endpoint)))
        form.key_submitted.connect(lambda *what: self._alter(self._keys.keep(*what)))
        form.key_removed.connect(lambda endpoint: self._alter(self._keys.remove(endpoint)))
        form.key_skipped.connect(lambda _: self._skip_keyring())
        form.test_requested.connect(self._begin_test)
        form.test_cancelled.connect(lambda _: self._cancel_test())

    def _alter(self, work: Coroutine[Any, Any, None]) -> None:
        async def alter() -> None:
            await work
            self.endpoints_changed.emit()

        self._tasks.start(alter())

    def _alter_tested(self, work: Coroutine[Any, Any, None]) -> None:
        """What a test still finds out would be of an endpoint that is no longer so."""
        if self._tasks.runs(_TEST):
            self._cancel_test()
        self._alter(work)

    def _closed(self) -> None:
        self._cancel_test()
        self._tasks.cancel(_LOOK)
        self._undo_is_over()
        if self._dialog is not None:
            self._dialog.begin_again()

    @property
    def _open_dialog(self) -> SettingsDialog | None:
        """The settings, while the user has them before them."""
        dialog = self._dialog
        return None if dialog is None or dialog.isHidden() else dialog

    # ------------------------------------------------------------ what is shown

    def _show(self) -> None:
        if (dialog := self._open_dialog) is not None:
            dialog.endpoints.set_kinds(self._rows.kinds())
            dialog.endpoints.set_rows(self._rows.rows())
            dialog.show_theme(self._choices.settings.theme)

    def _shown(self, endpoint_id: str) -> SettingsDialog | None:
        """The settings, if the form of that endpoint is open in them."""
        dialog = self._open_dialog
        return dialog if dialog is not None and dialog.endpoints.open_id == endpoint_id else None

    def _say_not_saved(self, sentence: str) -> None:
        if (dialog := self._open_dialog) is not None:
            dialog.notice.show_text(sentence, "danger")

    def _say_of_key(self, endpoint_id: str, text: str, tone: str) -> None:
        if dialog := self._shown(endpoint_id):
            dialog.endpoints.form.key.say(text, tone)

    def _say_waiting(self, endpoint_id: str) -> None:
        if dialog := self._shown(endpoint_id):
            dialog.endpoints.form.key.set_waiting(True)

    # ------------------------------------------------------------ endpoints

    def _offer(self, endpoint_id: str, offered: bool) -> None:
        wanted = {*self._choices.settings.shown, endpoint_id}
        if not offered:
            wanted.discard(endpoint_id)
        self._choices.change(shown=tuple(one for one in self._registry.ids if one in wanted))

    async def _add(self, kind: str, name: str, base_url: str) -> None:
        added = ""

        def edit(settings: Settings) -> Settings:
            nonlocal added
            taken = set(self._registry.ids)
            after, added = endpoint_choices.add(settings, kind, name, base_url, taken)
            return after

        await self._edits.apply(edit)
        await self._keys.look()
        if (dialog := self._open_dialog) is not None:
            dialog.show_endpoint(added)

    async def _change(self, endpoint_id: str, kind: str, name: str, base_url: str) -> None:
        def edit(settings: Settings) -> Settings:
            config = self._edits.config(endpoint_id)
            return endpoint_choices.change(settings, config, kind, name, base_url)

        had_key = self._keys.has(endpoint_id)
        await self._edits.apply(edit)
        await self._keys.look()
        if had_key and not self._keys.has(endpoint_id):
            asked = self.tr(
                "This is another server, which does not get the key. Enter its own if it needs one."
            )
            self._say_of_key(endpoint_id, asked, "warning")

    async def _reset(self, endpoint_id: str) -> None:
        await self._edits.apply(lambda settings: endpoint_choices.reset(settings, endpoint_id))
        await self._keys.look()

    async def _remove(self, endpoint_id: str) -> None:
        removed: endpoint_choices.Removed | None = None

        def edit(settings: Settings) -> Settings:
            nonlocal removed
            after, removed = endpoint_choices.remove(settings, endpoint_id)
            return after

        await self._edits.apply(edit)
        if removed is not None:
            self._offer_endpoint_back(removed)

    # ------------------------------------------------------------ tests

    def _begin_test(self, endpoint_id: str) -> None:
        if dialog := self._shown(endpoint_id):
            form = dialog.endpoints.form
            form.test.show_asking(form.row.host)
            self._tasks.start(self._test(endpoint_id, form.test), _TEST)

    async def _test(self, endpoint_id: str, test: ConnectionTest) -> None:
        async with self._edits.turn:  # what was typed just before holds, and its key is kept
            config = self._edits.config(endpoint_id)
        await self._keys.find(config, test.show_waiting_for_keyring)
        test.show_asking(self._rows.host(config))
        try:
            sentence = await self._registry.provider(endpoint_id).test()
        except FoveaError as error:
            test.show_result(problems.sentence(error), "danger")
        else:
            test.show_result(sentence, "positive")

    def _cancel_test(self) -> None:
        self._tasks.cancel(_TEST)
        form = self._dialog.endpoints.made_form if self._dialog is not None else None
        if form is not None:
            form.test.rest()

    # ------------------------------------------------------------ undo

    def _offer_endpoint_back(self, removed: endpoint_choices.Removed) -> None:
        config = removed.config
        text = self.tr("“{name}” was removed.")
        if self._keys.is_alone(config):
            text = self.tr("“{name}” was removed, and its key with it.")
        self._offer_undo(
            text.format(name=_short(config.name)),
            lambda: self._edits.apply(lambda settings: endpoint_choices.put_back(settings, removed)),
            lambda: self._keys.forget_unused(config),
        )

    def _offer_key_back(self, name: str, put_back: Work) -> None:
        self._offer_undo(self.tr("The key for {name} was removed.").format(name=_short(name)), put_back, None)

    def _offer_undo(self, text: str, undo: Work, when_over: Work | None) -> None:
        self._undo_is_over()
        self._undo, self._when_over = undo, when_over
        if (dialog := self._open_dialog) is None:
            self._undo_is_over()
        else:
            dialog.undo.offer(text)

    def _undo_now(self) -> None:
        undo, self._undo, self._when_over = self._undo, None, None
        if undo is not None:
            self._alter(undo())

    def _undo_is_over(self) -> None:
        over, self._undo, self._when_over = self._when_over, None, None
        if over is not None:
            self._over.append(over)
            self._tasks.start(self._settle())

    async def _settle(self) -> None:
        """One removal after the other; one that is cut off is done again by `close`."""
        async with self._settling:
            while self._over:
                await self._over[0]()
                del self._over[0]


def _short(name: str) -> str:
    """A name in a sentence; the user may have given a very long one."""
    return name if len(name) <= MOST_OF_A_NAME else f"{name[:MOST_OF_A_NAME]}…"
