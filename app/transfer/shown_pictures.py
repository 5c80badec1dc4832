"""Pictures for documents that are read and passed on: without what their files tell of place and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import PictureRefused
from app.pictures.decoder import Decoder
from app.store.database import Store

LONGEST_SIDE = 2048
MOST_BYTES = 4 * 1024 * 1024


class ShownPicture(NamedTuple):
    """A JPEG file for a document, with its size in pixels. Without a file the picture is lost; `why` then
    says so in a clause."""

    file: Path | None = None
    width: int = 0
    height: int = 0
    why: str = ""


async def shown_pictures(
    store: Store, decoder: Decoder, wanted: Iterable[tuple[str, str]], folder: Path
) -> AsyncIterator[tuple[str, ShownPicture]]:
    """Each picture of `wanted` (sha256, name) once, as it is shown, in a file in `folder`.

    Raises OSError where that has no room.
    """
    done: set[str] = set()
    for sha256, name in wanted:
        if sha256 in done:
            continue
        done.add(sha256)
        try:
            encoded = await decoder.encode(store.pictures.path(sha256), name, LONGEST_SIDE, MOST_BYTES)
        except PictureRefused as refusal:
            yield sha256, ShownPicture(why=refusal.facts["reason"])
            continue
        file = folder / f"{len(done)}.jpg"
        await asyncio.to_thread(file.write_bytes, encoded.data)
        yield sha256, ShownPicture(file, encoded.width, encoded.height)
