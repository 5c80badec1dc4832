"""Pages of writing of a known size."""

from __future__ import annotations

import random
from statistics import NormalDist

from PIL import Image, ImageDraw, ImageFont

WORDS = "The quick brown fox jumps over a lazy dog and 1234567890 of Them Were hidden by great yellow boxes"


def capital(size: int) -> int:
    """How many pixels a capital letter of the font is high."""
    _, top, _, bottom = ImageFont.load_default(size).getbbox("H")
    return round(bottom - top)


def page(
    size: int, width: int = 1200, height: int = 900, dark: bool = False, grain: float = 0
) -> Image.Image:
    """Lines of words in a font of `size`, light on dark or dark on light, with grain like a photograph."""
    image = Image.new("RGB", (width, height), (30, 30, 34) if dark else "white")
    draw, font, choose = ImageDraw.Draw(image), ImageFont.load_default(size), random.Random(1)
    for top in range(size, height - 2 * size, round(1.5 * size)):
        line = " ".join(choose.choices(WORDS.split(), k=max(2, round(width / size / 3.2))))
        draw.text((size, top), line, fill=(220, 220, 220) if dark else (20, 20, 20), font=font)
    if grain:
        image = Image.blend(image, noise(width, height, 40).convert("RGB"), grain)
    return image


def noise(width: int, height: int, sigma: float) -> Image.Image:
    """Grey with noise around it, the same each time; Pillow's is another one each time."""
    spread = NormalDist(128, sigma)
    levels = bytes(min(255, max(0, round(spread.inv_cdf((at + 0.5) / 256)))) for at in range(256))
    grain = random.Random(1).randbytes(width * height).translate(levels)
    return Image.frombytes("L", (width, height), grain)


def inked(*colours: str) -> Image.Image:
    """A dense page, its lines of writing in different inks."""
    image = Image.new("RGB", (640, 480), "white")
    draw, font, choose = ImageDraw.Draw(image), ImageFont.load_default(10), random.Random(1)
    for number, top in enumerate(range(5, 470, 13)):
        line = "".join(choose.choices("abcdefghijklmnop QRSTUVWXYZ ", k=130))
        draw.text((5, top), line, fill=colours[number % len(colours)], font=font)
    return image
