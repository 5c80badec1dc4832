"""Every kind of pixels comes out as the RGB a person expects."""

from __future__ import annotations

import array
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from app.pictures.decoder import Decoder
from tests.app.pictures.samples import difference, encoded, png_16_bit, png_chunk, png_header, scene

Decoding = Callable[..., Any]
PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
ORIENTATION = 0x0112
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright scene lies in a file of each orientation."""


@pytest.fixture
def shown(decoding: Decoding, tmp_path: Path) -> Callable[..., Image.Image]:
    """`shown(data, longest_side=10_000)`: the decoded picture; a glance at it shows the same."""

    def show(data: bytes, longest_side: int = 10_000) -> Image.Image:
        path = tmp_path / "picture"
        path.write_bytes(data)

        async def work(decoder: Decoder) -> Image.Image:
            picture = await decoder.inspect(path=path, name="picture")
            pixels = await decoder.pixels(path, "picture", longest_side)
            if longest_side >= max(picture.width, picture.height):
                assert (picture.width, picture.height) == (pixels.width, pixels.height)
            exact = Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.rgb))
            quick = await decoder.glance(path, "picture", longest_side)
            glance = Image.frombytes("RGB", (quick.width, quick.height), bytes(quick.rgb))
            assert difference(glance.resize(exact.size, Image.Resampling.BOX), exact) < 5
            return exact

        image: Image.Image = decoding(work)
        return image

    return show


Shown = Callable[..., Image.Image]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_d5_all_eight_orientations_come_out_upright(shown: Shown, name: str, orientation: int) -> None:
    turn = TURNED[orientation]
    lying = scene() if turn is None else scene().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(lying, name, exif=exif.tobytes() if name != "TIFF" else exif)
    assert difference(shown(data), scene()) < 5
    small = scene().resize((40, 30), Image.Resampling.LANCZOS)
    assert difference(shown(data, 40), small) < 8


def test_d5_cmyk_is_not_inverted(shown: Shown) -> None:
    paper_and_ink = Image.new("CMYK", (40, 40), (0, 0, 0, 0))
    paper_and_ink.paste((0, 255, 255, 0), (0, 0, 20, 40))
    image = shown(encoded(paper_and_ink, "JPEG", quality=95))
    red, white = image.getpixel((5, 20)), image.getpixel((35, 20))
    assert isinstance(red, tuple)
    assert red[0] > 240
    assert max(red[1:]) < 15
    assert white == (255, 255, 255)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (257, 1), (32896, 128), (65535, 255)])
def test_d5_sixteen_bit_greys_are_scaled_not_clipped(shown: Shown, value: int, expected: int) -> None:
    image = shown(png_16_bit(9, 7, value))
    assert image.getcolors() == [(63, (expected, expected, expected))]


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I", "F"])
def test_d5_deep_tiff_greys_are_scaled_not_clipped(shown: Shown, mode: str) -> None:
    image = Image.new("I", (4, 1))
    image.putdata([0, 16448, 32896, 65535])
    deep = image.convert(mode) if mode != "I" else image
    if mode == "I;16B":
        big_endian = array.array("H", [0, 16448, 32896, 65535])
        big_endian.byteswap()
        deep = Image.frombytes("I;16B", (4, 1), big_endian.tobytes())
    greys = shown(encoded(deep, "TIFF")).getchannel(0).tobytes()
    assert list(greys) == [0, 64, 128, 255]


def test_d5_fractional_and_negative_greys_are_stretched(shown: Shown) -> None:
    unit = Image.frombytes("F", (3, 1), array.array("f", [0.0, 0.5, 1.0]).tobytes())
    assert list(shown(encoded(unit, "TIFF")).getchannel(0).tobytes()) == [0, 128, 255]
    signed = Image.frombytes("F", (3, 1), array.array("f", [-10.0, 0.0, 10.0]).tobytes())
    assert list(shown(encoded(signed, "TIFF")).getchannel(0).tobytes()) == [0, 128, 255]
    broken = Image.frombytes("F", (2, 1), array.array("f", [float("nan"), float("inf")]).tobytes())
    assert shown(encoded(broken, "TIFF")).size == (2, 1)


def half_clear(mode: str) -> Image.Image:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 255))
    image.paste((200, 0, 0, 0), (20, 0, 40, 20))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("name", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("TIFF", "RGBA"), ("AVIF", "RGBA")]
)
def test_d5_what_is_transparent_lies_over_white(shown: Shown, name: str, mode: str) -> None:
    options = {"lossless": True} if name == "WEBP" else {}
    data = encoded(half_clear(mode), name, **options)
    for side in (40, 10):
        image = shown(data, side)
        assert max(image.getpixel((side // 8, 1))) < 6  # type: ignore[arg-type]
        assert min(image.getpixel((side - side // 8, 1))) > 249  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["PNG", "GIF"])
def test_d5_a_palette_with_transparency_lies_over_white(shown: Shown, name: str) -> None:
    image = Image.new("P", (30, 10), 0)
    image.putpalette([255, 0, 0, 0, 0, 255, 0, 255, 0])
    image.paste(1, (10, 0, 20, 10))
    image.paste(2, (20, 0, 30, 10))
    result = shown(encoded(image, name, transparency=1))
    assert [result.getpixel((x, 5)) for x in (5, 15, 25)] == [(255, 0, 0), (255, 255, 255), (0, 255, 0)]


def test_d5_a_palette_with_soft_transparency_is_mixed(shown: Shown) -> None:
    image = Image.new("P", (10, 10), 0)
    image.putpalette([0, 0, 0])
    grey = shown(encoded(image, "PNG", transparency=bytes([128]))).getpixel((5, 5))
    assert grey == (127, 127, 127)


def test_a_transparent_colour_of_a_plain_png_lies_over_white(shown: Shown) -> None:
    image = Image.new("RGB", (10, 10), (1, 2, 3))
    image.paste((9, 8, 7), (0, 0, 5, 10))
    result = shown(encoded(image, "PNG", transparency=(1, 2, 3)))
    assert (result.getpixel((2, 2)), result.getpixel((7, 7))) == ((9, 8, 7), (255, 255, 255))


def test_one_bit_pictures_are_black_and_white(shown: Shown) -> None:
    image = Image.new("1", (20, 10), 1)
    image.paste(0, (0, 0, 10, 10))
    for name in ("PNG", "TIFF", "BMP"):
        result = shown(encoded(image, name))
        assert (result.getpixel((2, 2)), result.getpixel((17, 7))) == ((0, 0, 0), (255, 255, 255))


def test_a_wide_colour_profile_is_brought_to_srgb(shown: Shown) -> None:
    """The photograph carries Adobe RGB: shown without its profile it would look pale."""
    with Image.open(PHOTOS / "rocket.jpg") as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        expected = ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        untouched = image.convert("RGB")
    assert expected is not None
    result = shown((PHOTOS / "rocket.jpg").read_bytes())
    assert difference(result, expected) < 0.01
    assert difference(result, untouched) > 1


@pytest.mark.parametrize("profile", [b"", b"not a profile", b"\0" * 5_000_000])
def test_d5_a_broken_or_huge_profile_is_left_aside(shown: Shown, profile: bytes) -> None:
    data = encoded(scene(), "TIFF", icc_profile=profile)
    assert shown(data).tobytes() == scene().tobytes()


def test_a_profile_of_another_kind_of_colour_is_left_aside(shown: Shown) -> None:
    rgb_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(scene(mode="L"), "TIFF", icc_profile=rgb_profile)
    assert shown(data).tobytes() == scene(mode="L").convert("RGB").tobytes()


def test_d5_a_gif_of_very_many_frames_shows_its_first_at_once(decoding: Decoding, tmp_path: Path) -> None:
    one = encoded(Image.new("P", (8, 8), 0), "GIF")
    two = encoded(
        Image.new("RGB", (8, 8), "red"),
        "GIF",
        save_all=True,
        append_images=[Image.new("RGB", (8, 8), "blue")],
    )
    assert len(two) > len(one)
    start = two.index(b"\x21\xf9", two.index(b"\x2c"))
    path = tmp_path / "endless.gif"
    path.write_bytes(two[:start] + two[start:-1] * 100_000 + b";")
    pixels = decoding(lambda decoder: decoder.pixels(path, "endless.gif", 8))
    assert bytes(pixels.rgb)[:3] == b"\xfe\x00\x00" or bytes(pixels.rgb)[:3] == b"\xff\x00\x00"


def test_d5_huge_text_and_exif_in_a_png_do_not_hide_the_picture(shown: Shown) -> None:
    whole = encoded(scene(), "PNG")
    text = png_chunk(b"iTXt", b"Workflow\0\0\0\0\0" + b"x" * 8_000_000)
    exif = png_chunk(b"eXIf", b"MM\0*\0\0\0\x08" + b"\xff" * 1_000_000)
    header = len(png_header(1, 1))
    image = shown(whole[:header] + text + exif + whole[header:])
    assert image.tobytes() == scene().tobytes()
