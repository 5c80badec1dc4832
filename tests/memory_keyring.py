"""A keyring for tests that do not need a real one."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


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
