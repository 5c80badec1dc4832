"""Which frames of an animation, or pages of a document, become pictures of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.picture_grid import GridPicture, PictureGrid
from ui.widgets.soft_progress import SoftProgress

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

SIZE = QSize(640, 480)
TILE = QSize(128, 96)
LONGEST_SIDE = 2 * 128
"""Of the small pictures it wants, in pixels: sharp at 200 %."""


class FrameList(NamedTuple):
    """What there is to choose from: `listed` frames, or the first so many where there are `more`."""

    name: str
    listed: int
    more: bool
    pages: bool


class FramesDialog(QDialog):
    """Window-modal. The small pictures come in their order, and with them the times.

    Escape leaves; closing it is what ends the reading of further frames.
    """

    frames_chosen = Signal(object)
    """The numbers of the chosen frames, from 0 (list[int])."""

    def __init__(self, frames: FrameList, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frames = frames
        self._came = 0
        self._milliseconds = 0
        title = self.tr("Choose pages") if frames.pages else self.tr("Choose frames")
        self.setWindowTitle(title)
        self.heading = ElidedLabel(frames.name, size="body", bold=True, elide=Qt.TextElideMode.ElideMiddle)
        self.words = PlainLabel(self._count_in_words(), tone="muted")
        self.line = SoftProgress(self)
        self.grid = PictureGrid(title, self, tile=TILE)
        self.grid.set_pictures([self._picture(number, "") for number in range(frames.listed)])
        self.grid.choice_changed.connect(self._show_choice)
        self.grid.taken.connect(self._take)
        self.add_button = TextButton("", primary=True)
        self.add_button.setDefault(True)
        self.add_button.clicked.connect(self._take)
        self.cancel_button = TextButton(self.tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out(parent.size() - QSize(48, 48))
        self._show_choice()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_frame(self, image: QImage, milliseconds: int) -> None:
        """The small picture of the next frame, and for how long it is shown (0: not said)."""
        number = self._came
        self.grid.set_image(str(number), image)
        time = "" if self._frames.pages or not (milliseconds or self._milliseconds) else self._time()
        self.grid.say(number, self._picture(number, time))
        self._came += 1
        self._milliseconds += milliseconds

    def add_unseen(self, reason: str) -> None:
        """The next page cannot be shown, for a reason (a clause); those after it may."""
        number = self._came
        self.grid.set_broken(str(number))
        page = self._picture(number, "")
        spoken = self.tr("{page} cannot be shown: {reason}").format_map(
            {"page": page.spoken, "reason": reason}
        )
        self.grid.say(number, page._replace(spoken=spoken))
        self._came += 1

    def end(self) -> None:
        """No more frames come: those that did not come cannot be read."""
        self.line.hide()
        if self._came < self._frames.listed:
            self._frames = self._frames._replace(listed=self._came, more=False)
            self.grid.cut(self._came)
            self.words.setText(self._count_in_words())

    def _lay_out(self, room: QSize) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 12, 24, 20)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.add_button)
        head = QVBoxLayout()
        head.setContentsMargins(24, 20, 24, 8)
        head.setSpacing(4)
        for part in (self.heading, self.words, self.line):
            head.addWidget(part)
        grid = QHBoxLayout()
        grid.setContentsMargins(16, 0, 12, 0)
        grid.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(grid, 1)
        column.addLayout(buttons)
        self.resize(SIZE.boundedTo(room))

    def _count_in_words(self) -> str:
        count, pages = self._frames.listed, self._frames.pages
        if self._frames.more:
            said = (
                self.tr("The first %n pages", "", count)
                if pages
                else self.tr("The first %n frames", "", count)
            )
            rest = self.tr("It has more than Fovea lists.")
            return f"{said}. {rest}"
        if count == 1:
            return self.tr("1 page") if pages else self.tr("1 frame")
        return self.tr("%n pages", "", count) if pages else self.tr("%n frames", "", count)

    def _picture(self, number: int, time: str) -> GridPicture:
        said = self.tr("Page {number}") if self._frames.pages else self.tr("Frame {number}")
        spoken = said.format(number=number + 1)
        if not time:
            return GridPicture(str(number), str(number + 1), spoken)
        at = self.tr("{frame}, at {time}").format(frame=spoken, time=time)
        return GridPicture(str(number), f"{number + 1} · {time}", at)

    def _time(self) -> str:
        """When the next frame comes."""
        seconds = self._milliseconds / 1000
        return self.tr("{seconds} s").format(seconds=self.locale().toString(seconds, "f", 2))

    def _show_choice(self) -> None:
        count, pages = self.grid.chosen_count(), self._frames.pages
        if count == 1:
            words = self.tr("Add 1 page") if pages else self.tr("Add 1 frame")
        elif count:
            words = self.tr("Add %n pages", "", count) if pages else self.tr("Add %n frames", "", count)
        else:
            words = self.tr("Add pages") if pages else self.tr("Add frames")
        self.add_button.setText(words)
        self.add_button.setEnabled(count > 0)
        self.add_button.setToolTip("" if count else self.tr("Choose some first."))

    def _take(self) -> None:
        if keys := self.grid.keys():
            self.frames_chosen.emit([int(key) for key in keys])
            self.accept()
