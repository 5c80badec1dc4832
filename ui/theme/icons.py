"""Icons: Lucide's line drawings in the colours of the theme, sharp at any scale."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.paths import resource
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

MOST_PIXMAPS = 500
_FOLDER = resource("icons", "lucide")
_pixmaps: dict[tuple[str, int, int, int], QPixmap] = {}


def icon(name: str, role: str = "text") -> QIcon:
    """The Lucide icon `name` in the colour of `role`; a change of theme recolours it.

    Raises FileNotFoundError for an icon that is not in resources/icons/lucide.
    """
    return QIcon(_ThemedEngine(name, role))


def app_icon() -> QIcon:
    """Fovea's own mark, as on the window and the taskbar."""
    return QIcon(str(resource("icons", "fovea.svg")))


def pixmap(name: str, role: str, size: int, ratio: float) -> QPixmap:
    """The icon, `size` logical pixels square, drawn for a device pixel ratio of `ratio`."""
    return _draw(name, palette.current().color(role), QSize(size, size), ratio)


@cache
def _source(name: str) -> bytes:
    return (_FOLDER / f"{name}.svg").read_bytes()


def _draw(name: str, color: QColor, size: QSize, ratio: float) -> QPixmap:
    """`size` is in logical pixels."""
    width, height = round(size.width() * ratio), round(size.height() * ratio)
    key = (name, color.rgba(), width, height)
    drawn = _pixmaps.get(key)
    if drawn is None:
        if len(_pixmaps) >= MOST_PIXMAPS:
            _pixmaps.clear()
        drawn = _pixmaps[key] = _render(name, color, width, height)
    copy = QPixmap(drawn)
    copy.setDevicePixelRatio(ratio)
    return copy


def _render(name: str, color: QColor, width: int, height: int) -> QPixmap:
    """Both in device pixels."""
    tinted = _source(name).replace(b"currentColor", color.name().encode())
    drawn = QPixmap(width, height)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(color.alphaF())
    side = min(width, height)
    box = QRectF((width - side) / 2, (height - side) / 2, side, side)
    QSvgRenderer(QByteArray(tinted)).render(painter, box)
    painter.end()
    return drawn


class _ThemedEngine(QIconEngine):
    """Looks up its colour whenever it is drawn, so that it follows the theme."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        _source(name)
        self._name = name
        self._role = role

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.topLeft(), self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        role = "text_muted" if mode == QIcon.Mode.Disabled else self._role
        return _draw(self._name, palette.current().color(role), size, scale)
