"""What was covered once in a conversation is covered in every byte that leaves it afterwards."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from app.chat.comparing import with_picture
from app.chat.edits import TrashBranch
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.message import Message
from app.domain.model import Limits
from app.domain.region import COVER_GREY, Redaction, RedactionKind, Region, RegionKind, Treatment
from app.domain.request import PromptPicture
from tests.app.chat.desks import Desk, ignore, on_a_desk, provider_of
from tests.scripted_provider import ScriptedProvider

FACE = Redaction(RedactionKind.BOX, (Point(20, 20), Point(120, 120)))
PLATE = Redaction(RedactionKind.BOX, (Point(200, 200), Point(300, 300)))
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(150, 20), Point(190, 60)))
ON_FACE, ON_PLATE = (70, 70), (250, 250)
COFFEE, ROCKET, CAT = "coffee.png", "rocket.jpg", "chelsea.png"
"""Photos in which neither place is as grey as a cover."""


def route_to() -> Route:
    limits = Limits(longest_side=256, most_pictures=8)
    return Route(ScriptedProvider(TextDelta(text="Cups."), Finished(reason="stop"), limits=limits), "m")


def covering(picture: tuple[str, str], *redactions: Redaction) -> Draft:
    return Draft(text="?", pictures=(picture,), treatments={picture[0]: Treatment(redactions=redactions)})


async def asked(
    desk: Desk, draft: Draft, route: Route, conversation_id: str | None = None, below: str | None = None
) -> tuple[str, Message]:
    """The conversation and the answer of a question that was asked and answered."""
    exchange = await desk.chat.ask(draft, route, conversation_id, below)
    return exchange.conversation_id, await desk.chat.answer(exchange, route, ignore)


def is_covered(view: PromptPicture, place: tuple[int, int]) -> bool:
    """Whether a place of the original is painted over in the bytes that were sent."""
    sent = view.prepared
    image = Image.open(io.BytesIO(view.data)).convert("RGB")
    colour = image.getpixel((int(place[0] / sent.scale_x), int(place[1] / sent.scale_y)))
    assert isinstance(colour, tuple)
    return all(abs(level - COVER_GREY) < 8 for level in colour)


def last_views(route: Route) -> dict[str, list[PromptPicture]]:
    """The pictures of the newest request by their names."""
    views: dict[str, list[PromptPicture]] = {}
    for message in provider_of(route).requests[-1].messages:
        for view in message.pictures:
            views.setdefault(view.name, []).append(view)
    return views


def last_sent(route: Route, name: str, place: tuple[int, int] = ON_FACE) -> list[bool]:
    """Whether the place was covered each time the picture went with the newest request."""
    return [is_covered(view, place) for view in last_views(route)[name]]


def test_what_a_question_on_another_branch_covers_is_covered_on_this_one(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take(COFFEE)
        route = route_to()
        conversation_id, first = await asked(desk, Draft(text="?", pictures=(coffee,)), route)
        assert last_sent(route, COFFEE) == [False]
        await asked(desk, covering(coffee, FACE), route, conversation_id, below="")
        for draft in (Draft(text="And?"), Draft(text="Again?", pictures=(coffee,))):
            plan = await desk.chat.plan(draft, route, conversation_id, first.id)
            assert [is_covered(view, ON_FACE) for p in plan.pictures for view in p.views] == [True]
            await asked(desk, draft, route, conversation_id, below=first.id)
            assert last_sent(route, COFFEE) == [True]

    on_a_desk(home, scenario)


def test_what_is_taken_off_on_one_branch_is_off_there_alone(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take(COFFEE)
        route = route_to()
        conversation_id, first = await asked(desk, covering(coffee, FACE), route)
        _, bare = await asked(desk, covering(coffee), route, conversation_id, below=first.id)
        assert last_sent(route, COFFEE) == [True, False]
        again = Draft(text="And?", pictures=(coffee,))
        await asked(desk, again, route, conversation_id, below=bare.id)
        assert last_sent(route, COFFEE) == [True, False]
        await asked(desk, again, route, conversation_id, below=first.id)
        assert last_sent(route, COFFEE) == [True]

    on_a_desk(home, scenario)


def test_a_repeated_request_has_the_places_covered_that_are_by_now_not_just_as_many(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take(COFFEE)
        route = route_to()
        conversation_id, first = await asked(desk, covering(coffee, FACE), route)
        desk.registry._providers["scripted"] = provider_of(route)
        before = provider_of(route).requests[0].messages
        exchange, again = await desk.chat.replay(conversation_id, first.id)
        await desk.chat.answer(exchange, again, ignore)
        assert provider_of(route).requests[-1].messages == before
        await asked(desk, covering(coffee, PLATE), route, conversation_id, below="")
        exchange, again = await desk.chat.replay(conversation_id, first.id)
        await desk.chat.answer(exchange, again, ignore)
        assert last_sent(route, COFFEE, ON_FACE) == last_sent(route, COFFEE, ON_PLATE) == [True]
        assert first.run is not None
        older = first.run.prepared[0].replace(redacted=2, covers=())  # which ones was not noted once
        await desk.store.conversations.save(first.replace(run=first.run.replace(prepared=(older,))))
        exchange, again = await desk.chat.replay(conversation_id, first.id)
        await desk.chat.answer(exchange, again, ignore)
        assert last_sent(route, COFFEE, ON_FACE) == last_sent(route, COFFEE, ON_PLATE) == [True]

    on_a_desk(home, scenario)


def test_a_question_asked_of_another_picture_keeps_the_covers_of_all_it_shows(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, rocket, cat = await desk.take(COFFEE, ROCKET, CAT)
        route = route_to()
        marked = {rocket[0]: Treatment(regions=(SIGN,))}
        first = Draft(text="?", pictures=(coffee, rocket), treatments=marked)
        conversation_id, answer = await asked(desk, first, route)
        await asked(desk, covering(rocket, FACE), route, conversation_id)
        assert answer.parent_id is not None
        for picture in (cat, rocket):
            before = await desk.chat.draft_of(conversation_id, answer.parent_id)
            await asked(desk, with_picture(before, *picture), route, conversation_id, below="")
            whole = [view for view in last_views(route)[ROCKET] if view.prepared.number == 0]
            assert [is_covered(view, ON_FACE) for view in whole] == [True]

    on_a_desk(home, scenario)


def test_a_question_asked_anew_keeps_what_was_taken_off_for_it(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take(COFFEE)
        route = route_to()
        conversation_id, first = await asked(desk, covering(coffee, FACE), route)
        _, bare = await asked(desk, covering(coffee), route, conversation_id)
        draft = await desk.chat.draft_of(conversation_id, bare.parent_id or "")
        assert draft.treatments == {coffee[0]: Treatment()}
        await asked(desk, draft, route, conversation_id, below=first.id)
        assert last_sent(route, COFFEE) == [True, False]
        draft = await desk.chat.draft_of(conversation_id, first.parent_id or "")
        assert draft.treatments == {coffee[0]: Treatment(redactions=(FACE,))}

    on_a_desk(home, scenario)


def test_a_conversation_branched_off_has_what_was_covered_after_and_beside_it(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, rocket = await desk.take(COFFEE, ROCKET)
        route = route_to()
        conversation_id, first = await asked(desk, Draft(text="?", pictures=(coffee, rocket)), route)
        await asked(desk, covering(rocket, FACE), route, conversation_id)
        await asked(desk, covering(coffee, PLATE), route, conversation_id, below="")
        copy = await desk.chat.branch_off(conversation_id, first.id, "Copy")
        await asked(desk, Draft(text="And?"), route, copy)
        assert last_sent(route, ROCKET, ON_FACE) == last_sent(route, COFFEE, ON_PLATE) == [True]

    on_a_desk(home, scenario)


def test_what_a_question_in_the_trash_covers_stays_covered(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take(COFFEE)
        route = route_to()
        conversation_id, first = await asked(desk, Draft(text="?", pictures=(coffee,)), route)
        _, second = await asked(desk, covering(coffee, FACE), route, conversation_id)
        assert await TrashBranch(conversation_id, second.parent_id or "").do(desk.store)
        again = Draft(text="And?", pictures=(coffee,))
        plan = await desk.chat.plan(again, route, conversation_id)
        assert [is_covered(view, ON_FACE) for p in plan.pictures for view in p.views] == [True]
        await asked(desk, again, route, conversation_id)
        assert last_sent(route, COFFEE) == [True]
        copy = await desk.chat.branch_off(conversation_id, first.id, "Copy")
        await asked(desk, Draft(text="And?"), route, copy)
        assert last_sent(route, COFFEE) == [True]

    on_a_desk(home, scenario)
