"""Frames of animations and pages of documents: counted, shown small, and taken as pictures."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from app.child.frames import Frame
from app.domain.errors import PictureRefused
from app.domain.picture import Attachment, Picture
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder, FrameCount, FrameThumbnail
from app.pictures.frames import MOST_LISTED, Reel
from app.pictures.intake import FrameOf, Intake, Offer
from tests.app.pictures.samples import difference, encoded, scene

Decoding = Callable[..., Any]
COLOURS = ("red", "lime", "blue", "yellow", "black")


def moving(name: str, **options: Any) -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in COLOURS]
    return encoded(frames[0], name, save_all=True, append_images=frames[1:], **options)


def rgb_of(data: bytes | memoryview) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
        image.load()
        return image


def sides(frame: FrameThumbnail) -> tuple[int, int]:
    assert frame.pixels is not None
    return frame.pixels.width, frame.pixels.height


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "AVIF", "TIFF", "HEIF"])
def test_every_frame_is_shown_small_and_taken_whole(decoding: Decoding, tmp_path: Path, name: str) -> None:
    path = tmp_path / "moving"
    path.write_bytes(moving(name, **({"duration": 120} if name in ("GIF", "WEBP", "PNG") else {})))

    async def work(decoder: Decoder) -> None:
        pages = name in ("TIFF", "HEIF")
        assert await decoder.frames(path, "moving") == FrameCount(len(COLOURS), pages=pages)
        strip = await decoder.strip(path, "moving", 0, 20)
        assert [sides(each) for each in strip] == [(20, 15)] * len(COLOURS)
        if name in ("GIF", "WEBP", "PNG"):
            assert [each.milliseconds for each in strip] == [120] * len(COLOURS)
        assert await decoder.strip(path, "moving", len(COLOURS), 20) == ()
        for number in (3, 1, 4):
            expected = Image.new("RGB", (40, 30), COLOURS[number])
            taken = await decoder.frame(path, "moving", number)
            assert (taken.picture.format, taken.picture.width, taken.picture.height) == ("png", 40, 30)
            assert difference(rgb_of(taken.data), expected) < 4
            shown = strip[number].pixels
            assert shown is not None
            small = Image.frombytes("RGB", (20, 15), shown.rgb)
            assert difference(small, expected.resize((20, 15))) < 4

    decoding(work)


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_a_frame_is_composed_as_it_is_seen_when_the_animation_plays(
    decoding: Decoding, tmp_path: Path, disposal: int
) -> None:
    """A dot that wanders over a ground: what stays of the frame before depends on its disposal."""
    path = tmp_path / "dots.gif"
    path.write_bytes(dots(disposal))
    with Image.open(path) as image:
        image.seek(2)
        shown = image.convert("RGBA")
    expected = Image.new("RGB", shown.size, "white")
    expected.paste(shown, mask=shown)
    stays = {0: True, 1: True, 2: False, 3: False}[disposal]
    taken = rgb_of(decoding(lambda decoder: decoder.frame(path, "dots.gif", 2)).data)
    assert taken.tobytes() == expected.tobytes()
    assert (taken.getpixel((15, 5)) == (0, 0, 255)) is stays
    assert taken.getpixel((25, 5)) == (0, 160, 0)


def dots(disposal: int) -> bytes:
    """A GIF whose second and third frames hold a dot alone, beside the one before."""
    palette = [255, 0, 0, 0, 0, 255, 0, 160, 0, 255, 255, 255]
    frames = []
    for number, left in enumerate((None, 10, 20)):
        frame = Image.new("P", (40, 10), 0 if left is None else 3)
        frame.putpalette(palette)
        if left is not None:
            ImageDraw.Draw(frame).rectangle((left, 0, left + 9, 9), fill=number)
        frames.append(frame)
    return encoded(
        frames[0],
        "GIF",
        save_all=True,
        append_images=frames[1:],
        disposal=[1, disposal, 1],
        transparency=3,
        optimize=False,
        duration=50,
    )


def test_d5_a_gif_of_tiny_blocks_is_counted_no_longer_than_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock that goes on by a second with each look at it."""
    one = encoded(Image.new("P", (1, 1)), "GIF")
    start = one.index(b",")
    end = start + 11  # its description, and how many bits a colour begins with
    path = tmp_path / "blocks.gif"
    path.write_bytes(one[:end] + b"\x01\x00" * 40_000 + b"\0" + one[start:-1] + b";")
    asked = Frame("frames", {"path": str(path)})
    reel = Reel(Caps())
    try:
        assert reel.answer(asked).fields["count"] == 2
        monkeypatch.setattr(time, "monotonic", count(0.0).__next__)
        assert reel.answer(asked).fields["count"] == 1
        assert time.monotonic() < 10
    finally:
        reel.rest()


