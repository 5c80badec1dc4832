"""The pictures of a question that is being written, as chips."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.composer.attachment_chip import CHIP_HEIGHT, GAP, AttachmentChip, ChipWidget
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.tab_order import stop_before, walk_through
from ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage, QResizeEvent, QShowEvent

    from ui.widgets.steps import Steps

ROWS_SHOWN = 2
MARKED_SHOWN = 168
"""How high the chips may be together where something is drawn on their pictures."""
LOW = 600
"""A window lower than this has room for one row of chips."""
MARKED_LOW = 84
"""As MARKED_SHOWN, in a low window: the picture's row, and the first of what is drawn."""
REST_MS = 150
"""So long after somebody scrolled the nearest row is scrolled to."""
AT_ONCE = 2
"""New chips that are made at once; of more each is made between two frames."""


class AttachmentStrip(QScrollArea):
    """Shows a chip for each picture; hidden without any, scrolls after two rows."""

    removed = Signal(str)
    swap_requested = Signal(str)
    frames_requested = Signal(str)
    anyway_requested = Signal(str)
    """A picture that was refused for its many pixels is wanted all the same: its key."""
    mark_activated = Signal(str, str)
    """Something drawn on a picture, by the picture's hash and its own id, is to be shown there; the
    covers have no id."""
    mark_removed = Signal(str, str)
    """Something drawn on a picture is not wanted any more; as above."""
    sends_chosen = Signal(str, object)
    """The regions of a picture are to go along so: its hash and a RegionSend."""
    menu_requested = Signal(str, QPoint)
    """The menu of a ready picture was asked for: its hash, and a place of the screen."""
    grew = Signal()
    """Some of the chips that are shown were made after `set_chips` had returned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(QWidget())  # PySide takes 20 ms to wrap the one that Qt made
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.thumbnails = Thumbnails(self)
        self._shown: list[AttachmentChip] = []
        self._chips: dict[str, ChipWidget] = {}
        self._swappable = False
        self._most = 0
        self._refused = ""
        self._refusals: set[str] = set()
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._to_edge)
        self._ground = QWidget()
        self._flow = FlowLayout(self._ground, spacing=GAP)
        self.setWidget(self._ground)
        self.hide()

    def chips(self) -> list[AttachmentChip]:
        """What is shown, in order."""
        return list(self._shown)

    def set_chips(self, chips: list[AttachmentChip]) -> None:
        """Show exactly these, in this order; a chip that stays keeps the keyboard. Of refusals that come
        together the first is scrolled to, and the next one once it is dismissed."""
        before, self._shown = self._shown, list(chips)
        self._place()
        first = self._first_refusal(before)
        if first != self._refused:
            self._look_for(first)

    def _first_refusal(self, before: list[AttachmentChip]) -> str:
        """The key of the first of the refusals that came together and were not scrolled away from; empty
        for none."""
        refused = {chip.key for chip in self._shown if chip.state == "refused"}
        new = refused - {chip.key for chip in before if chip.state == "refused"}
        arriving = any(chip.state == "reading" for chip in self._shown)
        if (new or arriving) and not any(chip.state == "reading" for chip in before):
            self._refusals.clear()
        self._refusals = (self._refusals | new) & refused
        return next((chip.key for chip in self._shown if chip.key in self._refusals), "")

    def _place(self) -> None:
        """Make the widgets of what is shown; where many are new, those follow one by one."""
        new = [chip.key for chip in self._shown if chip.key not in self._chips]
        if len(new) > AT_ONCE or ("_making" in self.__dict__ and self._making.busy):
            self._place_but(set(new))
            self._making.run(self._place_more())
        else:
            self._place_but(set())

    @cached_property
    def _making(self) -> Steps:
        """What makes one chip after the other."""
        from ui.widgets.steps import Steps  # most questions have one picture

        return Steps(self)

    def _place_more(self) -> Iterator[None]:
        """Make the next of what is shown in each step, whatever that is by then."""
        while new := [chip.key for chip in self._shown if chip.key not in self._chips]:
            self._place_but(set(new[1:]))
            self._look_for(self._refused)
            self.grew.emit()
            yield

    def _place_but(self, later: set[str]) -> None:
        now = [chip for chip in self._shown if chip.key not in later]
        if [chip.key for chip in now] != list(self._chips):
            self._arrange([chip.key for chip in now])
        for chip in now:
            if self._chips[chip.key].shown != chip:
                self._chips[chip.key].show_chip(chip)
        self._fit_height()
        self.setVisible(bool(self._chips))

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
        if any(chip.sha256 == sha256 for chip in self._shown):
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
        if chip is None or chip.shown.state != "refused":
            return
        if not self._flow.least_row:
            self.ensureWidgetVisible(chip, 0, 0)
            return
        bar, step = self.verticalScrollBar(), self._flow.least_row + GAP
        row, rows = chip.y() // step, max(1, (self.viewport().height() + GAP) // step)
        first = min(round(bar.value() / step), row)
        bar.setValue(max(first, row - rows + 1) * step)

    def _scrolled(self) -> None:
        self._refusals.clear()
        self._look_for("")
        self._rest.start()

    def _to_edge(self) -> None:
        """Let no row be cut off once nobody scrolls any more."""
        bar = self.verticalScrollBar()
        if bar.isSliderDown():
            self._rest.start()
        elif row := self._flow.least_row:
            bar.setValue(round(bar.value() / (row + GAP)) * (row + GAP))

    def _arrange(self, keys: list[str]) -> None:
        gone = [key for key in self._chips if key not in keys]
        for key in gone:
            left = self._chips.pop(key)
            self._flow.removeWidget(left)
            left.hide()
            left.deleteLater()
        if list(self._chips) != keys[: len(self._chips)]:
            while self._flow.count():
                self._flow.takeAt(0)
        for key in keys:
            chip = self._chips.pop(key, None) or self._new_chip()
            self._chips[key] = chip
            if self._flow.indexOf(chip) < 0:
                self._flow.addWidget(chip)
            chip.show()

    def _new_chip(self) -> ChipWidget:
        chip = ChipWidget(self.thumbnails, self._ground)
        chip.remove_requested.connect(self.removed)
        chip.swap_requested.connect(self.swap_requested)
        chip.frames_requested.connect(self.frames_requested)
        chip.anyway_requested.connect(self.anyway_requested)
        chip.mark_activated.connect(self.mark_activated)
        chip.mark_removed.connect(self.mark_removed)
        chip.sends_chosen.connect(self.sends_chosen)
        chip.menu_requested.connect(self.menu_requested)
        chip.set_swappable(self._swappable)
        return chip

    def _set_row(self, height: int) -> None:
        """Let all rows be so high, so that whole ones are in sight wherever it is scrolled to; 0: each
        as high as it needs to be."""
        if self._flow.least_row != height:
            self._flow.least_row = height
            self._flow.update()
        if height:
            self.verticalScrollBar().setSingleStep(height + GAP)

    def _fit_height(self) -> None:
        marked = any(chip.shown.treatment for chip in self._chips.values())
        row = max((chip.sizeHint().height() for chip in self._chips.values()), default=0)
        self._set_row(0 if marked else row)
        wanted = self._flow.heightForWidth(self.viewport().width())
        low = not self.isWindow() and self.window().height() < LOW
        if low:
            most = min(row, MARKED_LOW)
        else:
            most = MARKED_SHOWN if marked else ROWS_SHOWN * row + (ROWS_SHOWN - 1) * GAP
        self._most = min(wanted, most) if self._chips else 0
        self.setMinimumHeight(min(self._most, CHIP_HEIGHT) if low else self._most)
        self.setMaximumHeight(self._most)
        self.updateGeometry()
