"""Going on with an answer that ended too early."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from app.chat.fold import says_something
from app.domain.errors import FoveaError, Rejected
from app.domain.events import Event, Finished, Noted, TextDelta, TextWasReasoning
from app.domain.message import Message, Note, Role, TextPart, Ticket
from app.domain.model import GoesOn
from app.domain.request import ChatRequest, PromptMessage
from app.providers.provider import Answers

WORDS = (
    "Your last message was cut off. Go on with it exactly where it stopped. Repeat nothing of it, and say"
    " nothing about this."
)
"""What an endpoint is told that does not go on by itself; it is not kept."""

ECHO_LENGTH = 24
"""A text of at least so many characters that comes back word for word is an echo and no answer."""

_OF_THE_REQUEST = ("400", "422")


def gone_on(ended: Message, answer: Message, goes_on: GoesOn, endpoint: str) -> Message:
    """`answer`, which is empty, as one that goes on with `ended`."""
    text, before, run = ended.text, ended.run, answer.run
    if run is None:
        return answer
    run = run.replace(continues=ended.id)
    if not text:
        return answer.replace(run=run)
    if goes_on is GoesOn.ANEW:
        what = "{endpoint} cannot go on with an answer, so it answered from the start."
        return answer.replace(run=run.replace(notes=(Note(what=what, facts={"endpoint": endpoint}),)))
    run = run.replace(
        begun=len(text),
        in_words=goes_on is GoesOn.WORDS,
        prefill=before.prefill if before else "",
        reasoning_s=before.reasoning_s if before else None,
    )
    reasoning = f"{ended.reasoning}\n\n" if ended.reasoning else ""
    return answer.replace(parts=(TextPart(text=text),), reasoning=reasoning, run=run)


def asked_in_words(endpoint: str) -> Note:
    """That the endpoint had to be asked to go on."""
    what = "{endpoint} was asked in words to go on, so the joint may show."
    return Note(what=what, facts={"endpoint": endpoint})


def in_words(request: ChatRequest) -> ChatRequest:
    """A request that ends with the beginning of an answer as one that asks to go on with it."""
    return request.replace(messages=(*request.messages, PromptMessage(role=Role.USER, text=WORDS)))


class GoingOn:
    """An endpoint that goes on with `text`.

    One that refuses to is asked in words. Where it begins by repeating `text`, that is left out.
    """

    def __init__(self, provider: Answers, text: str) -> None:
        self.endpoint = provider.endpoint
        self._provider = provider
        self._text = text

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """What comes behind the text. Errors as the protocol says."""
        said = False
        try:
            async with aclosing(self._without_echo(request)) as events:
                async for event in events:
                    said = said or says_something(event)
                    yield event
            return
        except Rejected as error:
            if said or request.messages[-1].role is not Role.ASSISTANT or not _is_of_the_request(error):
                raise
        yield Noted(note=asked_in_words(self.endpoint.name))
        async with aclosing(self._without_echo(in_words(request))) as events:
            async for event in events:
                yield event

    def resume(self, ticket: Ticket) -> AsyncGenerator[Event, None]:
        """As the endpoint itself."""
        return self._provider.resume(ticket)

    async def _without_echo(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        echo = Echo(self._text)
        try:
            async with aclosing(self._provider.stream(request)) as events:
                async for event in events:
                    for kept in echo.take(event):
                        yield kept
        except FoveaError:
            for kept in echo.flush():
                yield kept
            raise
        for kept in echo.flush():
            yield kept


class Echo:
    """Leaves out the beginning of an answer for as long as it repeats `text` word for word.

    What turns out to be no repetition of all of it is let through, none of it lost.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._listening = len(text) >= ECHO_LENGTH
        self._heard = ""
        self._passed = 0

    def take(self, event: Event) -> Iterator[Event]:
        """What is left of the answer by `event`."""
        if isinstance(event, TextDelta) and event.choice == 0:
            yield from self._text_of(event)
            return
        if says_something(event) or isinstance(event, Finished):
            yield from self.flush()
        elif isinstance(event, TextWasReasoning):
            yield from self.flush()
            event = event.replace(characters=min(event.characters, self._passed))
        yield event

    def flush(self) -> Iterator[Event]:
        """What was held back; nothing will be any more."""
        self._listening = False
        if self._heard:
            held, self._heard = self._heard, ""
            yield self._passing(held)

    def _text_of(self, event: TextDelta) -> Iterator[Event]:
        if not self._listening:
            yield self._passing(event.text)
            return
        self._heard += event.text
        if len(self._heard) < len(self._text) and self._text.startswith(self._heard):
            return
        self._heard = self._heard.removeprefix(self._text)
        yield from self.flush()

    def _passing(self, text: str) -> TextDelta:
        self._passed += len(text)
        return TextDelta(text=text)


def _is_of_the_request(error: Rejected) -> bool:
    """Whether the endpoint refused what was asked, and not who asked or when."""
    return type(error) is Rejected and error.facts.get("status") in _OF_THE_REQUEST
