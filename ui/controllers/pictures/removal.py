"""What the user did to the pictures of the next question: what is said of it, and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.controllers.asking.attachments import Removed, Swapped
from ui.controllers.conversation.entries import drawn_words
from ui.controllers.regions.near import Near
from ui.signs import one_line

if TYPE_CHECKING:
    from app.domain.conversation import Draft
    from ui.controllers.asking.attachments import AttachmentController, Deed, Treated
    from ui.controllers.conversation.conversation import ConversationController

LONGEST = 32
"""Characters of a name."""

UNCOVERED = QT_TRANSLATE_NOOP(
    "Removal",
    "{name} is removed, and what you covered with it: earlier questions show that place again.",
)
IN_PLACE = QT_TRANSLATE_NOOP("Removal", "{name} is in the place of {before}.")
WITHOUT = QT_TRANSLATE_NOOP(
    "Removal", "{name} is in the place of {before}, without what you drew there: {what}."
)
SEEN_AGAIN = QT_TRANSLATE_NOOP("Removal", "Earlier questions show what you covered there again.")


def near_of(deed: Deed, attachments: AttachmentController, conversations: ConversationController) -> Near:
    """What Undo does about it."""
    if isinstance(deed, Removed):
        return _removal_of(deed, attachments, conversations)
    if isinstance(deed, Swapped):
        return _swap_of(deed, attachments, conversations)
    return _treatment_of(deed, attachments)


def _removal_of(
    removed: Removed, attachments: AttachmentController, conversations: ConversationController
) -> Near:
    if covers_end(removed, attachments, conversations):
        tone, said = "warning", _tr(UNCOVERED)
    else:
        tone, said = "text_muted", QCoreApplication.translate("Removal", "{name} is removed.")
    return Near(
        QCoreApplication.translate("Removal", "remove picture"),
        said.format(name=one_line(removed.name)),
        lambda: attachments.bring(removed.sha256, removed.name, removed),
        lambda: attachments.take_back(removed.sha256),
        (removed.sha256,),
        tone,
    )


def _swap_of(
    swapped: Swapped, attachments: AttachmentController, conversations: ConversationController
) -> Near:
    """What is drawn never goes over to the other picture, not even to one of the same size: all photos of
    a camera have one size, and a cover beside what it is to hide would look as if it did."""
    gone, new = swapped.removed, swapped.sha256
    done = gone.treatment
    what = drawn_words(done) if done is not None else ""
    said = [_tr(WITHOUT if what else IN_PLACE)]
    if covers_end(gone, attachments, conversations):
        said.append(_tr(SEEN_AGAIN))
    names = {"name": _short(swapped.name), "before": _short(gone.name), "what": what}
    came = [Removed(new, swapped.name, "", gone.place, None)]

    def undo() -> None:
        taken = None if swapped.was_there else attachments.take_back(new)
        came[:] = [taken] if taken is not None else came
        attachments.bring(gone.sha256, gone.name, gone)

    def redo() -> None:
        attachments.take_back(gone.sha256)
        if not swapped.was_there:
            attachments.bring(new, swapped.name, came[0])

    return Near(
        QCoreApplication.translate("Removal", "put another picture in its place"),
        " ".join(said).format(**names),
        undo,
        redo,
        (gone.sha256, new),
        "warning" if done is not None and done.redactions else "text_muted",
    )


def lost_words(draft: Draft, name: str) -> str:
    """What is said where a picture of that name is put in the place of the first one of `draft`; empty
    where nothing is drawn on that."""
    first, before = draft.pictures[0] if draft.pictures else ("", "")
    what = drawn_words(draft.treatments[first]) if first in draft.treatments else ""
    return _tr(WITHOUT).format(name=_short(name), before=_short(before), what=what) if what else ""


def _treatment_of(treated: Treated, attachments: AttachmentController) -> Near:
    treat = partial(attachments.set_treatment, treated.sha256)
    undo, redo = partial(treat, treated.before), partial(treat, treated.after)
    return Near(treated.words, "", undo, redo, (treated.sha256,))


def covers_end(
    removed: Removed, attachments: AttachmentController, conversations: ConversationController
) -> bool:
    """Whether a picture of an earlier question was covered only in the one that is being written."""
    covered = removed.treatment.redactions if removed.treatment is not None else ()
    earlier = removed.sha256 in dict(conversations.pictures)
    return earlier and not set(covered) <= set(attachments.covers(removed.sha256))


def _short(name: str) -> str:
    """A name that leaves room for the sentence in a low window."""
    line = one_line(name)
    half = LONGEST // 2
    return line if len(line) <= LONGEST else f"{line[:half].rstrip()}…{line[-half:].lstrip()}"


def _tr(text: object) -> str:
    return QCoreApplication.translate("Removal", str(text))
