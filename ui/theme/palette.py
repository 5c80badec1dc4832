"""The named colours of the current theme, and how they reach the application."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import fonts, style
from ui.theme.theme_file import SYSTEM, THEMES, read_theme


class Palette(NamedTuple):
    """Every colour by its role; all are opaque but separator, outline, hover, pressed, shadow and halo."""

    name: str
    dark: bool
    window: QColor
    surface: QColor
    surface_raised: QColor
    mat: QColor
    text: QColor
    text_muted: QColor
    accent: QColor
    accent_text: QColor
    positive: QColor
    warning: QColor
    danger: QColor
    focus: QColor
    selection: QColor
    separator: QColor
    outline: QColor
    hover: QColor
    pressed: QColor
    shadow: QColor
    overlay_1: QColor
    overlay_2: QColor
    overlay_3: QColor
    overlay_4: QColor
    overlay_5: QColor
    overlay_6: QColor
    overlay_7: QColor
    overlay_8: QColor
    overlay_halo: QColor

    def color(self, role: str) -> QColor:
        """The colour of a role by name. Raises AttributeError for an unknown role."""
        found: QColor = getattr(self, role)
        return found

    def veil(self, role: str, share: float) -> QColor:
        """The role's colour, let through to `share` (0..1)."""
        color = QColor(self.color(role))
        color.setAlphaF(share)
        return color


class ThemeNotifier(QObject):
    """Tells that `current()` has become another palette."""

    changed = Signal()


notifier = ThemeNotifier()


def load(name: str) -> Palette:
    """The theme called `name`, one of THEMES. Raises OSError, or ValueError for a bad file."""
    table = read_theme(name)
    dark = table.pop("dark", "")
    colors = {role: QColor(value) for role, value in table.items() if role != "name"}
    expected = set(Palette._fields) - {"name", "dark"}
    if set(colors) != expected or not all(color.isValid() for color in colors.values()):
        raise ValueError(f"theme {name} does not name every role with a colour")
    return Palette(name=table["name"], dark=dark == "true", **colors)


class _Applied:
    """What is in force: the chosen name (perhaps `system`) and its palette."""

    chosen = SYSTEM
    palette: Palette | None = None
    watching = False


def current() -> Palette:
    """The palette in force; the light one before the first `apply`."""
    if _Applied.palette is None:
        _Applied.palette = load("light")
    return _Applied.palette


def chosen() -> str:
    """The theme the user chose: `system` or one of THEMES."""
    return _Applied.chosen


def apply(app: QApplication, name: str) -> None:
    """Dress the whole application in the theme `name`: `system` or one of THEMES.

    An unknown name counts as `system`, which follows the desktop's colour scheme while the
    application runs.
    """
    _Applied.chosen = name if name in THEMES else SYSTEM
    hints = QGuiApplication.styleHints()
    if not _Applied.watching:
        _Applied.watching = True
        fonts.adopt(app)
        hints.colorSchemeChanged.connect(_follow_system)
    if _Applied.chosen == SYSTEM:
        hints.unsetColorScheme()
    else:
        dark = _Applied.chosen != "light"
        hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    _wear(app, system_theme() if _Applied.chosen == SYSTEM else _Applied.chosen)


def system_theme() -> str:
    """The theme that matches what the desktop asks for now."""
    hints = QGuiApplication.styleHints()
    accessibility = hints.accessibility() if hasattr(hints, "accessibility") else None
    if accessibility is not None and accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "high_contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def _follow_system() -> None:
    app = QApplication.instance()
    if _Applied.chosen == SYSTEM and isinstance(app, QApplication):
        _wear(app, system_theme())


def _wear(app: QApplication, name: str) -> None:
    before = _Applied.palette
    if before is not None and before.name == name and app.styleSheet():
        return
    _Applied.palette = palette = load(name)
    app.setStyleSheet("")  # else Qt styles each widget anew once for each of its ancestors
    app.setPalette(qt_palette(palette))
    app.setStyleSheet(style.sheet(palette))
    if before is not None:
        notifier.changed.emit()


def qt_palette(palette: Palette) -> QPalette:
    """The same colours under Qt's names, for everything Fusion paints."""
    role = QPalette.ColorRole
    table = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.surface_raised,
        role.Text: palette.text,
        role.Button: palette.surface_raised,
        role.ButtonText: palette.text,
        role.BrightText: palette.danger,
        role.Highlight: palette.selection,
        role.HighlightedText: palette.text,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.ToolTipBase: palette.surface_raised,
        role.ToolTipText: palette.text,
        role.PlaceholderText: palette.text_muted,
        role.Accent: palette.accent,
        role.Light: palette.surface_raised,
        role.Midlight: palette.surface,
        role.Mid: palette.mat,
        role.Dark: palette.mat,
        role.Shadow: palette.shadow,
    }
    made = QPalette()
    for name, color in table.items():
        made.setColor(name, color)
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, palette.text_muted)
    return made
