"""What is sent, as the inspector and the line in the composer show it, against what a server gets."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.events import Finished, TextDelta
from app.domain.model import Endpoint, Limits, PictureEncoding
from app.domain.picture import Detail
from app.domain.request import PromptPicture
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.sent.inspecting import InspectingController
from ui.inspector.dialog import InspectorDialog
from ui.inspector.shown import ShownPicture
from ui.panes.view.picture_view import PictureView
from ui.run_card_dialog import RunCardDialog

RunAsync = Callable[[Any], Any]
SAYS = (TextDelta(text="A cat."), Finished(reason="stop"))
CAT, PAGE = PHOTOS / "chelsea.png", PHOTOS / "page.png"


class FarProvider(ScriptedProvider):
    """A server elsewhere that takes small pictures."""

    endpoint = Endpoint(id="quick-look", name="Scripted", on_this_computer=False, host="pictures.example")


def far(*, limits: Limits | None = None) -> FarProvider:
    return FarProvider(*SAYS, limits=limits or Limits(longest_side=192, most_pictures=4))


def inspecting(desk: Desk) -> InspectingController:
    return desk.controller._sent.inspecting


@asynccontextmanager
async def far_desk(
    home: Path, *pictures: Path, provider: ScriptedProvider | None = None
) -> AsyncGenerator[Desk, None]:
    """A window that asks a server elsewhere, with pictures in the draft."""
    async with open_desk(home) as desk:
        desk.answer_with(provider or far())
        if pictures:
            await desk.attach(*pictures)
        yield desk


async def opened(desk: Desk) -> InspectorDialog:
    """The inspector, with the plan and its picture on the stage."""
    desk.window.actions_table["sent"].trigger()
    await desk.until(lambda: inspecting(desk).plan is not None and inspecting(desk).window.dialog)
    dialog = _dialog(desk)
    await desk.until(lambda: not inspecting(desk).window._steps.busy)
    await desk.until(lambda: dialog.stage.state != "waiting" and not dialog.busy.isVisible())
    return dialog


def view_of(desk: Desk) -> PictureView:
    view = _dialog(desk).stage.view
    assert isinstance(view, PictureView)
    return view


def image(desk: Desk) -> QImage:
    return view_of(desk).image


def rgb(shown: QImage) -> bytes:
    rows = shown.convertToFormat(QImage.Format.Format_RGB888)
    stride, width = rows.bytesPerLine(), 3 * rows.width()
    bits = bytes(rows.constBits())
    return b"".join(bits[y * stride : y * stride + width] for y in range(rows.height()))


def decoded(picture: PromptPicture, tmp_path: Path) -> bytes:
    """The pixels of what a server got, as Pillow decodes them."""
    path = tmp_path / picture.prepared.sha256
    path.write_bytes(picture.data)
    with Image.open(path) as opened_picture:
        return opened_picture.convert("RGB").tobytes()


def facts(picture: ShownPicture, view: int = 0) -> dict[str, str]:
    sections = (picture.views[view].facts, *picture.facts)
    return {row.label: row.value for section in reversed(sections) for row in section.rows}


def meter(desk: Desk) -> str:
    shown = inspecting(desk)._meter
    return "" if shown.isHidden() else shown.text()


def test_the_inspector_shows_the_very_pixels_that_the_server_gets(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        provider = far()
        async with far_desk(home, CAT, provider=provider) as desk:
            dialog = await opened(desk)
            await desk.until(lambda: not image(desk).isNull())
            (shown,) = dialog.shown.pictures
            before, seen = facts(shown), rgb(image(desk))
            assert before["To"] == "pictures.example" and before["Scale"] == "43 % of the original's width"
            await desk.ask("What?")
            await desk.answered()
            (sent,) = provider.requests[0].messages[-1].pictures
            assert hashlib.sha256(sent.data).hexdigest() == before["SHA-256"] == sent.prepared.sha256
            assert decoded(sent, tmp_path) == seen
            ((_, answer),) = await desk.stored()
            inspecting(desk).open_answer(answer)
            await desk.until(lambda: dialog.shown.title == "1 picture went to pictures.example")
            await desk.until(lambda: dialog.stage.state == "picture")
            assert rgb(image(desk)) == seen
            assert facts(dialog.shown.pictures[0])["SHA-256"] == sent.prepared.sha256

    run_async(scenario())


def tagged(folder: Path) -> Path:
    """A photograph that tells where and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Google", "Pixel 9", "2026:05:01 10:11:12"
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 36.84), 3: "E", 4: (8.0, 32.0, 30.12)})
    path = folder / "IMG_0815.jpg"
    with Image.open(PHOTOS / "rocket.jpg") as photograph:
        photograph.save(path, exif=exif, quality=90)
    return path


