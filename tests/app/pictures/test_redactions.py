"""What is redacted is not in a single pixel that is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail
from app.domain.region import COVER_GREY as GREY
from app.domain.region import (
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.domain.request import PromptPicture
from tests.app.pictures.sending import Decoding, at, save_turned, sent, shown

SIZE = (451, 339)
BOX = (201, 103, 280, 146)
"""The first and the last secret column and row."""
STROKE = ((60, 250), (150, 290), (210, 215), (210, 216))
WIDTH = 21
ABOUT = 20
"""Levels by which scaling and JPEG may change the paint."""
SECRET = (255, 0, 255)
REDACTIONS = (
    Redaction(kind=RedactionKind.BOX, points=(at(281, 147), at(201, 103))),
    Redaction(kind=RedactionKind.BRUSH, points=tuple(at(x, y) for x, y in STROKE), width=WIDTH),
)
AROUND = Region(id="0" * 8, kind=RegionKind.RECTANGLE, points=(at(190, 95), at(300, 150)))
POINTED = Region(id="1" * 8, kind=RegionKind.POINT, points=(at(150, 280),))
REGIONS = (AROUND, POINTED)
FORMS = {
    "a quarter": Limits(longest_side=112, most_pictures=9),
    "a little smaller": Limits(longest_side=388, most_pictures=9),
    "full size": Limits(longest_side=4096, most_pictures=9),
    "few bytes": Limits(longest_side=4096, most_pictures=9, most_bytes=5_000),
    "raw": Limits(longest_side=250, most_pictures=9, encoding=PictureEncoding.RGB),
    "multiples": Limits(longest_side=350, most_pictures=9, multiple=28, takes_png=False),
}


def secretive() -> Image.Image:
    """A picture in which only the secret is magenta."""
    grain = Image.effect_noise(SIZE, 25)
    image = Image.merge(
        "RGB", (grain.point([level // 2 for level in range(256)]), grain, Image.new("L", SIZE, 90))
    )
    draw = ImageDraw.Draw(image)
    draw.rectangle(BOX, fill=SECRET)
    for x, y in STROKE:
        draw.ellipse((x - 10, y - 10, x + 10, y + 10), fill=SECRET)
    draw.line(STROKE, fill=SECRET, width=WIDTH, joint="curve")
    return image


def traces(image: Image.Image) -> int:
    """How many pixels are more magenta than anything else in the picture."""
    red, green, blue = image.split()
    return sum(ImageChops.subtract(ImageChops.darker(red, blue), green).histogram()[25:])


def assert_covered(picture: PromptPicture, secret: tuple[int, int, int, int] = BOX) -> None:
    """The box is all dark grey in `picture`, as far as it shows it."""
    record = picture.prepared
    left, right = ((x - record.left) / record.scale_x for x in (secret[0], secret[2] + 1))
    top, bottom = ((y - record.top) / record.scale_y for y in (secret[1], secret[3] + 1))
    inner = (
        max(0, int(left) + 3),
        max(0, int(top) + 3),
        min(record.width, int(right) - 2),
        min(record.height, int(bottom) - 2),
    )
    if inner[0] < inner[2] and inner[1] < inner[3]:
        for low, high in shown(picture).crop(inner).getextrema():
            assert GREY - ABOUT <= low <= high <= GREY + ABOUT


@pytest.mark.parametrize(
    ("form", "sends"),
    [
        *((form, RegionSend.BOTH) for form in FORMS),
        ("full size", RegionSend.CROP),
        ("raw", RegionSend.MARKED),
    ],
)
def test_no_pixel_of_what_is_redacted_is_sent(
    decoding: Decoding, tmp_path: Path, form: str, sends: RegionSend
) -> None:
    path = tmp_path / "secret.png"
    save_turned(secretive(), path, 6 if sends is RegionSend.BOTH else 1)
    bare = Treatment(regions=REGIONS, sends=sends)
    assert any(traces(shown(picture)) for picture in sent(decoding, path, FORMS[form], bare))
    pictures = sent(decoding, path, FORMS[form], bare.replace(redactions=REDACTIONS))
    assert len(pictures) == {RegionSend.CROP: 2, RegionSend.BOTH: 3, RegionSend.MARKED: 1}[sends]
    for picture in pictures:
        assert traces(shown(picture)) == 0
        if sends is not RegionSend.MARKED:
            assert_covered(picture)


@pytest.mark.parametrize("detail", list(Detail))
def test_every_detail_covers(decoding: Decoding, tmp_path: Path, detail: Detail) -> None:
    path = tmp_path / "secret.png"
    save_turned(secretive(), path)
    limits = Limits(longest_side=200, most_pictures=5, tile=170, takes_uploads=True)
    pictures = sent(decoding, path, limits, Treatment(redactions=REDACTIONS), detail)
    assert len(pictures) == (5 if detail is Detail.TILES else 1)
    for picture in pictures:
        assert traces(shown(picture)) == 0
        assert_covered(picture)
    assert pictures[0].prepared.redacted == 2


@pytest.mark.parametrize("turned", [1, 6, 7])
def test_a_jpeg_hides_it_however_it_lies(decoding: Decoding, tmp_path: Path, turned: int) -> None:
    """Its colours are coarser than its pixels, so that the secret reaches a little over its edge."""
    path = tmp_path / "secret.jpg"
    save_turned(secretive(), path, turned, quality=95, subsampling=0)
    for longest_side in (150, 4096):
        limits = Limits(longest_side=longest_side, most_pictures=1)
        (picture,) = sent(decoding, path, limits, Treatment(redactions=REDACTIONS))
        assert traces(shown(picture)) == 0
        assert_covered(picture)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixel_is_covered(decoding: Decoding, tmp_path: Path, mode: str) -> None:
    white = Image.new("L", (300, 200), 255)
    if mode in ("I;16", "I", "F"):
        levels = white.convert("I").point(lambda value: value * 257)
        stored = levels if mode == "I" else levels.convert(mode)
    else:
        stored = white.convert("RGB").convert(mode) if mode != "1" else white.convert("1")
    path = tmp_path / "picture.tif"
    stored.save(path)
    covered = Redaction(kind=RedactionKind.BOX, points=(at(100, 50), at(200, 150)))
    limits = Limits(longest_side=150, most_pictures=1, encoding=PictureEncoding.RGB)
    (picture,) = sent(decoding, path, limits, Treatment(redactions=(covered,)))
    image = shown(picture)
    for low, high in image.crop((50, 25, 100, 75)).getextrema():
        assert GREY - ABOUT <= low <= high <= GREY + ABOUT
    assert image.getpixel((10, 10)) == (255, 255, 255)
    assert image.getpixel((140, 90)) == (255, 255, 255)


def test_what_a_palette_makes_transparent_is_covered_too(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "keyed.png"
    Image.new("P", (60, 40), 0).save(path, transparency=0)
    covered = Redaction(kind=RedactionKind.BOX, points=(at(-50, 10), at(30, 90)))
    limits = Limits(longest_side=60, most_pictures=1, encoding=PictureEncoding.RGB)
    (picture,) = sent(decoding, path, limits, Treatment(redactions=(covered,)))
    assert shown(picture).getpixel((10, 30)) == (GREY, GREY, GREY)
    assert shown(picture).getpixel((50, 30)) == (255, 255, 255)


def test_a_single_touch_of_the_brush_is_a_disc(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "white.png"
    Image.new("RGB", (101, 101), "white").save(path)
    dab = Redaction(kind=RedactionKind.BRUSH, points=(at(50.5, 50.5),), width=40)
    limits = Limits(longest_side=101, most_pictures=1, encoding=PictureEncoding.RGB)
    (picture,) = sent(decoding, path, limits, Treatment(redactions=(dab,)))
    image = shown(picture)
    for place in ((50, 50), (50, 31), (31, 50), (64, 64), (36, 64)):
        assert image.getpixel(place) == (GREY, GREY, GREY)
    for place in ((50, 26), (26, 50), (69, 69), (31, 31)):
        assert image.getpixel(place) == (255, 255, 255)


def test_only_what_reaches_into_a_view_is_counted(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    save_turned(secretive(), path)
    treatment = Treatment(regions=(AROUND,), redactions=REDACTIONS)
    whole, crop = sent(decoding, path, Limits(longest_side=900, most_pictures=2), treatment)
    assert (whole.prepared.redacted, crop.prepared.redacted) == (2, 1)


def test_the_original_keeps_what_is_redacted(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    save_turned(secretive(), path)
    before = path.read_bytes()
    sent(decoding, path, Limits(longest_side=900, most_pictures=2), Treatment(redactions=REDACTIONS))
    assert path.read_bytes() == before
