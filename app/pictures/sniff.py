"""What a file is, by its first bytes, whatever its name."""

from __future__ import annotations

import re

from app.pictures.caps import Refused

PREFIX_BYTES = 4096

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_BMP_HEADER_LENGTHS = {12, 16, 40, 52, 56, 64, 108, 124}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_CONTAINER_BRANDS = {b"mif1", b"msf1"}

_REFUSED_MAGIC = (
    (b"%PDF-", "PDF documents are not opened yet; save the page as a picture"),
    (b"%!PS", "it is a PostScript drawing"),
    (b"\xc5\xd0\xd3\xc6", "it is a PostScript drawing"),
    (b"8BPS", "it is a Photoshop file"),
    (b"SIMPLE  =", "it is a FITS file"),
    (b"\0\0\0\x0cjP  ", "it is a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "it is a JPEG 2000 picture"),
    (b"\0\0\0\x0cJXL ", "it is a JPEG XL picture"),
    (b"\xff\x0a", "it is a JPEG XL picture"),
    (b"\0\0\1\0", "it is a Windows icon"),
    (b"PK\3\4", "it is a ZIP archive"),
    (b"\x1f\x8b", "it is a compressed file"),
    (b"\x1aE\xdf\xa3", "it is a video"),
)
_UNKNOWN = "it is none of the kinds Fovea opens: PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC and AVIF"
_MARKUP = re.compile(rb"\s*<(?:[!?a-z])", re.IGNORECASE)
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def picture_format(prefix: bytes) -> str:
    """Pillow's name of the format that begins with `prefix` (up to PREFIX_BYTES of the file).

    Raises Refused for everything Fovea does not open, naming it where it is known.
    """
    for magic, name in _MAGIC:
        if prefix.startswith(magic):
            return name
    if prefix[:4] == b"RIFF" and prefix[8:12] == b"WEBP":
        return "WEBP"
    if prefix[:2] == b"BM" and int.from_bytes(prefix[14:18], "little") in _BMP_HEADER_LENGTHS:
        return "BMP"
    if prefix[4:8] == b"ftyp":
        return _container_format(prefix)
    raise Refused(_refused_kind(prefix))


def _container_format(prefix: bytes) -> str:
    """HEIF and AVIF share a container; where the major brand is neutral the others decide."""
    major = prefix[8:12]
    length = min(int.from_bytes(prefix[:4], "big"), len(prefix))
    brands = {major, *(prefix[at : at + 4] for at in range(16, length, 4))}
    if major in _AVIF_BRANDS or (major in _CONTAINER_BRANDS and brands & _AVIF_BRANDS):
        return "AVIF"
    if major in _HEIF_BRANDS | _CONTAINER_BRANDS:
        return "HEIF"
    raise Refused("it is a raw camera file" if major == b"crx " else "it is a video")


def _refused_kind(prefix: bytes) -> str:
    if not prefix:
        return "the file is empty"
    for magic, clause in _REFUSED_MAGIC:
        if prefix.startswith(magic):
            return clause
    text = prefix.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(text):
        if _SVG.search(text):
            return "it is an SVG drawing"
        return "it is a web page" if _HTML.search(text) else "it is an XML document"
    return "it is text, not a picture" if _is_text(text) else _UNKNOWN


def _is_text(sample: bytes) -> bool:
    if _CONTROL.search(sample):
        return False
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3  # a character cut by the end of the sample
    return True
