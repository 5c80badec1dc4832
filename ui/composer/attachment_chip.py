"""A picture of a question that is being written, as a chip."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.thumbnails import Thumbnails, draw_blank
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent

    from app.domain.region import Treatment
    from ui.composer.region_chips import RegionChips

CHIP_HEIGHT = 48
NAME_WIDTH = 150
NOTE_WIDTH = 300
LARGE_NOTE_WIDTH = 220
"""Beside a button with words, so that both fit into a narrow window."""
NOTE_LINES = 2
GAP = 8
INSET = 4
"""Between the edge of a chip and its tile, and what stands below the tile."""


class AttachmentChip(NamedTuple):
    """A picture on its way into the question.

    `state` is reading, ready or refused; `note` says why it was refused. `sha256` is known
    once it is ready. `treatment` is what is done with it on its way, None for nothing. `framed`:
    it has further frames or pages to choose from. `large`: it was refused for its many pixels alone, and
    can be opened all the same.
    """

    key: str
    name: str
    state: str
    note: str = ""
    sha256: str = ""
    treatment: Treatment | None = None
    framed: bool = False
    large: bool = False


class ChipWidget(QWidget):
    """A tile, the name (and why it was refused), a button that takes it away, and one that swaps it;
    below them what is drawn on the picture."""

    remove_requested = Signal(str)
    swap_requested = Signal(str)
    frames_requested = Signal(str)
    anyway_requested = Signal(str)
    mark_activated = Signal(str, str)
    mark_removed = Signal(str, str)
    sends_chosen = Signal(str, object)
    menu_requested = Signal(str, QPoint)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = AttachmentChip("", "", "reading")
        self._thumbnails = thumbnails
        self.name = ElidedLabel(size="caption", elide=Qt.TextElideMode.ElideMiddle)
        self.line = SoftProgress()
        self.remove = _small_button("x")
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.shown.key))
        self.swap: IconButton | None = None
        self.frames: IconButton | None = None
        self.anyway: SmallButton | None = None
        self._swappable = False
        self._words = words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(3)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        row = QHBoxLayout()
        row.addStrut(CHIP_HEIGHT)
        row.setContentsMargins(CHIP_HEIGHT, 0, 8, 0)
        row.setSpacing(6)
        row.addLayout(words, 1)
        row.addWidget(self.remove)
        self._row = row
        self._column = _Column(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(row)

    def set_swappable(self, swappable: bool) -> None:
        """Whether there is a button that puts another picture in its place."""
        self._swappable = swappable
        if swappable and self.swap is None:
            self.swap = self._add_button("image-plus")
            self.swap.clicked.connect(lambda: self.swap_requested.emit(self.shown.key))
        self.show_chip(self.shown)

    def _add_button(self, icon: str) -> IconButton:
        """A button before the one that takes the picture away."""
        button = _small_button(icon)
        self._row.insertWidget(self._row.indexOf(self.remove), button)
        return button

    def buttons(self) -> list[QWidget]:
        """Those that Tab comes to, in their order."""
        return [*self._own_buttons, *(self.marks.buttons() if self._marked else ())]

    @property
    def _own_buttons(self) -> list[IconButton | SmallButton]:
        buttons = (self.frames, self.swap, self.anyway, self.remove)
        return [b for b in buttons if b is not None and not b.isHidden()]

    @cached_property
    def note(self) -> PlainLabel:
        """Why the picture was refused, made for the first that is."""
        note = PlainLabel(size="small", tone="danger", parent=self)
        self._words.insertWidget(self._words.indexOf(self.name) + 1, note)
        return note

    @cached_property
    def marks(self) -> RegionChips:
        """What is drawn on the picture, made with the first of it."""
        from ui.composer.region_chips import RegionChips

        place = QWidget(self)
        marks = RegionChips(place)
        marks.activated.connect(lambda mark: self.mark_activated.emit(self.shown.sha256, mark))
        marks.removed.connect(lambda mark: self.mark_removed.emit(self.shown.sha256, mark))
        marks.sends_chosen.connect(lambda sends: self.sends_chosen.emit(self.shown.sha256, sends))
        inset = QHBoxLayout(place)
        inset.setContentsMargins(INSET, 0, GAP, GAP)
        inset.addWidget(marks)
        self._column.addWidget(place)
        return marks

    @property
    def _marked(self) -> bool:
        done = self.shown.treatment
        return done is not None and bool(done.regions or done.redactions)

    def sizeHint(self) -> QSize:
        if self._column.wanted is None:
            self._column.wanted = self._size_wanted()
        return self._column.wanted

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._column.invalidate()

    @property
    def _note_width(self) -> int:
        return LARGE_NOTE_WIDTH if self.shown.large else NOTE_WIDTH

    def _size_wanted(self) -> QSize:
        words, widest, second = self.name.fontMetrics().horizontalAdvance(self.name.text()), NAME_WIDTH, 0
        if self.shown.state == "refused":
            metrics, widest = self.note.fontMetrics(), self._note_width
            words = max(words, metrics.horizontalAdvance(self.shown.note))
            second = metrics.height() if words + 6 > widest else 0
        buttons = sum(
            button.sizeHint().width() if button is self.anyway else 26 for button in self._own_buttons
        )
        buttons += 6 * len(self._own_buttons)
        size = QSize(CHIP_HEIGHT + min(words + 6, widest) + buttons + 8, CHIP_HEIGHT + second)
        if not self._marked:
            return size
        marks = self.marks.fitting()
        return QSize(max(size.width(), marks.width() + INSET + GAP), CHIP_HEIGHT + marks.height() + GAP)

    def show_chip(self, chip: AttachmentChip) -> None:
        """Take the state of `chip`."""
        self.shown = chip
        self.name.setText(chip.name)
        refused = chip.state == "refused"
        if refused or "note" in self.__dict__:
            self._show_note(chip.note, refused=refused)
        self.line.setVisible(chip.state == "reading")
        deed = self.tr("Dismiss {name}") if refused else self.tr("Remove {name}")
        self.remove.show_as("x", deed.format(name=chip.name), role="text_muted")
        if self.swap is not None:
            self.swap.setVisible(self._swappable and chip.state == "ready")
            swap = self.tr("Put another picture in the place of {name}").format(name=chip.name)
            self.swap.show_as("image-plus", swap, role="text_muted")
        self._show_frames(chip)
        self._show_anyway(chip)
        if self._marked and chip.treatment is not None:
            self.marks.show_treatment(chip.name, chip.treatment)
        if "marks" in self.__dict__:
            (self.marks.parentWidget() or self.marks).setVisible(self._marked)
        self.setAccessibleName(self._spoken(chip))
        self._column.invalidate()  # after all of it, as a part that is shown asks for the size at once
        self.updateGeometry()
        self.update()

    def _show_note(self, note: str, *, refused: bool) -> None:
        spared = 0 if self.shown.large else 2 * CHIP_HEIGHT  # a line may end before a long word
        room = NOTE_LINES * self._note_width - spared
        cut = self.note.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, room)
        self.note.setText(cut)
        self.note.setToolTip(plain_tooltip(note))
        self.note.setVisible(refused)

    def _show_frames(self, chip: AttachmentChip) -> None:
        if chip.framed and self.frames is None:
            self.frames = self._add_button("film")
            self.frames.clicked.connect(lambda: self.frames_requested.emit(self.shown.key))
        if self.frames is not None:
            self.frames.setVisible(chip.framed and chip.state == "ready")
            choose = self.tr("Choose frames of {name}").format(name=chip.name)
            self.frames.show_as("film", choose, role="text_muted")

    def _show_anyway(self, chip: AttachmentChip) -> None:
        large = chip.large and chip.state == "refused"
        if large and self.anyway is None:
            self.anyway = SmallButton(self.tr("Open anyway"))
            self.anyway.setToolTip(plain_tooltip(self.tr("It needs more memory and time than most pictures")))
            self.anyway.clicked.connect(lambda: self.anyway_requested.emit(self.shown.key))
            self._row.insertWidget(self._row.indexOf(self.remove), self.anyway)
        if self.anyway is not None:
            if not large and self.window().focusWidget() is self.anyway:
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt would choose another chip's button
            self.anyway.setVisible(large)
            self.anyway.setAccessibleName(self.tr("Open {name} anyway").format(name=chip.name))

    def _spoken(self, chip: AttachmentChip) -> str:
        if chip.state == "reading":
            return self.tr("Reading {name}").format(name=chip.name)
        return f"{chip.name}: {chip.note}" if chip.note else chip.name

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the pointer, or by the keyboard at one of its buttons."""
        if self.shown.sha256:
            self.menu_requested.emit(self.shown.sha256, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove.click()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """From the chip itself, which has the keyboard once its button went, Tab leads to those left."""
        if not self.hasFocus():
            return super().focusNextPrevChild(forward)
        self._own_buttons[0 if forward else -1].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = self.shown.state == "refused"
        painter.setPen(colors.danger if refused else colors.separator)
        painter.setBrush(colors.veil("danger", 0.08) if refused else colors.hover)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(colors.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        top = (self.height() - CHIP_HEIGHT) // 2 if refused else 0
        tile = QRect(INSET, top + INSET, CHIP_HEIGHT - 2 * INSET, CHIP_HEIGHT - 2 * INSET)
        if refused:
            draw_blank(painter, tile, "triangle-alert", "danger")
        elif self.shown.sha256:
            self._thumbnails.draw(painter, tile, self.shown.sha256)
        else:
            draw_blank(painter, tile, "image")


class _Column(QVBoxLayout):
    """The rows of a chip, and the size that the chip wants with them: known until any of them changes."""

    def __init__(self, chip: ChipWidget) -> None:
        super().__init__(chip)
        self.wanted: QSize | None = None

    def invalidate(self) -> None:
        self.wanted = None
        super().invalidate()


def _small_button(icon: str) -> IconButton:
    button = IconButton(icon, "", role="text_muted")
    button.setIconSize(QSize(14, 14))
    button.setFixedSize(26, 26)
    return button
