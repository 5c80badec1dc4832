"""Any of Pillow's pixel kinds as sRGB, with memory bounded by bands. Runs in the decoder child."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageCms

_BAND_PIXELS = 4_000_000
_PROFILE_LIMIT = 4 * 1024 * 1024
_REDUCING_GAP = 2.0
_LANCZOS_REACH = 4  # pixels of the result, one more than the filter itself
_DIRECT = {"L", "RGB", "CMYK"}
_STRETCHED = {"I", "F"}
_KEYED = {"1", "L", "P", "RGB"}
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Cover = Callable[[Image.Image, int, int], None]
"""Paints over parts of an image whose corner lies at (left, top) of the picture in its file."""
_Convert = Callable[[Image.Image], Image.Image]


def shrink(image: Image.Image, size: tuple[int, int], box: Box, cover: Cover | None = None) -> Image.Image:
    """The part `box` of `image` at `size`, as L, RGB or CMYK, transparency laid over white.

    `cover`, which `covered_first` gave, paints over what nobody is to see before anything is scaled.
    What needs a conversion is converted band by band and reduced by a whole factor
    on the way, so that a picture of 100 megapixels is never in memory twice.
    """
    if _is_direct(image):
        return _scaled_part(image, size, box)
    factor = max(1, int(min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]) / _REDUCING_GAP))
    area = _around(box, image.size, size)
    return _scaled_part(_converted(image, area, factor, cover), size, _within(box, area, factor))


def reduced(image: Image.Image, factor: int) -> Image.Image:
    """All of `image`, as `shrink` makes it, with `factor` pixels each way averaged into one; those at the
    right and the bottom may be of fewer."""
    if _is_direct(image):
        return image.reduce(factor) if factor > 1 else image
    return _converted(image, (0, 0, *image.size), factor)


def _converted(
    image: Image.Image, area: tuple[int, int, int, int], factor: int, cover: Cover | None = None
) -> Image.Image:
    """The part `area`, as `reduced` makes it, where a conversion is needed."""
    left, top, right, bottom = area
    mode, convert = _conversion(image)
    canvas = Image.new(mode, (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor)))
    rows = max(1, _BAND_PIXELS // ((right - left) * factor)) * factor
    for row in range(top, bottom, rows):
        band = convert(image.crop((left, row, right, min(bottom, row + rows))))
        if cover is not None:
            cover(band, left, row)
        canvas.paste(band.reduce(factor) if factor > 1 else band, (0, (row - top) // factor))
    return canvas


def covered_first(image: Image.Image, cover: Cover) -> Cover | None:
    """Take what `cover` hides out of `image` itself, as far as that can be done before it is converted.

    What remains is to be painted into all that is made of it; None where nothing remains.
    """
    if _is_direct(image):
        cover(image, 0, 0)
        return None
    if image.mode in _STRETCHED:
        _forget_values(image, cover)
    return cover


def _forget_values(image: Image.Image, cover: Cover) -> None:
    """Give what is covered the first value that is not: the range of all values then tells nothing of it."""
    bands = range(0, image.height, max(1, _BAND_PIXELS // image.width))
    open_places = (_first_open(_covered(image, row, bands.step, cover), row) for row in bands)
    place = next((place for place in open_places if place is not None), None)
    value = 0 if place is None else image.getpixel(place)
    assert isinstance(value, int | float)
    for row in bands:
        mask = _covered(image, row, bands.step, cover)
        image.paste(value, (0, row, image.width, row + mask.height), mask)


def _covered(image: Image.Image, row: int, rows: int, cover: Cover) -> Image.Image:
    """What of `rows` from `row` on is covered, as 1 over 0."""
    mask = Image.new("L", (image.width, min(rows, image.height - row)))
    cover(mask, 0, row)
    return mask.point([255 * (level > 0) for level in range(256)], "1")


def _first_open(mask: Image.Image, row: int) -> tuple[int, int] | None:
    """The first place that is not covered, where `mask` begins at `row` of the picture."""
    opened = ImageChops.invert(mask)
    box = opened.getbbox()
    if box is None:
        return None
    line = opened.crop((0, box[1], mask.width, box[1] + 1)).getbbox()
    assert line is not None  # the box begins with it
    return line[0], row + box[1]


def _is_direct(image: Image.Image) -> bool:
    return image.mode in _DIRECT and not _has_colour_key(image)


def _scaled_part(image: Image.Image, size: tuple[int, int], box: Box) -> Image.Image:
    whole = (round(box[0]), round(box[1]), round(box[0]) + size[0], round(box[1]) + size[1])
    if all(side == pixel for side, pixel in zip(box, whole, strict=True)):
        return image if image.size == size else image.crop(whole)
    if min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]) >= 2 * _REDUCING_GAP:
        return image.resize(size, Image.Resampling.LANCZOS, box, _REDUCING_GAP)
    return _in_bands(image, size, box)


def _in_bands(image: Image.Image, size: tuple[int, int], box: Box) -> Image.Image:
    """The same pixels, without the memory of a copy that is scaled in one direction only."""
    rows = max(64, _BAND_PIXELS // 8 // size[0])
    if rows >= size[1]:
        return image.resize(size, Image.Resampling.LANCZOS, box)
    canvas = Image.new(image.mode, size)
    down = (box[3] - box[1]) / size[1]
    for row in range(0, size[1], rows):
        end = min(size[1], row + rows)
        band = (box[0], box[1] + row * down, box[2], min(box[3], box[1] + end * down))
        canvas.paste(image.resize((size[0], end - row), Image.Resampling.LANCZOS, band), (0, row))
    return canvas


def _around(box: Box, whole: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The whole pixels of `box` with those around it that its scaling looks at."""
    across = math.ceil(_LANCZOS_REACH * max(1.0, (box[2] - box[0]) / size[0]))
    down = math.ceil(_LANCZOS_REACH * max(1.0, (box[3] - box[1]) / size[1]))
    return (
        max(0, math.floor(box[0]) - across),
        max(0, math.floor(box[1]) - down),
        min(whole[0], math.ceil(box[2]) + across),
        min(whole[1], math.ceil(box[3]) + down),
    )


def _within(box: Box, area: tuple[int, int, int, int], factor: int) -> Box:
    left, top = area[:2]
    across, down = (box[0] - left, box[2] - left), (box[1] - top, box[3] - top)
    return across[0] / factor, down[0] / factor, across[1] / factor, down[1] / factor


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
    if mode in _STRETCHED:
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
