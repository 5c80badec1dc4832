"""Frames, newest pictures, folders and captures, in the whole window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from tests.app.pictures.samples import encoded, scene
from tests.ui.desk import Desk, open_desk
from ui.camera_roll.dialog import CameraRollDialog
from ui.capture.dialog import CaptureDialog
from ui.composer.attachment_chip import ChipWidget
from ui.frames_dialog import FramesDialog
from ui.tasks import TaskOwner

RunAsync = Callable[[Any], Any]
W = TypeVar("W", bound=QWidget)
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def shown(kind: type[W]) -> W | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found[0] if found else None


async def dialog(desk: Desk, kind: type[W]) -> W:
    await desk.until(lambda: shown(kind))
    found = shown(kind)
    assert found is not None
    return found


def moving(path: Path, frames: int = 5) -> Path:
    pictures = [scene(60 + number, 40) for number in range(frames)]
    whole = [picture.resize((60, 40)) for picture in pictures]
    path.write_bytes(encoded(whole[0], "GIF", save_all=True, append_images=whole[1:], duration=40))
    return path


def held_by(decoder: Decoder) -> list[str]:
    """The names of the files that its child has open, as far as the system tells."""
    links = Path(f"/proc/{decoder.pid}/fd")
    return [name_behind(link) for link in links.iterdir()] if links.exists() else []


def name_behind(link: Path) -> str:
    """Empty for one that is gone: the child closes files meanwhile."""
    with suppress(FileNotFoundError):
        return link.readlink().name
    return ""


def put(path: Path, changed: float, size: int = 30) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(scene(size, size), "PNG"))
    os.utime(path, (changed, changed))
    return path


def test_chosen_frames_of_an_attached_animation_are_attached_too(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def work() -> None:
        async with open_desk(home) as desk:
            await desk.attach(moving(tmp_path / "moving.gif"), put(tmp_path / "still.png", 1))
            strip = desk.window.composer.strip
            await desk.until(lambda: any(chip.framed for chip in strip.chips()))
            assert [chip.name for chip in strip.chips() if chip.framed] == ["moving.gif"]
            strip.frames_requested.emit(strip.chips()[0].key)
            frames = await dialog(desk, FramesDialog)
            await desk.until(lambda: frames.line.isHidden())
            assert frames.words.text() == "5 frames"
            assert not frames.add_button.isEnabled()
            grid = frames.grid
            for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right):
                QTest.keyClick(grid, key)
            assert (grid.keys(), grid.currentIndex().data()) == (["1"], "4 · 0.12 s")
            QTest.keyClick(grid, Qt.Key.Key_Space)
            assert frames.add_button.text() == "Add 2 frames"
            QTest.keyClick(grid, Qt.Key.Key_Return)
            await desk.until(lambda: len(desk.chips()) == 4 and "reading" not in desk.chips().values())
            assert list(desk.chips())[2:] == ["moving.gif, frame 2", "moving.gif, frame 4"]

    run_async(work())


def test_a_picture_that_is_ready_as_the_last_look_ends_is_looked_at_too(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def work() -> None:
        async with open_desk(home) as desk:
            await desk.attach(moving(tmp_path / "moving.gif"))
            frames = desk.controller._sources.frames
            await desk.until(lambda: frames._known)
            ends: list[str] = []

            class Slow(TaskOwner):
                """Its tasks end after what they run has ended."""

                def start(self, coroutine: Coroutine[Any, Any, None], name: str = "") -> None:
                    async def run() -> None:
                        await coroutine
                        ends.append(name)
                        if len(ends) == 1:
                            frames._known.clear()
                            frames.look()

                    super().start(run(), name)

            frames._tasks = Slow()
            frames._known.clear()
            frames.look()
            await desk.until(lambda: len(ends) == 2)
            assert frames._known
            await frames._tasks.close()

    run_async(work())


def test_the_newest_pictures_of_the_chosen_folder_can_be_attached(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    old, new = put(tmp_path / "roll" / "old.png", 100, 31), put(tmp_path / "roll" / "DCIM" / "new.png", 200)
    broken = put(tmp_path / "roll" / "broken.png", 50)
    broken.write_bytes(b"no picture")
    os.utime(broken, (50, 50))

    async def work() -> None:
        async with open_desk(home) as desk:
            desk.controller._choices.change(pictures_folder=str(tmp_path / "roll"))
            desk.window.actions_table["newest"].trigger()
            roll = await dialog(desk, CameraRollDialog)
            await desk.until(lambda: roll.grid.count() == 3)
            assert roll.words.text() == "3 pictures, the newest first"
            await desk.until(lambda: not roll.grid.missing_in_sight())
            image = roll.grid.thumbnails.image(str(new))
            assert image is not None and image.width() == 30
            assert roll.grid.thumbnails.image(str(broken)) is None
            roll.grid.choose(0, 1)
            roll.add_button.click()
            await desk.until(lambda: list(desk.chips().values()) == ["ready", "ready"])
            assert list(desk.chips()) == [new.name, old.name]

    run_async(work())


def test_a_folder_without_pictures_and_one_that_is_gone_are_said(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def work() -> None:
        async with open_desk(home) as desk:
            desk.controller._choices.change(pictures_folder=str(tmp_path))
            desk.window.actions_table["newest"].trigger()
            roll = await dialog(desk, CameraRollDialog)
            await desk.until(lambda: not roll.empty.isHidden() and roll.empty.isVisible())
            assert roll.empty.label.text() == "There are no pictures in this folder."
            roll.reject()
            desk.controller._choices.change(pictures_folder=str(tmp_path / "gone"))
            desk.window.actions_table["newest"].trigger()
            await desk.until(lambda: (found := shown(CameraRollDialog)) and found.empty.isVisible())
            roll = await dialog(desk, CameraRollDialog)
            assert roll.empty.label.text() == "This folder cannot be looked into: there is no such folder."
            roll.reject()

    run_async(work())


def test_without_the_usual_folder_one_is_asked_for_and_nothing_is_called_wrong(
    run_async: RunAsync, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.controllers.pictures.camera_roll.usual_folder", lambda: tmp_path / "gone")

    async def work() -> None:
        async with open_desk(home) as desk:
            desk.window.actions_table["newest"].trigger()
            roll = await dialog(desk, CameraRollDialog)
            await desk.until(lambda: roll.empty.isVisible())
            assert roll.empty.label.text() == "Choose the folder that your camera or phone saves to."
            assert roll.empty.button.text() == "Choose a folder…" and not roll.place.text()
            roll.reject()

    run_async(work())


def test_d4_a_folder_is_asked_about_and_its_pictures_are_attached(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    for number in range(3):
        put(tmp_path / "Holiday" / f"{number}.png", 100 - number, 30 + number)
    for number in range(101):
        (tmp_path / "Many" / f"{number}.png").parent.mkdir(exist_ok=True)
        (tmp_path / "Many" / f"{number}.png").touch()

    async def work() -> None:
        async with open_desk(home) as desk:
            desk.controller.open_paths([str(tmp_path / "Holiday")])
            box = await dialog(desk, QMessageBox)
            assert box.text() == "“Holiday” holds 3 pictures"
            assert desk.chips() == {"Holiday": "refused"}
            next(button for button in box.buttons() if button.text() == "Add 3 pictures").click()
            await desk.until(lambda: list(desk.chips().values()) == ["ready"] * 3)
            assert list(desk.chips()) == ["0.png", "1.png", "2.png"]
            desk.controller.open_paths([str(tmp_path / "Many")])
            box = await dialog(desk, QMessageBox)
            assert box.text() == "“Many” holds 101 pictures"
            assert box.informativeText() == "At most 100 are added at once. Choose those you mean."
            next(button for button in box.buttons() if button.text() == "Choose some…").click()
            roll = await dialog(desk, CameraRollDialog)
            await desk.until(lambda: roll.grid.count() == 101)
            roll.reject()

    run_async(work())


def test_d1_a_picture_larger_than_most_is_opened_at_the_users_word(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    large, small = put(tmp_path / "large.png", 1, 300), put(tmp_path / "small.png", 1, 30)

    async def work() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder
            await decoder._drop()
            decoder._caps = Caps(pixels=10_000)
            await desk.attach(small, large)
            assert desk.chips() == {"small.png": "ready", "large.png": "refused"}
            strip = desk.window.composer.strip
            await desk.until(lambda: len(strip.findChildren(ChipWidget)) == 2)
            (button,) = [chip.anyway for chip in strip.findChildren(ChipWidget) if chip.anyway]
            button.click()
            await desk.until(lambda: desk.chips() == {"small.png": "ready", "large.png": "ready"})
            await desk.until(lambda: desk.window.panes.active.sha256 == strip.chips()[1].sha256)
            await desk.until(lambda: not desk.window.panes.active.view.placement.picture.isEmpty())

    run_async(work())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_d1_nothing_is_kept_of_an_animation_when_its_frames_are_no_longer_read(
    run_async: RunAsync, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More frames than come at once, and the dialog is closed with the first of them."""
    held: list[list[str]] = []

    async def work() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder

            def close(frames: FramesDialog, *_: object) -> None:
                held.append(held_by(decoder))
                frames.close()

            monkeypatch.setattr(FramesDialog, "add_frame", close)
            await desk.attach(moving(tmp_path / "moving.gif", 30))
            strip = desk.window.composer.strip
            await desk.until(lambda: strip.chips()[0].framed)
            strip.frames_requested.emit(strip.chips()[0].key)
            name = strip.chips()[0].sha256[2:]
            await desk.until(lambda: held and not any(name in one for one in held_by(decoder)))
            assert any(name in one for one in held[0])

    run_async(work())


