"""Pictures in the panes of a window with its real library and decoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.pictures.picture_drag import mime_of
from ui.controllers.pictures.pictures import _made_for
from ui.panes.drop import PICTURE_HERE
from ui.panes.view.picture_pane import PicturePane
from ui.widgets.offered import OfferedPictures

RunAsync = Callable[[Any], Any]
CAT, COFFEE, ROCKET = (PHOTOS / name for name in ("chelsea.png", "coffee.png", "rocket.jpg"))


def shown(desk: Desk) -> list[str]:
    """The names of the pictures in the panes, as one reads."""
    return [pane.name for pane in desk.window.panes.panes()]


def sha_of(desk: Desk, name: str) -> str:
    names = desk.controller._pictures._names
    return next(sha256 for sha256, known in names.items() if known == name)


async def attached(desk: Desk, *paths: Path) -> None:
    await desk.attach(*paths)
    await desk.until(lambda: shown(desk)[-1:] == [paths[-1].name])


def test_a_picture_is_opened_beside_and_in_a_tab(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            assert "filmstrip" not in desk.window.__dict__
            await attached(desk, CAT, COFFEE)
            strip, panes = desk.window.filmstrip, desk.window.panes
            strip.beside_requested.emit(sha_of(desk, "chelsea.png"))
            await desk.until(lambda: shown(desk) == ["coffee.png", "chelsea.png"])
            assert desk.window.pane is panes.panes()[1]
            strip.picture_chosen.emit(sha_of(desk, "coffee.png"))
            await desk.until(lambda: shown(desk) == ["coffee.png", "coffee.png"])
            strip.tab_requested.emit(sha_of(desk, "chelsea.png"))
            await desk.until(lambda: shown(desk) == ["coffee.png", "chelsea.png"])
            assert panes.active_group.has_strip
            desk.window.actions_table["pane-close"].trigger()
            desk.window.actions_table["pane-close"].trigger()
            await desk.until(lambda: shown(desk) == ["coffee.png"])
            desk.window.actions_table["pane-close"].trigger()
            assert desk.window.pane.state == "empty"

    run_async(scenario())


def test_a_pane_tells_what_it_shows(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            told: list[str] = []
            desk.window.pane.picture_shown.connect(told.append)
            await attached(desk, CAT)
            pane = desk.window.pane
            assert told == [pane.sha256] == [sha_of(desk, "chelsea.png")]
            assert (pane.picture_size.width(), pane.picture_size.height()) == (451, 300)
            desk.window.composer.attachment_removed.emit(desk.window.composer.strip.chips()[0].key)
            await desk.until(lambda: pane.state == "empty")
            assert told[-1] == "" and pane.sha256 == ""

    run_async(scenario())


def test_the_panes_of_a_conversation_stand_as_they_were_left(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider())
            await attached(desk, CAT, COFFEE)
            desk.window.filmstrip.beside_requested.emit(sha_of(desk, "chelsea.png"))
            await desk.until(lambda: shown(desk) == ["coffee.png", "chelsea.png"])
            await desk.ask("Which?")
            await desk.answered()
            assert shown(desk) == ["coffee.png", "chelsea.png"]
            (row,) = await desk.services.store.conversations.list()
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.window.pane.state == "empty" and len(shown(desk)) == 1)
            await attached(desk, ROCKET)
            states: list[list[str]] = []
            panes = desk.window.panes
            panes.current_changed.connect(lambda _: states.append([pane.state for pane in panes.panes()]))
            desk.window.library.conversation_chosen.emit(row.id)
            await desk.until(lambda: shown(desk) == ["coffee.png", "chelsea.png"])
            assert ["picture", "loading"] in states  # each of the others comes in a step of its own

    run_async(scenario())


def test_what_is_dropped_is_shown_while_it_is_taken_in(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            seen: list[str] = []
            desk.window.pane.picture_shown.connect(seen.append)
            desk.window.pictures_offered.emit(OfferedPictures(paths=[str(CAT)]), False)
            await desk.until(lambda: desk.window.pane.sha256)
            assert seen == ["", sha_of(desk, "chelsea.png")]
            assert desk.window.pane.state == "picture"

    run_async(scenario())


def test_a_dropped_picture_that_is_not_taken_in_gives_way_to_the_one_before(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await attached(desk, CAT)
            pictures = desk.controller._pictures
            await pictures._look_at(COFFEE)
            assert shown(desk) == ["coffee.png"] and desk.window.pane.sha256 == ""
            desk.controller._places.show_pictures()
            await desk.until(lambda: shown(desk) == ["chelsea.png"])

    run_async(scenario())


def big_picture(path: Path) -> Path:
    """4,600 by 200 pixels in one colour, but for a red one at (4500, 150)."""
    image = QImage(4600, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    image.setPixelColor(4500, 150, QColor("#ff0000"))
    image.save(str(path))
    return path


def test_what_is_looked_at_closely_is_read_from_the_original(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await attached(desk, big_picture(tmp_path / "big.png"))
            view = desk.window.pane.view
            await desk.until(lambda: view.image.width() == 4096)
            view.placement.look_at(QPointF(4500.5, 150.5), 16.0)
            view.zoom_to(16.0)
            await desk.until(lambda: view.tiles.color_at(QPointF(4500, 150)) == QColor("#ff0000"))
            middle = view.placement.to_view(QPointF(4500.5, 150.5))
            assert view.grab().toImage().pixelColor(middle.toPoint()).red() > 200
            view.pointing.switch(True)
            view.pointing.move(middle)
            assert view.pointing.readout.words == "#FF0000  rgb 255 0 0  x 4500  y 150"
            tiles = desk.controller._pictures._tiles
            assert tiles._decoder is not None and tiles._decoder.pid is not None
            await desk.until(lambda: tiles._idle.isActive())
            tiles._idle.timeout.emit()
            await desk.until(lambda: tiles._decoder is None)

    run_async(scenario())


def test_a_picture_that_was_shown_comes_back_without_being_read(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await attached(desk, CAT, COFFEE)
            await desk.until(lambda: sha_of(desk, "coffee.png") in desk.controller._pictures._sizes)
            cat, coffee = sha_of(desk, "chelsea.png"), sha_of(desk, "coffee.png")
            for sha256 in (cat, coffee):
                desk.window.filmstrip.picture_chosen.emit(sha256)
                await desk.until(lambda wanted=sha256: desk.window.pane.sha256 == wanted)
            desk.window.filmstrip.picture_chosen.emit(cat)
            assert shown(desk) == ["chelsea.png"]

    run_async(scenario())


def test_the_menu_of_a_tile_opens_it_elsewhere_and_takes_the_rows_of_others(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await attached(desk, CAT, COFFEE)
            pictures = desk.controller._pictures
            pictures.menu_fillers.append(lambda sha256, menu: menu.addAction(f"Of {sha256[:4]}"))
            cat = sha_of(desk, "chelsea.png")
            desk.window.filmstrip.menu_requested.emit(cat, QPoint(10, 10))
            menu = next(m for m in desk.window.findChildren(QMenu) if m.isVisible())
            words = [action.text() for action in menu.actions() if action.text()]
            assert words[:2] == ["Open beside", "Open in a tab"] and f"Of {cat[:4]}" in words
            menu.actions()[0].trigger()
            menu.close()
            await desk.until(lambda: shown(desk) == ["coffee.png", "chelsea.png"])

    run_async(scenario())


def test_a_dragged_picture_is_a_file_for_others_and_a_hash_for_the_panes() -> None:
    mime = mime_of("ab" * 32, "/tmp/cat.png")
    assert mime.urls() == [QUrl.fromLocalFile("/tmp/cat.png")]
    assert bytes(mime.data(PICTURE_HERE).data()) == b"ab" * 32
    assert not mime_of("ab" * 32, "").hasUrls()


def test_a_pane_that_is_closed_while_it_waits_takes_its_picture_along(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await attached(desk, CAT, COFFEE)
            desk.controller._pictures._copies.clear()
            removed: list[PicturePane] = []
            desk.window.panes.pane_removed.connect(removed.append)
            desk.window.filmstrip.beside_requested.emit(sha_of(desk, "chelsea.png"))
            desk.window.panes.close_tab()
            assert len(removed) == 1
            await desk.until(lambda: shown(desk) == ["coffee.png"])
            await desk.until(lambda: not isValid(removed[0].view))
            removed[0].view.__dict__.pop("bar", None)
            for _ in _made_for(removed[0], desk.window.panes):
                assert "bar" not in removed[0].view.__dict__

    run_async(scenario())


def test_with_all_panes_closed_the_pictures_below_are_pointed_to(run_async: RunAsync, home: Path) -> None:
    async def work() -> None:
        async with open_desk(home) as desk:
            usual = desk.window.pane.empty.label.text()
            await attached(desk, CAT, COFFEE)
            while desk.window.pane.state != "empty":
                desk.window.actions_table["pane-close"].trigger()
            assert desk.window.filmstrip.isVisible()
            assert desk.window.pane.empty.label.text() == "Choose a picture below, or open a file."
            for chip in desk.window.composer.strip.chips():
                desk.window.composer.strip.removed.emit(chip.key)
            await desk.until(lambda: not desk.chips())
            assert desk.window.pane.state == "empty" and desk.window.pane.empty.label.text() == usual

    run_async(work())


def test_in_a_low_window_the_row_of_pictures_comes_back_when_the_tab_of_one_is_closed(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.window.window().resize(640, 480)
            await desk.attach(PHOTOS / "chelsea.png", PHOTOS / "coffee.png")
            strip, group = desk.window.filmstrip, desk.window.panes.active_group
            await desk.until(lambda: strip.isVisible() and group.tabs)
            for sha256, _ in desk.controller._composing.attachments.ready:
                desk.controller._pictures.open_tab(sha256)
            assert not strip.isVisible()
            group.take(group.tabs[0].sha256)
            assert strip.isVisible()

    run_async(scenario())


def test_a_row_of_pictures_that_goes_gives_the_keyboard_to_the_picture(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            frame, view = desk.window.window(), desk.window.pane.view
            frame.resize(640, 480)
            await attached(desk, CAT, COFFEE)
            strip, pictures = desk.window.filmstrip, desk.controller._pictures
            await desk.until(lambda: strip.isVisible() and desk.window.pane.sha256)
            pictures._copies.clear()
            strip.list.setFocus()
            strip.tab_requested.emit(sha_of(desk, "chelsea.png"))
            assert not strip.isVisible() and desk.window.pane.state == "loading"
            await desk.until(lambda: desk.window.pane.state == "picture")
            assert frame.focusWidget() is view, "a Return here does nothing to the question"
            frame.resize(1200, 800)
            await desk.until(strip.isVisible)
            strip.list.setFocus()
            frame.resize(800, 560)
            await desk.until(lambda: not strip.isVisible())
            assert frame.focusWidget() is view

    run_async(scenario())


def test_a_command_before_the_panes_of_another_conversation_stand_is_for_those(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            pictures, close = desk.controller._pictures, desk.window.actions_table["pane-close"]
            await attached(desk, CAT, COFFEE)
            both = list(pictures._names.items())
            for conversation in ("first", "second"):
                pictures.set_pictures(both, conversation)
                pictures.open_beside(both[0][0])
                await desk.until(lambda: len(shown(desk)) == 2)
            pictures.set_pictures(both, "first")
            close.trigger()
            assert len(shown(desk)) == 1 and not pictures._coming
            pictures.set_pictures(both, "second")
            await desk.until(lambda: not pictures._coming)
            assert len(shown(desk)) == 2, "nobody closed one of these"

    run_async(scenario())
