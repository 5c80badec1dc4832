"""Fitting a picture to what an endpoint takes, without anything its file reveals."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Picture, Prepared
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder


async def prepare(decoder: Decoder, path: Path, picture: Picture, name: str, limits: Limits) -> PromptPicture:
    """The exact bytes to send for the original at `path`, and how they came about.

    JPEG or raw RGB as `limits.encoding` says, upright, at most `limits.longest_side` pixels
    and never larger than the original. Raises PictureRefused.
    """
    if limits.encoding is PictureEncoding.RGB:
        pixels = await decoder.pixels(path, name, limits.longest_side)
        data, width, height = bytes(pixels.rgb), pixels.width, pixels.height
    else:
        data, width, height = await decoder.encode(path, name, limits.longest_side)
    digest = await asyncio.to_thread(hashlib.sha256, data)
    prepared = Prepared(
        original=picture.sha256,
        sha256=digest.hexdigest(),
        mime=limits.encoding.value,
        width=width,
        height=height,
        byte_count=len(data),
        scale_x=picture.width / width,
        scale_y=picture.height / height,
    )
    return PromptPicture(
        prepared=prepared,
        original_width=picture.width,
        original_height=picture.height,
        name=name,
        data=data,
    )
