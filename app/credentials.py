"""Keys: in the keyring of the system, else in memory until the program ends, else in the environment.

Never in a file.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app.domain.model import KeyGroup
from app.keyring_thread import KeyringRefused, KeyringThread
from app.log import hide
from app.net.key import Key

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "Fovea"
PATIENCE_S = 30.0

ALLOWED = {
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
"""The keyrings that encrypt what they keep. Any other may be a plain file."""

_CHAINER = "keyring.backends.chainer.ChainerBackend"
_WITH_COLLECTIONS = "keyring.backends.SecretService.Keyring"
_IN_WORDS = {
    "KeyringLocked": "the keyring is locked",
    "LockedException": "the keyring is locked",
    "InitError": "the keyring was not opened",
    "PromptDismissedException": "the keyring was not opened",
}


class KeyPlace(StrEnum):
    """Where a key is."""

    KEYRING = "keyring"
    SESSION = "session"
    ENVIRONMENT = "environment"
    NOWHERE = "nowhere"


class Kept(NamedTuple):
    """Where a key went; `why` is a clause that says why not into the keyring."""

    place: KeyPlace
    why: str = ""

    @property
    def sentence(self) -> str:
        """The same for a person to read."""
        if self.place is KeyPlace.KEYRING:
            return "The key is in the keyring of this computer."
        return f"The key is kept until Fovea ends and not longer: {self.why}."


class Credentials:
    """Finds and keeps the key of each group of addresses. All keys it knows are hidden in logs.

    The keyring is loaded with the first question and waited for `patience_s` seconds at most.
    `backend` is used as it is; without one, the keyring that the system offers is used where it
    is one of ALLOWED.
    """

    def __init__(
        self,
        backend: KeyringBackend | None = None,
        *,
        patience_s: float = PATIENCE_S,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._keyring = _Keyring(backend)
        self._thread = KeyringThread(patience_s)
        self._environment = environment
        self._known: dict[str, tuple[str, KeyPlace]] = {}
        self._absent: set[str] = set()
        self._trouble: dict[str, str] = {}
        self._reading: dict[tuple[str, bool], Future[str | None]] = {}
        self._changes = 0

    async def find(self, group: KeyGroup, *, quiet: bool = False) -> str | None:
        """The key of `group`, or None where none is known.

        What was entered in this session comes first, then the keyring, then the environment
        variable of the group. Nobody is asked to unlock the keyring when `quiet`, when the group
        needs no key, or when its variable holds one. `trouble` says why the keyring told nothing.
        """
        user = _user(group)
        given = self.from_environment(group.variable)
        if user not in self._known and user not in self._absent:
            found = await self._read(user, quiet or not group.needed or given is not None)
            if not found and not group.needed and user not in self._trouble:
                self._absent.add(user)  # asked without a key every time; do not look every time
        return self._known[user][0] if user in self._known else given

    async def keep(self, group: KeyGroup, value: str) -> Kept:
        """Keep a key that the user entered; from now on it is the one of `group`.

        Raises InputRefused for a text that cannot be a key.
        """
        user, value = _user(group), value.strip()
        Key(group.origins, value)
        hide(value)
        self._changed(user)
        entered = self._known[user] = (value, KeyPlace.SESSION)
        try:
            await self._ask(lambda: self._keyring.write(user, value))
        except KeyringRefused as refused:
            return Kept(KeyPlace.SESSION, str(refused))
        if self._known.get(user) is entered:
            self._known[user] = (value, KeyPlace.KEYRING)
        return Kept(KeyPlace.KEYRING)

    async def forget(self, group: KeyGroup) -> str:
        """Remove the key of `group` here and in the keyring.

        Returns a clause on why the keyring may still hold it, empty when it does not.
        """
        user = _user(group)
        self._changed(user)
        self._known.pop(user, None)
        try:
            await self._ask(lambda: self._keyring.erase(user))
        except KeyringRefused as refused:
            return "" if refused.absent else str(refused)
        return ""

    def place(self, group: KeyGroup) -> KeyPlace:
        """Where the key of `group` is as far as is known now; the keyring is not asked."""
        if _user(group) in self._known:
            return self._known[_user(group)][1]
        given = self.from_environment(group.variable)
        return KeyPlace.NOWHERE if given is None else KeyPlace.ENVIRONMENT

    def trouble(self, group: KeyGroup) -> str:
        """Why the keyring told nothing when the key was last looked for, as a clause.

        Empty where it answered, and where there is no keyring.
        """
        return self._trouble.get(_user(group), "")

    def from_environment(self, variable: str) -> str | None:
        """The key that an environment variable holds; None for no variable too."""
        value = self._environment.get(variable, "").strip() if variable else ""
        hide(value)
        return value or None

    async def keyring_name(self) -> str:
        """The keyring that keys are kept in. Raises KeyringRefused where there is none."""
        return await self._ask(self._keyring.name)

    def skip(self) -> None:
        """Let nobody wait for the keyring any longer, as if its time was over."""
        self._thread.skip()

    async def aclose(self) -> None:
        """Forget the keys in memory; the thread ends when the keyring lets it go."""
        self._thread.end()
        self._known.clear()

    async def _ask(self, work: Callable[[], T]) -> T:
        return await self._thread.result(self._thread.begin(work))

    async def _read(self, user: str, quiet: bool) -> bool:
        """Whether the keyring holds a key, which is then known."""
        changes, reading = self._changes, (user, quiet)
        self._trouble.pop(user, None)
        try:
            if reading not in self._reading:  # also one that was given up and is done by now
                work = self._thread.begin(lambda: self._keyring.read(user, quiet))
                self._reading[reading] = work
            job = self._reading[reading]
            try:
                value = await self._thread.result(job)
            finally:
                if job.done() and self._reading.get(reading) is job:
                    del self._reading[reading]
        except KeyringRefused as refused:
            if not refused.absent:
                self._trouble[user] = str(refused)
            return False
        if value is None or changes != self._changes:  # meanwhile a key was entered or forgotten
            return False
        hide(value)
        self._known[user] = (value, KeyPlace.KEYRING)
        return True

    def _changed(self, user: str) -> None:
        self._changes += 1
        self._absent.discard(user)
        for quiet in (True, False):
            self._reading.pop((user, quiet), None)


class _Keyring:
    """The keyring itself; each call may block for ever. Raises KeyringRefused, and nothing else."""

    def __init__(self, backend: KeyringBackend | None) -> None:
        self._given = backend
        self._chosen: tuple[KeyringBackend, str] | None = None

    def name(self) -> str:
        with _in_words():
            return self._opened()[1]

    def read(self, user: str, quiet: bool) -> str | None:
        """The value of an entry. `quiet` reads only what is unlocked."""
        with _in_words():
            backend, _ = self._opened()
            if _kind(backend) == _WITH_COLLECTIONS:
                locked = _secret_service_locked()
                if locked is None:  # reading would offer to make one
                    return None
                if locked and quiet:
                    raise KeyringRefused("the keyring is locked")
            return backend.get_password(SERVICE, user)

    def write(self, user: str, value: str) -> None:
        """Set an entry and read it back: not every keyring says that it kept nothing."""
        with _in_words():
            backend, _ = self._opened()
            backend.set_password(SERVICE, user, value)
            if backend.get_password(SERVICE, user) != value:
                raise KeyringRefused("the keyring did not keep it")

    def erase(self, user: str) -> None:
        """Remove an entry, should there be one."""
        if self.read(user, quiet=False) is None:
            return
        with _in_words():
            backend, _ = self._opened()
            backend.delete_password(SERVICE, user)
            if backend.get_password(SERVICE, user) is not None:
                raise KeyringRefused("the keyring still holds it")

    def _opened(self) -> tuple[KeyringBackend, str]:
        if self._chosen is None:
            self._chosen = (self._given, "given") if self._given is not None else _offered()
        return self._chosen


def _user(group: KeyGroup) -> str:
    return " ".join(group.origins)


def _offered() -> tuple[KeyringBackend, str]:
    """The keyring of the system and its name. Raises KeyringRefused where there is none."""
    try:
        import keyring

        offered = keyring.get_keyring()
        several = getattr(offered, "backends", ()) if _kind(offered) == _CHAINER else (offered,)
    except Exception as error:
        log.info("no keyring: %s", type(error).__name__)
        raise KeyringRefused("no keyring can be used", absent=True) from error
    for backend in several:
        if name := ALLOWED.get(_kind(backend)):
            return backend, name
    log.info("no keyring among: %s", ", ".join(map(_kind, several)))
    raise KeyringRefused("no keyring is running", absent=True)


def _kind(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _secret_service_locked() -> bool | None:
    """Whether somebody would be asked to unlock it; None when it has no collection yet."""
    import secretstorage

    with contextlib.closing(secretstorage.dbus_init()) as bus:
        try:
            return secretstorage.Collection(bus).is_locked()
        except secretstorage.ItemNotFoundException:
            return None


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Backends let errors of their libraries out, which are of no common kind."""
    try:
        yield
    except KeyringRefused:
        raise
    except Exception as error:
        kind = type(error).__name__
        log.info("the keyring failed: %s", kind)
        raise KeyringRefused(_IN_WORDS.get(kind, "the keyring failed")) from error
