"""`fovea describe` of a 12-megapixel photograph beside the bare calls of the libraries it uses."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.domain.model import Limits
from app.local.hardware import engine_threads
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare
from app.providers.quick_look import QuickLookProvider
from tests.photos import PHOTOS, photo, question, request

ROUNDS = 3
MEGAPIXELS_12 = (4000, 3000)
TIME_RATIO = 3.0

BARE = """
import json, sys, time
from pathlib import Path
start = time.perf_counter()
import cv2, numpy, onnxruntime, rapidocr
threads, model, photograph, longest_side = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
cv2.setNumThreads(threads)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
models = Path(rapidocr.__file__).parent / "models"
reader = rapidocr.RapidOCR(params={
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": threads,
    "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
    "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
    "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
})
word = cv2.putText(numpy.full((60, 200, 3), 255, "uint8"), "word", (9, 45), 0, 1.5, (0, 0, 0), 3)
reader(word)
load = time.perf_counter() - start
picture = cv2.imread(photograph)
scale = longest_side / max(picture.shape)
picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
square = numpy.zeros((1, 3, 224, 224), "float32")
start = time.perf_counter()
session.run(None, {"image": square})
labels = time.perf_counter() - start
start = time.perf_counter()
reader(picture)
print(json.dumps({"load": load, "labels": labels, "text": time.perf_counter() - start}))
"""


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cat of 12 megapixels."""
    path = tmp_path_factory.mktemp("bench") / "cat.jpg"
    photo("chelsea.png").resize(MEGAPIXELS_12, Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def limits() -> Limits:
    return QuickLookProvider().limits("quick-look")


def bare(photograph: Path) -> dict[str, float]:
    """Seconds to load the models and seconds of each call, in a process of its own."""
    model = PHOTOS.parents[2] / "resources" / "models" / "efficientnet-lite0.onnx"
    arguments = [str(engine_threads()), str(model), str(photograph), str(limits().longest_side)]
    done = subprocess.run([sys.executable, "-c", BARE, *arguments], capture_output=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def command(photograph: Path) -> float:
    """Seconds of the whole command, Python and every child included."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "app", "describe", str(photograph)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PHOTOS.parents[2],
    )
    seconds = time.perf_counter() - start
    assert "cat" in done.stdout
    return seconds


async def warm(photograph: Path) -> float:
    """Seconds from the file to the last word with both children warm, as in an open window."""
    decoder, provider = Decoder(), QuickLookProvider()
    try:
        async for _ in provider.stream(request(question("", "page.png"))):
            pass
        picture = await decoder.inspect(path=photograph, name=photograph.name)
        start = time.perf_counter()
        prepared = await prepare(decoder, photograph, picture, photograph.name, limits())
        asked = question().replace(pictures=prepared)
        async for _ in provider.stream(request(asked)):
            pass
        return time.perf_counter() - start
    finally:
        await provider.aclose()
        await decoder.close()


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_a_description_costs_at_most_three_times_the_bare_calls(
    photograph: Path, report: Callable[..., None]
) -> None:
    rounds = []
    for _ in range(ROUNDS):
        calls = bare(photograph)
        rounds.append((calls, command(photograph), asyncio.run(warm(photograph))))
    least = {name: min(calls[name] for calls, _, _ in rounds) for name in ("load", "labels", "text")}
    in_calls = [calls["labels"] + calls["text"] for calls, _, _ in rounds]
    beyond_load = statistics.median(
        (whole - calls["load"]) / spent for (calls, whole, _), spent in zip(rounds, in_calls, strict=True)
    )
    when_warm = statistics.median(
        seconds / spent for (_, _, seconds), spent in zip(rounds, in_calls, strict=True)
    )
    report("12 MP JPEG, bare calls: loading", least["load"], None, "s")
    report("12 MP JPEG, bare calls: labels and text", least["labels"] + least["text"], None, "s")
    report("fovea describe beyond loading, beside the bare calls", beyond_load, TIME_RATIO)
    report("a description in the window, beside the bare calls", when_warm, TIME_RATIO)
