"""The pictures of the inspector: as they are sent, and the same place of the original."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.chat.plan import PlannedPicture
from app.domain.geometry import Box
from app.domain.model import PictureEncoding
from app.domain.picture import Pixels, Prepared, View
from app.domain.request import PromptPicture
from app.services import Services
from ui.controllers.pictures.images import to_image
from ui.controllers.pictures.kept_images import KeptImages

LONGEST_SIDE = 4096
"""Of an original that is looked at whole."""
MOST_BYTES = 240_000_000
"""So many of all images together are kept for going back to."""


class Wanted(NamedTuple):
    """One picture to look at: what is sent, or (`original`) the place of the original that it shows.
    `place` is the same for both: the picture of a plan, and which of its views."""

    place: tuple[str, int]
    picture: PlannedPicture
    view: PromptPicture | None
    original: bool

    @property
    def key(self) -> tuple[object, ...]:
        """The same for what looks the same."""
        if self.view is None:
            return (self.picture.part.sha256,)
        sent = self.view.prepared
        if not self.original:
            return (sent.sha256, sent.width, sent.height)
        return (self.picture.part.sha256, sent.left, sent.top, sent.width, sent.height, sent.scale_x)

    @property
    def is_link(self) -> bool:
        """Whether no pixel is sent, but an address."""
        return self.view is not None and bool(self.view.link) and not self.original

    def same_place(self, other: Wanted) -> bool:
        """Whether one lies where the other does."""
        return (self.place, self.size) == (other.place, other.size)

    @property
    def gone(self) -> bool:
        """Whether what is sent is not here: it is not kept any more, or never was."""
        return self.view is not None and not self.original and not self.view.data

    @property
    def size(self) -> QSize:
        """In pixels of what is sent, so that both lie in the same place; else of the original."""
        if self.view is not None:
            return QSize(self.view.prepared.width, self.view.prepared.height)
        known = self.picture.picture
        return QSize(known.width, known.height) if known is not None else QSize()


class SentPictures:
    """Decodes what is wanted in the decoder child and remembers some of it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept = KeptImages(MOST_BYTES)

    def known(self, wanted: Wanted) -> QImage | None:
        """The image, where it is remembered."""
        return self._kept.get(wanted.key)

    async def load(self, wanted: Wanted) -> QImage:
        """The image. Raises PictureRefused where it cannot be decoded, and KeyError where the library
        does not know the original."""
        if (image := self.known(wanted)) is None:
            pixels = await self._pixels(wanted)
            image = await asyncio.to_thread(to_image, pixels)
            self._kept.keep(wanted.key, image)
        return image

    async def _pixels(self, wanted: Wanted) -> Pixels:
        view, decoder = wanted.view, self._services.decoder
        name = wanted.picture.part.name
        if view is not None and not wanted.original:
            sent = view.prepared
            if sent.mime == PictureEncoding.RGB:
                return Pixels(sent.width, sent.height, view.data)
            return await decoder.pixels_of(view.data, name, max(sent.width, sent.height))
        path = self._services.store.pictures.path(wanted.picture.part.sha256)
        if view is None or view.prepared.view is View.WHOLE:
            return await decoder.pixels(path, name, LONGEST_SIDE)
        pixels = await decoder.part(path, name, _place(view.prepared), LONGEST_SIDE)
        await decoder.forget()
        return pixels


def _place(sent: Prepared) -> Box:
    return Box(
        sent.left,
        sent.top,
        sent.left + sent.width * sent.scale_x,
        sent.top + sent.height * sent.scale_y,
    )
