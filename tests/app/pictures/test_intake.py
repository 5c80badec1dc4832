"""What is dropped, pasted or opened ends in the real library."""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import DiskFull, PictureRefused
from app.domain.picture import Attachment, Picture, Pixels
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.pictures.intake import FrameOf, Intake, Offer, shown_name
from app.store.database import Store
from tests.app.pictures.samples import encoded, scene

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
PNG = encoded(scene(), "PNG")
JPEG = encoded(scene(), "JPEG")
OTHER_PNG = encoded(scene(90, 70), "PNG")
Taken = list[Attachment | PictureRefused]


@pytest.fixture
def taking(decoding: Callable[..., Any], home: Path) -> Callable[..., Any]:
    """`taking(offer, ...)`: what each offer gave, and each stored file was checked."""

    def run(*offers: Offer) -> list[Taken]:
        async def work(decoder: Decoder) -> list[Taken]:
            store = await Store.open(home)
            try:
                intake = Intake(decoder, store.pictures)
                results = [[item async for item in intake.take(offer)] for offer in offers]
                for item in itertools.chain.from_iterable(results):
                    if isinstance(item, Attachment):
                        await check_stored(store, item.picture)
                return results
            finally:
                await store.close()

        results: list[Taken] = decoding(work)
        return results

    return run


async def check_stored(store: Store, picture: Picture) -> None:
    data = store.pictures.path(picture.sha256).read_bytes()
    assert hashlib.sha256(data).hexdigest() == picture.sha256
    assert await store.pictures.get(picture.sha256) == picture


def names(taken: Taken) -> list[str]:
    return [item.name if isinstance(item, Attachment) else f"refused: {item.facts['name']}" for item in taken]


def test_files_are_taken_in_order_byte_for_byte(taking: Callable[..., Any], tmp_path: Path) -> None:
    paths = tuple(PHOTOS / name for name in ("chelsea.png", "rocket.jpg", "coffee.png"))
    (taken,) = taking(Offer(paths=paths))
    assert names(taken) == ["chelsea.png", "rocket.jpg", "coffee.png"]
    for path, item in zip(paths, taken, strict=True):
        assert item.picture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_bad_file_between_good_ones_is_refused_alone(taking: Callable[..., Any], tmp_path: Path) -> None:
    bad = tmp_path / "notes.png"
    bad.write_text("just text")
    (taken,) = taking(Offer(paths=(PHOTOS / "coffee.png", bad, tmp_path, PHOTOS / "page.png")))
    assert names(taken) == ["coffee.png", "refused: notes.png", f"refused: {tmp_path.name}", "page.png"]
    assert taken[2].facts["reason"] == "it is a folder"
    assert [item.folder for item in (taken[1], taken[2])] == ["", str(tmp_path)]


