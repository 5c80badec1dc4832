"""Preparing pictures in tests, and files whose pixels are known."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from app.domain.events import Event
from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.picture import Detail
from app.domain.region import Treatment
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare

Decoding = Callable[..., Any]
TO_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What turns an upright picture into what a file of each EXIF orientation holds."""


def at(x: float, y: float) -> Point:
    return Point(x=x, y=y)


def save_turned(upright: Image.Image, path: Path, turned: int = 1, **options: Any) -> None:
    """Write `upright` to a file that holds it turned, as its EXIF orientation says."""
    transpose = TO_STORED[turned]
    exif = Image.Exif()
    exif[0x0112] = turned
    stored = upright if transpose is None else upright.transpose(transpose)
    stored.save(path, exif=exif, **options)


def sent(
    decoding: Decoding,
    path: Path,
    limits: Limits,
    treatment: Treatment | None = None,
    detail: Detail = Detail.FIT,
    told: list[Event] | None = None,
) -> tuple[PromptPicture, ...]:
    """What is sent for the picture at `path`; `told` hears of it."""

    async def work(decoder: Decoder) -> tuple[PromptPicture, ...]:
        picture = await decoder.inspect(path=path, name=path.name)
        report = [].append if told is None else told.append
        done = treatment or Treatment()
        return await prepare(decoder, path, picture, path.name, limits, detail, done, report)

    pictures: tuple[PromptPicture, ...] = decoding(work)
    return pictures


def shown(picture: PromptPicture) -> Image.Image:
    """The RGB pixels of what is sent."""
    size = (picture.prepared.width, picture.prepared.height)
    if picture.prepared.mime == "image/x-rgb":
        return Image.frombytes("RGB", size, picture.data)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == size
        return image.convert("RGB")
