"""A server that repeats the key in its answer: the key is hidden there too, however it is cut up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from app.domain.errors import EndpointFailed
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta, ToolCalled
from app.net.key import Key
from app.providers.masking import masked

_Delta = TextDelta | ReasoningDelta
_Stream = tuple[type[_Delta], int]


async def without_key(events: AsyncGenerator[Event, None], key: Key | None) -> AsyncGenerator[Event, None]:
    """`events` with the key masked in every text and in what tools are called with.

    An end of text that may be the beginning of the key waits for what follows it.
    """
    async with aclosing(events):
        if key is None:
            async for event in events:
                yield event
            return
        mask = _Mask(key)
        try:
            async for event in events:
                for shown in mask.take(event):
                    yield shown
        except EndpointFailed:
            for left in mask.rest():
                yield left
            raise
        for left in mask.rest():
            yield left


class _Mask:
    """Keeps, for each text of each choice, the end that may be the beginning of the key."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._held: dict[_Stream, str] = {}

    def take(self, event: Event) -> Iterator[Event]:
        """What can be shown now that `event` came."""
        if isinstance(event, TextDelta | ReasoningDelta):
            yield from self._take_text(event)
            return
        if isinstance(event, Finished):
            yield from self.rest(event.choice)
        if isinstance(event, ToolCalled):
            call = event.call
            event = event.replace(call=call.replace(arguments=masked(call.arguments, self._key)))
        yield event

    def rest(self, choice: int | None = None) -> Iterator[Event]:
        """What was held back, of one choice or of all: nothing follows it any more."""
        for (kind, number), text in tuple(self._held.items()):
            if choice in (None, number):
                del self._held[kind, number]
                yield kind(text=text, choice=number)

    def _take_text(self, event: _Delta) -> Iterator[Event]:
        stream: _Stream = (type(event), event.choice)
        text = self._held.pop(stream, "") + event.text
        text = self._key.masked(text)
        held = _overlap(text, self._key.value)
        if held:
            self._held[stream] = text[-held:]
            text = text[:-held]
        if text:
            yield event if text == event.text else event.replace(text=text)


def _overlap(text: str, value: str) -> int:
    """How many characters at the end of `text` are the beginning of `value`."""
    start = text.find(value[0], max(0, len(text) - len(value) + 1))
    while start >= 0:
        if value.startswith(text[start:]):
            return len(text) - start
        start = text.find(value[0], start + 1)
    return 0
