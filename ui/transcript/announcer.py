"""What a screen reader hears of the transcript, whose painted text is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LONGEST = 2_000


def announce(widget: QWidget, summary: str, text: str) -> None:
    """Say `summary` and the beginning of `text`, where assistive technology listens."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    widget.setAccessibleDescription(text[:LONGEST])
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, f"{summary} {text[:LONGEST]}"))
