"""A picture that several questions show is in a request once."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.chat.plan import Fate
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.geometry import Point
from app.domain.message import Message
from app.domain.model import EndpointConfig, KeyGroup, Limits, PictureEncoding
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment
from app.domain.request import ChatRequest
from app.settings import Settings
from tests.app.chat.desks import Desk, desk, ignore, on_a_desk, provider_of
from tests.app.chat.test_plan import asked, route_to
from tests.app.providers.nvidia_asking import provider_at
from tests.servers.nvidia_server import NvidiaServer
from tests.servers.openai_answers import Says
from tests.servers.openai_like import SEEING, OpenAiLike

CUP = Region(id="00000001", kind=RegionKind.RECTANGLE, points=(Point(10, 10), Point(210, 160)))
SPOON = CUP.replace(id="00000002", points=(Point(250, 200), Point(380, 300)))
FACE = Redaction(kind=RedactionKind.BOX, points=(Point(20, 20), Point(120, 120)))
Picture = tuple[str, str]


def about(picture: Picture, *regions: Region, sends: RegionSend = RegionSend.BOTH) -> Draft:
    treatment = Treatment(regions=regions, sends=sends)
    return Draft(text="?", pictures=(picture,), treatments={picture[0]: treatment} if regions else {})


async def in_turn(desk: Desk, route: Route, *drafts: Draft) -> tuple[str, list[Message]]:
    """A conversation of these questions, and its answers."""
    conversation_id, answers = None, []
    for draft in drafts:
        conversation_id, answer = await asked(desk, draft, route, conversation_id)
        answers.append(answer)
    assert conversation_id
    return conversation_id, answers


async def carrying(desk: Desk, route: Route, *drafts: Draft) -> list[list[int]]:
    """The numbers of the views that go with each picture of a conversation of these questions."""
    *before, last = drafts
    conversation_id = (await in_turn(desk, route, *before))[0] if before else None
    plan = await desk.chat.plan(last, route, conversation_id)
    assert {picture.fate for picture in plan.pictures} == {Fate.GOES}
    return [[view.prepared.number for view in picture.views] for picture in plan.pictures]


def questions(body: Any) -> list[tuple[list[str], str]]:
    """The pictures and the words of each question of a request."""
    found = []
    for message in body["messages"]:
        if message["role"] == "user":
            content = message["content"]
            parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
            urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
            found.append((urls, "".join(part.get("text", "") for part in parts)))
    return found


def bodies(server: OpenAiLike) -> list[bytes]:
    return [each.body for each in server.requests if each.method == "POST"]


def against_a_server(
    home: Path, scenario: Callable[[OpenAiLike, Desk, Route], Coroutine[Any, Any, None]]
) -> None:
    async def run() -> None:
        async with OpenAiLike("vllm") as server:
            server.says = Says(texts=("A cup.",))
            key = KeyGroup(origins=(server.url,), needed=False)
            config = EndpointConfig(id="mine", name="Mine", kind="vllm", base_url=server.base_url, key=key)
            async with desk(home, Settings(endpoints=(config,))) as it:
                await scenario(server, it, Route(it.registry.provider("mine"), SEEING, sees=True))
            assert server.violations == []

    asyncio.run(run())


def test_questions_about_parts_of_a_picture_bring_the_parts_alone(home: Path) -> None:
    async def scenario(server: OpenAiLike, desk: Desk, route: Route) -> None:
        coffee, cat = await desk.take("coffee.png", "chelsea.png")
        drafts = (about(coffee), about(cat), about(coffee, CUP), about(coffee, SPOON))
        conversation_id, answers = await in_turn(desk, route, *drafts)
        sent = bodies(server)
        before, asked_last = (questions(json.loads(body)) for body in sent[-2:])
        urls = [url for pictures, _ in asked_last for url in pictures]
        assert [len(pictures) for pictures, _ in asked_last] == [1, 1, 1, 1]
        assert len(set(urls)) == 4
        assert asked_last[:3] == before  # what was read once stays as it was
        (_, third), (_, fourth) = asked_last[2:]
        assert "Region 1 of picture 1 (a rectangle) reaches from (10, 10) to (210, 160)" in third
        assert "Picture 3 shows it cut out." in third
        assert "Picture 4 shows it cut out." in fourth
        recalled = await desk.chat.sent(answers[-1].id)
        assert [len(picture.views) for picture in recalled.pictures] == [1, 1, 1, 1]
        assert "Region 1 of picture 1" in recalled.pictures[-1].words
        exchange, again = await desk.chat.replay(conversation_id, answers[-1].id)
        await desk.chat.answer(exchange, again, ignore)
        assert bodies(server)[-1] == sent[-1]

    against_a_server(home, scenario)


def test_a_picture_asked_about_again_goes_where_it_came_last_and_its_answer_is_read_as_about_it(
    home: Path,
) -> None:
    async def scenario(server: OpenAiLike, desk: Desk, route: Route) -> None:
        coffee, cat = await desk.take("coffee.png", "chelsea.png")
        conversation_id, answers = await in_turn(desk, route, about(coffee), about(cat), about(coffee))
        run = answers[-1].run
        assert run is not None
        assert [prepared.original for prepared in run.prepared] == [cat[0], coffee[0]]
        asked_last = questions(json.loads(bodies(server)[-1]))
        assert [len(pictures) for pictures, _ in asked_last] == [0, 1, 1]
        assert asked_last[0][1].startswith("Picture 2 came with this message too.")
        recalled = await desk.chat.sent(answers[-1].id)
        assert [(p.fate, len(p.views)) for p in recalled.pictures] == [
            (Fate.GOES, 0),
            (Fate.GOES, 1),
            (Fate.GOES, 1),
        ]
        exchange, again = await desk.chat.replay(conversation_id, answers[-1].id)
        await desk.chat.answer(exchange, again, ignore)
        assert bodies(server)[-1] == bodies(server)[-2]

    against_a_server(home, scenario)


def test_where_one_picture_goes_the_newest_does(home: Path) -> None:
    async def run() -> None:
        server = NvidiaServer()
        async with server, desk(home) as it:
            route = Route(provider_at(server, home), "meta/llama-3.2-11b-vision-instruct", sees=True)
            (coffee,) = await it.take("coffee.png")
            conversation_id, answers = await in_turn(it, route, about(coffee), about(coffee))
            assert [len(pictures) for pictures, _ in questions(server.bodies[-1])] == [0, 1]
            assert answers[-1].run is not None
            assert answers[-1].run.notes == ()
            await asked(it, about(coffee, CUP), route, conversation_id)
            *earlier, (newest, words) = questions(server.bodies[-1])
            assert [len(pictures) for pictures, _ in earlier] == [0, 0]
            assert len(newest) == 1
            assert "Region 1 of the picture" in words
        assert server.violations == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("which", "numbers"),
    [
        ([(CUP,), (CUP,)], [[0, 1], []]),
        ([(CUP,), (SPOON,), (CUP, SPOON)], [[0, 1], [1], []]),
        ([(), (CUP,), ()], [[0], [1], []]),
    ],
)
def test_what_is_asked_about_again_brings_nothing_twice(
    home: Path, which: list[tuple[Region, ...]], numbers: list[list[int]]
) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        assert await carrying(desk, route_to(), *(about(coffee, *regions) for regions in which)) == numbers

    on_a_desk(home, scenario)


def test_a_picture_with_marks_is_another_and_parts_alone_bring_no_whole(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        drafts = about(coffee), about(coffee, CUP, sends=RegionSend.MARKED)
        assert await carrying(desk, route_to(), *drafts) == [[0], [0]]
        alone = about(coffee, CUP, sends=RegionSend.CROP)
        assert await carrying(desk, route_to(), alone, about(coffee)) == [[0], [0]]
        parts = about(coffee, CUP, SPOON, sends=RegionSend.CROP)
        assert await carrying(desk, route_to(), about(coffee, CUP), parts) == [[0, 1], [0, 1]]

    on_a_desk(home, scenario)


def test_room_is_taken_once(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(Limits(longest_side=256, most_pictures=3))
        drafts = about(coffee), about(coffee, CUP), about(coffee, SPOON)
        assert await carrying(desk, route, *drafts) == [[], [0, 1], [1]]

    on_a_desk(home, scenario)


def test_where_there_is_room_for_the_whole_alone_words_tell_the_regions_of_an_earlier_question(
    home: Path,
) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(Limits(longest_side=256, most_pictures=1))
        for sends in (RegionSend.BOTH, RegionSend.MARKED):
            _, answers = await in_turn(desk, route, about(coffee, CUP, sends=sends), about(coffee))
            first, newest = provider_of(route).requests[-1].messages[::2]
            assert first.text.startswith("Region 1 of the picture (a rectangle) reaches from (4, 4)")
            assert (len(first.pictures), len(newest.pictures)) == (0, 1)
            assert answers[-1].run
            assert [note.sentence for note in answers[-1].run.notes] == [
                "No room was left for the regions of coffee.png: they are told in words."
            ]

    on_a_desk(home, scenario)


def test_what_is_drawn_for_want_of_room_is_there_for_the_same_question_before(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(Limits(longest_side=256, most_pictures=1))
        twice = about(coffee, CUP, SPOON), about(coffee, CUP, SPOON)
        assert await carrying(desk, route, *twice) == [[], [0]]

    on_a_desk(home, scenario)


@pytest.mark.parametrize("encoding", [PictureEncoding.RGB, PictureEncoding.JPEG])
def test_a_picture_of_which_nothing_goes_stays_behind(home: Path, encoding: PictureEncoding) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(Limits(longest_side=256, most_pictures=1, encoding=encoding))
        nothing = Treatment(sends=RegionSend.CROP)  # a library of others may hold this
        before = Draft(text="?", pictures=(coffee,), treatments={coffee[0]: nothing})
        if encoding is PictureEncoding.RGB:
            before = about(coffee, CUP, sends=RegionSend.CROP)
        _, answers = await in_turn(desk, route, before, about(coffee, CUP, sends=RegionSend.CROP))
        plan = await desk.chat.sent(answers[-1].id)
        assert [picture.fate for picture in plan.pictures] == [Fate.NO_ROOM, Fate.GOES]
        assert answers[-1].run
        assert [note.sentence for note in answers[-1].run.notes] == [
            "This model looks at no more than 1 picture: coffee.png did not go along."
        ]

    on_a_desk(home, scenario)


@pytest.mark.parametrize(
    ("earlier", "newest"),
    [(RegionSend.CROP, RegionSend.BOTH), (RegionSend.BOTH, RegionSend.MARKED)],
    ids=["parts alone", "beside a marked one"],
)
def test_a_whole_that_was_not_to_go_with_a_question_does_not_stand_for_its_picture(
    home: Path, earlier: RegionSend, newest: RegionSend
) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(Limits(longest_side=256, most_pictures=1))
        last = about(coffee, SPOON, sends=newest) if newest is RegionSend.MARKED else about(coffee)
        conversation_id, _ = await in_turn(desk, route, about(coffee, CUP, sends=earlier))
        plan = await desk.chat.plan(last, route, conversation_id)
        assert [picture.fate for picture in plan.pictures] == [Fate.NO_ROOM, Fate.GOES]

    on_a_desk(home, scenario)


@pytest.mark.parametrize(
    ("most", "drafts"),
    [(1, [(CUP, SPOON)]), (2, [(CUP,), None]), (3, [(), (CUP, SPOON)]), (8, [(), (CUP,), (CUP, SPOON)])],
    ids=["drawn", "drawn beside another", "with its whole", "only what is new"],
)
def test_what_is_not_kept_any_more_is_made_as_it_went_with_others(
    home: Path, most: int, drafts: list[tuple[Region, ...] | None]
) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, cat = await desk.take("coffee.png", "chelsea.png")
        route = route_to(Limits(longest_side=256, most_pictures=most))
        asking = (about(cat) if regions is None else about(coffee, *regions) for regions in drafts)
        conversation_id, answers = await in_turn(desk, route, *asking)
        assert answers[-1].run
        for prepared in answers[-1].run.prepared:
            desk.prepared.path(prepared.sha256).unlink()
        again = await replayed(desk, route, conversation_id, answers[-1])
        assert again.run and again.run.notes == answers[-1].run.notes

    on_a_desk(home, scenario)


def asked_of(dice: random.Random, pictures: tuple[Picture, ...]) -> Draft:
    """A question about one of the pictures, with some regions and covers or none."""
    picture = dice.choice(pictures)
    regions = dice.choice(((), (), (CUP,), (SPOON,), (CUP, SPOON)))
    sends = dice.choice((RegionSend.BOTH, RegionSend.BOTH, RegionSend.CROP, RegionSend.MARKED))
    covers = dice.choice(((), (), (), (FACE,)))
    treatment = Treatment(regions=regions, sends=sends if regions else RegionSend.BOTH, redactions=covers)
    return Draft(text="?", pictures=(picture,), treatments={picture[0]: treatment})


def told(request: ChatRequest) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """The words and the pictures of each message."""
    return [
        (one.text, [(view.name, view.prepared.number, view.prepared.sha256) for view in one.pictures])
        for one in request.messages
    ]


async def replayed(desk: Desk, route: Route, conversation_id: str, answer: Message) -> Message:
    """The answer to what was sent, sent again as it was; that it is the same is asserted."""
    desk.registry._providers["scripted"] = provider_of(route)
    exchange, again = await desk.chat.replay(conversation_id, answer.id)
    found = await desk.chat.answer(exchange, again, ignore)
    before, now = provider_of(route).requests[-2:]
    assert told(now) == told(before)
    assert answer.run and found.run
    assert found.run.prepared == answer.run.prepared
    return found


def test_what_went_once_for_several_questions_goes_so_when_it_is_sent_again(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take("coffee.png", "chelsea.png")
        for seed in (1, 12, 22, 31, 54, 92, 93, *range(200, 203)):
            dice = random.Random(seed)
            route = route_to(Limits(longest_side=256, most_pictures=dice.choice((1, 2, 3, 4, 8))))
            drafts = [asked_of(dice, pictures) for _ in range(dice.randrange(2, 6))]
            conversation_id, answers = await in_turn(desk, route, *drafts)
            plan = await desk.chat.sent(answers[-1].id)
            assert answers[-1].run
            kept = [view.prepared for picture in plan.pictures for view in picture.views]
            assert tuple(kept) == answers[-1].run.prepared
            if seed % 2:
                for prepared in kept:  # then it is made anew
                    desk.prepared.path(prepared.sha256).unlink(missing_ok=True)
            await replayed(desk, route, conversation_id, answers[-1])

    on_a_desk(home, scenario)


def test_an_answer_tells_which_pictures_stayed_behind_and_which_came_with_others(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, cat = await desk.take("coffee.png", "chelsea.png")
        covered, bare = (
            Draft(text="?", pictures=(coffee,), treatments={coffee[0]: Treatment(redactions=covers)})
            for covers in ((FACE,), ())
        )
        route = route_to(Limits(longest_side=256, most_pictures=2))
        drafts = covered, bare, about(cat), bare
        _, answers = await in_turn(desk, route, *drafts)
        plan = await desk.chat.sent(answers[-1].id)
        assert [(p.fate, len(p.views), len(p.also)) for p in plan.pictures] == [
            (Fate.NO_ROOM, 0, 0),
            (Fate.GOES, 0, 1),
            (Fate.GOES, 1, 0),
            (Fate.GOES, 1, 0),
        ]

    on_a_desk(home, scenario)
