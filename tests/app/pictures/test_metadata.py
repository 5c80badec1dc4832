"""What a file reveals is told, and never sent."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin, TiffImagePlugin

from app.domain.errors import PictureRefused
from app.pictures.decoder import Decoder
from tests.app.pictures.samples import encoded, scene

Decoding = Callable[..., Any]
SECRET = b"only for my eyes"


def telling_exif() -> Image.Exif:
    """EXIF with a place, a camera, a time and a thumbnail's worth of text."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Fuji"
    exif[ExifTags.Base.Model] = "X100"
    exif[ExifTags.Base.DateTime] = "2020:01:01 00:00:00"
    exif[ExifTags.Base.Artist] = SECRET.decode()
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = "2024:05:06 07:08:09"
    detail[ExifTags.Base.UserComment] = b"ASCII\0\0\0" + SECRET
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (13.0, 24.0, 36.0)
    return exif


def telling_options(name: str) -> dict[str, Any]:
    """What to give Pillow so that a file of format `name` tells it all."""
    exif = telling_exif()
    if name != "TIFF":
        return {"exif": exif.tobytes()}
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in exif.items():
        tags[tag] = value
    for directory in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        tags[directory] = exif.get_ifd(directory)
    return {"tiffinfo": tags}


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_place_camera_time_and_comment_are_told(decoding: Decoding, name: str) -> None:
    data = encoded(scene(), name, **telling_options(name))
    told = decoding(lambda decoder: decoder.inspect(data=data, name="photo")).revealed
    assert told.has_location
    assert told.camera == "Fuji X100"
    assert told.taken == "2024-05-06 07:08:09"
    assert told.comment == SECRET.decode()
    assert (told.latitude, told.longitude) == (52.52, 13.41)
    assert {"EXIF", "GPS", "comment"} <= set(told.found)


def test_a_picture_without_metadata_tells_nothing(decoding: Decoding) -> None:
    told = decoding(lambda decoder: decoder.inspect(data=encoded(scene(), "PNG"), name="plain")).revealed
    assert (told.has_location, told.camera, told.taken, told.comment) == (False, "", "", "")
    assert (told.latitude, told.longitude, told.found) == (None, None, ())


def test_a_place_in_xmp_alone_is_told(decoding: Decoding) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>52,31.2N</exif:GPSLatitude></x:xmpmeta>'
    data = encoded(scene(), "JPEG", xmp=xmp)
    told = decoding(lambda decoder: decoder.inspect(data=data, name="x")).revealed
    assert told.has_location
    assert told.found == ("GPS", "XMP")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.6E"', (52.52, 13.41)),
        (b"<exif:GPSLatitude>33,51,25.2S</exif:GPSLatitude>"
         b"<exif:GPSLongitude>151,12,54W</exif:GPSLongitude>", (-33.857, -151.215)),
        (b'exif:GPSLatitude="95,0N" exif:GPSLongitude="13,0E"', (None, None)),
        (b'exif:GPSLatitude="52,31.2N"', (None, None)),
        (b'exif:GPSLatitude="1,2,3,4N" exif:GPSLongitude="13,99E"', (None, None)),
        (b'exif:GPSLatitude="' + b"9" * 10_000 + b'N" exif:GPSLongitude="13,0E"', (None, None)),
    ],
)  # fmt: skip
def test_d6_a_place_in_xmp_is_read_strictly(
    decoding: Decoding, written: bytes, read: tuple[float | None, float | None]
) -> None:
    data = encoded(scene(), "JPEG", xmp=b"<x:xmpmeta " + written + b"/>")
    told = decoding(lambda decoder: decoder.inspect(data=data, name="x")).revealed
    assert told.has_location
    assert (told.latitude, told.longitude) == read


@pytest.mark.parametrize(
    ("latitude", "side", "read"),
    [
        ((52.0, 31.0, 12.0), "N", 52.52),
        ((52.0, 31.0, 12.0), "S\0", -52.52),
        ((0.0, 0.0, 0.0), "S", 0.0),
        ((52.0, 31.0, 12.0), "", None),
        ((52.0, 31.0, 12.0), "E", None),
        ((91.0, 0.0, 0.0), "N", None),
        ((52.0, 99.0, 0.0), "N", None),
        ((TiffImagePlugin.IFDRational(1, 0), 0.0, 0.0), "N", None),
    ],
)
def test_d6_a_place_in_exif_is_read_strictly(
    decoding: Decoding, latitude: tuple[Any, ...], side: str, read: float | None
) -> None:
    exif = Image.Exif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = side
    place[ExifTags.GPS.GPSLatitude] = latitude
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (13.0, 24.0, 36.0)
    data = encoded(scene(), "JPEG", exif=exif.tobytes())
    told = decoding(lambda decoder: decoder.inspect(data=data, name="x")).revealed
    assert told.has_location
    assert (told.latitude, told.longitude) == ((read, 13.41) if read is not None else (None, None))


