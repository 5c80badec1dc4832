"""Pictures for documents that are read and passed on: without what their files tell of place and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import NamedTuple

from app.domain.covers import Covers
from app.domain.errors import PictureRefused
from app.domain.model import Limits
from app.domain.picture import Detail
from app.domain.region import Redaction
from app.pictures.decoder import Decoder, Encoded, Made
from app.pictures.recipe import Cut, Recipe
from app.pictures.views import sent_size
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
    store: Store, decoder: Decoder, wanted: Iterable[tuple[str, str]], covers: Covers, folder: Path
) -> AsyncIterator[tuple[str, ShownPicture]]:
    """Each picture of `wanted` (sha256, name) once, as it is shown, in a file in `folder`; with all
    painted over that was ever covered on it.

    Raises OSError where that has no room.
    """
    done: set[str] = set()
    for sha256, name in wanted:
        if sha256 in done:
            continue
        done.add(sha256)
        try:
            encoded = await _encoded(store, decoder, sha256, name, covers.ever_on(sha256))
        except PictureRefused as refusal:
            yield sha256, ShownPicture(why=refusal.facts["reason"])
            continue
        file = folder / f"{len(done)}.jpg"
        await asyncio.to_thread(file.write_bytes, encoded.data)
        yield sha256, ShownPicture(file, encoded.width, encoded.height)


async def _encoded(
    store: Store, decoder: Decoder, sha256: str, name: str, redactions: tuple[Redaction, ...]
) -> Encoded | Made:
    """A picture as a JPEG file. Raises PictureRefused."""
    path = store.pictures.path(sha256)
    if not redactions:
        return await decoder.encode(path, name, LONGEST_SIDE, MOST_BYTES)
    picture = await store.pictures.get(sha256)
    size = picture.width, picture.height
    fitted = sent_size(*size, Limits(longest_side=LONGEST_SIDE, most_pictures=1), Detail.FIT)
    cut = Cut(box=(0, 0, *size), size=fitted, searched=False)
    recipe = Recipe(size=size, cuts=(cut,), redactions=redactions, most_bytes=MOST_BYTES)
    (made,) = await decoder.prepare(path, name, recipe)
    return made
