"""What is done to the pictures of the next question, said and taken back in the whole window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.picture import Detail
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment
from app.pictures.intake import Offer
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.panes.area.arrangement import Arrangement, Tab, leaves

RunAsync = Callable[[Any], Any]
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(20, 30), Point(120, 90)), "the sign")
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
DONE = Treatment((SIGN,), RegionSend.MARKED, (FACE, FACE.replace(points=(Point(5, 5), Point(9, 9)))))
ANSWERED = (TextDelta(text="Yes."), Finished(reason="stop"))
PHOTO, CAT, CUP = PHOTOS / "rocket.jpg", PHOTOS / "chelsea.png", PHOTOS / "coffee.png"


def tabs(kept: Arrangement) -> list[list[str]]:
    """The pictures that are open in each pane."""
    return [[tab.sha256 for tab in leaf.tabs] for leaf in leaves(kept)]


async def swap(desk: Desk, place: int, path: Path) -> None:
    attachments, key = desk.controller._composing.attachments, desk.window.composer.strip.chips()[place].key
    attachments.take(Offer(paths=(path,)), instead_of=key)
    await desk.until(lambda: not attachments.reading)


def test_a_swapped_picture_is_said_with_what_was_drawn_and_comes_back_with_it(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await desk.until(lambda: desk.window.pane.sha256)
            await desk.ask("What is this?")
            await desk.answered()
            await desk.attach(PHOTO, CAT)
            attachments, actions = desk.controller._composing.attachments, desk.window.actions_table
            before, notice = attachments.ready, desk.window.notice
            attachments.set_treatment(before[0][0], DONE)
            await swap(desk, 0, CUP)
            assert notice.text() == (
                "coffee.png is in the place of rocket.jpg, without what you drew there: "
                "1 region, 2 places covered. Earlier questions show what you covered there again."
            )
            assert list(desk.chips()) == ["coffee.png", "chelsea.png"] and attachments.treatments == {}
            assert actions["undo"].text() == "Undo: put another picture in its place"
            cup = attachments.ready[0][0]
            notice.button.click()
            assert attachments.ready == before and attachments.treatments == {before[0][0]: DONE}
            actions["redo"].trigger()
            assert list(desk.chips()) == ["coffee.png", "chelsea.png"] and attachments.treatments == {}
            attachments.choose_treatment(cup, Treatment(detail=Detail.TILES), "send it in tiles")
            for _ in range(2):
                actions["undo"].trigger()
            assert attachments.ready == before and attachments.treatments == {before[0][0]: DONE}
            for _ in range(2):
                actions["redo"].trigger()
            assert attachments.treatments == {cup: Treatment(detail=Detail.TILES)}
            await swap(desk, 0, CAT)  # which is there already
            assert list(desk.chips()) == ["chelsea.png"]
            assert notice.text() == "chelsea.png is in the place of coffee.png."
            notice.button.click()
            assert list(desk.chips()) == ["coffee.png", "chelsea.png"]

    run_async(scenario())


def test_a_picture_that_comes_back_stands_in_all_its_panes_again(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.window.window().resize(1600, 900)
            await desk.until(lambda: desk.window.pane.sha256)
            await desk.attach(CAT, CUP)
            actions, panes = desk.window.actions_table, desk.window.panes
            rocket, cat, cup = (sha256 for sha256, _ in desk.controller._composing.attachments.ready)
            panes.active_group.show_picture(rocket)
            for picture in (cat, cat):
                actions["pane-right"].trigger()
                panes.active_group.show_picture(picture)
            panes.active_group.add(Tab(cup))
            stood = tabs(panes.arrangement())
            assert stood == [[rocket], [cat], [cat, cup]]
            strip = desk.window.composer.strip
            strip.removed.emit(strip.chips()[1].key)
            assert tabs(panes.arrangement()) == [[rocket], [cup]]
            actions["undo"].trigger()
            assert tabs(panes.arrangement()) == stood
            assert panes.active_group is panes.groups()[2] and panes.active_group.sha256 == cup
            await desk.until(lambda: panes.panes()[1].sha256 == cat)
            actions["redo"].trigger()
            panes.groups()[0].show_picture(cup)
            actions["undo"].trigger()
            assert tabs(panes.arrangement()) == [[cup], [cat], [cat, cup]]
            actions["redo"].trigger()
            actions["pane-close"].trigger()
            actions["undo"].trigger()
            assert tabs(panes.arrangement()) == [[cat]]

    run_async(scenario())


def test_how_regions_go_along_is_taken_back_as_what_is_drawn(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            await desk.until(lambda: desk.window.pane.sha256)
            await desk.until(lambda: "drawing" in desk.controller._places.__dict__)
            attachments, actions = desk.controller._composing.attachments, desk.window.actions_table
            regions, sha256 = desk.controller._places.drawing.regions, attachments.ready[0][0]
            await desk.until(lambda: desk.window.pane in regions._markers)
            regions.add_region(sha256, SIGN)
            strip = desk.window.composer.strip
            strip.sends_chosen.emit(sha256, RegionSend.CROP)
            strip.sends_chosen.emit(sha256, RegionSend.CROP)  # nothing new
            strip.sends_chosen.emit(sha256, RegionSend.MARKED)
            assert actions["undo"].text() == "Undo: choose how regions go along"
            said = []
            for key in (Qt.Key.Key_Z, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Z, Qt.Key.Key_Z):
                QTest.keyClick(desk.window.pane.view, key, Qt.KeyboardModifier.ControlModifier)
                said.append(attachments.treatment(sha256).sends)
            assert said == [
                RegionSend.CROP,
                RegionSend.BOTH,
                RegionSend.CROP,
                RegionSend.BOTH,
                RegionSend.BOTH,
            ]
            assert attachments.treatments == {} and list(desk.chips()) == [PHOTO.name]
            for _ in range(3):
                actions["redo"].trigger()
            assert attachments.treatment(sha256) == Treatment((SIGN,), RegionSend.MARKED)

    run_async(scenario())


def test_what_is_said_of_one_branch_goes_with_it_and_undo_stays(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await desk.until(lambda: desk.window.pane.sha256)
            await desk.ask("What is this?")
            await desk.answered()
            desk.window.actions_table["again"].trigger()
            shown, actions = desk.controller._conversations.shown, desk.window.actions_table
            await desk.until(lambda: len(shown.tree) == 3)
            await desk.answered()
            await desk.attach(CAT)
            attachments, notice = desk.controller._composing.attachments, desk.window.notice
            desk.window.composer.strip.removed.emit(desk.window.composer.strip.chips()[0].key)
            assert notice.text() == "chelsea.png is removed."
            first, second = (node.id for node in shown.tree.children(shown.branch[0].id))
            desk.controller._conversations.show_branch(first)
            assert shown.leaf == first and notice.text() == ""
            desk.window.show_notice("The answer could not be repeated.")
            desk.controller._conversations.show_branch(second)
            assert notice.text() == ""
            assert actions["undo"].text() == "Undo: remove picture"
            desk.controller._history.rename("A rocket")
            await desk.until(lambda: desk.controller._conversations.shown.title == "A rocket")
            actions["undo"].trigger()
            await desk.until(lambda: desk.controller._conversations.shown.title != "A rocket")
            actions["undo"].trigger()
            assert list(desk.chips()) == ["chelsea.png"] and len(attachments.ready) == 1

    run_async(scenario())


def test_what_is_said_of_a_removal_goes_with_the_next_thing_and_undo_stays(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await desk.until(lambda: desk.window.pane.sha256)
            await desk.ask("What is this?")
            await desk.answered()
            await desk.attach(CAT, CUP)
            strip, notice = desk.window.composer.strip, desk.window.notice
            attachments, history = desk.controller._composing.attachments, desk.controller._history
            actions, (cat, _), (cup, _) = desk.window.actions_table, *attachments.ready

            def remove_cat() -> None:
                attachments.bring(cat, CAT.name)
                strip.removed.emit(next(chip.key for chip in strip.chips() if chip.name == CAT.name))
                assert notice.text() == "chelsea.png is removed." and CAT.name not in desk.chips()

            remove_cat()
            await desk.attach(PHOTO)
            assert notice.text() == ""
            actions["undo"].trigger()
            assert sorted(desk.chips()) == [CAT.name, CUP.name, PHOTO.name]
            remove_cat()
            attachments.choose_treatment(cup, Treatment(detail=Detail.TILES), "send it in tiles")
            assert notice.text() == ""
            remove_cat()
            history.rename("A rocket")
            await desk.until(lambda: not notice.text())
            remove_cat()
            await desk.ask("And these?")
            await desk.until(lambda: not notice.text())

    run_async(scenario())
