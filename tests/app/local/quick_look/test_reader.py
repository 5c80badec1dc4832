from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.local.quick_look.reader import Reader, readable
from tests.photos import photo


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=1)


def read(reader: Reader, image: Image.Image) -> list[str]:
    return [line for lines in reader.read(np.asarray(image)) for line in lines]


def written(text: str, size: tuple[int, int], height: int) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((4, 2), text, font=ImageFont.load_default(height), fill="black")
    return image


def test_a_scanned_page_is_read_in_order(reader: Reader) -> None:
    lines = read(reader, photo("page.png"))
    assert lines[0] == "Region-based segmentation"
    assert "determine markers of the coins" in " ".join(lines)
    assert len(lines) >= 5


def test_a_photograph_without_text_has_none(reader: Reader) -> None:
    assert read(reader, photo("chelsea.png")) == []


def test_text_upside_down_is_read(reader: Reader) -> None:
    image = written("Platform nine", (500, 120), 60)
    assert read(reader, image.rotate(180)) == ["Platform nine"]


def test_lines_come_a_few_at_a_time(reader: Reader) -> None:
    groups = list(reader.read(np.asarray(photo("page.png").resize((1536, 764)))))
    assert groups[0] == []
    assert all(len(group) <= 6 for group in groups)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1600, 3), (1600, 1, 3), (12, 1600, 3)])
def test_d1_a_strip_is_not_enlarged_without_end(reader: Reader, shape: tuple[int, int, int]) -> None:
    assert [line for lines in reader.read(np.full(shape, 200, np.uint8)) for line in lines] == []


def test_a_banner_is_read(reader: Reader) -> None:
    assert read(reader, written("Open daily from nine to five", (1500, 30), 22)) == [
        "Open daily from nine to five"
    ]


@pytest.mark.parametrize(
    ("text", "score", "expected"),
    [
        ("YAMAHA", 0.99, ["YAMAHA"]),
        ("YAMAHA", 0.79, []),
        ("8", 0.99, []),
        ("```", 0.99, []),
        (" two\t words\n", 0.9, ["two words"]),
    ],
)
def test_ghosts_are_not_told(text: str, score: float, expected: list[str]) -> None:
    assert readable(iter([(text, score)])) == expected
