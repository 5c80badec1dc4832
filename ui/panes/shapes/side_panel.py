"""A panel that stands in the view of a picture, and for which the picture makes room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSizeF, Qt, QTimer

from ui.panes.shapes.list_place import INSET, LOW, list_place
from ui.widgets.surfaces import Card
from ui.widgets.tab_order import walk_through

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QMouseEvent, QShowEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from ui.panes.view.picture_view import PictureView
    from ui.panes.view.zoom_bar import ZoomBar


class SidePanel(Card):
    """Stands beside a fitted picture, or below it in a narrow view, and over one that is zoomed. Nothing
    that the pointer does to it is for the picture."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._picture = QSizeF()
        self.over_picture = False
        """Whether it hides some of the picture, as there is no room for both."""
        self._follow(True)
        self.hide()

    def heights(self, *, low: bool) -> tuple[int, int]:
        """How high it wants to be, and how high it has to be at least; in a `low` view there is little
        room for either."""
        raise NotImplementedError

    def fit_words(self, width: int) -> None:
        """Say as much as there is room for when it is so wide."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        raise NotImplementedError

    def has_room(self, view: QWidget) -> bool:
        """Whether something of it could be read over a view."""
        raise NotImplementedError

    def leave_picture(self) -> None:
        """There is no more room for it beside the picture: go away, unless it is being used."""
        raise NotImplementedError

    def stand_over(self, view: QWidget) -> None:
        """Appear over a view; Tab comes to it behind the bar of that."""
        if self.parentWidget() is not view:
            self._follow(False)
            self.setParent(view)
        self._follow(True)
        bar = self._bar()
        walk_through([*(bar.stops[-1:] if bar is not None else [view]), *self.stops()])
        self.show()
        self.raise_()

    def place(self) -> None:
        """Stand where there is room, as high as is wanted and the view allows."""
        over, view = self.parentWidget(), self._view()
        if over is None:
            return
        low = over.height() < LOW
        self._picture = view.placement.shown_size() if view is not None else QSizeF()
        standing = list_place(over.size(), self._picture, *self.heights(low=low))
        self._cover(view is not None and not self.isHidden() and not (standing.right or standing.below))
        rect = standing.rect
        if view is not None and not self.isHidden():
            _take(view, standing.right, standing.below)
            if not low and not standing.below and view.bar.geometry().right() >= rect.left():
                rect.setBottom(min(rect.bottom(), view.bar.y() - INSET))
        self.setGeometry(rect)
        self.fit_words(rect.width())

    # ---- where it stands

    def _cover(self, covers: bool) -> None:
        """Lie over the picture or not; the bar is not to lie over it in turn."""
        bar = self._bar()
        if covers != self.over_picture and bar is not None:
            bar.stand_aside(covers)
        self.over_picture = covers

    def _follow(self, follows: bool) -> None:
        """Hear, or not any more, when the view, its bar or its picture has another size."""
        over, view, bar = self.parentWidget(), self._view(), self._bar()
        for part in (over, bar):
            if part is not None:
                part.removeEventFilter(self)
            if part is not None and follows:
                part.installEventFilter(self)
        if view is not None and follows:
            view.zoom_changed.connect(self._refit, Qt.ConnectionType.UniqueConnection)
        elif view is not None:
            view.zoom_changed.disconnect(self._refit)

    def _refit(self) -> None:
        """Another picture is there, or it was turned."""
        view = self._view()
        if view is not None and self.isVisible() and view.placement.shown_size() != self._picture:
            self.place()

    def _leave_if_unreadable(self) -> None:
        over = self.parentWidget()
        if self.over_picture and over is not None and not self.has_room(over):
            self.leave_picture()

    def _view(self) -> PictureView | None:
        """The view of a picture that it stands in."""
        from ui.panes.view.picture_view import PictureView  # there with the first picture

        over = self.parentWidget()
        return over if isinstance(over, PictureView) else None

    def _bar(self) -> ZoomBar | None:
        """The bar of that view, if there is a picture."""
        view = self._view()
        return view.bar if view is not None and view.has_image() else None

    # ---- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            before = self.over_picture
            self.place()
            if self.over_picture and not before:
                self.leave_picture()
            self._leave_if_unreadable()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.place()
        QTimer.singleShot(0, self, self._leave_if_unreadable)  # its view may come from the full screen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._cover(False)
        view = self._view()
        if view is not None:
            _take(view, 0, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Not for the picture below."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nor is a move."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nor is what follows."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nor are two presses."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nor is the wheel."""
        event.accept()


def _take(view: PictureView, right: int, below: int) -> None:
    """Leave so much of a view to the picture and its bar."""
    view.placement.give(right, below)
    if "bar" in vars(view):  # else there was no picture yet
        view.bar.leave(right, below)
        view.leave_room(*view.bar.room)
