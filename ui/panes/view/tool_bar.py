"""The buttons that draw on a picture, in the bar over it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.panes.regions.tools import COVER_TOOLS, REGION_TOOLS, Tool
from ui.widgets.buttons import IconButton

if TYPE_CHECKING:
    from ui.panes.view.zoom_bar import ZoomBar
    from ui.widgets.slider import Slider

LOOKS = {
    Tool.RECTANGLE: ("square-dashed", QT_TRANSLATE_NOOP("ToolBar", "Draw a rectangle"), "R"),
    Tool.LASSO: ("lasso", QT_TRANSLATE_NOOP("ToolBar", "Draw round something"), "L"),
    Tool.POINT: ("map-pin", QT_TRANSLATE_NOOP("ToolBar", "Set a point"), "P"),
    Tool.ARROW: ("move-up-right", QT_TRANSLATE_NOOP("ToolBar", "Draw an arrow"), "A"),
    Tool.BOX: ("square-slash", QT_TRANSLATE_NOOP("ToolBar", "Cover a rectangle"), "C"),
    Tool.BRUSH: ("paintbrush", QT_TRANSLATE_NOOP("ToolBar", "Cover with a brush"), "B"),
}
"""Icon, words and key of each tool but the hand, which has none: it is what Escape comes back to."""
SLIDER_WIDTH = 72


class ToolBar(QObject):
    """Two buttons in the bar; beside what is pressed stand its tools, in the place of the rest."""

    tool_chosen = Signal(object)
    """A Tool is to be taken in the hand."""
    brush_chosen = Signal(int)
    """The number of a size of the brush."""
    covers_dropped = Signal()
    """All covers are to be taken off."""

    def __init__(self, bar: ZoomBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._last = {REGION_TOOLS: Tool.RECTANGLE, COVER_TOOLS: Tool.BOX}
        words = self.tr("Mark what you mean")
        self.regions = IconButton("square-dashed-mouse-pointer", words, shortcut="R")
        self.covers = IconButton("eye-off", self.tr("Cover what nobody is to see"), shortcut="C")
        for button, group in ((self.regions, REGION_TOOLS), (self.covers, COVER_TOOLS)):
            button.setCheckable(True)
            button.clicked.connect(lambda on, group=group: self._press(group, on=on))
        bar.add_tools("draw", [self.regions, self.covers])

    def show_tool(self, tool: Tool, brush: int, *, covers: bool) -> None:
        """Show what is in the hand, and whether there are `covers` to be taken off."""
        self.regions.setChecked(tool in REGION_TOOLS)
        self.covers.setChecked(tool in COVER_TOOLS)
        for group in self._last:
            if tool in group:
                self._last[group] = tool
        if tool is not Tool.HAND or "drawer" in self.__dict__:
            self.drawer.show_tool(tool, brush, covers=covers)
            self._bar.set_drawer(self.drawer, self.drawer.stops())
        if tool is not Tool.HAND:
            self._bar.reveal()

    @cached_property
    def drawer(self) -> ToolDrawer:
        """The tools in the bar, made when the first tool is taken."""
        drawer = ToolDrawer(self._bar)
        drawer.tool_chosen.connect(self.tool_chosen)
        drawer.brush_chosen.connect(self.brush_chosen)
        drawer.covers_dropped.connect(self.covers_dropped)
        return drawer

    def _press(self, group: tuple[Tool, ...], *, on: bool) -> None:
        self.tool_chosen.emit(self._last[group] if on else Tool.HAND)


class ToolDrawer(QWidget):
    """The tools of one kind, and what else belongs to them; hidden with the hand."""

    tool_chosen = Signal(object)
    brush_chosen = Signal(int)
    covers_dropped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons = {tool: self._button(tool) for tool in LOOKS}
        self._slider: Slider | None = None
        self.drop = IconButton("trash-2", self.tr("Take all covers off"))
        self.drop.clicked.connect(self.covers_dropped)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for button in (*self.buttons.values(), self.drop):
            self._row.addWidget(button)
        self.hide()

    def show_tool(self, tool: Tool, brush: int, *, covers: bool) -> None:
        """Show the tools beside this one."""
        group = COVER_TOOLS if tool in COVER_TOOLS else REGION_TOOLS
        for other, button in self.buttons.items():
            button.setChecked(other is tool)
            button.setVisible(other in group)
        self.drop.setVisible(group is COVER_TOOLS and covers)
        if tool is Tool.BRUSH:
            self.slider.setValue(brush)
        if self._slider is not None:
            self._slider.setVisible(tool is Tool.BRUSH)
        self.setVisible(tool is not Tool.HAND)
        self._row.activate()

    def stops(self) -> list[QWidget]:
        """What takes the keyboard, from left to right, with what is hidden now."""
        width = [self._slider] if self._slider is not None else []
        return [*self.buttons.values(), *width, self.drop]

    @property
    def slider(self) -> Slider:
        """How wide the brush is, made when it is first taken."""
        if self._slider is None:
            from ui.panes.regions.redact_tools import BRUSH_SIZES
            from ui.widgets.slider import Slider
            from ui.widgets.tooltips import plain_tooltip

            self._slider = Slider()
            self._slider.setRange(0, len(BRUSH_SIZES) - 1)
            self._slider.setFixedWidth(SLIDER_WIDTH)
            self._slider.setAccessibleName(self.tr("Width of the brush"))
            self._slider.setToolTip(plain_tooltip(self.tr("Width of the brush ([ and ])")))
            self._slider.valueChanged.connect(self.brush_chosen)
            self._row.insertWidget(self._row.indexOf(self.drop), self._slider)
        return self._slider

    def _button(self, tool: Tool) -> IconButton:
        icon, words, key = LOOKS[tool]
        button = IconButton(icon, QCoreApplication.translate("ToolBar", str(words)), shortcut=key)
        button.setCheckable(True)
        button.clicked.connect(lambda on: self.tool_chosen.emit(tool if on else Tool.HAND))
        return button
