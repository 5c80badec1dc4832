"""Pictures that tell of whoever took them, and what a file still tells."""

from __future__ import annotations

import base64
import io
import json
import re
import struct
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin

from tests.photos import photo

SECRET = b"only for my eyes"

_DATA = re.compile(r"data:(image/[a-z-]+);base64,([A-Za-z0-9+/=]+)")
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_JPEG_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA}  # JFIF, tables, frames, restarts, scan
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def telling_jpeg(scale: int = 1) -> bytes:
    """A photograph, larger by `scale`, with a place, names, a comment, XMP, a colour profile and a
    thumbnail."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"ASCII\0\0\0" + SECRET
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (52.0, 31.0, 12.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (13.0, 24.0, 36.0)
    options = {
        "exif": _with_thumbnail(exif.tobytes()),
        "comment": SECRET,
        "xmp": b"<x:xmpmeta><dc:creator>" + SECRET + b"</dc:creator></x:xmpmeta>",
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    image = photo("rocket.jpg")
    image = image.resize((scale * image.width, scale * image.height))
    data = _encoded(image, "JPEG", **options)
    iptc = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET) + 5) + b"\x1c\x02\x50\0\x10" + SECRET
    return data[:2] + _segment(0xED, b"Photoshop 3.0\0" + iptc) + data[2:] + SECRET


def telling_page() -> bytes:
    """A page of text, with texts beside its pixels."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = SECRET.decode()
    return _encoded(photo("page.png"), "PNG", pnginfo=texts, exif=exif) + SECRET


def sent_in(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The type and the bytes of every picture in a request's JSON."""
    for text in _texts(json.loads(body)):
        for mime, data in _DATA.findall(text):
            yield mime, base64.b64decode(data)


def told_by(mime: str, data: bytes) -> list[str]:
    """What a picture tells beside its pixels, and whether it is of another type than it says."""
    if not data.startswith(_MAGIC[mime]):
        return [f"no {mime}"]
    found = [SECRET.decode()] if SECRET in data else []
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        found += [
            key for key in image.info if key not in ("jfif", "jfif_version", "jfif_unit", "jfif_density")
        ]
        found += ["EXIF"] if image.getexif() else []
    return found + [str(part) for part in _parts(mime, data)]


def _parts(mime: str, data: bytes) -> Iterator[object]:
    """The segments or chunks that need not be there, and what lies behind the end."""
    at = 2 if mime == "image/jpeg" else 8
    while at < len(data):
        if mime == "image/jpeg":
            kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
            if kind == 0xDA:
                if not data.endswith(b"\xff\xd9"):
                    yield "something behind the end"
                return
            if kind not in _JPEG_SEGMENTS or (kind == 0xE0 and length != 16):
                yield hex(kind)
            at += 2 + length
        else:
            length, chunk = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            if chunk not in _PNG_CHUNKS:
                yield chunk
            at += 12 + length


def _with_thumbnail(exif: bytes) -> bytes:
    """EXIF with a second directory, whose thumbnail shows what was cut away."""
    small = Image.new("RGB", (32, 24), "white")
    ImageDraw.Draw(small).text((1, 6), "me", "black")
    thumbnail = _encoded(small, "JPEG")
    head, tiff = exif[:6], bytearray(exif[6:])
    order = "<" if tiff[:2] == b"II" else ">"
    first = struct.unpack(order + "I", tiff[4:8])[0]
    entries = struct.unpack(order + "H", tiff[first : first + 2])[0]
    link = first + 2 + 12 * entries
    at = len(tiff)
    tiff[link : link + 4] = struct.pack(order + "I", at)
    data_at = at + 2 + 2 * 12 + 4
    directory = struct.pack(order + "H", 2)
    directory += struct.pack(order + "HHII", 0x0201, 4, 1, data_at)
    directory += struct.pack(order + "HHII", 0x0202, 4, 1, len(thumbnail))
    return head + bytes(tiff) + directory + b"\0\0\0\0" + thumbnail


def _segment(kind: int, payload: bytes) -> bytes:
    return bytes((0xFF, kind)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def _texts(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for value in plain.values():
            yield from _texts(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _texts(value)
