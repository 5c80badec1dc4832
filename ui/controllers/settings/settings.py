"""Connects the settings with the keys, the endpoints and what the user chose.

Imported when the settings are first opened: the window starts without it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services import Services
from app.settings import Settings
from ui.controllers.conversation.undo import Undo, Work
from ui.controllers.endpoints.choices import Choices
from ui.controllers.settings import endpoint_choices
from ui.controllers.settings.endpoint_edits import EndpointEdits
from ui.controllers.settings.endpoint_keys import EndpointKeys
from ui.controllers.settings.endpoint_rows import EndpointRows
from ui.controllers.settings.endpoint_test import EndpointTest
from ui.controllers.settings.storage import Storage
from ui.settings.dialog import SettingsDialog
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.settings.endpoint_form import EndpointForm

MOST_OF_A_NAME = 40

CLOSING_S = 3.0
"""Nobody waits longer for a keyring while Fovea closes."""

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
        self._test = EndpointTest(services.registry, self._edits, self._keys, tasks)
        self._undo = Undo(tasks)
        self._storage = Storage(services.prepared, choices, tasks, self._offer_undo, self)
        choices.changed.connect(lambda *_: self._show())
        choices.not_saved.connect(self._say_not_saved)
        self._keys.changed.connect(self._show)
        self._keys.said.connect(self._say_of_key)
        self._keys.waiting.connect(self._say_waiting)
        self._keys.removed.connect(self._offer_key_back)

    def build(self, *, with_form: bool) -> Iterator[None]:
        """Make the dialog; nothing else may be called before it is through."""
        dialog = SettingsDialog(self._rows.verdict, self._window)
        yield from dialog.build()
        self._connect(dialog)
        self._dialog = dialog
        yield
        if with_form:
            yield from dialog.endpoints.make_form()

    def open(self, endpoint_id: str = "") -> None:
        """Show the settings, at the form of an endpoint where one is named."""
        dialog = self._dialog
        assert dialog is not None
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
        self._undo.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await self._undo.settle()

    def _connect(self, dialog: SettingsDialog) -> None:
        page = dialog.endpoints
        page.list.shown_changed.connect(self._offer)
        page.added.connect(lambda *what: self._alter(self._add(*what)))
        page.opened.connect(lambda _: self._test.cancel())
        page.form_made.connect(self._connect_form)
        dialog.theme_chosen.connect(self.theme_chosen)
        self._storage.connect_to(dialog)
        dialog.undo.undo_requested.connect(self._undo_now)
        dialog.undo.dismissed.connect(self._undo.end)
        dialog.finished.connect(lambda _: self._closed())

    def _connect_form(self, form: EndpointForm) -> None:
        form.closed.connect(lambda _: self._test.cancel())
        form.changed.connect(lambda *what: self._alter_tested(self._change(*what)))
        form.removed.connect(lambda endpoint: self._alter_tested(self._remove(endpoint)))
        form.reset_requested.connect(lambda endpoint: self._alter_tested(self._reset(endpoint)))
        form.key_submitted.connect(lambda *what: self._alter(self._keys.keep(*what)))
        form.key_removed.connect(lambda endpoint: self._alter(self._keys.remove(endpoint)))
        form.key_skipped.connect(lambda _: self._skip_keyring())
        form.test_requested.connect(lambda _: self._test.begin(form))
        form.test_cancelled.connect(lambda _: self._test.cancel())

    def _alter(self, work: Coroutine[Any, Any, None]) -> None:
        async def alter() -> None:
            await work
            self.endpoints_changed.emit()

        self._tasks.start(alter())

    def _alter_tested(self, work: Coroutine[Any, Any, None]) -> None:
        """What a test still finds out would be of an endpoint that is no longer so."""
        if self._test.asking:
            self._test.cancel()
        self._alter(work)

    def _closed(self) -> None:
        self._test.cancel()
        self._tasks.cancel(_LOOK)
        self._undo.end()
        self._storage.settle()
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
        self._undo.keep(undo, when_over)
        if (dialog := self._open_dialog) is None:
            self._undo.end()
        else:
            dialog.undo.offer(text)

    def _undo_now(self) -> None:
        if (undo := self._undo.take()) is not None:
            self._alter(undo())


def _short(name: str) -> str:
    """A name in a sentence; the user may have given a very long one."""
    return name if len(name) <= MOST_OF_A_NAME else f"{name[:MOST_OF_A_NAME]}…"
