"""PNG or JPEG, by what the pixels are and weigh."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.pictures.edges import is_drawn
from app.pictures.encoding import File, file_of
from tests.app.pictures.drawn_pages import page
from tests.app.pictures.samples import difference

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"


def photo(name: str, scale: float = 1) -> Image.Image:
    with Image.open(PHOTOS / name) as image:
        size = (round(image.width * scale), round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def pixels(made: File) -> Image.Image:
    with Image.open(io.BytesIO(made.data)) as image:
        return image.convert("RGB")


def diagram() -> Image.Image:
    image = Image.new("RGB", (900, 600), "white")
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(("red", "green", "blue", "orange")):
        draw.rectangle((40 + 200 * number, 100, 190 + 200 * number, 500), fill=colour, outline="black")
        draw.line((0, 50 * number, 900, 600 - 90 * number), fill=colour, width=2)
    return image


@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
@pytest.mark.parametrize("scale", [0.5, 1])
def test_a_photograph_is_a_jpeg(name: str, scale: float) -> None:
    image = photo(name, scale)
    assert not is_drawn(image)
    assert file_of(image, None, png=True, multiple=1).mime == "image/jpeg"


def test_a_diagram_is_a_png_that_loses_nothing_with_a_palette() -> None:
    made = file_of(diagram(), None, png=True, multiple=1)
    assert made.mime == "image/png"
    assert pixels(made).tobytes() == diagram().tobytes()
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.mode == "P"


def test_a_page_without_colour_is_a_grey_png() -> None:
    made = file_of(page(14, 600, 400), 134_997, png=True, multiple=1)
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.mode) == ("PNG", "L")
    assert pixels(made).tobytes() == page(14, 600, 400).tobytes()


def test_writing_gives_up_quality_before_pixels_and_keeps_its_colours_sharp() -> None:
    image = page(14, 500, 400, dark=True, grain=0.1)
    assert is_drawn(image)
    sharp = file_of(image, None, png=False, multiple=1)
    made = file_of(image, len(sharp.data) // 2, png=True, multiple=1)
    assert (made.mime, made.width, made.height) == ("image/jpeg", 500, 400)
    assert difference(pixels(made), image) < 12
    with Image.open(io.BytesIO(made.data)) as jpeg:
        assert {factors[1:3] for factors in jpeg.layer} == {(1, 1)}  # type: ignore[attr-defined]


def test_an_endpoint_that_takes_no_png_gets_a_jpeg() -> None:
    assert file_of(diagram(), None, png=False, multiple=1).mime == "image/jpeg"


def test_what_is_too_heavy_without_loss_is_a_jpeg() -> None:
    made = file_of(page(10, 800, 600, grain=0.1), 20_000, png=True, multiple=1)
    assert made.mime == "image/jpeg"
    assert len(made.data) <= 20_000


def test_what_is_scaled_for_its_bytes_keeps_to_multiples() -> None:
    made = file_of(photo("astronaut.png", 2).crop((0, 0, 1008, 784)), 20_000, png=True, multiple=28)
    assert made.width < 1008
    assert made.width % 28 == made.height % 28 == 0