def test_the_same_picture_twice_in_one_offer_is_taken_once(
    taking: Callable[..., Any], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.png"
    copy.write_bytes((PHOTOS / "coffee.png").read_bytes())
    paths = (PHOTOS / "coffee.png", copy, PHOTOS / "coffee.png")
    (taken,) = taking(Offer(paths=paths))
    assert names(taken) == ["coffee.png"]


def test_what_chromium_hands_over_is_taken_by_its_bytes(taking: Callable[..., Any]) -> None:
    offer = Offer(blobs=(("application/octet-stream", JPEG),), urls=("https://example.org/cat.jpg",))
    (taken,) = taking(offer)
    assert names(taken) == ["dropped picture 1"]
    assert taken[0].picture.sha256 == hashlib.sha256(JPEG).hexdigest()


def test_what_firefox_hands_over_is_taken_as_png_and_once(taking: Callable[..., Any]) -> None:
    offer = Offer(
        blobs=(("image/jpeg", JPEG), ("image/png", PNG)),
        pixels=Pixels(160, 120, scene().tobytes()),
        urls=("https://example.org/cat.jpg",),
    )
    (taken,) = taking(offer)
    assert names(taken) == ["dropped picture 1"]
    assert taken[0].picture.sha256 == hashlib.sha256(PNG).hexdigest()


def test_bytes_without_a_type_that_are_no_picture_give_way_to_those_that_are(
    taking: Callable[..., Any],
) -> None:
    offer = Offer(blobs=(("application/octet-stream", b"something else"), ("image/png", PNG)))
    (taken,) = taking(offer)
    assert names(taken) == ["dropped picture 1"]


def test_an_empty_png_on_the_clipboard_gives_way_to_the_pixels(taking: Callable[..., Any]) -> None:
    pixels = Pixels(160, 120, scene().tobytes())
    (taken,) = taking(Offer(blobs=(("image/png", b""),), pixels=pixels, pasted=True))
    assert names(taken) == ["pasted picture 1"]
    assert (taken[0].picture.format, taken[0].picture.width) == ("png", 160)


def test_pasted_pictures_are_numbered(taking: Callable[..., Any]) -> None:
    offers = [Offer(blobs=(("image/png", data),), pasted=True) for data in (PNG, b"no", OTHER_PNG)]
    assert [names(taken) for taken in taking(*offers)] == [
        ["pasted picture 1"],
        ["refused: pasted picture 2"],
        ["pasted picture 2"],
    ]


def test_a_file_wins_over_other_forms_of_it(taking: Callable[..., Any]) -> None:
    offer = Offer(paths=(PHOTOS / "coffee.png",), blobs=(("application/octet-stream", JPEG),))
    assert names(taking(offer)[0]) == ["coffee.png"]


def test_an_address_alone_is_refused_and_says_what_can_be_done(taking: Callable[..., Any]) -> None:
    (taken,) = taking(Offer(urls=("http://127.0.0.1:1/cat.png",)))
    (refused,) = taken
    assert isinstance(refused, PictureRefused)
    assert refused.facts["name"] == "http://127.0.0.1:1/cat.png"
    assert refused.url == "http://127.0.0.1:1/cat.png"
    assert "you can also save the picture" in refused.sentence


def test_what_has_a_name_of_its_own_keeps_it(taking: Callable[..., Any]) -> None:
    pixels = Pixels(160, 120, scene().tobytes())
    offers = [
        Offer(pixels=pixels, name="screen capture"),
        Offer(paths=(PHOTOS / "coffee.png",), name="screen capture 2"),
        Offer(blobs=(("image/png", OTHER_PNG),)),
    ]
    assert [names(taken) for taken in taking(*offers)] == [
        ["screen capture"],
        ["screen capture 2"],
        ["dropped picture 1"],
    ]


def test_chosen_frames_become_pictures_of_their_own(taking: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue")]
    path.write_bytes(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    chosen = tuple(FrameOf(path, f"moving.gif, frame {number + 1}", number) for number in (2, 7, 1))
    (taken,) = taking(Offer(frames=chosen))
    assert names(taken) == [
        "moving.gif, frame 3",
        "refused: moving.gif, frame 8",
        "moving.gif, frame 2",
    ]
    assert {item.picture.format for item in taken if isinstance(item, Attachment)} == {"png"}


def test_an_empty_offer_gives_nothing(taking: Callable[..., Any]) -> None:
    assert taking(Offer()) == [[]]


def test_pixels_become_a_stored_png_of_the_same_pixels(taking: Callable[..., Any], home: Path) -> None:
    (taken,) = taking(Offer(pixels=Pixels(160, 120, scene().tobytes())))
    sha256 = taken[0].picture.sha256
    with Image.open(io.BytesIO((home / "pictures" / sha256[:2] / sha256[2:]).read_bytes())) as image:
        assert image.convert("RGB").tobytes() == scene().tobytes()


def test_a_fifo_in_an_offer_holds_nobody_up(taking: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (taken,) = taking(Offer(paths=(tmp_path / "pipe.png", PHOTOS / "coffee.png")))
    assert names(taken) == ["refused: pipe.png", "coffee.png"]


def test_a_full_disk_is_not_a_refused_picture() -> None:
    class FullShelf:
        async def add(self, data: bytes, picture: Picture) -> None:
            raise DiskFull(path="/library")

    async def work() -> None:
        decoder = Decoder(Caps())
        try:
            with pytest.raises(DiskFull):
                async for _ in Intake(decoder, FullShelf()).take(Offer(paths=(PHOTOS / "coffee.png",))):
                    pass
        finally:
            await decoder.close()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.png", "cat.png"),
        ("two\nlines\t.png", "two\ufffdlines\ufffd.png"),
        ("gpj.\u202ecat", "gpj.\ufffdcat"),
        (os.fsdecode(b"caf\xe9.png"), "caf\ufffd.png"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_names_are_shown_on_one_line_and_as_they_are(name: str, shown: str) -> None:
    assert shown_name(name) == shown
