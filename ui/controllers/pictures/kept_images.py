"""Images that are kept to be shown again at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING

from ui.panes.view.mipmap import let_go

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


class KeptImages:
    """The images that were shown last: at least one, and else no more than `most_bytes` of them."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._images: OrderedDict[Hashable, QImage] = OrderedDict()

    def get(self, key: Hashable) -> QImage | None:
        """The image, to be shown now; None if it is not kept."""
        if (image := self._images.get(key)) is not None:
            self._images.move_to_end(key)
        return image

    def keep(self, key: Hashable, image: QImage) -> None:
        """Have an image at hand; those that were not shown for longest go when they are too large."""
        self._images[key] = image
        gone: list[QImage] = []
        while len(self._images) > 1 and self._bytes() > self._most_bytes:
            gone.append(self._images.popitem(last=False)[1])
        let_go(gone)

    def clear(self) -> None:
        """Keep none of them any longer."""
        let_go(list(self._images.values()))
        self._images.clear()

    def _bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._images.values())
