"""The main colours of a picture by their everyday names. Runs in the child only."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.local.quick_look.findings import Colour

SAMPLES_A_SIDE = 128
SMALLEST_SHARE = 0.1
COLOURS_TOLD = 3

NAMED = {
    "black": ((0, 0, 0), (28, 28, 32)),
    "white": ((255, 255, 255), (238, 238, 236)),
    "grey": ((70, 70, 72), (128, 128, 128), (190, 190, 192)),
    "red": ((220, 30, 30), (150, 20, 25), (230, 80, 70)),
    "orange": ((245, 130, 30), (210, 105, 30), (250, 165, 80), (220, 95, 45)),
    "brown": ((110, 65, 35), (70, 42, 25), (150, 100, 65), (165, 85, 45)),
    "beige": ((215, 195, 160), (185, 160, 130), (240, 225, 200)),
    "yellow": ((250, 225, 40), (220, 190, 50), (250, 240, 130)),
    "green": ((40, 150, 50), (20, 75, 30), (130, 195, 100), (100, 115, 45), (0, 255, 0)),
    "turquoise": ((40, 190, 185), (15, 110, 115), (0, 255, 255)),
    "blue": (
        (30, 80, 200),
        (20, 30, 90),
        (90, 150, 220),
        (160, 195, 235),
        (0, 0, 255),
        (0, 0, 128),
        (45, 60, 95),
        (25, 35, 60),
    ),
    "purple": ((110, 45, 140), (70, 25, 85), (165, 115, 200)),
    "pink": ((245, 160, 190), (230, 60, 140), (255, 0, 255)),
}
"""Examples of each colour as sRGB; a pixel takes the name of the nearest example in CIELAB."""


def main_colours(rgb: npt.NDArray[np.uint8]) -> list[Colour]:
    """The colours that cover most of a picture (height, width, 3), largest share first.

    At most COLOURS_TOLD, each covering at least SMALLEST_SHARE, and always at least one.
    """
    height, width = rgb.shape[:2]
    sample = rgb[:: -(-height // SAMPLES_A_SIDE), :: -(-width // SAMPLES_A_SIDE)].reshape(-1, 3)
    distance = ((_lab(sample)[:, np.newaxis] - _EXAMPLES_LAB[np.newaxis]) ** 2).sum(axis=2)
    counts = np.bincount(_EXAMPLE_NAME[distance.argmin(axis=1)], minlength=len(NAMED))
    shares = counts / len(sample)
    names = list(NAMED)
    best = [int(n) for n in np.argsort(-shares, kind="stable")[:COLOURS_TOLD]]
    return [
        Colour(names[n], round(float(shares[n]), 3))
        for place, n in enumerate(best)
        if place == 0 or shares[n] >= SMALLEST_SHARE
    ]


def _lab(srgb: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """CIELAB (D65) of 8-bit sRGB rows."""
    value = srgb.astype(np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ_FROM_RGB.T / _WHITE
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        (
            116 * root[:, 1] - 16,
            500 * (root[:, 0] - root[:, 1]),
            200 * (root[:, 1] - root[:, 2]),
        ),
        axis=1,
    )


_XYZ_FROM_RGB = np.array(
    ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
)
_WHITE = _XYZ_FROM_RGB.sum(axis=1)
_EXAMPLES_LAB = _lab(np.array([example for examples in NAMED.values() for example in examples]))
_EXAMPLE_NAME = np.array([n for n, examples in enumerate(NAMED.values()) for _ in examples])
