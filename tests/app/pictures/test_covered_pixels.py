"""What is beneath a cover changes nothing of what is sent: not its tones, its size, its form or its notes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.picture import Detail, Prepared
from app.domain.region import (
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from tests.app.pictures.sending import Decoding, at, save_turned, sent

FORMATS = {
    "RGB": "png",
    "RGBA": "png",
    "LA": "png",
    "L": "png",
    "P": "png",
    "1": "png",
    "I;16": "png",
    "CMYK": "tiff",
    "YCbCr": "tiff",
    "I": "tiff",
    "F": "tiff",
}
SECRETS = {"I": (-4_000, 9_000_000), "F": (-40_000.0, 9_000_000.0)}
"""What lies beneath in either file; in all other modes black in one and white in the other."""
VIEWS = {
    "all of it": (Detail.FIT, RegionSend.BOTH, Limits(longest_side=90, most_bytes=2_000, most_pictures=6)),
    "tiles": (Detail.TILES, RegionSend.BOTH, Limits(longest_side=60, tile=60, most_pictures=12)),
    "marked": (Detail.ORIGINAL, RegionSend.MARKED, Limits(longest_side=512, most_pictures=1)),
    "crops": (Detail.FIT, RegionSend.CROP, Limits(longest_side=64, multiple=28, most_pictures=4)),
}


def drawn(size: tuple[int, int], grain: bool) -> Image.Image:
    """Lines of writing over white, or over grain."""
    image = Image.effect_noise(size, 60).convert("RGB") if grain else Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for line in range(0, size[1], 14):
        draw.text((3, line), f"Line {line} of what is to be read" * 9, fill=(line % 200, 0, 90))
    return image


def stored(image: Image.Image, mode: str, hidden: Image.Image, secret: int) -> Image.Image:
    """`image` in `mode` with what `hidden` has in one colour: `secret` 0 or 1."""
    bright = 255 * secret
    if mode in ("RGBA", "LA"):
        image.paste((bright, bright, bright), mask=hidden)
        made, alpha = image.convert(mode), Image.new("L", image.size, 255)
        alpha.paste(90, (5, 5, image.width // 2, image.height // 2))
        alpha.paste(bright // 2, mask=hidden)
        made.putalpha(alpha)
        return made
    if mode in ("I", "F"):
        made = image.convert("L").convert("I").point(lambda value: value * 900).convert(mode)
        made.paste(SECRETS[mode][secret], (0, 0, *image.size), hidden)
        return made
    image.paste((bright, bright, bright), mask=hidden)
    if mode == "I;16":
        return image.convert("L").convert("I").point(lambda value: value * 200 + 37).convert("I;16")
    if mode == "P":
        return image.convert("P", palette=Image.Palette.WEB, dither=Image.Dither.NONE)
    return image.convert(mode, dither=Image.Dither.NONE) if mode == "1" else image.convert(mode)


def hiding(size: tuple[int, int], draws: random.Random) -> tuple[tuple[Redaction, ...], Image.Image]:
    """A box and a stroke somewhere, and the pixels that they cover."""
    mask = Image.new("1", size)
    draw = ImageDraw.Draw(mask)
    left, top = draws.randrange(size[0] - 30), draws.randrange(size[1] - 20)
    right, bottom = left + draws.randrange(3, 30), top + draws.randrange(3, 20)
    draw.rectangle((left, top, right - 1, bottom - 1), fill=1)
    width = draws.choice((1, 4, 17))
    places = [(draws.uniform(0, size[0]), draws.uniform(0, size[1])) for _ in range(draws.randrange(1, 5))]
    for x, y in places:  # what lies within the stroke for certain
        half = max(0.0, width / 2 - 1)
        draw.ellipse((x - half - 0.5, y - half - 0.5, x + half - 0.5, y + half - 0.5), fill=1)
    draw.line([(x - 0.5, y - 0.5) for x, y in places], fill=1, width=max(1, width - 2))
    box = Redaction(kind=RedactionKind.BOX, points=(at(left, top), at(right, bottom)))
    stroke = Redaction(kind=RedactionKind.BRUSH, points=tuple(at(*place) for place in places), width=width)
    return (box, stroke), mask


def regions(size: tuple[int, int]) -> tuple[Region, ...]:
    wide, high = size
    corners = (Point(0, 0), Point(wide, high * 0.1), Point(wide * 0.6, high))
    return (
        Region("0" * 8, RegionKind.RECTANGLE, (at(wide * 0.2, high * 0.1), at(wide * 0.7, high * 0.8))),
        Region("1" * 8, RegionKind.LASSO, corners),
    )


def told_apart(
    decoding: Decoding, folder: Path, mode: str, size: tuple[int, int], draws: random.Random
) -> Iterator[str]:
    """The views by which two pictures can be told apart that differ beneath their covers alone."""
    redactions, hidden = hiding(size, draws)
    turned, image = draws.randrange(1, 9), drawn(size, draws.random() < 0.3)
    paths = [folder / f"{secret}.{FORMATS[mode]}" for secret in (0, 1)]
    for secret, path in enumerate(paths):
        save_turned(stored(image.copy(), mode, hidden, secret), path, turned)
    assert paths[0].read_bytes() != paths[1].read_bytes()
    for view, (detail, sends, limits) in VIEWS.items():
        treatment = Treatment(regions=regions(size), sends=sends, redactions=redactions)
        first, second = (facts(decoding, path, limits, treatment, detail) for path in paths)
        if first != second:
            yield f"{view} of {mode}, turned {turned}, {redactions}"


def facts(
    decoding: Decoding, path: Path, limits: Limits, treatment: Treatment, detail: Detail
) -> list[tuple[bytes, Prepared]]:
    pictures = sent(decoding, path, limits, treatment, detail)
    return [(bytes(picture.data), picture.prepared.replace(original="0" * 64)) for picture in pictures]


@pytest.mark.parametrize("mode", FORMATS)
def test_what_is_beneath_a_cover_changes_nothing_that_is_sent(
    decoding: Decoding, tmp_path: Path, mode: str
) -> None:
    assert not list(told_apart(decoding, tmp_path, mode, (101, 73), random.Random(f"cover {mode}")))


@pytest.mark.soak
@pytest.mark.parametrize("mode", FORMATS)
@pytest.mark.parametrize(("size", "times"), [((203, 151), 12), ((1203, 811), 2)])
def test_what_is_beneath_many_covers_changes_nothing_that_is_sent(
    decoding: Decoding, tmp_path: Path, mode: str, size: tuple[int, int], times: int
) -> None:
    draws = random.Random(f"covers {mode} {size}")
    found = [each for _ in range(times) for each in told_apart(decoding, tmp_path, mode, size, draws)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_picture_that_is_covered_whole_tells_nothing(decoding: Decoding, tmp_path: Path, mode: str) -> None:
    all_of_it = (Redaction(kind=RedactionKind.BOX, points=(at(0, 0), at(40, 30))),)
    made = []
    for value in SECRETS[mode]:
        path = tmp_path / f"{value}.tiff"
        Image.new(mode, (40, 30), value).save(path)
        made.append(facts(decoding, path, VIEWS["tiles"][2], Treatment(redactions=all_of_it), Detail.FIT))
    assert made[0] == made[1]
