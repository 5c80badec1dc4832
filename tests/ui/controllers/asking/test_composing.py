"""What is written next, in the whole window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.conversation import Draft
from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.region import Redaction, RedactionKind, Treatment
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk

RunAsync = Callable[[Any], Any]
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
PHOTO = PHOTOS / "rocket.jpg"


async def ask(desk: Desk, text: str) -> None:
    desk.answer_with(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")))
    await desk.ask(text)
    await desk.answered()


def test_a_cover_that_was_taken_off_is_on_again_where_the_draft_goes_to_another_branch(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTO) as desk:
            await desk.until(lambda: desk.window.pane.sha256)
            attachments, editing = desk.controller._composing.attachments, desk.controller._composing.editing
            conversations, sha256 = desk.controller._conversations, attachments.ready[0][0]
            attachments.set_treatment(sha256, Treatment(redactions=(FACE,)))
            await ask(desk, "What is this?")
            await ask(desk, "And how high?")
            first = conversations.shown.leaf
            await desk.attach(PHOTO)
            assert attachments.treatment(sha256).redactions == (FACE,)
            attachments.set_treatment(sha256, Treatment())
            desk.window.actions_table["again"].trigger()  # another answer to what was asked
            await desk.until(lambda: conversations.shown.leaf != first)
            await desk.answered()
            assert attachments.treatments == {sha256: Treatment()}
            question = conversations.shown.branch[2].id
            editing.begin((await desk.services.store.conversations.messages([question]))[0])
            await desk.until(lambda: editing.question_id == question)
            await ask(desk, "And how heavy?")
            assert conversations.shown.branch[2].id != question and not editing.question_id
            assert attachments.treatments == {sha256: Treatment(redactions=(FACE,))}
            attachments.set_treatment(sha256, Treatment())
            conversations.show_branch(first)
            assert attachments.treatments == {sha256: Treatment(redactions=(FACE,))}

    run_async(scenario())


@pytest.mark.parametrize("edited", [False, True])
def test_what_is_asked_as_the_window_closes_is_a_question_and_no_draft_as_well(
    run_async: RunAsync, home: Path, *, edited: bool
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await ask(desk, "First?")
            if edited:
                desk.window.actions_table["edit"].trigger()
                await desk.until(lambda: desk.controller._composing.editing.question_id)
            desk.window.composer.edit.setPlainText("Second?")
            desk.window.composer.send.click()
        async with open_desk(home) as desk:
            conversations = desk.services.store.conversations
            (row,), (branch,) = await conversations.list(), await desk.stored()
            assert "Second?" in [message.text for message in branch]
            assert (await conversations.draft(row.id), await conversations.edit(row.id)) == (Draft(), None)

    run_async(scenario())
