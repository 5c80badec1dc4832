"""Messages as rows of the transcript."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from app.domain.events import Progress
from app.domain.message import Message, Role, RunCard, Status
from app.domain.region import Treatment
from app.domain.waiting import FIRST_WORD, template
from ui import problems
from ui.actions import keys_of, words_of
from ui.problems import sentence_with_kept
from ui.transcript.entry import (
    AS_WRITTEN,
    TAGS,
    Badge,
    Entry,
    EntryAction,
    EntryTool,
    Fold,
    Places,
    Treated,
)

AGAIN, ENTER_KEY, PREVIOUS, NEXT = "again", "key", "previous", "next"
COPY, EDIT, GO_ON, BRANCH_OFF = "copy", "edit", "go-on", "branch-off"
REPLAY, CARD, DELETE = "replay", "card", "delete"
SWAP, COMPARE = "swap", "compare"
SHAPES = "shapes"
SUBJECT = "subject"
PLACES = "places"
"""The ids of what can be done with a message; where a command does it, the command's."""

OTHER_QUESTION = {PREVIOUS: "previous-question", NEXT: "next-question"}
"""The commands that lead to another version of a question instead of to another answer."""

KEY_REMEDIES = {
    "key-missing": QT_TRANSLATE_NOOP("Entries", "Enter the key below the answer."),
    "key-refused": QT_TRANSLATE_NOOP("Entries", "Enter the key again below the answer."),
    "key-not-read": QT_TRANSLATE_NOOP(
        "Entries", "Unlock the keyring and try again, or enter the key below the answer."
    ),
}
"""What the window offers for problems with keys, by their codes."""


CUT_OFF = {
    "length": QT_TRANSLATE_NOOP("Entries", "Cut off at the token limit"),
    "content_filter": QT_TRANSLATE_NOOP("Entries", "Cut off by the endpoint's filter"),
}
"""What the reasons mean that an answer can end for besides being whole."""

WHOLE = frozenset({"", "stop", "tool_calls"})
"""The reasons of an answer that ended as it should, "" where none was given."""

LONGEST_REASON = 60
"""Characters of a reason that nobody knows."""

LEAST_S = 0.1
"""What took less is not told to the tenth."""

LEAST_WRITING_S = 0.1
"""What was written faster came all at once: its rate would say nothing."""


class Place(NamedTuple):
    """Where a message stands among its siblings, counted from 1."""

    number: int = 1
    of: int = 1


ONLY = Place()


class Pointing(NamedTuple):
    """What is known of an answer that tells of places: how many `shapes` it points at, whether these
    are `marked` within its words, and what of it is `folds`. What is not `recognised` only looks like
    marks. `remark` says on which picture places are shown that name none. `bare` is
    the dialect of which places without tags are marks, too; empty for none."""

    shapes: int = 0
    marked: bool = False
    folds: tuple[Fold, ...] = ()
    recognised: bool = True
    remark: str = ""
    bare: str = ""


def entry_of(
    message: Message,
    progress: Progress | None = None,
    place: Place = ONLY,
    *,
    running: bool = False,
    pointing: Pointing | None = None,
    written: bool = False,
) -> Entry:
    """The row of a message. `progress` is what an answer waits for that is `running` here and now,
    `pointing` what it tells of places, None while nobody knows; `written` shows it as it is written."""
    return Entry(
        id=message.id,
        role="user" if message.role is Role.USER else "assistant",
        text=message.text,
        status=_status(message, running),
        heading=_heading(message.run),
        metrics=_metrics(message),
        notice=notice_of(message, running=running),
        waiting=_waiting(message, progress) if running else "",
        notes=(*_notes(message), *((pointing.remark,) if pointing is not None and pointing.remark else ())),
        actions=(*_actions(message, running, place), *_shapes(pointing), *_writing(pointing, written)),
        pictures=tuple((part.sha256, part.name) for part in message.pictures),
        treated=_treated(message),
        reasoning=message.reasoning,
        reasoning_s=_reasoning_s(message),
        tools=tuple(EntryTool(call.name, call.arguments) for call in message.tool_calls),
        badges=_badges(message, running),
        places=AS_WRITTEN if written else places_of(message, pointing),
    )


def places_of(message: Message, pointing: Pointing | None = None) -> Places:
    """How an answer shows the places that it tells of. Until it was read, what looks like a mark is one."""
    run = message.run
    if message.role is Role.USER or run is None or not run.prepared:
        return AS_WRITTEN
    if pointing is None:
        return Places(bare_of(run.model) or TAGS)
    return Places((pointing.bare or TAGS) if pointing.recognised else "", pointing.folds)


def bare_of(model: str) -> str:
    """The dialect of which places without tags are marks in what a model writes; empty for none."""
    if not any(maker in model.casefold() for maker in ("molmo", "glm")):
        return ""
    from app.grounding.marks import BARE  # not before a model of these is met
    from app.grounding.models import dialect_of

    dialect = dialect_of(model)
    return dialect if dialect in BARE else ""


