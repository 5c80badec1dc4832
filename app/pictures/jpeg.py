"""JPEG files of a given weight. Runs in the decoder child."""

from __future__ import annotations

import io
import math
from typing import NamedTuple

from PIL import Image

from app.domain.picture_sizes import in_multiples
from app.pictures.caps import Refused

TRIES = 5

HEAD = 620
"""Bytes of tables, whatever the picture."""

_SLOPES = (-2.0, -0.2)
_POWERS = (0.5, 4.0)
_SCARCE = 0.1  # bytes a pixel: with fewer, the least quality is tried before the best
_AIMS = (0.985, 0.975, 0.955, 0.75)  # of the budget: what a try aims at, more careful towards the last


class Look(NamedTuple):
    """Qualities a picture may be saved at, and whether its colours keep every pixel (4:4:4).

    The rest is what many such pictures weigh, from which is guessed until two tries tell: `slope` of log
    bytes over log of the quantiser's scale, `power` of the width with which the bytes grow, and `near`:
    what is guessed at so many times the budget is still tried at the least quality, since a file is made
    faster than a smaller picture. `close` is what of the budget is not worth another try.
    """

    best: int
    least: int
    sharp: bool
    slope: float
    power: float
    near: float
    close: float


PHOTOGRAPH = Look(90, 70, sharp=False, slope=-0.57, power=1.6, near=1.5, close=0.94)
DRAWING = Look(95, 60, sharp=True, slope=-0.65, power=1.75, near=1.25, close=0.97)
"""Writing stands a coarse quality better than fewer pixels, and needs the colours of every pixel."""


class Jpeg(NamedTuple):
    """A file with its size in pixels, and the `power` that was found of the width, if one was looked for:
    with that in a Look, other parts of the same photograph need fewer tries."""

    data: memoryview
    width: int
    height: int
    power: float | None = None


def encode(
    image: Image.Image, most_bytes: int | None = None, look: Look = PHOTOGRAPH, multiple: int = 1
) -> Jpeg:
    """`image` as a JPEG file of at most `most_bytes`.

    It keeps all pixels as long as `look.least` does, and is scaled down below that, to sides that are
    multiples of `multiple` where they were. At most TRIES files are made, and the best of them has 97 %
    of the bytes that the best possible one would have, taken over many pictures. Raises Refused where
    even a tiny picture is too much.
    """
    scarce = most_bytes is not None and most_bytes < _SCARCE * image.width * image.height
    quality = look.least if scarce else look.best
    first = _save(image, quality, look)
    if most_bytes is None or (quality == look.best and len(first.data) <= most_bytes):
        return first
    return _fitting(image, look, most_bytes, multiple, TRIES - 1).fitted(first, quality)


def fitted(image: Image.Image, best: float, most_bytes: int, look: Look, multiple: int, tries: int) -> Jpeg:
    """As `encode`, where `image` weighs about `best` at the best quality, which is too much; `tries` are 2
    or more."""
    return _fitting(image, look, most_bytes, multiple, tries).found(best - HEAD, look.best)


def _fitting(image: Image.Image, look: Look, most_bytes: int, multiple: int, tries: int) -> _Fitting:
    if most_bytes <= HEAD:
        raise Refused(_TOO_LITTLE.format(most_bytes))
    return _Fitting(image, look, most_bytes - HEAD, multiple, tries)


def scale_guess(best: float, most_bytes: int, look: Look) -> float:
    """About how much smaller what weighs `best` at the best quality is at the least one, to fit; 1 where
    it need not be."""
    budget = max(1, most_bytes - HEAD)
    scale: float = (budget / _at_least(best - HEAD, look)) ** (1 / look.power)
    return min(1.0, scale)


def told(look: Look, best: float, least: float, smaller: float | None = None, scale: float = 1.0) -> Look:
    """`look` for a picture that weighs about `best` and `least` at those qualities, and `smaller` at the
    least one at `scale`."""
    across = _quantiser(look.least) - _quantiser(look.best)
    slope = _clamped(math.log((least - HEAD) / (best - HEAD)) / across, _SLOPES)
    power = look.power if smaller is None else _power(smaller - HEAD, least - HEAD, scale)
    return look._replace(slope=slope, power=power)


def _at_least(weight: float, look: Look) -> float:
    """About how much a picture weighs at the least quality that weighs `weight` at the best one."""
    return weight * math.exp(look.slope * (_quantiser(look.least) - _quantiser(look.best)))


_TOO_LITTLE = "it cannot be made to fit {} bytes"


