"""Small pixels of stored pictures, kept in memory while there is room."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

from app.domain.picture import Pixels
from app.pictures.decoder import Decoder

BUDGET_BYTES = 32 * 1024 * 1024

_Key = tuple[str, int]


class PicturePaths(Protocol):
    """Where originals lie."""

    def path(self, sha256: str) -> Path:
        """The file of a stored picture."""
        ...


class Thumbnails:
    """Decodes each thumbnail once for all who ask, and forgets the longest unused first.

    `budget` bounds the bytes of pixels that are kept.
    """

    def __init__(self, decoder: Decoder, pictures: PicturePaths, budget: int = BUDGET_BYTES) -> None:
        self._decoder = decoder
        self._pictures = pictures
        self._budget = budget
        self._kept: OrderedDict[_Key, Pixels] = OrderedDict()
        self._kept_bytes = 0
        self._running: dict[_Key, asyncio.Future[Pixels]] = {}

    async def get(self, sha256: str, longest_side: int) -> Pixels:
        """Upright RGB pixels of at most `longest_side`. Raises PictureRefused."""
        key = (sha256, longest_side)
        while key not in self._kept:
            running = self._running.get(key)
            if running is None:
                return await self._decode(key)
            await asyncio.wait([running])
            if not running.cancelled():  # else whoever decoded it was cancelled: try it ourselves
                return running.result()
        self._kept.move_to_end(key)
        return self._kept[key]

    async def _decode(self, key: _Key) -> Pixels:
        sha256, longest_side = key
        promise = self._running[key] = asyncio.get_running_loop().create_future()
        try:
            path = self._pictures.path(sha256)
            decoded = await self._decoder.pixels(path, "The stored picture", longest_side)
            # A view of mapped memory would hold a file descriptor for each thumbnail.
            pixels = Pixels(decoded.width, decoded.height, bytes(decoded.rgb))
        except Exception as error:
            promise.set_exception(error)
            promise.exception()  # seen, also when nobody else waits
            raise
        else:
            promise.set_result(pixels)
            self._keep(key, pixels)
            return pixels
        finally:
            del self._running[key]
            promise.cancel()  # does nothing to a promise that was kept

    def _keep(self, key: _Key, pixels: Pixels) -> None:
        self._kept[key] = pixels
        self._kept_bytes += len(pixels.rgb)
        while self._kept_bytes > self._budget:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped.rgb)
