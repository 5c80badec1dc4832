"""What is drawn on a picture, what of it is chosen, and with what the next thing is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

from app.domain.geometry import Box
from app.domain.region import Region, Treatment
from ui.panes.regions import marks
from ui.panes.regions.marks import Mark
from ui.panes.regions.redact_tools import BRUSH_SIZES, FIRST_SIZE, next_size
from ui.panes.regions.tools import Drawing, Tool, mark_over

if TYPE_CHECKING:
    from ui.panes.view.placement import Placement

PUT_SHARE = 1 / 3
"""How much of what is seen the keyboard puts a mark over, each way."""


class RegionBoard(QObject):
    """The marks of one picture. The user's changes are told by `edited` and not kept: whoever keeps
    them answers with `show_treatment`.

    All positions are in pixels of the original.
    """

    edited = Signal(object)
    """The whole Treatment that the user wants."""

    changed = Signal()
    """Something is to be shown otherwise."""

    tool_changed = Signal()
    """There is another tool in the hand, or another brush."""

    selection_changed = Signal()
    """Something else is chosen, or it lies elsewhere."""

    naming_requested = Signal()
    """The chosen region is to be given a name."""

    reuse_requested = Signal(object)
    """A Region of an earlier question is wanted in the next one."""

    undo_requested = Signal(bool)
    """The last change is to be taken back, or (True) made again."""

    def __init__(self, placement: Placement, parent: QObject) -> None:
        super().__init__(parent)
        self.placement = placement
        self.treatment = Treatment()
        self.earlier: tuple[Mark, ...] = ()
        """What earlier questions were asked with, shown faintly."""
        self.tool = Tool.HAND
        self.brush = FIRST_SIZE
        """Which of BRUSH_SIZES."""
        self.selected: Mark | None = None

    def show_treatment(self, treatment: Treatment, earlier: tuple[Mark, ...] = ()) -> None:
        """Show what is drawn, and what earlier questions were asked with."""
        if (treatment, earlier) == (self.treatment, self.earlier):
            return  # as after everything that the user draws
        self.treatment, self.earlier = treatment, earlier
        if self.selected is not None and self.selected not in (*marks.marks_of(treatment), *earlier):
            self.select(None)
        self.changed.emit()

    # ---- what is in the hand

    def choose(self, tool: Tool) -> None:
        """Take a tool in the hand."""
        if tool is not self.tool:
            self.tool = tool
            self.select(None)
            self.tool_changed.emit()
            self.changed.emit()

    def set_brush(self, number: int) -> None:
        """Take the brush of this size, one of BRUSH_SIZES by its number; the nearest there is."""
        self.brush = next_size(number, 0)
        self.tool_changed.emit()
        self.changed.emit()

    @property
    def brush_width(self) -> float:
        """How wide the brush is, in pixels of the picture at this zoom."""
        return BRUSH_SIZES[self.brush] / self.placement.scale

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the picture."""
        return self.placement.picture.width(), self.placement.picture.height()

    # ---- what is chosen

    def select(self, mark: Mark | None) -> None:
        """Choose one of the marks, or nothing."""
        if mark != self.selected:
            self.selected = mark
            self.changed.emit()
            self.selection_changed.emit()

    def select_next(self, steps: int) -> bool:
        """Choose what comes after what is chosen, or (-1) before it; False where there is nothing."""
        there = (*self.treatment.regions, *self.treatment.redactions, *self.earlier)
        if there:
            first = -1 if steps > 0 else 0
            place = there.index(self.selected) if self.selected in there else first
            self.select(there[(place + steps) % len(there)])
        return bool(there)

    @property
    def own(self) -> Mark | None:
        """What is chosen, where it is not an earlier question's and so may be changed."""
        return self.selected if self.selected in marks.marks_of(self.treatment) else None

    # ---- what is changed

    def add(self, drawing: Drawing, reach: float) -> bool:
        """Take what was drawn, which is chosen then; False where it is nothing."""
        mark = drawing.mark(reach, self._ids)
        if mark is None:
            self.select(None)
        else:
            self._add(mark)
        return mark is not None

    def put(self) -> bool:
        """Put something into the middle of what is seen; False with the hand, which draws nothing."""
        if self.tool is Tool.HAND:
            return False
        seen = self.placement.seen()
        width, height = seen.width() * PUT_SHARE, seen.height() * PUT_SHARE
        left, top = seen.center().x() - width / 2, seen.center().y() - height / 2
        box = Box(left, top, left + width, top + height)
        self._add(mark_over(self.tool, box, self.brush_width, self._ids))
        return True

    def change(self, before: Mark, after: Mark) -> None:
        """Let one of the marks be another."""
        if after != before:
            chosen = self.selected == before
            self._tell(marks.with_mark_changed(self.treatment, before, after))
            if chosen:
                self.select(after)

    def delete(self) -> bool:
        """Take away what is chosen; False where nothing is."""
        gone = self.own
        if gone is not None:
            self.select(None)
            self._tell(marks.with_mark_changed(self.treatment, gone, None))
        return gone is not None

    def delete_covers(self) -> None:
        """Take all covers off."""
        self._tell(self.treatment.replace(redactions=()))

    def rename(self, region: Region, name: str) -> None:
        """Call a region so; empty for its number alone."""
        if region in self.treatment.regions:
            self.change(region, region.replace(name=name))

    def push(self, way: tuple[int, int], *, grows: bool) -> bool:
        """Move what is chosen by pixels to the right and down on the screen, or (`grows`) its lower
        right corner; False where nothing is chosen."""
        chosen = self.own
        if chosen is not None:
            place = self.placement
            step = (place.to_picture(QPointF(*way)) - place.to_picture(QPointF())) * place.scale
            change = marks.grown if grows else marks.pushed
            self.change(chosen, change(chosen, round(step.x()), round(step.y()), *self.size))
        return chosen is not None

    @property
    def _ids(self) -> set[str]:
        return {mark.id for mark in (*self.treatment.regions, *self.earlier) if isinstance(mark, Region)}

    def _add(self, mark: Mark) -> None:
        self._tell(marks.with_mark(self.treatment, mark))
        self.select(mark)

    def _tell(self, treatment: Treatment) -> None:
        if treatment != self.treatment:
            self.treatment = treatment
            self.changed.emit()
            self.edited.emit(treatment)
