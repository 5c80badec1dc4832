"""A picture that the user took out of the next question: what is said of it, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.controllers.regions.near import Near
from ui.signs import one_line

if TYPE_CHECKING:
    from ui.controllers.asking.attachments import AttachmentController, Removed
    from ui.controllers.conversation.conversation import ConversationController


UNCOVERED = QT_TRANSLATE_NOOP(
    "Removal",
    "{name} is removed, and what you covered with it: earlier questions show that place again.",
)


def removal_of(
    removed: Removed, attachments: AttachmentController, conversations: ConversationController
) -> Near:
    """What Undo does about a picture that was removed."""
    name = one_line(removed.name)
    if covers_end(removed, attachments, conversations):
        tone, said = "warning", QCoreApplication.translate("Removal", str(UNCOVERED))
    else:
        tone, said = "text_muted", QCoreApplication.translate("Removal", "{name} is removed.")
    return Near(
        QCoreApplication.translate("Removal", "remove picture"),
        said.format(name=name),
        lambda: attachments.bring(removed.sha256, removed.name, removed),
        lambda: attachments.take_back(removed.sha256),
        removed.sha256,
        tone,
    )


def covers_end(
    removed: Removed, attachments: AttachmentController, conversations: ConversationController
) -> bool:
    """Whether a picture of an earlier question was covered only in the one that is being written."""
    covered = removed.treatment.redactions if removed.treatment is not None else ()
    earlier = removed.sha256 in dict(conversations.pictures)
    return earlier and not set(covered) <= set(attachments.covers(removed.sha256))
