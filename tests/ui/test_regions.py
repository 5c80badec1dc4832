"""What is drawn on pictures, through the whole window: kept, sent, taken along."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256 as hash_of
from pathlib import Path
from typing import Any

import PySide6
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.region import (
    COVER_GREY,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.domain.request import PromptPicture
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.composer.attachment_strip import _Chip
from ui.controllers.conversation.entries import AGAIN
from ui.panes.regions.board import RegionBoard
from ui.panes.regions.tools import Tool
from ui.panes.view.picture_view import PictureView
from ui.widgets.offered import OfferedPictures

RunAsync = Callable[[Any], Any]
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(20, 30), Point(120, 90)), "the sign")
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
DONE = Treatment((SIGN,), RegionSend.MARKED, (FACE,))
ANSWERED = (TextDelta(text="Yes."), Finished(reason="stop"))
PHOTO, OTHER = PHOTOS / "rocket.jpg", next(path for path in sorted(PHOTOS.iterdir()) if path.suffix == ".png")
CAT = PHOTOS / "chelsea.png"
Place = QPointF if PySide6.__version_info__ >= (6, 12) else QPoint  # what 6.12 wants 6.11 does not know


ABOUT = 20
"""Levels by which JPEG may change what is painted."""
ROOMY = Limits(longest_side=4096, most_pictures=12)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def attached(desk: Desk) -> str:
    """The hash of the first picture of the draft."""
    return desk.controller._composing.attachments.ready[0][0]


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


def test_a_picture_attached_again_has_its_covers_but_for_those_taken_off(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            attachments = desk.controller._composing.attachments
            await desk.attach(PHOTO)
            sha256 = attached(desk)
            attachments.set_treatment(sha256, DONE)
            await desk.ask("What does it say?")
            await desk.answered()
            await desk.attach(PHOTO)
            assert attachments.treatments == {sha256: Treatment(redactions=(FACE,))}
            attachments.set_treatment(sha256, Treatment())
            await desk.ask("And now?")
            await desk.answered()
            ((_, _, second, _),) = await desk.stored()
            assert second.pictures[0].treatment == Treatment()
            await desk.attach(PHOTO)
            assert attachments.treatments == {}

    run_async(scenario())


# ---- with a hand


def view_of(desk: Desk) -> PictureView:
    return desk.window.pane.view


def board_of(desk: Desk) -> RegionBoard:
    return desk.controller._places.drawing.regions._markers[desk.window.pane].board


async def shown(desk: Desk) -> str:
    """Wait until the pane shows a picture, and return its hash."""
    await desk.until(lambda: desk.window.pane.sha256)
    await desk.until(lambda: desk.window.pane in desk.controller._places.drawing.regions._markers)
    view_of(desk).setFocus()
    return desk.window.pane.sha256


def draw(desk: Desk, key: str, *way: tuple[float, float], drop: bool = True) -> None:
    """Take a tool by its key and drag it over places of the picture."""
    view = view_of(desk)
    QTest.keyClick(view, key)
    places = [view.placement.to_view(QPointF(*place)).toPoint() for place in way]
    QTest.mousePress(view, LEFT, NONE, places[0])
    for place in places[1:]:
        moved = QMouseEvent(
            *(QEvent.Type.MouseMove, QPointF(place), QPointF(view.mapToGlobal(place))),
            *(Qt.MouseButton.NoButton, LEFT, NONE),
        )
        QApplication.sendEvent(view, moved)
    if drop:
        QTest.mouseRelease(view, LEFT, NONE, places[-1])


def chips(desk: Desk) -> list[_Chip]:
    return desk.window.composer.strip.findChildren(_Chip)


def seen(picture: PromptPicture) -> QImage:
    return QImage.fromData(picture.data)


def is_covered(picture: PromptPicture, x: int, y: int) -> bool:
    """Whether a place of the original is painted over in what was sent."""
    sent = picture.prepared
    at = QPoint(round((x - sent.left) / sent.scale_x), round((y - sent.top) / sent.scale_y))
    colour = seen(picture).pixelColor(at)
    return all(abs(level - COVER_GREY) <= ABOUT for level in (colour.red(), colour.green(), colour.blue()))


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


def test_covers_hold_for_follow_ups_and_other_answers_and_leave_the_original(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            provider = ScriptedProvider(*ANSWERED, limits=ROOMY)
            desk.answer_with(provider)
            sha256 = await shown(desk)
            draw(desk, "c", (100, 100), (200, 180))
            assert "Your original stays as it is." in desk.window.notice.text()
            await desk.ask("Who is this?")
            await desk.answered()
            await desk.ask("And what else?")  # the picture goes again with what was said before
            await desk.answered()
            desk.window.actions_table["again"].trigger()
            await desk.until(lambda: len(provider.requests) == 3)
            await desk.answered()
            await desk.attach(PHOTO)
            await desk.ask("Look again.")
            await desk.answered()
            sent = [p for request in provider.requests for m in request.messages for p in m.pictures]
            assert len(sent) == 5
            assert all(is_covered(picture, 150, 140) for picture in sent)
            assert not is_covered(sent[0], 300, 240)
            path = desk.services.store.pictures.path(sha256)
            assert hash_of(path.read_bytes()).hexdigest() == sha256 == hash_of(PHOTO.read_bytes()).hexdigest()

    run_async(scenario())


def test_what_is_covered_on_an_earlier_picture_is_covered_when_that_goes_again(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            provider = ScriptedProvider(*ANSWERED, limits=ROOMY)
            desk.answer_with(provider)
            sha256 = await shown(desk)
            await desk.ask("What is this?")
            await desk.answered()
            assert desk.chips() == {}
            draw(desk, "c", (100, 100), (200, 180))
            assert desk.chips() == {PHOTO.name: "ready"}
            assert attached(desk) == sha256
            await desk.ask("And now?")
            await desk.answered()
            first, *then = [p for request in provider.requests for m in request.messages for p in m.pictures]
            assert not is_covered(first, 150, 140)
            assert len(then) == 2 and all(is_covered(picture, 150, 140) for picture in then)
            first_answer = desk.controller._conversations.shown.branch[1].id
            desk.window.transcript.action_requested.emit(first_answer, AGAIN)
            await desk.until(lambda: len(provider.requests) == 3)
            await desk.answered()
            assert all(is_covered(p, 150, 140) for m in provider.requests[2].messages for p in m.pictures)

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
            QTest.keyClick(view_of(desk), Qt.Key.Key_Return)
            attachments = desk.controller._composing.attachments
            assert attachments.treatments == {sha256: Treatment((SIGN,), RegionSend.BOTH, (FACE,))}
            assert board.earlier == ()

    run_async(scenario())


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
            assert region.accessibleName() == "Show it on the picture: 1 the sign"
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


def test_a_region_named_by_another_part_of_the_window_is_asked_about(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            sha256 = await shown(desk)
            await desk.ask("What is there?")
            await desk.answered()
            desk.controller._places.drawing.regions.add_region(sha256, SIGN)
            assert desk.controller._composing.attachments.treatments == {sha256: Treatment((SIGN,))}
            assert board_of(desk).selected == SIGN
            desk.controller._places.drawing.regions.add_region(sha256, SIGN)
            assert desk.controller._composing.attachments.treatments == {sha256: Treatment((SIGN,))}

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


def test_what_was_said_of_covers_is_over_with_the_question_and_the_conversation(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            desk.answer_with(ScriptedProvider(*ANSWERED))
            await shown(desk)
            draw(desk, "c", (100, 100), (200, 180))
            notice = desk.window.notice
            assert "painted over" in notice.text()
            await desk.ask("Who is this?")
            assert notice.text() == ""
            await desk.answered()
            desk.window.panes.refused.emit("There is no room for another pane.")
            desk.controller._composing.open(desk.controller._conversations.conversation_id)
            assert notice.text()
            desk.window.actions_table["new"].trigger()
            assert notice.text() == ""
            await desk.until(lambda: desk.controller._conversations.conversation_id is None)

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
