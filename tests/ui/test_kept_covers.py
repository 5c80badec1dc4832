"""What was covered in a conversation is covered wherever the window lets the same be asked again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.domain.conversation import Draft
from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.message import Message
from app.domain.model import Limits
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, Treatment
from app.pictures.intake import Offer
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from tests.ui.drawn import RunAsync, is_covered
from ui.compare.compare_window import CompareWindow
from ui.controllers.comparing.comparison import Comparison
from ui.controllers.conversation.thread import Thread

COFFEE, ROCKET, CAT = PHOTOS / "coffee.png", PHOTOS / "rocket.jpg", PHOTOS / "chelsea.png"
FACE = Redaction(RedactionKind.BOX, (Point(20, 20), Point(120, 120)))
SIGN = Region("0a1b2c3d", RegionKind.POINT, (Point(300, 250),))


def answering(desk: Desk) -> ScriptedProvider:
    limits = Limits(longest_side=256, most_pictures=8)
    provider = ScriptedProvider(TextDelta(text="A cup."), Finished(reason="stop"), limits=limits)
    provider.endpoint = provider.endpoint.replace(id="quick-look")
    desk.services.registry._providers["quick-look"] = provider
    return provider


def thread_of(desk: Desk) -> Thread:
    shown = desk.controller._conversations.shown
    assert shown is not None
    return shown


async def asked(desk: Desk, draft: Draft) -> Message:
    """The question that the composer asked, answered."""
    desk.controller._composing.attachments.restore(draft)
    await desk.ask(draft.text)
    await desk.answered()
    await desk.until(lambda: len(thread_of(desk).branch) and not desk.controller._running)
    question = await desk.controller._conversations.message(thread_of(desk).branch[-2].id)
    assert question is not None
    return question


async def two_pictures(desk: Desk) -> tuple[Message, str]:
    """A question about two pictures, and the hash of the second one, which the next one covers."""
    await desk.attach(COFFEE)
    await desk.attach(CAT)
    await desk.ask("Which is it?")
    await desk.answered()
    first = await desk.controller._conversations.message(thread_of(desk).branch[0].id)
    assert first is not None
    (_, cat) = first.pictures
    covering = {cat.sha256: Treatment(redactions=(FACE,))}
    await asked(desk, Draft(text="And?", pictures=((cat.sha256, cat.name),), treatments=covering))
    return first, cat.sha256


def last_covered(provider: ScriptedProvider, name: str) -> list[bool]:
    """Whether the place was painted over each time a picture went with the newest request."""
    sent = [view for message in provider.requests[-1].messages for view in message.pictures]
    return [is_covered(view, 70, 70) for view in sent if view.name == name]


async def edited(desk: Desk, first: Message, cat: str) -> None:
    """Ask `first` otherwise, with more covered, while another question waits."""
    attachments, editing = desk.controller._composing.attachments, desk.controller._composing.editing
    attachments.bring(cat, CAT.name)
    assert attachments.treatments == {cat: Treatment(redactions=(FACE,))}
    coffee = first.pictures[0].sha256
    attachments.bring(coffee, COFFEE.name)
    attachments.set_treatment(coffee, Treatment(regions=(SIGN,)))
    editing.begin(first)
    await desk.until(lambda: editing.question_id)
    assert attachments.treatments == {cat: Treatment(redactions=(FACE,))}
    attachments.set_treatment(coffee, Treatment(redactions=(FACE,)))
    await desk.ask("Which was it?")
    await desk.until(lambda: not editing.question_id)
    await desk.answered()
    waiting = attachments.treatments
    assert waiting[coffee] == Treatment(regions=(SIGN,), redactions=(FACE,))
    assert waiting[cat] == Treatment(redactions=(FACE,))


def test_a_question_edited_a_picture_swapped_and_a_row_of_the_table_leave_covers_where_they_are(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = answering(desk)
            first, cat = await two_pictures(desk)
            await edited(desk, first, cat)
            thread_of(desk).show(first.id)
            await desk.controller._compare(first, False)
            await desk.until(lambda: desk.window.findChildren(QFileDialog))
            (dialog,) = desk.window.findChildren(QFileDialog)
            dialog.filesSelected.emit([str(ROCKET)])
            dialog.done(0)
            composer = desk.window.composer
            await desk.until(lambda: composer.editing and ROCKET.name in desk.chips())
            composer.send.click()  # something is covered on the one before: it is looked at first
            await desk.until(lambda: len(provider.requests) == 4)
            await desk.answered()
            assert last_covered(provider, CAT.name) == [True]
            await desk.controller._compare(first, True)
            await desk.until(lambda: desk.window.findChildren(CompareWindow))
            (window,) = desk.window.findChildren(CompareWindow)
            window.findChildren(Comparison)[0].take(Offer(paths=(PHOTOS / "page.png",)))
            await desk.until(lambda: window.ask_all.isEnabled())
            window.ask_all.click()
            await desk.until(lambda: len(provider.requests) == 5)
            await desk.until(lambda: not window.ask_all.isEnabled())
            assert last_covered(provider, CAT.name) == [True]
            window.close()

    run_async(scenario())
