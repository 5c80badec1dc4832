"""What the mouse can take hold of in the transcript and drag to another place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize

from ui.transcript import controls
from ui.transcript.selecting.selection import plain_text

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QPixmap

    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.selecting.selection import Position, Selection
    from ui.transcript.thumbnails import Thumbnails

PictureFile = Callable[[str, str, Callable[[str], None]], None]
"""Makes a file with a picture, from its sha256 and name, and calls the third with its path, now or a
little later; with "" where there is none."""
DRAGGED_SIZE = QSize(96, 96)


class Grip(NamedTuple):
    """Something held: a picture of a question, a block of code by its head, or the selection."""

    message: Message | None = None
    picture: str = ""
    code: int = -1
    selection: Selection | None = None


class Grips:
    """Finds what is under a point and makes of it what can be dropped."""

    def __init__(self, arrangement: Arrangement, thumbnails: Thumbnails) -> None:
        self.picture_file: PictureFile = lambda _sha256, _name, found: found("")
        self._arrangement = arrangement
        self._thumbnails = thumbnails

    def at(
        self, message: Message, x: float, y: float, position: Position, selection: Selection | None
    ) -> Grip | None:
        """What can be dragged from a point of a message, whose nearest text position is `position`."""
        picture = message.frame.picture_at(x, y, message.natural_width)
        if picture:
            return Grip(message, picture=picture)
        code = controls.code_head_at(message, x, y)
        if code >= 0:
            return Grip(message, code=code)
        if selection is not None and not selection.empty and selection.start <= position < selection.end:
            return Grip(selection=selection)
        return None

    def drag(self, grip: Grip, ratio: float, begin: Callable[[QMimeData, QPixmap | None], None]) -> None:
        """Call `begin` with what is dropped and the picture that goes with the pointer, as soon as it is
        there; not at all where nothing can be dropped."""
        from ui.transcript.selecting.dragged import file_dragged, text_dragged

        if grip.selection is not None:
            begin(text_dragged(plain_text(grip.selection, self._arrangement.messages)), None)
            return
        assert grip.message is not None
        if grip.picture:
            name = dict(grip.message.entry.pictures).get(grip.picture, "")
            picture = self._thumbnails.fitted(grip.picture, DRAGGED_SIZE, ratio)

            def found(path: str) -> None:
                if path:
                    begin(file_dragged(path), picture)

            self.picture_file(grip.picture, name, found)
            return
        code = controls.code_at(grip.message, grip.code)
        name = code.head.file_name if code is not None else ""
        begin(text_dragged(controls.code_text(grip.message, grip.code), name), None)
