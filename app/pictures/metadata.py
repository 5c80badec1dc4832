"""What a picture's file tells beside its pixels. Runs in the decoder child."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any

from PIL import ExifTags, Image

TEXT_LIMIT = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_EXIF_TIME = re.compile(r"(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)")
_XMP_LOCATION = (b"exif:GPSLatitude", b"exif:GPSLongitude")
_USER_COMMENT_CODECS = {b"ASCII": "ascii", b"UNICODE": "utf-16", b"JIS": "iso2022_jp"}
_XP_COMMENT = 0x9C9C
_TEXT_KEYS = ("comment", "Comment", "Description", "parameters")
_PLACE_TAGS = (
    ExifTags.GPS.GPSLatitude,
    ExifTags.GPS.GPSLongitude,
    ExifTags.GPS.GPSDestLatitude,
    ExifTags.GPS.GPSAreaInformation,
)


def revealed(image: Image.Image) -> dict[str, Any]:
    """The fields of `Revealed` for an image that is loaded. Damaged metadata says nothing."""
    exif: Image.Exif = Image.Exif()
    with contextlib.suppress(Exception):
        exif = image.getexif()
    detail = _directory(exif, ExifTags.IFD.Exif)
    return {
        "has_location": _has_location(image, exif),
        "camera": _camera(exif),
        "taken": _taken(exif, detail),
        "comment": _comment(image, exif, detail),
    }


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8, of an image that is loaded; 1 where there is none."""
    with contextlib.suppress(Exception):
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
        return value if value in range(1, 9) else 1
    return 1


def _directory(exif: Image.Exif, name: ExifTags.IFD) -> dict[int, Any]:
    with contextlib.suppress(Exception):
        return dict(exif.get_ifd(name))
    return {}


def _has_location(image: Image.Image, exif: Image.Exif) -> bool:
    if any(tag in _directory(exif, ExifTags.IFD.GPSInfo) for tag in _PLACE_TAGS):
        return True
    xmp = image.info.get("xmp", b"") or image.info.get("XML:com.adobe.xmp", "")
    packet = xmp if isinstance(xmp, bytes) else str(xmp).encode("utf-8", "replace")
    return any(mark in packet for mark in _XMP_LOCATION)


def _camera(exif: Image.Exif) -> str:
    make = _text(exif.get(ExifTags.Base.Make))
    model = _text(exif.get(ExifTags.Base.Model))
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


def _taken(exif: Image.Exif, detail: dict[int, Any]) -> str:
    """As `2024-05-01 12:30:00`, in the camera's own time."""
    original = _text(detail.get(ExifTags.Base.DateTimeOriginal))
    found = _EXIF_TIME.match(original or _text(exif.get(ExifTags.Base.DateTime)))
    return "{}-{}-{} {}".format(*found.groups()) if found else ""


def _comment(image: Image.Image, exif: Image.Exif, detail: dict[int, Any]) -> str:
    candidates: Iterable[str] = (
        *(_text(image.info.get(key)) for key in _TEXT_KEYS),
        _user_comment(detail.get(ExifTags.Base.UserComment)),
        _text(exif.get(ExifTags.Base.ImageDescription)),
        _text(exif.get(_XP_COMMENT), "utf-16-le"),
    )
    return next((text for text in candidates if text), "")


def _user_comment(value: Any) -> str:
    if not isinstance(value, bytes):
        return _text(value)
    codec = _USER_COMMENT_CODECS.get(value[:8].rstrip(b"\0 "), "utf-8")
    return _text(value[8:], codec)


def _text(value: Any, codec: str = "utf-8") -> str:
    """`value` as one short readable text; bytes are decoded as `codec`."""
    if isinstance(value, bytes):
        value = value[: 4 * TEXT_LIMIT].decode(codec, "replace")
    if not isinstance(value, str):
        return ""
    readable = value[: 2 * TEXT_LIMIT].encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", readable).strip()[:TEXT_LIMIT]
