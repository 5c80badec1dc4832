"""Messages as rows of the transcript."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from app.domain.events import Progress
from app.domain.message import Message, Role, RunCard, Status
from app.domain.shape import Shape
from app.domain.waiting import FIRST_WORD, template
from app.grounding.dialects import shapes_in
from ui import problems
from ui.actions import keys_of
from ui.problems import sentence_with_kept
from ui.transcript.entry import Entry, EntryAction

AGAIN, ENTER_KEY, PREVIOUS, NEXT = "again", "key", "previous", "next"
"""The ids of what can be done with an answer; where a command does it, the command's."""

MOST_SHAPES = 12
"""Places that are listed below an answer."""

KEY_REMEDIES = {
    "key-missing": QT_TRANSLATE_NOOP("Entries", "Enter the key below the answer."),
    "key-refused": QT_TRANSLATE_NOOP("Entries", "Enter the key again below the answer."),
    "key-not-read": QT_TRANSLATE_NOOP(
        "Entries", "Unlock the keyring and try again, or enter the key below the answer."
    ),
}
"""What the window offers for problems with keys, by their codes."""


class Place(NamedTuple):
    """Where an answer stands among the answers to the same question, counted from 1."""

    number: int = 1
    of: int = 1


ONLY = Place()


def entry_of(
    message: Message, progress: Progress | None = None, place: Place = ONLY, *, running: bool = False
) -> Entry:
    """The row of a message. `progress` is what an answer waits for that is `running` here and now."""
    return Entry(
        id=message.id,
        role="user" if message.role is Role.USER else "assistant",
        text=_text(message),
        status=_status(message, running),
        heading=_heading(message.run),
        metrics=_metrics(message),
        notice=_notice(message, running),
        waiting=_waiting(message, progress) if running else "",
        notes=_notes(message),
        actions=_actions(message, running, place),
        pictures=tuple((part.sha256, part.name) for part in message.pictures),
    )


def _status(message: Message, running: bool) -> str:
    """As the transcript shows it: what nobody works on here and now does not run, and what is whole
    itself runs on while other answers to the same request still come."""
    if message.role is Role.USER:
        return message.status.value
    if running:
        return Status.STREAMING if message.status.finished else message.status
    return message.status if message.status.finished else Status.INTERRUPTED


def _text(message: Message) -> str:
    """What was said, and the tools that were asked for with their arguments."""
    asked = [
        "{}\n```json\n{}\n```".format(_tr("Asks for the tool {name}:").format(name=call.name), call.arguments)
        for call in message.tool_calls
    ]
    return "\n\n".join(filter(None, [message.text, *asked])) if asked else message.text


def _actions(message: Message, running: bool, place: Place) -> tuple[EntryAction, ...]:
    if message.role is Role.USER or running or message.status in (Status.SENDING, Status.STREAMING):
        return ()
    actions: list[EntryAction] = []
    if message.status is not Status.DONE:
        actions.append(EntryAction(AGAIN, _tr("Try again"), keys=keys_of(AGAIN)))
        if message.problem and message.problem.code in KEY_REMEDIES:
            actions.append(EntryAction(ENTER_KEY, _tr("Enter the key…")))
    if place.of > 1:
        actions += (
            EntryAction(PREVIOUS, "‹", _tr("Previous answer"), keys_of(PREVIOUS)),
            EntryAction("", _tr("{number} of {of}").format_map(place._asdict())),
            EntryAction(NEXT, "›", _tr("Next answer"), keys_of(NEXT)),
        )
    return tuple(actions)


def _notes(message: Message) -> tuple[str, ...]:
    run = message.run
    if run is None:
        return ()
    said = [problems.translated(note.what, note.facts) for note in run.notes]
    shapes = shapes_in(message) if message.status.finished else ()
    said += [_shape(shape) for shape in shapes[:MOST_SHAPES]]
    if len(shapes) > MOST_SHAPES:
        said.append(_tr("And {count} more places.").format(count=len(shapes) - MOST_SHAPES))
    return tuple(said)


def _shape(shape: Shape) -> str:
    """Where something is, in pixels of the original from its top left corner."""
    sides = {name: round(value) for name, value in shape.pixels.to_plain().items()}
    where = _tr("{name}: from {left}, {top} to {right}, {bottom} in the picture")
    return where.format(name=shape.label or _tr("Unnamed"), **sides)


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
        words = _tr("1 token") if tokens == 1 else _tr("{count} tokens")
        parts.append(words.format(count=QLocale().toString(tokens)))
        writing = run.total_s - (run.first_token_s or 0.0)
        if writing > 0:
            rate = QLocale().toString(tokens / writing, "f", 1)
            parts.append(_tr("{rate} tokens/s").format(rate=rate))
    if run.confidence is not None:
        parts.append(_tr("confidence {value}").format(value=QLocale().toString(run.confidence, "f", 1)))
    if ended := _endings().get(run.finish_reason):
        parts.append(ended)
    return " · ".join(parts)


def _notice(message: Message, running: bool) -> str:
    problem = message.problem
    if problem is not None and problem.code in KEY_REMEDIES:
        remedy = _tr(str(KEY_REMEDIES[problem.code]))
        return f"{sentence_with_kept(problem.replace(remedy=''))} {remedy}"
    if problem is not None:
        return sentence_with_kept(problem)
    if message.status is Status.PENDING and not running:
        return _tr("Not fetched yet: the endpoint may have this answer.")
    if message.status is not Status.INTERRUPTED:
        return ""
    if message.role is Role.USER:
        return _tr("Not sent: Fovea ended before the answer began.")
    if message.text:
        return _tr("Interrupted. What arrived so far is kept.")
    return _tr("Interrupted before the answer began. Your question is kept.")


def _endings() -> dict[str, str]:
    """What the reasons mean that an answer can end for besides being whole."""
    return {
        "length": _tr("cut off at the token limit"),
        "content_filter": _tr("cut off by the endpoint's filter"),
    }


def _waiting(message: Message, progress: Progress | None) -> str:
    if message.role is Role.USER or message.status.finished:
        return ""
    if progress is None:
        return "" if message.text else _tr(FIRST_WORD)
    words = _tr(template(progress, has_text=bool(message.text)))
    facts = [words.format(part=progress.part, parts=progress.parts)]
    if progress.fraction is not None:
        facts.append(_tr("{percent} %").format(percent=QLocale().toString(round(progress.fraction * 100))))
    if progress.bytes_per_s is not None:
        rate = QLocale().formattedDataSize(
            round(progress.bytes_per_s), 1, QLocale.DataSizeFormat.DataSizeSIFormat
        )
        facts.append(_tr("{rate} a second").format(rate=rate))
    if progress.seconds is not None:
        facts.append(_tr("{seconds} s").format(seconds=QLocale().toString(round(progress.seconds))))
    return ", ".join(facts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Entries", text)
