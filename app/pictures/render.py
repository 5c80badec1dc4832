"""From a file's bytes to upright RGB pixels. Runs in the decoder child."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, ImageFile, PngImagePlugin, UnidentifiedImageError

from app.pictures.caps import Caps, Refused, TooLarge
from app.pictures.colours import Box, Cover, reduced, shrink, to_srgb
from app.pictures.files import reading_failed
from app.pictures.metadata import orientation
from app.pictures.sniff import PREFIX_BYTES, picture_format
from app.pictures.turning import stored_box

DAMAGED = "the file is cut off or damaged"
RARE_OR_DAMAGED = "it is damaged, or of a rare kind that Fovea does not open"
OUT_OF_MEMORY = "it needs more memory than Fovea gives a picture"

_CODEC_THREADS = 2
_PLUGINS = {"WEBP": "PIL.WebPImagePlugin", "TIFF": "PIL.TiffImagePlugin"}
_SWAPPING = (5, 6, 7, 8)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded first frame, not turned yet.

    `stored` is the full size in the file; `box` the part of `image` that shows it, smaller
    than `image` by a fraction of a pixel where the file was decoded at a smaller scale.
    """

    image: Image.Image
    format: str
    stored: tuple[int, int]
    box: tuple[float, float, float, float]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height once the picture is turned upright."""
        width, height = self.stored
        return (height, width) if orientation(self.image) in _SWAPPING else (width, height)


def set_up() -> None:
    """Make Pillow strict, for the whole process."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    PngImagePlugin.MAX_TEXT_CHUNK = 16 * 1024 * 1024
    Image.preinit()


def decode(file: BinaryIO, longest_side: int, caps: Caps) -> Decoded:
    """The first frame of the picture in `file`, for a result of up to `longest_side` pixels.

    Raises Refused for what is not a picture, too large, or not all there.
    """
    with refusing():
        image, name = open_image(file, caps)
        stored = image.size
        drafted = image.draft(None, fit(*stored, longest_side)) if name == "JPEG" else None
        if name == "WEBP":
            _let_go_of_canvases(image)
        image.load()
        if image.mode == "P" and image.palette is None:
            raise Refused(DAMAGED)  # Pillow would show all of it black
        if drafted is None:  # some decoders learn the size only now
            stored = image.size
            require_pixels(stored, caps)
        return Decoded(image, name.lower(), stored, drafted[1] if drafted else (0, 0, *stored))


