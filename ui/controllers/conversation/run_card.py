"""What is known of how an answer was made, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale

from app.domain.message import Message, RunCard
from app.domain.picture import Detail, Prepared
from ui import problems
from ui.run_card_dialog import CardRow, CardSection

_DETAILS = {
    Detail.FIT: QT_TRANSLATE_NOOP("RunCard", "As the endpoint wants them"),
    Detail.TILES: QT_TRANSLATE_NOOP("RunCard", "Whole and in tiles"),
    Detail.ORIGINAL: QT_TRANSLATE_NOOP("RunCard", "Every pixel"),
    Detail.UPLOAD: QT_TRANSLATE_NOOP("RunCard", "Every pixel, uploaded"),
}
_SEES = {
    True: QT_TRANSLATE_NOOP("RunCard", "Yes"),
    False: QT_TRANSLATE_NOOP("RunCard", "No"),
    None: QT_TRANSLATE_NOOP("RunCard", "Nobody knows"),
}

_ENDS = {
    "stop": QT_TRANSLATE_NOOP("RunCard", "Whole"),
    "length": QT_TRANSLATE_NOOP("RunCard", "Cut off at the token limit"),
    "content_filter": QT_TRANSLATE_NOOP("RunCard", "Cut off by the endpoint's filter"),
    "tool_calls": QT_TRANSLATE_NOOP("RunCard", "Tools were asked for"),
}
"""What the reasons mean for which an answer ends; others are shown as they came."""


def card_of(message: Message, names: Mapping[str, str]) -> list[CardSection]:
    """The run card of an answer; what is not known is left out. `names` are those of the originals
    by their hashes."""
    run = message.run
    if run is None:
        return []
    sections = [
        CardSection(_tr("Who answered"), _rows(_who(run))),
        CardSection(_tr("What was asked for"), _rows(_asked(run))),
        CardSection(_tr("Pictures as sent"), _rows(_pictures(run.prepared, names))),
        CardSection(_tr("How it went"), _rows(_course(message, run))),
        CardSection(_tr("Notes"), _rows(_notes(run))),
    ]
    return [section for section in sections if section.rows]


def _rows(facts: Iterable[tuple[str, str]]) -> tuple[CardRow, ...]:
    return tuple(CardRow(label, value) for label, value in facts if value)


def _who(run: RunCard) -> Iterable[tuple[str, str]]:
    yield _tr("Endpoint"), run.endpoint
    yield _tr("Model"), run.model
    yield _tr("Vision part"), run.projector or ""
    yield _tr("Takes pictures"), _tr(str(_SEES[run.sees]))
    yield _tr("Session"), run.session
    yield _tr("Asked by"), run.author


def _asked(run: RunCard) -> Iterable[tuple[str, str]]:
    yield from run.parameters.items()
    yield _tr("System prompt"), run.system
    yield _tr("Begun with"), run.prefill
    yield _tr("Tools"), ", ".join(tool.name for tool in run.tools)
    yield _tr("Size of pictures"), _tr(str(_DETAILS[run.detail])) if run.prepared else ""
    yield _tr("Way to arrive"), _tr("Word by word") if run.stream else _tr("In one piece")


def _pictures(prepared: tuple[Prepared, ...], names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for number, picture in enumerate(prepared, 1):
        size = QLocale().formattedDataSize(picture.byte_count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        label = names.get(picture.original) or _tr("Picture {number}").format(number=number)
        shown = _tr("{width} × {height} pixels, {size}, {mime}")
        yield (
            label,
            shown.format(width=picture.width, height=picture.height, size=size, mime=picture.mime),
        )
        yield _tr("SHA-256 as sent"), picture.sha256
        yield _tr("SHA-256 of the original"), picture.original


def _course(message: Message, run: RunCard) -> Iterable[tuple[str, str]]:
    asked = QDateTime.fromSecsSinceEpoch(int(message.created.timestamp()))
    yield _tr("Asked"), QLocale().toString(asked, QLocale.FormatType.ShortFormat)
    yield _tr("First word after"), _seconds(run.first_token_s)
    yield _tr("Reasoning until"), _seconds(run.reasoning_s)
    yield _tr("Whole after"), _seconds(run.total_s)
    yield _tr("Tokens read"), _number(run.usage.prompt_tokens)
    yield _tr("Tokens written"), _number(run.usage.completion_tokens)
    yield _tr("Tokens in all"), _number(run.usage.total_tokens)
    confidence = "" if run.confidence is None else QLocale().toString(run.confidence, "f", 1)
    yield _tr("Confidence"), confidence
    known = _ENDS.get(run.finish_reason)
    yield _tr("End"), _tr(str(known)) if known else run.finish_reason
    yield _tr("Request id"), run.request_id
    yield _tr("Message id"), message.id
    yield _tr("Goes on with"), run.continues
    yield _tr("Repeats"), run.replays


def _notes(run: RunCard) -> Iterable[tuple[str, str]]:
    for number, note in enumerate(run.notes, 1):
        yield str(number), problems.translated(note.what, note.facts)


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else _tr("{seconds} s").format(seconds=QLocale().toString(seconds, "f", 2))


def _number(count: int | None) -> str:
    return "" if count is None else QLocale().toString(count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunCard", text)
