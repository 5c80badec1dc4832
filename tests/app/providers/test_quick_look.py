from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from app.domain.errors import LocalExtraMissing
from app.domain.events import Event, Finished, Progress, TextDelta
from app.domain.message import Role
from app.domain.model import PictureEncoding
from app.domain.request import ChatRequest, PromptMessage
from app.local.quick_look import describer
from app.local.quick_look.answers import ASK_FOR_PICTURE
from app.providers.provider import Provider
from app.providers.quick_look import QuickLookProvider
from tests.photos import question, request


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def provider(runner: asyncio.Runner) -> Iterator[Provider]:
    """One provider for the module, so that its child starts once."""

    async def create() -> Provider:
        provider = QuickLookProvider()
        await told(provider, request(question("", "coffee.png")))
        return provider

    provider = runner.run(create())
    yield provider
    runner.run(provider.aclose())


async def told(provider: Provider, asked: ChatRequest) -> list[Event]:
    return [event async for event in provider.stream(asked)]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def reply(text: str) -> PromptMessage:
    return PromptMessage(role=Role.ASSISTANT, text=text)


def test_a_picture_is_described_piece_by_piece(runner: asyncio.Runner, provider: Provider) -> None:
    events = runner.run(told(provider, request(question("", "chelsea.png"))))
    assert isinstance(events[0], Progress)
    assert events[-1] == Finished(reason="stop")
    pieces = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(pieces) >= 3
    assert "".join(pieces) == (
        "A landscape picture of 451 × 300 pixels. Its main colours are brown, beige and grey. "
        "It probably shows a tiger cat or an Egyptian cat. I found no text in it."
    )


def test_several_pictures_are_numbered_and_named(runner: asyncio.Runner, provider: Provider) -> None:
    text = text_of(runner.run(told(provider, request(question("", "coffee.png", "page.png")))))
    assert "**Picture 1 of 2:** `coffee.png`\n\nA landscape picture of 600 × 400" in text
    assert "most likely shows an espresso" in text
    assert "**Picture 2 of 2:** `page.png`\n\nA landscape picture of 384 × 191" in text
    assert "Region-based segmentation" in text


def test_a_question_beyond_it_is_described_and_said_so(runner: asyncio.Runner, provider: Provider) -> None:
    text = text_of(runner.run(told(provider, request(question("Is she happy?", "coffee.png")))))
    assert text.startswith("A landscape picture")
    assert "cannot converse" in text


ESPRESSO = (
    "A landscape picture of 600 × 400 pixels. It most likely shows an espresso. "
    "Its main colours are brown, red and orange. I found no text in it."
)


def test_a_follow_up_is_about_the_last_pictures(runner: asyncio.Runner, provider: Provider) -> None:
    asked = request(
        question("", "chelsea.png"),
        reply("A cat."),
        question("", "coffee.png"),
        reply(ESPRESSO),
        question("And what is it?"),
    )
    text = text_of(runner.run(told(provider, asked)))
    assert text.startswith("It most likely shows an espresso.")
    assert "GGUF model with vision" in text


@pytest.mark.parametrize("words", ["again please", "And now?", "What colour?", "Describe this picture."])
@pytest.mark.parametrize(
    "answered",
    [
        (),
        (reply("A landscape picture of 600 × 400 pixels. It most likely shows an espresso."),),
        (reply("A lovely cup of coffee."),),
    ],
    ids=["never", "in-part", "by-another"],
)
def test_a_description_that_never_finished_is_given_in_full(
    runner: asyncio.Runner, provider: Provider, answered: tuple[PromptMessage, ...], words: str
) -> None:
    asked = request(question("", "coffee.png"), *answered, question(words))
    assert text_of(runner.run(told(provider, asked))).startswith(ESPRESSO)


def test_a_finished_description_is_repeated_when_asked_for(
    runner: asyncio.Runner, provider: Provider
) -> None:
    asked = request(question("", "coffee.png"), reply(ESPRESSO), question("Describe it again"))
    assert text_of(runner.run(told(provider, asked))) == ESPRESSO


def test_the_description_of_an_earlier_picture_is_not_that_of_the_last(
    runner: asyncio.Runner, provider: Provider
) -> None:
    asked = request(
        question("", "coffee.png"), reply(ESPRESSO), question("", "coffee.png"), question("Which colours?")
    )
    assert text_of(runner.run(told(provider, asked))) == ESPRESSO


def test_after_a_stop_asking_again_describes_the_picture() -> None:
    provider = QuickLookProvider()  # its own: a child that is slow to stop is replaced

    async def stopped(asked: ChatRequest) -> str:
        said = ""
        async with aclosing(provider.stream(asked)) as events:
            async for event in events:
                said += event.text if isinstance(event, TextDelta) else ""
                if "colours" in said:
                    break
        return said

    async def scene() -> None:
        first = question("", "rocket.jpg")
        said = await stopped(request(first))
        assert said.endswith("Its main colours are blue and grey.")
        text = text_of(await told(provider, request(first, reply(said), question("again please"))))
        assert text.startswith(said)
        assert text.endswith("I found no text in it.")
        await provider.aclose()

    asyncio.run(scene())


def test_without_a_picture_it_asks_for_one(runner: asyncio.Runner, provider: Provider) -> None:
    events = runner.run(told(provider, request(question("Hello"))))
    assert events == [TextDelta(text=ASK_FOR_PICTURE), Finished(reason="stop")]


def test_it_offers_one_model_that_sees(runner: asyncio.Runner, provider: Provider) -> None:
    (model,) = runner.run(provider.models())  # type: ignore[arg-type]
    assert model.id == "quick-look"
    assert model.vision.value is True
    assert runner.run(provider.probe(model.id)).value is True  # type: ignore[arg-type]


def test_it_says_what_is_missing_when_it_is_chosen(
    runner: asyncio.Runner, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describer, "REQUIRED", ("json", "a_package_nobody_has"))
    with pytest.raises(LocalExtraMissing, match=r"fovea\[local\]"):
        runner.run(provider.probe("quick-look"))  # type: ignore[arg-type]


def test_what_it_lacks_is_told_before_it_is_asked(
    runner: asyncio.Runner, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.local.quick_look.describer.REQUIRED", ("no_such_package",))
    with pytest.raises(LocalExtraMissing):
        runner.run(provider.probe("quick-look"))  # type: ignore[arg-type]


def test_it_takes_raw_pixels_on_this_computer(provider: Provider) -> None:
    assert provider.endpoint.on_this_computer
    assert provider.limits("quick-look").encoding == PictureEncoding.RGB
