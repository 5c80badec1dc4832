"""What is drawn on pictures, through the whole window: kept, sent, taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk

RunAsync = Callable[[Any], Any]
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(20, 30), Point(120, 90)), "the sign")
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
DONE = Treatment((SIGN,), RegionSend.MARKED, (FACE,))
ANSWERED = (TextDelta(text="Yes."), Finished(reason="stop"))
PHOTO = next(iter(sorted(PHOTOS.glob("*.jpg"))))


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
