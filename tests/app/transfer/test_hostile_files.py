"""Files that want more than to be imported."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import ImportRefused
from app.pictures.caps import Refused
from app.transfer import caps
from app.transfer.importing import Importer
from app.transfer.reader_main import read_export
from app.transfer.refusal import Unreadable
from app.transfer.staging import CONTENTS, Overview
from tests.app.transfer.conversations import DAY, PHOTO, library, message, one_id, photo
from tests.app.transfer.foreign_exports import chatgpt_sample, write_chatgpt, zipped

FIRST = message(1, None, "Hello?").to_plain() | {"created": DAY.isoformat()}


def fovea(**changes: Any) -> dict[str, Any]:
    """A document of ours with one conversation, changed; None takes a field away."""
    plain: dict[str, Any] = {
        "format": "fovea",
        "version": 1,
        "program": "Fovea 0",
        "exported": DAY.isoformat(),
        "folders": [],
        "conversations": [conversation()],
        "pictures": [],
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


def conversation(**changes: Any) -> dict[str, Any]:
    plain = {"id": one_id(9), "title": "t", "created": DAY.isoformat(), "changed": DAY.isoformat()}
    return plain | {"messages": [FIRST]} | changes


def read(tmp_path: Path, data: bytes | str | dict[str, Any]) -> Overview:
    """Read a file as the child does."""
    file = tmp_path / "x"
    if isinstance(data, dict):
        data = json.dumps(data)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    staging = tmp_path / "staging"
    staging.mkdir(exist_ok=True)
    return read_export(str(file), staging, lambda _: None)


def archive(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """An archive that holds our document and these entries, however strange."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("fovea.json", json.dumps(fovea()))
        for entry, data in entries:
            file.writestr(entry, data)
    return made.getvalue()


def renamed(data: bytes, name: bytes, to: bytes) -> bytes:
    """An archive with a name that `zipfile` would not write."""
    assert len(name) == len(to)
    assert name in data
    return data.replace(name, to)


