"""The only place where an answer grows."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.events import (
    Accepted,
    ConfidenceReported,
    EntitiesReported,
    Event,
    Finished,
    Noted,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Message, Part, RunCard, Status, TextPart

_WAITING = (Status.SENDING, Status.PENDING)


def says_something(event: Event) -> bool:
    """Whether `event` brings more of an answer, and not only word about it."""
    match event:
        case TextDelta() | ReasoningDelta():
            return bool(event.text)
        case ToolCalled():
            return True
        case _:
            return False


def fold(message: Message, events: Iterable[Event]) -> Message:
    """The message after `events`, which are of its choice or of none, in order.

    Progress leaves no trace in it.
    """
    said, thought, calls = [message.text], [message.reasoning], list(message.tool_calls)
    status, run = message.status, message.run
    for event in events:
        if status in _WAITING and says_something(event):
            status, run = Status.STREAMING, run and run.replace(ticket=None)
        match event:
            case TextDelta():
                said.append(event.text)
            case ReasoningDelta():
                thought.append(event.text)
            case TextWasReasoning():
                text = "".join(said)
                end = max(0, len(text) - event.characters)
                said = [text[:end]]
                thought.append(text[end:])
            case ToolCalled():
                calls.append(event.call)
            case Accepted():
                if status in _WAITING and run is not None:
                    status, run = Status.PENDING, run.replace(ticket=event.ticket)
            case Finished():
                status = Status.DONE
                run = run and run.replace(finish_reason=event.reason, ticket=None)
            case Progress():
                pass
            case _:
                run = run and _noted(run, event)
    text = "".join(said)
    parts: tuple[Part, ...] = (TextPart(text=text), *calls) if text else tuple(calls)
    return message.replace(status=status, parts=parts, reasoning="".join(thought), run=run)


def _noted(
    run: RunCard, event: UsageReported | ConfidenceReported | EntitiesReported | RequestNamed | Noted
) -> RunCard:
    """The run card with what was told about the answer."""
    match event:
        case UsageReported():
            return run.replace(usage=event.usage)
        case ConfidenceReported():
            return run.replace(confidence=event.value)
        case EntitiesReported():
            return run.replace(entities=event.entities)
        case RequestNamed():
            return run.replace(request_id=event.request_id)
        case Noted():  # asking again says it again
            return run if event.note in run.notes else run.replace(notes=(*run.notes, event.note))


def time_run(run: RunCard | None, *, first_token_s: float | None, total_s: float) -> RunCard | None:
    """The run card with its times, in seconds since the request was sent."""
    return run and run.replace(first_token_s=first_token_s, total_s=total_s)
