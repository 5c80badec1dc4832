"""A branch of the conversation becomes what a provider is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from app.chat.picture_policy import chosen
from app.chat.route import Route
from app.domain.events import Event, Noted, Progress
from app.domain.message import Message, Note, PicturePart, Role
from app.domain.model import Limits
from app.domain.picture import Picture
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import linked, prepare


class Original(NamedTuple):
    """Where the bytes of a picture are and what is known about it."""

    path: Path
    picture: Picture


Originals = Callable[[str], Awaitable[Original]]
"""Finds the original for a SHA-256."""
Report = Callable[[Event], None]


class PromptBuilder:
    """Turns messages into prompt messages, their pictures prepared for an endpoint's limits."""

    def __init__(self, decoder: Decoder, originals: Originals) -> None:
        self._decoder = decoder
        self._originals = originals

    async def request(self, branch: Sequence[Message], route: Route, report: Report) -> ChatRequest:
        """What the provider of `route` is sent for `branch`.

        `report` hears of pictures being read, made smaller or left out. Raises PictureRefused.
        """
        first = (PromptMessage(role=Role.SYSTEM, text=route.system),) if route.system else ()
        last = (PromptMessage(role=Role.ASSISTANT, text=route.prefill),) if route.prefill else ()
        return ChatRequest(
            model=route.model,
            messages=(*first, *await self._messages(branch, route, report), *last),
            parameters=route.parameters,
            projector=route.projector,
            tools=route.tools,
            session=route.session,
            stream=route.stream,
            detail=route.detail,
        )

    async def _messages(
        self, branch: Sequence[Message], route: Route, report: Report
    ) -> tuple[PromptMessage, ...]:
        """The prompt for `branch`; messages that never said anything are left out.

        A note on pictures that do not go along is put before the text, but not where an endpoint
        hears a single turn: there the words may be a command.
        """
        limits = route.provider.limits(route.model)
        most = 0 if route.sees is False else limits.most_pictures
        places = chosen(branch, most, limits.single_turn)
        prompt: list[PromptMessage] = []
        done = 0
        if route.sees is False and any(message.pictures for message in branch):
            report(Noted(note=_sees_none(branch)))
        if places:
            report(Progress(stage="reading", fraction=0.0))
        for message in branch:
            pictures: list[PromptPicture] = []
            left_out: list[str] = []
            for position, part in enumerate(message.pictures):
                if (message.id, position) not in places:
                    left_out.append(part.name)
                    continue
                pictures.append(await self._prepare(part, route, limits, report))
                done += 1
                report(Progress(stage="reading", fraction=done / len(places)))
            text = message.text if limits.single_turn else _with_note(message.text, left_out)
            if route.sees is not False and limits.single_turn and left_out and message is branch[-1]:
                report(Noted(note=_not_sent(left_out)))
            if text or pictures or message.tool_calls or message.role is Role.USER:
                prompt.append(
                    PromptMessage(
                        role=message.role,
                        text=text,
                        pictures=tuple(pictures),
                        tool_calls=message.tool_calls,
                        name=route.author if message.role is Role.USER else "",
                    )
                )
        return tuple(prompt)

    async def _prepare(
        self, part: PicturePart, route: Route, limits: Limits, report: Report
    ) -> PromptPicture:
        original = await self._originals(part.sha256)
        if part.link and route.provider.endpoint.takes_links:
            return linked(original.picture, part.name, part.link)
        return await prepare(
            self._decoder, original.path, original.picture, part.name, limits, route.detail, report
        )


def _with_note(text: str, left_out: Sequence[str]) -> str:
    if not left_out:
        return text
    count = len(left_out)  # their names are nobody's business
    pictures = "picture that came with this is" if count == 1 else "pictures that came with this are"
    return f"[{count} {pictures} not sent again]\n\n{text}"


def _sees_none(branch: Sequence[Message]) -> Note:
    names = dict.fromkeys(part.name for message in branch for part in message.pictures)
    what = "This model takes no pictures: {names} did not go along."
    return Note(what=what, facts={"names": ", ".join(names)})


def _not_sent(names: Sequence[str]) -> Note:
    return Note(
        what="This model does not look at so many pictures at once: {names} did not go along.",
        facts={"names": ", ".join(names)},
    )