def linked() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("pictures/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def device() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("pictures/null")
    entry.external_attr = (stat.S_IFCHR | 0o666) << 16
    return entry


def encrypted() -> bytes:
    data = bytearray(archive())
    data[6] |= 1
    at = data.rfind(b"PK\1\2")
    data[at + 8] |= 1
    return bytes(data)


def many_entries() -> bytes:
    """An archive that says it has a million entries."""
    data = bytearray(archive())
    at = data.rfind(b"PK\5\6")
    struct.pack_into("<L", data, at + 12, 46 * 1_000_000)
    return bytes(data)


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("fovea.json", b" " * (32 * 1024**2))
    return made.getvalue()


def lying_bomb() -> bytes:
    """The entry says that it unpacks to little."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<L", data, at + 24, 100)
    struct.pack_into("<L", data, 22, 100)
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "climbs out": lambda: archive(("../../etc/cron.d/x", b"x")),
    "climbs out within": lambda: archive(("pictures/../../x", b"x")),
    "no name": lambda: renamed(archive(("a-b-c", b"x")), b"a-b-c", b"\0-b-c"),
    "absolute": lambda: archive(("/etc/passwd", b"x")),
    "a drive": lambda: archive(("C:/x", b"x")),
    "backslashes": lambda: renamed(archive(("a-b-c", b"x")), b"a-b-c", b"..\\.c"),
    "a NUL": lambda: renamed(archive(("a-b-c", b"x")), b"a-b-c", b"a\0.js"),
    "a link": lambda: archive((linked(), b"/etc/passwd")),
    "a device": lambda: archive((device(), b"")),
    "two of one name": lambda: renamed(archive(("aaaa", b"1"), ("AAAB", b"2")), b"AAAB", b"AAAA"),
    "encrypted": encrypted,
    "a million entries": many_entries,
    "a bomb": bomb,
    "a bomb that lies": lying_bomb,
    "half an archive": lambda: archive()[: len(archive()) // 2],
    "without its end": lambda: archive()[:-30],
    "a changed byte": lambda: bytes(b ^ (n == 60) for n, b in enumerate(archive())),
    "an empty archive": lambda: b"PK\5\6" + bytes(18),
    "empty": lambda: b"",
    "a picture": PHOTO.read_bytes,
    "half a document": lambda: json.dumps(fovea()).encode()[:-40],
    "1,000 deep": lambda: b'{"format": "fovea", "x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a list 1,000,000 deep": lambda: b"[" * 1_000_000,
    "no number": lambda: b'{"format": "fovea", "version": NaN}',
    "another list": lambda: b'[{"name": "someone"}, 3, null]',
    "a word": lambda: b'"fovea"',
    "not UTF-8": lambda: b'{"format": "fov\xff\xfe"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_f3_a_hostile_file_is_refused_and_nothing_of_it_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises((Unreadable, Refused)):
        read(tmp_path, HOSTILE[name]())
    names = {path.name for path in tmp_path.rglob("*")}
    assert names <= {"x", "staging", CONTENTS}


DOCUMENTS: dict[str, dict[str, Any]] = {
    "a newer version": fovea(version=2),
    "a field more": fovea(key="secret"),
    "a field less": fovea(program=None),
    "an id that is none": fovea(conversations=[conversation(id="../x")]),
    "a message twice": fovea(conversations=[conversation(messages=[FIRST, FIRST])]),
    "a conversation twice": fovea(conversations=[conversation(), conversation()]),
    "a parent that comes later": fovea(
        conversations=[conversation(messages=[FIRST | {"parent_id": one_id(5)}])]
    ),
    "a folder that is not there": fovea(conversations=[conversation(folder=one_id(3))]),
    "a leaf that is not there": fovea(conversations=[conversation(leaf=one_id(3))]),
    "a picture that is not there": fovea(
        conversations=[
            conversation(
                messages=[
                    FIRST | {"parts": [{"kind": "picture", "sha256": "0" * 64, "name": "x", "link": ""}]}
                ]
            )
        ]
    ),
    "a role that is none": fovea(conversations=[conversation(messages=[FIRST | {"role": "root"}])]),
    "a date that is none": fovea(exported="yesterday"),
    "a number without bounds": fovea(conversations=[conversation(messages=[FIRST | {"seq": 1e308}])]),
    "a thousand tags": fovea(conversations=[conversation(tags=[str(n) for n in range(1000)])]),
    "an empty tag": fovea(conversations=[conversation(tags=[""])]),
    "a tag with a NUL": fovea(conversations=[conversation(tags=["a\0b"])]),
    "an endless title": fovea(conversations=[conversation(title="x" * 2000)]),
    "an endless name of a folder": fovea(folders=[{"id": one_id(3), "name": "x" * 2000}]),
    "pictures outside of an archive": fovea(
        pictures=[
            {"sha256": "0" * 64, "format": "png", "width": 1, "height": 1, "byte_count": 1, "file": "a"}
        ]
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_f3_a_document_that_is_not_as_fovea_writes_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, DOCUMENTS[name])


def test_the_document_they_are_made_from_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, fovea()).messages == 1
    assert read(tmp_path, archive()).messages == 1


def test_f3_a_picture_that_was_altered_is_refused(tmp_path: Path) -> None:
    entry = {"sha256": photo().sha256, "format": "png", "width": 1, "height": 1, "byte_count": 1, "file": "p"}
    file = zipped(tmp_path / "y", {"fovea.json": json.dumps(fovea(pictures=[entry])), "p": b"other"})
    with pytest.raises(Unreadable, match="altered"):
        read(tmp_path, file.read_bytes())


@pytest.mark.parametrize(
    ("cap", "value"),
    [
        ("JSON_BYTES", 300),
        ("JSON_VALUES", 8),
        ("MESSAGES", 0),
        ("TEXT_LENGTH", 3),
        ("TEXT_TOGETHER", 3),
        ("ROOM_LEFT", 2**60),
        ("CONVERSATIONS", 0),
    ],
)
def test_f3_what_is_larger_than_a_cap_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str, value: int
) -> None:
    monkeypatch.setattr(caps, cap, value)
    with pytest.raises(Unreadable):
        read(tmp_path, fovea())


@pytest.mark.parametrize(("cap", "value"), [("ENTRIES", 1), ("DIRECTORY_BYTES", 40), ("UNPACKED_BYTES", 100)])
def test_f3_an_archive_larger_than_a_cap_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str, value: int
) -> None:
    monkeypatch.setattr(caps, cap, value)
    with pytest.raises(Unreadable):
        read(tmp_path, archive(("more", b"x" * 200)))


def test_f3_the_child_refuses_in_words_and_the_library_is_as_it_was(home: Path, tmp_path: Path) -> None:
    (tmp_path / "slip.zip").write_bytes(HOSTILE["climbs out"]())
    (tmp_path / "deep.json").write_bytes(HOSTILE["1,000 deep"]())
    (tmp_path / "pipe").mkdir()

    async def run() -> None:
        async with library(home) as tools:
            for name, reason in (
                ("slip.zip", "leads out of it"),
                ("deep.json", "nested deeper|not as Fovea writes it"),  # Python 3.12 reads deeper
                ("pipe", "it is a folder"),
                ("missing.zip", "there is no such file"),
            ):
                with pytest.raises(ImportRefused, match=reason):
                    await tools.take(tmp_path / name)
            assert await tools.store.conversations.list() == ()
            assert not (home / "arriving").exists()

    asyncio.run(run())


def test_f3_a_reader_that_dies_or_hangs_is_said(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    file = write_chatgpt(tmp_path / "x.zip", chatgpt_sample())
    expect_log("the reader ended")

    async def refused(importer: Importer, reason: str) -> None:
        with pytest.raises(ImportRefused, match=reason):
            async with importer.reading(file):
                pass

    async def run() -> None:
        async with library(home) as tools:
            monkeypatch.setattr(caps, "SILENCE_S", 0.0)
            await refused(tools.importer, "no progress")
            monkeypatch.setattr(caps, "SILENCE_S", 60.0)
            monkeypatch.setattr("app.child.process._command", lambda *_: ["/bin/sh", "-c", "exit 3"])
            await refused(tools.importer, "stopped")

    asyncio.run(run())


def _torn(tmp_path: Path, data: bytes) -> None:
    with contextlib.suppress(Unreadable, Refused):
        read(tmp_path, data)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_f3_a_torn_or_altered_archive_is_read_or_refused(data: st.DataObject) -> None:
    _damage(data)


@pytest.mark.soak
@given(st.data())
@settings(max_examples=3_000, deadline=None)
def test_f3_many_torn_or_altered_archives_are_read_or_refused(data: st.DataObject) -> None:
    _damage(data)


_WHOLE = archive(("pictures/x", b"some bytes"))


def _damage(data: st.DataObject) -> None:
    torn = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        torn[data.draw(st.integers(0, len(torn) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(torn)))
    with tempfile.TemporaryDirectory() as folder:
        _torn(Path(folder), bytes(torn if data.draw(st.booleans()) else torn[:cut]))
