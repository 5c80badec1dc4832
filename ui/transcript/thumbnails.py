"""Small pictures of questions, asked for when first seen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 200
"""Thumbnails kept; those seen longest ago are asked for again."""


class Thumbnails:
    """Pictures by their hash. `ask` is called once for each that is missing."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        self._ask = ask
        self._asked: set[str] = set()
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._fitted: dict[tuple[str, int, int, float], QPixmap] = {}

    def put(self, sha256: str, image: QImage) -> None:
        """Keep a picture; a null image means that there is none to be had."""
        self._images[sha256] = image
        self._images.move_to_end(sha256)
        self._forget(sha256)
        while len(self._images) > MOST:
            oldest, _ = self._images.popitem(last=False)
            self._asked.discard(oldest)
            self._forget(oldest)

    def want(self, sha256: str) -> None:
        """Ask for a picture that is about to be seen."""
        if sha256 in self._images:
            self._images.move_to_end(sha256)
        elif sha256 not in self._asked:
            self._asked.add(sha256)
            self._ask(sha256)

    def fitted(self, sha256: str, size: QSize, ratio: float) -> QPixmap | None:
        """The middle of the picture filling `size` at the device pixel ratio, None while missing."""
        key = (sha256, size.width(), size.height(), ratio)
        made = self._fitted.get(key)
        image = self._images.get(sha256)
        if made is None and image is not None and not image.isNull():
            made = self._fitted[key] = _covering(image, size * ratio)
            made.setDevicePixelRatio(ratio)
        return made

    def clear(self) -> None:
        """Forget what was asked for and not delivered, so that it is asked for again."""
        self._asked.intersection_update(self._images)

    def _forget(self, sha256: str) -> None:
        for key in [key for key in self._fitted if key[0] == sha256]:
            del self._fitted[key]


def _covering(image: QImage, size: QSize) -> QPixmap:
    mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = image.scaled(size, mode, Qt.TransformationMode.SmoothTransformation)
    corner = QRect(0, 0, size.width(), size.height())
    corner.moveCenter(scaled.rect().center())
    return QPixmap.fromImage(scaled.copy(corner))
