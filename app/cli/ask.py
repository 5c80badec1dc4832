"""Asking from the command line, with and without keeping the conversation."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

from app.chat.answering import Answering
from app.chat.exchange import NOTHING_DONE, answer_message, question_message
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.chat.service import ChatService
from app.child.frames import private_folder
from app.cli.output import Output
from app.cli.treating import require_within
from app.domain.conversation import Draft
from app.domain.errors import InputRefused, PictureRefused
from app.domain.message import Message
from app.domain.picture import Picture
from app.domain.region import Treatment
from app.net.gate import Gate
from app.pictures.decoder import Decoder
from app.pictures.intake import shown_name
from app.pictures.web_picture import fetch_picture, host_of
from app.store.database import Store
from app.store.prepared import PreparedFiles

_COPIES = "fovea-ask-"


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
    `large`: they may have more pixels than most.
    `without_refused`: where some of several pictures are refused, the question is asked of the others.
    """

    decoder: Decoder
    gate: Gate
    route: Route
    question: str
    images: tuple[str, ...]
    as_link: bool
    treatment: Treatment = Treatment()
    without_refused: bool = False
    large: bool = False


class Library(NamedTuple):
    """Where a conversation is kept, and at most how many bytes of pictures as they were sent."""

    home: Path
    prepared_bytes: int


class _Shown(NamedTuple):
    """A picture of the question with the name it goes by; `link` is its https address, if any.

    `path` is a copy of its own: whatever becomes of the file that was given, what was looked at is sent.
    """

    picture: Picture
    path: Path
    name: str
    link: str = ""


async def answer(asking: Asking, output: Output, library: Library | None = None) -> int:
    """Ask, print the answer and return the exit code; with `library` the conversation is kept.

    Every picture is looked at before the library is touched and anything is asked; each that is refused
    is named. Raises StoreFailed before anything is asked.
    """
    with _copies() as folder:
        shown: list[_Shown] = []
        refused: list[InputRefused] = []
        for image in dict.fromkeys(asking.images):
            try:
                shown.append(await _look_at(asking, image, folder))
            except InputRefused as refusal:
                refused.append(_with_way_on(refusal))
        for each in refused:
            output.error(each)
        if refused and not (shown and asking.without_refused):
            return InputRefused.exit_code
        once = _each_once(shown)
        if library is None:
            code = await _ask(asking, once, output)
        else:
            code = await _ask_kept(asking, once, output, library)
    return code or (InputRefused.exit_code if refused else 0)


@contextmanager
def _copies() -> Iterator[Path]:
    """A private folder for copies of the pictures, which go with it. Those of a command that was killed
    are removed by the next one."""
    folder = private_folder(Path(tempfile.gettempdir()), _COPIES)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, data: bytes | memoryview) -> None:
    """Write a file that nobody else may read. Raises OSError."""
    path.touch(0o600)
    path.write_bytes(data)


async def _ask(asking: Asking, shown: Sequence[_Shown], output: Output) -> int:
    """Ask without keeping anything."""
    route = asking.route
    originals = {each.picture.sha256: Original(each.path, each.picture) for each in shown}

    async def original(sha256: str) -> Original:
        return originals[sha256]

    async def keep_nothing(_: Message) -> None:
        return

    asked = question_message(_draft(asking, shown), None)
    answering = Answering(answer_message(asked, route), route.provider, output.show, keep_nothing)
    prompts = PromptBuilder(asking.decoder, original)

    output.started(route.provider.endpoint, route.model, _names(shown))
    return output.finished(await answering.run(lambda report: prompts.request((asked,), route, report)))


async def _ask_kept(asking: Asking, shown: Sequence[_Shown], output: Output, library: Library) -> int:
    """Ask and keep the conversation, as the window does."""
    route = asking.route
    store = await Store.open(library.home)
    try:
        for each in shown:
            await store.pictures.add(await asyncio.to_thread(each.path.read_bytes), each.picture)
        prepared = PreparedFiles(library.home, library.prepared_bytes)
        chat = ChatService(store, asking.decoder, prepared=prepared)
        exchange = await chat.ask(_draft(asking, shown), route, None)
        output.started(route.provider.endpoint, route.model, _names(shown))
        return output.finished(await chat.answer(exchange, route, output.show))
    finally:
        await store.close()


def _with_way_on(refusal: InputRefused) -> InputRefused:
    """`refusal`, saying how it is opened all the same, where it can be."""
    if not (isinstance(refusal, PictureRefused) and refusal.large):
        return refusal
    reason = f"{refusal.facts['reason']}; --large opens it all the same"
    return PictureRefused(name=refusal.facts["name"], reason=reason)


async def _look_at(asking: Asking, image: str, folder: Path) -> _Shown:
    """What a path or an address shows, copied into `folder`. Raises PictureRefused for what is no
    picture, InputRefused for places outside of it."""
    data: bytes | memoryview
    if host_of(image):  # that it was typed is the user's word for it
        fetched = await fetch_picture(asking.gate, image)
        name, data, link = fetched.name, fetched.data, fetched.link
        picture = await asking.decoder.inspect(data=data, name=name, large=asking.large)
    else:
        given = Path(image)
        name, link = shown_name(given.name or str(given)), ""
        read = await asking.decoder.read(given, name, asking.large)
        picture, data = read.picture, read.data
    require_within(asking.treatment, picture, name)
    path = folder / picture.sha256
    try:
        await asyncio.to_thread(_write, path, data)
    except OSError as error:
        reason = f"no copy of it could be made in {folder.parent} ({error.strerror})"
        raise PictureRefused(name=name, reason=reason) from error
    return _Shown(picture, path, name, link)


def _each_once(shown: Iterable[_Shown]) -> tuple[_Shown, ...]:
    """Each picture once, however often it was given, under its first name and with its address."""
    once: dict[str, _Shown] = {}
    for each in shown:
        first = once.setdefault(each.picture.sha256, each)
        once[each.picture.sha256] = first._replace(link=first.link or each.link)
    return tuple(once.values())


def _draft(asking: Asking, shown: Sequence[_Shown]) -> Draft:
    links = {each.picture.sha256: each.link for each in shown if each.link} if asking.as_link else {}
    return Draft(
        text=asking.question,
        pictures=tuple((each.picture.sha256, each.name) for each in shown),
        links=links,
        treatments={} if asking.treatment == NOTHING_DONE else {shown[0].picture.sha256: asking.treatment},
    )


def _names(shown: Iterable[_Shown]) -> dict[str, str]:
    return {each.picture.sha256: each.name for each in shown}
