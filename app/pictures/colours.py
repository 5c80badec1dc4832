"""Any of Pillow's pixel kinds as sRGB, with memory bounded by bands. Runs in the decoder child."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

from PIL import Image, ImageCms

_BAND_PIXELS = 4_000_000
_PROFILE_LIMIT = 4 * 1024 * 1024
_REDUCING_GAP = 2.0
_DIRECT = {"L", "RGB", "CMYK"}
_KEYED = {"1", "L", "P", "RGB"}
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}

_Convert = Callable[[Image.Image], Image.Image]


def shrink(image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]) -> Image.Image:
    """The part `box` of `image` at `size`, as L, RGB or CMYK, transparency laid over white.

    What needs a conversion is converted band by band and reduced by a whole factor on the
    way, so that a picture of 100 megapixels is never in memory twice.
    """
    if image.mode in _DIRECT and not _has_colour_key(image):
        if image.size == size:
            return image
        return image.resize(size, Image.Resampling.LANCZOS, box, _REDUCING_GAP)
    mode, convert = _conversion(image)
    factor = int(min(image.width / size[0], image.height / size[1]) / _REDUCING_GAP) or 1
    canvas = Image.new(mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    rows = max(1, _BAND_PIXELS // (image.width * factor)) * factor
    for top in range(0, image.height, rows):
        band = convert(image.crop((0, top, image.width, min(image.height, top + rows))))
        canvas.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    if canvas.size == size:
        return canvas
    inner = (0, 0, image.width / factor, image.height / factor)
    return canvas.resize(size, Image.Resampling.LANCZOS, inner)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An L, RGB or CMYK image as RGB, through its ICC profile where that is sane and needed."""
    if profile and len(profile) <= _PROFILE_LIMIT:
        converted = _through_profile(image, profile)
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _PROFILE_SPACES[image.mode]:
            return None
        if (source.profile.profile_description or "").startswith("sRGB"):
            return None
        return ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _has_colour_key(image: Image.Image) -> bool:
    return image.mode in _KEYED and image.info.get("transparency") is not None


def _conversion(image: Image.Image) -> tuple[str, _Convert]:
    """The mode to convert to, and how to convert a band to it."""
    mode = image.mode
    if _has_colour_key(image) or mode in ("RGBA", "RGBa", "PA"):
        return "RGB", lambda band: _over_white(band, "RGBA", "RGB")
    if mode in ("LA", "La"):
        return "L", lambda band: _over_white(band, "LA", "L")
    if mode.startswith("I;16"):
        return "L", lambda band: _scaled(band.convert("I"), 255 / 65535, 0.5)
    if mode in ("I", "F"):
        scale, offset = _levels(image)
        return "L", lambda band: _scaled(band, scale, offset)
    return ("L" if mode == "1" else "RGB"), lambda band: band.convert("L" if mode == "1" else "RGB")


def _over_white(band: Image.Image, with_alpha: str, without: str) -> Image.Image:
    if band.mode != with_alpha:
        band = band.convert(with_alpha)
    alpha = band.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return band.convert(without)
    white = Image.new(without, band.size, "white")
    white.paste(band.convert(without), mask=alpha)
    return white


def _scaled(band: Image.Image, scale: float, offset: float) -> Image.Image:
    return band.point(lambda value: value * scale + offset).convert("L")


def _levels(image: Image.Image) -> tuple[float, float]:
    """Scale and offset that bring 32-bit values to 0..255: their natural range, else stretched."""
    extrema = image.getextrema()
    low, high = float(extrema[0]), float(extrema[1])  # type: ignore[arg-type]
    if not (math.isfinite(low) and math.isfinite(high)):
        return 255.0, 0.5
    for top in (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0):
        if low >= 0 and high <= top:
            return 255 / top, 0.5
    scale = 255 / ((high - low) or 1.0)
    return scale, 0.5 - low * scale
