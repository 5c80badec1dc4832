"""JPEG files that fit a weight."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from app.pictures import jpeg
from app.pictures.caps import Refused
from app.pictures.jpeg import PHOTOGRAPH, TRIES, encode

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
NVIDIA = 134_997  # bytes: base64 makes fewer than 180,000 characters of them


def photo(name: str, times: int = 1) -> Image.Image:
    with Image.open(PHOTOS / name) as image:
        return image.convert("RGB").resize((image.width * times, image.height * times))


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height))


PICTURES = {
    "photo": lambda: photo("astronaut.png", 4),
    "page": lambda: photo("page.png", 5),
    "noise": lambda: noise(1500, 1000),
    "flat": lambda: Image.new("RGB", (3000, 2000), "red"),
    "strip": lambda: noise(5000, 40),
    "tower": lambda: noise(8, 3000),
}


@pytest.fixture
def saves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The quality of each encoding."""
    qualities: list[int] = []
    save = jpeg._save

    def counting(image: Image.Image, quality: int, look: jpeg.Look) -> jpeg.Jpeg:
        qualities.append(quality)
        return save(image, quality, look)

    monkeypatch.setattr(jpeg, "_save", counting)
    return qualities


@pytest.mark.parametrize("most_bytes", [NVIDIA, 60_000, 20_000, 5_000, 1_500])
@pytest.mark.parametrize("name", list(PICTURES))
def test_it_fits_after_few_encodings_and_wastes_little(name: str, most_bytes: int, saves: list[int]) -> None:
    image = PICTURES[name]()
    made = encode(image, most_bytes)
    assert len(made.data) <= most_bytes
    assert len(saves) <= TRIES
    assert set(saves) <= set(range(PHOTOGRAPH.least, PHOTOGRAPH.best + 1))
    if (made.width, made.height) != image.size and most_bytes >= 5_000:
        assert len(made.data) >= 0.7 * most_bytes
    with Image.open(io.BytesIO(made.data)) as back:
        assert back.size == (made.width, made.height)
        if min(back.size) > 20:
            assert back.width / back.height == pytest.approx(image.width / image.height, rel=0.03)


def test_what_fits_is_encoded_once_at_full_quality(saves: list[int]) -> None:
    image = photo("coffee.png")
    made = encode(image, NVIDIA)
    assert saves == [PHOTOGRAPH.best]
    assert bytes(made.data) == bytes(encode(image).data)


def test_quality_goes_before_pixels(saves: list[int]) -> None:
    image = photo("astronaut.png", 2)
    whole = len(encode(image).data)
    made = encode(image, round(whole * 0.8))
    assert (made.width, made.height) == image.size
    assert len(made.data) > 0.68 * whole
    assert PHOTOGRAPH.least < saves[-1] < PHOTOGRAPH.best


@pytest.mark.parametrize("most_bytes", [0, 300, 621])
def test_a_weight_below_every_jpeg_is_refused(most_bytes: int) -> None:
    with pytest.raises(Refused, match=f"cannot be made to fit {most_bytes} bytes"):
        encode(photo("coffee.png"), most_bytes)


def test_how_one_part_of_a_photograph_weighs_spares_the_next_one_tries(saves: list[int]) -> None:
    left, right = (photo("astronaut.png", 2).crop((x, 0, x + 512, 1024)) for x in (0, 512))
    first = encode(left, 20_000)
    assert first.power is not None
    counts = []
    for look in (PHOTOGRAPH, PHOTOGRAPH._replace(power=first.power)):
        saves.clear()
        encode(right, 20_000, look)
        counts.append(len(saves))
    assert counts[1] < counts[0]