def test_d1_frames_of_a_large_animation_that_was_opened_anyway_are_attached_too(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    animation = moving(tmp_path / "moving.gif")

    async def work() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder
            await decoder._drop()
            decoder._caps = Caps(pixels=60 * 40 - 1)
            await desk.attach(animation)
            strip = desk.window.composer.strip
            strip.anyway_requested.emit(strip.chips()[0].key)
            await desk.until(lambda: strip.chips()[0].framed)
            strip.frames_requested.emit(strip.chips()[0].key)
            frames = await dialog(desk, FramesDialog)
            await desk.until(lambda: frames.line.isHidden())
            assert frames.words.text() == "5 frames"
            frames.frames_chosen.emit([1, 3])
            frames.close()
            await desk.until(lambda: list(desk.chips().values()) == ["ready"] * 3)

    run_async(work())


def test_d1_a_large_page_among_others_is_named_and_opened_anyway_when_it_is_chosen(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    pages = [scene(side, side) for side in (20, 60, 40)]
    document = tmp_path / "scan.tif"
    document.write_bytes(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))

    async def work() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder
            await decoder._drop()
            decoder._caps = Caps(pixels=50 * 50)
            await desk.attach(document)
            strip = desk.window.composer.strip
            await desk.until(lambda: strip.chips()[0].framed)
            strip.frames_requested.emit(strip.chips()[0].key)
            pages = await dialog(desk, FramesDialog)
            await desk.until(lambda: pages.line.isHidden())
            assert pages.words.text() == "3 pages"
            told = [pages.grid.model().index(row, 0).data(SPOKEN) for row in range(3)]
            assert [" cannot be shown: it is 60 × 60 pixels" in one for one in told] == [False, True, False]
            pages.frames_chosen.emit([1, 2])
            pages.close()
            await desk.until(lambda: list(desk.chips().values()) == ["ready", "refused", "ready"])
            strip.anyway_requested.emit(strip.chips()[1].key)
            await desk.until(lambda: list(desk.chips().values()) == ["ready"] * 3)
            assert list(desk.chips()) == ["scan.tif", "scan.tif, page 2", "scan.tif, page 3"]

    run_async(work())


def test_d1_a_large_picture_stays_in_its_place_and_the_keyboard_at_its_chip(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    large, *small = put(tmp_path / "large.png", 1, 300), *(put(tmp_path / f"{n}.png", n, n) for n in (30, 31))

    async def work() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder
            await decoder._drop()
            decoder._caps = Caps(pixels=10_000)
            await desk.attach(large, *small)
            window, strip = desk.window.window(), desk.window.composer.strip
            await desk.until(lambda: len(strip.findChildren(ChipWidget)) == 3)
            (chip,) = [chip for chip in strip.findChildren(ChipWidget) if chip.anyway]
            assert chip.anyway is not None
            chip.anyway.setFocus(Qt.FocusReason.TabFocusReason)
            for _ in range(2):
                QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
            assert window.focusWidget() is chip and chip.shown.state == "reading"
            await desk.until(lambda: list(desk.chips().values()) == ["ready"] * 3)
            assert list(desk.chips()) == ["large.png", "30.png", "31.png"]
            assert chip.shown == strip.chips()[0] and window.focusWidget() is chip

    run_async(work())


def test_d2_a_bad_picture_stops_no_other_and_the_turn_is_kept_as_a_draft(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    good = [put(tmp_path / f"good {number}.png", 1, 30 + number) for number in range(2)]
    bad = tmp_path / "half.png"
    bad.write_bytes(good[0].read_bytes()[:60])

    async def work() -> None:
        async with open_desk(home) as desk:
            desk.window.composer.edit.setPlainText("What is this?")
            await desk.attach(good[0], bad, good[1])
            assert desk.chips() == {"good 0.png": "ready", "half.png": "refused", "good 1.png": "ready"}
            notes = [chip.note for chip in desk.window.composer.strip.chips()]
            assert notes == ["", "Not opened: the file is cut off or damaged.", ""]
        async with open_desk(home) as desk:
            assert desk.window.composer.text() == "What is this?"
            assert desk.chips() == {"good 0.png": "ready", "good 1.png": "ready"}

    run_async(work())


def test_without_a_screen_capturing_says_so(run_async: RunAsync, home: Path) -> None:
    async def work() -> None:
        async with open_desk(home) as desk:
            desk.window.actions_table["capture"].trigger()
            capture = await dialog(desk, CaptureDialog)
            assert capture.capture_button.isHidden()
            assert capture.cancel_button.text() == "Close"
            capture.reject()

    run_async(work())
