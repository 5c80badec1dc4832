"""Looking closely: parts of a picture from a child that keeps it decoded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import PictureRefused
from app.domain.geometry import Box
from app.domain.picture import Pixels
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from tests.app.pictures.samples import difference, encoded, scene

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
Decoding = Callable[..., Any]
TURNS = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}


def image_of(pixels: Pixels) -> Image.Image:
    return Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.rgb))


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_part_is_what_lies_there_in_the_upright_picture(
    decoding: Decoding, tmp_path: Path, turned: int
) -> None:
    upright = scene(161, 117)
    stored = upright
    for turn in TURNS[turned]:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = turned
    path = tmp_path / "turned.png"
    path.write_bytes(encoded(stored, "PNG", exif=exif))
    box = Box(left=31.2, top=20, right=90, bottom=100.9)
    shown = decoding(lambda decoder: decoder.part(path, "turned.png", box, 4096))
    assert image_of(shown).tobytes() == upright.crop((31, 20, 90, 101)).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "I;16", "CMYK"])
def test_a_scaled_part_looks_like_the_same_part_of_the_scaled_picture(
    decoding: Decoding, tmp_path: Path, mode: str
) -> None:
    with Image.open(PHOTOS / "coffee.png") as image:
        photo = image.convert("L" if mode in ("L", "I;16") else "RGB")
    stored = photo.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else photo
    path = tmp_path / "photo.tif"
    path.write_bytes(encoded(stored if mode == "I;16" else stored.convert(mode), "TIFF"))
    box = Box(left=100, top=60, right=500, bottom=340)

    async def work(decoder: Decoder) -> tuple[Pixels, Pixels]:
        whole = await decoder.part(path, "photo", Box(left=0, top=0, right=600, bottom=400), 300)
        return whole, await decoder.part(path, "photo", box, 200)

    whole, part = decoding(work)
    assert (part.width, part.height) == (200, 140)
    assert difference(image_of(part), image_of(whole).crop((50, 30, 250, 170))) < 1.5


def test_neighbouring_parts_join_without_a_seam(decoding: Decoding, tmp_path: Path) -> None:
    """Each looks across its edge: they are the same pixels as those of one part over both."""
    path = PHOTOS / "astronaut.png"

    async def work(decoder: Decoder) -> list[Pixels]:
        sides = [(0, 256), (256, 512), (0, 512)]
        boxes = [Box(left=left, top=0, right=right, bottom=512) for left, right in sides]
        return [await decoder.part(path, "photo", box, 256) for box in boxes]

    left, right, both = (image_of(pixels) for pixels in decoding(work))
    assert (left.size, right.size, both.size) == ((128, 256), (128, 256), (256, 256))
    joined = Image.new("RGB", (256, 256))
    joined.paste(left, (0, 0))
    joined.paste(right, (128, 0))
    assert difference(joined, both) < 0.01


def test_a_part_over_the_edge_shows_what_there_is(decoding: Decoding) -> None:
    path = PHOTOS / "coffee.png"
    box = Box(left=590, top=-20, right=700, bottom=5)
    shown = decoding(lambda decoder: decoder.part(path, "coffee", box, 4096))
    with Image.open(path) as image:
        assert image_of(shown).tobytes() == image.convert("RGB").crop((590, 0, 600, 5)).tobytes()


def test_a_picture_stays_decoded_until_something_else_is_asked(decoding: Decoding, tmp_path: Path) -> None:
    """Shown by a file whose pixels are gone, with its size and time as they were."""
    path = tmp_path / "photo.png"
    path.write_bytes((PHOTOS / "coffee.png").read_bytes())
    box = Box(left=0, top=0, right=10, bottom=10)

    async def work(decoder: Decoder) -> None:
        first = bytes((await decoder.part(path, "photo", box, 10)).rgb)
        was = path.stat()
        with path.open("r+b") as file:
            file.write(b"\0" * was.st_size)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        assert bytes((await decoder.part(path, "photo", box, 10)).rgb) == first
        await decoder.forget()
        with pytest.raises(PictureRefused):
            await decoder.part(path, "photo", box, 10)

    decoding(work)


def test_another_file_in_its_place_is_shown(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    box = Box(left=0, top=0, right=4, bottom=4)

    async def work(decoder: Decoder) -> None:
        for colour in ("red", "lime"):
            path.unlink(missing_ok=True)
            path.write_bytes(encoded(Image.new("RGB", (40, 30 if colour == "red" else 31), colour), "PNG"))
            shown = image_of(await decoder.part(path, "photo", box, 4))
            assert shown.getcolors() == [(16, Image.new("RGB", (1, 1), colour).getpixel((0, 0)))]

    decoding(work)


def test_forgetting_starts_no_child(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        await decoder.forget()
        assert decoder.pid is None

    decoding(work, Caps())


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_of_100_megapixels_is_looked_at_closely(
    decoding: Decoding, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "large"
    path.write_bytes(encoded(scene(1000, 1000).resize((10_000, 10_000)), kind))

    async def work(decoder: Decoder) -> None:
        for left in (0, 4_000, 9_488):
            box = Box(left=left, top=left, right=left + 512, bottom=left + 512)
            shown = await decoder.part(path, "large", box, 512)
            assert (shown.width, shown.height) == (512, 512)

    decoding(work, Caps())
