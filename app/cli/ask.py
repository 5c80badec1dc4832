"""Asking from the command line, with and without keeping the conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.chat.answering import Answering
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.chat.service import ChatService, answer_message, question_message
from app.cli.output import Output
from app.domain.conversation import Draft
from app.domain.errors import PictureRefused
from app.domain.message import Message
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
    """A question from the command line. `images` are paths and addresses on the web;
    `as_link` sends the latter as they are to endpoints that fetch pictures themselves."""

    decoder: Decoder
    gate: Gate
    route: Route
    question: str
    images: tuple[str, ...]
    as_link: bool


async def answer_once(asking: Asking, output: Output) -> int:
    """Answer without keeping anything. Raises PictureRefused for what is no picture."""
    route = asking.route
    with TemporaryDirectory(prefix="fovea-") as folder:
        looked_at = [await _look_at(asking, image, Path(folder)) for image in asking.images]
        originals = {shown.original.picture.sha256: shown.original for shown in looked_at}

        async def original(sha256: str) -> Original:
            return originals[sha256]

        async def keep_nothing(_: Message) -> None:
            return

        draft = Draft(text=asking.question, pictures=tuple(shown.named for shown in looked_at))
        asked = question_message(draft, None)
        answering = Answering(answer_message(asked, route), route.provider, output.show, keep_nothing)
        prompts = PromptBuilder(asking.decoder, original)

        output.started(route.provider.endpoint, route.model)
        return output.finished(
            await answering.run(lambda report: prompts.request((asked,), route, report))
        )
