"""The type scale: the platform's own font in five sizes and two weights."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication

SIZES = {"small": 11, "caption": 12, "label": 13, "body": 15, "title": 20}
"""Pixels at 100 %."""

LINE_HEIGHT = 1.5
"""Of running text, as a multiple of its size."""


class _Scale:
    factor = 1.0


def load(app: QApplication) -> None:
    """Let Qt look for the fonts there are, which takes it as long as a frame: what asks for a font
    first would wait for that."""
    QFontInfo(app.font()).pixelSize()


def adopt(app: QApplication) -> None:
    """Take family and size from the desktop's font, once, before any other font is set.

    A desktop whose font differs from 13 px by more than a tenth asked for larger or
    smaller text, and the whole scale follows it.
    """
    asked = QFontInfo(app.font()).pixelSize() / SIZES["label"]
    _Scale.factor = 1.0 if 0.85 <= asked <= 1.1 else min(max(asked, 0.85), 2.5)
    app.setFont(font("label"))


def pixels(role: str) -> int:
    """The size of a role of the scale in logical pixels. Raises KeyError for an unknown role."""
    return round(SIZES[role] * _Scale.factor)


def font(role: str, *, bold: bool = False) -> QFont:
    """The platform's font in the size of `role`; `bold` means weight 600."""
    made = QFont(QApplication.font())
    made.setPixelSize(pixels(role))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def mono(role: str = "label") -> QFont:
    """The platform's fixed-width font in the size of `role`."""
    from PySide6.QtGui import QFontDatabase

    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(pixels(role))
    return made
