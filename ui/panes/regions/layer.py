"""The sheet on which regions and covers are drawn and taken hold of with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from app.domain.geometry import Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind
from ui.panes.regions import geometry, marks
from ui.panes.regions import painter as draw
from ui.panes.regions.board import RegionBoard
from ui.panes.regions.keys import press_key
from ui.panes.regions.marks import Mark
from ui.panes.regions.redact_tools import BRUSH_SIZES
from ui.panes.regions.sheet import RegionSheet
from ui.panes.regions.tools import COVER_TOOLS, Drawing, Tool
from ui.panes.regions.words import described, label_of
from ui.panes.view.layer import PictureLayer

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from ui.panes.view.placement import Placement

HANDLE_CURSORS = (
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeHorCursor,
)
"""Of the handles of a box, clockwise from the upper left corner, for half of it."""


class _Grip(NamedTuple):
    """A mark held at one of its handles, or (-1) anywhere; `start` is where."""

    mark: Mark
    handle: int
    start: Point


class RegionLayer(PictureLayer):
    """Shows what is on a RegionBoard and changes it."""

    grabbed = Signal(bool)
    """Something is being drawn or moved, or (False) is no more."""

    def __init__(self, board: RegionBoard, parent: QObject) -> None:
        super().__init__(parent)
        self.board = board
        board.changed.connect(self.changed)
        self._drawing: Drawing | None = None
        self._grip: _Grip | None = None
        self._held: Mark | None = None
        self._under: Mark | None = None
        self._hovered: Point | None = None
        self._dragging = False
        self._sheet = RegionSheet()
        self._cursor: Qt.CursorShape | None = None

    def paint(self, painter: QPainter, placement: Placement) -> None:
        board, held = self.board, self._grip.mark if self._grip is not None else None
        there = (*board.earlier, None, *marks.marks_of(board.treatment))
        resting = tuple(mark for mark in there if mark is None or mark not in (held, board.selected))
        numbers = tuple(region.id for region in board.treatment.regions)
        key = (*resting, numbers)
        self._sheet.paint(painter, placement, key, lambda on: self._paint_marks(on, resting))
        if board.selected is not None:
            self._paint_mark(painter, board.selected, faint=board.own is None)
        if isinstance(board.selected, Redaction) and board.own is not None:
            shown = self._held if isinstance(self._held, Redaction) else board.selected
            draw.draw_selected_cover(painter, placement, shown)
        if self._drawing is not None and not self._drawing.is_click(placement.reach):
            self._paint_drawing(painter, self._drawing)
        if board.tool is Tool.BRUSH and self._hovered is not None:
            at = placement.to_view(QPointF(self._hovered.x, self._hovered.y))
            draw.draw_brush(painter, at, BRUSH_SIZES[board.brush])

    def press(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> bool:
        """Take hold of a mark, or begin to draw."""
        board, place = self.board, Point(at.x(), at.y())
        handle = self._handle_at(place, reach)
        if handle is not None and board.own is not None:
            return self._hold(board.own, handle, place)
        on_line = self._mark_at(place, reach, within=False)
        if board.own is not None and on_line == board.own:
            return self._hold(board.own, -1, place)
        if board.tool is Tool.HAND:
            return self._press_with_hand(place, reach, on_line)
        self._under = self._mark_at(place, reach, within=board.tool is not Tool.POINT)
        self._drawing = Drawing(board.tool, place, board.size, board.brush_width)
        return True

    def drag(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> None:
        """Go on with what is held or drawn."""
        if not self._dragging:
            self._dragging = True
            self.grabbed.emit(True)
        self._hovered = place = Point(at.x(), at.y())
        constrained = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self._grip is not None:
            self._held = self._held_at(self._grip, place, constrained=constrained)
        elif self._drawing is not None:
            self._drawing.go_on(place, reach, constrained=constrained)
        self.changed.emit()

    def release(self, at: QPointF, reach: float) -> bool:
        """Tell what was drawn or changed, or choose what was clicked; False where that is nothing here."""
        grip, held, drawing = self._grip, self._held, self._drawing
        meant = True
        self._grip = self._held = self._drawing = None
        self._let_go()
        if grip is not None and held is not None:
            self.board.change(grip.mark, held)
        elif drawing is not None and drawing.is_click(reach) and self._under is not None:
            self.board.select(self._under)
        elif drawing is not None:
            meant = self.board.add(drawing, reach)
        self.changed.emit()
        return meant

    def cancel(self) -> None:
        """Leave what is being drawn or held."""
        self._drawing = self._grip = self._held = self._under = None
        self._let_go()
        self.changed.emit()

    def hover(self, at: QPointF | None, reach: float) -> bool:
        """Follow the pointer: over a mark it looks otherwise."""
        before = self._cursor
        self._hovered = None if at is None else Point(at.x(), at.y())
        self._cursor = None if self._hovered is None else self._cursor_at(self._hovered, reach)
        if self.board.tool is Tool.BRUSH or before != self._cursor:
            self.changed.emit()
        return self._cursor is not None

    def double_click(self, at: QPointF, reach: float) -> bool:
        """Let a region be named."""
        board, place = self.board, Point(at.x(), at.y())
        under = self._mark_at(place, reach, within=board.tool is not Tool.HAND)
        chosen = board.own
        if under is None and chosen is not None and marks.is_on(chosen, place, reach, within=True):
            under = chosen
        if not isinstance(under, Region) or under not in board.treatment.regions:
            return False
        board.select(under)
        board.naming_requested.emit()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Leave what is being drawn, else do what the key is for."""
        if event.key() == Qt.Key.Key_Escape and (self._drawing is not None or self._grip is not None):
            self.cancel()
            return True
        return press_key(self.board, event)

    def cursor(self) -> Qt.CursorShape | None:
        """As it is over what is below the pointer."""
        return self._cursor

    def describe(self) -> str:
        """All regions and covers, and what is chosen."""
        return described(self.board.treatment, self.board.earlier, self.board.selected)

    def _let_go(self) -> None:
        if self._dragging:
            self._dragging = False
            self.grabbed.emit(False)

    # ---- with the hand, or a grip

    def _press_with_hand(self, place: Point, reach: float, on_line: Mark | None) -> bool:
        board = self.board
        if board.own is not None and marks.is_on(board.own, place, reach, within=True):
            return self._hold(board.own, -1, place)
        board.select(on_line)
        if on_line is None:
            return False
        return self._hold(on_line, -1, place) if board.own is not None else True

    def _hold(self, mark: Mark, handle: int, place: Point) -> bool:
        self._grip, self._held = _Grip(mark, handle, place), mark
        return True

    def _held_at(self, grip: _Grip, place: Point, *, constrained: bool) -> Mark:
        size = self.board.size
        if grip.handle >= 0:
            at = geometry.inside_picture(place, *size)
            return marks.pulled(grip.mark, grip.handle, at, constrained=constrained)
        dx, dy = place.x - grip.start.x, place.y - grip.start.y
        if constrained:
            dx, dy = (dx, 0.0) if abs(dx) > abs(dy) else (0.0, dy)
        return marks.pushed(grip.mark, dx, dy, *size)

    # ---- what is where

    def _handle_at(self, place: Point, reach: float) -> int | None:
        """Which handle of what is chosen is meant by a place."""
        chosen = self.board.own
        if chosen is None:
            return None
        far = [(geometry.distance(handle, place), n) for n, handle in enumerate(marks.handles_of(chosen))]
        return next((n for away, n in sorted(far) if away <= reach), None)

    def _mark_at(self, place: Point, reach: float, *, within: bool) -> Mark | None:
        """The uppermost mark at a place that the tool is for; what is chosen comes first, then (`within`)
        the smallest."""
        board = self.board
        kept = [mark for mark in board.earlier if isinstance(mark, Region)]
        there = [*kept, *marks.marks_of(board.treatment)]
        if board.tool is not Tool.HAND:
            covers = board.tool in COVER_TOOLS
            there = [mark for mark in there if isinstance(mark, Redaction) == covers]
        found = [
            mark
            for mark in reversed(there)
            if marks.is_on(mark, place, reach, within=within) or self._is_on_tag(mark, place)
        ]
        if board.selected in found:
            return board.selected
        boxes = {mark: marks.bounds_of(mark) for mark in found} if within else {}
        return (
            min(found, key=lambda mark: boxes[mark].width * boxes[mark].height)
            if boxes
            else (found[0] if found else None)
        )

    def _is_on_tag(self, mark: Mark, place: Point) -> bool:
        if not isinstance(mark, Region) or not (label := label_of(mark, self.board.treatment)):
            return False
        placement = self.board.placement
        at = placement.to_view(QPointF(place.x, place.y))
        return draw.has_tag(placement, mark) and draw.tag_box(placement, mark, label).contains(at)

    def _cursor_at(self, place: Point, reach: float) -> Qt.CursorShape | None:
        board, chosen = self.board, self.board.own
        handle = self._handle_at(place, reach)
        if chosen is not None and handle is not None:
            if len(marks.handles_of(chosen)) < len(geometry.HANDLES):
                return Qt.CursorShape.SizeAllCursor
            eighths = board.placement.turn // 45
            return HANDLE_CURSORS[(handle + eighths) % len(HANDLE_CURSORS)]
        if board.tool is Tool.HAND:
            within = chosen is not None and marks.is_on(chosen, place, reach, within=True)
            on_line = self._mark_at(place, reach, within=False)
            if on_line is not None and on_line in board.earlier:
                return Qt.CursorShape.PointingHandCursor
            return Qt.CursorShape.SizeAllCursor if within or on_line is not None else None
        return Qt.CursorShape.BlankCursor if board.tool is Tool.BRUSH else Qt.CursorShape.CrossCursor

    # ---- how it looks

    def _paint_marks(self, painter: QPainter, resting: tuple[Mark | None, ...]) -> None:
        """Those before None are of earlier questions."""
        faint = True
        for mark in resting:
            if mark is None:
                faint = False
            else:
                self._paint_mark(painter, mark, faint=faint)

    def _paint_mark(self, painter: QPainter, mark: Mark, *, faint: bool) -> None:
        placement, chosen = self.board.placement, mark == self.board.selected
        if self._grip is not None and mark == self._grip.mark and self._held is not None:
            shown: Mark = self._held
        else:
            shown = mark
        if isinstance(shown, Redaction):
            draw.draw_cover(painter, placement, shown, faint=faint)
        else:
            label = label_of(mark, self.board.treatment) if isinstance(mark, Region) else ""
            draw.draw_region(painter, placement, shown, label, selected=chosen, faint=faint)

    def _paint_drawing(self, painter: QPainter, drawing: Drawing) -> None:
        placement, tool = self.board.placement, drawing.tool
        if tool in COVER_TOOLS:
            cover = Redaction(RedactionKind(tool.value), drawing.points, drawing.width)
            draw.draw_cover(painter, placement, cover)
            return
        number = str(len(self.board.treatment.regions) + 1)
        region = Region("", RegionKind(tool.value), drawing.points)
        draw.draw_region(painter, placement, region, number)