class _FirstFrame:
    """Pillow's decoder of WebP for its first frame alone. It keeps two canvases, each as large as the
    picture, for frames to come; they are gone here before the picture gets its own memory."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    def get_next(self) -> Any:
        decoder, self._decoder = self._decoder, None
        return decoder and decoder.get_next()

    def reset(self) -> None:
        """What Pillow calls when there was no frame."""


def _let_go_of_canvases(image: ImageFile.ImageFile) -> None:
    webp: Any = image
    webp._decoder = _FirstFrame(webp._decoder)


def open_image(file: BinaryIO, caps: Caps) -> tuple[ImageFile.ImageFile, str]:
    """The picture in `file`, nothing decoded yet, and Pillow's name of its format.

    Raises Refused, and whatever a decoder may raise: call it within `refusing`.
    """
    name = picture_format(file.read(PREFIX_BYTES))
    _load_plugin(name)
    return _open(file, name, caps), name


def render(decoded: Decoded, longest_side: int) -> Image.Image:
    """Upright sRGB pixels of up to `longest_side`, transparency over white.

    Nothing of the file but its pixels is carried over. Uses `decoded` up. Raises Refused.
    """
    with refusing():
        return _alone(upright(decoded, longest_side), decoded)


def glance(decoded: Decoded, longest_side: int) -> Image.Image:
    """As `render`, but as quick as it goes: its longer side is of `longest_side` or less than twice as much.

    Its pixels are what was decoded, or averages of whole numbers of them: to scale those once more when
    they are drawn is as good as a filter here.
    """
    with refusing():
        source = decoded.image
        factor = max(1, max(source.size) // longest_side)
        return _alone(_finished(reduced(source, factor), source), decoded)


def _alone(result: Image.Image, decoded: Decoded) -> Image.Image:
    """`result` without anything of the file it was made from."""
    if result is not decoded.image:
        decoded.image.close()
    result.info = {}
    return result


def upright(decoded: Decoded, longest_side: int) -> Image.Image:
    """As `render`, with `decoded` as it was; where nothing had to be done it is the very image.

    Call it within `refusing`.
    """
    size = decoded.size
    return cut(decoded, (0, 0, *size), fit(*size, longest_side))


def cut(decoded: Decoded, box: Box, size: tuple[int, int], cover: Cover | None = None) -> Image.Image:
    """The part `box` of the picture at `size`, both of the upright picture, as sRGB.

    `cover` is painted over what it hides. `decoded` stays as it was; where nothing had to be done the
    result is its very image. Call it within `refusing`.
    """
    source, turned = decoded.image, orientation(decoded.image)
    across, down = decoded.box[2] / decoded.stored[0], decoded.box[3] / decoded.stored[1]
    left, top, right, bottom = stored_box(box, turned, decoded.stored)
    inner = (left * across, top * down, right * across, bottom * down)
    stored_size = (size[1], size[0]) if turned in _SWAPPING else size
    return _finished(shrink(source, stored_size, inner, cover), source)


def _finished(image: Image.Image, source: Image.Image) -> Image.Image:
    """Pixels of `source` as sRGB, turned upright."""
    result = to_srgb(image, source.info.get("icc_profile"))
    turn = _UPRIGHT.get(orientation(source))
    return result if turn is None else result.transpose(turn)


def fit(width: int, height: int, longest_side: int) -> tuple[int, int]:
    """The size whose longer side is at most `longest_side`, never larger than given."""
    longest = max(width, height)
    if longest <= longest_side:
        return width, height
    scale = longest_side / longest
    return max(1, round(width * scale)), max(1, round(height * scale))


def _load_plugin(name: str) -> None:
    """Plugins are loaded when first needed: each is code that hostile bytes could reach."""
    if name in _PLUGINS:
        importlib.import_module(_PLUGINS[name])
    elif name == "AVIF":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = _CODEC_THREADS
    elif name == "HEIF" and name not in Image.OPEN:
        from pillow_heif import register_heif_opener

        # A thumbnail inside the file may show something else than the picture that is sent.
        register_heif_opener(thumbnails=False, decode_threads=_CODEC_THREADS)


def _open(file: BinaryIO, name: str, caps: Caps) -> ImageFile.ImageFile:
    Image.MAX_IMAGE_PIXELS = caps.pixels
    try:
        image = Image.open(file, formats=(name,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        Image.MAX_IMAGE_PIXELS = None
        try:
            size = Image.open(file, formats=(name,)).size
        finally:
            Image.MAX_IMAGE_PIXELS = caps.pixels
        raise _too_large(size, caps) from None
    require_pixels(image.size, caps)
    return image


def require_pixels(size: tuple[int, int], caps: Caps) -> None:
    """Raises Refused for more pixels than a picture may have."""
    if size[0] * size[1] > caps.pixels:
        raise _too_large(size, caps)


def _too_large(size: tuple[int, int], caps: Caps) -> Refused:
    megapixels = caps.pixels // 1_000_000
    kind = TooLarge if caps.pixels < size[0] * size[1] <= caps.large_pixels else Refused
    return kind(f"it is {size[0]} × {size[1]} pixels, more than {megapixels} megapixels")


@contextmanager
def refusing() -> Generator[None]:
    """Whatever a decoder raises becomes a refusal: hostile files reach every error there is."""
    try:
        yield
    except Refused:
        raise
    except MemoryError as error:
        raise Refused(OUT_OF_MEMORY) from error
    except OSError as error:
        if error.errno is not None:
            raise reading_failed(error) from error
        raise Refused(_clause(error)) from error
    except Exception as error:
        raise Refused(_clause(error)) from error


def _clause(error: Exception) -> str:
    said = str(error).lower()
    if "memory" in said:
        return OUT_OF_MEMORY
    rare = isinstance(error, UnidentifiedImageError) or "unsupported" in said
    return RARE_OR_DAMAGED if rare else DAMAGED