class _Fitting:
    """Tries qualities, then sizes. All weights are without the tables."""

    def __init__(self, image: Image.Image, look: Look, budget: int, multiple: int, tries: int) -> None:
        self._image = image
        self._look = look
        self._budget = budget
        self._multiple = multiple
        self._left = tries
        self._best: Jpeg | None = None
        self._is_whole_known = False  # what all pixels weigh at the least quality

    def fitted(self, first: Jpeg, quality: int) -> Jpeg:
        """The best file found, where `first` is the one at `quality`: the best and too much, or the least."""
        return self.found(self._kept(first), quality)

    def found(self, weight: float, quality: int) -> Jpeg:
        """The same, where all that is known of the one at `quality` is that it weighs so much."""
        start = (_quantiser(quality), math.log(weight))
        if quality != self._look.least:
            least = _at_least(weight, self._look)
            if least <= self._look.near * self._budget:
                least = self._by_quality(start, [self._look.least, quality - 1])
        elif weight <= self._budget:
            least = self._by_quality(start, [quality + 1, self._look.best])
        else:
            least, self._is_whole_known = weight, True
        if self._best is None:
            self._by_size(least)
        if self._best is None:
            raise Refused(_TOO_LITTLE.format(self._budget + HEAD))
        return self._best

    def _by_quality(self, start: tuple[float, float], bounds: list[int]) -> float:
        """Look within `bounds` for a quality at which all pixels fit; else the weight at the least one."""
        tried, made, slope = start, math.exp(start[1]), self._look.slope
        ends: dict[bool, tuple[float, float]] = {made <= self._budget: start}  # what fits; what is too heavy
        while self._left and bounds[0] <= bounds[1] and not self._look.close <= made / self._budget <= 1:
            aim = math.log(self._aim * self._budget)
            guess = _quality(tried[0] + (aim - tried[1]) / slope)
            quality = min(max(guess, bounds[0]), bounds[1])
            made = self._try(self._image, quality)
            fits = made <= self._budget
            if not fits and quality == self._look.least:
                self._is_whole_known = True
                return made
            point = (_quantiser(quality), math.log(made))
            bounds[0 if fits else 1] = quality + 1 if fits else quality - 1
            other = ends.get(not fits, tried)
            slope = _clamped((point[1] - other[1]) / ((point[0] - other[0]) or 1e-9), _SLOPES)
            tried = ends[fits] = point
        return math.exp(tried[1])

    def _by_size(self, whole: float) -> None:
        """Look for the largest size that fits at the least quality; `whole` weighs the full one."""
        scale, weight, power = 1.0, whole, self._look.power
        fits, heavy = 0.0, 1.0  # scales between which the best one lies
        sizes = {self._image.size}
        while self._left:
            tried = min(1.0, scale * (self._aim * self._budget / weight) ** (1 / power))
            if fits and not fits < tried < heavy:  # blocks of pixels weigh in steps
                tried = math.sqrt(fits * heavy)
            image = resized(self._image, tried, self._multiple, self._look)
            if fits and image.size in sizes:
                break
            sizes.add(image.size)
            made = self._try(image, self._look.least)
            if made <= self._budget:
                fits = max(fits, tried)
                if made >= self._look.close * self._budget:
                    break
            else:
                heavy = min(heavy, tried)
            if tried != scale and made != weight and (scale != 1 or self._is_whole_known):
                power = _power(made, weight, tried / scale)
            scale, weight = tried, made
        if self._best is not None and self._is_whole_known:
            power = _power(len(self._best.data) - HEAD, whole, fits)
            self._best = self._best._replace(power=power)

    @property
    def _aim(self) -> float:
        if self._best is None:
            return _AIMS[-self._left]
        return _AIMS[0] if self._left > 1 else _AIMS[2]

    def _try(self, image: Image.Image, quality: int) -> int:
        self._left -= 1
        return self._kept(_save(image, quality, self._look))

    def _kept(self, jpeg: Jpeg) -> int:
        """The weight of a file, which is kept where it fits and is the best yet."""
        weight = len(jpeg.data) - HEAD
        better = self._best is None or len(jpeg.data) > len(self._best.data)
        if weight <= self._budget and better:
            self._best = jpeg
        return max(1, weight)


def _clamped(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])


def _power(weight: float, other: float, scale: float) -> float:
    """With which of the width weights grow, where what is `scale` times as wide weighs `weight`."""
    return _clamped(math.log(weight / other) / math.log(scale), _POWERS)


def _quantiser(quality: int) -> float:
    """The log of how much libjpeg scales its quantisation tables at `quality`."""
    return math.log(5000 / quality if quality < 50 else 200 - 2 * quality)


def _quality(quantiser: float) -> int:
    scale = math.exp(min(quantiser, 9.0))
    return math.floor(5000 / scale if scale > 100 else (200 - scale) / 2)


def resized(image: Image.Image, scale: float, multiple: int, look: Look) -> Image.Image:
    """What a coarse quality is going to soften needs no sharper filter; edges of writing do."""
    size = tuple(in_multiples(max(1, round(side * scale)), multiple) for side in image.size)
    kernel = Image.Resampling.LANCZOS if look.sharp else Image.Resampling.HAMMING
    return image.resize((size[0], size[1]), kernel, reducing_gap=2.0)


def _save(image: Image.Image, quality: int, look: Look) -> Jpeg:
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=quality, subsampling=0 if look.sharp else 2)
    return Jpeg(encoded.getbuffer(), image.width, image.height)
