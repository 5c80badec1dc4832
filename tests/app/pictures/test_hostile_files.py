"""Files that are cut off, lie about themselves, or are no files at all."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import PictureRefused
from app.domain.geometry import Box
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.pictures.recipe import Cut, Recipe
from tests.app.child.freezing import freeze
from tests.app.pictures.samples import encoded, png_bomb, png_chunk, png_header, scene

Decoding = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 10.0
SVG = b'<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some 350 kB that holds 88 megapixels with alpha."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.png"
    path.write_bytes(png_bomb(9_400, 9_400))
    return path


async def refusal(decoder: Decoder, path: Path) -> str:
    """Why the picture at `path` is refused; fails when it is not, or not within LIMIT_S."""
    started = time.monotonic()
    with pytest.raises(PictureRefused) as caught:
        await decoder.inspect(path=path, name=path.name)
    assert time.monotonic() - started < LIMIT_S
    assert caught.value.sentence.startswith(f"{path.name} cannot be opened: ")
    return caught.value.facts["reason"]


# ---------------------------------------------------------------- D1 bombs


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (13_000, 13_000), (21_000, 5_001)])
def test_d1_a_header_that_claims_too_many_pixels_is_refused_with_its_size(
    decoding: Decoding, tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_header(width, height) + png_chunk(b"IDAT", b"x" * 100))
    reason = decoding(lambda decoder: refusal(decoder, path))
    assert reason == f"it is {width} × {height} pixels, more than 105 megapixels"


@pytest.mark.parametrize(("width", "height"), [(11_648, 8_736), (11_656, 8_742)])
def test_pictures_of_the_largest_cameras_are_not_too_large(
    decoding: Decoding, tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "camera.png"
    path.write_bytes(png_header(width, height) + png_chunk(b"IDAT", b"x" * 100))
    assert decoding(lambda decoder: refusal(decoder, path)) == "the file is cut off or damaged"


def test_d1_a_picture_larger_than_most_is_opened_when_the_user_says_so(
    decoding: Decoding, tmp_path: Path
) -> None:
    """And once it was, it is shown and sent without another word."""
    path, small = tmp_path / "large.png", tmp_path / "small.png"
    path.write_bytes(encoded(scene(300, 200), "PNG"))
    small.write_bytes(encoded(scene(160, 100), "PNG"))
    caps = Caps(pixels=20_000, large_pixels=70_000)
    whole = Recipe(size=(300, 200), cuts=(Cut(box=(0, 0, 300, 200), size=(30, 20)),))

    async def work(decoder: Decoder) -> None:
        for look in (
            decoder.inspect(path=path, name="l"),
            decoder.read(path, "l"),
            decoder.glance(path, "l", 9),
        ):
            with pytest.raises(PictureRefused, match="300 × 200 pixels, more than 0 megapixels") as refused:
                await look
            assert refused.value.large
        taken = await decoder.read(path, "l", large=True)
        assert (taken.picture.width, bytes(taken.data)) == (300, path.read_bytes())
        assert (await decoder.inspect(data=path.read_bytes(), name="l", large=True)).height == 200
        assert (await decoder.pixels(path, "l", 30)).width == 30
        assert (await decoder.glance(path, "l", 9, kept=True)).width in range(9, 19)
        part = Box(left=0, top=0, right=9, bottom=9)
        assert (await decoder.part(path, "l", part, 9)).width == 9
        assert (await decoder.part(path, "l", part, 9)).width == 9
        assert (await decoder.prepare(path, "l", whole))[0].width == 30
        assert (await decoder.encode(path, "l", 30)).width == 30
        assert (await decoder.inspect(path=small, name="s")).width == 160

    decoding(work, caps)


def test_d1_a_picture_larger_than_the_user_may_say_is_refused_for_good(
    decoding: Decoding, tmp_path: Path
) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_header(16_000, 16_000) + png_chunk(b"IDAT", b"x" * 100))

    async def work(decoder: Decoder) -> tuple[PictureRefused, PictureRefused]:
        found = []
        for large in (False, True):
            with pytest.raises(PictureRefused, match="it is 16000 × 16000 pixels") as refused:
                await decoder.inspect(path=path, name="huge.png", large=large)
            found.append(refused.value)
        return found[0], found[1]

    without, with_it = decoding(work)
    assert not without.large
    assert not with_it.large
    assert with_it.facts["reason"].endswith("more than 250 megapixels")


def test_d1_a_large_picture_has_more_memory_for_its_jobs_alone(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encoded(scene(300, 200), "PNG"))
    caps = Caps(pixels=20_000)

    async def work(decoder: Decoder) -> None:
        part = Box(left=0, top=0, right=9, bottom=9)
        for _ in range(2):  # the second one is cut from what is kept of the first
            await decoder.part(path, "large", part, 9)
            assert memory_bounds(decoder.pid) == [caps.large_memory_bytes, caps.large_memory_bytes]
        await decoder.forget()
        assert memory_bounds(decoder.pid) == [caps.memory_bytes, caps.large_memory_bytes]

    decoding(work, caps)


@pytest.mark.soak
def test_d1_a_large_picture_has_more_time(decoding: Decoding, bomb: Path) -> None:
    caps = Caps(pixels=80_000_000, memory_bytes=400 * 1024**2, seconds=0.3)
    looked = decoding(lambda decoder: decoder.inspect(path=bomb, name="bomb.png", large=True), caps)
    assert looked.width == 9_400


def memory_bounds(pid: int | None) -> list[int]:
    """How much address space process `pid` may have now, and may let itself have."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("Max address space")]
    return [int(bound) for bound in line.split()[3:5]]


