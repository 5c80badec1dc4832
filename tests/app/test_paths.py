from __future__ import annotations

import stat
from pathlib import Path

import platformdirs
import pytest

from app import paths


def test_the_data_folder_is_the_one_that_was_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOVEA_HOME", str(tmp_path))
    assert paths.data_home() == tmp_path
    monkeypatch.setenv("FOVEA_HOME", "~/pictures")
    assert paths.data_home() == Path.home() / "pictures"
    monkeypatch.setenv("FOVEA_HOME", "beside")
    assert paths.data_home() == Path.cwd() / "beside"


def test_without_a_choice_the_data_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_HOME", "")
    assert paths.data_home() == Path(platformdirs.user_data_dir("fovea", appauthor=False))


def test_the_platforms_folder_is_created_with_all_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOVEA_HOME")
    home = tmp_path / "share" / "fovea"
    paths.make_home(home)
    paths.make_home(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a21_a_chosen_folder_is_created_only_where_its_parent_is(home: Path) -> None:
    paths.make_home(home)
    with pytest.raises(FileNotFoundError):
        paths.make_home(home / "not mounted" / "library")


def test_resources_lie_beside_the_program() -> None:
    assert paths.resource("models", "x") == Path(paths.__file__).parents[1] / "resources" / "models" / "x"
