from __future__ import annotations

import asyncio
from collections.abc import Iterator

import keyring
import pytest
from keyring.errors import InitError, KeyringLocked

from app.credentials import SERVICE, Credentials, Kept, KeyPlace
from app.domain.errors import InputRefused
from app.domain.model import KeyGroup
from tests.memory_keyring import MemoryKeyring

NUGEN = KeyGroup(origins=("https://a.example", "https://b.example:8443"), variable="A_KEY")
OTHER = KeyGroup(origins=("https://a.example",), variable="A_KEY")
OPTIONAL = KeyGroup(origins=("http://127.0.0.1:8080",), variable="A_KEY", needed=False)
KEY = "key-0123456789abcdef"


class Forgetful(MemoryKeyring):
    """Says that it kept what it did not, as keyring's null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.called("set")


def entry(group: KeyGroup) -> tuple[str, str]:
    return SERVICE, " ".join(group.origins)


def test_a_key_is_one_entry_for_all_hosts_that_share_it() -> None:
    backend = MemoryKeyring()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        assert await keys.find(NUGEN) is None
        assert keys.place(NUGEN) is KeyPlace.NOWHERE
        kept = await keys.keep(NUGEN, f" {KEY}\n")
        assert kept == Kept(KeyPlace.KEYRING)
        assert kept.sentence == "The key is in the keyring of this computer."
        assert backend.entries == {("Fovea", "https://a.example https://b.example:8443"): KEY}
        assert await keys.find(NUGEN) == KEY
        assert keys.place(NUGEN) is KeyPlace.KEYRING
        await keys.aclose()
        later = Credentials(backend, environment={})
        assert await later.find(NUGEN) == KEY
        assert later.place(NUGEN) is KeyPlace.KEYRING
        await later.aclose()

    asyncio.run(scene())


def test_t19_another_set_of_hosts_has_another_key() -> None:
    async def scene() -> None:
        keys = Credentials(MemoryKeyring(), environment={})
        await keys.keep(NUGEN, KEY)
        assert await keys.find(OTHER) is None
        assert keys.place(OTHER) is KeyPlace.NOWHERE
        await keys.aclose()

    asyncio.run(scene())


def test_a_key_is_read_from_the_keyring_once() -> None:
    backend = MemoryKeyring()
    backend.entries[entry(NUGEN)] = KEY

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        assert await asyncio.gather(*(keys.find(NUGEN) for _ in range(5))) == [KEY] * 5
        assert await keys.find(NUGEN) == KEY
        await keys.aclose()

    asyncio.run(scene())
    assert backend.calls == ["get"]


def test_an_endpoint_that_needs_no_key_does_not_ask_the_keyring_every_time() -> None:
    backend = MemoryKeyring()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        assert [await keys.find(OPTIONAL) for _ in range(3)] == [None] * 3
        assert backend.calls == ["get"]
        assert [await keys.find(NUGEN) for _ in range(2)] == [None] * 2  # perhaps added elsewhere by now
        assert backend.calls == ["get"] * 3
        await keys.keep(OPTIONAL, KEY)
        assert await keys.find(OPTIONAL) == KEY
        await keys.aclose()

    asyncio.run(scene())


def test_the_environment_comes_after_the_keyring_and_is_never_stored() -> None:
    backend = MemoryKeyring()

    async def scene() -> None:
        keys = Credentials(backend, environment={"A_KEY": " from-the-shell\n", "EMPTY": ""})
        assert await keys.find(NUGEN) == "from-the-shell"
        assert keys.place(NUGEN) is KeyPlace.ENVIRONMENT
        assert keys.from_environment("") is keys.from_environment("EMPTY") is None
        backend.entries[entry(NUGEN)] = KEY
        assert await keys.find(NUGEN) == KEY
        await keys.aclose()

    asyncio.run(scene())
    assert list(backend.entries.values()) == [KEY]


def test_a_group_without_a_variable_gets_nothing_from_the_environment() -> None:
    async def scene() -> None:
        keys = Credentials(MemoryKeyring(), environment={"": KEY, "A_KEY": KEY})
        assert await keys.find(NUGEN.replace(variable="")) is None
        await keys.aclose()

    asyncio.run(scene())


@pytest.mark.parametrize("text", ["", "  ", "two words", "schlüssel", "a\nb", "tab\there"])
def test_what_no_header_can_hold_is_refused_before_it_is_kept(text: str) -> None:
    backend = MemoryKeyring()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        with pytest.raises(InputRefused):
            await keys.keep(NUGEN, text)
        assert await keys.find(NUGEN) is None
        await keys.aclose()

    asyncio.run(scene())
    assert backend.entries == {}


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (KeyringLocked("no"), "the keyring is locked"),
        (InitError("Prompt dismissed"), "the keyring was not opened"),
        (OSError("no such bus"), "the keyring failed"),
        (Exception("a D-Bus error of no known kind"), "the keyring failed"),
    ],
)
def test_f1_a_keyring_that_fails_leaves_the_key_in_memory(error: Exception, why: str) -> None:
    backend = MemoryKeyring()
    backend.raises = dict.fromkeys(("get", "set", "delete"), error)

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        assert await keys.find(NUGEN) is None
        assert keys.trouble(NUGEN) == why
        kept = await keys.keep(NUGEN, KEY)
        assert kept == Kept(KeyPlace.SESSION, why)
        assert kept.sentence == f"The key is kept until Fovea ends and not longer: {why}."
        assert await keys.find(NUGEN) == KEY
        assert keys.place(NUGEN) is KeyPlace.SESSION
        assert await keys.forget(NUGEN) == why
        assert keys.place(NUGEN) is KeyPlace.NOWHERE
        backend.raises.clear()
        assert await keys.find(NUGEN) is None
        assert keys.trouble(NUGEN) == ""
        await keys.aclose()

    asyncio.run(scene())


def test_a_keyring_that_only_says_that_it_kept_the_key_is_found_out() -> None:
    async def scene() -> None:
        keys = Credentials(Forgetful(), environment={})
        assert await keys.keep(NUGEN, KEY) == Kept(KeyPlace.SESSION, "the keyring did not keep it")
        assert await keys.find(NUGEN) == KEY
        await keys.aclose()

    asyncio.run(scene())


def test_a_key_entered_now_counts_before_an_older_one_that_could_not_be_replaced() -> None:
    backend = MemoryKeyring()
    backend.entries[entry(NUGEN)] = "old-key"
    backend.raises["set"] = KeyringLocked("no")

    async def scene() -> None:
        keys = Credentials(backend, environment={"A_KEY": "from-the-shell"})
        await keys.keep(NUGEN, KEY)
        assert await keys.find(NUGEN) == KEY
        await keys.aclose()

    asyncio.run(scene())


def test_a_forgotten_key_is_gone_everywhere() -> None:
    backend = MemoryKeyring()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        await keys.keep(NUGEN, KEY)
        assert await keys.forget(NUGEN) == ""
        assert await keys.find(NUGEN) is None
        assert await keys.forget(NUGEN) == ""
        await keys.aclose()

    asyncio.run(scene())
    assert backend.entries == {}


def test_f1_a_hanging_keyring_is_waited_for_once_and_heard_when_it_answers() -> None:
    backend = MemoryKeyring()
    backend.entries[entry(NUGEN)] = "old-key"
    backend.open.clear()

    async def scene() -> None:
        keys = Credentials(backend, patience_s=0.05, environment={})
        assert await asyncio.gather(keys.find(NUGEN), keys.find(NUGEN)) == [None, None]
        assert keys.trouble(NUGEN) == "the keyring did not answer"
        kept = await keys.keep(OTHER, KEY)
        assert kept == Kept(KeyPlace.SESSION, "the keyring did not answer")
        assert await keys.find(OTHER) == KEY
        assert backend.calls == ["get"]
        backend.open.set()
        async with asyncio.timeout(30):
            while await keys.find(NUGEN) != "old-key":
                await asyncio.sleep(0.005)
        assert keys.trouble(NUGEN) == ""
        await keys.aclose()

    asyncio.run(scene())
    assert backend.calls == ["get"]


def test_what_was_read_before_a_change_does_not_undo_it() -> None:
    backend = MemoryKeyring()
    backend.entries[entry(NUGEN)] = "old-key"
    backend.open.clear()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(keys.find(NUGEN))
            await asyncio.sleep(0)
            forgetting = group.create_task(keys.forget(NUGEN))
            await asyncio.sleep(0)
            backend.open.set()
        assert reading.result() is None
        assert forgetting.result() == ""
        assert await keys.find(NUGEN) is None
        await keys.aclose()

    asyncio.run(scene())


def test_the_end_waits_for_no_keyring() -> None:
    backend = MemoryKeyring()
    backend.open.clear()

    async def scene() -> None:
        keys = Credentials(backend, environment={})
        async with asyncio.TaskGroup() as group:
            finding = group.create_task(keys.find(NUGEN))
            while not backend.calls:
                await asyncio.sleep(0.001)
            await keys.aclose()
        assert finding.result() is None

    asyncio.run(scene())
    backend.open.set()


# ---------------------------------------------------------------- which keyring is used at all


@pytest.fixture
def offered() -> Iterator[MemoryKeyring]:
    """Stands for a keyring that a package of somebody's brought along."""
    before = keyring.core._keyring_backend
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.core._keyring_backend = before


def test_t22_a_keyring_that_is_not_known_to_encrypt_is_not_used(offered: MemoryKeyring) -> None:
    async def scene() -> None:
        keys = Credentials(environment={})
        assert await keys.keep(NUGEN, KEY) == Kept(KeyPlace.SESSION, "no keyring is running")
        assert await keys.find(NUGEN) == KEY
        assert await keys.forget(NUGEN) == ""
        assert await keys.find(NUGEN) is None
        assert keys.trouble(NUGEN) == ""
        await keys.aclose()

    asyncio.run(scene())
    assert offered.entries == {}
    assert offered.calls == []
