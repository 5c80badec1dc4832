"""What the end of the program cut off is offered to be continued at the next start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.conversation import CutOff
from ui.main_window import MainWindow

NAMED = 3
LONGEST = 40


def offer_to_continue(
    window: MainWindow, cut_off: Sequence[CutOff], open_at: Callable[[str, str], object]
) -> None:
    """Name the conversations of answers that were cut off, newest first, and offer to go to the
    newest: `open_at` shows a message of a conversation, below which is what goes on with it."""
    newest = cut_off[0]
    titles = list(dict.fromkeys(_short(cut.title) for cut in cut_off))
    named = ", ".join(_tr("“{title}”").format(title=title) for title in titles[:NAMED])
    if len(titles) > NAMED:
        named = _tr("{titles} and {count} more").format(titles=named, count=len(titles) - NAMED)
    words = _tr("An answer in {titles} was cut off when Fovea ended. What had arrived is kept.")
    if len(cut_off) > 1:
        words = _tr("Answers in {titles} were cut off when Fovea ended. What had arrived is kept.")
    window.show_notice(
        words.format(titles=named),
        "warning",
        _tr("Continue"),
        lambda: open_at(newest.conversation_id, newest.message_id),
    )


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[:LONGEST].rstrip()}…"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Continuing", text)
