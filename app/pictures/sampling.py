"""What a picture weighs as a file, told by a part of it. Runs in the child."""

from __future__ import annotations

import io

from PIL import Image

PNG_LEVEL = 6

_STRIPS = 4
_SAMPLED = 8  # the sample is this part of the picture,
_LEAST = 32  # of strips that hold a line of writing or two, in pixels
_PNG_HEAD = 100  # bytes, whatever the picture


class Sample:
    """Strips from all over `image`; `part` is the picture of them.

    `spent`: how many files of the whole picture those that were made of the sample are like, by pixels.
    """

    def __init__(self, image: Image.Image) -> None:
        self.part = _strips(image)
        self.spent = 0.0
        self._pixels = image.width * image.height
        self._times = self._pixels / (self.part.width * self.part.height)

    def png_weight(self, part: Image.Image) -> float:
        """About how many bytes the whole picture has as a PNG where the sample is `part`, at any scale."""
        self._spend(part)
        return self.weight(len(png(part)), _PNG_HEAD)

    def weight(self, weight: int, head: int) -> float:
        """The same where a file of the sample has `weight` bytes, `head` of which any such file has."""
        return head + max(1, weight - head) * self._times

    def jpeg_weight(self, part: Image.Image, quality: int, head: int) -> float:
        """The same as a JPEG with the colours of every pixel."""
        self._spend(part)
        encoded = io.BytesIO()
        part.save(encoded, "JPEG", quality=quality, subsampling=0)
        return self.weight(encoded.tell(), head)

    def _spend(self, part: Image.Image) -> None:
        self.spent += part.width * part.height / self._pixels


def png(image: Image.Image) -> memoryview:
    """A PNG file; with two, four or sixteen colours in one, two or four bits a pixel."""
    encoded = io.BytesIO()
    image.save(encoded, "PNG", compress_level=PNG_LEVEL)
    return encoded.getbuffer()


def _strips(image: Image.Image) -> Image.Image:
    """Strips across the longer side."""
    lying = image.width > image.height
    length = max(image.size)
    thick = max(_LEAST, length // (_STRIPS * _SAMPLED))
    if thick * _STRIPS >= length:
        return image
    size = (thick * _STRIPS, image.height) if lying else (image.width, thick * _STRIPS)
    sample = Image.new(image.mode, size)
    for strip in range(_STRIPS):
        start = (length - thick) * strip // (_STRIPS - 1)
        box = (start, 0, start + thick, image.height) if lying else (0, start, image.width, start + thick)
        sample.paste(image.crop(box), (strip * thick, 0) if lying else (0, strip * thick))
    return sample
