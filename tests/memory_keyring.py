"""A keyring for tests that do not need a real one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from app import credentials


class MemoryKeyring(KeyringBackend):
    """Keeps entries in memory by service and user name.

    What is in `raises` is raised by the call of that name; while `open` is not set every call waits.
    """

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.raises: dict[str, Exception] = {}
        self.calls: list[str] = []
        self.open = threading.Event()
        self.open.set()

    def key_for(self, *origins: str) -> str | None:
        """The key kept for a group of addresses."""
        return self.entries.get((credentials.SERVICE, " ".join(origins)))

    def set_key(self, key: str, *origins: str) -> None:
        """Keep a key for a group of addresses, as an earlier start of Fovea did."""
        self.entries[credentials.SERVICE, " ".join(origins)] = key

    def get_password(self, service: str, username: str) -> str | None:
        self.called("get")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.called("set")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.called("delete")
        if (service, username) not in self.entries:
            raise PasswordDeleteError
        del self.entries[service, username]

    def called(self, name: str) -> None:
        self.calls.append(name)
        self.open.wait()
        if name in self.raises:
            raise self.raises[name]


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
