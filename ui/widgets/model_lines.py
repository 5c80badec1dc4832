"""A model in a list: its name, a line about it below, and whether it takes pictures."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from ui.signs import one_line
from ui.theme import fonts, icons, palette

PADDING, EYE = 8, 16
EYES = {True: "image", False: "image-off"}
_FIRST, _SECOND = 1.5, 1.4  # lines, in sizes of their letters


def size_of_lines(two: bool) -> QSize:
    """What a row with one line or with two wants."""
    lines = fonts.pixels("label") * _FIRST + fonts.pixels("caption") * _SECOND * two
    return QSize(120, round(lines) + 10)


def draw_lines(
    painter: QPainter, rect: QRect, lines: tuple[str, str], vision: bool | None, *, lit: bool, role: str
) -> None:
    """Draw a name in the colour `role` with what stands below it, if anything; `vision` is None where
    nobody has said. `lit`: it is pointed at or chosen."""
    colors = palette.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if lit:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.selection)
        painter.drawRoundedRect(QRectF(rect), 6, 6)
    inside = rect.adjusted(PADDING, 4, -PADDING, -4)
    if vision is not None:
        eye = QRect(inside.right() - EYE + 1, inside.center().y() - EYE // 2, EYE, EYE)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(eye, icons.pixmap(EYES[vision], "text_muted", EYE, ratio))
        inside.setRight(eye.left() - 6)
    name, below = lines
    first = QRect(inside)
    if below:
        first.setHeight(round(fonts.pixels("label") * _FIRST))
    painter.setPen(getattr(colors, role))
    _draw_line(painter, first, name, "label")
    if below:
        painter.setPen(colors.text_muted)
        _draw_line(painter, inside.adjusted(0, first.height(), 0, 0), below, "caption")
    painter.restore()


def spoken_vision(vision: bool | None) -> str:
    """Whether a model takes pictures, for a screen reader; empty where nobody has said."""
    if vision is None:
        return ""
    return _tr("takes pictures") if vision else _tr("takes no pictures")


def _draw_line(painter: QPainter, rect: QRect, text: str, size: str) -> None:
    font = fonts.font(size)
    painter.setFont(font)
    # The differing ends of "meta/llama-3.2-11b" and "meta/llama-3.2-90b" have to be seen.
    shown = QFontMetrics(font).elidedText(one_line(text), Qt.TextElideMode.ElideMiddle, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ModelLines", text)
