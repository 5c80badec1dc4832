"""A keyring in memory that counts as one of the system's, and can let somebody wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from app import credentials


class MemoryKeyring(KeyringBackend):
    """`entries` by (service, user name). It answers while `open` is set."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.open = threading.Event()
        self.open.set()

    def key_for(self, *origins: str) -> str | None:
        return self.entries.get((credentials.SERVICE, " ".join(origins)))

    def set_key(self, key: str, *origins: str) -> None:
        self.entries[credentials.SERVICE, " ".join(origins)] = key

    def get_password(self, service: str, username: str) -> str | None:
        self.open.wait()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.open.wait()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.open.wait()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError


@contextmanager
def system_keyring(backend: KeyringBackend) -> Iterator[None]:
    """`backend` is the keyring of this computer as long as the block lasts."""
    before = keyring.get_keyring()
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    added = isinstance(backend, MemoryKeyring)
    if added:
        credentials.ALLOWED[name] = "Memory"
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)
        if added:
            del credentials.ALLOWED[name]


__all__ = ["MemoryKeyring", "NoKeyring", "system_keyring"]
