"""What a running answer tells. A provider yields these; `chat.fold` makes a message of them."""

from __future__ import annotations

from app.domain.message import TokenUsage
from app.domain.record import Record


class TextDelta(Record, frozen=True):
    """More of the answer."""

    text: str


class ReasoningDelta(Record, frozen=True):
    """More of what the model thinks before it answers."""

    text: str


class Progress(Record, frozen=True):
    """What the answer waits for. `stage` is one of starting, loading, reading, looking, waiting.

    `fraction` lies in 0..1, or is None where nobody knows.
    """

    stage: str
    fraction: float | None = None


class UsageReported(Record, frozen=True):
    """Tokens counted by the endpoint."""

    usage: TokenUsage


class Finished(Record, frozen=True):
    """The answer is complete: the endpoint said so. `reason` is its word for it."""

    reason: str


Event = TextDelta | ReasoningDelta | Progress | UsageReported | Finished
