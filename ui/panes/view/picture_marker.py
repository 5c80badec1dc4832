"""Drawing on the picture of a view: the tools in its bar, the sheet over it, the names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal

from app.domain.region import Region, Treatment
from ui.panes.regions.keys import is_wanted, tool_of
from ui.panes.regions.tools import Tool
from ui.panes.view.layer import PictureLayer
from ui.panes.view.tool_bar import ToolBar

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.panes.regions.board import RegionBoard
    from ui.panes.regions.marks import Mark
    from ui.panes.regions.notes import NameField, ReuseButton
    from ui.panes.view.picture_view import PictureView

NOTHING_DONE = Treatment()


class PictureMarker(QObject):
    """Waits as two buttons and a few keys until something is drawn, or is to be shown."""

    edited = Signal(object)
    """The user drew, changed or took away something: the whole Treatment."""
    reuse_requested = Signal(object)
    """A Region of an earlier question is wanted in the next one."""
    undo_requested = Signal(bool)
    """The last change is to be taken back, or (True) made again."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._keys = _ToolKeys(self)
        view.add_layer(self._keys)
        view.installEventFilter(self)
        self.bar = ToolBar(view.bar)
        self.bar.tool_chosen.connect(lambda tool: self.board.choose(tool))
        self.bar.brush_chosen.connect(lambda number: self.board.set_brush(number))
        self.bar.covers_dropped.connect(lambda: self.board.delete_covers())

    def show_treatment(self, treatment: Treatment, earlier: tuple[Mark, ...]) -> None:
        """Show what is done with the picture that is shown, and what earlier questions were asked
        with."""
        if "board" in self.__dict__ or treatment != NOTHING_DONE or earlier:
            self.board.show_treatment(treatment, earlier)
            self._show_tool()

    def put_tool_down(self) -> None:
        """Back to the hand, which draws nothing."""
        if "board" in self.__dict__:
            self.board.choose(Tool.HAND)

    def select(self, region_id: str, *, keyboard: bool = True) -> None:
        """Choose a region by its id, or (empty) the last cover, bring it into view, and let the
        `keyboard` come to it."""
        from ui.panes.regions.marks import bounds_of

        treatment = self.board.treatment
        regions = [region for region in treatment.regions if region.id == region_id]
        found = regions or treatment.redactions[-1:] if region_id == "" else regions
        if found:
            self.board.select(found[-1])
            box = bounds_of(found[-1])
            self._view.reveal_box(QRectF(box.left, box.top, box.width, box.height))
        if keyboard:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @cached_property
    def board(self) -> RegionBoard:
        """What is drawn, made with the first of it."""
        from ui.panes.regions.board import RegionBoard
        from ui.panes.regions.layer import RegionLayer

        board = RegionBoard(self._view.placement, self)
        self._view.remove_layer(self._keys)
        layer = RegionLayer(board, self)
        layer.grabbed.connect(self._view.bar.stand_aside)
        self._view.add_layer(layer)
        board.edited.connect(self.edited)
        board.reuse_requested.connect(self.reuse_requested)
        board.undo_requested.connect(self.undo_requested)
        board.naming_requested.connect(self._ask_for_name)
        board.tool_changed.connect(self._show_tool)
        board.selection_changed.connect(self._offer_reuse)
        self._view.zoom_changed.connect(lambda _: self._offer_reuse())
        return board

    @cached_property
    def _name(self) -> NameField:
        from ui.panes.regions.notes import NameField

        field = NameField(self._view)
        field.named.connect(lambda region, name: self.board.rename(region, name))
        return field

    @cached_property
    def _reuse(self) -> ReuseButton:
        from ui.panes.regions.notes import ReuseButton

        button = ReuseButton(self._view)
        button.chosen.connect(self.reuse_requested)
        return button

    def _show_tool(self) -> None:
        board = self.board
        self.bar.show_tool(board.tool, board.brush, covers=bool(board.treatment.redactions))
        self._view.stay(board.tool is not Tool.HAND)  # once it made room for the tools

    def _ask_for_name(self) -> None:
        region = self.board.own
        if isinstance(region, Region):
            self._name.ask(region, self._tag(region))

    def _offer_reuse(self) -> None:
        chosen = self.board.selected
        earlier = isinstance(chosen, Region) and self.board.own is None
        if isinstance(chosen, Region) and earlier:
            self._reuse.offer(chosen, self._tag(chosen))
        elif "_reuse" in self.__dict__:
            self._reuse.hide()

    def _tag(self, region: Region) -> QPointF:
        """Where the label of a region stands in the view."""
        from ui.panes.regions.painter import tag_box

        return tag_box(self._view.placement, region, region.name).topLeft()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and "board" in self.__dict__:
            key = cast("QKeyEvent", event)
            if self._view.has_image() and is_wanted(self.board, key):
                key.accept()
                return True
        return super().eventFilter(watched, event)


class _ToolKeys(PictureLayer):
    """Stands in for the sheet until the first tool is taken."""

    def __init__(self, marker: PictureMarker) -> None:
        super().__init__(marker)
        self._marker = marker

    def key(self, event: QKeyEvent) -> bool:
        tool = tool_of(event)
        if tool is not None:
            self._marker.board.choose(tool)
        return tool is not None
