"""Keeps, finds and removes the keys of endpoints, and says what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from PySide6.QtCore import QObject, QTimer, Signal

from app.credentials import KeyPlace
from app.domain.errors import FoveaError
from app.domain.model import EndpointConfig
from app.services import Services
from ui import problems
from ui.controllers.settings import endpoint_choices
from ui.controllers.settings.endpoint_edits import EndpointEdits

NOTICE_MS = 300
"""A keyring that takes longer is said to be waited for."""


class EndpointKeys(QObject):
    """No key is in any signal."""

    changed = Signal()
    said = Signal(str, str, str)
    """What happened to the key of an endpoint: its id, a plain sentence, the tone."""

    waiting = Signal(str)
    """The keyring takes its time over the key of the endpoint with that id."""

    removed = Signal(str, object)
    """The name of the endpoint whose key is gone, and what puts it back (Callable)."""

    def __init__(self, services: Services, edits: EndpointEdits, parent: QObject) -> None:
        super().__init__(parent)
        self._credentials = services.credentials
        self._registry = services.registry
        self._edits = edits

    async def look(self) -> None:
        """Ask the keyring once for every key, without asking anybody to unlock it."""
        for group in {config.key: None for config in self._registry.configs}:
            await self._credentials.find(group, quiet=True)
            self.changed.emit()

    async def find(self, config: EndpointConfig, say_waiting: Callable[[], None]) -> None:
        """Make the key known, should there be one; the user may be asked to unlock the keyring."""
        async with self._in_a_moment(say_waiting):
            await self._credentials.find(config.key)
        self.changed.emit()

    async def keep(self, endpoint_id: str, key: str) -> None:
        """Keep a key that the user entered."""
        async with self._edits.turn, self._in_a_moment(lambda: self.waiting.emit(endpoint_id)):
            try:
                kept = await self._credentials.keep(self._edits.config(endpoint_id).key, key)
            except FoveaError as error:
                self.said.emit(endpoint_id, problems.sentence(error), "danger")
                return
        await self._need_key(endpoint_id, True)
        self.changed.emit()
        if kept.place is KeyPlace.KEYRING:
            self.said.emit(endpoint_id, self.tr("Kept in your keyring."), "positive")
        else:
            sentence = self.tr("It is kept until Fovea closes, because {reason}.").format(reason=kept.why)
            self.said.emit(endpoint_id, sentence, "warning")

    async def remove(self, endpoint_id: str) -> None:
        """Remove a key; `removed` tells how to put it back."""
        config = self._edits.config(endpoint_id)
        async with self._edits.turn, self._in_a_moment(lambda: self.waiting.emit(endpoint_id)):
            key = await self._credentials.find(config.key)
            still = await self._credentials.forget(config.key)
        await self._need_key(endpoint_id, False)
        self.changed.emit()
        sentence = ""
        if still:
            sentence = self.tr("Fovea no longer uses it, but your keyring may still hold it: {reason}.")
        self.said.emit(endpoint_id, sentence.format(reason=still), "danger" if still else "")
        if key is not None:
            self.removed.emit(config.name, lambda: self.keep(endpoint_id, key))

    async def forget_unused(self, config: EndpointConfig) -> None:
        """After an endpoint is gone for good; a key that another one uses stays."""
        if self.is_alone(config):
            await self._credentials.forget(config.key)

    def has(self, endpoint_id: str) -> bool:
        """Whether a key for the endpoint is known now."""
        return self._credentials.place(self._edits.config(endpoint_id).key) is not KeyPlace.NOWHERE

    def is_alone(self, config: EndpointConfig) -> bool:
        """Whether Fovea keeps a key that no endpoint but `config` uses."""
        others = (one for one in self._registry.configs if one.id != config.id)
        shared = any(one.key.origins == config.key.origins for one in others)
        return not shared and self._credentials.place(config.key) in (KeyPlace.KEYRING, KeyPlace.SESSION)

    async def _need_key(self, endpoint_id: str, needs: bool) -> None:
        """Of the user's own server, so that a locked keyring is unlocked for its key, or is not."""
        await self._edits.apply(lambda settings: endpoint_choices.need_key(settings, endpoint_id, needs))

    @asynccontextmanager
    async def _in_a_moment(self, say: Callable[[], None]) -> AsyncIterator[None]:
        timer = QTimer(self, singleShot=True, interval=NOTICE_MS)
        timer.timeout.connect(say)
        timer.start()
        try:
            yield
        finally:
            timer.stop()
            timer.deleteLater()
