"""What the endpoints on this computer get of a picture: its pixels and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.domain.geometry import Point
from app.domain.message import Message, PicturePart, Role, Status, TextPart
from app.domain.picture import View
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, Treatment
from app.domain.request import ChatRequest
from app.local.engine import Engine
from app.local.watch import EngineAddress
from app.net.gate import Gate
from app.net.key import Key
from app.pictures.decoder import Decoder
from app.providers.local_engine import LocalEngineProvider
from app.providers.provider import Provider
from app.providers.quick_look import QuickLookProvider
from tests.servers.fault_server import DONE, Answer, FaultServer, delta, finish
from tests.telling import SECRET, sent_in, telling_jpeg, told_by

CORNERS = (Point(30, 30), Point(200, 180))
TREATMENT = Treatment(
    regions=(Region(id="0badf00d", kind=RegionKind.RECTANGLE, points=CORNERS),),
    redactions=(Redaction(kind=RedactionKind.BOX, points=CORNERS),),
)


class Elsewhere(Engine):
    """The engine as far as asking goes; a server of the test answers in its place."""

    def __init__(self, gate: Gate, url: str) -> None:
        super().__init__(gate)
        self._url = url

    async def serve(self, model: Path, projector: Path | None = None) -> EngineAddress:
        return EngineAddress(self._url, Key((self._url,), "k"))

    def answer_begins(self) -> None:
        return

    def heard(self) -> None:
        return

    def answer_ends(self, *, complete: bool) -> None:
        return


@pytest.fixture
def request_to(tmp_path: Path) -> Callable[[Provider], Coroutine[None, None, ChatRequest]]:
    """What a provider is sent for a question about a photo that tells of its owner."""
    data, path = telling_jpeg(), tmp_path / "photo.jpg"
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    part = PicturePart(sha256=sha256, name="photo.jpg", treatment=TREATMENT)
    asked = Message(
        id="1" * 32,
        parent_id=None,
        seq=0,
        role=Role.USER,
        status=Status.DONE,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        parts=(part, TextPart(text="What is it?")),
    )

    async def make(provider: Provider) -> ChatRequest:
        decoder = Decoder()
        try:
            original = Original(path, await decoder.inspect(path=path))

            async def found(_: str) -> Original:
                return original

            route = Route(provider, "m.gguf", projector="mmproj.gguf")
            return await PromptBuilder(decoder, found).request((asked,), route, lambda _: None)
        finally:
            await decoder.close()

    return make


Making = Callable[[Provider], Coroutine[None, None, ChatRequest]]


def test_d6_the_engine_is_sent_nothing_that_a_photo_tells_of_its_owner(request_to: Making) -> None:
    async def scenario() -> None:
        answer = Answer([delta("A rocket."), finish(), DONE])
        async with FaultServer([answer]) as server:
            gate = Gate()
            provider = LocalEngineProvider(gate, None, Elsewhere(gate, server.url))
            try:
                async with aclosing(provider.stream(await request_to(provider))) as events:
                    assert [event async for event in events]
            finally:
                await provider.aclose()
                await gate.aclose()
            (received,) = server.requests
        sent = list(sent_in(received.body))
        assert [told_by(*picture) for picture in sent] == [[], []]
        assert SECRET not in received.body

    asyncio.run(scenario())


def test_d6_quick_look_gets_rows_of_pixels_without_room_for_anything_else(request_to: Making) -> None:
    async def scenario() -> None:
        provider = QuickLookProvider()
        request = await request_to(provider)
        await provider.aclose()
        (message,) = request.messages
        assert [picture.prepared.view for picture in message.pictures] == [View.WHOLE, View.REGION]
        for picture in message.pictures:
            assert len(picture.data) == 3 * picture.prepared.width * picture.prepared.height
            assert SECRET not in picture.data
        assert message.text == "What is it?"

    asyncio.run(scenario())
