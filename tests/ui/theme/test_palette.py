from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.paths import resource
from ui.theme import palette, theme_file
from ui.theme.style import blend
from ui.theme.theme_file import THEMES

TEXTS = ("text", "text_muted", "accent", "positive", "warning", "danger")
BACKGROUNDS = ("window", "surface", "surface_raised", "mat")
PAIRS = [(text, ground) for text in TEXTS for ground in BACKGROUNDS if (text, ground) != ("positive", "mat")]


class StylesCounted(QObject):
    """How often Qt gave a style to what it watches."""

    styles = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.styles += event.type() == QEvent.Type.StyleChange
        return False


def luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("role", "ground"), PAIRS)
def test_every_text_reads_on_every_surface(theme: str, role: str, ground: str) -> None:
    colors = palette.load(theme)
    below = colors.color(ground)
    assert contrast(colors.color(role), below) >= 4.5
    if role in ("text", "text_muted"):
        assert contrast(colors.color(role), blend(colors.hover, below)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_coloured_grounds_reads(theme: str) -> None:
    colors = palette.load(theme)
    assert contrast(colors.accent_text, colors.accent) >= 4.5
    assert contrast(colors.text, colors.selection) >= 4.5
    for ground in BACKGROUNDS:
        assert contrast(colors.focus, colors.color(ground)) >= 3
        for tone in ("accent", "danger"):
            washed = blend(colors.veil(tone, 0.08), colors.color(ground))
            assert contrast(colors.text, washed) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_mat_is_neither_black_nor_white(theme: str) -> None:
    mat = palette.load(theme).mat
    assert 0.0 < luminance(mat) < 0.9


def test_overlay_colours_differ_from_each_other() -> None:
    for theme in THEMES:
        colors = palette.load(theme)
        assert len({colors.color(f"overlay_{n}").name() for n in range(1, 9)}) == 8


def test_applying_a_theme_changes_palette_and_tells_once(qapp: QApplication, qtbot: object) -> None:
    palette.apply(qapp, "light")
    told = []
    palette.notifier.changed.connect(lambda: told.append(palette.current().name))
    palette.apply(qapp, "dark")
    palette.apply(qapp, "dark")
    palette.notifier.changed.disconnect()
    assert told == ["dark"]
    assert palette.current().dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == palette.current().window
    palette.apply(qapp, "light")


def test_system_follows_the_desktop_and_a_choice_does_not(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    palette.apply(qapp, "light")
    monkeypatch.setattr(palette, "system_theme", lambda: "dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert palette.current().name == "light"
    palette.apply(qapp, "system")
    assert palette.current().name == "dark"
    monkeypatch.setattr(palette, "system_theme", lambda: "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert palette.current().name == "light"
    assert palette.chosen() == "system"
    palette.apply(qapp, "light")


def test_an_unknown_theme_counts_as_system(qapp: QApplication) -> None:
    palette.apply(qapp, "plaid")
    assert palette.chosen() == "system"
    palette.apply(qapp, "light")


def test_a_palette_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        palette.load("light").name = "other"


def test_widgets_made_before_the_theme_follow_it(qapp: QApplication, qtbot: object) -> None:
    palette.apply(qapp, "light")
    button = QPushButton("Open")
    button.show()
    palette.apply(qapp, "dark")
    image = button.grab().toImage()
    assert luminance(image.pixelColor(button.width() // 2, 4)) < 0.2
    palette.apply(qapp, "light")


def test_a_widget_is_styled_no_oftener_because_it_stands_deep_within_others(
    qapp: QApplication, qtbot: object
) -> None:
    palette.apply(qapp, "light")
    outer = inner = QWidget()
    for _ in range(12):
        inner = QWidget(inner)
    counted = StylesCounted()
    inner.installEventFilter(counted)
    outer.show()
    counted.styles = 0
    palette.apply(qapp, "dark")
    assert 1 <= counted.styles <= 2
    assert inner.palette().color(QPalette.ColorRole.Window) == palette.current().window
    palette.apply(qapp, "light")


@pytest.mark.parametrize("theme", THEMES)
def test_themes_are_read_as_tomllib_reads_them(theme: str) -> None:
    table = tomllib.loads(resource("themes", f"{theme}.toml").read_text("utf-8"))
    read = palette.load(theme)
    assert (read.name, read.dark) == (table["name"], table["dark"])
    for role, color in table["colours"].items():
        assert read.color(role) == QColor(color)


def test_a_theme_that_lacks_a_role_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "light.toml").write_text('name = "light"\ndark = false\n[colours]\nwindow = "#FFFFFF"\n')
    monkeypatch.setattr(theme_file, "resource", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(ValueError, match="every role"):
        palette.load("light")
