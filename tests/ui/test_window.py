"""What a user does in the window, with the real library, decoder and quick look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMessageBox

from app.domain.events import Finished, TextDelta
from app.domain.message import Status
from app.pictures.intake import Offer
from app.pictures.web_picture import WebPicture
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.servers.fault_server import Answer, FaultServer, Hang
from tests.ui.desk import Desk, open_desk
from ui.widgets.offered import offer_from_mime

RunAsync = Callable[[Any], Any]
CAT = PHOTOS / "chelsea.png"
COFFEE = PHOTOS / "coffee.png"


def visible_text(desk: Desk) -> str:
    desk.window.transcript.select_all()
    return desk.window.transcript.selected_text()


def test_a_picture_is_attached_asked_about_and_described(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            await desk.until(lambda: desk.window.pane.state == "picture")
            await desk.ask("What is it?")
            await desk.answered()
            ((question, answer),) = await desk.stored()
            assert (question.text, answer.status) == ("What is it?", Status.DONE)
            assert "cat" in answer.text
            await desk.until(lambda: "cat" in visible_text(desk))
            assert desk.chips() == {}

    run_async(scenario())


def test_the_conversation_survives_a_restart_with_its_pictures(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            await desk.ask("What is it?")
            await desk.answered()
        async with open_desk(home) as desk:
            library = desk.window.library
            await desk.until(lambda: library.model.rowCount() > 0)
            (row,) = await desk.services.store.conversations.list()
            library.conversation_chosen.emit(row.id)
            await desk.until(lambda: "What is it?" in visible_text(desk))
            await desk.until(lambda: desk.window.pane.state == "picture")

    run_async(scenario())


def test_d3_a_refused_file_says_why_and_the_others_go_on(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    text = tmp_path / "notes.png"
    text.write_text("no picture")

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.attach(text, CAT)
            assert desk.chips() == {"notes.png": "refused", "chelsea.png": "ready"}
            note = desk.window.composer.strip.chips()[0].note
            assert note == "Not opened: it is text, not a picture."

    run_async(scenario())


def test_raw_pixels_of_a_paste_become_a_picture(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            mime = QMimeData()
            mime.setImageData(QImage(str(CAT)).scaled(33, 21))
            desk.window.composer.pictures_offered.emit(offer_from_mime(mime))
            await desk.until(lambda: "ready" in desk.chips().values())
            assert "pasted" in next(iter(desk.chips()))

    run_async(scenario())


def test_a_picture_on_the_web_is_asked_about_and_not_fetched_before(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk, FaultServer([Answer([CAT.read_bytes()])]) as server:
            mime = QMimeData()
            mime.setUrls([QUrl(f"{server.url}/a/cat.png?key=1")])
            desk.window.drops.pictures_offered.emit(offer_from_mime(mime))
            await desk.until(lambda: "refused" in desk.chips().values())
            assert not desk.services.gate.ledger
            (question,) = desk.window.findChildren(QMessageBox)
            assert f"127.0.0.1:{server.port}" in question.text()
            fetch = next(button for button in question.buttons() if button.text() == "Fetch")
            await desk.attach(COFFEE)
            fetch.click()
            await desk.until(lambda: desk.chips() == {"cat.png": "ready", COFFEE.name: "ready"})
            assert list(desk.chips()) == ["cat.png", COFFEE.name]
            assert [request.path for request in server.requests] == ["/a/cat.png?key=1"]

    run_async(scenario())


def test_a_picture_on_the_web_that_the_user_does_not_want_is_left_there(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            mime = QMimeData()
            mime.setUrls([QUrl("https://127.0.0.1:9/cat.png")])
            desk.window.drops.pictures_offered.emit(offer_from_mime(mime))
            await desk.until(lambda: "refused" in desk.chips().values())
            (question,) = desk.window.findChildren(QMessageBox)
            question.button(QMessageBox.StandardButton.Cancel).click()
            await asyncio.sleep(0)
            assert not desk.services.gate.ledger
            assert list(desk.chips().values()) == ["refused"]

    run_async(scenario())


def offer_from_web(desk: Desk, url: str) -> None:
    """Drop the address of a picture, and agree to its being fetched."""
    mime = QMimeData()
    mime.setUrls([QUrl(url)])
    desk.window.drops.pictures_offered.emit(offer_from_mime(mime))


async def agree(desk: Desk) -> None:
    await desk.until(lambda: desk.window.findChildren(QMessageBox))
    (question,) = desk.window.findChildren(QMessageBox)
    next(button for button in question.buttons() if button.text() == "Fetch").click()


def test_a_picture_that_the_web_does_not_send_holds_nothing_up(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk, FaultServer([Answer([Hang()]), Answer([Hang()])]) as server:
            offer_from_web(desk, f"{server.url}/slow.png")
            await agree(desk)
            await desk.until(lambda: len(server.requests) == 1)
            desk.window.composer.edit.setPlainText("Half")
            desk.window.composer.strip.removed.emit(desk.window.composer.strip.chips()[0].key)
            assert desk.chips() == {}
            await desk.until(lambda: not fetching(desk))

            offer_from_web(desk, f"{server.url}/slow.png")
            await agree(desk)
            await desk.until(lambda: len(server.requests) == 2)
            desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.chips() == {})
            await desk.until(lambda: not fetching(desk))

    run_async(scenario())


def fetching(desk: Desk) -> list[str]:
    """The names of the tasks that fetch pictures."""
    return [name for name in desk.controller._tasks._tasks if name.startswith("take ")]


def test_a_picture_that_is_taken_away_while_it_is_read_stays_away(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            failed: list[BaseException] = []
            desk.controller._tasks.failed.connect(failed.append)
            await desk.attach(COFFEE)
            desk.controller.open_paths([str(COFFEE)])  # it is there already
            desk.window.composer.strip.removed.emit(desk.window.composer.strip.chips()[-1].key)
            desk.controller.open_paths([str(CAT)])
            desk.window.composer.strip.removed.emit(desk.window.composer.strip.chips()[-1].key)
            await desk.until(lambda: not desk.controller._tasks._tasks)
            assert desk.chips() == {"coffee.png": "ready"}
            assert failed == []

    run_async(scenario())


def test_the_same_picture_as_a_link_gives_the_first_one_its_link(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.attach(CAT)
            link = "https://example.com/cat.png"

            async def fetch(_: str) -> WebPicture:
                return WebPicture("cat.png", CAT.read_bytes(), link)

            attached = desk.controller._composing.attachments
            attached.take(Offer(urls=(link,)), fetch, as_link=True)
            await desk.until(lambda: not attached.reading)
            assert desk.chips() == {"chelsea.png": "ready"}
            assert list(attached.links.values()) == [link]

    run_async(scenario())


def test_a_picture_sent_as_a_link_stays_one_in_the_draft(run_async: RunAsync, home: Path) -> None:
    async def first() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(takes_links=True))
            await desk.attach(CAT)
            attached = desk.controller._composing.attachments
            attached._items[0].link = "https://example.com/cat.png"
            desk.controller._composing.drafts.changed()

    async def second() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(TextDelta(text="A cat."), Finished(reason="stop"), takes_links=True)
            desk.answer_with(provider)
            await desk.ask("What?")
            await desk.answered()
            (picture,) = provider.requests[0].messages[-1].pictures
            assert picture.link == "https://example.com/cat.png"

    run_async(first())
    run_async(second())


def test_stop_keeps_what_arrived(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="A c"), asyncio.Event()))
            await desk.ask("What?")
            await desk.until(lambda: "A c" in visible_text(desk))
            desk.window.composer.send.click()
            await desk.answered()
            ((_, answer),) = await desk.stored()
            assert (answer.text, answer.status) == ("A c", Status.INTERRUPTED)

    run_async(scenario())


def test_a19_an_answer_goes_on_in_its_own_conversation(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            go_on = asyncio.Event()
            steps = (TextDelta(text="First "), go_on, TextDelta(text="half."), Finished(reason="stop"))
            desk.answer_with(ScriptedProvider(*steps))
            await desk.ask("Slow?")
            await desk.until(lambda: "First" in visible_text(desk))
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: "First" not in visible_text(desk))
            assert not desk.window.composer.send.running
            go_on.set()
            desk.answer_with(ScriptedProvider(TextDelta(text="Quick."), Finished(reason="stop")))
            await desk.ask("Fast?")
            await desk.answered()
            assert "half" not in visible_text(desk)
            answers = sorted(branch[1].text for branch in await desk.stored())
            assert answers == ["First half.", "Quick."]
            slow = next(r for r in await desk.services.store.conversations.list() if r.title == "Slow?")
            desk.window.library.conversation_chosen.emit(slow.id)
            await desk.until(lambda: "First half." in visible_text(desk))

    run_async(scenario())


def test_a3_each_conversation_keeps_its_own_draft(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
            await desk.ask("First?")
            await desk.answered()
            await desk.attach(CAT)
            desk.window.composer.edit.setPlainText("half typed")
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.window.composer.text() == "")
            assert desk.chips() == {}
            (row,) = await desk.services.store.conversations.list()
            desk.window.library.conversation_chosen.emit(row.id)
            await desk.until(lambda: desk.window.composer.text() == "half typed")
            assert desk.chips() == {"chelsea.png": "ready"}

    run_async(scenario())


class HeldChat:
    """Stores a question when the test lets it; otherwise the real one."""

    def __init__(self, desk: Desk) -> None:
        self._ask, self.go_on = desk.services.chat.ask, asyncio.Event()
        desk.services.chat.ask = self.ask  # type: ignore[method-assign]

    async def ask(self, *asked: Any) -> Any:
        await self.go_on.wait()
        return await self._ask(*asked)


def test_what_is_added_while_a_question_is_being_stored_stays(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
            held = HeldChat(desk)
            desk.window.composer.edit.setPlainText("First?")
            desk.window.composer.send.click()
            await desk.attach(COFFEE)
            desk.window.composer.edit.setPlainText("And then")
            held.go_on.set()
            await desk.until(lambda: desk.chips() == {"coffee.png": "ready"})
            assert desk.window.composer.text() == "And then"
            await desk.answered()
        async with open_desk(home) as desk:
            assert desk.window.composer.text() == ""
            (row,) = await desk.services.store.conversations.list()
            desk.window.library.conversation_chosen.emit(row.id)
            await desk.until(lambda: desk.chips() == {"coffee.png": "ready"})
            assert desk.window.composer.text() == "And then"

    run_async(scenario())


def test_a_new_conversation_is_not_left_again_for_the_one_before_it(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
            held = HeldChat(desk)
            desk.window.composer.edit.setPlainText("First?")
            desk.window.composer.send.click()
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: not desk.controller._tasks.runs("open conversation"))
            held.go_on.set()
            await desk.until(lambda: not desk.controller._asking._storing)
            await desk.until(lambda: not len(desk.controller._running))
            assert desk.controller._conversations.shown is None
            assert (visible_text(desk), desk.window.composer.text()) == ("", "")
            ((question, _),) = await desk.stored()
            assert question.text == "First?"

    run_async(scenario())


def test_a_question_belongs_where_it_was_asked_whatever_is_opened_meanwhile(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
            await desk.ask("First?")
            await desk.answered()
            await desk.attach(CAT)
            held = HeldChat(desk)
            desk.window.composer.edit.setPlainText("Second?")
            desk.window.composer.send.click()
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.window.composer.text() == "")
            await desk.attach(COFFEE)
            desk.window.composer.edit.setPlainText("Elsewhere")
            held.go_on.set()
            await desk.until(lambda: not desk.controller._asking._storing)
            await desk.until(lambda: not len(desk.controller._running))
            assert (desk.window.composer.text(), desk.chips()) == ("Elsewhere", {"coffee.png": "ready"})
            (branch,) = await desk.stored()
            assert [message.text for message in branch] == ["First?", "Yes.", "Second?", "Yes."]
            (row,) = await desk.services.store.conversations.list()
            desk.window.library.conversation_chosen.emit(row.id)
            await desk.until(lambda: "Second?" in visible_text(desk))
            assert (desk.window.composer.text(), desk.chips()) == ("", {})

    run_async(scenario())


def test_what_is_typed_while_the_library_opens_is_kept(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.window.composer.edit.setPlainText("saved ")
        async with open_desk(home) as desk:
            assert desk.window.composer.text() == "saved "

    run_async(scenario())


def test_a5_a_question_that_cannot_be_stored_stays_in_the_composer(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            write = desk.services.store._transactions.write
            await write(lambda connection: connection.set_busy_timeout(100), counts=False)
            blocker = apsw.Connection(str(home / "fovea.db"))
            blocker.execute("BEGIN EXCLUSIVE")
            try:
                desk.window.composer.edit.setPlainText("Keep me")
                desk.window.composer.send.click()
                await desk.until(desk.window.notice.text)
                assert desk.window.composer.text() == "Keep me"
            finally:
                blocker.execute("ROLLBACK")
                blocker.close()
            assert await desk.stored() == []

    run_async(scenario())


def test_a12_a_newer_library_is_refused_in_the_window(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home):
            pass
        connection = apsw.Connection(str(home / "fovea.db"))
        connection.pragma("user_version", 99)
        connection.close()
        before = (home / "fovea.db").read_bytes()
        async with open_desk(home) as desk:
            assert desk.window.pane.state == "failure"
            assert not desk.window.actions_table["open"].isEnabled()
            assert "newer Fovea" in desk.window.actions_table["open"].toolTip()
            desk.window.composer.edit.setPlainText("Hello")
            desk.window.composer.send.click()
            assert "newer Fovea" in desk.window.composer.hint.text()
            assert desk.window.composer.text() == "Hello"
        assert (home / "fovea.db").read_bytes() == before

    run_async(scenario())


@pytest.mark.parametrize("theme", ["light", "dark", "high_contrast"])
def test_the_theme_is_kept(run_async: RunAsync, home: Path, theme: str) -> None:
    from app import settings

    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.window.actions_table[f"theme-{theme}"].trigger()
        assert settings.load(home).theme == theme

    run_async(scenario())


def test_the_local_engine_without_a_model_blocks_sending_and_says_why(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.window.composer.edit.setPlainText("Hello")
            desk.window.sidebar.endpoint_chosen.emit("local")
            await desk.until(lambda: not desk.controller._tasks.runs("set up endpoint"))
            desk.window.composer.send.click()
            assert "model file" in desk.window.composer.hint.text()
            assert desk.window.composer.text() == "Hello"

    run_async(scenario())


def test_a16_a_library_in_use_can_be_tried_again(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home):
            pass
        holder = apsw.Connection(str(home / "fovea.lock"))
        holder.execute("BEGIN EXCLUSIVE")
        async with open_desk(home, CAT) as desk:
            assert desk.window.pane.state == "failure"
            holder.execute("ROLLBACK")
            holder.close()
            desk.window.pane.failure.button.click()
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            assert desk.window.actions_table["open"].isEnabled()

    run_async(scenario())
