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
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    text = " ".join(filter(None, (answer.notice, answer.text)))[:LONGEST]
    widget.setAccessibleDescription(text)
    said = f"{summary(answer)} {text}"
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, said))


def summary(answer: Entry) -> str:
    """How an answer ended, and the shortcuts of what can be done with it."""
    said = [_tr(str(_ENDS.get(answer.status, _DONE)))]
    for action in answer.actions:
        if action.keys:
            words = _tr("{action} with {keys}.")
            said.append(words.format(action=action.spoken or action.text, keys=action.keys))
        elif not action.id:
            said.append(f"{action.text}.")
    return " ".join(said)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Announcer", text)
