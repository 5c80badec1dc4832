"""What a picture's file tells beside its pixels. Runs in the decoder child."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import ExifTags, Image

from app.pictures.place import Place, exif_place, xmp_place

TEXT_LIMIT = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_EXIF_TIME = re.compile(r"(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)")
_USER_COMMENT_CODECS = {b"ASCII": "ascii", b"UNICODE": "utf-16", b"JIS": "iso2022_jp"}
_XP_COMMENT = 0x9C9C
_IPTC_TAG = 0x83BB
_PHOTOSHOP_IPTC = 0x0404
_PHOTOSHOP_THUMBNAILS = {0x0409, 0x040C}
_TEXT_KEYS = ("comment", "Comment", "Description", "parameters")
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
_NOT_METADATA = {
    *(ExifTags.Base.ImageWidth, ExifTags.Base.ImageLength, ExifTags.Base.BitsPerSample),
    *(ExifTags.Base.Compression, ExifTags.Base.PhotometricInterpretation, ExifTags.Base.StripOffsets),
    *(ExifTags.Base.Orientation, ExifTags.Base.SamplesPerPixel, ExifTags.Base.RowsPerStrip),
    *(ExifTags.Base.StripByteCounts, ExifTags.Base.XResolution, ExifTags.Base.YResolution),
    *(ExifTags.Base.PlanarConfiguration, ExifTags.Base.ResolutionUnit, ExifTags.Base.Predictor),
    *(ExifTags.Base.ColorMap, ExifTags.Base.ExtraSamples, ExifTags.Base.SampleFormat),
    *(ExifTags.Base.TileWidth, ExifTags.Base.TileLength, ExifTags.Base.TileOffsets),
    *(ExifTags.Base.TileByteCounts, ExifTags.Base.NewSubfileType, ExifTags.Base.FillOrder),
    *(ExifTags.Base.JPEGTables, ExifTags.Base.YCbCrSubSampling, ExifTags.Base.ReferenceBlackWhite),
    *(ExifTags.Base.YCbCrCoefficients, ExifTags.Base.YCbCrPositioning, _IPTC_TAG, 700, 34377, 34675),
}
"""What a TIFF needs to be a picture; XMP, IPTC, Photoshop's and ICC data are named by themselves."""


def revealed(image: Image.Image) -> dict[str, Any]:
    """The fields of `Revealed` for an image that is loaded. Damaged metadata says nothing."""
    exif: Image.Exif = Image.Exif()
    with contextlib.suppress(Exception):
        exif = image.getexif()
    detail = _directory(exif, ExifTags.IFD.Exif)
    place = _place(image, exif)
    comment = _comment(image, exif, detail)
    return {
        "has_location": place.told,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "camera": _camera(exif),
        "taken": _taken(exif, detail),
        "comment": comment,
        "found": list(_found(image, exif, place, comment)),
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


def _place(image: Image.Image, exif: Image.Exif) -> Place:
    """Of two places the one that can be read."""
    places = (exif_place(_directory(exif, ExifTags.IFD.GPSInfo)), xmp_place(_xmp(image)))
    readable = [place for place in places if place.latitude is not None]
    return readable[0] if readable else Place(any(place.told for place in places))


def _found(image: Image.Image, exif: Image.Exif, place: Place, comment: str) -> Iterator[str]:
    """The kinds of metadata in the file, by the names of `Revealed.found`."""
    photoshop = image.info.get("photoshop")
    resources = set(photoshop) if isinstance(photoshop, dict) else set()
    small = _directory(exif, ExifTags.IFD.IFD1)
    kinds = {
        "EXIF": _has_exif(image, exif),
        "GPS": place.told,
        "XMP": bool(_xmp(image)),
        "IPTC": _PHOTOSHOP_IPTC in resources or _IPTC_TAG in _tags(image),
        "ICC profile": bool(image.info.get("icc_profile")),
        "comment": bool(comment),
        "thumbnail": bool(small) or bool(resources & _PHOTOSHOP_THUMBNAILS) or _has_previews(image),
        "text": any(key not in _XMP_KEYS for key in _texts(image)),
    }
    return (name for name, there in kinds.items() if there)


def _has_exif(image: Image.Image, exif: Image.Exif) -> bool:
    """What a TIFF needs to be a picture is EXIF in form alone."""
    if image.format == "TIFF":
        return bool(set(exif) - _NOT_METADATA)
    return any(image.info.get(key) for key in ("exif", "Raw profile type exif"))


def _xmp(image: Image.Image) -> bytes:
    for key in _XMP_KEYS:
        packet = image.info.get(key)
        if packet:
            return packet if isinstance(packet, bytes) else str(packet).encode("utf-8", "replace")
    return b""


def _tags(image: Image.Image) -> Iterable[int]:
    """The tags of a TIFF."""
    tags: Iterable[int] = getattr(image, "tag_v2", None) or ()
    return tags


def _texts(image: Image.Image) -> Iterable[str]:
    """The keys of the texts in a PNG."""
    texts = getattr(image, "text", None)
    return texts if isinstance(texts, dict) else ()


def _has_previews(image: Image.Image) -> bool:
    """Whether a JPEG carries further pictures, or HEIF thumbnails."""
    is_series = image.format == "MPO"
    return is_series or bool(image.info.get("thumbnails"))


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