@pytest.mark.parametrize("name", ["GIF", "WEBP", "TIFF"])
def test_d1_the_frames_of_a_large_animation_are_read_at_the_users_word_alone(
    decoding: Decoding, tmp_path: Path, name: str
) -> None:
    path, small = tmp_path / "moving", tmp_path / "small"
    path.write_bytes(moving(name))
    small.write_bytes(encoded(Image.new("RGB", (10, 10)), "PNG"))

    async def work(decoder: Decoder) -> None:
        counted = await decoder.frames(path, "moving")
        assert (counted.listed, counted.large) == (len(COLOURS), True)
        for asked in (decoder.strip(path, "moving", 0, 20), decoder.frame(path, "moving", 1)):
            with pytest.raises(PictureRefused) as refused:
                await asked
            assert refused.value.large
        came = 0
        while strip := await decoder.strip(path, "moving", came, 20, large=True):
            came += len(strip)
            assert not (await decoder.frames(small, "small")).large
        assert came == len(COLOURS)
        taken = await decoder.frame(path, "moving", 3, large=True)
        assert difference(rgb_of(taken.data), Image.new("RGB", (40, 30), COLOURS[3])) < 4

    decoding(work, Caps(pixels=40 * 30 - 1))
    with pytest.raises(PictureRefused):
        decoding(lambda decoder: decoder.frames(path, "moving"), Caps(pixels=100, large_pixels=40 * 30 - 1))


def test_pages_may_differ_in_size_and_lie_turned(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    pages = [scene(90, 60), scene(50, 70)]
    exif = Image.Exif()
    exif[0x0112] = 6
    path.write_bytes(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], exif=exif))

    async def work(decoder: Decoder) -> list[tuple[int, int]]:
        strip = await decoder.strip(path, "scan.tif", 0, 1000)
        taken = [(await decoder.frame(path, "scan.tif", number)).picture for number in (0, 1)]
        sizes = [(picture.width, picture.height) for picture in taken]
        assert [sides(each) for each in strip] == sizes
        return sizes

    first, _ = decoding(work)
    assert first == (60, 90)


