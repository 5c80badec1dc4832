"""Whether a model sees is found out by asking it."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from app.chat import vision_test
from app.chat.vision_test import QUESTION, SIDE, SQUARES, pixels
from app.domain.errors import (
    FoveaError,
    KeyRefused,
    ModelDown,
    NotFound,
    Rejected,
    RequestRefused,
    ServerFailed,
    TooManyRequests,
    Unreachable,
    VisionPartMissing,
)
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta, TextWasReasoning
from app.domain.model import Capability, Limits, PictureEncoding
from app.paths import resource
from tests.scripted_provider import ScriptedProvider, Step


def outcome(*steps: Step, **options: Limits) -> tuple[Capability, ScriptedProvider]:
    provider = ScriptedProvider(*steps, **options)  # type: ignore[arg-type]
    return asyncio.run(vision_test.test_vision(provider, "m")), provider


def words(*said: str) -> list[Event]:
    return [*(TextDelta(text=text) for text in said), Finished(reason="stop")]


def test_the_picture_is_the_one_that_is_described() -> None:
    assert len(pixels()) == 3 * SIDE * SIDE
    with Image.open(resource(vision_test.FILE)) as image:
        assert image.size == (SIDE, SIDE)
        for left, top, side, colour in SQUARES:
            shown = image.getpixel((left + side // 2, top + side // 2))
            assert isinstance(shown, tuple)
            assert all(abs(a - b) < 12 for a, b in zip(shown, colour, strict=True))
        made = Image.frombytes("RGB", (SIDE, SIDE), pixels())
        again = io.BytesIO()
        made.save(again, "JPEG", quality=85, subsampling=0, optimize=True)
        with Image.open(again) as remade:
            pairs = zip(image.tobytes(), remade.tobytes(), strict=True)
            assert max(abs(a - b) for a, b in pairs) < 12


def test_the_picture_and_the_question_are_sent() -> None:
    _, provider = outcome(*words("Yellow"))
    (request,) = provider.requests
    (message,) = request.messages
    assert (request.model, message.text) == ("m", QUESTION)
    assert message.pictures[0].data == resource(vision_test.FILE).read_bytes()
    assert provider.closed


def test_an_endpoint_that_takes_rows_is_sent_rows() -> None:
    limits = Limits(longest_side=512, most_pictures=1, encoding=PictureEncoding.RGB)
    _, provider = outcome(*words("Yellow"), limits=limits)
    assert provider.requests[0].messages[0].pictures[0].data == pixels()


@pytest.mark.parametrize("said", ["yellow", "Yellow.", "**YELLOW**", "The square is yellow", "Golden yellow"])
def test_naming_the_colour_is_seeing(said: str) -> None:
    assert outcome(*words(*said))[0] == Capability(value=True, source="it named the colour of a test picture")


@pytest.mark.parametrize(
    "said",
    [
        "Blue",
        "I cannot see pictures.",
        "Perhaps yellow, red, blue or green",
        "Not yellow but red",
        "yellowish",
    ],
)
def test_naming_another_or_several_is_not_seeing(said: str) -> None:
    expected = Capability(value=False, source="it did not see what a test picture shows")
    assert outcome(*words(said))[0] == expected


def test_thoughts_do_not_count() -> None:
    thought = [ReasoningDelta(text="yellow"), *words("red")]
    assert outcome(*thought)[0].value is False
    text = "It may be red. Hm."
    late = [TextDelta(text=text), TextWasReasoning(characters=len(text)), *words("Yellow")]
    assert outcome(*late)[0].value is True


def test_saying_nothing_tells_nothing() -> None:
    assert outcome(ReasoningDelta(text="yellow"), Finished(reason="length"))[0].value is None


def test_one_that_never_stops_talking_is_not_listened_to_for_ever() -> None:
    provider = ScriptedProvider(TextDelta(text="blah " * 1000), asyncio.Event())
    capability = asyncio.run(asyncio.wait_for(vision_test.test_vision(provider, "m"), 30))
    assert capability.value is False
    assert provider.closed


def refused(kind: type[Rejected], status: int, reason: str) -> Rejected:
    return kind(endpoint="S", status=status, reason=reason, wait="some minutes")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(Rejected, 400, "unknown content type"), "unknown content type"),
        (refused(Rejected, 415, "no"), "no"),
        (refused(Rejected, 422, "content must be a string"), "content must be a string"),
        (refused(NotFound, 404, "No endpoints found that support image input"), "support image input"),
        (refused(ServerFailed, 500, "image input is not supported"), "image input is not supported"),
        (RequestRefused(endpoint="S", thing="pictures", reason="it reads text"), "it reads text"),
        (VisionPartMissing(name="m.gguf"), "it sees no pictures"),
    ],
)
def test_a_refusal_of_the_picture_is_an_answer(error: FoveaError, words: str) -> None:
    capability, _ = outcome(error)
    assert capability.value is False
    assert capability.source.startswith("it refused a test picture: ")
    assert words in capability.clause


def test_why_a_picture_was_refused_is_a_fact_beside_words_that_can_be_translated() -> None:
    capability, _ = outcome(refused(Rejected, 400, "no {type}: image"))
    assert capability.source == "it refused a test picture: {reason}"
    assert capability.clause == "it refused a test picture: no {type}: image"
    assert Capability.from_plain(capability.to_plain()) == capability


@pytest.mark.parametrize(
    "error",
    [
        Unreachable(endpoint="S", host="h", reason="it is down"),
        refused(KeyRefused, 401, "wrong key"),
        refused(NotFound, 404, "no such model"),
        refused(ServerFailed, 503, "overloaded"),
        refused(ModelDown, 400, "DEGRADED vision function"),
        refused(TooManyRequests, 429, "too many images a minute"),
    ],
)
def test_a_failure_of_something_else_is_told_as_it_is(error: FoveaError) -> None:
    with pytest.raises(type(error)):
        outcome(error)
