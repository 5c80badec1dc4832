"""A branch of the conversation becomes what a provider is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from app.chat.picture_policy import chosen
from app.chat.route import Route
from app.domain.events import Event, Progress
from app.domain.message import Message, PicturePart, Role
from app.domain.model import Limits
from app.domain.picture import Picture
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare


class Original(NamedTuple):
    """Where the bytes of a picture are and what is known about it."""

    path: Path
    picture: Picture


Originals = Callable[[str], Awaitable[Original]]
"""Finds the original for a SHA-256."""


class PromptBuilder:
    """Turns messages into prompt messages, their pictures prepared for an endpoint's limits."""

    def __init__(self, decoder: Decoder, originals: Originals) -> None:
        self._decoder = decoder
        self._originals = originals

    async def request(
        self, branch: Sequence[Message], route: Route, report: Callable[[Event], None]
    ) -> ChatRequest:
        """What the provider of `route` is sent for `branch`; `report` hears of pictures being read.

        Raises PictureRefused.
        """
        limits = route.provider.limits(route.model)
        messages = await self.build(
            branch, limits, lambda done: report(Progress(stage="reading", fraction=done))
        )
        return ChatRequest(
            model=route.model,
            messages=messages,
            parameters=route.parameters,
            projector=route.projector,
        )

    async def build(
        self,
        branch: Sequence[Message],
        limits: Limits,
        on_prepared: Callable[[float], None] = lambda _: None,
    ) -> tuple[PromptMessage, ...]:
        """The prompt for `branch`; messages that never said anything are left out.

        `on_prepared` is told the fraction of pictures done. Raises PictureRefused.
        """
        places = chosen(branch, limits.most_pictures)
        prompt: list[PromptMessage] = []
        done = 0
        for message in branch:
            pictures: list[PromptPicture] = []
            left_out: list[str] = []
            for position, part in enumerate(message.pictures):
                if (message.id, position) not in places:
                    left_out.append(part.name)
                    continue
                pictures.append(await self._prepare(part, limits))
                done += 1
                on_prepared(done / len(places))
            text = _with_note(message.text, left_out)
            if text or pictures or message.role is Role.USER:
                prompt.append(PromptMessage(role=message.role, text=text, pictures=tuple(pictures)))
        return tuple(prompt)

    async def _prepare(self, part: PicturePart, limits: Limits) -> PromptPicture:
        original = await self._originals(part.sha256)
        return await prepare(self._decoder, original.path, original.picture, part.name, limits)


def _with_note(text: str, left_out: Sequence[str]) -> str:
    if not left_out:
        return text
    note = "[Earlier pictures not sent again: {}]".format(", ".join(left_out))
    return f"{note}\n\n{text}"
