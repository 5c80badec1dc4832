"""A request to a provider: the branch of the conversation with its prepared pictures."""

from __future__ import annotations

from app.domain.message import Role
from app.domain.picture import Prepared
from app.domain.record import Record


class PromptPicture(Record, frozen=True):
    """A prepared picture with its bytes, in the encoding the endpoint's limits name."""

    prepared: Prepared
    original_width: int
    original_height: int
    name: str
    data: bytes


class PromptMessage(Record, frozen=True):
    """One message as it is sent: its pictures come before its text."""

    role: Role
    text: str
    pictures: tuple[PromptPicture, ...] = ()


class Parameters(Record, frozen=True):
    """Sampling parameters; None leaves the endpoint's own default."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None

    def given(self) -> dict[str, float | int]:
        """Those that were set, by name."""
        return {name: value for name, value in self.to_plain().items() if value is not None}


class ChatRequest(Record, frozen=True):
    """Everything a provider needs to answer. `model` is an id or a path the endpoint knows;
    `projector` the path of the vision part that belongs to a local model file."""

    model: str
    messages: tuple[PromptMessage, ...]
    parameters: Parameters = Parameters()
    projector: str | None = None
