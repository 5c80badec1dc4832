"""The only place where an answer grows."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.events import Event, Finished, Progress, ReasoningDelta, TextDelta, UsageReported
from app.domain.message import Message, RunCard, Status, TextPart


def fold(message: Message, events: Iterable[Event]) -> Message:
    """The message after `events`, in order. Progress leaves no trace in it."""
    text: list[str] = []
    reasoning: list[str] = []
    changes: dict[str, object] = {}
    run = message.run
    for event in events:
        match event:
            case TextDelta():
                text.append(event.text)
            case ReasoningDelta():
                reasoning.append(event.text)
            case UsageReported():
                run = run and run.replace(usage=event.usage)
            case Finished():
                run = run and run.replace(finish_reason=event.reason)
                changes["status"] = Status.DONE
            case Progress():
                pass
    if text:
        changes["parts"] = (TextPart(text=message.text + "".join(text)),)
    if reasoning:
        changes["reasoning"] = message.reasoning + "".join(reasoning)
    if (text or reasoning) and message.status is Status.SENDING:
        changes.setdefault("status", Status.STREAMING)
    return message.replace(**changes, run=run)


def time_run(run: RunCard | None, *, first_token_s: float | None, total_s: float) -> RunCard | None:
    """The run card with its times, in seconds since the request was sent."""
    return run and run.replace(first_token_s=first_token_s, total_s=total_s)
