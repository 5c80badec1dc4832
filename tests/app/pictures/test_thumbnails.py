from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import PictureRefused
from app.domain.picture import Pixels
from app.pictures.decoder import Decoder
from app.pictures.thumbnails import Thumbnails
from tests.app.pictures.samples import encoded, scene

Decoding = Callable[..., Any]


class CountingDecoder:
    """Passes jobs on and counts them; holds them back while `gate` is shut."""

    def __init__(self, decoder: Decoder) -> None:
        self.count = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._decoder = decoder

    async def pixels(self, path: Path, name: str, longest_side: int) -> Pixels:
        self.count += 1
        await self.gate.wait()
        return await self._decoder.pixels(path, name, longest_side)


class Folder:
    """Pictures by the name of their file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for number in range(4):
            (folder / str(number)).write_bytes(encoded(scene(200, 100 + number), "PNG"))

    def path(self, sha256: str) -> Path:
        return self._folder / sha256


@pytest.fixture
def with_thumbnails(decoding: Decoding, tmp_path: Path) -> Callable[..., None]:
    """`with_thumbnails(work, budget=...)` awaits `work(thumbnails, counting_decoder)`."""

    def run(work: Callable[..., Any], **options: Any) -> None:
        async def with_them(decoder: Decoder) -> None:
            counting: Any = CountingDecoder(decoder)
            await work(Thumbnails(counting, Folder(tmp_path), **options), counting)

        decoding(with_them)

    return run


def test_a_thumbnail_is_decoded_once(with_thumbnails: Callable[..., None]) -> None:
    async def work(thumbnails: Thumbnails, decoder: CountingDecoder) -> None:
        first = await thumbnails.get("0", 64)
        assert (first.width, first.height) == (64, 32)
        assert await thumbnails.get("0", 64) is first
        assert decoder.count == 1
        assert (await thumbnails.get("0", 32)).width == 32
        assert decoder.count == 2

    with_thumbnails(work)


def test_many_who_ask_at_once_share_one_job(with_thumbnails: Callable[..., None]) -> None:
    async def work(thumbnails: Thumbnails, decoder: CountingDecoder) -> None:
        answers = await asyncio.gather(*(thumbnails.get("1", 64) for _ in range(20)))
        assert decoder.count == 1
        assert all(answer is answers[0] for answer in answers)

    with_thumbnails(work)


def test_when_the_first_who_asked_gives_up_the_others_still_get_it(
    with_thumbnails: Callable[..., None],
) -> None:
    async def work(thumbnails: Thumbnails, decoder: CountingDecoder) -> None:
        decoder.gate.clear()
        asking = [asyncio.ensure_future(thumbnails.get("2", 64)) for _ in range(3)]
        await asyncio.sleep(0)
        asking[0].cancel()
        await asyncio.wait([asking[0]])
        decoder.gate.set()
        assert (await asking[1]).width == 64
        assert await asking[2] is await asking[1]
        assert decoder.count == 2

    with_thumbnails(work)


def test_a_refusal_reaches_all_who_ask_and_is_tried_again_later(
    with_thumbnails: Callable[..., None], tmp_path: Path
) -> None:
    async def work(thumbnails: Thumbnails, decoder: CountingDecoder) -> None:
        answers = await asyncio.gather(
            *(thumbnails.get("gone", 64) for _ in range(3)), return_exceptions=True
        )
        assert all(isinstance(answer, PictureRefused) for answer in answers)
        assert decoder.count == 1
        (tmp_path / "gone").write_bytes(encoded(scene(), "PNG"))
        assert (await thumbnails.get("gone", 64)).width == 64

    with_thumbnails(work)


def test_the_longest_unused_is_forgotten_when_room_runs_out(with_thumbnails: Callable[..., None]) -> None:
    async def work(thumbnails: Thumbnails, decoder: CountingDecoder) -> None:
        for number in ("0", "1"):
            await thumbnails.get(number, 64)
        await thumbnails.get("0", 64)
        await thumbnails.get("2", 64)
        assert decoder.count == 3
        await thumbnails.get("0", 64)
        assert decoder.count == 3
        await thumbnails.get("1", 64)
        assert decoder.count == 4

    with_thumbnails(work, budget=2 * 64 * 33 * 3)
