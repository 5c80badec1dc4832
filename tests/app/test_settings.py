from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app import settings
from app.domain.model import Capability, EndpointConfig, KeyGroup
from app.domain.request import Parameters, Reasoning
from app.settings import Settings

MINE = EndpointConfig(
    id="mine",
    name="Mine",
    kind="custom",
    base_url="https://models.example/v1",
    key=KeyGroup(origins=("https://models.example",), needed=False),
)
CHOSEN = Settings(
    endpoint="local",
    local_model="/models/ä\udcff.gguf",
    theme="dark",
    endpoints=(MINE,),
    shown=("mine", "local"),
    models={"mine": "qwen"},
    typed_models={"mine": ("qwen", "glm")},
    vision={"mine qwen": Capability(value=True, source="you said so")},
    parameters={"mine": Parameters(temperature=0.5, reasoning=Reasoning(effort="low"))},
    sessions=("nugen",),
    detail={"mine": "original"},
    system="Be brief.",
)


def test_a_new_user_gets_the_defaults(home: Path) -> None:
    assert settings.load(home) == Settings()
    assert not home.exists()


def test_what_was_chosen_is_read_again_and_is_for_its_owner_only(home: Path) -> None:
    settings.save(home, Settings())
    settings.save(home, CHOSEN)
    assert settings.load(home) == CHOSEN
    assert [path.name for path in home.iterdir()] == [settings.FILE_NAME]
    assert stat.S_IMODE((home / settings.FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b'"local"'])
def test_what_cannot_be_read_is_kept_beside(
    home: Path, content: bytes, expect_log: Callable[[str], None]
) -> None:
    expect_log("settings not read")
    home.mkdir()
    (home / settings.FILE_NAME).write_bytes(content)
    assert settings.load(home) == Settings()
    assert (home / "settings.json.unreadable").read_bytes() == content


def test_one_setting_that_cannot_be_read_costs_only_itself(
    home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("settings not read: from_the_future, theme")
    home.mkdir()
    stored = {"endpoint": "local", "theme": 7, "from_the_future": True}
    (home / settings.FILE_NAME).write_text(json.dumps(stored))
    assert settings.load(home) == Settings(endpoint="local")
    assert json.loads((home / "settings.json.unreadable").read_text()) == stored
    assert settings.load(home) == Settings(endpoint="local")


def test_one_entry_of_a_list_or_table_that_cannot_be_read_costs_only_itself(
    home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("settings not read: endpoints, models, parameters, sessions, system")
    home.mkdir()
    stored = CHOSEN.to_plain()
    stored["endpoints"] = [{"id": "broken"}, 7, *stored["endpoints"]]
    stored["models"] |= {"local": None}
    stored["parameters"] |= {"local": {"temperature": "hot"}}
    stored["sessions"] = [7]
    stored["system"] = ["a", "b"]
    (home / settings.FILE_NAME).write_text(json.dumps(stored))
    assert settings.load(home) == CHOSEN.replace(sessions=(), system="")


def test_a_pipe_or_a_folder_in_its_place_is_not_waited_for(
    home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("is not a file")
    home.mkdir()
    os.mkfifo(home / settings.FILE_NAME)
    assert settings.load(home) == Settings()
    (home / settings.FILE_NAME).unlink()
    (home / settings.FILE_NAME).mkdir()
    assert settings.load(home) == Settings()


def test_a_save_that_fails_leaves_nothing_half_written(home: Path) -> None:
    settings.save(home, CHOSEN)
    (home / settings.FILE_NAME).unlink()
    (home / settings.FILE_NAME).mkdir()  # the rename fails, as the last step of a write
    with pytest.raises(OSError, match="directory"):
        settings.save(home, Settings())
    assert [path.name for path in home.iterdir()] == [settings.FILE_NAME]
