from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

import ui
from app.paths import resource
from ui.theme import icons, palette

LUCIDE = resource("icons", "lucide")
NAMES = sorted(path.stem for path in LUCIDE.glob("*.svg"))


def inked(image: QImage) -> list[QColor]:
    colors = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return [color for color in colors if color.alpha() > 200]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_an_icon_has_a_pixel_for_every_device_pixel(qapp: QApplication, ratio: float) -> None:
    pixmap = icons.icon("image").pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(round(20 * ratio), round(20 * ratio))
    assert pixmap.devicePixelRatio() == ratio
    if ratio > 1:
        stretched = icons.icon("image").pixmap(QSize(20, 20), 1.0).toImage().scaled(pixmap.size())
        assert pixmap.toImage() != stretched


def test_an_icon_follows_the_theme(qapp: QApplication) -> None:
    palette.apply(qapp, "light")
    icon = icons.icon("square", "accent")
    assert {c.name() for c in inked(icon.pixmap(40, 40).toImage())} == {palette.load("light").accent.name()}
    palette.apply(qapp, "dark")
    assert {c.name() for c in inked(icon.pixmap(40, 40).toImage())} == {palette.load("dark").accent.name()}
    palette.apply(qapp, "light")


def test_a_disabled_icon_is_muted(qapp: QApplication) -> None:
    pixmap = icons.icon("square").pixmap(QSize(40, 40), 1.0, QIcon.Mode.Disabled)
    assert {c.name() for c in inked(pixmap.toImage())} == {palette.current().text_muted.name()}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    assert inked(icons.icon(name).pixmap(QSize(20, 20), 2.0).toImage())


def test_an_unknown_icon_is_refused_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_the_app_icon_draws(qapp: QApplication) -> None:
    assert not icons.app_icon().pixmap(64, 64).isNull()


def test_every_icon_is_drawn_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(ui.__file__).parent.rglob("*.py"))
    assert [name for name in NAMES if f'"{name}"' not in source and f"/{name}.svg" not in source] == []


def test_icons_keep_their_licence_and_one_stroke() -> None:
    assert "ISC License" in (LUCIDE / "LICENSE").read_text()
    for name in NAMES:
        assert 'stroke-width="1.8"' in (LUCIDE / f"{name}.svg").read_text()
