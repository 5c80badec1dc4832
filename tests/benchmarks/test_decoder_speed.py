"""A photograph of 48 megapixels: the decoder child against plain Pillow and against libvips."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.domain.model import Limits
from app.domain.picture import Picture
from app.pictures import jpeg
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare

ROUNDS = 3
LONGEST_SIDE = 1536
MOST_BYTES = 134_997
"""Base64 makes fewer than 180,000 characters of them."""
PIXELS_CPU, PIXELS_RSS = 0.25, 0.1
READY_CPU, READY_RSS, VIPS_CPU = 0.25, 0.1, 1.3
OPTIMUM = 0.97
PHOTOS = Path(__file__).resolve().parents[1] / "data" / "photos"

MEASURED = """
import json, sys, time
from pathlib import Path
{imports}
start = time.process_time()
{work}
cpu = time.process_time() - start
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(json.dumps([cpu, int(peak.split()[1]) * 1024]))
"""
# As the manual does it, each step kept under its name.
SCALED = """
with Image.open(sys.argv[1]) as opened:
    turned = ImageOps.exif_transpose(opened)
    coloured = turned.convert("RGB")
    scale = int(sys.argv[2]) / max(coloured.size)
    image = coloured.resize(tuple(round(side * scale) for side in coloured.size), Image.Resampling.LANCZOS)
"""
SAVED = """
import io
for quality in range(90, 0, -5):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    if len(file.getvalue()) <= int(sys.argv[3]):
        break
"""
THUMBNAIL = """
side = int(sys.argv[2])
image = pyvips.Image.thumbnail(sys.argv[1], side, height=side, size="down").copy_memory()
for quality in range(90, 0, -5):
    if len(image.jpegsave_buffer(Q=quality, strip=True)) <= int(sys.argv[3]):
        break
