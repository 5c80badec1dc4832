"""`fovea export` and `fovea import`."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from app.cli.commands import run
from app.cli.stopping import Stopping
from tests.app.transfer.conversations import library, one_id, plant_sample
from tests.app.transfer.foreign_exports import chatgpt_sample, zipped


def fovea(*arguments: str | Path) -> int:
    return run([str(one) for one in arguments], Stopping())


@pytest.fixture
def planted(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in the library, and a folder to work in."""

    async def plant() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)

    asyncio.run(plant())
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_conversation_is_exported_by_the_beginning_of_its_id(
    planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fovea("export", "--list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["type"], listed["id"]) == ("conversation", one_id(1000))
    assert fovea("export", one_id(1000)[:8]) == 0
    assert fovea("export", "--all", "--json", "--format", "html", "-o", "pages") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == str(planted / "A cup “of” coffee tea.fovea.zip")
    assert json.loads(told[1])["conversations"] == 1
    assert sorted(path.name for path in planted.rglob("*")) == [
        *("A cup “of” coffee tea.fovea.zip", "A cup “of” coffee tea.html", "pages"),
    ]


def test_what_was_exported_is_imported_elsewhere(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fovea("export", "--all", "-o", "all.zip") == 0
    monkeypatch.setenv("FOVEA_HOME", str(tmp_path / "elsewhere"))
    capsys.readouterr()
    assert fovea("import", "--dry-run", "all.zip") == 0
    said = capsys.readouterr().out
    assert "an export of Fovea" in said
    assert "  A cup: “of” coffee / tea?" in said
    assert fovea("import", "all.zip", "--json") == 0
    assert fovea("import", "all.zip") == 0
    first, second = capsys.readouterr().out.splitlines()
    told = json.loads(first)
    assert (told["type"], told["new"], told["messages"]) == ("imported", [one_id(1000)], 7)
    assert second.startswith("all.zip: 0 new conversations")


def test_d1_large_pictures_are_imported_when_it_is_said_so(
    planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = io.BytesIO()
    Image.new("L", (10_700, 10_000)).save(picture, "JPEG", quality=1)
    for name in ("first.zip", "second.zip"):
        conversation = chatgpt_sample() | {"id": name, "conversation_id": name}
        files = {"conversations.json": json.dumps([conversation])}
        zipped(planted / name, files | {"file_00000000abcd-coffee.png": picture.getvalue()})
    assert fovea("import", "first.zip", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "would not be taken: it is 10700 × 10000 pixels, more than 105 megapixels.\nAdd --large" in said
    assert fovea("import", "first.zip") == 0
    said = capsys.readouterr().out
    assert "10700 × 10000 pixels, more than 105 megapixels" in said
    assert "--large takes 1 of them, but not into messages that are there" in said
    assert fovea("import", "first.zip", "--large", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["messages"], told["pictures"], told["refused"], told["large"]) == (0, 0, [], 0)
    assert fovea("import", "second.zip", "--large", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pictures"], told["refused"], told["large"]) == (1, [], 0)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("export",), 2, "Name a conversation"),
        (("export", "nothing"), 4, "no such conversation"),
        (("export", one_id(1000), "-o", "there"), 4, "is there already"),
        (("import", "missing.zip"), 4, "there is no such file"),
        (("import", "there"), 4, "it is no export of Fovea, ChatGPT or Open WebUI"),
        (("export", one_id(1000), "-o", "no/such/folder"), 3, "could not be written"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(
    planted: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    (planted / "there").write_text("mine")
    assert fovea(*arguments) == code
    assert words in capsys.readouterr().err
    assert (planted / "there").read_text() == "mine"


def test_a21_a_missing_home_is_said_and_an_export_makes_no_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOVEA_HOME", str(tmp_path / "disk" / "home"))
    (tmp_path / "x.json").write_text("[]")
    assert fovea("import", tmp_path / "x.json") == 3
    assert "perhaps because its disk is not connected" in capsys.readouterr().err
    assert fovea("export", "--list") == 2
    assert "There is no library in" in capsys.readouterr().err
    assert not (tmp_path / "disk").exists()
