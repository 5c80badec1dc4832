from __future__ import annotations

import asyncio
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.child.frames import Frame
from app.child.process import ChildProcess
from app.domain.errors import PictureRefused
from app.domain.picture import Pixels
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.pictures.recipe import Cut, Recipe
from tests.app.child.freezing import freeze
from tests.app.pictures.samples import FORMATS, difference, encoded, scene

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
Decoding = Callable[..., Any]
LOSSLESS = ("PNG", "BMP", "TIFF")


def image_of(pixels: Pixels) -> Image.Image:
    return Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.rgb))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_known_by_its_content_and_shown(
    decoding: Decoding, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "picture.dat"
    path.write_bytes(encoded(scene(), name))

    async def work(decoder: Decoder) -> None:
        picture = await decoder.inspect(path=path, name="picture.dat")
        assert picture.format == name.lower()
        assert (picture.width, picture.height) == (160, 120)
        assert picture.byte_count == path.stat().st_size
        assert picture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        shown = image_of(await decoder.pixels(path, "picture.dat", 4096))
        if name in LOSSLESS:
            assert shown.tobytes() == scene().tobytes()
        assert difference(shown, scene()) < 6

    decoding(work)


def test_what_is_no_file_is_shown_as_a_file_would_be(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        shown = await decoder.pixels_of(encoded(scene(), "PNG"), "picture.png", 160)
        assert image_of(shown).tobytes() == scene().tobytes()
        with pytest.raises(PictureRefused):
            await decoder.pixels_of(b"no picture", "picture.png", 160)

    decoding(work)


@pytest.mark.parametrize("photo", ["astronaut.png", "chelsea.png", "coffee.png"])
def test_raw_pixels_are_what_pillow_decodes(decoding: Decoding, photo: str) -> None:
    path = PHOTOS / photo
    with Image.open(path) as image:
        expected = image.convert("RGB")
    shown = decoding(lambda decoder: decoder.pixels(path, photo, 10_000))
    assert image_of(shown).tobytes() == expected.tobytes()


@pytest.mark.parametrize("photo", ["astronaut.png", "chelsea.png"])
def test_a_smaller_size_keeps_proportions_and_looks_the_same(decoding: Decoding, photo: str) -> None:
    path = PHOTOS / photo
    with Image.open(path) as image:
        original = image.convert("RGB")
    shown = image_of(decoding(lambda decoder: decoder.pixels(path, photo, 200)))
    assert max(shown.size) == 200
    expected = original.resize(shown.size, Image.Resampling.LANCZOS)
    assert difference(shown, expected) < 4


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
@pytest.mark.parametrize(("longest_side", "seen"), [(1100, 1600), (700, 800), (256, 267), (2000, 1600)])
def test_a_glance_is_large_enough_less_than_twice_as_large_and_looks_the_same(
    decoding: Decoding, tmp_path: Path, name: str, longest_side: int, seen: int
) -> None:
    path = tmp_path / "picture"
    whole = scene(1600, 1200)
    path.write_bytes(encoded(whole, name))
    shown = image_of(decoding(lambda decoder: decoder.glance(path, "picture", longest_side)))
    halved = name == "JPEG" and longest_side == 256  # what the format scales on the way comes first
    assert shown.width == (400 if halved else seen)
    small = (min(longest_side, 1600), min(longest_side, 1600) * 3 // 4)
    drawn = shown.resize(small, Image.Resampling.BILINEAR)
    assert difference(drawn, whole.resize(small, Image.Resampling.LANCZOS)) < 4


@pytest.mark.parametrize("size", [(60_000, 40), (40, 30_000), (10_000, 3)])
@pytest.mark.parametrize(("mode", "name"), [("RGB", "PNG"), ("P", "PNG"), ("L", "JPEG")])
def test_a_glance_at_a_thin_picture_is_less_than_twice_as_long_as_asked(
    decoding: Decoding, tmp_path: Path, size: tuple[int, int], mode: str, name: str
) -> None:
    path = tmp_path / "picture"
    Image.new(mode, size, 0).save(path, name)
    shown = image_of(decoding(lambda decoder: decoder.glance(path, "picture", 256)))
    assert max(shown.size) in range(256, 512)
    assert min(shown.size) >= 1 and shown.getextrema() == ((0, 0),) * 3


def test_encoded_bytes_are_a_jpeg_of_the_size_that_is_told(decoding: Decoding) -> None:
    path = PHOTOS / "coffee.png"
    made = decoding(lambda decoder: decoder.encode(path, "coffee.png", 300))
    with Image.open(io.BytesIO(made.data)) as image, Image.open(path) as original:
        assert (image.format, image.size) == ("JPEG", (made.width, made.height)) == ("JPEG", (300, 200))
        expected = original.convert("RGB").resize((300, 200), Image.Resampling.LANCZOS)
        assert difference(image.convert("RGB"), expected) < 4


def test_a_thin_picture_keeps_at_least_one_pixel_each_way(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "line.png"
    path.write_bytes(encoded(Image.new("RGB", (5000, 1), "red"), "PNG"))
    shown = decoding(lambda decoder: decoder.pixels(path, "line.png", 100))
    assert (shown.width, shown.height) == (100, 1)


def test_bytes_and_a_path_tell_the_same(decoding: Decoding) -> None:
    path = PHOTOS / "coffee.png"

    async def work(decoder: Decoder) -> None:
        by_bytes = await decoder.inspect(data=path.read_bytes(), name="coffee")
        original = await decoder.read(path, "coffee")
        assert by_bytes == original.picture == await decoder.inspect(path=path, name="coffee")
        assert original.data == path.read_bytes()

    decoding(work)


def test_pixels_without_a_file_become_a_png(decoding: Decoding) -> None:
    given = Pixels(160, 120, scene().tobytes())
    original = decoding(lambda decoder: decoder.to_png(given, "paste"))
    assert original.picture.format == "png"
    with Image.open(io.BytesIO(original.data)) as image:
        assert image.convert("RGB").tobytes() == given.rgb


def test_pixels_that_do_not_fill_their_size_are_refused(decoding: Decoding) -> None:
    with pytest.raises(PictureRefused, match="not all there"):
        decoding(lambda decoder: decoder.to_png(Pixels(100, 100, b"\0" * 99), "paste"))


def test_a_relative_path_means_the_folder_of_the_caller(
    decoding: Decoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PHOTOS)
    assert decoding(lambda decoder: decoder.inspect(path=Path("coffee.png"), name="c")).width == 600


def test_a_name_that_is_not_unicode_opens(decoding: Decoding, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    path.write_bytes(encoded(scene(), "PNG"))
    assert decoding(lambda decoder: decoder.inspect(path=path, name="café.png")).width == 160


def test_the_child_starts_with_the_first_job_and_stays(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        assert decoder.pid is None
        await decoder.inspect(path=PHOTOS / "coffee.png", name="coffee")
        first = decoder.pid
        await decoder.inspect(path=PHOTOS / "page.png", name="page")
        assert first is not None
        assert decoder.pid == first

    decoding(work, Caps())


def test_a_child_that_was_made_ready_does_the_first_job(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        starting = asyncio.ensure_future(decoder.get_ready())
        await asyncio.sleep(0)
        assert not decoder.busy  # who comes now waits for the start alone
        await starting
        ready = decoder.pid
        assert ready is not None
        job = asyncio.ensure_future(decoder.inspect(path=PHOTOS / "page.png", name="page"))
        await asyncio.sleep(0)
        assert decoder.busy
        await job
        assert (decoder.pid, decoder.busy) == (ready, False)

    decoding(work, Caps())


def test_many_jobs_at_once_each_get_their_own_answer(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        jobs = [decoder.pixels(PHOTOS / "coffee.png", "coffee", side) for side in range(10, 60)]
        answers = await asyncio.gather(*jobs)
        assert [answer.width for answer in answers] == list(range(10, 60))

    decoding(work)


def test_a_cancelled_job_does_not_disturb_the_next(decoding: Decoding) -> None:
    async def work(decoder: Decoder) -> None:
        await decoder.inspect(path=PHOTOS / "page.png", name="page")
        freeze(decoder.pid)
        job = asyncio.ensure_future(decoder.pixels(PHOTOS / "astronaut.png", "astronaut", 512))
        await asyncio.sleep(0)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        shown = await decoder.pixels(PHOTOS / "coffee.png", "coffee", 60)
        assert (shown.width, shown.height) == (60, 40)

    decoding(work, Caps())


def test_a_closed_decoder_refuses_and_starts_no_child(
    decoding: Decoding, expect_log: Callable[[str], None]
) -> None:
    expect_log("does not start")

    async def work(decoder: Decoder) -> None:
        await decoder.close()
        with pytest.raises(PictureRefused):
            await decoder.inspect(path=PHOTOS / "page.png", name="page")
        assert decoder.pid is None

    decoding(work, Caps())


def test_closing_ends_the_job_that_runs(decoding: Decoding, expect_log: Callable[[str], None]) -> None:
    expect_log("decoder ended")

    async def work(decoder: Decoder) -> None:
        await decoder.inspect(path=PHOTOS / "page.png", name="page")
        freeze(decoder.pid)
        job = asyncio.ensure_future(decoder.inspect(path=PHOTOS / "page.png", name="page"))
        await asyncio.sleep(0)
        await decoder.close()
        with pytest.raises(PictureRefused):
            await job

    decoding(work, Caps(seconds=5))


def test_the_decoder_works_on_the_loop_of_the_window(run_async: Callable[[Any], Any]) -> None:
    async def work() -> None:
        decoder = Decoder()
        try:
            assert (await decoder.inspect(path=PHOTOS / "coffee.png", name="coffee")).width == 600
            with pytest.raises(PictureRefused):
                await decoder.inspect(path=PHOTOS / "README.md", name="README.md")
            shown = await decoder.pixels(PHOTOS / "astronaut.png", "astronaut", 512)
            assert len(shown.rgb) == 512 * 512 * 3
        finally:
            await decoder.close()

    run_async(work())


def test_each_further_picture_of_a_job_has_the_time_that_a_screenshot_takes(
    decoding: Decoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six parts of one with coloured writing and photographs took 10 s of the processor, of 13."""
    asked: list[float] = []
    send = ChildProcess.send

    async def sent(child: ChildProcess, frame: Frame) -> None:
        if frame.kind == "prepare":
            asked.append(frame.fields["seconds"])
        await send(child, frame)

    monkeypatch.setattr(ChildProcess, "send", sent)
    cut = Cut(box=(0, 0, 600, 400), size=(60, 40), searched=False)
    recipe = Recipe(size=(600, 400), cuts=(cut,) * 7)
    decoding(lambda decoder: decoder.prepare(PHOTOS / "coffee.png", "coffee.png", recipe))
    assert asked == [pytest.approx(Caps().seconds + 6 * 2, abs=3)]
