"""What is sent for a picture, and the way back to the original's pixels."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import PictureRefused
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Picture
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare
from tests.app.pictures.samples import encoded, scene

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
Decoding = Callable[..., Any]


def prepared(decoding: Decoding, path: Path, limits: Limits) -> PromptPicture:
    async def work(decoder: Decoder) -> PromptPicture:
        picture = await decoder.inspect(path=path, name=path.name)
        return await prepare(decoder, path, picture, path.name, limits)

    result: PromptPicture = decoding(work)
    return result


@pytest.mark.parametrize("encoding", list(PictureEncoding))
def test_the_record_tells_exactly_what_is_sent(decoding: Decoding, encoding: PictureEncoding) -> None:
    path = PHOTOS / "coffee.png"
    sent = prepared(decoding, path, Limits(longest_side=256, most_pictures=1, encoding=encoding))
    record = sent.prepared
    assert record.original == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.sha256 == hashlib.sha256(sent.data).hexdigest()
    assert record.byte_count == len(sent.data)
    assert (record.mime, record.width, record.height) == (encoding.value, 256, 171)
    assert (sent.original_width, sent.original_height, sent.name) == (600, 400, "coffee.png")


def test_raw_rows_are_sent_where_the_endpoint_wants_them(decoding: Decoding) -> None:
    limits = Limits(longest_side=4096, most_pictures=1, encoding=PictureEncoding.RGB)
    sent = prepared(decoding, PHOTOS / "coffee.png", limits)
    with Image.open(PHOTOS / "coffee.png") as image:
        assert sent.data == image.convert("RGB").tobytes()


def test_the_corners_map_back_to_the_corners_of_the_upright_original(
    decoding: Decoding, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    path.write_bytes(encoded(scene(1600, 1200).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif))
    sent = prepared(decoding, path, Limits(longest_side=100, most_pictures=1))
    record = sent.prepared
    assert (sent.original_width, sent.original_height) == (1600, 1200)
    assert (record.width * record.scale_x, record.height * record.scale_y) == (1600, 1200)
    with Image.open(io.BytesIO(sent.data)) as image:
        assert image.size == (100, 75)


def test_a_small_picture_is_not_made_larger(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(encoded(scene(40, 30), "PNG"))
    record = prepared(decoding, path, Limits(longest_side=1536, most_pictures=1)).prepared
    assert (record.width, record.height, record.scale_x, record.scale_y) == (40, 30, 1.0, 1.0)


def test_a_stored_file_that_is_gone_is_a_refusal(decoding: Decoding, tmp_path: Path) -> None:
    picture = Picture(sha256="0" * 64, format="png", width=1, height=1, byte_count=1)
    limits = Limits(longest_side=10, most_pictures=1)
    with pytest.raises(PictureRefused, match="there is no such file"):
        decoding(lambda decoder: prepare(decoder, tmp_path / "gone", picture, "gone.png", limits))