def test_d1_a_small_file_of_88_megapixels_stays_within_its_memory(decoding: Decoding, bomb: Path) -> None:
    assert bomb.stat().st_size < 600_000

    async def work(decoder: Decoder) -> int:
        shown = await decoder.pixels(bomb, "bomb.png", 512)
        assert (shown.width, shown.height) == (512, 512)
        return peak_bytes(decoder.pid)

    assert decoding(work, Caps(seconds=60.0)) < 512 * 1024**2


def test_d1_a_still_webp_takes_no_more_memory_than_its_canvases(decoding: Decoding, tmp_path: Path) -> None:
    """Two canvases and what came of them, of four bytes a pixel each; its pixels are a fourth."""
    path = tmp_path / "still.webp"
    Image.new("RGB", (4_000, 4_000), (9, 80, 200)).save(path, quality=1, method=0)

    async def work(decoder: Decoder) -> int:
        await decoder.inspect(data=encoded(scene(8, 8), "WEBP"), name="small.webp")
        before = peak_bytes(decoder.pid)
        assert (await decoder.inspect(path=path, name="still.webp")).width == 4_000
        return peak_bytes(decoder.pid) - before

    assert decoding(work, Caps(seconds=60.0)) < 14 * 4_000**2


@pytest.mark.soak
def test_d1_a_webp_of_100_megapixels_is_opened(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "large.webp"
    Image.new("RGBA", (16_000, 6_250), (9, 80, 200, 120)).save(path, quality=1, method=0)
    assert decoding(lambda decoder: decoder.inspect(path=path, name="large.webp"), Caps()).height == 6_250


def test_d1_a_file_larger_than_the_cap_is_refused_unread(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "long.png"
    with path.open("wb") as file:
        file.write(encoded(scene(), "PNG"))
        file.truncate(300 * 1024**2)
    assert decoding(lambda decoder: refusal(decoder, path)) == "the file is larger than 256 MB"


def peak_bytes(pid: int | None) -> int:
    """The most memory process `pid` ever had resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


# ---------------------------------------------------------------- D2 cut off


def cut_files() -> list[tuple[str, bytes]]:
    image = scene(97, 83)
    return [
        ("JPEG", encoded(image, "JPEG", quality=85)),
        ("JPEG", encoded(image, "JPEG", quality=85, progressive=True)),
        ("PNG", encoded(image, "PNG")),
        ("WEBP", encoded(image, "WEBP")),
        ("WEBP", encoded(image, "WEBP", lossless=True)),
        ("GIF", encoded(image, "GIF")),
        ("BMP", encoded(image, "BMP")),
        ("TIFF", encoded(image, "TIFF", compression="tiff_lzw")),
        ("HEIF", encoded(image, "HEIF")),
        ("AVIF", encoded(image, "AVIF")),
    ]


@pytest.mark.parametrize(("kind", "whole"), cut_files())
def test_d2_a_cut_picture_is_refused_or_whole_but_never_half(
    decoding: Decoding, tmp_path: Path, kind: str, whole: bytes
) -> None:
    """A few formats may lose their last bytes and still hold every pixel."""
    path = tmp_path / "cut.jpg"

    async def pixels(decoder: Decoder, data: bytes, longest_side: int) -> bytes | None:
        path.write_bytes(data)
        try:
            return bytes((await decoder.pixels(path, "cut.jpg", longest_side)).rgb)
        except PictureRefused as refused:
            assert refused.facts["name"] == "cut.jpg"
            assert refused.facts["reason"]
            return None

    async def work(decoder: Decoder) -> None:
        full, small = await pixels(decoder, whole, 1000), await pixels(decoder, whole, 10)
        accepted = 0
        offsets = sorted({len(whole) * step // 100 for step in range(100)} | {len(whole) - 3, len(whole) - 1})
        for offset in offsets:
            shown = await pixels(decoder, whole[:offset], 1000)
            assert shown in (None, full), f"{kind} cut at {offset} of {len(whole)}"
            assert await pixels(decoder, whole[:offset], 10) in (None, small)
            accepted += shown is not None
        assert accepted <= len(offsets) // 10

    decoding(work)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_d2_inspecting_a_cut_picture_refuses_it(decoding: Decoding, tmp_path: Path, name: str) -> None:
    path = tmp_path / "half.dat"
    whole = encoded(scene(800, 600), name)
    path.write_bytes(whole[: len(whole) // 2])
    assert decoding(lambda decoder: refusal(decoder, path)) == "the file is cut off or damaged"


# ---------------------------------------------------------------- D3 what it really is

LIARS = {
    "text": (b"Dear diary,\nno picture here.\n", "it is text, not a picture"),
    "svg": (SVG, "it is an SVG drawing"),
    "bare svg": (b"  <svg width='9'></svg>", "it is an SVG drawing"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is a PostScript drawing"),
    "dos eps": (b"\xc5\xd0\xd3\xc6" + bytes(60), "it is a PostScript drawing"),
    "pdf": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "PDF documents are not opened yet; save the page as a picture",
    ),
    "psd": (b"8BPS\0\1" + bytes(40), "it is a Photoshop file"),
    "fits": (b"SIMPLE  =                    T", "it is a FITS file"),
    "html": (b"<!DOCTYPE html><html><body>hi", "it is a web page"),
    "zip": (b"PK\3\4" + bytes(40), "it is a ZIP archive"),
    "video": (b"\0\0\0\x18ftypisom" + bytes(16), "it is a video"),
    "noise": (
        bytes(range(256)) * 4,
        "it is none of the kinds Fovea opens: PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC and AVIF",
    ),
    "nothing": (b"", "the file is empty"),
    "a word that begins as BMP does": (b"BMW builds cars and motorcycles.", "it is text, not a picture"),
}


@pytest.mark.parametrize("kind", LIARS)
def test_d3_a_file_that_only_claims_to_be_png_is_refused_by_what_it_is(
    decoding: Decoding, tmp_path: Path, kind: str
) -> None:
    data, reason = LIARS[kind]
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    assert decoding(lambda decoder: refusal(decoder, path)) == reason


@pytest.mark.parametrize("name", ["EPS", "PDF", "PPM", "ICO", "TGA", "PCX", "JPEG2000"])
def test_d3_formats_that_pillow_knows_and_we_do_not_are_refused(
    decoding: Decoding, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(encoded(scene(64, 64), name))
    decoding(lambda decoder: refusal(decoder, path))


def test_d3_a_picture_that_is_also_an_archive_is_sent_as_pixels_only(
    decoding: Decoding, tmp_path: Path
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("payload.html", "<script>alert(1)</script>")
    path = tmp_path / "both.jpg"
    path.write_bytes(encoded(scene(), "JPEG") + archive.getvalue())
    data = decoding(lambda decoder: decoder.encode(path, "both.jpg", 100)).data
    assert b"PK\3\4" not in data
    assert b"payload" not in data
    assert not zipfile.is_zipfile(io.BytesIO(data))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "BMP", "WEBP"])
def test_d3_a_picture_that_is_also_a_page_is_sent_as_pixels_only(
    decoding: Decoding, tmp_path: Path, name: str
) -> None:
    page = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
    path = tmp_path / "both.html"
    path.write_bytes(encoded(scene(), name) + page)
    picture = decoding(lambda decoder: decoder.inspect(path=path, name="both.html"))
    assert picture.format == name.lower()
    data = decoding(lambda decoder: decoder.encode(path, "both.html", 100)).data
    assert b"<script" not in data


def test_d3_the_child_never_loads_a_decoder_it_may_not_use(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    program = f"""
import sys
from app.pictures.caps import Caps, Refused
from app.pictures.render import decode, set_up
set_up()
for path in ({str(path)!r}, {str(ROOT / "tests/data/photos/page.png")!r}):
    try:
        decode(open(path, "rb"), 100, Caps())
    except Refused as refusal:
        print(refusal)
print(sorted(name for name in sys.modules if name.startswith("PIL.") and name.endswith("Plugin")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "it is a PostScript drawing" in done.stdout
    for loaded in ("Eps", "Psd", "Pdf", "Fits", "Ico", "Tiff"):
        assert f"{loaded}ImagePlugin" not in done.stdout


# ---------------------------------------------------------------- D4 not a file


def test_d4_what_is_no_file_is_named_and_never_waited_for(decoding: Decoding, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "dangling.png").symlink_to(tmp_path / "gone")
    (tmp_path / "circle.png").symlink_to(tmp_path / "circle.png")
    (tmp_path / "to-pipe.png").symlink_to(tmp_path / "pipe.png")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket.png"))
    expected = {
        "pipe.png": "it is not a regular file",
        "to-pipe.png": "it is not a regular file",
        "socket.png": "it is not a regular file",
        "folder.png": "it is a folder",
        "dangling.png": "it is a link to something that is not there",
        "circle.png": "it is a link that leads back to itself",
        "nothing.png": "there is no such file",
        "x" * 300: "its name is too long",
    }

    async def work(decoder: Decoder) -> None:
        assert await refusal(decoder, Path("/dev/zero")) == "it is not a regular file"
        for name, reason in expected.items():
            assert await refusal(decoder, tmp_path / name) == reason

    with listener:
        decoding(work)


def test_d4_a_file_that_vanished_after_it_was_seen_is_refused(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "seen.png"
    path.write_bytes(encoded(scene(), "PNG"))

    async def work(decoder: Decoder) -> str:
        await decoder.inspect(path=path, name="seen.png")
        path.unlink()
        return await refusal(decoder, path)

    assert decoding(work) == "there is no such file"


def test_d4_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    """As an ordinary user: nothing is unreadable to root."""
    tmp_path.chmod(0o755)
    for name, mode in (("open.png", 0o644), ("secret.png", 0)):
        (tmp_path / name).write_bytes(encoded(scene(), "PNG"))
        (tmp_path / name).chmod(mode)
    program = """
import os
from app.pictures.caps import Refused
from app.pictures.files import open_regular
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
for name in ("open.png", "secret.png"):
    try:
        print(len(open_regular(name, 10**9).read(4)))
    except Refused as refusal:
        print(refusal)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["4", "you may not read it"]


# ---------------------------------------------------------------- D7 the child itself


def test_d7_a_killed_child_fails_one_picture_only(
    decoding: Decoding, tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("decoder ended")
    path = tmp_path / "fine.png"
    path.write_bytes(encoded(scene(), "PNG"))

    async def work(decoder: Decoder) -> None:
        await decoder.inspect(path=path, name="fine.png")
        freeze(decoder.pid)
        job = asyncio.ensure_future(decoder.inspect(path=path, name="fine.png"))
        await asyncio.sleep(0)
        os.kill(decoder.pid, signal.SIGKILL)
        with pytest.raises(PictureRefused, match="stopped while it looked at it"):
            await job
        assert (await decoder.inspect(path=path, name="fine.png")).width == 160

    decoding(work, Caps())


def test_d7_a_child_that_never_answers_is_killed_and_replaced(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "fine.png"
    path.write_bytes(encoded(scene(), "PNG"))

    async def work(decoder: Decoder) -> None:
        await decoder.inspect(path=path, name="fine.png")
        stuck = decoder.pid
        freeze(stuck)
        with pytest.raises(PictureRefused, match="it took longer than 1 seconds to open"):
            await decoder.inspect(path=path, name="fine.png")
        assert (await decoder.inspect(path=path, name="fine.png")).width == 160
        assert decoder.pid != stuck
        assert not Path(f"/proc/{stuck}").exists()

    decoding(work, Caps(seconds=1, patience=1))


def test_d7_a_picture_that_never_comes_to_its_end_is_given_up_by_the_processor_s_time(
    decoding: Decoding, tmp_path: Path, bomb: Path
) -> None:
    small = tmp_path / "small.png"
    small.write_bytes(encoded(scene(), "PNG"))
    whole = Recipe(size=(9_400, 9_400), cuts=(Cut(box=(0, 0, 9_400, 9_400), size=(100, 100)),))

    async def work(decoder: Decoder) -> None:
        with pytest.raises(PictureRefused, match=r"it took longer than 0\.3 seconds to open"):
            await decoder.inspect(path=bomb, name="bomb.png")
        with pytest.raises(PictureRefused, match=r"it took longer than 0\.3 seconds to prepare"):
            await decoder.prepare(bomb, "bomb.png", whole)
        assert (await decoder.inspect(path=small, name="small.png")).width == 160

    decoding(work, Caps(seconds=0.3, patience=1_000))


def test_d7_a_picture_that_waits_for_a_busy_computer_is_not_given_up(
    decoding: Decoding, tmp_path: Path
) -> None:
    path = tmp_path / "fine.png"
    path.write_bytes(encoded(scene(), "PNG"))

    async def work(decoder: Decoder) -> None:
        await decoder.inspect(path=path, name="fine.png")
        busy = decoder.pid
        assert busy is not None
        freeze(busy)
        job = asyncio.ensure_future(decoder.inspect(path=path, name="fine.png"))
        await asyncio.wait([job], timeout=0.6)  # longer than it may take of the processor
        os.kill(busy, signal.SIGCONT)
        assert (await job).width == 160
        assert decoder.pid == busy

    decoding(work, Caps(seconds=0.5, patience=100))


def test_d7_a_picture_that_needs_too_much_memory_fails_alone(
    decoding: Decoding, tmp_path: Path, bomb: Path
) -> None:
    small = tmp_path / "small.png"
    small.write_bytes(encoded(scene(), "PNG"))

    async def work(decoder: Decoder) -> None:
        reason = await refusal(decoder, bomb)
        assert reason == "it needs more memory than Fovea gives a picture"
        assert (await decoder.inspect(path=small, name="small.png")).width == 160

    decoding(work, Caps(memory_bytes=400 * 1024**2))


def test_d7_random_damage_never_ends_in_anything_but_pixels_or_a_refusal(decoding: Decoding) -> None:
    """A seeded walk over damaged files of every format; the child may crash, the decoder may not."""
    import random

    random_source = random.Random(20)

    async def work(decoder: Decoder) -> None:
        for _, whole in cut_files():
            for _ in range(25):
                data = bytearray(whole)
                for _ in range(random_source.randint(1, 12)):
                    data[random_source.randrange(len(data))] = random_source.randrange(256)
                try:
                    picture = await decoder.inspect(data=bytes(data), name="damaged")
                except PictureRefused as refused:
                    assert refused.facts["reason"]
                else:
                    assert picture.width > 0

    decoding(work, Caps())


def test_animated_pictures_show_their_first_frame(decoding: Decoding, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue")]
    for name in ("GIF", "WEBP", "PNG", "AVIF", "TIFF"):
        path = tmp_path / f"moving.{name}"
        path.write_bytes(encoded(frames[0], name, save_all=True, append_images=frames[1:]))
        shown = decoding(lambda decoder, path=path: decoder.pixels(path, "moving", 100))
        red, green, blue = bytes(shown.rgb)[:3]
        assert red > 240, name
        assert green < 15, name
        assert blue < 15, name
