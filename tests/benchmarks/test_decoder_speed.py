"""A photograph of 48 megapixels at 1536 pixels: the decoder child against plain Pillow."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.pictures.decoder import Decoder

ROUNDS = 3
LONGEST_SIDE = 1536
CPU_RATIO = 0.25
RSS_RATIO = 0.5

NAIVE = """
import json, sys, time
from pathlib import Path
from PIL import Image
Image.preinit()
start = time.process_time()
image = Image.open(sys.argv[1]).convert("RGB")
scale = int(sys.argv[2]) / max(image.size)
size = tuple(round(side * scale) for side in image.size)
rows = image.resize(size, Image.Resampling.LANCZOS).tobytes()
cpu = time.process_time() - start
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(json.dumps([cpu, int(peak.split()[1]) * 1024]))
"""


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8000 x 6000 pixels with the detail, and so the file size, of a photograph."""
    noise = Image.effect_noise((2000, 1500), 60).resize((8000, 6000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((8000, 6000), 12)
    grey = ImageChops.add(noise, grain, scale=2)
    path = tmp_path_factory.mktemp("bench") / "photograph.jpg"
    Image.merge("RGB", (grey, noise, grain)).save(path, quality=88)
    return path


def naive(path: Path) -> tuple[float, int]:
    """CPU seconds and peak bytes of plain Pillow in a process of its own."""
    command = [sys.executable, "-c", NAIVE, str(path), str(LONGEST_SIDE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu, peak = json.loads(done.stdout)
    return cpu, peak


async def ours(path: Path) -> tuple[float, int]:
    """The same of a fresh decoder child that has looked at nothing yet but a small picture."""
    decoder = Decoder()
    try:
        await decoder.inspect(data=b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;", name="dot")
        before = cpu_seconds(decoder.pid)
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
    rounds = [(naive(photograph), asyncio.run(ours(photograph))) for _ in range(ROUNDS)]
    cpu = statistics.median(mine[0] / plain[0] for plain, mine in rounds)
    rss = statistics.median(mine[1] / plain[1] for plain, mine in rounds)
    report(f"48 MP JPEG at {LONGEST_SIDE}: CPU beside plain Pillow", cpu, CPU_RATIO)
    report(f"48 MP JPEG at {LONGEST_SIDE}: peak memory beside plain Pillow", rss, RSS_RATIO)
