"""One message of a conversation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from app.domain.errors import sentence
from app.domain.picture import Detail, Prepared
from app.domain.record import Record
from app.domain.region import PictureChoices, Treatment


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Status(StrEnum):
    """How far a message has come.

    A question is `sending` until its answer begins, then `done`. An answer is `sending`
    until its first word, `streaming` while it grows, and ends as `done`, `interrupted`
    (stopped, cut off, or the program ended) or `failed` (nothing arrived). It is `pending` while
    the endpoint works on it and the run card holds the ticket to fetch it with, also after a
    restart of the program.
    """

    SENDING = "sending"
    PENDING = "pending"
    STREAMING = "streaming"
    DONE = "done"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def finished(self) -> bool:
        """Whether the message will not change any more."""
        return self not in (Status.SENDING, Status.PENDING, Status.STREAMING)


class TextPart(Record, frozen=True, tag_field="kind", tag="text"):
    """Markdown text."""

    kind: ClassVar[str] = "text"
    text: str


class PicturePart(Record, frozen=True, tag_field="kind", tag="picture"):
    """A picture of the library, by hash, with the name under which it was attached.

    `link` is the https address it came from, where the user wants endpoints that can to fetch
    it there instead of being sent its pixels. `treatment` is what is done with it on its way.
    """

    kind: ClassVar[str] = "picture"
    sha256: str
    name: str
    link: str = ""
    treatment: Treatment = Treatment()


class ToolCall(Record, frozen=True, tag_field="kind", tag="tool_call"):
    """A tool the model asks for. `arguments` is the JSON text it wrote, whole and parseable.

    `extra` is JSON that some servers want back with the call in the next turn (Gemini's thought
    signature), empty where there is none.
    """

    kind: ClassVar[str] = "tool_call"
    id: str
    name: str
    arguments: str
    extra: str = ""


Part = TextPart | PicturePart | ToolCall


class ToolSpec(Record, frozen=True):
    """A tool that a model may ask for; `parameters` is a JSON schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = {}


class Note(Record, frozen=True):
    """One sentence about how a question was sent: a template and its facts."""

    what: str
    facts: dict[str, str] = {}

    @property
    def sentence(self) -> str:
        """The note in English."""
        return sentence(self.what, "", self.facts)


class Ticket(Record, frozen=True):
    """What fetches an answer that an endpoint makes later: its own id, asked for at `url`.

    `given` is when, in seconds since the epoch.
    """

    endpoint_id: str
    request_id: str
    url: str
    given: float


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
    total_tokens: int | None = None


class RunCard(Record, frozen=True):
    """How an answer was made: all that is needed to ask for it again, and how it went.

    Times are seconds since the request was sent; `reasoning_s` is when the reasoning ended.
    `confidence` is in the endpoint's own measure. `session` is the id under which the endpoint
    was asked to keep the conversation. `choice` numbers the answers to one request from 0.
    `system` to `sees` are those of the route. `continues` is the id of the answer that this one
    goes on with: its text began with `begun` characters of that one's, and `in_words` the endpoint
    was asked to go on, because it does not go on by itself. `replays` is the id of the answer whose
    request was sent once more. `choices` are those for the pictures of the conversation. `entities`
    is what the endpoint said beside the text that the answer points at: its list, as JSON.
    """

    endpoint: str
    model: str
    parameters: dict[str, str] = {}
    prepared: tuple[Prepared, ...] = ()
    usage: TokenUsage = TokenUsage()
    first_token_s: float | None = None
    total_s: float | None = None
    finish_reason: str = ""
    endpoint_id: str = ""
    request_id: str = ""
    ticket: Ticket | None = None
    confidence: float | None = None
    session: str = ""
    notes: tuple[Note, ...] = ()
    choice: int = 0
    system: str = ""
    detail: Detail = Detail.FIT
    projector: str | None = None
    tools: tuple[ToolSpec, ...] = ()
    stream: bool = True
    prefill: str = ""
    author: str = ""
    sees: bool | None = None
    reasoning_s: float | None = None
    continues: str = ""
    begun: int = 0
    in_words: bool = False
    replays: str = ""
    choices: PictureChoices = PictureChoices()
    entities: str = ""

    def unanswered(self) -> RunCard:
        """How it was asked, without anything of how it went."""
        return self.replace(
            usage=TokenUsage(),
            first_token_s=None,
            total_s=None,
            finish_reason="",
            request_id="",
            ticket=None,
            confidence=None,
            notes=(),
            choice=0,
            reasoning_s=None,
            entities="",
        )


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
    def choice(self) -> int:
        """Which of the answers to one request this is, counted from 0."""
        return self.run.choice if self.run else 0

    @property
    def text(self) -> str:
        """All text of the message, parts joined by a blank line."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def pictures(self) -> tuple[PicturePart, ...]:
        """The message's pictures in order."""
        return tuple(part for part in self.parts if isinstance(part, PicturePart))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tools the message asks for, in order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))
