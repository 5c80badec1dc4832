"""What documents for reading say about a message besides its words, in English."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from app.domain.message import Message, Role, RunCard, Status
from app.domain.picture import Detail

ROLES = {Role.SYSTEM: "System", Role.USER: "Question", Role.ASSISTANT: "Answer"}
_ENDINGS = {
    "length": "Cut off at the token limit",
    "content_filter": "Cut off by the endpoint's filter",
}


class Badge(NamedTuple):
    """How a message ended; `tone` is warning or danger."""

    text: str
    tone: str


def speaker(message: Message) -> str:
    """Who says it: for an answer the endpoint and the model."""
    run = message.run
    if run is None or message.role is not Role.ASSISTANT:
        return ROLES[message.role]
    model = PurePath(run.model).stem if run.model.endswith(".gguf") else run.model
    same = not model or model.replace("-", " ").casefold() == run.endpoint.casefold()
    return run.endpoint if same else f"{run.endpoint} · {model}"


def date(time: datetime) -> str:
    """A time to the minute, as it was where it was written down."""
    return time.strftime("%Y-%m-%d %H:%M")


def badges(message: Message) -> list[Badge]:
    """How a message ended, where that is not plain."""
    told = []
    if message.problem is not None:
        told.append(Badge(message.problem.sentence, "danger"))
    elif message.status is Status.FAILED:
        told.append(Badge("Failed", "danger"))
    elif message.status is not Status.DONE:
        told.append(Badge("Not sent" if message.role is Role.USER else "Interrupted", "warning"))
    if message.run and message.run.finish_reason in _ENDINGS:
        told.append(Badge(_ENDINGS[message.run.finish_reason], "warning"))
    return told


def metrics(message: Message) -> str:
    """Time, tokens and confidence on one line."""
    run = message.run
    if run is None:
        return ""
    told = []
    if run.first_token_s is not None:
        told.append(f"first word after {run.first_token_s:.1f} s")
    if run.total_s is not None:
        told.append(f"{run.total_s:.1f} s")
    if tokens := run.usage.completion_tokens:
        told.append(f"{tokens} tokens")
        writing = (run.total_s or 0.0) - (run.first_token_s or 0.0)
        if writing > 0:
            told.append(f"{tokens / writing:.1f} tokens/s")
    if run.confidence is not None:
        told.append(f"confidence {run.confidence:.1f}")
    return " · ".join(told)


def card_rows(run: RunCard) -> list[tuple[str, str]]:
    """The run card as (name, value), without what is not known."""
    usage = run.usage
    counts = {
        "sent": usage.prompt_tokens,
        "answered": usage.completion_tokens,
        "together": usage.total_tokens,
    }
    rows = [
        ("Endpoint", run.endpoint),
        ("Model", PurePath(run.model).name if run.model.endswith(".gguf") else run.model),
        *((f"Parameter {name}", value) for name, value in run.parameters.items()),
        ("System prompt", run.system),
        ("Answer begins with", run.prefill),
        ("Asked as", run.author),
        ("Tools", ", ".join(tool.name for tool in run.tools)),
        ("Pictures go", "" if run.detail is Detail.FIT else run.detail.value),
        ("Tokens", ", ".join(f"{count} {name}" for name, count in counts.items() if count is not None)),
        ("First word", "" if run.first_token_s is None else f"after {run.first_token_s:.2f} s"),
        ("Thought", "" if run.reasoning_s is None else f"for {run.reasoning_s:.1f} s"),
        ("Time", "" if run.total_s is None else f"{run.total_s:.2f} s"),
        ("Confidence", "" if run.confidence is None else f"{run.confidence:g}"),
        ("Ended", run.finish_reason),
        ("Request", run.request_id),
        *(("Picture sent", f"{p.width} × {p.height}, {p.byte_count} bytes, {p.mime}") for p in run.prepared),
        *(("Note", note.sentence) for note in run.notes),
    ]
    return [(name, value) for name, value in rows if value]
