"""Palettes of few colours that keep what a picture tells by its colours. Runs in the child.

A palette is taken from a sample and mapped to the whole, which is a matter of milliseconds; what stands
out by its hue is looked for in the whole picture, since a single red word is in no sample.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from PIL import Image, ImageChops

CELL = 4  # pixels, the side of what is taken for one tone and one hue
HUED = 16  # levels of Cb or Cr beside grey, of a whole cell: dark inks have less, and most fringes
MANY = 16

Colour = tuple[int, ...]

_COMMON = 0.001  # of the pixels
_INKED = 0.8  # of the way from the ground to the ink
_FAINT = 12  # levels of Cb or Cr beside grey, of a pixel
_STEP = 17  # levels; 0 and 255 are steps
_HUES = 8  # beside as many common colours; all of them are written in four bits a pixel
_MOST_HUES = 256  # that are weighed: a photograph has more, and is no picture of few colours
_NEAR = 32  # levels: what is so near to a colour of the palette needs none of its own


class Hue(NamedTuple):
    """A colour that stands out and the number of its pixels."""

    colour: Colour
    pixels: int


def cells(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The Cb and Cr of every cell of `image`."""
    blue, red = _bands(image)
    return blue.reduce(CELL), red.reduce(CELL)


def off_grey(bands: tuple[Image.Image, Image.Image]) -> Image.Image:
    """How far from grey each pixel or cell is."""
    far = [abs(level - 128) for level in range(256)]
    return ImageChops.lighter(bands[0].point(far), bands[1].point(far))


def standing_out(image: Image.Image) -> Image.Image | None:
    """The pixels of `image` with a hue, 255 over 0, in cells that have one on the whole; None for none.

    Of the fringes of grey letters on many screens most are none: beside a red one lies a blue one.
    """
    if image.mode == "L":
        return None
    bands = _bands(image)
    tinted = off_grey((bands[0].reduce(CELL), bands[1].reduce(CELL))).point(_from(HUED))
    if tinted.getbbox() is None:
        return None
    areas = tinted.resize((tinted.width * CELL, tinted.height * CELL), Image.Resampling.NEAREST)
    pixels = off_grey(bands).point(_from(_FAINT))
    return ImageChops.darker(pixels, areas.crop((0, 0, *image.size)))


def hues(image: Image.Image) -> list[Hue]:
    """The colours that stand out in `image`, in steps of _STEP levels."""
    mask = standing_out(image)
    if mask is None:
        return []
    steps = image.point([round(level / _STEP) * _STEP for level in range(256)] * 3)
    found = Image.new("RGB", image.size)
    found.paste(steps, mask=mask)
    counts: Any = found.getcolors((256 // _STEP + 1) ** 3)  # one number a pixel only where there is one band
    coloured = [Hue(colour, count) for count, colour in counts if max(colour) > min(colour)]
    return sorted(coloured, key=lambda hue: -hue.pixels)[:_MOST_HUES]


class Palette(NamedTuple):
    """Tones for all that does not stand out by its hue, and these with hues behind them for what does."""

    tones: Image.Image
    all: Image.Image | None = None


class Palettes:
    """Palettes for what looks like `part`."""

    def __init__(self, part: Image.Image) -> None:
        self._part = part
        self._found: dict[int, dict[Colour, int]] = {}

    def palette(self, colours: int, extra: list[Hue]) -> Palette:
        """The most common `colours`, or steps from the ground to what is inked, whose edges are so a little
        nearer to the ground than halfway, which keeps thin strokes; and of `extra` what these do not show."""
        common = self._common(MANY - _HUES if extra and colours == MANY else MANY)
        pixels = self._part.width * self._part.height
        chosen = list(common) if colours == MANY else _steps(common, colours, pixels)
        return Palette(_of(chosen), _of(_with_hues(chosen, extra)) if extra else None)

    def _common(self, most: int) -> dict[Colour, int]:
        if most not in self._found:
            few = self._part.quantize(most, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            self._found[most] = _counted(few)
        return self._found[most]


def mapped(image: Image.Image, onto: Palette) -> Image.Image:
    """`image` in the nearest of the colours of a palette; what is grey stays so."""
    coloured = image.convert("RGB")
    tones = coloured.quantize(palette=onto.tones, dither=Image.Dither.NONE)
    if onto.all is None:
        return tones
    mask = standing_out(image) or Image.new("L", image.size)
    made = coloured.quantize(palette=onto.all, dither=Image.Dither.NONE)
    made.paste(tones, mask=ImageChops.invert(mask))
    return made


def _bands(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    _, blue, red = image.convert("RGB").convert("YCbCr").split()
    return blue, red


def _from(least: int) -> list[int]:
    return [255 * (level >= least) for level in range(256)]


def _of(colours: list[Colour]) -> Image.Image:
    made = Image.new("P", (1, 1))
    made.putpalette([level for colour in colours for level in colour])
    return made


def _counted(image: Image.Image) -> dict[Colour, int]:
    """The colours of a palette, and how many pixels have them."""
    levels = image.getpalette("RGB") or []
    entries = [tuple(levels[3 * entry : 3 * entry + 3]) for entry in range(len(levels) // 3)]
    return dict(zip(entries, image.histogram(), strict=False))


def _steps(counts: dict[Colour, int], colours: int, pixels: int) -> list[Colour]:
    ground = max(counts, key=counts.__getitem__)
    seen = [entry for entry, count in counts.items() if count >= _COMMON * pixels]
    ink = max(seen, key=lambda entry: abs(_lightness(entry) - _lightness(ground)))
    pairs = list(zip(ground, ink, strict=True))
    parts = [_INKED * step / (colours - 1) for step in range(colours)]
    return [tuple(round(low + (high - low) * part) for low, high in pairs) for part in parts]


def _with_hues(chosen: list[Colour], extra: list[Hue]) -> list[Colour]:
    """The same and of `extra` what there is room for, each time what is missed the most."""
    far = {hue: min([_distance(hue.colour, entry) for entry in chosen]) for hue in extra}
    chosen = list(chosen)
    for _ in range(MANY - len(chosen)):
        if not far:
            break
        _, most = max((miss * hue.pixels**0.5, hue) for hue, miss in far.items())
        chosen.append(most.colour)
        far = {hue: min(miss, _distance(hue.colour, most.colour)) for hue, miss in far.items()}
        far = {hue: miss for hue, miss in far.items() if miss >= _NEAR**2}
    return chosen


def _distance(colour: Colour, other: Colour) -> int:
    return sum((level - another) ** 2 for level, another in zip(colour, other, strict=True))


def _lightness(colour: Colour) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