def test_a_picture_of_one_frame_has_one(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "still"

    async def work(decoder: Decoder) -> None:
        for name in ("GIF", "WEBP", "PNG", "JPEG", "BMP", "TIFF", "HEIF", "AVIF"):
            path.write_bytes(encoded(scene(), name))
            assert (await decoder.frames(path, "still")).listed == 1, name

    decoding(work)


def test_a_frame_that_is_not_there_is_refused_by_its_number(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    path.write_bytes(moving("GIF"))
    with pytest.raises(PictureRefused, match="it has no frame 12"):
        decoding(lambda decoder: decoder.frame(path, "moving.gif", 11))


def test_the_frames_before_a_damaged_one_can_be_chosen(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "cut.gif"
    noise = [Image.effect_noise((60, 60), 90) for _ in range(4)]
    whole = encoded(noise[0], "GIF", save_all=True, append_images=noise[1:])
    path.write_bytes(whole[: len(whole) * 5 // 8])

    async def work(decoder: Decoder) -> None:
        strip = await decoder.strip(path, "cut.gif", 0, 30)
        assert len(strip) == 2
        assert (await decoder.frame(path, "cut.gif", 1)).picture.width == 60
        with pytest.raises(PictureRefused):
            await decoder.frame(path, "cut.gif", 2)

    decoding(work)


def endless(count: int) -> bytes:
    two = encoded(
        Image.new("RGB", (8, 8), "red"),
        "GIF",
        save_all=True,
        append_images=[Image.new("RGB", (8, 8), "blue")],
    )
    start = two.index(b"\x21\xf9", two.index(b"\x2c"))
    return two[:start] + two[start:-1] * count + b";"


def test_d5_the_frames_of_a_gif_without_end_are_counted_up_to_a_cap(
    decoding: Decoding, tmp_path: Path
) -> None:
    path = tmp_path / "endless.gif"
    path.write_bytes(endless(100_000))

    async def work(decoder: Decoder) -> None:
        started = time.monotonic()
        assert await decoder.frames(path, "endless.gif") == FrameCount(MOST_LISTED, more=True)
        assert time.monotonic() - started < 20
        shown = 0
        while strip := await decoder.strip(path, "endless.gif", shown, 40):
            shown += len(strip)
        assert shown == MOST_LISTED

    decoding(work)


def test_d5_a_claim_of_very_many_frames_is_not_believed(decoding: Decoding, tmp_path: Path) -> None:
    whole = moving("PNG")
    at = whole.index(b"acTL") + 4
    import zlib

    claim = (2**31 - 1).to_bytes(4, "big") + whole[at + 4 : at + 8]
    checksum = zlib.crc32(b"acTL" + claim).to_bytes(4, "big")
    path = tmp_path / "claims.png"
    path.write_bytes(whole[:at] + claim + checksum + whole[at + 12 :])

    async def work(decoder: Decoder) -> None:
        assert (await decoder.frames(path, "claims.png")).listed <= MOST_LISTED
        assert len(await decoder.strip(path, "claims.png", 0, 20)) <= len(COLOURS)

    decoding(work)


def test_d5_a_circle_of_pages_ends(decoding: Decoding, tmp_path: Path) -> None:
    whole = bytearray(encoded(scene(20, 20), "TIFF"))
    start = int.from_bytes(whole[4:8], "little")
    entries = int.from_bytes(whole[start : start + 2], "little")
    after = start + 2 + 12 * entries
    whole[after : after + 4] = start.to_bytes(4, "little")
    path = tmp_path / "circle.tif"
    path.write_bytes(whole)
    assert decoding(lambda decoder: decoder.frames(path, "circle.tif")).listed == 1


def test_d1_a_page_of_too_many_pixels_behind_a_small_one_is_refused(
    decoding: Decoding, tmp_path: Path
) -> None:
    path = tmp_path / "pages.tif"
    path.write_bytes(
        encoded(scene(20, 20), "TIFF", save_all=True, append_images=[Image.new("1", (4000, 4000))])
    )

    async def work(decoder: Decoder) -> None:
        assert [bool(page.reason) for page in await decoder.strip(path, "pages.tif", 0, 20)] == [False, True]
        with pytest.raises(PictureRefused, match="it is 4000 × 4000 pixels, more than 1 megapixels"):
            await decoder.frame(path, "pages.tif", 1)

    decoding(work, Caps(pixels=1_000_000))


def test_d1_a_document_is_as_large_as_its_first_page(decoding: Decoding, tmp_path: Path) -> None:
    """That is the one the user was asked about; a later one that is larger keeps no other from being seen."""
    sizes = {"first": (60, 40, 20), "middle": (20, 60, 40)}
    for name, sides in sizes.items():
        pages = [scene(side, side) for side in sides]
        data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
        (tmp_path / name).write_bytes(data)

    async def work(decoder: Decoder) -> None:
        first, middle = tmp_path / "first", tmp_path / "middle"
        assert await decoder.frames(first, "first") == FrameCount(3, pages=True, large=True)
        assert len([page for page in await decoder.strip(first, "", 0, 20, large=True) if page.pixels]) == 3
        assert await decoder.frames(middle, "middle") == FrameCount(3, pages=True)
        strip = await decoder.strip(middle, "middle", 0, 20)
        assert [page.pixels is None for page in strip] == [False, True, False]
        assert strip[1].reason.startswith("it is 60 × 60 pixels, more than")
        assert (await decoder.frame(middle, "middle", 2)).picture.width == 40
        assert (await decoder.strip(middle, "middle", 1, 20))[0] == strip[1]

    decoding(work, Caps(pixels=50 * 50))


def test_the_pages_after_a_damaged_one_can_be_chosen(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    pages = [Image.effect_noise((60, 60), 90) for _ in range(3)]
    whole = encoded(
        pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_adobe_deflate"
    )
    pixels = encoded(pages[1], "TIFF", compression="tiff_adobe_deflate")[8:200]
    assert whole.count(pixels) == 1
    path.write_bytes(whole.replace(pixels, bytes(len(pixels))))

    async def work(decoder: Decoder) -> None:
        strip = await decoder.strip(path, "scan.tif", 0, 30)
        assert [bool(page.reason) for page in strip] == [False, True, False]
        assert (await decoder.frame(path, "scan.tif", 2)).picture.width == 60

    decoding(work)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_d1_nothing_is_kept_of_an_animation_whose_frames_were_taken(
    decoding: Decoding, tmp_path: Path
) -> None:
    path = tmp_path / "moving.gif"
    path.write_bytes(moving("GIF"))

    class Nowhere:
        async def add(self, data: bytes, picture: Picture) -> None:
            assert path in held_by(decoder_of[0])

    decoder_of: list[Decoder] = []

    async def work(decoder: Decoder) -> None:
        decoder_of.append(decoder)
        offer = Offer(frames=tuple(FrameOf(path, f"frame {number}", number) for number in (1, 2)))
        taken = [found async for found in Intake(decoder, Nowhere()).take(offer)]
        assert [one.name for one in taken if isinstance(one, Attachment)] == ["frame 1", "frame 2"]
        assert path not in held_by(decoder)
        await decoder.frame(path, "moving.gif", 1)
        assert path in held_by(decoder)
        await decoder.forget()
        assert path not in held_by(decoder)

    decoding(work)


def held_by(decoder: Decoder) -> list[Path]:
    """The files that its child has open."""
    return [file.readlink() for file in Path(f"/proc/{decoder.pid}/fd").iterdir() if file.is_symlink()]


def test_frames_are_those_of_the_file_as_it_is_now(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "changing.gif"

    async def work(decoder: Decoder) -> None:
        path.write_bytes(moving("GIF"))
        await decoder.strip(path, "changing.gif", 0, 20)
        path.write_bytes(encoded(Image.new("RGB", (40, 30), "lime"), "GIF"))
        taken = await decoder.frame(path, "changing.gif", 0)
        assert rgb_of(taken.data).getpixel((0, 0)) == (0, 255, 0)

    decoding(work)
