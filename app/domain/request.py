"""A request to a provider: the branch of the conversation with its prepared pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from app.domain.message import Role, ToolCall, ToolSpec
from app.domain.picture import Detail, Prepared, View
from app.domain.record import Record


class PromptPicture(Record, frozen=True):
    """A prepared picture with its bytes, in the encoding the endpoint's limits name.

    `link`: the https address to send instead of the bytes, to endpoints that take links. `detail` is
    that of this picture, None for the request's.
    """

    prepared: Prepared
    original_width: int
    original_height: int
    name: str
    data: bytes
    link: str = ""
    detail: Detail | None = None

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of what it shows, in pixels of the original."""
        if self.prepared.view is View.WHOLE:
            return self.original_width, self.original_height
        sent = self.prepared
        return round(sent.width * sent.scale_x), round(sent.height * sent.scale_y)


class PromptMessage(Record, frozen=True):
    """One message as it is sent: its pictures come before its text.

    `name` is the author's, of at most 64 letters, digits and underscores, empty for none.
    """

    role: Role
    text: str
    pictures: tuple[PromptPicture, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    name: str = ""


class Reasoning(Record, frozen=True):
    """How much a model thinks before it answers; None leaves the endpoint's own default.

    `effort` is one of xhigh, high, medium, low, minimal, none.
    """

    effort: str | None = None
    max_tokens: int | None = None
    exclude: bool | None = None
    enabled: bool | None = None


class Parameters(Record, frozen=True):
    """What is asked of a model besides the question; None leaves the endpoint's own default.

    `n` is the number of answers. `tool_choice` is auto, none, or the name of a tool.
    `prompt_truncate_len` is in tokens (Nugen).
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    seed: int | None = None
    n: int | None = None
    prompt_truncate_len: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    tool_choice: str | None = None
    reasoning: Reasoning | None = None

    def given(self) -> dict[str, Any]:
        """Those that were set, by name; `reasoning` as a dictionary of those set in it."""
        given = {name: value for name, value in self.to_plain().items() if value is not None}
        if self.reasoning is not None:
            inner = {name: value for name, value in given.pop("reasoning").items() if value is not None}
            given |= {"reasoning": inner} if inner else {}
        return given

    def flat(self) -> dict[str, Any]:
        """Those that were set, with dots for nesting: "reasoning.effort"."""
        flat = self.given()
        inner = flat.pop("reasoning", {})
        return flat | {f"reasoning.{name}": value for name, value in inner.items()}

    def named(self) -> dict[str, str]:
        """The same as text, for the run card."""
        return {name: str(value) for name, value in self.flat().items()}

    @classmethod
    def from_named(cls, named: Mapping[str, str]) -> Self:
        """The parameters that `named` wrote. Raises ValueError for anything else."""
        nested: dict[str, Any] = {}
        for name, value in named.items():
            *groups, last = name.split(".")
            place = nested
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = value
        return cls.from_plain(nested, from_text=True)


class ChatRequest(Record, frozen=True):
    """Everything a provider needs to answer. `model` is an id or a path the endpoint knows;
    `projector` the path of the vision part that belongs to a local model file.

    The first message may be the system's. A last one of the assistant's is the beginning of the
    answer, to be gone on with. `session` is the id under which the endpoint may keep the
    conversation, empty for none. `stream` False asks for the answer in one piece. `resumable`: who
    asks keeps a ticket that comes, so that an answer that is broken off may still be fetched.
    """

    model: str
    messages: tuple[PromptMessage, ...]
    parameters: Parameters = Parameters()
    projector: str | None = None
    tools: tuple[ToolSpec, ...] = ()
    session: str = ""
    stream: bool = True
    detail: Detail = Detail.FIT
    resumable: bool = False
