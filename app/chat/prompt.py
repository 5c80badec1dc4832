"""A branch of the conversation becomes what a provider is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from app.chat.picture_policy import chosen
from app.chat.route import Route
from app.domain.events import Event, Noted, Progress
from app.domain.message import Message, Note, PicturePart, Role
from app.domain.model import Limits
from app.domain.picture import Picture, Prepared
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import LINK, as_sent, linked, prepare


class Original(NamedTuple):
    """Where the bytes of a picture are and what is known about it."""

    path: Path
    picture: Picture


Originals = Callable[[str], Awaitable[Original]]
"""Finds the original for a SHA-256."""
Kept = Callable[[str], Awaitable[bytes | None]]
"""Finds what was sent by its SHA-256; None where it is not there any more."""
Report = Callable[[Event], None]

AT_ONCE = 250
"""Messages of a long branch that are gone through in one turn of the event loop."""

_Place = tuple[str, int]
"""The id of a message, and which of its pictures."""


async def nothing_kept(sha256: str) -> bytes | None:
    """For who keeps nothing of what is sent."""
    return None


class PromptBuilder:
    """Turns messages into prompt messages, their pictures prepared for an endpoint's limits."""

    def __init__(self, decoder: Decoder, originals: Originals, kept: Kept = nothing_kept) -> None:
        self._decoder = decoder
        self._originals = originals
        self._kept = kept

    async def request(
        self,
        branch: Sequence[Message],
        route: Route,
        report: Report,
        sent: Sequence[Prepared] | None = None,
    ) -> ChatRequest:
        """What the provider of `route` is sent for `branch`.

        `sent` are the pictures of an earlier request for `branch`: then those go along, as they
        went then. `report` hears of pictures being read, made smaller, left out, or not being what
        they were. Raises PictureRefused.
        """
        first = (PromptMessage(role=Role.SYSTEM, text=route.system),) if route.system else ()
        last = (PromptMessage(role=Role.ASSISTANT, text=route.prefill),) if route.prefill else ()
        return ChatRequest(
            model=route.model,
            messages=(*first, *await self._messages(branch, route, report, sent), *last),
            parameters=route.parameters,
            projector=route.projector,
            tools=route.tools,
            session=route.session,
            stream=route.stream,
            detail=route.detail,
        )

    async def _messages(
        self, branch: Sequence[Message], route: Route, report: Report, sent: Sequence[Prepared] | None
    ) -> tuple[PromptMessage, ...]:
        """The prompt for `branch`; messages that never said anything are left out.

        A note on pictures that do not go along is put before the text, but not where an endpoint
        hears a single turn: there the words may be a command.
        """
        limits = route.provider.limits(route.model)
        most = 0 if route.sees is False else limits.most_pictures
        showing = [message async for part in _slices(branch) for message in part if message.pictures]
        before = _places(showing, sent or ())
        places = chosen(showing, most, limits.single_turn) if sent is None else frozenset(before)
        prompt: list[PromptMessage] = []
        done = 0
        if route.sees is False and showing:
            report(Noted(note=_sees_none(showing)))
        if places:
            report(Progress(stage="reading", fraction=0.0))
        async for part in _slices(branch):
            for message in part:
                pictures: list[PromptPicture] = []
                left_out: list[str] = []
                for position, picture in enumerate(message.pictures):
                    if (message.id, position) not in places:
                        left_out.append(picture.name)
                        continue
                    was = before.get((message.id, position))
                    pictures.extend(await self._prepare(picture, route, limits, report, was))
                    done += 1
                    report(Progress(stage="reading", fraction=done / len(places)))
                text = message.text if limits.single_turn else _with_note(message.text, left_out)
                if route.sees is not False and limits.single_turn and left_out and message is branch[-1]:
                    report(Noted(note=_not_sent(left_out)))
                if text or pictures or message.tool_calls or message.role is Role.USER:
                    prompt.append(_prompt_message(message, text, pictures, route.author))
        return tuple(prompt)

    async def _prepare(
        self, part: PicturePart, route: Route, limits: Limits, report: Report, was: Prepared | None
    ) -> tuple[PromptPicture, ...]:
        original = await self._originals(part.sha256)
        as_link = part.link and route.provider.endpoint.takes_links if was is None else was.mime == LINK
        if as_link:
            return (linked(original.picture, part.name, part.link),)
        if was is not None and (data := await self._kept(was.sha256)) is not None:
            return (as_sent(was, original.picture, part.name, data),)
        made = await prepare(
            self._decoder,
            original.path,
            original.picture,
            part.name,
            limits,
            route.detail,
            part.treatment,
            report,
        )
        if was is not None and made[0].prepared.sha256 != was.sha256:
            report(Noted(note=_not_the_same(part.name)))
        return made


async def _slices(branch: Sequence[Message]) -> AsyncIterator[Sequence[Message]]:
    """The messages of `branch` in pieces; between two of them others have their turn."""
    for start in range(0, len(branch), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        yield branch[start : start + AT_ONCE]


def _prompt_message(
    message: Message, text: str, pictures: Sequence[PromptPicture], author: str
) -> PromptMessage:
    return PromptMessage(
        role=message.role,
        text=text,
        pictures=tuple(pictures),
        tool_calls=message.tool_calls,
        name=author if message.role is Role.USER else "",
    )


def _places(branch: Sequence[Message], sent: Sequence[Prepared]) -> dict[_Place, Prepared]:
    """Where the pictures that were sent stand: the newest was sent last."""
    left, places = list(sent), dict[_Place, Prepared]()
    for message in reversed(branch):
        for position, part in reversed(tuple(enumerate(message.pictures))):
            if left and left[-1].original == part.sha256:
                places[message.id, position] = left.pop()
    return places


def _with_note(text: str, left_out: Sequence[str]) -> str:
    if not left_out:
        return text
    count = len(left_out)  # their names are nobody's business
    pictures = "picture that came with this is" if count == 1 else "pictures that came with this are"
    return f"[{count} {pictures} not sent again]\n\n{text}"


def _not_the_same(name: str) -> Note:
    what = "{name} was prepared anew, and it is not to the byte what was sent before."
    return Note(what=what, facts={"name": name})


def _sees_none(branch: Sequence[Message]) -> Note:
    names = dict.fromkeys(part.name for message in branch for part in message.pictures)
    what = "This model takes no pictures: {names} did not go along."
    return Note(what=what, facts={"names": ", ".join(names)})


def _not_sent(names: Sequence[str]) -> Note:
    return Note(
        what="This model does not look at so many pictures at once: {names} did not go along.",
        facts={"names": ", ".join(names)},
    )