"""
PILLOW = "from PIL import Image, ImageOps; Image.preinit()"
PROGRAMS = {
    "pixels": MEASURED.format(imports=PILLOW, work=SCALED + "image.tobytes()"),
    "ready": MEASURED.format(imports=PILLOW, work=SCALED + SAVED),
    "vips": MEASURED.format(imports="import pyvips", work=THUMBNAIL),
}


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8000 x 6000 pixels with the detail, and so the file size, of a photograph."""
    with Image.open(PHOTOS / "coffee.png") as image:
        scene = image.convert("RGB").resize((8000, 6000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((8000, 6000), 10).convert("RGB")
    path = tmp_path_factory.mktemp("bench") / "photograph.jpg"
    ImageChops.add(scene, grain, 1, -128).save(path, quality=88)
    return path


def measured(program: str, path: Path) -> tuple[float, int]:
    """CPU seconds and peak bytes of a program in a process of its own."""
    command = [sys.executable, "-c", PROGRAMS[program], str(path), str(LONGEST_SIDE), str(MOST_BYTES)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu, peak = json.loads(done.stdout.splitlines()[-1])
    return cpu, peak


async def ours(path: Path, ready: bool) -> tuple[float, int]:
    """The same of a decoder child that has prepared nothing yet but a small picture."""
    decoder = Decoder()
    limits = Limits(longest_side=LONGEST_SIDE, most_pictures=1, most_bytes=MOST_BYTES)
    small = PHOTOS / "rocket.jpg"
    try:
        await prepare(decoder, small, await decoder.inspect(path=small, name="small"), "small", limits)
        before = cpu_seconds(decoder.pid)
        if ready:
            picture = Picture(sha256="", format="jpeg", width=8000, height=6000, byte_count=0)
            (sent,) = await prepare(decoder, path, picture, path.name, limits)
            assert len(sent.data) <= MOST_BYTES
        else:
            pixels = await decoder.pixels(path, path.name, LONGEST_SIDE)
            assert max(pixels.width, pixels.height) == LONGEST_SIDE
        return cpu_seconds(decoder.pid) - before, peak_bytes(decoder.pid)
    finally:
        await decoder.close()


def cpu_seconds(pid: int | None) -> float:
    """What process `pid` used so far, to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_bytes(pid: int | None) -> int:
    """The most memory process `pid` ever had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_48_megapixel_jpeg_costs_a_quarter_of_plain_pillow(
    photograph: Path, report: Callable[..., None]
) -> None:
    rounds = [(measured("pixels", photograph), asyncio.run(ours(photograph, False))) for _ in range(ROUNDS)]
    cpu = statistics.median(mine[0] / plain[0] for plain, mine in rounds)
    rss = statistics.median(mine[1] / plain[1] for plain, mine in rounds)
    report(f"48 MP JPEG at {LONGEST_SIDE}: CPU beside plain Pillow", cpu, PIXELS_CPU)
    report(f"48 MP JPEG at {LONGEST_SIDE}: peak memory beside plain Pillow", rss, PIXELS_RSS)


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_48_megapixel_jpeg_is_ready_to_send_at_a_quarter_of_plain_pillow(
    photograph: Path, report: Callable[..., None]
) -> None:
    """Also beside libvips, which needs no more than its thumbnail and the same search for a quality."""
    others = ["ready", *(["vips"] if importlib.util.find_spec("pyvips") else [])]
    rounds = [
        ({name: measured(name, photograph) for name in others}, asyncio.run(ours(photograph, True)))
        for _ in range(ROUNDS)
    ]
    cpu = statistics.median(mine[0] / plain["ready"][0] for plain, mine in rounds)
    rss = statistics.median(mine[1] / plain["ready"][1] for plain, mine in rounds)
    report("48 MP JPEG ready to send: CPU beside plain Pillow", cpu, READY_CPU)
    report("48 MP JPEG ready to send: peak memory beside plain Pillow", rss, READY_RSS)
    beside_vips = "48 MP JPEG ready to send: CPU beside libvips"
    if "vips" in others:
        vips = statistics.median(mine[0] / plain["vips"][0] for plain, mine in rounds)
        report(beside_vips, vips, VIPS_CPU)
    else:
        report(beside_vips, None, VIPS_CPU, why="pyvips is not installed")


def corpus() -> Iterator[Image.Image]:
    """Photographs at three sizes each."""
    for path in sorted(PHOTOS.glob("*.*g")):
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        for times in (1, 2, 3):
            yield image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)


def best_possible(image: Image.Image, most_bytes: int) -> int:
    """The bytes of the largest file that fits: at the best quality, else at the largest size."""
    look = jpeg.PHOTOGRAPH
    fits = [jpeg.encode(image, None, look._replace(best=quality)) for quality in range(look.least, look.best)]
    sizes = [len(made.data) for made in fits if len(made.data) <= most_bytes]
    if sizes:
        return max(sizes)
    low, high, best = 0.0, 1.0, 0
    for _ in range(9):
        middle = (low + high) / 2
        size = (math.ceil(image.width * middle), math.ceil(image.height * middle))
        made = jpeg.encode(image.resize(size, Image.Resampling.LANCZOS), None, look._replace(best=look.least))
        low, high = (middle, high) if len(made.data) <= most_bytes else (low, middle)
        best = max(best, len(made.data) if len(made.data) <= most_bytes else 0)
    return best


@pytest.mark.bench
def test_few_encodings_come_close_to_the_best_possible(
    report: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    saves: list[int] = []
    save = jpeg._save
    shares, counts = [], []
    for image in corpus():
        for most_bytes in (225_000, MOST_BYTES, 75_000, 20_000):
            best = best_possible(image, most_bytes)
            saves.clear()
            with monkeypatch.context() as patched:
                patched.setattr(jpeg, "_save", lambda *given: (saves.append(1), save(*given))[1])
                made = jpeg.encode(image, most_bytes)
            if len(saves) > 1:
                shares.append(len(made.data) / best)
                counts.append(len(saves))
    report("bytes given away beside the best possible", 1 - statistics.mean(shares), 1 - OPTIMUM, "")
    report("encodings to fit a budget, at most", max(counts), jpeg.TRIES, "")
    report("encodings to fit a budget, on average", statistics.mean(counts), None, "")
