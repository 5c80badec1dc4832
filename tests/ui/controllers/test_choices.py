"""One value of the settings for the whole window."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app import settings
from app.settings import Settings
from ui.controllers.choices import Choices


def test_what_was_saved_is_in_force(qtbot: QtBot, home: Path) -> None:
    settings.save(home, Settings(theme="dark"))
    assert Choices(home).settings == Settings(theme="dark")


def test_a_change_is_on_disk_before_it_is_told(qtbot: QtBot, home: Path) -> None:
    choices = Choices(home)
    told: list[tuple[Settings, Settings, Settings]] = []
    choices.changed.connect(lambda before, after: told.append((before, after, settings.load(home))))
    assert choices.change(theme="light")
    assert told == [(Settings(), Settings(theme="light"), Settings(theme="light"))]


def test_two_who_change_different_things_keep_each_others(qtbot: QtBot, home: Path) -> None:
    choices = Choices(home)
    choices.change(theme="light")
    choices.change(endpoint="local")
    assert settings.load(home) == Settings(theme="light", endpoint="local")


def test_no_change_is_not_told(qtbot: QtBot, home: Path) -> None:
    choices = Choices(home)
    with qtbot.assertNotEmitted(choices.changed):
        assert not choices.change(theme="system")
    assert not (home / settings.FILE_NAME).exists()


def test_a_disk_that_takes_nothing_is_said_and_the_change_holds(qtbot: QtBot, home: Path) -> None:
    home.write_text("a file where the folder should be")
    choices = Choices(home)
    told: list[object] = []
    choices.not_saved.connect(told.append)
    choices.changed.connect(lambda _before, after: told.append(after))
    choices.change(theme="dark")
    assert told == ["Not saved: File exists", Settings(theme="dark")]
    assert choices.settings.theme == "dark"
