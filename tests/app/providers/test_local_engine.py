"""The local engine end to end: the real llama.cpp, a generated model, real pictures."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import (
    EngineFailed,
    Interrupted,
    LocalExtraMissing,
    ModelFileRefused,
    NoModelFile,
    Rejected,
    VisionPartMissing,
)
from app.domain.events import Event, Finished, Progress, TextDelta, UsageReported
from app.domain.message import Role
from app.domain.model import PictureEncoding
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, Parameters, PromptMessage, PromptPicture
from app.local.engine import Engine
from app.net.gate import Gate
from app.providers.local_engine import LocalEngineProvider
from tests.app.child.freezing import freeze
from tests.tiny_model import TinyModel, write_model, write_projector, write_tiny_model

pytest.importorskip("xllamacpp")

COLOURS = {
    "red": (230, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 230), "yellow": (240, 230, 10),
    "cyan": (10, 230, 230), "magenta": (230, 10, 230), "white": (250, 250, 250), "black": (5, 5, 5),
    "grey": (128, 128, 128),
}  # fmt: skip
CHECK_LIMIT_S = 5.0
STOP_LIMIT_S = 2.5
BUSY_S = 10.0
"""What a machine with other things to do may take beyond a limit."""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def endless(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    """A model that repeats its sentence and takes milliseconds for a word."""
    folder = tmp_path_factory.mktemp("endless")
    write_model(folder / "endless.gguf", endless=True, ballast=1 << 16)
    write_projector(folder / "mmproj-endless.gguf")
    return TinyModel(folder / "endless.gguf", folder / "mmproj-endless.gguf")


@asynccontextmanager
async def provided(folder: Path | None = None) -> AsyncGenerator[tuple[LocalEngineProvider, Engine], None]:
    gate = Gate()
    engine = Engine(gate, threads=1)
    provider = LocalEngineProvider(gate, folder, engine)
    try:
        yield provider, engine
    finally:
        await provider.aclose()
        await gate.aclose()


def picture(colour: str, form: str = "PNG", size: tuple[int, int] = (96, 64)) -> PromptPicture:
    file = io.BytesIO()
    Image.new("RGB", size, COLOURS[colour]).save(file, form)
    data = file.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    prepared = Prepared(
        original=digest,
        sha256=digest,
        mime=f"image/{form.lower()}",
        width=size[0],
        height=size[1],
        byte_count=len(data),
        scale_x=1.0,
        scale_y=1.0,
    )
    return PromptPicture(
        prepared=prepared, original_width=size[0], original_height=size[1], name=colour, data=data
    )


def request(tiny: TinyModel, *pictures: PromptPicture, text: str = "What is it?", **more: Any) -> ChatRequest:
    message = PromptMessage(role=Role.USER, text=text, pictures=pictures)
    return ChatRequest(**{"model": str(tiny.model), "messages": (message,), **more})


async def events_of(provider: LocalEngineProvider, asked: ChatRequest) -> list[Event]:
    async with aclosing(provider.stream(asked)) as events:
        return [event async for event in events]


def text_of(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def answer(provider: LocalEngineProvider, asked: ChatRequest) -> str:
    return text_of(await events_of(provider, asked))


async def first_words(events: AsyncGenerator[Event, None], until: str = "") -> str:
    words = ""
    async for event in events:
        words += event.text if isinstance(event, TextDelta) else ""
        if words and until in words:
            return words
    raise AssertionError(f"the answer is {words!r}")


def failing(asked: ChatRequest, error: type[Exception], match: str) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            with pytest.raises(error, match=match):
                await events_of(provider, asked)
            assert engine.pid is None

    asyncio.run(scenario())


def test_every_colour_is_named(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            for form in ("PNG", "JPEG"):
                for colour in COLOURS:
                    told = await answer(provider, request(tiny, picture(colour, form)))
                    assert told == f"The picture is mostly {colour}."

    asyncio.run(scenario())


def test_a_large_picture_is_seen_in_tiles(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            asked = request(tiny, picture("blue", "JPEG", (512, 384)))
            assert await answer(provider, asked) == "The picture is mostly blue."

    asyncio.run(scenario())


def test_without_a_picture_it_says_so(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            assert await answer(provider, request(tiny)) == "I see no image."

    asyncio.run(scenario())


def test_of_two_pictures_the_last_is_described(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            asked = request(tiny, picture("red"), picture("green", "JPEG"))
            assert await answer(provider, asked) == "The picture is mostly green."

    asyncio.run(scenario())


def test_a_picture_of_an_earlier_turn_is_still_seen(tiny: TinyModel) -> None:
    turns = (
        PromptMessage(role=Role.USER, text="Look", pictures=(picture("yellow"),)),
        PromptMessage(role=Role.ASSISTANT, text="The picture is mostly yellow."),
        PromptMessage(role=Role.USER, text="Again?"),
    )

    async def scenario() -> None:
        async with provided() as (provider, _):
            asked = ChatRequest(model=str(tiny.model), messages=turns)
            assert await answer(provider, asked) == "The picture is mostly yellow."

    asyncio.run(scenario())


def test_loading_and_reading_are_told_and_usage_counted(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            events = await events_of(provider, request(tiny, picture("red")))
            stages = [event.stage for event in events if isinstance(event, Progress)]
            assert stages[0] == "loading"
            assert "reading" in stages
            assert events[-1] == Finished(reason="stop")
            usage = next(event.usage for event in events if isinstance(event, UsageReported))
            assert usage.completion_tokens == 7
            again = await events_of(provider, request(tiny, picture("red")))
            assert Progress(stage="loading") not in again

    asyncio.run(scenario())


def test_words_arrive_one_after_another(endless: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            asked = request(endless, picture("red"), parameters=Parameters(max_tokens=60))
            events = await events_of(provider, asked)
            assert sum(isinstance(event, TextDelta) for event in events) > 3
            assert text_of(events).startswith("The picture is mostly red.The picture is")
            assert events[-1] == Finished(reason="length")

    asyncio.run(scenario())


def test_the_vision_part_may_lie_elsewhere(tiny: TinyModel, tmp_path: Path) -> None:
    model = Path(shutil.copy(tiny.model, tmp_path / "renamed.gguf"))
    asked = request(TinyModel(model, tiny.projector), picture("cyan"), projector=str(tiny.projector))

    async def scenario() -> None:
        async with provided() as (provider, _):
            assert await answer(provider, asked) == "The picture is mostly cyan."

    asyncio.run(scenario())


def test_a_picture_without_a_vision_part_is_refused_before_loading(tiny: TinyModel, tmp_path: Path) -> None:
    model = Path(shutil.copy(tiny.model, tmp_path / "blind.gguf"))
    asked = request(TinyModel(model, model), picture("red"))
    failing(asked, VisionPartMissing, r"blind\.gguf cannot see pictures .* Choose its mmproj file")


def test_no_model_is_asked_for(tiny: TinyModel) -> None:
    failing(request(tiny, model=""), NoModelFile, "No model file is chosen")


def test_a_missing_model_is_named(tiny: TinyModel, tmp_path: Path) -> None:
    asked = request(tiny, model=str(tmp_path / "none.gguf"))
    failing(asked, ModelFileRefused, r"none\.gguf cannot be used: there is no such file")


def test_c5_a_cut_model_is_refused_before_it_is_loaded(tiny: TinyModel, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny.model.read_bytes()[:60_000])
    failing(request(tiny, model=str(path)), ModelFileRefused, "incomplete: 60.0 of 128.5 kB")


def test_a_vision_part_of_another_model_is_refused(tiny: TinyModel, tmp_path: Path) -> None:
    write_projector(tmp_path / "mmproj-other.gguf", width=32)
    asked = request(tiny, picture("red"), projector=str(tmp_path / "mmproj-other.gguf"))
    failing(asked, ModelFileRefused, "belongs to another model: its width is 32")


def test_without_the_package_it_is_said_what_to_install(
    tiny: TinyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    failing(request(tiny), LocalExtraMissing, r"The local engine needs.*fovea\[local\]")


def test_a_question_too_long_is_refused_in_the_engines_words(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            pid = None
            with pytest.raises(Rejected, match="exceeds the available context size"):
                await events_of(provider, request(tiny, text="word " * 6000))
            pid = engine.pid
            assert await answer(provider, request(tiny)) == "I see no image."
            assert engine.pid == pid

    asyncio.run(scenario())


def test_closing_the_answer_frees_the_engine_for_the_next(endless: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            events = provider.stream(request(endless, picture("red")))
            assert (await first_words(events)).startswith("The")
            pid = engine.pid
            begun = time.monotonic()
            await events.aclose()
            assert time.monotonic() - begun < 2.0  # whoever stops does not wait for the engine
            asked = request(endless, picture("blue"), parameters=Parameters(max_tokens=5))
            assert await answer(provider, asked) == "The picture is mostly blue"
            assert engine.pid == pid

    asyncio.run(scenario())


def test_cancelling_while_a_long_question_is_read_stops_in_time(endless: TinyModel) -> None:
    async def read(provider: LocalEngineProvider, reading: asyncio.Event) -> None:
        asked = request(endless, text="word " * 600)
        async with aclosing(provider.stream(asked)) as events:
            async for event in events:
                if isinstance(event, Progress) and event.stage == "reading":
                    reading.set()

    async def scenario() -> None:
        async with provided() as (provider, _):
            reading = asyncio.Event()
            task = asyncio.ensure_future(read(provider, reading))
            await asyncio.wait_for(reading.wait(), 20.0)
            begun = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            asked = request(endless, parameters=Parameters(max_tokens=4))
            assert await answer(provider, asked) == "I see no image"
            assert time.monotonic() - begun < STOP_LIMIT_S + BUSY_S

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="SIGSTOP")
def test_c1_an_engine_frozen_at_stop_is_killed_and_the_next_question_answered(endless: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            events = provider.stream(request(endless))
            await first_words(events)
            pid = engine.pid
            assert pid is not None
            freeze(pid)
            begun = time.monotonic()
            await events.aclose()
            async with asyncio.timeout(STOP_LIMIT_S + BUSY_S):
                while engine.pid is not None:
                    await asyncio.sleep(0.02)
            assert time.monotonic() - begun >= 1.5
            asked = request(endless, parameters=Parameters(max_tokens=4))
            assert await answer(provider, asked) == "I see no image"

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="SIGSTOP")
@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda pid: os.kill(pid, signal.SIGKILL), "the system ended it"),
        (freeze, "it did not respond any more"),
    ],
)
def test_c1_an_engine_lost_while_answering_is_told_within_five_seconds(
    endless: TinyModel, harm: Callable[[int], None], reason: str
) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            events = provider.stream(request(endless))
            await first_words(events, "I see no image")
            assert engine.pid is not None
            harm(engine.pid)
            begun = time.monotonic()
            with pytest.raises(EngineFailed, match=reason):
                async for event in events:
                    assert isinstance(event, TextDelta)
            assert time.monotonic() - begun < CHECK_LIMIT_S + BUSY_S
            asked = request(endless, parameters=Parameters(max_tokens=4))
            assert await answer(provider, asked) == "I see no image"

    asyncio.run(scenario())


def test_a_second_question_waits_for_its_turn(endless: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, _):
            asked = request(endless, parameters=Parameters(max_tokens=20))
            first, second = await asyncio.gather(events_of(provider, asked), events_of(provider, asked))
            assert second[0] == Progress(stage="waiting")
            assert text_of(first) == text_of(second)

    asyncio.run(scenario())


def test_closing_the_provider_while_it_answers_ends_the_engine(endless: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            events = provider.stream(request(endless))
            await first_words(events)
            await provider.aclose()
            assert engine.pid is None
            with pytest.raises(Interrupted):
                async for event in events:
                    assert isinstance(event, TextDelta)

    asyncio.run(scenario())


def test_the_models_folder_is_listed(tiny: TinyModel, tmp_path: Path) -> None:
    below = tmp_path / "models" / "tiny"
    below.mkdir(parents=True)
    for path in (tiny.model, tiny.projector):
        shutil.copy(path, below)
    shutil.copy(tiny.model, tmp_path / "models" / "blind.gguf")
    (tmp_path / "models" / "cut.gguf").write_bytes(tiny.model.read_bytes()[:60_000])

    async def scenario() -> None:
        async with provided(tmp_path / "models") as (provider, _):
            blind, seeing = await provider.models()
            assert (Path(blind.id).name, Path(seeing.id).name) == ("blind.gguf", tiny.model.name)
            assert (blind.vision.value, seeing.vision.value) == (False, True)
            assert seeing.name == "Tiny Colour Namer"
            assert seeing.detail == "60.9K parameters, F16"

    asyncio.run(scenario())


def test_no_models_folder_is_no_error(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with provided(tmp_path / "none") as (provider, _):
            assert await provider.models() == []

    asyncio.run(scenario())


def test_what_a_model_can_do_is_read_from_its_files(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with provided() as (provider, engine):
            found = await provider.probe(str(tiny.model))
            assert (found.value, found.file) == (True, str(tiny.projector))
            assert (await provider.probe(str(tiny.model), str(tiny.projector))).source == (
                f"its vision part {tiny.projector.name}"
            )
            with pytest.raises(ModelFileRefused):
                await provider.probe(str(tiny.model), str(tiny.model))
            assert engine.pid is None

    asyncio.run(scenario())


def test_small_jpegs_are_wanted(tiny: TinyModel) -> None:
    limits = LocalEngineProvider(Gate()).limits(str(tiny.model))
    assert (limits.longest_side, limits.most_pictures, limits.encoding) == (512, 8, PictureEncoding.JPEG)
