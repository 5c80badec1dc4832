"""The endpoint that needs nothing: quick look."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import dropwhile
from typing import TYPE_CHECKING

from app.domain.events import Event, Finished, Progress, TextDelta
from app.domain.message import Role, Ticket
from app.domain.model import (
    Capability,
    Endpoint,
    GoesOn,
    Limits,
    ModelInfo,
    ParameterSpec,
    PictureEncoding,
)
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.local.quick_look import LONGEST_SIDE
from app.local.quick_look.describer import NAME, Describer, require_packages
from app.providers.provider import no_tickets

if TYPE_CHECKING:
    from app.local.quick_look.findings import Findings

MODEL = "quick-look"
MOST_PICTURES = 16

_VISION = Capability(value=True, source="built in")


class QuickLookProvider:
    """Describes pictures on this computer and answers what a description can answer."""

    endpoint = Endpoint(id="quick-look", name=NAME, on_this_computer=True)

    def __init__(self) -> None:
        self._describer = Describer()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Describe the pictures of the question, or answer about those of an earlier one.

        Those are described as well where their description never came to its end.
        Raises LocalExtraMissing and QuickLookFailed.
        """
        from app.local.quick_look import answers  # only once something is asked

        asked, shown = _question(request.messages)
        if shown is None:
            yield TextDelta(text=answers.ASK_FOR_PICTURE)
        else:
            follows_up = _is_described(shown, request.messages) and not answers.wants_description(asked.text)
            answer = (self._follow_up if follows_up else self._describe)(asked.text, shown.pictures)
            async with aclosing(answer) as events:
                async for event in events:
                    yield event
        yield Finished(reason="stop")

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """Quick look gives no tickets. Raises AnswerLost."""
        return no_tickets(NAME)

    async def test(self) -> str:
        """Whether its packages are there. Raises LocalExtraMissing."""
        require_packages()
        return "Quick look is ready; it needs no network."

    async def models(self) -> Sequence[ModelInfo]:
        """The one model. Raises LocalExtraMissing."""
        require_packages()
        detail = "Size, main colours, text and a guess at what is shown; nothing leaves this computer."
        return (ModelInfo(id=MODEL, name=NAME, vision=_VISION, detail=detail),)

    async def probe(self, model: str, projector: str | None = None) -> Capability:
        """Quick look always takes pictures. Raises LocalExtraMissing."""
        (only,) = await self.models()
        return only.vision

    def limits(self, model: str) -> Limits:
        """Raw pixels, because the child that looks decodes no files."""
        return Limits(
            longest_side=LONGEST_SIDE,
            most_pictures=MOST_PICTURES,
            encoding=PictureEncoding.RGB,
            goes_on=GoesOn.ANEW,
        )

    def parameters(self, model: str) -> tuple[ParameterSpec, ...]:
        """None: quick look samples nothing."""
        return ()

    async def aclose(self) -> None:
        """End the child process."""
        await self._describer.aclose()

    async def _describe(
        self, question: str, pictures: Sequence[PromptPicture]
    ) -> AsyncGenerator[Event, None]:
        from app.local.quick_look import answers
        from app.local.quick_look.sentence import describe

        for number, picture in enumerate(pictures, start=1):
            said = ""
            before = ("\n\n" if number > 1 else "") + answers.heading(number, len(pictures), picture.name)
            async with aclosing(self._describer.look(picture)) as steps:
                async for step in steps:
                    if isinstance(step, Progress):
                        yield step
                        continue
                    text = before + describe(step)
                    if text != said:
                        yield TextDelta(text=text[len(said) :])
                        said = text
        if addition := answers.after_description(question):
            yield TextDelta(text="\n\n" + addition)

    async def _follow_up(
        self, question: str, pictures: Sequence[PromptPicture]
    ) -> AsyncGenerator[Event, None]:
        from app.local.quick_look import answers

        looks: list[tuple[str, Findings]] = []
        for picture in pictures:
            async with aclosing(self._describer.look(picture)) as steps:
                async for step in steps:
                    if isinstance(step, Progress):
                        yield step
                    elif step.all_read:
                        looks.append((picture.name, step))
        yield TextDelta(text=answers.follow_up(question, looks))


def _question(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, PromptMessage | None]:
    """The latest question, and the latest question that has pictures."""
    asked = [message for message in messages if message.role == Role.USER]
    return asked[-1], next((message for message in reversed(asked) if message.pictures), None)


def _is_described(shown: PromptMessage, messages: Sequence[PromptMessage]) -> bool:
    """Whether an answer since then describes the pictures of `shown` to the end."""
    from app.local.quick_look import answers

    since = dropwhile(lambda message: message is not shown, messages)
    said = (message.text for message in since if message.role == Role.ASSISTANT)
    return any(answers.were_described(shown.pictures, text) for text in said)
