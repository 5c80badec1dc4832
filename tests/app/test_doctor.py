"""What `doctor` finds, and that it leaves everything as it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.doctor import Finding, examine
from app.store.database import Store
from tests.app.store import samples
from tests.keyring_session import KeyringSession, needs_programs


def finding(home: Path, name: str) -> Finding:
    return next(found for found in asyncio.run(examine(home)) if found.name == name)


def make_library(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        await store.conversations.create("x", samples.question())
        await store.close()

    asyncio.run(scene())


def state(home: Path) -> dict[str, tuple[bytes, int]]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_library_that_is_not_there_yet_is_fine_and_not_made(home: Path) -> None:
    assert finding(home, "Library") == Finding("Library", True, "none yet")
    assert not home.exists()


def test_a_sound_library_is_ready_and_untouched(home: Path) -> None:
    make_library(home)
    before = state(home)
    assert finding(home, "Library") == Finding("Library", True, "ready")
    assert state(home) == before


def test_a_library_in_use_is_ready(home: Path) -> None:
    async def scene() -> Finding:
        store = await Store.open(home)
        try:
            await store.conversations.create("x", samples.question())
            return next(found for found in await examine(home) if found.name == "Library")
        finally:
            await store.close()

    assert asyncio.run(scene()).ok


def test_without_a_keyring_it_is_said_where_keys_stay(home: Path) -> None:
    detail = "none: no keyring is running, so keys are kept for the session only"
    assert finding(home, "Keyring") == Finding("Keyring", True, detail)


def test_the_keyring_is_named(tmp_path: Path) -> None:
    needs_programs()
    (tmp_path / "session").mkdir()
    session = KeyringSession(tmp_path / "session")
    code = (
        "import asyncio, pathlib, app.doctor as doctor;"
        "print(asyncio.run(doctor.examine(pathlib.Path('nowhere')))[-1].detail)"
    )
    try:
        assert session.run("unlocked", code) == ["Secret Service"]
    finally:
        session.end()


def _newer(path: Path) -> None:
    make_library(path.parent)
    connection = samples.raw(path.parent)
    connection.pragma("journal_mode", "delete")
    connection.pragma("user_version", 99)
    connection.close()


def _foreign(path: Path) -> None:
    make_library(path.parent)
    connection = samples.raw(path.parent)
    connection.pragma("journal_mode", "delete")
    connection.pragma("application_id", 1)
    connection.close()


def _damaged(path: Path) -> None:
    make_library(path.parent)
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


def _text(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database " * 400)


def _folder(path: Path) -> None:
    path.mkdir(parents=True)


def _vanished(path: Path) -> None:
    make_library(path.parent)
    (path.parent / "backups").mkdir()
    path.rename(path.parent / "backups" / "0001-version-1.db")


def _pipe_for_a_lock(path: Path) -> None:
    make_library(path.parent)
    path.with_name("fovea.lock").unlink()
    os.mkfifo(path.with_name("fovea.lock"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_newer, "newer Fovea"),
        (_foreign, "another program"),
        (_damaged, "damaged"),
        (_text, "not an SQLite database"),
        (_folder, "it is a folder"),
        (_vanished, "missing"),
        (_pipe_for_a_lock, "not a file"),
    ],
)
def test_a_library_that_cannot_be_opened_is_said_and_untouched(
    home: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(home / "fovea.db")
    before = state(home)
    found = finding(home, "Library")
    assert not found.ok
    assert words in found.detail
    assert state(home) == before


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = tmp_path / "disk" / "home"
    monkeypatch.setenv("FOVEA_HOME", str(lost))
    assert not finding(lost, "Data folder").ok


def test_a_file_for_a_data_folder_is_said(home: Path) -> None:
    home.write_text("")
    assert not finding(home, "Data folder").ok
