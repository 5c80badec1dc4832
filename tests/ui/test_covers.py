"""What is covered on pictures stays covered, and is said to be."""

from __future__ import annotations

from hashlib import sha256 as hash_of
from pathlib import Path

from app.domain.region import Treatment
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import open_desk
from tests.ui.drawn import (
    ANSWERED,
    DONE,
    FACE,
    PHOTO,
    ROOMY,
    RunAsync,
    attached,
    draw,
    is_covered,
    shown,
)
from ui.controllers.conversation.entries import AGAIN


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
            assert len(sent) == 4  # one in each request, however many questions show it
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
            assert len(then) == 1 and is_covered(then[0], 150, 140)
            first_answer = desk.controller._conversations.shown.branch[1].id
            desk.window.transcript.action_requested.emit(first_answer, AGAIN)
            await desk.until(lambda: len(provider.requests) == 3)
            await desk.answered()
            assert all(is_covered(p, 150, 140) for m in provider.requests[2].messages for p in m.pictures)

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
