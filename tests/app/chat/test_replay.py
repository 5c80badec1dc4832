"""Asking again for an answer exactly as it was asked for."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import ReplayRefused
from app.domain.events import Finished, TextDelta
from app.domain.message import Message, Status, ToolSpec
from app.domain.model import EndpointConfig, KeyGroup
from app.domain.picture import Detail
from app.domain.request import Parameters, Reasoning
from app.settings import Settings
from tests.app.chat.desks import Desk, desk, ignore, on_a_desk, provider_of, route_for
from tests.servers.openai_answers import Says
from tests.servers.openai_like import SEEING, OpenAiLike

TOOL = ToolSpec(name="zoom", description="Looks closer.", parameters={"type": "object", "properties": {}})


def served(server: OpenAiLike) -> Settings:
    """The settings of somebody who set the server up."""
    origin = server.url
    key = KeyGroup(origins=(origin,), needed=False)
    config = EndpointConfig(id="mine", name="Mine", kind="vllm", base_url=server.base_url, key=key)
    return Settings(endpoints=(config,))


def against_a_server(
    home: Path, scenario: Callable[[OpenAiLike, Desk, Route], Coroutine[None, None, None]]
) -> None:
    async def run() -> None:
        async with OpenAiLike("vllm") as server:
            server.says = Says(texts=("A cup.",))
            async with desk(home, served(server)) as it:
                parameters = Parameters(temperature=0.1, seed=7, n=2, reasoning=Reasoning(enabled=False))
                route = Route(
                    it.registry.provider("mine"),
                    SEEING,
                    parameters=parameters,
                    system="Be short.",
                    tools=(TOOL,),
                    author="ann",
                    sees=True,
                )
                await scenario(server, it, route)
            assert server.violations == []

    asyncio.run(run())


async def replayed(desk: Desk, conversation_id: str, answer_id: str) -> Message:
    exchange, route = await desk.chat.replay(conversation_id, answer_id)
    await desk.chat.answer(exchange, route, ignore)
    return await desk.stored(exchange.answer.id)


def bodies(server: OpenAiLike) -> list[bytes]:
    return [received.body for received in server.requests if received.method == "POST"]


def test_the_two_requests_are_equal_to_the_byte(home: Path) -> None:
    async def scenario(server: OpenAiLike, desk: Desk, route: Route) -> None:
        pictures = await desk.take("coffee.png", "chelsea.png")
        first = await desk.chat.ask(Draft(text="What?", pictures=pictures), route, None)
        was = await desk.chat.answer(first, route, ignore)
        await desk.answered(route, first.conversation_id, was.id, "And?")
        again = await replayed(desk, first.conversation_id, was.id)
        sent = bodies(server)
        assert sent[0] == sent[2] != sent[1]
        assert was.run is not None
        assert again.run is not None
        assert again.run.replays == was.id
        assert again.run.prepared == was.run.prepared
        assert (again.text, again.status, again.run.notes) == (was.text, Status.DONE, was.run.notes)
        assert again.run.unanswered().replace(replays="") == was.run.unanswered()
        for prepared in was.run.prepared:
            assert hashlib.sha256(desk.prepared.path(prepared.sha256).read_bytes()).hexdigest() == (
                prepared.sha256
            )

    against_a_server(home, scenario)


def test_what_is_gone_from_the_disk_is_made_again(home: Path) -> None:
    async def scenario(server: OpenAiLike, desk: Desk, route: Route) -> None:
        draft = Draft(text="What?", pictures=await desk.take("coffee.png"))
        first = await desk.chat.ask(draft, route, None)
        was = await desk.chat.answer(first, route, ignore)
        assert was.run is not None
        desk.prepared.path(was.run.prepared[0].sha256).unlink()
        again = await replayed(desk, first.conversation_id, was.id)
        assert bodies(server)[0] == bodies(server)[1]
        assert again.run is not None
        assert again.run.notes == was.run.notes

    against_a_server(home, scenario)


def test_that_the_pictures_are_not_what_they_were_is_said(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = route_for(TextDelta(text="A cup."), Finished(reason="stop"))
        draft = Draft(text="What?", pictures=await desk.take("coffee.png"))
        first = await desk.chat.ask(draft, route, None)
        was = await desk.chat.answer(first, route, ignore)
        assert was.run is not None
        (prepared,) = was.run.prepared
        other = was.run.replace(prepared=(prepared.replace(sha256="0" * 64),))
        await desk.store.conversations.save(was.replace(run=other))
        desk.registry._providers["scripted"] = provider_of(route)
        again = await replayed(desk, first.conversation_id, was.id)
        assert again.run is not None
        (note,) = again.run.notes
        assert (
            note.sentence == "coffee.png was prepared anew, and it is not to the byte what was sent before."
        )
        assert again.run.prepared == (prepared,)

    on_a_desk(home, scenario)


def test_pictures_that_were_left_out_stay_out(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = route_for(TextDelta(text="Cups."), Finished(reason="stop"))
        pictures = await desk.take("coffee.png", "rocket.jpg", "chelsea.png")
        first = await desk.chat.ask(Draft(text="What?", pictures=pictures), route, None)
        was = await desk.chat.answer(first, route, ignore)
        provider = provider_of(route)
        provider._limits = provider._limits.replace(most_pictures=9)
        desk.registry._providers["scripted"] = provider
        await replayed(desk, first.conversation_id, was.id)
        assert provider.requests[0].messages == provider.requests[1].messages
        assert len(provider.requests[0].messages[0].pictures) == 2

    on_a_desk(home, scenario)


def test_an_answer_that_was_gone_on_with_is_asked_for_in_the_same_way(home: Path) -> None:
    async def scenario(server: OpenAiLike, desk: Desk, route: Route) -> None:
        first = await desk.chat.ask(Draft(text="What?"), route, None)
        cut = await desk.chat.answer(first, route, ignore)
        on = await desk.chat.go_on(first.conversation_id, cut.id, route)
        gone_on = await desk.chat.answer(on, route, ignore)
        assert gone_on.text == "A cup.A cup."
        again = await replayed(desk, first.conversation_id, gone_on.id)
        assert bodies(server)[1] == bodies(server)[2]
        assert again.text == gone_on.text
        assert again.run is not None
        assert (again.run.continues, again.run.replays) == (cut.id, gone_on.id)

    against_a_server(home, scenario)


def test_every_way_of_asking_is_remembered(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = route_for(
            TextDelta(text="."),
            Finished(reason="stop"),
            projector="p.gguf",
            parameters=Parameters(temperature=0.3, reasoning=Reasoning(exclude=False, max_tokens=9)),
            system="Be short.",
            prefill="It is",
            session="s-1",
            tools=(TOOL,),
            detail=Detail.ORIGINAL,
            stream=False,
            author="ann",
            sees=False,
        )
        first = await desk.answered(route)
        desk.registry._providers["scripted"] = provider_of(route)
        _, again = await desk.chat.replay(first.conversation_id, first.answer.id)
        assert again == route

    on_a_desk(home, scenario)


def test_an_endpoint_that_is_gone_is_named(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(route_for(Finished(reason="stop")))
        with pytest.raises(ReplayRefused, match="Scripted is not set up any more"):
            await desk.chat.replay(first.conversation_id, first.answer.id)
        with pytest.raises(ReplayRefused, match="not noted how"):
            await desk.chat.replay(first.conversation_id, first.question.id)
        with pytest.raises(KeyError):
            await desk.chat.replay(first.conversation_id, "nobody")
        assert len((await desk.store.conversations.outline(first.conversation_id)).nodes) == 2

    on_a_desk(home, scenario)
