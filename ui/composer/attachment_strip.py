"""The pictures of a question that is being written, as chips."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.buttons import IconButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.tab_order import stop_before, walk_through
from ui.widgets.thumbnails import Thumbnails, draw_blank
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent

    from app.domain.region import Treatment
    from ui.composer.region_chips import RegionChips

CHIP_HEIGHT = 48
NAME_WIDTH = 150
NOTE_WIDTH = 300
NOTE_LINES = 2
ROWS_SHOWN = 2
MARKED_SHOWN = 168
"""How high the chips may be together where something is drawn on their pictures."""
LOW = 600
"""A window lower than this has room for one row of chips."""
MARKED_LOW = 84
"""As MARKED_SHOWN, in a low window: the picture's row, and the first of what is drawn."""
GAP = 8


class AttachmentChip(NamedTuple):
    """A picture on its way into the question.

    `state` is reading, ready or refused; `note` says why it was refused. `sha256` is known
    once it is ready. `treatment` is what is done with it on its way, None for nothing. `framed`:
    it has further frames or pages to choose from.
    """

    key: str
    name: str
    state: str
    note: str = ""
    sha256: str = ""
    treatment: Treatment | None = None
    framed: bool = False


class AttachmentStrip(QScrollArea):
    """Shows a chip for each picture; hidden without any, scrolls after two rows."""

    removed = Signal(str)
    swap_requested = Signal(str)
    frames_requested = Signal(str)
    mark_activated = Signal(str, str)
    """Something drawn on a picture, by the picture's hash and its own id, is to be shown there; the
    covers have no id."""
    mark_removed = Signal(str, str)
    """Something drawn on a picture is not wanted any more; as above."""
    sends_chosen = Signal(str, object)
    """The regions of a picture are to go along so: its hash and a RegionSend."""
    menu_requested = Signal(str, QPoint)
    """The menu of a ready picture was asked for: its hash, and a place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.thumbnails = Thumbnails(self)
        self._chips: dict[str, _Chip] = {}
        self._swappable = False
        self._most = 0
        self._refused = ""
        self.verticalScrollBar().actionTriggered.connect(lambda _: self._look_for(""))
        self._ground = QWidget()
        self._flow = FlowLayout(self._ground, spacing=GAP)
        self.setWidget(self._ground)
        self.hide()

    def chips(self) -> list[AttachmentChip]:
        """What is shown, in order."""
        return [chip.shown for chip in self._chips.values()]

    def set_chips(self, chips: list[AttachmentChip]) -> None:
        """Show exactly these, in this order; a chip that stays keeps the keyboard. A refusal that is
        new is scrolled to."""
        known = {chip.key for chip in self.chips() if chip.state == "refused"}
        refused = [chip.key for chip in chips if chip.state == "refused" and chip.key not in known]
        if [chip.key for chip in chips] != list(self._chips):
            self._arrange([chip.key for chip in chips])
        for chip in chips:
            if self._chips[chip.key].shown != chip:
                self._chips[chip.key].show_chip(chip)
        self.setVisible(bool(chips))
        self._fit_height()
        if refused:
            self._look_for(refused[0])

    def set_swappable(self, swappable: bool) -> None:
        """Whether each picture has a button that puts another one in its place."""
        self._swappable = swappable
        for chip in self._chips.values():
            chip.set_swappable(swappable)
        self._fit_height()

    def chip_at(self, point: QPoint) -> tuple[AttachmentChip, QRect] | None:
        """The chip at a point of the screen, and where on the screen it is."""
        for chip in self._chips.values():
            seen = chip.visibleRegion().boundingRect()
            area = QRect(chip.mapToGlobal(seen.topLeft()), seen.size())
            if area.contains(point):
                return chip.shown, area
        return None

    def lead_to(self, anchor: QWidget) -> QWidget:
        """Let Tab walk through the chips, in their order, before it comes to `anchor`; returns where
        it then begins."""
        buttons = [button for chip in self._chips.values() for button in chip.buttons()]
        if not buttons:
            return anchor
        walk_through([stop_before(anchor, outside=self), *buttons, anchor])
        return buttons[0]

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a ready picture; others are ignored."""
        if any(chip.shown.sha256 == sha256 for chip in self._chips.values()):
            self.thumbnails.set_image(sha256, image)
            for chip in self._chips.values():
                chip.update()

    def sizeHint(self) -> QSize:
        """As high as it may be; in a low window it gives way to the rest."""
        return QSize(super().sizeHint().width(), self._most)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._fit_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """How much the chips may take depends on the window."""
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self._fit_height()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
        self._look_for(self._refused)

    def _look_for(self, refused: str) -> None:
        """Keep the chip with this key in sight until the user scrolls; empty for none."""
        self._refused = refused
        if refused:
            QTimer.singleShot(0, self, self._scroll_to_refused)  # it is not laid out yet

    def _scroll_to_refused(self) -> None:
        chip = self._chips.get(self._refused)
        if chip is not None and chip.shown.state == "refused":
            self.ensureWidgetVisible(chip, 0, 0)

    def _arrange(self, keys: list[str]) -> None:
        while self._flow.count():
            self._flow.takeAt(0)
        before, self._chips = self._chips, {}
        for key in keys:
            chip = before.pop(key, None) or self._new_chip()
            self._chips[key] = chip
            self._flow.addWidget(chip)
            chip.show()
        for chip in before.values():
            chip.hide()
            chip.deleteLater()

    def _new_chip(self) -> _Chip:
        chip = _Chip(self.thumbnails, self._ground)
        chip.remove_requested.connect(self.removed)
        chip.swap_requested.connect(self.swap_requested)
        chip.frames_requested.connect(self.frames_requested)
        chip.mark_activated.connect(self.mark_activated)
        chip.mark_removed.connect(self.mark_removed)
        chip.sends_chosen.connect(self.sends_chosen)
        chip.menu_requested.connect(self.menu_requested)
        chip.set_swappable(self._swappable)
        return chip

    def _fit_height(self) -> None:
        wanted = self._flow.heightForWidth(self.viewport().width())
        marked = any(chip.shown.treatment for chip in self._chips.values())
        low = not self.isWindow() and self.window().height() < LOW
        if low:
            row = max((chip.sizeHint().height() for chip in self._chips.values()), default=0)
            most = min(row, MARKED_LOW)
        else:
            most = MARKED_SHOWN if marked else ROWS_SHOWN * CHIP_HEIGHT + (ROWS_SHOWN - 1) * GAP
        self._most = min(wanted, most) if self._chips else 0
        self.setMinimumHeight(min(self._most, CHIP_HEIGHT) if low else self._most)
        self.setMaximumHeight(self._most)
        self.updateGeometry()


