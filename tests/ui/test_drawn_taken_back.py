"""What was drawn goes with its picture, and comes back with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.region import RegionSend
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import open_desk
from tests.ui.drawn import (
    ANSWERED,
    CAT,
    DONE,
    FACE,
    LEFT,
    OTHER,
    PHOTO,
    SIGN,
    RunAsync,
    board_of,
    chips,
    draw,
    shown,
    view_of,
)
from ui.panes.regions.tools import Tool


def test_undo_with_the_keyboard_in_the_picture_is_of_what_was_drawn(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            view, attachments = view_of(desk), desk.controller._composing.attachments
            draw(desk, "r", (20, 20), (200, 150))
            draw(desk, "c", (210, 20), (300, 150))
            both = attachments.treatment(sha256)
            control = Qt.KeyboardModifier.ControlModifier
            QTest.keyClick(view, Qt.Key.Key_Z, control)
            assert attachments.treatment(sha256) == both.replace(redactions=())
            QTest.keyClick(view, Qt.Key.Key_Z, control)
            assert attachments.treatments == {}
            QTest.keyClick(view, Qt.Key.Key_Y, control)
            QTest.keyClick(view, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
            assert attachments.treatment(sha256) == both
            await desk.ask("What?")
            await desk.answered()
            draw(desk, "p", (50, 50))
            assert desk.chips() == {PHOTO.name: "ready"}
            QTest.keyClick(view, Qt.Key.Key_Z, control)
            assert desk.chips() == {}
            for _ in range(3):
                QTest.keyClick(view, Qt.Key.Key_Escape)
            assert board_of(desk).tool is Tool.HAND

    run_async(scenario())


def test_chips_show_choose_and_take_away_what_is_drawn(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            sha256 = await shown(desk)
            attachments = desk.controller._composing.attachments
            attachments.set_treatment(sha256, DONE)
            marks = chips(desk)[0].marks
            region, gone, covers, uncover, sends = marks.buttons()
            assert region.accessibleName() == "Show it on the picture: region 1, the sign"
            assert covers.accessibleName() == "Show it on the picture: 1 place covered"
            assert sends.text() == "Marked on the picture"
            QTest.mouseClick(region, LEFT)
            assert board_of(desk).selected == SIGN and desk.window.window().focusWidget() is view_of(desk)
            QTest.mouseClick(covers, LEFT)
            assert board_of(desk).selected == FACE
            marks.sends_chosen.emit(RegionSend.CROP)
            assert attachments.treatment(sha256).sends is RegionSend.CROP
            QTest.keyClick(gone, Qt.Key.Key_Delete)
            assert attachments.treatment(sha256).regions == ()
            QTest.mouseClick(uncover, LEFT)
            assert attachments.treatments == {} and not marks.isVisible()

    run_async(scenario())


def test_a_picture_that_is_removed_while_it_is_drawn_on_leaves_nothing(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await shown(desk)
            draw(desk, "r", (100, 100), (200, 180), drop=False)
            desk.window.composer.attachment_removed.emit(desk.window.composer.strip.chips()[0].key)
            QTest.mouseRelease(view_of(desk), LEFT)
            attachments = desk.controller._composing.attachments
            assert desk.chips() == {} and attachments.treatments == {}
            attachments.bring("", "nothing.png")
            assert desk.chips() == {}
            await desk.ask("Still there?")
            await desk.answered()
            ((question, _),) = await desk.stored()
            assert question.pictures == ()

    run_async(scenario())


def test_a_removed_chip_comes_back_where_it_was_with_what_was_drawn(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await desk.ask("Anything?")
            await desk.answered()
            await desk.attach(PHOTO, OTHER, CAT)
            composing, actions = desk.controller._composing, desk.window.actions_table
            attachments, strip = composing.attachments, desk.window.composer.strip
            before = attachments.ready
            attachments.set_treatment(before[1][0], DONE)
            strip.removed.emit(strip.chips()[1].key)
            notice = desk.window.notice
            assert notice.text() == f"{OTHER.name} is removed."
            assert actions["undo"].text() == "Undo: remove picture"
            notice.button.click()
            assert attachments.ready == before and attachments.treatments == {before[1][0]: DONE}
            actions["redo"].trigger()
            assert len(attachments.ready) == 2
            actions["undo"].trigger()
            assert attachments.ready == before and attachments.treatments == {before[1][0]: DONE}
            assert "ask" in actions["undo"].text() and len(await desk.stored()) == 1
            strip.removed.emit(strip.chips()[0].key)
            actions["new"].trigger()
            await desk.until(lambda: composing.attachments.ready == ())
            assert notice.text() == "" and not actions["undo"].text().endswith("remove picture")

    run_async(scenario())


def test_a_cover_that_goes_with_its_chip_is_said_and_comes_back(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            await desk.ask("What is this?")
            await desk.answered()
            draw(desk, "c", (100, 100), (200, 180))
            attachments, strip = desk.controller._composing.attachments, desk.window.composer.strip
            covered = attachments.treatments
            strip.removed.emit(strip.chips()[0].key)
            notice = desk.window.notice
            assert "what you covered" in notice.text()
            notice.button.click()
            assert attachments.treatments == covered and list(covered) == [sha256]
            assert notice.text() == "" and len(board_of(desk).treatment.redactions) == 1
            await desk.ask("And now?")
            await desk.answered()
            attachments.bring(sha256, PHOTO.name)
            strip.removed.emit(strip.chips()[0].key)  # a question covers it: it stays covered
            assert notice.text() == f"{PHOTO.name} is removed."

    run_async(scenario())


def test_undo_of_the_window_takes_back_what_was_drawn_before_anything_older(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            await desk.ask("What is this?")
            await desk.answered()
            actions, attachments = desk.window.actions_table, desk.controller._composing.attachments
            draw(desk, "c", (100, 100), (200, 180))
            draw(desk, "r", (20, 20), (90, 90))
            both = attachments.treatments
            strip = desk.window.composer.strip
            strip.removed.emit(strip.chips()[0].key)
            for left in (both, {sha256: both[sha256].replace(regions=())}, {}):
                actions["undo"].trigger()
                assert attachments.treatments == left
            assert "ask" in actions["undo"].text() and desk.chips() == {}
            for _ in range(2):
                actions["redo"].trigger()
            assert attachments.treatments == both
            desk.controller._history.rename("A rocket")
            await desk.until(lambda: "rename" in actions["undo"].text())
            QTest.keyClick(view_of(desk), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert attachments.treatment(sha256).regions == ()

    run_async(scenario())
