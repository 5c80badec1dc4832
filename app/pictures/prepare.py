"""Fitting a picture to what an endpoint takes, without anything its file reveals."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import PictureRefused
from app.domain.events import Event, Noted
from app.domain.message import Note
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared
from app.domain.region import Treatment
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder, Encoded

_WHOLE = 2**31 - 1
_NOTHING_DONE = Treatment()
LINK = "text/uri-list"
"""The type of what is sent for a picture that the endpoint fetches itself."""


async def prepare(
    decoder: Decoder,
    path: Path,
    picture: Picture,
    name: str,
    limits: Limits,
    detail: Detail = Detail.FIT,
    treatment: Treatment = _NOTHING_DONE,
    report: Callable[[Event], None] = lambda _: None,
) -> tuple[PromptPicture, ...]:
    """The exact bytes to send for the original at `path`, and how they came about.

    JPEG or raw RGB as `limits.encoding` says, upright, never larger than the original. With FIT
    at most `limits.longest_side` pixels and `limits.most_bytes`; `report` hears of pixels that
    were given up for the bytes. The other details keep all pixels; what is more bytes than the
    endpoint takes is refused then, unless it is uploaded. Raises PictureRefused.
    """
    detail = treatment.detail or detail
    longest_side = limits.longest_side if detail is Detail.FIT else _WHOLE
    if limits.encoding is PictureEncoding.RGB:
        pixels = await decoder.pixels(path, name, longest_side)
        sent = Encoded(bytes(pixels.rgb), pixels.width, pixels.height)
    else:
        most_bytes = limits.most_bytes if detail is Detail.FIT else None
        sent = await decoder.encode(path, name, longest_side, most_bytes)
        uploaded = detail is Detail.UPLOAD and limits.takes_uploads
        if not uploaded:
            _require_bytes(sent, name, limits.most_bytes)
    if sent.smaller and limits.most_bytes is not None:
        report(Noted(note=_made_smaller(sent, name, limits.most_bytes)))
    digest = await asyncio.to_thread(hashlib.sha256, sent.data)
    prepared = Prepared(
        original=picture.sha256,
        sha256=digest.hexdigest(),
        mime=limits.encoding.value,
        width=sent.width,
        height=sent.height,
        byte_count=len(sent.data),
        scale_x=picture.width / sent.width,
        scale_y=picture.height / sent.height,
    )
    return (as_sent(prepared, picture, name, sent.data),)


def linked(picture: Picture, name: str, link: str) -> PromptPicture:
    """The picture as an address from which the endpoint fetches it; none of its bytes are sent."""
    prepared = Prepared(
        original=picture.sha256,
        sha256="",
        mime=LINK,
        width=picture.width,
        height=picture.height,
        byte_count=0,
        scale_x=1.0,
        scale_y=1.0,
    )
    return as_sent(prepared, picture, name, b"", link)


def as_sent(prepared: Prepared, picture: Picture, name: str, data: bytes, link: str = "") -> PromptPicture:
    """A picture that is prepared already, in the bytes that are sent, or as an address."""
    return PromptPicture(
        prepared=prepared,
        original_width=picture.width,
        original_height=picture.height,
        name=name,
        data=data,
        link=link,
    )


def _require_bytes(sent: Encoded, name: str, most_bytes: int | None) -> None:
    if most_bytes is not None and len(sent.data) > most_bytes:
        reason = (
            f"at its full size of {sent.width} x {sent.height} pixels it is {_weight(len(sent.data))},"
            f" and this model takes {_weight(most_bytes)} a picture"
        )
        raise PictureRefused(name=name, reason=reason)


def _made_smaller(sent: Encoded, name: str, most_bytes: int) -> Note:
    return Note(
        what="{name} was made smaller to fit the {weight} that this model takes: {width} x {height} pixels.",
        facts={
            "name": name,
            "weight": _weight(most_bytes),
            "width": str(sent.width),
            "height": str(sent.height),
        },
    )


def _weight(byte_count: int) -> str:
    """A number of bytes as people say it; rounded down, so that a limit is not promised too high."""
    if byte_count >= 10_000_000:
        return f"{byte_count // 1_000_000} MB"
    if byte_count >= 1_000_000:
        return f"{byte_count // 100_000 / 10:g} MB"
    return f"{byte_count // 1000} KB" if byte_count >= 1000 else f"{byte_count} bytes"
