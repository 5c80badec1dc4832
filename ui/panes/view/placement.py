"""Where a picture lies in a view: its zoom, its turn and the point it is looked at."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

MARGIN = 24
"""Logical pixels of mat that stay round a fitted picture, in a low view fewer."""

MARGIN_SHARE = 0.1
"""The margin takes no larger part of the view's height, nor of its width."""

BELOW_SHARE = 0.25
"""Nor does what is kept free below a fitted picture."""

RIGHT_SHARE = 0.55
"""What is kept free at its right takes no larger part of the view's width, else nothing is."""

LOW = 160
"""In a view that is lower, nothing is kept free."""

LARGEST = 32.0
STEP = 1.25
"""How much larger a picture gets by one notch of a wheel, or one press of a key."""

FINGERTIP = 8.0
"""Logical pixels that a pointer may miss by."""

REVEALED_SHARE = 0.6
"""How much of the view a place takes at most when it is brought into it."""

SMALLEST_REVEALED = 24.0
"""Logical pixels: what is smaller is zoomed to."""


class Follows(Enum):
    """What stays so when the view has another size."""

    FIT = "fit"
    FILL = "fill"
    NOTHING = "nothing"


class Look(NamedTuple):
    """How a picture is looked at, in terms that another picture understands, too.

    `x` and `y` (0..1) say which point of it is in the middle of the view, `span` how many screen
    pixels its longer side takes.
    """

    x: float
    y: float
    span: float
    turn: int
    follows: Follows


