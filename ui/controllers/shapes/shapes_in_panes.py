"""The shapes of one answer on its pictures, in whichever panes show these."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor

from ui import problems
from ui.controllers.shapes.found_shapes import FoundShapes
from ui.panes.area.pane_area import PaneArea
from ui.panes.shapes.pane_shapes import PaneShapes
from ui.panes.view.picture_pane import PicturePane


def summary_of(found: FoundShapes, sha256: str = "") -> str:
    """The shapes of an answer in a few sentences, or those on one of its pictures."""
    return " ".join(problems.translated(note.what, note.facts) for note in found.notes.get(sha256, ()))


class ShapesInPanes(QObject):
    """`show_picture` brings a picture to the active pane."""

    pointed = Signal(int)
    """The number of the shape that the pointer is over now; -1 for none."""
    menu_wanted = Signal(int, QPoint)
    """The number of a shape that was clicked, and where on the screen."""
    list_wanted = Signal(object)
    """The list is to be opened over a pane (PicturePane)."""

    def __init__(self, panes: PaneArea, show_picture: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._area = panes
        self._show_picture = show_picture
        self._found: FoundShapes | None = None
        self._shown = True
        self._hidden: frozenset[str] = frozenset()
        self._awaited: Callable[[], object] | None = None
        self._panes: dict[PicturePane, PaneShapes] = {}
        for pane in panes.panes():
            self._attend(pane)
        panes.pane_added.connect(self._attend)
        panes.pane_removed.connect(lambda pane: self._panes.pop(pane, None))

    def show(self, found: FoundShapes | None) -> None:
        """Draw the shapes of another answer, or of none."""
        self._found = found
        for pane in self._area.panes():
            self._show_on(pane)

    def switch(self, shown: bool) -> None:
        """Whether shapes are drawn at all."""
        self._shown = shown
        for pane in self._panes:
            self._show_on(pane)

    def hide(self, hidden: frozenset[str]) -> None:
        """Leave out the shapes of some labels."""
        self._hidden = hidden
        for shapes in self._panes.values():
            shapes.layer.hide_labels(hidden)

    def highlight(self, numbers: Iterable[int]) -> None:
        """Let shapes stand out."""
        meant = tuple(numbers)
        for shapes in self._panes.values():
            shapes.layer.highlight(meant)

    def bring(self, number: int, then: Callable[[PaneShapes], object] | None = None) -> None:
        """Bring a shape into view, and its picture where no pane shows it; `then` do something there."""
        found = self._found
        if found is None or number >= len(found.shapes):
            return
        sha256 = found.shapes[number].original

        def reveal() -> None:
            shapes = self._panes[self._with(sha256)]
            shapes.reveal(number)
            if then is not None:
                then(shapes)

        self._when_shown(sha256, reveal)

    def bring_any(self, then: Callable[[PicturePane], object], wanted: str = "") -> None:
        """Do something with a pane that shows a picture with shapes, once there is one: the one that is
        wanted by its hash, if it has some."""
        if self._found is None:
            return
        on_screen = [pane.sha256 for pane in self._panes if pane.sha256 in self._found.scenes]
        sha256 = on_screen[0] if on_screen else next(iter(self._found.scenes))
        sha256 = wanted if wanted in self._found.scenes else sha256
        self._when_shown(sha256, lambda: then(self._with(sha256)))

    def _with(self, sha256: str) -> PicturePane:
        return next(pane for pane in self._panes if pane.sha256 == sha256)

    def _when_shown(self, sha256: str, do: Callable[[], object]) -> None:
        if any(pane.sha256 == sha256 for pane in self._panes):
            do()
            return

        def come() -> None:
            if any(pane.sha256 == sha256 for pane in self._panes):
                self._awaited = None
                do()

        self._awaited = come
        self._show_picture(sha256)

    def _attend(self, pane: PicturePane) -> None:
        pane.picture_shown.connect(lambda _: self._show_on(pane))
        self._show_on(pane)

    def _show_on(self, pane: PicturePane) -> None:
        found = self._found
        scene = found.scenes.get(pane.sha256) if found is not None and pane.sha256 else None
        if scene is None and pane not in self._panes:
            return
        words = summary_of(found, pane.sha256) if found is not None and scene is not None else ""
        shapes = self._panes.get(pane) or self._made(pane)
        shapes.show_scene(scene, self._shown, words)
        shapes.layer.hide_labels(self._hidden)
        if self._awaited is not None:
            self._awaited()

    def _made(self, pane: PicturePane) -> PaneShapes:
        shapes = self._panes[pane] = PaneShapes(pane)
        shapes.pointed.connect(self.pointed)
        shapes.chosen.connect(lambda number: self.menu_wanted.emit(number, QCursor.pos()))
        shapes.list_requested.connect(lambda: self.list_wanted.emit(pane))
        return shapes
