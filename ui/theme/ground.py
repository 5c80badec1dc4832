"""The few colours of an empty window, known before the palette is loaded."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.theme_file import SYSTEM, THEMES, read_theme

_DARK_BELOW = 128


class Ground(NamedTuple):
    """What lies below everything else."""

    window: QColor
    surface: QColor
    mat: QColor


def wear(application: QApplication, name: str) -> Ground:
    """Colour the application for its first paint in the theme `name`: `system` or one of THEMES.

    `ui.theme.palette.apply` does the whole of it afterwards.
    """
    if name not in THEMES:
        name = SYSTEM
    if name == SYSTEM:
        name = "dark" if application.palette().window().color().lightness() < _DARK_BELOW else "light"
    theme = read_theme(name)
    ground = Ground(*(QColor(theme[role]) for role in Ground._fields))
    application.setPalette(QPalette(ground.window))
    return ground
