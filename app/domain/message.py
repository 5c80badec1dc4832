"""One message of a conversation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import sentence
from app.domain.picture import Prepared
from app.domain.record import Record


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Status(StrEnum):
    """How far a message has come.

    A question is `sending` until its answer begins, then `done`. An answer is `sending`
    until its first word, `streaming` while it grows, and ends as `done`, `interrupted`
    (stopped, cut off, or the program ended) or `failed` (nothing arrived).
    """

    SENDING = "sending"
    STREAMING = "streaming"
    DONE = "done"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def finished(self) -> bool:
        """Whether the message will not change any more."""
        return self not in (Status.SENDING, Status.STREAMING)


class TextPart(Record, frozen=True, tag_field="kind", tag="text"):
    """Markdown text."""

    kind: ClassVar[str] = "text"
    text: str


class PicturePart(Record, frozen=True, tag_field="kind", tag="picture"):
    """A picture of the library, by hash, with the name under which it was attached."""

    kind: ClassVar[str] = "picture"
    sha256: str
    name: str


Part = TextPart | PicturePart


class Problem(Record, frozen=True):
    """An error kept with the message it hit: `what` and `remedy` are templates for `facts`."""

    code: str
    what: str
    remedy: str
    facts: dict[str, str]
    kept: str = ""
    retryable: bool = False

    @property
    def sentence(self) -> str:
        """What happened and what to do next, in English."""
        return sentence(self.what, self.remedy, self.facts)


class TokenUsage(Record, frozen=True):
    """Tokens as the endpoint counted them; None where it did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class RunCard(Record, frozen=True):
    """How an answer was made. Times are seconds since the request was sent."""

    endpoint: str
    model: str
    parameters: dict[str, str] = {}
    prepared: tuple[Prepared, ...] = ()
    usage: TokenUsage = TokenUsage()
    first_token_s: float | None = None
    total_s: float | None = None
    finish_reason: str = ""


class Message(Record, frozen=True):
    """A node of the conversation tree.

    `id` and `parent_id` are 32 hex digits; the root messages have no parent. `seq` orders
    the messages of a conversation by creation and never depends on the clock.
    """

    id: str
    parent_id: str | None
    seq: int
    role: Role
    status: Status
    created: datetime
    parts: tuple[Part, ...] = ()
    reasoning: str = ""
    run: RunCard | None = None
    problem: Problem | None = None

    @property
    def text(self) -> str:
        """All text of the message, parts joined by a blank line."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def pictures(self) -> tuple[PicturePart, ...]:
        """The message's pictures in order."""
        return tuple(part for part in self.parts if isinstance(part, PicturePart))
