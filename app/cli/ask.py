"""Asking from the command line, with and without keeping the conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from app.chat.answering import Answering
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.chat.service import ChatService, answer_message, question_message
from app.cli.output import Output
from app.domain.conversation import Draft
from app.domain.errors import PictureRefused
from app.domain.message import Message
from app.net.gate import Gate
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake, Offer, shown_name
from app.store.database import Store


@asynccontextmanager
async def ready_pictures() -> AsyncGenerator[Decoder, None]:
    """A decoder that ends with the command."""
    decoder = Decoder()
    try:
        yield decoder
    finally:
        await decoder.close()


class Asking(NamedTuple):
    """A question from the command line."""

    decoder: Decoder
    gate: Gate
    route: Route
    question: str
    images: tuple[str, ...]
    as_link: bool


async def answer_once(asking: Asking, output: Output) -> int:
    """Answer without keeping anything. Raises PictureRefused for a path that is no picture."""
    route = asking.route
    looked_at = await _look_at(asking)
    originals = {original.picture.sha256: original for original in looked_at}
    names = tuple((original.picture.sha256, _name(original.path)) for original in looked_at)

    async def original(sha256: str) -> Original:
        return originals[sha256]

    async def keep_nothing(_: Message) -> None:
        return

    asked = question_message(Draft(text=asking.question, pictures=names), None)
    answering = Answering(answer_message(asked, route), route.provider, output.show, keep_nothing)
    prompts = PromptBuilder(asking.decoder, original)

    output.started(route.provider.endpoint, route.model)
    return output.finished(await answering.run(lambda report: prompts.request((asked,), route, report)))


async def answer_saved(asking: Asking, output: Output, home: Path) -> int:
    """Answer and keep the conversation in the library, as the window does.

    Raises PictureRefused before the library is touched, StoreFailed before anything is asked.
    """
    await _look_at(asking)
    route = asking.route
    store = await Store.open(home)
    try:
        names: list[tuple[str, str]] = []
        offer = Offer(paths=tuple(Path(image) for image in asking.images))
        async for taken in Intake(asking.decoder, store.pictures).take(offer):
            if isinstance(taken, PictureRefused):
                raise taken
            names.append((taken.picture.sha256, taken.name))
        chat = ChatService(store, asking.decoder)
        exchange = await chat.ask(Draft(text=asking.question, pictures=tuple(names)), route, None)
        output.started(route.provider.endpoint, route.model)
        return output.finished(await chat.answer(exchange, route, output.show))
    finally:
        await store.close()


async def _look_at(asking: Asking) -> list[Original]:
    """What the files are. Raises PictureRefused for the first that is no picture."""
    paths = [Path(image) for image in asking.images]
    return [Original(path, await asking.decoder.inspect(path=path, name=_name(path))) for path in paths]


def _name(path: Path) -> str:
    return shown_name(path.name or str(path))
