"""Regions drawn on what is sent, and lassos cut out along their line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.domain.model import Limits, PictureEncoding
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.domain.request import PromptPicture
from app.pictures.marking import _COLOURS
from tests.app.pictures.sending import Decoding, at, save_turned, sent, shown

SIZE = (800, 600)
GROUND = (128, 128, 128)
RAW = Limits(longest_side=400, most_pictures=4, encoding=PictureEncoding.RGB)
PLACES = {
    RegionKind.RECTANGLE: ((500, 400), (200, 150)),
    RegionKind.LASSO: ((200, 150), (500, 160), (480, 400), (210, 390)),
    RegionKind.POINT: ((350, 275),),
    RegionKind.ARROW: ((100, 500), (350, 275)),
}
ON_LINE = {
    RegionKind.RECTANGLE: (250, 137),
    RegionKind.LASSO: (245, 140),
    RegionKind.POINT: (175 + 11, 137),
    RegionKind.ARROW: (112, 194),
}
"""A pixel of what is sent that the outline goes through."""


def region(kind: RegionKind, name: str = "1") -> Region:
    return Region(id=name * 8, kind=kind, points=tuple(at(x, y) for x, y in PLACES[kind]))


def marked(decoding: Decoding, path: Path, *regions: Region) -> PromptPicture:
    save_turned(Image.new("RGB", SIZE, GROUND), path, 6)
    (picture,) = sent(decoding, path, RAW, Treatment(regions=regions, sends=RegionSend.MARKED))
    assert picture.prepared.marked
    return picture


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 40


@pytest.mark.parametrize("kind", list(RegionKind))
def test_an_outline_lies_where_the_region_is_with_a_dark_halo(
    decoding: Decoding, tmp_path: Path, kind: RegionKind
) -> None:
    image = shown(marked(decoding, tmp_path / "plain.png", region(kind)))
    x, y = ON_LINE[kind]
    around = [image.getpixel((x + dx, y + dy)) for dx in range(-5, 6) for dy in range(-5, 6)]
    assert any(near(pixel, _COLOURS[0]) for pixel in around if isinstance(pixel, tuple))
    assert any(near(pixel, (20, 20, 20)) for pixel in around if isinstance(pixel, tuple))


def test_each_region_has_its_own_colour(decoding: Decoding, tmp_path: Path) -> None:
    regions = [region(kind, str(number)) for number, kind in enumerate(RegionKind)]
    image = shown(marked(decoding, tmp_path / "plain.png", *regions))
    colours = {colour for _, colour in image.getcolors(100_000) or ()}
    assert set(_COLOURS[: len(regions)]) <= colours


def test_a_number_near_the_edge_stays_in_the_picture(decoding: Decoding, tmp_path: Path) -> None:
    corner = Region(id="0" * 8, kind=RegionKind.RECTANGLE, points=(at(0, 0), at(800, 600)))
    image = shown(marked(decoding, tmp_path / "plain.png", corner))
    box = image.crop((0, 0, 40, 40))
    plate = sum(count for count, colour in box.getcolors(5000) or () if colour == _COLOURS[0])
    assert plate > 60


def test_the_original_is_seen_between_the_lines(decoding: Decoding, tmp_path: Path) -> None:
    image = shown(marked(decoding, tmp_path / "plain.png", region(RegionKind.RECTANGLE)))
    assert image.getpixel((175, 140)) == GROUND
    assert image.getpixel((30, 280)) == GROUND


def test_what_lies_outside_a_lasso_is_blank(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    save_turned(Image.new("RGB", SIZE, "red"), path, 8)
    lasso = Region(id="0" * 8, kind=RegionKind.LASSO, points=(at(200, 150), at(600, 150), at(200, 450)))
    (crop,) = sent(decoding, path, RAW, Treatment(regions=(lasso,), sends=RegionSend.CROP))
    image, record = shown(crop), crop.prepared

    def pixel(x: float, y: float) -> object:
        place = round((x - record.left) / record.scale_x), round((y - record.top) / record.scale_y)
        return image.getpixel(place)

    assert pixel(230, 180) == pixel(390, 290) == (255, 0, 0)
    assert pixel(560, 420) == pixel(190, 300) == pixel(590, 190) == (224, 224, 224)
