"""How high the smallest writing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.domain.model import Limits
from app.domain.picture import Detail
from app.pictures.writing import smallest_writing
from tests.app.pictures.drawn_pages import capital, page
from tests.app.pictures.sending import Decoding, save_turned, sent

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"


def measured(image: Image.Image) -> float | None:
    return smallest_writing(image.convert("L"))


@pytest.mark.parametrize("size", [8, 10, 14, 24])
@pytest.mark.parametrize("look", ["plain", "dark", "grainy", "scaled"])
def test_writing_of_a_known_size_is_measured(size: int, look: str) -> None:
    image = page(size, 480, 300, dark=look == "dark", grain=0.12 if look == "grainy" else 0)
    truth: float = capital(size)
    if look == "scaled":
        image = image.resize((336, 210), Image.Resampling.LANCZOS)
        truth *= 0.7
    assert measured(image) == pytest.approx(truth, abs=max(1.2, truth / 6))


@pytest.mark.parametrize("scale", [0.5, 1, 2])
def test_a_photographed_page_is_measured(scale: float) -> None:
    """Its capital letters are about 11 pixels high, and they lean."""
    with Image.open(PHOTOS / "page.png") as image:
        size = (round(image.width * scale), round(image.height * scale))
        shown = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    assert measured(shown) == pytest.approx(11 * scale, rel=0.25)


@pytest.mark.parametrize("photo", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
@pytest.mark.parametrize("scale", [0.5, 1])
def test_no_writing_is_found_where_there_is_none(photo: str, scale: float) -> None:
    with Image.open(PHOTOS / photo) as image:
        size = (round(image.width * scale), round(image.height * scale))
        assert measured(image.convert("RGB").resize(size, Image.Resampling.LANCZOS)) is None


def test_the_smallest_of_two_sizes_counts() -> None:
    image = page(30, 700, 500)
    image.paste(page(10, 300, 200), (300, 250))
    assert measured(image) == pytest.approx(capital(10), abs=1.2)


@pytest.mark.parametrize(("kind", "turned"), [("png", 6), ("jpg", 1)])
def test_what_is_sent_tells_how_high_its_own_writing_is(
    decoding: Decoding, tmp_path: Path, kind: str, turned: int
) -> None:
    """Also where it is too small in there to be measured."""
    path = tmp_path / f"page.{kind}"
    save_turned(page(20, 1000, 700), path, turned)
    for longest_side in (1000, 300):
        limits = Limits(longest_side=longest_side, most_pictures=1)
        (picture,) = sent(decoding, path, limits)
        truth = capital(20) * longest_side / 1000
        assert picture.prepared.text_px == pytest.approx(truth, rel=0.2)


def test_tiles_and_bytes_scale_it_too(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    page(14, 800, 600).save(path)
    limits = Limits(longest_side=500, most_pictures=9, most_bytes=30_000, takes_png=False, tile=400)
    whole, *tiles = sent(decoding, path, limits, detail=Detail.TILES)
    assert whole.prepared.width < 500
    assert whole.prepared.text_px == pytest.approx(capital(14) / whole.prepared.scale_x, rel=0.2)
    assert len(tiles) == 4
    for tile in tiles:
        assert tile.prepared.text_px == pytest.approx(capital(14) / tile.prepared.scale_x, rel=0.2)


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 1), (30, 30)])
def test_a_sliver_has_no_writing(size: tuple[int, int]) -> None:
    assert measured(Image.effect_noise(size, 90)) is None
