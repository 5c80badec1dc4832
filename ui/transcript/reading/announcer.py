"""What a screen reader hears of the transcript, whose painted text is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.transcript.entry import Entry

LONGEST = 2_000
_ENDS = {
    "failed": QT_TRANSLATE_NOOP("Announcer", "Answer failed."),
    "interrupted": QT_TRANSLATE_NOOP("Announcer", "Answer interrupted."),
}
_DONE = QT_TRANSLATE_NOOP("Announcer", "Answer finished.")


def announce(widget: QWidget, answer: Entry) -> None:
    """Say how `answer` ended, what can be done with it by keys, and the beginning of what it says,
    where assistive technology listens."""
    if is_listened_to():
        text = _words(answer)
        widget.setAccessibleDescription(text)
        say(widget, f"{summary(answer)} {text}")


def announce_message(widget: QWidget, entry: Entry, number: int, of: int) -> None:
    """Say that the keyboard is at a message, counted from 1, and the beginning of what it says."""
    if is_listened_to():
        place = f"{role_of(entry, number, of)}."
        text = _words(entry)
        widget.setAccessibleDescription(f"{place} {text}")
        badges = "".join(f" {badge.text}." for badge in entry.badges)
        say(widget, f"{place}{badges} {text}")


def role_of(entry: Entry, number: int, of: int) -> str:
    """What a message is, and which one, counted from 1."""
    words = _tr("Question, message {number} of {of}")
    if entry.role == "assistant":
        words = _tr("Answer, message {number} of {of}")
    return words.format(number=number, of=of)


def is_listened_to() -> bool:
    """Whether assistive technology is there."""
    from PySide6.QtGui import QAccessible

    return bool(QAccessible.isActive())


def say(widget: QWidget, text: str) -> None:
    """Have a screen reader say something, where one is there."""
    if is_listened_to():
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def summary(answer: Entry) -> str:
    """How an answer ended, and the shortcuts of what can be done with it."""
    said = [_tr(str(_ENDS.get(answer.status, _DONE)))]
    for action in answer.actions:
        if action.keys and not action.quiet:
            words = _tr("{action} with {keys}.")
            said.append(words.format(action=action.spoken or action.text, keys=action.keys))
        elif not action.id:
            said.append(f"{action.text}.")
    return " ".join(said)


def _words(entry: Entry) -> str:
    from ui.transcript.markdown.styled_text import may_have_marks  # only where somebody listens

    text = entry.text
    if entry.places.folds or may_have_marks(text, entry.places.marks):
        from ui.transcript.reading.spoken import spoken_text

        text = spoken_text(entry, LONGEST)
    return " ".join(filter(None, (entry.notice, text)))[:LONGEST]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Announcer", text)
