"""What is sent carries pixels and nothing else of the file."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment
from app.domain.request import PromptPicture
from tests.app.pictures.drawn_pages import page
from tests.app.pictures.sending import Decoding, at, sent

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
TELLING = (
    b"Fovea-test-camera",
    b"a secret comment",
    b"gps",
    b"xmp",
    b"exif",
    b"icc",
    b"adobe",
    b"\x00\x01\x02\x03thumb",
)
PLAIN_JPEG = {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0}
"""Frames, tables, scans, restarts, and the JFIF header that only says how square the pixels are."""
PLAIN_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
REGION = Region(id="0" * 8, kind=RegionKind.LASSO, points=(at(10, 10), at(90, 20), at(40, 70)))
WAYS = {
    "fit": (Limits(longest_side=150, most_pictures=9), Detail.FIT),
    "few bytes": (Limits(longest_side=500, most_pictures=9, most_bytes=3_000), Detail.FIT),
    "tiles": (Limits(longest_side=100, most_pictures=9, tile=50), Detail.TILES),
    "original": (Limits(longest_side=100, most_pictures=9), Detail.ORIGINAL),
    "upload": (Limits(longest_side=100, most_pictures=9, takes_uploads=True), Detail.UPLOAD),
    "raw": (Limits(longest_side=100, most_pictures=9, encoding=PictureEncoding.RGB), Detail.FIT),
}


def photograph() -> Image.Image:
    with Image.open(PHOTOS / "chelsea.png") as image:
        return image.convert("RGB").crop((100, 50, 300, 200))


def telling_files(folder: Path) -> Iterator[Path]:
    """Pictures full of what their pixels do not show, photographs and drawings."""
    exif = Image.Exif()
    exif[0x0110] = "Fovea-test-camera"
    exif[0x9286] = b"ASCII\0\0\0a secret comment"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 31.0, 12.0), "E", (13.0, 24.0, 18.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a secret comment")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta><exif:GPSLatitude>52</exif:GPSLatitude></x:xmpmeta>")
    for kind, image in {"photo": photograph(), "page": page(12, 480, 320)}.items():
        jpeg, png, webp, tiff = (folder / f"{kind}.{end}" for end in ("jpg", "png", "webp", "tif"))
        image.save(jpeg, exif=exif, icc_profile=profile, comment=b"a secret comment", xmp=b"<x:xmpmeta/>")
        image.save(png, exif=exif, icc_profile=profile, pnginfo=text, dpi=(300, 300))
        image.save(webp, lossless=True, exif=exif, icc_profile=profile, xmp=b"<x:xmpmeta/>")
        image.save(tiff, exif=exif, icc_profile=profile, description="a secret comment")
        yield from (jpeg, png, webp, tiff)


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(telling_files(tmp_path_factory.mktemp("telling")))


@pytest.mark.parametrize("way", list(WAYS))
def test_d6_no_form_of_what_is_sent_tells_more_than_its_pixels(
    decoding: Decoding, telling: list[Path], way: str
) -> None:
    limits, detail = WAYS[way]
    covered = Redaction(kind=RedactionKind.BOX, points=(at(0, 0), at(9, 9)))
    treatment = Treatment(regions=(REGION,), sends=RegionSend.BOTH, redactions=(covered,))
    kinds = set()
    for path in telling:
        for picture in sent(decoding, path, limits, treatment, detail):
            assert_bare(picture)
            kinds.add(picture.prepared.mime)
    assert kinds == {"raw": {"image/x-rgb"}}.get(way, {"image/jpeg", "image/png"})


@pytest.mark.parametrize("photo", sorted(path.name for path in PHOTOS.glob("*.*g")))
def test_d6_photographs_are_sent_bare(decoding: Decoding, photo: str) -> None:
    for limits, detail in WAYS.values():
        for picture in sent(decoding, PHOTOS / photo, limits, detail=detail)[:2]:
            assert_bare(picture)


def assert_bare(picture: PromptPicture) -> None:
    data, record = picture.data, picture.prepared
    assert len(data) == record.byte_count
    match record.mime:
        case "image/jpeg":
            assert set(jpeg_segments(data)) <= PLAIN_JPEG
        case "image/png":
            assert set(png_chunks(data)) <= PLAIN_PNG
        case _:
            assert len(data) == 3 * record.width * record.height
            return
    assert not any(word.lower() in data.lower() for word in TELLING if len(word) > 4)
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()


def jpeg_segments(data: bytes) -> Iterator[int]:
    """The kinds of segments up to the scan, after which only the end may come."""
    assert data[:2] == b"\xff\xd8"
    assert data.endswith(b"\xff\xd9")
    position = 2
    while True:
        marker, kind, length = struct.unpack(">BBH", data[position : position + 4])
        assert marker == 0xFF
        yield kind
        if kind == 0xE0:
            assert data[position + 4 : position + 9] == b"JFIF\0"
            assert length == 16  # no thumbnail
        if kind == 0xDA:
            return
        position += 2 + length


def png_chunks(data: bytes) -> Iterator[bytes]:
    position = 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        yield data[position + 4 : position + 8]
        position += 12 + length
    assert position == len(data)
