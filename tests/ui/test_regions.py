"""What is drawn on pictures, through the whole window: kept, sent, taken along."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.domain.region import RegionSend, Treatment
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from tests.ui.drawn import (
    ANSWERED,
    CAT,
    DONE,
    FACE,
    LEFT,
    NONE,
    OTHER,
    PHOTO,
    ROOMY,
    SIGN,
    Place,
    RunAsync,
    attached,
    board_of,
    chips,
    draw,
    seen,
    shown,
    view_of,
)
from ui.panes.regions.tools import Tool
from ui.widgets.offered import OfferedPictures


def writes(desk: Desk) -> bool:
    """Whether what is typed goes into the question."""
    return desk.window.focusWidget() is desk.window.composer.edit


def test_what_is_drawn_is_there_after_a_restart(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.attach(PHOTO)
            attachments = desk.controller._composing.attachments
            attachments.set_treatment(attached(desk), DONE)
            drafts = desk.controller._composing.drafts
            await desk.until(lambda: drafts._saved and drafts._saved[1].treatments)
        async with open_desk(home) as desk:
            attachments = desk.controller._composing.attachments
            assert attachments.treatments == {attached(desk): DONE}
            assert desk.window.composer.strip.chips()[0].treatment == DONE

    run_async(scenario())


def test_what_is_drawn_goes_with_the_question_and_into_its_change(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await desk.attach(PHOTO)
            composing = desk.controller._composing
            sha256 = attached(desk)
            composing.attachments.set_treatment(sha256, DONE)
            await desk.ask("What does it say?")
            await desk.answered()
            ((question, _),) = await desk.stored()
            assert question.pictures[0].treatment == DONE
            assert composing.attachments.treatments == {}
            composing.editing.begin(question)
            await desk.until(lambda: composing.attachments.ready)
            assert composing.attachments.treatments == {sha256: DONE}

    run_async(scenario())


def test_what_is_drawn_in_the_window_is_cut_out_and_sent_beside_the_whole(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            provider = ScriptedProvider(*ANSWERED, limits=ROOMY)
            desk.answer_with(provider)
            sha256 = await shown(desk)
            view_of(desk).show_full()
            centre = view_of(desk).placement.centre
            x, y = round(centre.x()), round(centre.y())
            draw(desk, "r", (x - 60, y - 40), (x, y), (x + 61, y + 32))
            attachments = desk.controller._composing.attachments
            (region,) = attachments.treatment(sha256).regions
            await desk.ask("What is this?")
            await desk.answered()
            whole, cut = provider.requests[0].messages[-1].pictures
            assert (whole.prepared.view.value, cut.prepared.view.value) == ("whole", "region")
            assert cut.prepared.region == region.id
            sent = cut.prepared
            assert (sent.width, sent.height) == (seen(cut).width(), seen(cut).height())
            (left, top), (right, bottom) = ((p.x, p.y) for p in region.points)
            assert (left, top, right, bottom) == (x - 60, y - 40, x + 61, y + 32)
            margins = left - sent.left, top - sent.top, sent.left + sent.width - right
            assert all(0 <= margin < 20 for margin in margins)  # a little of what is round it

    run_async(scenario())


def test_a_region_of_an_earlier_question_is_seen_after_a_restart_and_taken_along(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            desk.controller._composing.attachments.set_treatment(sha256, DONE)
            await desk.ask("What does it say?")
            await desk.answered()
        async with open_desk(home) as desk:
            (row,) = await desk.services.store.conversations.list()
            desk.controller._composing.open(row.id)
            await shown(desk)
            board = board_of(desk)
            assert board.treatment == Treatment() and board.earlier == (FACE, SIGN)
            rows = desk.window.transcript._arrangement.messages
            assert rows[0].entry.treated[0].words == "1 region, 1 place covered"
            QTest.keyClick(view_of(desk), ",")
            assert board.selected == SIGN
            attachments, told = desk.controller._composing.attachments, []
            attachments.changed.connect(lambda: told.append(attachments.treatments))
            QTest.keyClick(view_of(desk), Qt.Key.Key_Return)
            assert told == [{sha256: Treatment((SIGN,), RegionSend.BOTH, (FACE,))}]  # laid out once
            assert board.earlier == ()
            assert writes(desk)

    run_async(scenario())


def test_a_region_named_by_another_part_of_the_window_is_asked_about(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            await desk.ask("What is there?")
            await desk.answered()
            desk.controller._places.drawing.regions.add_region(sha256, SIGN)
            assert desk.controller._composing.attachments.treatments == {sha256: Treatment((SIGN,))}
            assert board_of(desk).selected == SIGN and writes(desk)
            await desk.attach(CAT)
            await desk.until(lambda: desk.window.pane.sha256 != sha256)
            view_of(desk).setFocus()
            desk.controller._places.drawing.regions.add_region(sha256, SIGN)
            assert desk.controller._composing.attachments.treatments == {sha256: Treatment((SIGN,))}
            await desk.until(lambda: desk.window.pane.sha256 == sha256)
            assert board_of(desk).selected == SIGN and writes(desk)
            desk.window.composer.strip.mark_activated.emit(sha256, SIGN.id)
            assert view_of(desk).hasFocus()

    run_async(scenario())


def test_a_picture_that_is_chosen_is_written_about(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            await shown(desk)
            attachments, (chip,) = desk.controller._composing.attachments, chips(desk)
            for choose, there in (
                (attachments.ask_for_files, {PHOTO.name, OTHER.name}),
                (lambda: attachments.ask_for_another(chip.shown.key), {CAT.name, OTHER.name}),
            ):
                view_of(desk).setFocus()
                choose()
                dialog = desk.window.findChildren(QFileDialog)[-1]
                dialog.filesSelected.emit([str(OTHER if CAT.name not in there else CAT)])
                dialog.done(0)
                await desk.until(lambda there=there: set(desk.chips()) == there)  # type: ignore[misc]
                assert writes(desk)

    run_async(scenario())


def test_a_picture_dropped_on_another_one_takes_its_place(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            sha256 = await shown(desk)
            attachments = desk.controller._composing.attachments
            attachments.set_treatment(sha256, DONE)
            window, chip = desk.window, chips(desk)[0]
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(OTHER))])
            on = QPoint(chip.mapTo(window, QPoint(20, 20)))
            dropped = (Qt.DropAction.CopyAction, mime, LEFT, NONE)
            QApplication.sendEvent(window, QDragEnterEvent(Place(300, 200), *dropped))
            overlay = window.drops.overlay
            assert overlay.sentence == "Drop to add this picture"
            QApplication.sendEvent(overlay, QDragMoveEvent(Place(on), *dropped))
            assert overlay.sentence == f"Drop to put it in the place of {PHOTO.name}"
            assert not overlay.grab().isNull()
            QApplication.sendEvent(overlay, QDropEvent(QPointF(on), *dropped))
            await desk.until(lambda: desk.chips() == {OTHER.name: "ready"})
            assert attachments.treatments == {}
            QApplication.sendEvent(window, QDragEnterEvent(Place(300, 200), *dropped))
            QApplication.sendEvent(overlay, QDropEvent(QPointF(300, 200), *dropped))
            await desk.until(lambda: not attachments.reading)
            assert desk.chips() == {OTHER.name: "ready"}

    run_async(scenario())


@pytest.mark.parametrize("key", ["r", "c"])
def test_what_is_being_drawn_goes_with_its_picture(run_async: RunAsync, home: Path, key: str) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            attachments, way = desk.controller._composing.attachments, ((100, 100), (200, 180))
            first = await shown(desk)
            await desk.attach(OTHER)
            await desk.until(lambda: desk.window.pane.sha256 not in ("", first))
            draw(desk, key, *way, drop=False)
            desk.controller._places._pictures.show_picture(first)  # as Ctrl+PgDown does
            QTest.mouseRelease(view_of(desk), LEFT)
            assert desk.window.pane.sha256 == first and attachments.treatments == {}
            draw(desk, key, *way)
            assert list(attachments.treatments) == [first]
            draw(desk, key, (220, 100), (300, 180), drop=False)
            third = OfferedPictures(paths=(str(CAT),))
            desk.window.pictures_offered.emit(third, False)  # dropped, and shown before it is taken in
            await desk.until(lambda: not desk.window.pane.sha256)
            assert board_of(desk).treatment == Treatment()
            draw(desk, key, *way)
            QTest.mouseRelease(view_of(desk), LEFT)
            await desk.until(lambda: CAT.name in desk.chips() and not attachments.reading)
            await desk.until(lambda: desk.window.pane.name == CAT.name)
            done = attachments.treatments
            assert list(done) == [first] and len(done[first].regions + done[first].redactions) == 1

    run_async(scenario())


def test_a_tool_is_put_down_with_the_question_that_it_was_taken_for(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED, limits=ROOMY))
            attachments = desk.controller._composing.attachments
            await shown(desk)
            draw(desk, "r", (100, 100), (200, 180))
            await desk.ask("What is this?")
            await desk.answered()
            assert board_of(desk).tool is Tool.HAND
            draw(desk, "c", (220, 100), (300, 180))
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: not desk.window.pane.sha256)
            await desk.attach(CAT)
            await desk.until(lambda: desk.window.pane.name == CAT.name)
            assert board_of(desk).tool is Tool.HAND
            draw(desk, " ", (100, 100), (200, 180))
            assert attachments.treatments == {}

    run_async(scenario())


@pytest.mark.parametrize("stroke", [True, False])
def test_a_tool_that_is_taken_before_a_picture_can_be_drawn_on_is_not_lost(
    run_async: RunAsync, home: Path, stroke: bool
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            door = desk.controller._places.drawing

            def work(sha256: str) -> None:
                assert sha256 and "regions" not in door.__dict__
                if stroke:
                    draw(desk, "r", (100, 100), (160, 140), (200, 180))
                else:
                    QTest.keyClick(view_of(desk), "r")

            desk.window.pane.picture_shown.connect(work, Qt.ConnectionType.SingleShotConnection)
            await desk.attach(PHOTO)
            sha256 = await shown(desk)
            await desk.until(lambda: not door._early)
            assert board_of(desk).tool is Tool.RECTANGLE
            drawn = desk.controller._composing.attachments.treatment(sha256).regions
            assert len(drawn) == stroke

    run_async(scenario())


def test_a_stroke_goes_on_while_its_picture_is_made_ready_to_be_drawn_on(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            door, attachments = desk.controller._places.drawing, desk.controller._composing.attachments

            def begin(_: str) -> None:
                QTest.keyClick(view_of(desk), "r")
                QTest.mousePress(view_of(desk), LEFT, pos=QPoint(100, 100))

            desk.window.pane.picture_shown.connect(begin, Qt.ConnectionType.SingleShotConnection)
            await desk.attach(PHOTO)
            sha256 = await shown(desk)
            await desk.until(lambda: not door._early)
            view = view_of(desk)
            assert not attachments.treatment(sha256).regions
            QTest.mouseMove(view, QPoint(200, 180))
            QTest.mouseRelease(view, LEFT, pos=QPoint(200, 180))
            (region,) = attachments.treatment(sha256).regions
            seen_at = [view.placement.to_view(QPointF(p.x, p.y)).toPoint() for p in region.points]
            assert [
                (at - there).manhattanLength() < 4
                for at, there in zip(seen_at, (QPoint(100, 100), QPoint(200, 180)), strict=True)
            ] == [True, True]

    run_async(scenario())


def test_nothing_is_drawn_with_a_tool_that_was_put_down_before_its_picture_was_ready(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            door = desk.controller._places.drawing

            def work(_: str) -> None:
                draw(desk, "r", (100, 100), (160, 140), (200, 180))
                QTest.keyClick(view_of(desk), Qt.Key.Key_Escape)

            desk.window.pane.picture_shown.connect(work, Qt.ConnectionType.SingleShotConnection)
            await desk.attach(PHOTO)
            sha256 = await shown(desk)
            await desk.until(lambda: not door._early)
            assert not desk.controller._composing.attachments.treatment(sha256).regions
            assert board_of(desk).tool is Tool.HAND

    run_async(scenario())
