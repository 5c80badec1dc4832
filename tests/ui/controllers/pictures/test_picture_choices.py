"""Which pictures go along with a question, as the user chose, against what a server gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.region import PictureChoices, PictureRule, Redaction, RedactionKind, Treatment
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.pictures.picture_choices import PictureChoicesController
from ui.inspector.description_dialog import DescriptionDialog
from ui.panes.filmstrip_model import MARK_ROLE

RunAsync = Callable[[Any], Any]
SAYS = (TextDelta(text="A cat."), Finished(reason="stop"))
CAT, PAGE, CUP = PHOTOS / "chelsea.png", PHOTOS / "page.png", PHOTOS / "coffee.png"


def choices(desk: Desk) -> PictureChoicesController:
    return desk.controller._sent.choices


def sent(provider: ScriptedProvider) -> list[str]:
    """The names of all pictures of the newest request."""
    return [picture.name for message in provider.requests[-1].messages for picture in message.pictures]


def hashes(desk: Desk) -> dict[str, str]:
    """Those of the conversation's pictures, by their names."""
    return {name: sha256 for sha256, name in desk.controller._conversations.pictures}


async def ask(desk: Desk, text: str, *pictures: Path) -> None:
    if pictures:
        await desk.attach(*pictures)
    await desk.ask(text)
    await desk.answered()


def menu_of(desk: Desk, sha256: str) -> tuple[QMenu, dict[str, QAction]]:
    """The menu of a picture with its rows by their words, those of the menu within it too."""
    menu = QMenu(desk.window)
    desk.window.transcript.picture_menu_wanted.emit(sha256, menu)
    inside = list(menu.findChildren(QMenu))
    rows = [action for part in (menu, *inside) for action in part.actions() if action.text()]
    return menu, {action.text(): action for action in rows}


def marked(desk: Desk) -> dict[str, str]:
    """The marks on the tiles of the pictures, by their names."""
    model = desk.window.filmstrip.model
    rows = [model.index(row) for row in range(model.rowCount())]
    return {row.data(): row.data(MARK_ROLE) for row in rows if row.data(MARK_ROLE)}


def test_what_is_chosen_in_the_menu_of_a_picture_holds_for_the_next_question(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*SAYS, limits=Limits(longest_side=96, most_pictures=2))
            desk.answer_with(provider)
            await ask(desk, "First?", CAT)
            await ask(desk, "Second?", PAGE)
            await ask(desk, "Third?", CUP)
            assert sent(provider) == ["page.png", "coffee.png"]
            assert marked(desk) == {"chelsea.png": "dropped"}
            menu, rows = menu_of(desk, hashes(desk)["chelsea.png"])
            assert "This model takes 2 pictures: the newest go along" in rows
            assert rows["Goes along while there is room"].isChecked()
            rows["Always goes along"].trigger()
            menu.deleteLater()
            await desk.until(lambda: marked(desk) == {"chelsea.png": "pinned", "page.png": "dropped"})
            await ask(desk, "And now?")
            assert sent(provider) == ["chelsea.png", "coffee.png"]
            menu, rows = menu_of(desk, hashes(desk)["coffee.png"])
            rows["Does not go along again"].trigger()
            menu.deleteLater()
            await ask(desk, "Without the cup?")
            assert sent(provider) == ["chelsea.png", "page.png"]
            menu, rows = menu_of(desk, hashes(desk)["chelsea.png"])
            assert rows["Always goes along"].isChecked()
            rows["Goes along while there is room"].trigger()
            rows["Only the newest goes along"].trigger()
            menu.deleteLater()
            await ask(desk, "One?")
            assert sent(provider) == ["page.png"]

    run_async(scenario())


def test_what_was_chosen_is_kept_and_can_be_undone(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*SAYS)
            desk.answer_with(provider)
            await ask(desk, "First?", CAT)
            cat, undo = hashes(desk)["chelsea.png"], desk.window.actions_table["undo"]
            choices(desk).set_rule(cat, PictureRule.DROP)
            await desk.until(lambda: undo.text() == "Undo: choose which pictures go along")
            (row,) = await desk.services.store.conversations.list()
            outline = await desk.services.store.conversations.outline(row.id)
            assert outline.choices.rules == {cat: PictureRule.DROP}
            await ask(desk, "And now?")
            assert sent(provider) == []
            await desk.until(lambda: undo.text() != "Undo: choose which pictures go along")
            undo.trigger()  # the question
            await desk.until(lambda: undo.text() == "Undo: choose which pictures go along")
            undo.trigger()
            await desk.until(lambda: choices(desk).rule(cat) is PictureRule.KEEP)
            await ask(desk, "With it?")
            assert sent(provider) == ["chelsea.png"]

    run_async(scenario())