class _Chip(QWidget):
    """A tile, the name (and why it was refused), a button that takes it away, and one that swaps it;
    below them what is drawn on the picture."""

    remove_requested = Signal(str)
    swap_requested = Signal(str)
    frames_requested = Signal(str)
    mark_activated = Signal(str, str)
    mark_removed = Signal(str, str)
    sends_chosen = Signal(str, object)
    menu_requested = Signal(str, QPoint)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = AttachmentChip("", "", "reading")
        self._thumbnails = thumbnails
        self.name = ElidedLabel(size="caption", elide=Qt.TextElideMode.ElideMiddle)
        self.note = PlainLabel(size="small", tone="danger")
        self.line = SoftProgress()
        self.remove = IconButton("x", "", role="text_muted")
        self.remove.setIconSize(QSize(14, 14))
        self.remove.setFixedSize(26, 26)
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.shown.key))
        self.swap: IconButton | None = None
        self.frames: IconButton | None = None
        self._swappable = False
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(3)
        words.addStretch(1)
        for part in (self.name, self.note, self.line):
            words.addWidget(part)
        words.addStretch(1)
        row = QHBoxLayout()
        row.addStrut(CHIP_HEIGHT)
        row.setContentsMargins(CHIP_HEIGHT, 0, 8, 0)
        row.setSpacing(6)
        row.addLayout(words, 1)
        row.addWidget(self.remove)
        self._row = row
        self._column = QVBoxLayout(self)
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
        button = IconButton(icon, "", role="text_muted")
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(26, 26)
        self._row.insertWidget(self._row.indexOf(self.remove), button)
        return button

    def buttons(self) -> list[QWidget]:
        """Those that Tab comes to, in their order."""
        return [*self._own_buttons, *(self.marks.buttons() if self._marked else ())]

    @property
    def _own_buttons(self) -> list[IconButton]:
        return [b for b in (self.frames, self.swap, self.remove) if b is not None and not b.isHidden()]

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
        inset.setContentsMargins(GAP, 0, GAP, GAP)
        inset.addWidget(marks)
        self._column.addWidget(place)
        return marks

    @property
    def _marked(self) -> bool:
        done = self.shown.treatment
        return done is not None and bool(done.regions or done.redactions)

    def sizeHint(self) -> QSize:
        widest = NOTE_WIDTH if self.shown.state == "refused" else NAME_WIDTH
        words = max(
            self.name.fontMetrics().horizontalAdvance(self.name.text()),
            self.note.fontMetrics().horizontalAdvance(self.shown.note),
        )
        buttons = 32 * len(self._own_buttons)
        second = self.note.fontMetrics().height() if words + 6 > widest == NOTE_WIDTH else 0
        size = QSize(CHIP_HEIGHT + min(words + 6, widest) + buttons + 8, CHIP_HEIGHT + second)
        if not self._marked:
            return size
        marks = self.marks.fitting()
        return QSize(max(size.width(), marks.width() + 2 * GAP), CHIP_HEIGHT + marks.height() + GAP)

    def show_chip(self, chip: AttachmentChip) -> None:
        """Take the state of `chip`."""
        self.shown = chip
        self.name.setText(chip.name)
        room = NOTE_LINES * NOTE_WIDTH - 2 * CHIP_HEIGHT  # a line may end before a long word
        note = self.note.fontMetrics().elidedText(chip.note, Qt.TextElideMode.ElideRight, room)
        self.note.setText(note)
        self.note.setToolTip(plain_tooltip(chip.note))
        self.note.setVisible(chip.state == "refused")
        self.line.setVisible(chip.state == "reading")
        refused = chip.state == "refused"
        deed = self.tr("Dismiss {name}") if refused else self.tr("Remove {name}")
        self.remove.show_as("x", deed.format(name=chip.name), role="text_muted")
        if self.swap is not None:
            self.swap.setVisible(self._swappable and chip.state == "ready")
            swap = self.tr("Put another picture in the place of {name}").format(name=chip.name)
            self.swap.show_as("image-plus", swap, role="text_muted")
        self._show_frames(chip)
        if self._marked and chip.treatment is not None:
            self.marks.show_treatment(chip.name, chip.treatment)
        if "marks" in self.__dict__:
            (self.marks.parentWidget() or self.marks).setVisible(self._marked)
        self.setAccessibleName(self._spoken(chip))
        self.updateGeometry()
        self.update()

    def _show_frames(self, chip: AttachmentChip) -> None:
        if chip.framed and self.frames is None:
            self.frames = self._add_button("film")
            self.frames.clicked.connect(lambda: self.frames_requested.emit(self.shown.key))
        if self.frames is not None:
            self.frames.setVisible(chip.framed and chip.state == "ready")
            choose = self.tr("Choose frames of {name}").format(name=chip.name)
            self.frames.show_as("film", choose, role="text_muted")

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

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = self.shown.state == "refused"
        painter.setPen(colors.danger if refused else colors.separator)
        painter.setBrush(colors.veil("danger", 0.08) if refused else colors.hover)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        top = (self.height() - CHIP_HEIGHT) // 2 if refused else 0
        tile = QRect(4, top + 4, CHIP_HEIGHT - 8, CHIP_HEIGHT - 8)
        if refused:
            draw_blank(painter, tile, "triangle-alert", "danger")
        elif self.shown.sha256:
            self._thumbnails.draw(painter, tile, self.shown.sha256)
        else:
            draw_blank(painter, tile, "image")
