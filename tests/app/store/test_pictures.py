from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.errors import PictureLost
from app.domain.picture import Picture, Revealed
from app.store.database import Store
from tests.app.store import samples

SHA256 = samples.picture().sha256


def with_picture(home: Path, scene: Callable[[Store], Awaitable[None]]) -> None:
    async def play() -> None:
        store = await Store.open(home)
        try:
            await store.pictures.add(samples.BYTES, samples.picture())
            await scene(store)
        finally:
            await store.close()

    asyncio.run(play())


def test_an_original_is_kept_byte_for_byte_for_its_owner_only(home: Path) -> None:
    async def scene(store: Store) -> None:
        path = store.pictures.path(SHA256)
        assert path == home / "pictures" / SHA256[:2] / SHA256[2:]
        assert path.read_bytes() == samples.BYTES == await store.pictures.read(SHA256)
        assert await store.pictures.get(SHA256) == samples.picture()
        modes = {stat.S_IMODE(p.stat().st_mode) for p in home.rglob("*") if p.is_file()}
        assert modes == {0o600}
        folders = {stat.S_IMODE(p.stat().st_mode) for p in (home, *home.rglob("*")) if p.is_dir()}
        assert folders == {0o700}

    with_picture(home, scene)


def test_the_same_picture_is_stored_once(home: Path) -> None:
    async def scene(store: Store) -> None:
        path = store.pictures.path(SHA256)
        with path.open("rb") as first:  # while it is open, no other file gets its number
            async with asyncio.TaskGroup() as group:
                for _ in range(5):
                    group.create_task(store.pictures.add(samples.BYTES, samples.picture()))
            assert os.path.samestat(os.fstat(first.fileno()), path.stat())
        assert len([path for path in (home / "pictures").rglob("*") if path.is_file()]) == 1

    with_picture(home, scene)


def test_what_a_picture_reveals_comes_back(home: Path) -> None:
    revealed = Revealed(has_location=True, camera="Ä 1", taken="2020", comment="\udcff")
    picture = samples.picture(b"x").replace(revealed=revealed)

    async def scene(store: Store) -> None:
        await store.pictures.add(b"x", picture)
        assert await store.pictures.get(picture.sha256) == picture

    with_picture(home, scene)


def test_bytes_that_are_not_the_picture_are_refused(home: Path) -> None:
    async def scene(store: Store) -> None:
        wrong: list[tuple[bytes, Picture]] = [
            (b"other", samples.picture()),
            (samples.BYTES, samples.picture().replace(byte_count=1)),
        ]
        for data, picture in wrong:
            with pytest.raises(ValueError, match="are not those"):
                await store.pictures.add(data, picture)

    with_picture(home, scene)


def test_no_name_leads_out_of_the_pictures(home: Path) -> None:
    async def scene(store: Store) -> None:
        for name in ("", "../" * 20 + "etc/passwd", SHA256[:-1], SHA256.upper(), SHA256 + "\n", "0" * 65):
            with pytest.raises(KeyError):
                store.pictures.path(name)
        with pytest.raises(KeyError):
            await store.pictures.get("0" * 64)

    with_picture(home, scene)


def _remove(path: Path) -> None:
    path.unlink()


def _alter(path: Path) -> None:
    path.write_bytes(samples.BYTES[:-1] + b"?")


def _shorten(path: Path) -> None:
    path.write_bytes(samples.BYTES[:7])


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link(path: Path) -> None:
    target = path.with_suffix(".elsewhere")
    path.rename(target)
    path.symlink_to(target)


@pytest.mark.parametrize("harm", [_remove, _alter, _shorten, _pipe, _link])
def test_a_lost_or_altered_file_is_noticed_and_whole_again_when_added_again(
    home: Path, harm: Callable[[Path], None]
) -> None:
    async def scene(store: Store) -> None:
        harm(store.pictures.path(SHA256))
        with pytest.raises(PictureLost) as caught:
            await store.pictures.read(SHA256)
        assert SHA256[2:] in caught.value.sentence
        await store.pictures.add(samples.BYTES, samples.picture())
        assert await store.pictures.read(SHA256) == samples.BYTES

    with_picture(home, scene)


def test_what_a_crash_left_half_written_is_removed_at_the_next_start(home: Path) -> None:
    async def nothing(store: Store) -> None:
        pass

    with_picture(home, nothing)
    left_over = home / "pictures" / "incoming" / ".half"
    left_over.write_bytes(b"half")
    with_picture(home, nothing)
    assert not left_over.exists()