def _treated(message: Message) -> tuple[Treated, ...]:
    """What is drawn on the pictures of a question."""
    return tuple(
        Treated(part.sha256, len(done.regions), len(done.redactions), drawn_words(done))
        for part in message.pictures
        if (done := part.treatment).regions or done.redactions
    )


def drawn_words(done: Treatment) -> str:
    """How many regions and covers are drawn on a picture; empty for none."""
    regions, covers = len(done.regions), len(done.redactions)
    said = [
        (regions, _tr("1 region") if regions == 1 else _tr("{count} regions")),
        (covers, _tr("1 place covered") if covers == 1 else _tr("{count} places covered")),
    ]
    return ", ".join(words.format(count=count) for count, words in said if count)


def can_go_on(message: Message) -> bool:
    """Whether an answer was cut off behind its first words."""
    cut_off = message.status in (Status.INTERRUPTED, Status.FAILED) or (
        message.run is not None and message.run.finish_reason == "length"
    )
    answer = message.role is Role.ASSISTANT and message.status.finished
    return answer and cut_off and bool(message.text)


def _status(message: Message, running: bool) -> str:
    """As the transcript shows it: what nobody works on here and now does not run, and what is whole
    itself runs on while other answers to the same request still come."""
    if message.role is Role.USER:
        return message.status.value
    if running:
        return Status.STREAMING if message.status.finished else message.status
    return message.status if message.status.finished else Status.INTERRUPTED


def _reasoning_s(message: Message) -> float | None:
    run = message.run
    if run is None or not message.reasoning:
        return None
    return run.total_s if run.reasoning_s is None and message.status.finished else run.reasoning_s


def _badges(message: Message, running: bool) -> tuple[Badge, ...]:
    """How an answer ended, where it is not whole."""
    run = message.run
    if message.role is Role.USER or running or not message.status.finished:
        return ()
    badges: list[Badge] = []
    if message.status is Status.FAILED:
        badges.append(Badge(_tr("Failed"), "danger"))
    elif message.status is Status.INTERRUPTED:
        badges.append(Badge(_tr("Interrupted"), "warning"))
    if run is not None and run.finish_reason in CUT_OFF:
        badges.append(Badge(_tr(str(CUT_OFF[run.finish_reason])), "warning"))
    elif run is not None and run.finish_reason not in WHOLE:
        reason = run.finish_reason
        shown = reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}…"
        badges.append(Badge(_tr("Ended: {reason}").format(reason=shown)))
    if run is not None and run.replays:
        badges.append(Badge(_tr("Sent again")))
    return tuple(badges)


_QUESTION = (
    (EDIT, "", "pencil"),
    (COPY, QT_TRANSLATE_NOOP("Entries", "Copy the question"), "copy"),
    (SWAP, "", "replace"),
    (COMPARE, "", "layout-grid"),
    (BRANCH_OFF, "", "git-branch"),
    (DELETE, QT_TRANSLATE_NOOP("Entries", "Delete the question and what follows"), "trash-2"),
)
_ANSWER = (
    (AGAIN, "", "rotate-ccw"),
    (COPY, "", "copy"),
    (BRANCH_OFF, "", "git-branch"),
    (REPLAY, "", "repeat"),
    (CARD, "", "receipt-text"),
    (DELETE, "", "trash-2"),
)
"""Id, words where they are not those of the command, and icon of what is offered quietly."""


def _actions(message: Message, running: bool, place: Place) -> tuple[EntryAction, ...]:
    if message.role is Role.USER:
        rows = (row for row in _QUESTION if row[0] != SWAP or message.pictures)
        quiet = [_quiet(*row, keys=keys_of(EDIT) if row[0] == EDIT else "") for row in rows]
        return (*quiet, *_siblings(place, OTHER_QUESTION))
    if running:
        return _siblings(place, {})
    if message.status in (Status.SENDING, Status.STREAMING):
        return ()
    return (*_siblings(place, {}), *_remedies(message), *_quiet_of(message))


def _shapes(pointing: Pointing | None) -> tuple[EntryAction, ...]:
    """The way to what an answer points at."""
    count = pointing.shapes if pointing is not None else 0
    if not count:
        return ()
    words = (_tr("1 shape") if count == 1 else _tr("{count} shapes")).format(count=count)
    spoken = _tr("Show the shape") if count == 1 else _tr("Show the {count} shapes")
    shown = EntryAction(SHAPES, words, spoken.format(count=count), keys_of(SHAPES))
    if pointing is None or not pointing.remark:
        return (shown,)
    return shown, EntryAction(SUBJECT, _tr("Another picture…"), _tr("Show the places on another picture…"))


def _writing(pointing: Pointing | None, written: bool) -> tuple[EntryAction, ...]:
    """The way from places to what is written, and back."""
    if pointing is None or not (pointing.marked or pointing.folds):
        return ()
    words, icon = (_tr("Show as places"), "map-pin") if written else (_tr("Show as written"), "file-text")
    return (EntryAction(PLACES, words, icon=icon, quiet=True),)


def _is_whole(message: Message) -> bool:
    """Whether an answer ended, and with something to show."""
    return message.status is Status.DONE and not _is_wordless(message)


