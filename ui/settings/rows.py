"""What the settings are told, and tell: plain values."""

from __future__ import annotations

from typing import NamedTuple

IN_KEYRING = "keyring"
IN_SESSION = "session"
IN_ENVIRONMENT = "environment"
NO_KEY = "none"
NEEDS_NO_KEY = "not needed"
NOT_READ = "not read"

LONGEST_NAME = 60
"""Of an endpoint, in characters."""

REMOVABLE = (IN_KEYRING, IN_SESSION)
"""Where Fovea itself has put the key."""


class EndpointRow(NamedTuple):
    """An endpoint as the list and the form show it.

    `own`: the user added it. `moved`: it is built in, and the user gave it another name or address.
    `fixed`: nothing of it can be changed, as of those on this computer. `key` is where its key is,
    one of the words above; `variable` names the environment variable a key may come from, and
    `trouble` is a clause on why the keyring could not be read.
    `keyless` is why no key can be kept for its address, empty where one can. `held` is why it has
    to stay in the picker, empty where it need not.
    """

    id: str
    name: str
    kind: str = ""
    base_url: str = ""
    host: str = ""
    note: str = ""
    key: str = NEEDS_NO_KEY
    variable: str = ""
    trouble: str = ""
    keyless: str = ""
    shown: bool = False
    held: str = ""
    own: bool = False
    moved: bool = False
    fixed: bool = False


class KindRow(NamedTuple):
    """A kind of server that can be added. `called` is a name to begin with, `base_url` an address."""

    id: str
    name: str
    called: str
    base_url: str
    note: str = ""


class AddressVerdict(NamedTuple):
    """What is to be said of an address while it is typed.

    `problem` is a sentence on why it cannot be used, empty where it can; `note` what using it
    means; `base_url` how it will be kept.
    """

    problem: str
    note: str
    base_url: str


class StorageRow(NamedTuple):
    """The pictures that are kept as they were sent.

    `used` says how much that is, and `over` what happens beyond the limit; `limits` are the bytes to
    choose from with their words, among them `limit`, the one in force. `clearable`: there are some.
    """

    used: str
    limit: int
    limits: tuple[tuple[int, str], ...]
    over: str = ""
    clearable: bool = False
