"""Several answers to a question: asked for at once, asked for again, and fetched after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import BadAnswer, KeyMissing, KeyRefused, ServerFailed
from app.domain.events import Accepted, Finished, Progress, TextDelta
from app.domain.message import Status, Ticket
from app.domain.model import Capability
from app.domain.request import Parameters
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.conversation.entries import AGAIN, ENTER_KEY, NEXT, PREVIOUS
from ui.settings.dialog import SettingsDialog
from ui.transcript.entry import Entry

RunAsync = Callable[[Any], Any]
TICKET = Ticket(endpoint_id="scripted", request_id="r1", url="https://example.com/r1", given=1.0)


NOTHING = Entry("", "assistant")


def last(desk: Desk) -> Entry:
    """The last row of the transcript."""
    desk.controller._conversations._buffer.flush()
    shown = desk.window.transcript._arrangement.messages
    return shown[-1].entry if shown else NOTHING


def place(desk: Desk) -> str:
    """Where the last row stands among its siblings, as it is said below it."""
    return next((action.text for action in last(desk).actions if not action.id), "")


def offered(desk: Desk) -> list[str]:
    """What is offered aloud below the last row."""
    return [action.id for action in last(desk).actions if action.id and not action.quiet]


def act(desk: Desk, action: str) -> None:
    desk.window.transcript.action_requested.emit(last(desk).id, action)


def words(text: str, choice: int = 0) -> tuple[TextDelta, Finished]:
    return TextDelta(text=text, choice=choice), Finished(reason="stop", choice=choice)


def test_answers_that_came_together_are_walked_through_and_stay(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*words("One.", 0), *words("Two.", 1), *words("Three.", 2))
            route = Route(provider, "m", parameters=Parameters(n=3))
            desk.controller._asking.ask(Draft(text="Which?"), route)
            await desk.until(lambda: place(desk))
            await desk.answered()
            expected = [("One.", "1 of 3"), ("Two.", "2 of 3"), ("Three.", "3 of 3"), ("One.", "1 of 3")]
            for stands in expected:
                await desk.until(lambda: place(desk))
                assert (last(desk).text, place(desk)) == stands
                act(desk, NEXT)
                await desk.until(lambda: last(desk).text != stands[0])  # noqa: B023 - awaited here
            await desk.until(lambda: last(desk).text == "Two.")
            act(desk, PREVIOUS)
            await desk.until(lambda: last(desk).text == "One.")
            ((question, answer),) = await desk.stored()
            assert (question.text, answer.text) == ("Which?", "One.")

    run_async(scenario())


def test_the_keyboard_walks_through_answers_and_tries_again(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            actions = desk.window.actions_table
            actions["again"].trigger()  # there is nothing yet to try again
            busy = ServerFailed(endpoint="Scripted", status=503, reason="it is busy", wait="a while")
            desk.answer_with(ScriptedProvider(busy))
            await desk.ask("What?")
            await desk.until(lambda: last(desk).actions)
            desk.answer_with(ScriptedProvider(*words("A cat.")))
            actions["again"].trigger()
            await desk.until(lambda: last(desk).text == "A cat." and place(desk) == "2 of 2")
            await desk.answered()
            actions["previous"].trigger()
            await desk.until(lambda: last(desk).status == "failed")
            actions["next"].trigger()
            await desk.until(lambda: last(desk).text == "A cat.")
            assert not desk.controller._asking.asking

    run_async(scenario())


def test_the_next_question_goes_on_from_the_answer_that_is_shown(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = ScriptedProvider(*words("One.", 0), *words("Two.", 1))
            route = Route(provider, "m", parameters=Parameters(n=2))
            desk.controller._asking.ask(Draft(text="Which?"), route)
            await desk.until(lambda: place(desk))
            await desk.answered()
            act(desk, NEXT)
            await desk.until(lambda: last(desk).text == "Two.")
            follow_up = ScriptedProvider(*words("And on."))
            desk.answer_with(follow_up)
            await desk.ask("And then?")
            await desk.until(lambda: last(desk).text == "And on." and not last(desk).running)
            assert [message.text for message in follow_up.requests[0].messages] == [
                "Which?",
                "Two.",
                "And then?",
            ]

    run_async(scenario())


def test_an_answer_that_failed_is_asked_for_again_and_both_stay(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            busy = ServerFailed(endpoint="Scripted", status=503, reason="it is busy", wait="a while")
            desk.answer_with(ScriptedProvider(busy))
            await desk.ask("What?")
            await desk.until(lambda: last(desk).actions)
            assert "Scripted is in trouble (503): it is busy." in last(desk).notice
            assert last(desk).status == "failed"
            desk.answer_with(ScriptedProvider(*words("A cat.")))
            act(desk, AGAIN)
            await desk.until(lambda: last(desk).text == "A cat." and place(desk) == "2 of 2")
            await desk.answered()
            act(desk, PREVIOUS)
            await desk.until(lambda: last(desk).status == "failed")
            (row,) = await desk.services.store.conversations.list()
            stored = await desk.services.store.conversations.get(row.id)
            assert [message.text for message in stored.messages] == ["What?", "", "A cat."]

    run_async(scenario())


def test_an_answer_that_lacks_a_key_leads_to_the_place_where_it_is_entered(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(KeyRefused(endpoint="Scripted", status=401, reason="no")))
            await desk.ask("What?")
            await desk.until(lambda: offered(desk) == [AGAIN, ENTER_KEY])
            asked: list[str] = []
            desk.controller._messages.key_requested.connect(asked.append)
            act(desk, ENTER_KEY)
            await desk.until(lambda: asked == ["scripted"])
            await desk.until(lambda: desk.controller._settings.controller)
            (dialog,) = desk.window.findChildren(SettingsDialog)
            dialog.close()

    run_async(scenario())


def test_b19_an_answer_under_way_at_the_end_is_fetched_at_the_next_start(
    run_async: RunAsync, home: Path
) -> None:
    working = Progress(stage="queued", fraction=0.25, seconds=3)

    async def leave() -> None:
        async with open_desk(home) as desk:
            # The next start does not know this endpoint by itself, so it leaves the answer pending.
            desk.answer_with(ScriptedProvider(Accepted(ticket=TICKET), working, asyncio.Event()))
            await desk.ask("Slow?")
            await desk.until(lambda: last(desk).waiting == "The endpoint works on it, 25 %, 3 s")

    async def come_back() -> None:
        async with open_desk(home) as desk:
            (row,) = await desk.services.store.conversations.list()
            stored = await desk.services.store.conversations.get(row.id)
            assert stored.messages[-1].status is Status.PENDING
            provider = ScriptedProvider(*words("Here it is."))
            desk.services.registry._providers["scripted"] = provider
            await desk.controller._asking.resume_pending()
            await desk.until(lambda: provider.tickets)
            desk.window.library.conversation_chosen.emit(row.id)
            await desk.until(lambda: last(desk).text == "Here it is.")
            assert provider.tickets == [TICKET]

    run_async(leave())
    run_async(come_back())


async def leave_pending(home: Path) -> None:
    """Ask something, and go while the endpoint still works on it."""
    async with open_desk(home) as desk:
        desk.answer_with(ScriptedProvider(Accepted(ticket=TICKET), asyncio.Event()))
        await desk.ask("Slow?")
        await desk.until(lambda: last(desk).status == "pending")


async def open_only(desk: Desk) -> None:
    """Open the only conversation of the library."""
    (row,) = await desk.services.store.conversations.list()
    desk.window.library.conversation_chosen.emit(row.id)
    await desk.until(lambda: last(desk) is not NOTHING)


def test_b19_an_answer_whose_key_is_not_there_waits_for_it(run_async: RunAsync, home: Path) -> None:
    async def come_back() -> None:
        async with open_desk(home) as desk:
            await open_only(desk)
            assert not last(desk).running
            locked = ScriptedProvider(KeyMissing(endpoint="S", host="example.com", variable="S_KEY"))
            desk.services.registry._providers["scripted"] = locked
            act(desk, AGAIN)
            await desk.until(lambda: offered(desk) == [AGAIN, ENTER_KEY])
            assert "needs a key" in last(desk).notice
            assert (len(locked.tickets), locked.requests) == (1, [])
            whole = ScriptedProvider(*words("Here it is."))
            desk.services.registry._providers["scripted"] = whole
            desk.controller._settings.endpoints_changed.emit()  # as when a key was entered
            await desk.until(lambda: last(desk).text == "Here it is." and not last(desk).running)
            assert (whole.tickets, whole.requests) == ([TICKET], [])
            ((question, answer),) = await desk.stored()
            assert (question.status, answer.status, answer.problem) == (Status.DONE, Status.DONE, None)

    run_async(leave_pending(home))
    run_async(come_back())


def test_b19_what_can_still_be_fetched_is_not_asked_for_anew(run_async: RunAsync, home: Path) -> None:
    async def come_back() -> None:
        async with open_desk(home) as desk:
            await open_only(desk)
            torn = ScriptedProvider(BadAnswer(endpoint="Scripted", reason="it is no JSON"))
            desk.services.registry._providers["scripted"] = torn
            act(desk, AGAIN)
            await desk.until(lambda: last(desk).status == "failed")
            desk.services.registry._providers["scripted"] = ScriptedProvider(*words("Here it is."))
            act(desk, AGAIN)
            await desk.until(lambda: last(desk).text == "Here it is." and not last(desk).running)
            ((_, answer),) = await desk.stored()
            assert answer.text == "Here it is."

    run_async(leave_pending(home))
    run_async(come_back())


def test_a_question_with_pictures_is_not_asked_again_of_a_model_that_sees_none(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, PHOTOS / "chelsea.png") as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            desk.answer_with(ScriptedProvider(KeyRefused(endpoint="Scripted", status=401, reason="no")))
            await desk.ask("What?")
            await desk.until(lambda: last(desk).actions)
            blind = ScriptedProvider(*words("A cat."))
            desk.answer_with(blind)
            desk.controller._endpoints._local_vision = Capability(value=False, source="it said so")
            act(desk, AGAIN)
            blocked = "This model takes no pictures: it said so."
            await desk.until(lambda: blocked in desk.window.notice.text())
            await desk.ask("And without?")
            await desk.until(lambda: last(desk).text == "A cat." and not last(desk).running)
            assert [message.pictures for message in blind.requests[0].messages] == [(), ()]
            assert last(desk).notes == ("This model takes no pictures: chelsea.png did not go along.",)

    run_async(scenario())


def test_an_answered_question_is_no_longer_being_sent(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(*words("A cat.")))
            await desk.ask("What?")
            await desk.until(lambda: last(desk).text == "A cat." and not last(desk).running)
            rows = desk.window.transcript._arrangement.messages
            assert [row.entry.status for row in rows] == ["done", "done"]

    run_async(scenario())
