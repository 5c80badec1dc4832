"""Messages as rows of the transcript."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.events import Progress
from app.domain.message import Message, Role, RunCard, Status
from ui.problems import sentence_with_kept
from ui.transcript.entry import Entry


def entry_of(message: Message, progress: Progress | None = None) -> Entry:
    """The row of a message; `progress` is what a running answer waits for."""
    return Entry(
        id=message.id,
        role="user" if message.role is Role.USER else "assistant",
        text=message.text,
        status=message.status.value,
        heading=_heading(message.run),
        metrics=_metrics(message),
        notice=_notice(message),
        waiting=_waiting(message, progress),
        pictures=tuple((part.sha256, part.name) for part in message.pictures),
    )


def _heading(run: RunCard | None) -> str:
    if run is None:
        return ""
    model = PurePath(run.model).stem if run.model.endswith(".gguf") else run.model
    same = model.replace("-", " ").casefold() == run.endpoint.casefold()
    return run.endpoint if same else f"{run.endpoint} · {model}"


def _metrics(message: Message) -> str:
    run = message.run
    if run is None or not message.status.finished or run.total_s is None or not message.text:
        return ""
    parts = [_tr("{seconds} s").format(seconds=QLocale().toString(run.total_s, "f", 1))]
    tokens = run.usage.completion_tokens
    if tokens:
        parts.append(_tr("{count} tokens").format(count=QLocale().toString(tokens)))
        writing = run.total_s - (run.first_token_s or 0.0)
        if writing > 0:
            rate = QLocale().toString(tokens / writing, "f", 1)
            parts.append(_tr("{rate} tokens/s").format(rate=rate))
    if run.finish_reason == "length":
        parts.append(_tr("cut off at the token limit"))
    return " · ".join(parts)


def _notice(message: Message) -> str:
    if message.problem is not None:
        return sentence_with_kept(message.problem)
    if message.status is not Status.INTERRUPTED:
        return ""
    if message.role is Role.USER:
        return _tr("Not sent: Fovea ended before the answer began.")
    if message.text:
        return _tr("Interrupted. What arrived so far is kept.")
    return _tr("Interrupted before the answer began. Your question is kept.")


def _waiting(message: Message, progress: Progress | None) -> str:
    if message.role is Role.USER or message.status.finished:
        return ""
    if progress is None:
        return "" if message.text else _tr("Waiting for the first word")
    text = _stage(progress.stage)
    if progress.fraction is not None:
        percent = QLocale().toString(round(progress.fraction * 100))
        text = _tr("{stage}, {percent} %").format(stage=text, percent=percent)
    return text


def _stage(stage: str) -> str:
    return {
        "starting": _tr("Starting on this computer"),
        "loading": _tr("The model is loading"),
        "reading": _tr("Reading the picture"),
        "looking": _tr("Looking"),
    }.get(stage, _tr("Waiting for the first word"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Entries", text)