def _is_wordless(message: Message) -> bool:
    """Whether an answer ended without a word."""
    ended = message.role is Role.ASSISTANT and message.status is Status.DONE
    return ended and not message.text.strip() and not message.tool_calls


def _remedies(message: Message) -> list[EntryAction]:
    """What helps where an answer is not whole."""
    actions: list[EntryAction] = []
    if not _is_whole(message):
        actions.append(EntryAction(AGAIN, _tr("Try again"), keys=keys_of(AGAIN)))
        if message.problem and message.problem.code in KEY_REMEDIES:
            actions.append(EntryAction(ENTER_KEY, _tr("Enter the key…")))
    if can_go_on(message):
        actions.append(EntryAction(GO_ON, _tr("Go on"), words_of(GO_ON), keys_of(GO_ON)))
    return actions


def _quiet_of(message: Message) -> list[EntryAction]:
    """What can be done with any answer; trying one again that is not whole is offered aloud."""
    left_out = set() if _is_whole(message) else {AGAIN}
    if not message.text:
        left_out.add(COPY)
    return [_quiet(*row, keys=keys_of(row[0])) for row in _ANSWER if row[0] not in left_out]


def _siblings(place: Place, commands: dict[str, str]) -> tuple[EntryAction, ...]:
    """The way to the siblings; `commands` are those of a question."""
    if place.of == 1:
        return ()
    previous, following = commands.get(PREVIOUS, PREVIOUS), commands.get(NEXT, NEXT)
    return (
        EntryAction(PREVIOUS, "‹", words_of(previous), keys_of(previous)),
        EntryAction("", _tr("{number} of {of}").format_map(place._asdict())),
        EntryAction(NEXT, "›", words_of(following), keys_of(following)),
    )


def _quiet(action: str, words: object, icon: str, *, keys: str) -> EntryAction:
    return EntryAction(action, _tr(str(words)) if words else words_of(action), "", keys, icon, quiet=True)


def _notes(message: Message) -> tuple[str, ...]:
    run = message.run
    if run is None:
        return ()
    return tuple(problems.translated(note.what, note.facts) for note in run.notes)


def _model(run: RunCard) -> str:
    return PurePath(run.model).stem if run.model.endswith(".gguf") else run.model


def _heading(run: RunCard | None) -> str:
    if run is None:
        return ""
    model = _model(run)
    same = model.replace("-", " ").casefold() == run.endpoint.casefold()
    return run.endpoint if same else f"{run.endpoint} · {model}"


def _metrics(message: Message) -> str:
    run = message.run
    if run is None or not message.status.finished or run.total_s is None or not message.text:
        return ""
    parts = [_model(run), _seconds(run.total_s)]
    if run.first_token_s is not None:
        parts.append(_tr("first word after {seconds}").format(seconds=_seconds(run.first_token_s)))
    written, read = run.usage.completion_tokens, run.usage.prompt_tokens
    writing = run.total_s - (run.first_token_s or 0.0)
    if written and writing >= LEAST_WRITING_S:
        rate = QLocale().toString(written / writing, "f", 1)
        parts.append(_tr("{rate} tokens/s").format(rate=rate))
    if written:
        words = _tr("1 token") if written == 1 else _tr("{count} tokens")
        parts.append(words.format(count=QLocale().toString(written)))
    if read:
        parts.append(_tr("{count} read").format(count=QLocale().toString(read)))
    if run.confidence is not None:
        parts.append(_tr("confidence {value}").format(value=QLocale().toString(run.confidence, "f", 1)))
    return " · ".join(parts)


def _seconds(seconds: float) -> str:
    if seconds < LEAST_S:
        return _tr("under {seconds} s").format(seconds=QLocale().toString(LEAST_S, "f", 1))
    return _tr("{seconds} s").format(seconds=QLocale().toString(seconds, "f", 1))


def notice_of(message: Message, *, running: bool = False) -> str:
    """What is said below a message that is not whole, "" where nothing is to be said."""
    problem = message.problem
    if problem is not None and problem.code in KEY_REMEDIES:
        remedy = _tr(str(KEY_REMEDIES[problem.code]))
        return f"{sentence_with_kept(problem.replace(remedy=''))} {remedy}"
    if problem is not None:
        return sentence_with_kept(problem)
    if message.status is Status.PENDING and not running:
        return _tr("Not fetched yet: the endpoint may have this answer.")
    if _is_wordless(message) and not running:
        return _tr("The model ended without a word.")
    if message.status is not Status.INTERRUPTED:
        return ""
    if message.role is Role.USER:
        return _tr("Not sent: Fovea ended before the answer began.")
    return "" if message.text else _tr("Interrupted before the answer began. Your question is kept.")


def _waiting(message: Message, progress: Progress | None) -> str:
    if message.role is Role.USER or message.status.finished:
        return ""
    came = bool(message.text or message.reasoning)
    if progress is None:
        return "" if came else _tr(FIRST_WORD)
    words = _tr(template(progress, has_text=came))
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
