"""JPEG files of a given weight. Runs in the decoder child."""

from __future__ import annotations

import io
import math
from typing import NamedTuple

from PIL import Image

from app.pictures.caps import Refused

QUALITY = 90
LEAST_QUALITY = 70
JPEG_LONGEST = 65_500

_HEAD = 620  # bytes of tables, whatever the picture
_AIM = 0.96  # of the budget: what an estimate aims at, to be inside it at once
_AIMS = (_AIM, 0.93, 0.8)  # and what the next ones do
_CLOSE = 0.85  # of the budget: not worth another try


class Jpeg(NamedTuple):
    """A file with its size in pixels."""

    data: memoryview
    width: int
    height: int


def encode(image: Image.Image, most_bytes: int | None = None) -> Jpeg:
    """`image` as a JPEG file of at most `most_bytes`.

    It keeps all pixels as long as a quality of LEAST_QUALITY does, and is scaled down below that,
    in five tries at most. Raises Refused where even a tiny picture is too much.
    """
    best = _save(image, QUALITY)
    if most_bytes is None or len(best.data) <= most_bytes:
        return best
    least = _save(image, LEAST_QUALITY)
    if len(least.data) > most_bytes:
        return _scaled(image, len(least.data), most_bytes)
    quality = _quality_between(len(least.data), len(best.data), most_bytes)
    if quality > LEAST_QUALITY:
        between = _save(image, quality)
        if len(between.data) <= most_bytes:
            return between
    return least


def _quality_between(least: int, best: int, most_bytes: int) -> int:
    """The quality to expect at `most_bytes`; the weight grows about exponentially with it."""
    part = math.log(_AIM * most_bytes / least) / math.log(best / least)
    return LEAST_QUALITY + math.floor((QUALITY - LEAST_QUALITY) * part)


def _scaled(image: Image.Image, whole: int, most_bytes: int) -> Jpeg:
    """The largest picture found that fits. `whole` is its weight at full size.

    A picture of half the width weighs more than a quarter, so the power between both is measured
    with each try.
    """
    scale, power = 1.0, 2.0
    weight = whole - _HEAD
    best: Jpeg | None = None
    for aim in _AIMS if most_bytes > _HEAD else ():
        tried = min(1.0, scale * (aim * (most_bytes - _HEAD) / weight) ** (1 / power))
        jpeg = _save(_resized(image, tried), LEAST_QUALITY)
        fits = len(jpeg.data) <= most_bytes
        if fits and (best is None or jpeg.width > best.width):
            best = jpeg
        if fits and len(jpeg.data) >= _CLOSE * most_bytes:
            break
        weighs = max(1, len(jpeg.data) - _HEAD)
        if weighs != weight and tried != scale:
            power = min(3.0, max(0.5, math.log(weighs / weight) / math.log(tried / scale)))
        scale, weight = tried, weighs
    if best is None:
        raise Refused(f"it cannot be made to fit {most_bytes} bytes")
    return best


def _resized(image: Image.Image, scale: float) -> Image.Image:
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _save(image: Image.Image, quality: int) -> Jpeg:
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=quality)
    return Jpeg(encoded.getbuffer(), image.width, image.height)
