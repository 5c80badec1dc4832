"""Parts of a picture one after the other, for looking at it closely. Runs in the decoder child."""

from __future__ import annotations

import os

from PIL import Image

from app.pictures.caps import Caps
from app.pictures.colours import Box
from app.pictures.files import open_regular
from app.pictures.render import Decoded, cut, decode, fit, refusing

_EVERY_PIXEL = 2**31 - 1
_File = tuple[str, int, int, int]


class Newest:
    """The newest picture that was looked at, all its pixels kept as they are in the file."""

    def __init__(self) -> None:
        self._file: _File | None = None
        self._decoded: Decoded | None = None

    def part(self, path: str, box: Box, longest_side: int, caps: Caps) -> Image.Image:
        """Upright sRGB pixels of the part `box`, grown to whole pixels, at most `longest_side`.

        What of it lies outside the picture is left out. Raises Refused.
        """
        with open_regular(path, caps.file_bytes) as file:
            found = os.fstat(file.fileno())
            key = (path, found.st_ino, found.st_mtime_ns, found.st_size)
            decoded = self._decoded if key == self._file else None
            if decoded is None:
                self.forget()
                decoded = decode(file, _EVERY_PIXEL, caps)
                self._file, self._decoded = key, decoded
        with refusing():
            whole = whole_pixels(box, decoded.size)
            size = fit(round(whole[2] - whole[0]), round(whole[3] - whole[1]), longest_side)
            return cut(decoded, whole, size)

    def forget(self) -> None:
        """Give its memory back."""
        self._file = self._decoded = None


def whole_pixels(box: Box, size: tuple[int, int]) -> Box:
    """`box` grown to whole pixels of a picture of `size`, at least one, none outside."""
    left = min(max(0, int(box[0] // 1)), size[0] - 1)
    top = min(max(0, int(box[1] // 1)), size[1] - 1)
    right = min(max(left + 1, int(-(-box[2] // 1))), size[0])
    bottom = min(max(top + 1, int(-(-box[3] // 1))), size[1])
    return left, top, right, bottom
