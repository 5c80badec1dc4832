"""Asking from the command line, with and without keeping the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.chat.answering import Answering
from app.chat.exchange import NOTHING_DONE, answer_message, question_message
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.chat.service import ChatService
from app.cli.output import Output
from app.cli.treating import require_within
from app.domain.conversation import Draft
from app.domain.errors import PictureRefused
from app.domain.message import Message
from app.domain.region import Treatment
from app.net.gate import Gate
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake, Offer, shown_name
from app.pictures.web_picture import WebPicture, fetch_picture, host_of
from app.store.database import Store
from app.store.prepared import PreparedFiles


@asynccontextmanager
async def ready_pictures() -> AsyncGenerator[Decoder, None]:
    """A decoder that ends with the command."""
    decoder = Decoder()
    try:
        yield decoder
    finally:
        await decoder.close()


class Asking(NamedTuple):
    """A question from the command line.

    `images` are paths and web addresses; `as_link` sends an address instead of its picture, to
    endpoints that fetch pictures themselves. `treatment` is what is done with the only picture.
    """

    decoder: Decoder
    gate: Gate
    route: Route
    question: str
    images: tuple[str, ...]
    as_link: bool
    treatment: Treatment = Treatment()


class _Shown(NamedTuple):
    """A picture of the question with the name it goes by; `link` is its https address, if any."""

    original: Original
    name: str
    link: str = ""


async def answer_once(asking: Asking, output: Output) -> int:
    """Answer without keeping anything. Raises PictureRefused for what is no picture."""
    route = asking.route
    with TemporaryDirectory(prefix="fovea-") as folder:
        shown = [await _look_at(asking, image, _Web(asking.gate), Path(folder)) for image in asking.images]
        originals = {each.original.picture.sha256: each.original for each in shown}

        async def original(sha256: str) -> Original:
            return originals[sha256]

        async def keep_nothing(_: Message) -> None:
            return

        named = [(each.original.picture.sha256, each.name, each.link) for each in shown]
        asked = question_message(_draft(asking, named), None)
        answering = Answering(answer_message(asked, route), route.provider, output.show, keep_nothing)
        prompts = PromptBuilder(asking.decoder, original)

        output.started(route.provider.endpoint, route.model, _names(named))
        return output.finished(await answering.run(lambda report: prompts.request((asked,), route, report)))


async def answer_saved(asking: Asking, output: Output, home: Path, prepared_bytes: int) -> int:
    """Answer and keep the conversation in the library, and at most `prepared_bytes` of pictures as they
    were sent, as the window does.

    Raises PictureRefused before the library is touched, StoreFailed before anything is asked.
    """
    web = _Web(asking.gate)
    with TemporaryDirectory(prefix="fovea-") as folder:
        for image in asking.images:
            await _look_at(asking, image, web, Path(folder))
    route = asking.route
    store = await Store.open(home)
    try:
        intake = Intake(asking.decoder, store.pictures)
        named: list[tuple[str, str, str]] = []
        for image in asking.images:
            async for taken in intake.take(_offer(image), web.fetch):
                if isinstance(taken, PictureRefused):
                    raise taken
                named.append((taken.picture.sha256, taken.name, taken.link))
        chat = ChatService(store, asking.decoder, prepared=PreparedFiles(home, prepared_bytes))
        exchange = await chat.ask(_draft(asking, named), route, None)
        output.started(route.provider.endpoint, route.model, _names(named))
        return output.finished(await chat.answer(exchange, route, output.show))
    finally:
        await store.close()


class _Web:
    """Fetches each address once. That it was typed is the user's word for it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._fetched: dict[str, WebPicture] = {}

    async def fetch(self, url: str) -> WebPicture:
        """What the address gives. Raises PictureRefused."""
        if url not in self._fetched:
            self._fetched[url] = await fetch_picture(self._gate, url)
        return self._fetched[url]


async def _look_at(asking: Asking, image: str, web: _Web, folder: Path) -> _Shown:
    """What a path or an address shows. Raises PictureRefused for what is no picture, InputRefused for
    places outside of it."""
    decoder = asking.decoder
    if not host_of(image):
        path = Path(image)
        name = shown_name(path.name or str(path))
        return _checked(asking, Original(path, await decoder.inspect(path=path, name=name)), name)
    fetched = await web.fetch(image)
    picture = await decoder.inspect(data=fetched.data, name=fetched.name)
    path = folder / picture.sha256
    await asyncio.to_thread(path.write_bytes, fetched.data)
    return _checked(asking, Original(path, picture), fetched.name, fetched.link)


def _checked(asking: Asking, original: Original, name: str, link: str = "") -> _Shown:
    require_within(asking.treatment, original.picture, name)
    return _Shown(original, name, link)


def _offer(image: str) -> Offer:
    return Offer(urls=(image,)) if host_of(image) else Offer(paths=(Path(image),))


def _draft(asking: Asking, named: Sequence[tuple[str, str, str]]) -> Draft:
    """The question with its pictures, each (sha256, name, link)."""
    links = {sha256: link for sha256, _, link in named if link} if asking.as_link else {}
    return Draft(
        text=asking.question,
        pictures=tuple((sha256, name) for sha256, name, _ in named),
        links=links,
        treatments={} if asking.treatment == NOTHING_DONE else {named[0][0]: asking.treatment},
    )


def _names(named: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    return {sha256: name for sha256, name, _ in named}