def test_d6_each_kind_of_metadata_is_named(decoding: Decoding) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Software", "a drawing program")
    iptc = b"8BIM\x04\x04\0\0" + (8).to_bytes(4, "big") + b"\x1c\x02\x50\0\3Bob"
    app13 = b"Photoshop 3.0\0" + iptc
    jpeg = encoded(scene(), "JPEG")
    segment = b"\xff\xed" + (len(app13) + 2).to_bytes(2, "big") + app13
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    files = {
        ("ICC profile",): encoded(scene(), "JPEG", icc_profile=profile),
        ("IPTC",): jpeg[:2] + segment + jpeg[2:],
        ("text",): encoded(scene(), "PNG", pnginfo=text),
        ("XMP",): encoded(scene(), "WEBP", xmp=b"<x:xmpmeta/>"),
        ("comment",): encoded(scene(), "GIF", comment=b"moving"),
        ("EXIF",): encoded(scene(), "PNG", exif=turned.tobytes()),
        ("EXIF", "thumbnail"): encoded(scene(), "JPEG", exif=exif_with_thumbnail()),
        ("thumbnail",): encoded(scene(), "MPO", save_all=True, append_images=[scene(80, 60)]),
    }

    async def work(decoder: Decoder) -> None:
        for found, data in files.items():
            assert (await decoder.inspect(data=data, name="x")).revealed.found == found

    decoding(work)


def exif_with_thumbnail() -> bytes:
    """A block of two directories, the second with a small JPEG."""
    small = encoded(scene(16, 12), "JPEG")
    first = struct.pack("<HHHII", 1, 0x0110, 2, 4, int.from_bytes(b"X1\0\0", "little"))
    start = 8 + len(first) + 4
    second = struct.pack("<HHHIIHHII", 2, 0x0201, 4, 1, start + 30, 0x0202, 4, 1, len(small))
    blocks = first + struct.pack("<I", start) + second + struct.pack("<I", 0)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + blocks + small


def test_d6_damaged_metadata_says_nothing_and_hides_no_picture(decoding: Decoding) -> None:
    source = random.Random(6)
    whole = bytearray(encoded(scene(), "JPEG", exif=telling_exif().tobytes(), xmp=b"<x:xmpmeta/>"))
    start, end = whole.index(b"Exif"), whole.index(b"\xff\xdb")

    async def work(decoder: Decoder) -> None:
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(source.randint(1, 30)):
                data[source.randrange(start + 6, end - 40)] = source.randrange(256)
            try:
                picture = await decoder.inspect(data=bytes(data), name="x")
            except PictureRefused as refused:
                assert refused.facts["reason"]
            else:
                assert {picture.width, picture.height} == {160, 120}

    decoding(work)


def test_comments_are_found_where_each_format_keeps_them(decoding: Decoding) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "a cat, masterpiece")
    files = {
        "a cat, masterpiece": encoded(scene(), "PNG", pnginfo=text),
        "seen in Rome": encoded(scene(), "JPEG", comment=b"seen in Rome"),
        "moving": encoded(scene(), "GIF", comment=b"moving"),
    }

    async def work(decoder: Decoder) -> None:
        for comment, data in files.items():
            assert (await decoder.inspect(data=data, name="x")).revealed.comment == comment

    decoding(work)


def test_a_comment_is_short_and_holds_no_control_characters(decoding: Decoding) -> None:
    data = encoded(scene(), "JPEG", comment=b"\x1b[31m" + b"long \0" * 5_000)
    comment = decoding(lambda decoder: decoder.inspect(data=data, name="x")).revealed.comment
    assert len(comment) <= 500
    assert comment.startswith("[31mlong long")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_d6_nothing_but_pixels_is_in_the_encoded_bytes(decoding: Decoding, tmp_path: Path, name: str) -> None:
    options = telling_options(name)
    if name in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    if name == "JPEG":
        options["comment"] = SECRET
    path = tmp_path / "photo"
    path.write_bytes(encoded(scene(), name, **options))
    assert SECRET in path.read_bytes()
    data = decoding(lambda decoder: decoder.encode(path, "photo", 4096)).data
    assert jpeg_segments(data) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_d6_the_small_picture_inside_a_photograph_is_not_sent(decoding: Decoding, tmp_path: Path) -> None:
    thumbnail = encoded(Image.effect_noise((160, 120), 80), "JPEG")
    path = tmp_path / "photo.jpg"
    whole = encoded(scene(), "JPEG", **telling_options("JPEG"))
    segment = b"\xff\xed" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    path.write_bytes(whole[:2] + segment + whole[2:])
    data = decoding(lambda decoder: decoder.encode(path, "photo.jpg", 4096)).data
    assert data.count(b"\xff\xd8") == 1
    assert thumbnail[-200:-100] in path.read_bytes()
    assert thumbnail[-200:-100] not in data


def jpeg_segments(data: bytes) -> set[int]:
    """The markers of a JPEG up to its pixels."""
    found, at = set(), 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        found.add(marker)
        if marker == 0xDA:
            return found
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise AssertionError("not a JPEG")