def test_the_raw_pixels_of_quick_look_are_shown_as_they_are(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        raw = Limits(longest_side=256, most_pictures=4, encoding=PictureEncoding.RGB)
        provider = ScriptedProvider(*SAYS, limits=raw)
        async with far_desk(home, CAT, provider=provider) as desk:
            dialog = await opened(desk)
            await desk.until(lambda: not image(desk).isNull())
            (shown,) = dialog.shown.pictures
            assert dialog.shown.title == "1 picture goes to Scripted, on this computer"
            assert facts(shown)["Format"] == "Raw pixels" and "Tokens" not in facts(shown)
            assert not dialog.facts.ways.isVisible()
            seen = rgb(image(desk))
            await desk.ask("What?")
            await desk.answered()
            (sent,) = provider.requests[0].messages[-1].pictures
            assert sent.data == seen

    run_async(scenario())


def test_another_size_holds_for_what_is_shown_and_for_what_is_sent(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        provider = far()
        async with far_desk(home, PAGE, provider=provider) as desk:
            dialog = await opened(desk)
            (shown,) = dialog.shown.pictures
            (warning,) = dialog.facts.advices
            assert "Small writing is about" in warning.text() and shown.tone == "warning"
            assert meter(desk).startswith("Small writing; 1 picture")
            assert [way.value for way in shown.ways] == ["", "fit", "tiles", "asset", "original"]
            assert [way.value for way in shown.ways if way.why_not] == ["asset"]
            assert all("Make it fit" in said for said in (shown.ways[0].help, shown.ways[1].words))
            impossible = "“Keep every pixel, upload” cannot be chosen. This endpoint takes no uploads."
            assert impossible in dialog.facts.ways.field.help.text()
            combo = dialog.facts.ways.combo
            assert "This endpoint takes no uploads." in combo.accessibleDescription()
            combo.setCurrentIndex(combo.findData("original"))
            combo.activated.emit(combo.currentIndex())
            await desk.until(lambda: facts(dialog.shown.pictures[0])["Pixels"] == "384 × 191")
            await desk.until(lambda: image(desk).width() == 384)
            assert dialog.facts.advices == [] and meter(desk).startswith("1 picture")
            assert facts(dialog.shown.pictures[0])["Scale"] == "every pixel of the original"
            seen = rgb(image(desk))
            await desk.ask("What?")
            await desk.answered()
            (sent,) = provider.requests[0].messages[-1].pictures
            assert decoded(sent, tmp_path) == seen
            ((question, _),) = await desk.stored()
            assert question.pictures[0].treatment.detail is Detail.ORIGINAL

    run_async(scenario())


def test_the_place_that_a_file_names_is_told_and_does_not_leave(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        provider = far()
        async with far_desk(home, tagged(tmp_path), provider=provider) as desk:
            dialog = await opened(desk)
            told = facts(dialog.shown.pictures[0])
            assert told["GPS"] == "47.37690° N, 8.54170° E" and told["Camera"] == "Google Pixel 9"
            assert "GPS" in told["Found"] and told["Taken"].startswith("2026-05-01")
            notes = [section.note for section in dialog.shown.pictures[0].facts]
            assert "All of this was removed, the place too: only pixels are sent." in notes
            await desk.ask("Where?")
            await desk.answered()
            (sent,) = provider.requests[0].messages[-1].pictures
            path = tmp_path / "sent"
            path.write_bytes(sent.data)
            with Image.open(path) as picture:
                assert not picture.getexif() and "exif" not in picture.info
            assert b"Pixel 9" not in sent.data

    run_async(scenario())


def test_the_original_lies_in_the_same_place_at_the_same_zoom(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT) as desk:
            dialog = await opened(desk)
            await desk.until(lambda: image(desk).width() == 192)
            view = view_of(desk)
            view.zoom_to(5.0)
            look, size = view.look(), view.placement.picture
            dialog.stage.original.click()
            await desk.until(lambda: image(desk).width() == 451)
            assert (view.look(), view.placement.picture) == (look, size)
            dialog.stage.as_sent.click()
            await desk.until(lambda: image(desk).width() == 192)
            assert view.look() == look

    run_async(scenario())


def test_what_is_not_kept_any_more_is_told_with_how_it_was_made(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT) as desk:
            await desk.ask("What?")
            await desk.answered()
            ((_, answer),) = await desk.stored()
            shutil.rmtree(home / "prepared")
            actions = desk.window.actions_table
            actions["card"].trigger()
            await desk.until(lambda: desk.window.findChildren(RunCardDialog))
            desk.window.findChildren(RunCardDialog)[0].sent_button.click()
            await desk.until(lambda: inspecting(desk).window.dialog and _dialog(desk).shown.pictures)
            dialog = _dialog(desk)
            await desk.until(lambda: dialog.stage.state == "nothing")
            assert "not kept any more" in dialog.stage.nothing.label.text()
            assert facts(dialog.shown.pictures[0])["Pixels"] == "192 × 128"
            dialog.stage.original.click()
            await desk.until(lambda: dialog.stage.state == "picture")
            assert answer.run is not None and dialog.shown.pictures[0].ways == ()

    run_async(scenario())


def test_browsing_plans_nothing_and_a_window_without_pictures_makes_none_of_it(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with far_desk(home) as desk:
            door = desk.controller._sent
            await desk.ask("No picture?")
            await desk.answered()
            assert "inspecting" not in vars(door) and "choices" not in vars(door)
            await desk.attach(CAT)
            await desk.until(lambda: "inspecting" in vars(door) and meter(desk))
            assert inspecting(desk).window.dialog is None
            await desk.ask("What?")
            await desk.answered()
            await desk.until(lambda: not meter(desk) and inspecting(desk).plan is None)
            desk.window.composer.edit.setPlainText("And then?")
            await desk.until(lambda: meter(desk).startswith("1 picture"))
            desk.window.composer.edit.setPlainText("")
            await desk.until(lambda: not meter(desk))

    run_async(scenario())


def test_the_keyboard_opens_walks_and_closes_the_inspector(
    run_async: RunAsync, home: Path, qtbot: QtBot
) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT, PAGE) as desk:
            await desk.until(lambda: "inspecting" in vars(desk.controller._sent) and meter(desk))
            line = inspecting(desk)._meter
            assert line.accessibleName().startswith("2 pictures go to pictures.example. ")
            assert "may not read it" in line.accessibleName()
            qtbot.keyClick(line, Qt.Key.Key_Return)
            await desk.until(lambda: inspecting(desk).window.dialog)
            dialog = _dialog(desk)
            await desk.until(lambda: len(dialog.shown.pictures) == 2 and dialog.list.isVisible())
            assert dialog.current == ":0"
            qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
            assert dialog.current == ":1"
            spoken = dialog.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
            assert spoken.startswith("page.png: 192 × 96, ")
            names = [w.accessibleName() for w in (dialog.list, dialog.stage.views, dialog.facts.ways.combo)]
            assert all(names) and all(value.accessibleName() for value in dialog.facts.values)
            dialog.activateWindow()
            await desk.until(dialog.isActiveWindow)
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
            await desk.until(lambda: inspecting(desk).window.dialog is None)
            assert meter(desk)

    run_async(scenario())


def test_every_place_that_shows_a_picture_leads_to_what_is_sent_of_it(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT, PAGE) as desk:
            ((cat, _), _) = desk.controller._composing.attachments.ready
            await desk.until(lambda: desk.window.pane.sha256)
            bar = desk.window.pane.view.bar
            (button,) = [stop for stop in bar.stops if stop.accessibleName() == "What is sent of it"]
            button.click()
            shown = desk.window.pane.sha256
            await desk.until(lambda: inspecting(desk).window.dialog)
            await desk.until(lambda: _dialog(desk).shown.pictures and _current(desk) == shown)
            desk.controller._pictures.show_picture(cat)
            await desk.until(lambda: desk.window.pane.sha256 == cat)
            desk.window.composer.strip.menu_requested.emit(cat, desk.window.mapToGlobal(QPoint(9, 9)))
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            menu.actions()[0].trigger()
            menu.close()
            await desk.until(lambda: _current(desk) == cat)
            desk.window.filmstrip.menu_requested.emit(cat, desk.window.mapToGlobal(QPoint(9, 9)))
            strip_menu = QApplication.activePopupWidget()
            assert isinstance(strip_menu, QMenu)
            assert "What is sent of it" in [action.text() for action in strip_menu.actions()]
            strip_menu.close()

    run_async(scenario())


def test_nothing_is_planned_any_more_while_the_window_ends(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT) as desk:
            await opened(desk)
            controller = inspecting(desk)
            controller.refresh()
            controller.close()
            controller.refresh()
            assert not controller._timer.isActive() and not desk.controller._tasks.runs("plan what is sent")

    run_async(scenario())


def test_a_model_that_cannot_be_asked_is_told_in_place(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT) as desk:
            desk.controller._endpoints.forbidden = "Nobody may be asked."
            desk.window.actions_table["sent"].trigger()
            await desk.until(lambda: inspecting(desk).window.dialog)
            dialog = _dialog(desk)
            await desk.until(lambda: dialog.totals.text() == "Nobody may be asked.")
            assert dialog.stage.state == "nothing" and not meter(desk)

    run_async(scenario())


def _dialog(desk: Desk) -> InspectorDialog:
    dialog = inspecting(desk).window.dialog
    assert dialog is not None
    return dialog


def _current(desk: Desk) -> str:
    """The hash of the picture that is looked at."""
    dialog = _dialog(desk)
    return next((one.sha256 for one in dialog.shown.pictures if one.id == dialog.current), "")


def test_a_picture_that_was_left_out_comes_back_from_the_inspector_and_from_the_menu_of_its_pane(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with far_desk(home, CAT) as desk:
            await desk.ask("What?")
            await desk.answered()
            dialog = await opened(desk)
            rules = dialog.facts.rules.combo

            async def choose(rule: str) -> None:
                rules.setCurrentIndex(rules.findData(rule))
                rules.activated.emit(rules.currentIndex())
                await desk.until(lambda: dialog.shown.pictures[0].rule == rule)

            await choose("drop")
            (shown,) = dialog.shown.pictures
            assert (shown.line, dialog.title.text()) == ("Left out", "No picture goes along")
            assert [advice.words for advice in shown.advices] == [
                "You chose to leave it out. Choose below that it goes along again."
            ]
            panes = desk.window.actions_table.menus["panes"]
            panes.aboutToShow.emit()
            rows = {row.text(): row for menu in panes.findChildren(QMenu) for row in menu.actions()}
            assert rows["Does not go along again"].isChecked()
            rows["Goes along while there is room"].trigger()
            await desk.until(lambda: dialog.title.text() == "1 picture goes to pictures.example")
            assert rules.currentData() == "keep"
            menu_of_row = dialog.menu_requested
            menu_of_row.emit(dialog.current, dialog.mapToGlobal(QPoint(20, 80)))
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            words = [row.text() for row in menu.actions() if row.text()]
            assert "Always goes along" in words and "What is sent of it" not in words
            menu.close()

    run_async(scenario())