class Mapping:
    """Maps between a view (logical pixels) and a picture (pixels of the upright original).

    `zoom` is screen pixels per picture pixel: 1.0 is 100 %. `ratio` is screen pixels per
    logical pixel. `turn` is how far the view, and it alone, turns the picture clockwise.
    """

    def __init__(self) -> None:
        self.picture = QSizeF()
        self.view = QRectF()
        self.ratio = 1.0
        self.zoom = 1.0
        self.turn = 0
        self._centre = QPointF()

    @property
    def scale(self) -> float:
        """Logical pixels per picture pixel."""
        return self.zoom / self.ratio

    @property
    def reach(self) -> float:
        """How many picture pixels a fingertip covers."""
        return FINGERTIP / self.scale

    @property
    def centre(self) -> QPointF:
        """The point of the picture in the middle of the view."""
        return QPointF(self._centre)

    def transform(self) -> QTransform:
        """From the picture to the view."""
        middle, scale = self.view.center(), self.scale
        made = QTransform.fromTranslate(middle.x(), middle.y())
        made.rotate(self.turn)
        made.scale(scale, scale)
        return made.translate(-self._centre.x(), -self._centre.y())

    def shown_size(self) -> QSizeF:
        """The picture's size in its own pixels, as the view turns it."""
        return self._turned(self.picture)

    def rect(self) -> QRectF:
        """Where the picture lies in the view."""
        return self.to_view_rect(QRectF(QPointF(), self.picture))

    def to_view(self, point: QPointF) -> QPointF:
        """A point of the picture as a point of the view."""
        return self.view.center() + self._forth(point - self._centre) * self.scale

    def to_view_rect(self, rect: QRectF) -> QRectF:
        """A rectangle of the picture as one of the view."""
        return QRectF(self.to_view(rect.topLeft()), self.to_view(rect.bottomRight())).normalized()

    def to_picture(self, position: QPointF) -> QPointF:
        """A point of the view as a point of the picture."""
        return self._centre + self._back(position - self.view.center()) / self.scale

    def to_picture_rect(self, rect: QRectF) -> QRectF:
        """A rectangle of the view as one of the picture."""
        return QRectF(self.to_picture(rect.topLeft()), self.to_picture(rect.bottomRight())).normalized()

    def seen(self) -> QRectF:
        """The part of the picture that is in the view, in picture pixels."""
        return self.to_picture_rect(self.view).intersected(QRectF(QPointF(), self.picture))

    def _forth(self, way: QPointF) -> QPointF:
        """A way in the picture as the view turns it."""
        x, y = way.x(), way.y()
        return QPointF(*((x, y), (-y, x), (-x, -y), (y, -x))[self.turn // 90])

    def _back(self, way: QPointF) -> QPointF:
        """A way in the view as it is in the upright picture."""
        x, y = way.x(), way.y()
        return QPointF(*((x, y), (y, -x), (-x, -y), (-y, x))[self.turn // 90])

    def _middle(self) -> QPointF:
        return QPointF(self.picture.width() / 2, self.picture.height() / 2)

    def _turned(self, size: QSizeF) -> QSizeF:
        return size.transposed() if self.turn % 180 else size


class Room(Mapping):
    """Knows which parts of a view are not for the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.follows = Follows.FIT
        self._below = self._right = 0.0
        self._taken = QSizeF(0, 0)

    @property
    def fitted(self) -> bool:
        """Whether the whole picture stays in the view."""
        return self.follows is Follows.FIT

    @property
    def left(self) -> QRectF:
        """What is left of the view to the picture, and to what belongs to it."""
        return self.view.adjusted(0, 0, -self._taken.width(), -self._taken.height())

    @property
    def clear(self) -> QRectF:
        """The same, without what is kept free at the right of a fitted picture."""
        return self.left.adjusted(0, 0, -self._beside() if self.fitted else 0, 0)

    def _free(self) -> QRectF:
        """The part of the view where nothing lies over the picture."""
        return self.left.adjusted(0, 0, -self._kept_right(), -self._kept_below())

    def _fitting_zoom(self) -> float:
        if self.picture.isEmpty():
            return 1.0
        shown, left = self._turned(self.picture), self.left
        room_x = max(left.width() - 2 * self._margin() - self._kept_right(), 16) * self.ratio
        room_y = max(left.height() - 2 * self._margin() - self._kept_below(), 16) * self.ratio
        return min(room_x / shown.width(), room_y / shown.height(), self.ratio)

    def _margin(self) -> float:
        return min(MARGIN, self.left.height() * MARGIN_SHARE, self.left.width() * MARGIN_SHARE)

    def _kept_below(self) -> float:
        """What is to be free below the margin."""
        height = self.left.height()
        return max(min(self._below, height * BELOW_SHARE) - self._margin(), 0.0) if height >= LOW else 0.0

    def _kept_right(self) -> float:
        """What is to be free at the right of the margin."""
        return max(self._beside() - self._margin(), 0.0)

    def _beside(self) -> float:
        """The same, with the margin."""
        return self._right if self._right <= self.left.width() * RIGHT_SHARE else 0.0


class Placement(Room):
    """Moves a picture about in a view."""

    def __init__(self) -> None:
        super().__init__()
        self._held = self._stays = False

    def set_picture(self, size: QSizeF) -> None:
        """Take another picture, upright, and fit it."""
        self.picture = size
        self.turn = 0
        self.fit()

    def set_view(self, view: QRectF, ratio: float) -> None:
        """The view has another size or screen; what is held stays where it was on the screen."""
        under = self.to_picture(view.center())
        self.view, self.ratio = view, ratio
        if self._held or self._stays:
            self._centre = under
            self._keep_in_view()
        if not self._held:
            self._settle()

    def leave_room(self, below: float, right: float = 0.0) -> None:
        """Keep so many logical pixels at the bottom and at the right of the view free when the picture
        is fitted."""
        self._below, self._right = below, right
        self.set_view(self.view, self.ratio)

    def give(self, width: float, height: float) -> None:
        """Leave so much of the view's right and bottom to what stands there, and fit the picture into the
        rest as if that were the view."""
        self._taken = QSizeF(width, height)
        self.set_view(self.view, self.ratio)

    def hold(self, held: bool) -> bool:
        """Whether the picture is to stay where it is whatever happens to the view; returns whether it
        went elsewhere now."""
        self._held = held
        return not held and self._settle()

    def stay(self, stays: bool) -> bool:
        """As hold, except that a fitted picture is fitted anew where not all of it is free in the view."""
        before, self._stays = self._stays, stays
        return before and not stays and not self._held and self._settle()

    def fit(self) -> None:
        """Show the whole picture; a small one keeps its own size."""
        self.follows = Follows.FIT
        self.zoom = self._fitting_zoom()
        half, left = self._turned(self.picture) * self.scale / 2, self.left
        low = half.height() + self._margin() + self._kept_below() - left.height() / 2
        far = half.width() + self._margin() + self._kept_right() - left.width() / 2
        aside = self.view.center() - left.center() + QPointF(max(far, 0.0), max(low, 0.0))
        self._centre = self._middle() + self._back(aside) / self.scale

    def fill(self) -> None:
        """Cover the view, with the middle of what is longer than it."""
        self.follows = Follows.FILL
        shown = self._turned(self.picture)
        if not shown.isEmpty():
            wide, high = self.view.width() / shown.width(), self.view.height() / shown.height()
            self.zoom = min(max(wide, high) * self.ratio, LARGEST)
        self._centre = self._middle()

    def turn_to(self, turn: int) -> None:
        """Turn the picture to `turn` degrees clockwise, a multiple of 90; what is looked at stays."""
        self.turn = turn % 360
        self._follow()

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the point `around` of the view (default: the middle of what is left of it to the
        picture) stays in place."""
        fixed = around if around is not None else self.left.center()
        under = self.to_picture(fixed)
        self.follows = Follows.NOTHING
        self.zoom = min(max(zoom, min(self._fitting_zoom(), 1.0) / 4), LARGEST)
        self._centre = under - self._back(fixed - self.view.center()) / self.scale
        self._keep_in_view()

    def look_at(self, centre: QPointF, zoom: float) -> None:
        """Bring a point of the picture to the middle of the view, at a zoom."""
        self.zoom_to(zoom)
        self._centre = QPointF(centre)
        self._keep_in_view()

    def move(self, by: QPointF) -> bool:
        """Push the picture by logical pixels. Only one that is larger than the view moves."""
        rect = self.rect()
        if rect.width() <= self.view.width() and rect.height() <= self.view.height():
            return False
        self.follows = Follows.NOTHING
        self._centre -= self._back(by) / self.scale
        self._keep_in_view()
        return True

    def look(self) -> Look:
        """How the picture is looked at now."""
        at = self._middle() if self.fitted else self._centre  # what the bar takes is the view's matter
        x, y = at.x() / self.picture.width(), at.y() / self.picture.height()
        return Look(x, y, self.zoom * self._longer_side(), self.turn, self.follows)

    def take(self, look: Look) -> None:
        """Look at the picture as somebody did at it, or at another."""
        self.turn = look.turn
        self.follows = look.follows
        if look.follows is Follows.NOTHING:
            at = QPointF(look.x * self.picture.width(), look.y * self.picture.height())
            self.look_at(at, look.span / self._longer_side())
        else:
            self._follow()

    def _longer_side(self) -> float:
        return max(self.picture.width(), self.picture.height())

    def reveal(self, box: QRectF) -> bool:
        """Bring a rectangle of the picture into the view; whether that moved anything.

        What can be seen well stays where it is; what is tiny on the screen is zoomed to.
        """
        shown, free = self.to_view_rect(box), self._free()
        large_enough = max(shown.width(), shown.height()) >= SMALLEST_REVEALED
        if large_enough and free.contains(shown):
            return False
        zoom = self.zoom
        room = self._turned(free.size()) * REVEALED_SHARE
        fitting = min(room.width() / max(box.width(), 1.0), room.height() / max(box.height(), 1.0))
        if not large_enough:
            zoom = max(zoom, min(fitting / 2 * self.ratio, 4.0))
        self.zoom_to(min(zoom, fitting * self.ratio))
        self._centre = box.center() + self._back(self.view.center() - free.center()) / self.scale
        self._keep_in_view()
        return True

    def _settle(self) -> bool:
        """Follow the view again, if that is wanted; whether it is."""
        if self._stays and (not self.fitted or self._free().contains(self.rect())):
            return False
        self._follow()
        return True

    def _follow(self) -> None:
        if self.follows is Follows.FIT:
            self.fit()
        elif self.follows is Follows.FILL:
            self.fill()

    def _keep_in_view(self) -> None:
        """The middle of the view stays on the picture."""
        x = min(max(self._centre.x(), 0.0), self.picture.width())
        y = min(max(self._centre.y(), 0.0), self.picture.height())
        self._centre = QPointF(x, y)
