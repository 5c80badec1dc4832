"""The settings on the window's real services: real files, real credentials, a real server to test."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from app import settings
from app.domain.model import EndpointConfig, KeyGroup
from app.settings import Settings
from tests.memory_keyring import MemoryKeyring, system_keyring
from tests.servers.fault_server import Answer, FaultServer, Hang
from tests.ui.desk import Desk, open_desk
from ui.settings.dialog import SettingsDialog
from ui.settings.endpoints_page import EndpointsPage

RunAsync = Callable[[Any], Any]
KEY = "sk-canary-0123456789abcdef"
NUGEN = "https://api.nugen.in"
JSON = {"Content-Type": "application/json"}
MODELS = Answer(
    steps=[json.dumps({"object": "list", "data": [{"id": "eye-7b", "object": "model"}]}).encode()],
    headers=JSON,
)
REFUSED = Answer(
    steps=[json.dumps({"error": {"message": f"Incorrect API key: {KEY}"}}).encode()],
    status=401,
    headers=JSON,
)


@pytest.fixture(autouse=True)
def no_keys_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("NUGEN_API_KEY", "NVIDIA_API_KEY", "FOVEA_API_KEY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    with system_keyring(backend):
        yield backend
        backend.open.set()


@pytest.fixture
def no_keyring() -> Iterator[None]:
    with system_keyring(NoKeyring()):
        yield


@asynccontextmanager
async def opened(home: Path, endpoint: str = "") -> AsyncGenerator[tuple[Desk, EndpointsPage], None]:
    """The settings of an open window, perhaps at one endpoint, after the keyring was asked."""
    async with open_desk(home) as desk:
        assert desk.controller._settings.controller is None
        desk.window.actions_table["settings"].trigger()
        await desk.until(lambda: desk.controller._settings.controller)
        page = dialog(desk).endpoints
        await desk.until(lambda: not desk.controller._tasks.runs("look for keys"))
        await desk.until(lambda: page.list.complete)
        if endpoint:
            page.open(endpoint)
        yield desk, page
        if shown := desk.controller._settings.controller._dialog:  # type: ignore[union-attr]
            shown.close()
        await asyncio.sleep(0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def dialog(desk: Desk) -> SettingsDialog:
    controller = desk.controller._settings.controller
    assert controller is not None and controller._dialog is not None
    return controller._dialog


def key_words(page: EndpointsPage, endpoint: str) -> str:
    return page.list.items[endpoint].key.text()


def own(url: str, **fields: Any) -> EndpointConfig:
    origin = "/".join(url.split("/")[:3])
    key = KeyGroup(origins=(origin,), variable="", needed=False)
    return EndpointConfig(
        **{"id": "mine", "name": "Mine", "kind": "custom", "base_url": url, "key": key} | fields
    )


def save_key(page: EndpointsPage, key: str) -> None:
    page.form.key.edit.setText(key)
    page.form.key.save_button.click()


def on_disk(home: Path, secret: str) -> list[Path]:
    files = (path for path in home.rglob("*") if path.is_file())
    return [path for path in files if secret.encode() in path.read_bytes()]


# ------------------------------------------------------------ keys


def test_every_endpoint_says_where_its_key_is(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.set_key(KEY, NUGEN)
    monkeypatch.setenv("NVIDIA_API_KEY", KEY)
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9000/v1"),)))

    async def scenario() -> None:
        async with opened(home) as (_, page):
            assert key_words(page, "nugen") == "Key in the keyring"
            assert key_words(page, "nvidia") == "Key from NVIDIA_API_KEY"
            assert key_words(page, "openai") == "No key yet"
            assert key_words(page, "ollama") == "Needs no key"
            assert key_words(page, "quick-look") == "Needs no key"
            assert page.list.items["nugen"].host.text() == "api.nugen.in"
            assert page.list.items["mine"].host.text() == "127.0.0.1:9000"
            assert page.list.items["mine"].row.own

    run_async(scenario())


def test_a_key_goes_into_the_keyring_and_leaves_the_field(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            save_key(page, f" {KEY}\n")
            assert page.form.key.edit.text() == ""
            await desk.until(lambda: page.form.key.line.text() == "Kept in your keyring.")
            assert memory.key_for(NUGEN) == KEY
            assert page.form.key.place.text() == "Key in the keyring"
            assert key_words(page, "nugen-legacy") == "Key in the keyring"

    run_async(scenario())
    assert on_disk(home, KEY) == []


def test_f1_without_a_keyring_the_key_is_kept_for_the_session_and_that_is_said(
    run_async: RunAsync, home: Path, no_keyring: None
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            save_key(page, KEY)
            await desk.until(lambda: "until Fovea closes" in page.form.key.line.text())
            assert "keyring" in page.form.key.line.text()
            assert page.form.key.line.label.property("tone") == "warning"
            assert page.form.key.place.text() == "Key for this session only"

    run_async(scenario())
    assert on_disk(home, KEY) == []


def test_f1_a_keyring_that_waits_can_be_skipped(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            memory.open.clear()
            save_key(page, KEY)
            assert page.form.key.skip_button.isHidden()
            await desk.until(lambda: not page.form.key.skip_button.isHidden())
            assert page.form.key.line.text() == "Waiting for your keyring…"
            page.form.key.skip_button.click()
            await desk.until(lambda: "until Fovea closes" in page.form.key.line.text())
            assert page.form.key.skip_button.isHidden()
            assert page.form.key.place.text() == "Key for this session only"
            memory.open.set()

    run_async(scenario())


def test_what_cannot_be_a_key_is_refused_in_words(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            save_key(page, "not a key")
            await desk.until(page.form.key.line.text)
            assert page.form.key.line.text().startswith("The key cannot be used: ")
            assert page.form.key.line.label.property("tone") == "danger"
            assert memory.entries == {}

    run_async(scenario())


def test_a_removed_key_is_gone_and_can_be_brought_back(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    memory.set_key(KEY, NUGEN)

    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            page.form.key.remove_button.click()
            undo = dialog(desk).undo
            await desk.until(lambda: not undo.isHidden())
            assert undo.label.text() == "The key for Nugen was removed."
            assert memory.entries == {}
            assert page.form.key.place.text() == "No key yet"
            undo.undo_button.click()
            await desk.until(lambda: memory.key_for(NUGEN) == KEY)
            await desk.until(lambda: page.form.key.place.text() == "Key in the keyring")

    run_async(scenario())


def test_a_key_that_is_typed_and_not_saved_is_dropped_with_the_form(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (_, page):
            page.form.key.edit.setText(KEY)
            page.form.back_button.click()
            assert page.form.key.edit.text() == ""
            page.open("nvidia")
            assert page.form.key.edit.text() == ""
            assert memory.entries == {}

    run_async(scenario())


# ------------------------------------------------------------ tests of the connection


def test_a_server_that_answers_is_said_in_green(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with FaultServer([MODELS]) as server:
            url = f"{server.url}/v1"
            settings.save(home, Settings(endpoints=(own(url),)))
            async with opened(home, "mine") as (desk, page):
                save_key(page, KEY)
                page.form.test.start_button.click()
                assert page.form.test.asking
                await desk.until(lambda: not page.form.test.asking)
                assert page.form.test.line.label.property("tone") == "positive"
                assert "answers" in page.form.test.line.text()
                assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"

    run_async(scenario())


def test_a_key_that_is_typed_is_saved_before_the_test(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with FaultServer([MODELS]) as server:
            settings.save(home, Settings(endpoints=(own(f"{server.url}/v1"),)))
            async with opened(home, "mine") as (desk, page):
                page.form.key.edit.setText(KEY)
                page.form.test.start_button.click()
                await desk.until(lambda: page.form.test.line.label.property("tone") == "positive")
                assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
                assert memory.key_for(server.url) == KEY

    run_async(scenario())


def test_b27_a_wrong_key_is_explained_and_masked(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with FaultServer([REFUSED]) as server:
            memory.set_key(KEY, server.url)
            key = KeyGroup(origins=(server.url,), variable="", needed=True)
            settings.save(home, Settings(endpoints=(own(f"{server.url}/v1", key=key),)))
            async with opened(home, "mine") as (desk, page):
                page.form.test.start_button.click()
                await desk.until(lambda: not page.form.test.asking)
                said = page.form.test.line.text()
                assert "did not accept the key" in said and "Enter the key again" in said
                assert KEY not in said
                assert page.form.test.line.label.property("tone") == "danger"

    run_async(scenario())


def test_a_server_that_is_not_there_is_explained(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9/v1"),)))

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            page.form.test.start_button.click()
            await desk.until(lambda: not page.form.test.asking)
            assert "cannot be reached" in page.form.test.line.text()

    run_async(scenario())


def test_offline_the_test_says_so_and_nothing_is_sent(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    memory.set_key(KEY, NUGEN)

    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            desk.services.gate.offline = True
            page.form.test.start_button.click()
            await desk.until(lambda: not page.form.test.asking)
            assert page.form.test.line.text().startswith("Fovea is offline")

    run_async(scenario())


@pytest.mark.parametrize("way_out", ["cancel", "back", "close"])
def test_a_test_that_takes_long_can_be_left(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, way_out: str
) -> None:
    async def scenario() -> None:
        async with FaultServer([Answer(steps=[Hang()], headers=JSON)]) as server:
            settings.save(home, Settings(endpoints=(own(f"{server.url}/v1"),)))
            async with opened(home, "mine") as (desk, page):
                page.form.test.start_button.click()
                await asyncio.wait_for(server.wait_for_requests(1), 10)
                {
                    "cancel": page.form.test.cancel_button.click,
                    "back": page.form.back_button.click,
                    "close": dialog(desk).close,
                }[way_out]()
                await asyncio.wait_for(server.wait_until_idle(), 10)
                assert not desk.controller._tasks.runs("test endpoint")

    run_async(scenario())


def test_a_test_that_waits_for_the_keyring_says_so(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            memory.open.clear()
            page.form.test.start_button.click()
            await desk.until(lambda: page.form.test.line.text() == "Waiting for your keyring…")
            page.form.test.cancel_button.click()
            assert not page.form.test.asking
            memory.open.set()

    run_async(scenario())


# ------------------------------------------------------------ endpoints


def test_an_endpoint_is_added_tested_and_kept(run_async: RunAsync, home: Path, memory: MemoryKeyring) -> None:
    async def scenario() -> None:
        async with FaultServer([MODELS]) as server, opened(home) as (desk, page):
            assert not page.list.none_yet.isHidden()
            page.list.add_button.click()
            page.new.address.edit.setFocus()
            QTest.keyClicks(page.new.address.edit, f"{server.url}/v1/chat/completions/")
            page.new.add_button.click()
            await desk.until(lambda: page.open_id == "my-server")
            assert page.form.address.edit.text() == f"{server.url}/v1"
            await desk.saved()
            (config,) = settings.load(home).endpoints
            assert (config.name, config.kind, config.key.origins) == ("My server", "custom", (server.url,))
            assert "my-server" in settings.load(home).shown
            page.form.test.start_button.click()
            await desk.until(lambda: page.form.test.line.label.property("tone") == "positive")
            page.form.back_button.click()
            assert page.list.none_yet.isHidden()

    run_async(scenario())


def test_a_second_server_of_a_kind_gets_a_name_of_its_own(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home) as (desk, page):
            page.list.add_button.click()
            combo = page.new.kind_combo
            combo.setCurrentIndex(combo.findData("ollama"))
            combo.activated.emit(combo.currentIndex())
            assert page.new.name_edit.text() == "Ollama 2"
            assert page.new.address.edit.text() == "http://127.0.0.1:11434/v1"
            page.new.add_button.click()
            await desk.until(lambda: page.open_id == "ollama-2")
            assert page.form.kind_combo.currentData() == "ollama"

    run_async(scenario())


def test_f5_another_address_has_no_key_and_gets_none(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with FaultServer([MODELS]) as trusted, FaultServer([MODELS]) as other:
            memory.set_key(KEY, trusted.url)
            key = KeyGroup(origins=(trusted.url,), variable="", needed=True)
            settings.save(home, Settings(endpoints=(own(f"{trusted.url}/v1", key=key),)))
            async with opened(home, "mine") as (desk, page):
                assert page.form.key.place.text() == "Key in the keyring"
                page.form.address.edit.selectAll()
                QTest.keyClicks(page.form.address.edit, f"{other.url}/v1")
                assert "the key will be asked for again" in page.form.address.line.text()
                page.form.test.start_button.click()
                await desk.until(lambda: page.form.test.line.text() and not page.form.test.asking)
                assert page.form.row.host == f"127.0.0.1:{other.port}"
                assert page.form.key.place.text() == "Needs no key"
                assert "does not get the key" in page.form.key.line.text()
                assert {"authorization" in request.headers for request in other.requests} == {False}
                assert memory.key_for(trusted.url) == KEY

    run_async(scenario())


def test_an_environment_key_stays_with_the_address_it_was_meant_for(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUGEN_API_KEY", KEY)

    async def scenario() -> None:
        async with opened(home, "nugen") as (desk, page):
            page.form.address.edit.selectAll()
            QTest.keyClicks(page.form.address.edit, "https://example.com")
            QTest.keyClick(page.form.address.edit, Qt.Key.Key_Return)
            await desk.until(lambda: page.form.row.host == "example.com")
            assert page.form.key.place.text() == "No key yet"
            assert not page.form.reset_button.isHidden()
            page.form.reset_button.click()
            await desk.until(lambda: page.form.row.host == "api.nugen.in")
            assert page.form.key.place.text() == "Key from NUGEN_API_KEY"
            assert page.form.reset_button.isHidden()
            await desk.saved()
            assert settings.load(home).endpoints == ()

    run_async(scenario())


@pytest.mark.parametrize(
    ("endpoint", "address", "words"),
    [
        ("openai", "http://api.openai.com/v1", "over https only"),
        ("openai", "api.openai.com/v1", "Begin with https:// or http://"),
        ("openai", "https://user:word@api.openai.com/v1", "user name"),
        ("openai", "https://api.openai.com/v1?key=abc", "Leave out"),
        ("openai", "https://", "not a web address"),
        ("openai", "", "Type the address"),
    ],
)
def test_an_address_that_cannot_be_used_never_holds(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, endpoint: str, address: str, words: str
) -> None:
    async def scenario() -> None:
        async with opened(home, endpoint) as (_, page):
            before = page.form.row.base_url
            page.form.address.edit.selectAll()
            QTest.keyClick(page.form.address.edit, Qt.Key.Key_Delete)
            QTest.keyClicks(page.form.address.edit, address)
            assert words in page.form.address.line.text()
            assert page.form.address.line.label.property("tone") == "danger"
            QTest.keyClick(page.form.address.edit, Qt.Key.Key_Return)
            page.form.test.start_button.click()
            assert words in page.form.test.line.text()
            page.form.back_button.click()
            assert page.list.items[endpoint].row.base_url == before

    run_async(scenario())


def test_a_server_in_the_house_needs_no_https_while_it_needs_no_key(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9000/v1"),)))

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            page.form.address.edit.selectAll()
            QTest.keyClicks(page.form.address.edit, "http://192.168.1.20:8000/v1")
            assert page.form.address.line.text() == "Pictures and text go there unencrypted."
            QTest.keyClick(page.form.address.edit, Qt.Key.Key_Return)
            await desk.until(lambda: page.form.row.host == "192.168.1.20:8000")
            assert not page.form.key.edit.isEnabled()
            assert "https only" in page.form.key.place.text()

    run_async(scenario())


def test_a_removed_endpoint_comes_back_as_it_was(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    mine, other = own("http://127.0.0.1:9000/v1"), own("http://127.0.0.1:9001/v1", id="b", name="B")
    before = Settings(endpoint="mine", endpoints=(mine, other), shown=("quick-look", "mine"))
    memory.set_key(KEY, "http://127.0.0.1:9000")
    settings.save(home, before)

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            await desk.until(lambda: not desk.controller._tasks.runs("look for keys"))
            page.form.remove_button.click()
            await desk.until(lambda: not dialog(desk).undo.isHidden())
            assert dialog(desk).undo.label.text() == "“Mine” was removed, and its key with it."
            assert page.open_id == "" and "mine" not in page.list.items
            await desk.saved()
            assert settings.load(home).endpoint == "quick-look"
            dialog(desk).undo.undo_button.click()
            await desk.until(lambda: "mine" in page.list.items)
            await desk.saved()
            assert settings.load(home) == before
            assert memory.key_for("http://127.0.0.1:9000") == KEY

    run_async(scenario())


def test_the_key_of_a_removed_endpoint_goes_when_undo_is_over(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9000/v1"),)))
    memory.set_key(KEY, "http://127.0.0.1:9000")
    memory.set_key(KEY, NUGEN)

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            page.form.remove_button.click()
            await desk.until(lambda: not dialog(desk).undo.isHidden())
            assert memory.key_for("http://127.0.0.1:9000") == KEY
            dialog(desk).close()
            await desk.until(lambda: memory.key_for("http://127.0.0.1:9000") is None)
            assert memory.key_for(NUGEN) == KEY

    run_async(scenario())


def test_the_key_of_a_removed_endpoint_goes_with_fovea_too(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9000/v1"),)))
    memory.set_key(KEY, "http://127.0.0.1:9000")

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            page.form.remove_button.click()
            await desk.until(lambda: not dialog(desk).undo.isHidden())
            await desk.controller._settings.close()
            assert memory.key_for("http://127.0.0.1:9000") is None

    run_async(scenario())


def test_a_keyring_that_waits_holds_fovea_up_for_a_moment_only(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.controllers.settings.settings.CLOSING_S", 0.05)
    settings.save(home, Settings(endpoints=(own("http://127.0.0.1:9000/v1"),)))
    memory.set_key(KEY, "http://127.0.0.1:9000")

    async def scenario() -> None:
        async with opened(home, "mine") as (desk, page):
            page.form.remove_button.click()
            await desk.until(lambda: not dialog(desk).undo.isHidden())
            memory.open.clear()
            await asyncio.wait_for(desk.controller._settings.close(), 5)
            memory.open.set()

    run_async(scenario())


@pytest.mark.parametrize("change", ["remove", "rename"])
def test_an_endpoint_that_changes_is_tested_no_longer(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, change: str
) -> None:
    async def scenario() -> None:
        async with FaultServer([Answer(steps=[Hang()], headers=JSON)]) as server:
            settings.save(home, Settings(endpoints=(own(f"{server.url}/v1"),)))
            async with opened(home, "mine") as (_, page):
                page.form.test.start_button.click()
                await asyncio.wait_for(server.wait_for_requests(1), 10)
                if change == "remove":
                    page.form.remove_button.click()
                else:
                    page.form.name_edit.setText("Other")
                    page.form.commit()
                assert not page.form.test.asking
                await asyncio.wait_for(server.wait_until_idle(), 10)

    run_async(scenario())


def test_a_switch_puts_an_endpoint_into_the_picker_and_the_one_in_use_stays(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with opened(home) as (desk, page):
            page.list.items["ollama"].switch.click()
            page.list.items["nvidia"].switch.click()
            await desk.saved()
            assert settings.load(home).shown == ("quick-look", "local", "nugen", "ollama")
            held = page.list.items["quick-look"].switch
            assert not held.isEnabled() and "It answers now" in held.toolTip()

    run_async(scenario())


# ------------------------------------------------------------ the rest


def test_the_theme_is_the_windows(run_async: RunAsync, home: Path, memory: MemoryKeyring) -> None:
    async def scenario() -> None:
        async with opened(home) as (desk, _):
            shown = dialog(desk)
            shown.pages.setCurrentRow(1)
            shown.appearance.options["dark"].click()
            assert desk.window.actions_table["theme-dark"].isChecked()
            await desk.saved()
            assert settings.load(home).theme == "dark"
            desk.window.actions_table["theme-light"].trigger()
            assert shown.appearance.options["light"].isChecked()
            shown.appearance.options["system"].click()

    run_async(scenario())


def test_a_disk_that_takes_nothing_is_said_in_the_settings(
    run_async: RunAsync, home: Path, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with opened(home) as (desk, page):
            (home / "settings.json").unlink(missing_ok=True)
            (home / "settings.json").mkdir()
            page.list.items["ollama"].switch.click()
            await desk.saved()
            assert dialog(desk).notice.text().startswith("Not saved: ")
            assert desk.window.notice.text().startswith("Not saved: ")
            assert page.list.items["ollama"].switch.isChecked()
            (home / "settings.json").rmdir()

    run_async(scenario())


def test_the_shortcut_opens_the_settings(run_async: RunAsync, home: Path, memory: MemoryKeyring) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            frame = desk.window.window()
            frame.activateWindow()
            await desk.until(frame.isActiveWindow)
            QTest.keyClick(frame, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
            await desk.until(lambda: desk.controller._settings.controller)
            assert dialog(desk).isVisible()
            dialog(desk).close()

    run_async(scenario())


def test_the_settings_open_once(run_async: RunAsync, home: Path, memory: MemoryKeyring) -> None:
    async def scenario() -> None:
        async with opened(home) as (desk, page):
            first = dialog(desk)
            desk.controller._settings.open("nugen")
            assert dialog(desk) is first and page.open_id == "nugen"
            assert first.windowModality() == Qt.WindowModality.WindowModal
            first.close()
            assert first.isHidden()
            desk.window.actions_table["settings"].trigger()
            assert dialog(desk) is first and not first.isHidden()
            assert page.open_id == "" and page.list.isVisible()

    run_async(scenario())


def test_the_first_opening_lets_the_window_work_between_its_steps(
    run_async: RunAsync, home: Path, memory: MemoryKeyring
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.controller._settings.open()
            assert desk.controller._settings.controller is None
            desk.controller._settings.open("nugen")
            await desk.until(lambda: desk.controller._settings.controller)
            assert dialog(desk).endpoints.open_id == "nugen"
            await desk.until(lambda: "new" in dialog(desk).endpoints.__dict__)
            assert dialog(desk).endpoints.open_id == "nugen"
            dialog(desk).close()

    run_async(scenario())


def test_the_window_starts_without_the_settings() -> None:
    code = "import sys, ui.controllers.window; print(*[m for m in sys.modules if 'settings' in m])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    room = "ui.controllers.settings"
    assert ran.stdout.split() == ["app.settings", room, f"{room}.settings_door"]
