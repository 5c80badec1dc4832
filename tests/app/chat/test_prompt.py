"""What a provider is sent for a branch and a route."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.domain.errors import PictureRefused
from app.domain.events import Event, Noted, Progress
from app.domain.geometry import Point
from app.domain.message import Message, Part, PicturePart, Role, Status, TextPart, ToolCall, ToolSpec
from app.domain.model import Limits
from app.domain.picture import Detail, Picture
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.domain.request import ChatRequest, Parameters
from app.grounding.dialects import shapes_in
from app.pictures.decoder import Decoder
from tests.grounded_answers import answer
from tests.scripted_provider import ScriptedProvider

PHOTOS = Path(__file__).parents[2] / "data" / "photos"
LINK = "https://example.org/coffee.png"
CALL = ToolCall(id="c", name="zoom", arguments="{}")


def message(role: Role, *parts: Part) -> Message:
    return Message(
        id=hashlib.sha256(repr(parts).encode()).hexdigest()[:32],
        parent_id=None,
        seq=0,
        role=role,
        status=Status.DONE,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        parts=parts,
    )


def user(text: str, *names: str, link: str = "") -> Message:
    pictures = (PicturePart(sha256=name, name=name, link=link) for name in names)
    return message(Role.USER, *pictures, TextPart(text=text))


@pytest.fixture
def asking() -> Callable[..., tuple[ChatRequest, list[Event]]]:
    """`asking(branch, provider, ...)`: the request, and what was reported while it was made."""

    async def original(name: str) -> Original:
        path = PHOTOS / name
        with Image.open(path) as image:
            width, height = image.size
        return Original(path, Picture(sha256=name, format="png", width=width, height=height, byte_count=9))

    def ask(
        branch: Sequence[Message], provider: ScriptedProvider | None = None, **fields: Any
    ) -> tuple[ChatRequest, list[Event]]:
        async def run() -> tuple[ChatRequest, list[Event]]:
            decoder, told = Decoder(), list[Event]()
            try:
                route = Route(provider or ScriptedProvider(), "m", **fields)
                return await PromptBuilder(decoder, original).request(branch, route, told.append), told
            finally:
                await decoder.close()

        return asyncio.run(run())

    return ask


Asking = Callable[..., tuple[ChatRequest, list[Event]]]


def test_all_that_the_route_says_goes_along(asking: Asking) -> None:
    tools = (ToolSpec(name="zoom"),)
    parameters = Parameters(seed=1)
    request, _ = asking(
        [user("What?")],
        projector="p.gguf",
        parameters=parameters,
        system="Be short.",
        prefill="It is",
        session="s-1",
        tools=tools,
        detail=Detail.UPLOAD,
        stream=False,
    )
    assert [(m.role, m.text) for m in request.messages] == [
        (Role.SYSTEM, "Be short."),
        (Role.USER, "What?"),
        (Role.ASSISTANT, "It is"),
    ]
    assert (request.tools, request.session, request.detail, request.stream) == (
        tools,
        "s-1",
        Detail.UPLOAD,
        False,
    )
    assert (request.parameters, request.projector) == (parameters, "p.gguf")


def test_earlier_calls_of_tools_go_along_also_without_words(asking: Asking) -> None:
    branch = [user("1"), message(Role.ASSISTANT, CALL), user("2"), message(Role.ASSISTANT), user("3")]
    request, _ = asking(branch)
    assert [(m.role, m.text, m.tool_calls) for m in request.messages] == [
        (Role.USER, "1", ()),
        (Role.ASSISTANT, "", (CALL,)),
        (Role.USER, "2", ()),
        (Role.USER, "3", ()),
    ]


@pytest.mark.parametrize("takes_links", [True, False])
def test_a_link_goes_only_to_endpoints_that_take_links(asking: Asking, takes_links: bool) -> None:
    provider = ScriptedProvider(takes_links=takes_links)
    request, _ = asking([user("What?", "coffee.png", link=LINK)], provider)
    (picture,) = request.messages[0].pictures
    assert picture.link == (LINK if takes_links else "")
    assert bool(picture.data) is not takes_links


def test_a_picture_without_a_link_goes_as_bytes_to_an_endpoint_that_takes_links(asking: Asking) -> None:
    request, _ = asking([user("What?", "coffee.png")], ScriptedProvider(takes_links=True))
    assert request.messages[0].pictures[0].data[:2] == b"\xff\xd8"


def test_reading_is_reported_from_the_beginning_to_the_end(asking: Asking) -> None:
    _, told = asking([user("What?", "coffee.png", "chelsea.png")])
    assert told == [Progress(stage="reading", fraction=part) for part in (0.0, 0.5, 1.0)]
    assert asking([user("What?")])[1] == []


def test_the_detail_and_the_weight_reach_the_pictures(asking: Asking) -> None:
    light = ScriptedProvider(limits=Limits(longest_side=4096, most_pictures=1, most_bytes=10_000))
    request, told = asking([user("What?", "coffee.png")], light)
    assert request.messages[0].pictures[0].prepared.byte_count <= 10_000
    (noted,) = [event for event in told if isinstance(event, Noted)]
    assert noted.note.sentence.startswith("coffee.png was made smaller to fit the 10 KB")
    with pytest.raises(PictureRefused, match="600 x 400 pixels it is 72 KB, and this model takes 10 KB"):
        asking([user("What?", "coffee.png")], light, detail=Detail.ORIGINAL)


def test_one_that_hears_a_single_turn_sees_the_newest_picture_and_hears_untouched_words(
    asking: Asking,
) -> None:
    provider = ScriptedProvider(limits=Limits(longest_side=64, most_pictures=1, single_turn=True))
    branch = [user("old", "rocket.jpg"), user("detect cat", "coffee.png", "chelsea.png")]
    request, told = asking(branch, provider)
    assert [[p.name for p in m.pictures] for m in request.messages] == [[], ["chelsea.png"]]
    assert [m.text for m in request.messages] == ["old", "detect cat"]
    assert [event.note.sentence for event in told if isinstance(event, Noted)] == [
        "This model hears one question, with the pictures of one message: rocket.jpg did not go along.",
        "This model looks at no more than 1 picture: coffee.png did not go along.",
    ]
    request, _ = asking([*branch, user("caption en")], provider)
    assert [[p.name for p in m.pictures] for m in request.messages] == [[], ["chelsea.png"], []]


def test_pictures_of_other_turns_do_not_join_the_newest_in_a_single_turn(asking: Asking) -> None:
    provider = ScriptedProvider(limits=Limits(longest_side=64, most_pictures=4, single_turn=True))
    request, _ = asking([user("old", "rocket.jpg"), user("new", "coffee.png")], provider)
    assert [[p.name for p in m.pictures] for m in request.messages] == [[], ["coffee.png"]]


@pytest.mark.parametrize("single_turn", [False, True])
def test_a_model_that_is_known_to_see_nothing_is_sent_no_picture_of_earlier_turns(
    asking: Asking, single_turn: bool
) -> None:
    limits = Limits(longest_side=64, most_pictures=4, single_turn=single_turn)
    branch = [user("What?", "coffee.png"), message(Role.ASSISTANT, TextPart(text="A cup.")), user("And?")]
    request, told = asking(branch, ScriptedProvider(limits=limits), sees=False)
    assert [m.pictures for m in request.messages] == [(), (), ()]
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence == "This model takes no pictures: coffee.png did not go along."
    for sees in (True, None):
        request, _ = asking(branch, ScriptedProvider(limits=limits), sees=sees)
        assert len(request.messages[0].pictures) == 1


def test_an_answer_is_read_by_the_numbers_that_the_prompt_told(asking: Asking) -> None:
    corners = (Point(60, 80), Point(240, 200))
    region = Region(id="00000001", kind=RegionKind.RECTANGLE, points=corners)
    treatment = Treatment(regions=(region,), sends=RegionSend.BOTH)
    cup = PicturePart(sha256="coffee.png", name="coffee.png", treatment=treatment)
    cat = PicturePart(sha256="chelsea.png", name="chelsea.png")
    provider = ScriptedProvider(limits=Limits(longest_side=300, most_pictures=9))
    for before in ([], [user("What?", "rocket.jpg")]):
        request, _ = asking([*before, message(Role.USER, cup, cat, TextPart(text="Where?"))], provider)
        sent = [view.prepared for each in request.messages for view in each.pictures]
        words = request.messages[-1].text
        said = re.search(r"of picture (\d) .*? from \((\d+), (\d+)\) to \((\d+), (\d+)\)", words)
        cut = re.search(r"Picture (\d) shows it cut out", words)
        assert said is not None and cut is not None
        number, *box = map(int, said.groups())
        whole = f'Picture {number}: {{"bbox": {box}}}'
        every = f'Picture {cut[1]}: {{"bbox": [0, 0, 1, 1]}}'
        for text, dialect in ((whole, "pixels"), (every, "fractions")):
            (shape,) = shapes_in(answer(text, prepared=sent), dialect)
            found = (shape.pixels.left, shape.pixels.top, shape.pixels.right, shape.pixels.bottom)
            assert shape.original == "coffee.png"
            assert found == pytest.approx((60, 80, 240, 200), abs=10)  # a part has a margin