def test_choices_for_a_conversation_that_is_not_begun_go_along_with_its_first_question(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*SAYS)
            desk.answer_with(provider)
            await desk.attach(CAT)
            ((cat, _),) = desk.controller._composing.attachments.ready
            choices(desk).set_rule(cat, PictureRule.DROP)
            await ask(desk, "First?")
            assert sent(provider) == ["chelsea.png"]  # the question's own
            assert choices(desk).rule(cat) is PictureRule.DROP
            await ask(desk, "Second?")
            assert sent(provider) == []
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.controller._conversations.shown is None)
            assert choices(desk).choices.rules == {}

    run_async(scenario())


def test_a3_choices_for_a_conversation_that_is_not_begun_are_there_after_a_restart(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.attach(CAT)
            ((cat, _),) = desk.controller._composing.attachments.ready
            choices(desk).set_rule(cat, PictureRule.DROP)
            choices(desk).change(last=2)
            actions, drafts = desk.window.actions_table, desk.controller._composing.drafts
            assert actions["undo"].text() == "Undo: choose which pictures go along"
            actions["undo"].trigger()
            assert choices(desk).choices.last is None
            actions["redo"].trigger()
            await desk.until(lambda: drafts._saved_choices.last == 2)
            choices(desk).change(dialect="qwen")  # the end of the program keeps it
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*SAYS)
            desk.answer_with(provider)
            assert choices(desk).choices == PictureChoices(2, {cat: PictureRule.DROP}, dialect="qwen")
            await ask(desk, "First?")
            begun = desk.controller._conversations.conversation_id
            stored = desk.services.store.conversations
            assert (await stored.outline(begun)).choices.rules == {cat: PictureRule.DROP}
            assert desk.controller._composing.drafts.choices == PictureChoices()
            desk.window.actions_table["undo"].trigger()
            await desk.until(lambda: desk.window.composer.text() == "First?")
            assert choices(desk).choices.rules == {cat: PictureRule.DROP}
            desk.window.actions_table["redo"].trigger()
            await desk.until(lambda: desk.controller._conversations.conversation_id == begun)
            assert desk.controller._composing.drafts.choices == PictureChoices()
            await ask(desk, "Second?")
            assert sent(provider) == []
        async with open_desk(home) as desk:
            assert choices(desk).choices == PictureChoices()

    run_async(scenario())


def test_words_stand_in_the_place_of_a_picture_once_the_user_agreed_to_them(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*SAYS)
            desk.answer_with(provider)
            await ask(desk, "First?", CAT)
            cat = hashes(desk)["chelsea.png"]
            menu, rows = menu_of(desk, cat)
            rows["Described in words instead…"].trigger()
            menu.deleteLater()
            (dialog,) = desk.window.findChildren(DescriptionDialog)
            assert not dialog.use.isEnabled() and dialog.use.accessibleDescription()
            dialog.answer.click()
            await desk.until(lambda: dialog.edit.toPlainText() == "A cat.")
            asked_before = len(provider.requests)
            cover = Redaction(kind=RedactionKind.BOX, points=(Point(0, 0), Point(451, 300)))
            dialog.use.click()
            menus = desk.controller._sent.menus
            menus.treatment = lambda _: Treatment(redactions=(cover,))
            dialog = menus.describe(cat)
            assert dialog.status.label.text().startswith("Something was covered since")
            dialog.edit.setPlainText("")
            dialog.look.click()
            await desk.until(lambda: dialog.edit.toPlainText() == "A cat." and not dialog.busy.isVisible())
            (looked_at,) = provider.requests[asked_before].messages[0].pictures
            assert looked_at.prepared.redacted == 1
            dialog.edit.setPlainText("A tabby cat.")
            dialog.use.click()
            assert choices(desk).choices.covers == {cat: (cover.digest,)}
            assert not menus.describe(cat).status.label.text()
            await ask(desk, "And now?")
            assert sent(provider) == []
            assert "A tabby cat." in provider.requests[-1].messages[0].text

    run_async(scenario())
