"""What a running answer tells. A provider yields these; `chat.fold` makes messages of them.

`choice` numbers the completions of one request from 0; each becomes an answer of its own.
"""

from __future__ import annotations

from app.domain.message import Note, Ticket, TokenUsage, ToolCall
from app.domain.record import Record


class TextDelta(Record, frozen=True):
    """More of the answer."""

    text: str
    choice: int = 0


class ReasoningDelta(Record, frozen=True):
    """More of what the model thinks before it answers."""

    text: str
    choice: int = 0


class TextWasReasoning(Record, frozen=True):
    """The last `characters` of the answer's text were thoughts: the model ended a thought that it
    never began. What it said before belongs to its reasoning, at the end of it."""

    characters: int
    choice: int = 0


class ToolCalled(Record, frozen=True):
    """The model asks for a tool: a whole call, told once the stream has ended properly."""

    call: ToolCall
    choice: int = 0


class Progress(Record, frozen=True):
    """What the answer waits for.

    `stage` is one of starting, loading, reading, looking, waiting (for another answer), uploading,
    queued (the endpoint works on it and is asked from time to time), retrying, quiet (connected,
    but nothing came for `seconds`). `fraction` lies in 0..1, or is None where nobody knows.
    `seconds`: still to wait (retrying), or waited so far (quiet, queued). `part` of `parts` counts
    uploads from 1; `bytes_per_s` is how fast.
    """

    stage: str
    fraction: float | None = None
    seconds: float | None = None
    part: int | None = None
    parts: int | None = None
    bytes_per_s: float | None = None


class UsageReported(Record, frozen=True):
    """Tokens counted by the endpoint, for all choices together."""

    usage: TokenUsage


class ConfidenceReported(Record, frozen=True):
    """How sure the endpoint is of the answer, in its own measure (Nugen: 0..100)."""

    value: float


class EntitiesReported(Record, frozen=True):
    """What the endpoint says beside the text that the answer points at: its list, as JSON."""

    entities: str
    choice: int = 0


class RequestNamed(Record, frozen=True):
    """The endpoint's own name for this request, which its support can look up."""

    request_id: str


class Accepted(Record, frozen=True):
    """The endpoint took the question and answers later; `ticket` fetches the answer."""

    ticket: Ticket


class Noted(Record, frozen=True):
    """Something the user should know about how the question was sent."""

    note: Note


class Finished(Record, frozen=True):
    """A choice is complete: the endpoint said so. `reason` is its word for it.

    The last event of a stream is the `Finished` of its last choice.
    """

    reason: str
    choice: int = 0


Event = (
    TextDelta
    | ReasoningDelta
    | TextWasReasoning
    | ToolCalled
    | Progress
    | UsageReported
    | ConfidenceReported
    | EntitiesReported
    | RequestNamed
    | Accepted
    | Noted
    | Finished
)
