"""The few colours of an empty window, known before the palette is loaded."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.theme.theme_file import SYSTEM, THEMES, read_theme

_DARK_BELOW = 128


class Ground(NamedTuple):
    """What lies below everything else."""

    window: QColor
    surface: QColor
    mat: QColor


def of_theme(application: QApplication, name: str) -> Ground:
    """The ground of the theme `name`: `system` or one of THEMES.

    It is painted, not made the application's palette: to make one, PySide builds all enums of `Qt`.
    """
    if name not in THEMES:
        name = SYSTEM
    if name == SYSTEM:
        name = "dark" if application.palette().window().color().lightness() < _DARK_BELOW else "light"
    theme = read_theme(name)
    return Ground(*(QColor(theme[role]) for role in Ground._fields))
