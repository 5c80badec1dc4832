"""What goes along with a question, told before it is sent and after."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from app.chat.plan import Cause, Fate, Plan, Why, tokens_of_text
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.events import Event, Finished, TextDelta
from app.domain.geometry import Point
from app.domain.message import Message
from app.domain.model import Limits
from app.domain.picture import Detail, View
from app.domain.region import (
    PictureChoices,
    PictureRule,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.domain.request import ChatRequest, PromptPicture
from app.pictures import decoder as decoders
from tests.app.chat.desks import Desk, ignore, on_a_desk, provider_of
from tests.scripted_provider import ScriptedProvider

LINK = "https://example.org/coffee.png"
ROOMY = Limits(longest_side=256, most_pictures=8)
CORNERS = (Point(10, 10), Point(210, 160))
BOX = Region(id="00000001", kind=RegionKind.RECTANGLE, points=CORNERS)
OTHER = BOX.replace(id="00000002", points=(Point(250, 200), Point(380, 300)))
COVER = Redaction(kind=RedactionKind.BOX, points=CORNERS)
PHOTOS = ("coffee.png", "rocket.jpg", "chelsea.png")


def route_to(limits: Limits = ROOMY, *, takes_links: bool = False, **fields: object) -> Route:
    steps: tuple[Event, ...] = (TextDelta(text="Cups."), Finished(reason="stop"))
    provider = ScriptedProvider(*steps, limits=limits, takes_links=takes_links)
    return Route(provider, "gpt-4o", **fields)  # type: ignore[arg-type]


def fates(plan: Plan) -> list[tuple[str, Fate]]:
    return [(picture.part.name, picture.fate) for picture in plan.pictures]


def views_of(request: ChatRequest) -> list[PromptPicture]:
    return [picture for message in request.messages for picture in message.pictures]


def planned_views(plan: Plan) -> list[PromptPicture]:
    return [view for picture in plan.pictures for view in picture.views]


async def asked(
    desk: Desk, draft: Draft, route: Route, conversation_id: str | None = None, **fields: object
) -> tuple[str, Message]:
    """The conversation and the answer of a question that was asked and answered."""
    exchange = await desk.chat.ask(draft, route, conversation_id, **fields)  # type: ignore[arg-type]
    return exchange.conversation_id, await desk.chat.answer(exchange, route, ignore)


def test_what_is_planned_is_what_is_sent_and_is_prepared_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    prepare = decoders.Decoder.prepare

    async def counted(self: decoders.Decoder, path: Path, name: str, recipe: object) -> object:
        prepared.append(name)
        return await prepare(self, path, name, recipe)  # type: ignore[arg-type]

    monkeypatch.setattr(decoders.Decoder, "prepare", counted)

    async def scenario(desk: Desk) -> None:
        pictures = await desk.take("coffee.png", "rocket.jpg")
        treatments = {pictures[0][0]: Treatment(regions=(BOX,), redactions=(COVER,))}
        draft = Draft(text="What is it?", pictures=pictures, treatments=treatments)
        route = route_to(system="Be short.")
        plan = await desk.chat.plan(draft, route, None)
        assert fates(plan) == [("coffee.png", Fate.GOES), ("rocket.jpg", Fate.GOES)]
        assert [(p.message_id, p.position) for p in plan.pictures] == [("", 0), ("", 1)]
        assert await desk.store.conversations.list() == ()
        for view in planned_views(plan):
            assert desk.prepared.path(view.prepared.sha256).read_bytes() == view.data
        conversation_id, answer = await asked(desk, draft, route)
        (request,) = provider_of(route).requests
        assert views_of(request) == planned_views(plan)
        assert prepared == ["rocket.jpg", "coffee.png"]
        assert request.messages[1].text.endswith("\n\nWhat is it?")
        words = request.messages[1].text.removesuffix("\n\nWhat is it?")
        assert words.endswith(plan.pictures[0].words)
        assert "Region 1 of picture 1 (a rectangle) reaches from" in words
        assert plan.text_tokens == tokens_of_text(len("Be short.") + len(words) + len("What is it?"))
        assert plan.byte_count == sum(len(view.data) for view in planned_views(plan))
        assert plan.picture_tokens == sum(picture.tokens or 0 for picture in plan.pictures) > 0
        assert answer.run is not None
        recalled = await desk.chat.sent(answer.id)
        assert [(v.prepared, v.data) for v in planned_views(recalled)] == [
            (v.prepared, v.data) for v in planned_views(plan)
        ]
        assert [p.words for p in recalled.pictures] == [p.words for p in plan.pictures]
        assert recalled.text_tokens == plan.text_tokens
        assert conversation_id

    on_a_desk(home, scenario)


def test_words_from_before_a_cover_stay_behind_and_are_still_told_as_what_was_sent(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        ((coffee, name),) = await desk.take("coffee.png")
        bare = PictureChoices(rules={coffee: PictureRule.DESCRIBE}, descriptions={coffee: "Says 4711."})
        route, covers = route_to(), {coffee: Treatment(redactions=(COVER,))}
        draft = Draft(text="One?", pictures=((coffee, name),))
        conversation_id, _ = await asked(desk, draft, route, choices=bare)
        _, answer = await asked(desk, Draft(text="Two?"), route, conversation_id)
        again = draft.replace(text="Three?", treatments=covers)
        await asked(desk, again, route, conversation_id)
        assert fates(await desk.chat.sent(answer.id)) == [(name, Fate.DESCRIBED)]
        plan = await desk.chat.plan(Draft(text="Four?"), route, conversation_id)
        assert fates(plan) == [(name, Fate.DROPPED)] * 2
        (note,) = plan.notes
        assert "before something was covered" in note.sentence
        await asked(desk, Draft(text="Four?"), route, conversation_id)
        _, *_, request = provider_of(route).requests
        assert not any("4711" in message.text for message in request.messages)
        anew = bare.replace(covers={coffee: (COVER.digest,)})
        await desk.store.conversations.set_choices(conversation_id, anew)
        assert await desk.store.conversations.choices(conversation_id) == anew
        plan = await desk.chat.plan(Draft(text="Five?"), route, conversation_id)
        assert fates(plan) == [(name, Fate.DESCRIBED)] * 2

    on_a_desk(home, scenario)


def test_the_choices_of_a_conversation_decide_and_are_on_the_run_card(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, rocket, cat = await desk.take(*PHOTOS)
        choices = PictureChoices(
            rules={coffee[0]: PictureRule.DESCRIBE, rocket[0]: PictureRule.DROP},
            descriptions={coffee[0]: "A red cup."},
        )
        route = route_to()
        draft = Draft(text="One?", pictures=(coffee, rocket, cat))
        conversation_id, _ = await asked(desk, draft, route, choices=choices)
        assert await desk.store.conversations.choices(conversation_id) == choices
        plan = await desk.chat.plan(Draft(text="Two?"), route, conversation_id)
        assert fates(plan) == [
            ("coffee.png", Fate.DESCRIBED),
            ("rocket.jpg", Fate.DROPPED),
            ("chelsea.png", Fate.GOES),
        ]
        assert plan.pictures[1].picture is not None
        assert plan.notes == ()
        _, answer = await asked(desk, Draft(text="Two?"), route, conversation_id)
        assert answer.run is not None
        assert (answer.run.choices, answer.run.notes) == (choices, ())
        first, _, second = provider_of(route).requests[1].messages
        assert first.text == (
            "[1 picture that came with this is not sent again]\n\n"
            "[A picture that came with this, described: A red cup.]\n\nOne?"
        )
        assert ([p.name for p in first.pictures], second.pictures) == (["chelsea.png"], ())
        undone = await asked(
            desk, Draft(text="Three?"), route, conversation_id, choices=PictureChoices(last=0)
        )
        assert fates(await desk.chat.sent(undone[1].id)) == [(name, Fate.DROPPED) for name in PHOTOS]

    on_a_desk(home, scenario)


def test_one_picture_a_transcript_is_kept_to_and_the_pinned_one_wins(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, rocket, cat = await desk.take(*PHOTOS)
        pinned = PictureChoices(rules={coffee[0]: PictureRule.PIN})
        route = route_to(ROOMY.replace(most_pictures=1))
        conversation_id, _ = await asked(desk, Draft(pictures=(coffee,)), route, choices=pinned)
        await asked(desk, Draft(pictures=(rocket,)), route, conversation_id)
        _, answer = await asked(desk, Draft(text="And?"), route, conversation_id)
        with_own = Draft(text="And now?", pictures=(cat,))
        _, newest = await asked(desk, with_own, route, conversation_id)
        sent = [[view.name for view in views_of(request)] for request in provider_of(route).requests]
        assert sent == [["coffee.png"], ["rocket.jpg"], ["coffee.png"], ["chelsea.png"]]
        assert answer.run is not None
        assert [note.sentence for note in answer.run.notes] == [
            "This model looks at no more than 1 picture: rocket.jpg did not go along."
        ]
        assert newest.run is not None
        assert [note.sentence for note in newest.run.notes] == [
            "This model looks at no more than 1 picture: coffee.png, rocket.jpg did not go along."
        ]

    on_a_desk(home, scenario)


@pytest.mark.parametrize(
    ("sends", "most", "views", "words"),
    [
        (RegionSend.BOTH, 8, [View.WHOLE, View.REGION, View.REGION], ""),
        (RegionSend.BOTH, 2, [View.WHOLE], "drawn on the whole picture instead of cut out"),
        (RegionSend.CROP, 8, [View.REGION, View.REGION], ""),
        (
            RegionSend.CROP,
            1,
            [View.REGION],
            "1 of 2 regions of coffee.png went along",
        ),
        (RegionSend.MARKED, 1, [View.WHOLE], ""),
    ],
)
def test_regions_go_as_there_is_room_and_never_more_than_they_where_they_alone_were_meant(
    home: Path, sends: RegionSend, most: int, views: list[View], words: str
) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        treatment = Treatment(regions=(BOX, OTHER), sends=sends)
        draft = Draft(text="?", pictures=(coffee,), treatments={coffee[0]: treatment})
        plan = await desk.chat.plan(draft, route_to(ROOMY.replace(most_pictures=most)), None)
        assert [view.prepared.view for view in planned_views(plan)] == views
        assert [words in note.sentence for note in plan.notes] == ([True] if words else [])

    on_a_desk(home, scenario)


def test_each_of_the_question_s_own_pictures_is_left_a_place(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take(*PHOTOS)
        cut = Treatment(regions=(BOX, OTHER), sends=RegionSend.BOTH)
        draft = Draft(text="?", pictures=pictures, treatments={sha256: cut for sha256, _ in pictures})
        plan = await desk.chat.plan(draft, route_to(ROOMY.replace(most_pictures=5)), None)
        assert [len(picture.views) for picture in plan.pictures] == [1, 1, 3]
        assert fates(plan) == [(name, Fate.GOES) for name in PHOTOS]

    on_a_desk(home, scenario)


def test_a_whole_request_that_would_be_too_heavy_loses_its_oldest_pictures(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take(*PHOTOS)
        whole = await desk.chat.plan(Draft(pictures=pictures), route_to(), None)
        weights = [picture.views[0].prepared.byte_count for picture in whole.pictures]
        most = 64 * 1024 + (weights[1] + weights[2] + 8) * 4 // 3
        limits = ROOMY.replace(most_request_bytes=most)
        plan = await desk.chat.plan(Draft(pictures=pictures), route_to(limits), None)
        assert [fate for _, fate in fates(plan)] == [Fate.NO_ROOM, Fate.GOES, Fate.GOES]
        assert plan.pictures[0].cause == Cause(Why.TOO_HEAVY, most)
        assert plan.notes[0].sentence.endswith(": coffee.png did not go along.")

    on_a_desk(home, scenario)


def test_what_is_covered_or_drawn_on_is_never_sent_as_a_link(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take(*PHOTOS)
        (coffee, _), (rocket, _), (cat, _) = pictures
        draft = Draft(
            pictures=pictures,
            links=dict.fromkeys((coffee, rocket, cat), LINK),
            treatments={
                coffee: Treatment(redactions=(COVER,)),
                rocket: Treatment(regions=(BOX,), sends=RegionSend.MARKED),
                cat: Treatment(detail=Detail.ORIGINAL),
            },
        )
        route = route_to(takes_links=True)
        plan = await desk.chat.plan(draft, route, None)
        assert [fate for _, fate in fates(plan)] == [Fate.GOES, Fate.GOES, Fate.LINK]
        await asked(desk, draft, route)
        sent = views_of(provider_of(route).requests[0])
        assert [(view.link, bool(view.data)) for view in sent] == [("", True), ("", True), (LINK, False)]

    on_a_desk(home, scenario)


def test_an_older_picture_that_cannot_be_prepared_stops_nothing_but_one_of_the_question_does(
    home: Path,
) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, rocket = await desk.take("coffee.png", "rocket.jpg")
        route = route_to()
        conversation_id, _ = await asked(desk, Draft(pictures=(coffee,)), route)
        desk.store.pictures.path(coffee[0]).unlink()
        desk.chat._prompting.__dict__.pop("_prompts")  # what is remembered needs no original
        more = Draft(text="And?", pictures=(rocket,))
        plan = await desk.chat.plan(more, route, conversation_id)
        assert fates(plan) == [("coffee.png", Fate.REFUSED), ("rocket.jpg", Fate.GOES)]
        cause = plan.pictures[0].cause
        assert cause is not None and cause.refused is not None
        assert cause.refused.sentence == "coffee.png cannot be opened: there is no such file."
        _, answer = await asked(desk, more, route, conversation_id)
        assert answer.run is not None
        assert [note.sentence for note in answer.run.notes] == [
            "coffee.png did not go along: there is no such file."
        ]
        _, refused = await asked(desk, Draft(pictures=(coffee,)), route, conversation_id)
        assert refused.problem is not None
        assert refused.problem.code == "picture-refused"
        pinned = PictureChoices(rules={coffee[0]: PictureRule.PIN})
        _, refused = await asked(desk, more, route, conversation_id, choices=pinned)
        assert refused.problem is not None

    on_a_desk(home, scenario)


def test_what_is_not_kept_of_a_past_request_is_told_without_its_bytes(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        coffee, _ = await desk.take("coffee.png", "rocket.jpg")
        route = route_to()
        _, answer = await asked(desk, Draft(pictures=(coffee,)), route)
        assert answer.run is not None
        (prepared,) = answer.run.prepared
        desk.prepared.path(prepared.sha256).unlink()
        (picture,) = (await desk.chat.sent(answer.id)).pictures
        assert (picture.fate, picture.views[0].prepared, picture.views[0].data) == (Fate.GOES, prepared, b"")
        assert picture.cause is None
        with pytest.raises(KeyError):
            await desk.chat.sent("nobody")

    on_a_desk(home, scenario)


def test_a_request_with_regions_is_repeated_to_the_byte(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take("coffee.png", "rocket.jpg")
        cut = Treatment(regions=(BOX, OTHER))
        draft = Draft(text="?", pictures=pictures, treatments={pictures[0][0]: cut})
        route = route_to()
        conversation_id, answer = await asked(desk, draft, route)
        assert answer.run is not None
        assert [prepared.number for prepared in answer.run.prepared] == [0, 1, 2, 0]
        desk.registry._providers["scripted"] = provider_of(route)
        for removed in (False, True):
            if removed:
                for prepared in answer.run.prepared:
                    desk.prepared.path(prepared.sha256).unlink(missing_ok=True)
            exchange, again = await desk.chat.replay(conversation_id, answer.id)
            await desk.chat.answer(exchange, again, ignore)
        first, *others = provider_of(route).requests
        assert [other.messages for other in others] == [first.messages] * 2

    on_a_desk(home, scenario)


def test_what_was_covered_since_is_covered_when_an_older_request_is_repeated(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        (coffee,) = await desk.take("coffee.png")
        route = route_to(takes_links=True)
        for link in ("", LINK):
            first = Draft(text="?", pictures=(coffee,), links={coffee[0]: link} if link else {})
            conversation_id, answer = await asked(desk, first, route)
            covering = Draft(pictures=(coffee,), treatments={coffee[0]: Treatment(redactions=(COVER,))})
            await asked(desk, covering, route, conversation_id)
            desk.registry._providers["scripted"] = provider_of(route)
            exchange, again = await desk.chat.replay(conversation_id, answer.id)
            replayed = await desk.chat.answer(exchange, again, ignore)
            (view,) = views_of(provider_of(route).requests[-1])
            assert (view.link, view.prepared.redacted, bool(view.data)) == ("", 1, True)
            assert replayed.run is not None
            assert "was prepared anew" in replayed.run.notes[0].sentence

    on_a_desk(home, scenario)


def test_planning_can_be_cancelled_and_the_next_plan_comes(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        pictures = await desk.take(*PHOTOS)
        draft, route = Draft(pictures=pictures), route_to()
        planning = asyncio.ensure_future(desk.chat.plan(draft, route, None))
        while not desk.chat._prompting.__dict__.get("_prompts"):
            await asyncio.sleep(0)
        planning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await planning
        assert [fate for _, fate in fates(await desk.chat.plan(draft, route, None))] == [Fate.GOES] * 3

    on_a_desk(home, scenario)


def test_a_picture_that_nobody_knows_is_told_without_its_original(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        strange = hashlib.sha256(b"").hexdigest()
        (picture,) = (await desk.chat.plan(Draft(pictures=((strange, "x.png"),)), route_to(), None)).pictures
        assert (picture.fate, picture.picture) == (Fate.REFUSED, None)
        assert picture.cause is not None and picture.cause.refused is not None
        assert picture.cause.refused.facts == {"name": "x.png", "reason": "it is not in the library"}

    on_a_desk(home, scenario)
