"""What a drop or the clipboard offers, as pictures. Nothing here opens a file or an address."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QMimeData, QSysInfo, QUrl
from PySide6.QtGui import QImage, QPixmap

OCTETS = "application/octet-stream"
PDF = "application/pdf"
FILES_OF_GNOME = "x-special/gnome-copied-files"

RAW_TYPES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
    "image/tiff",
    "image/gif",
    "image/bmp",
)
"""Taken as bytes, best first."""

MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
FTYP_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


class OfferedPictures(NamedTuple):
    """Pictures someone offers. `blobs` are (mime type, bytes); `urls` are addresses on the network.

    One source is filled for each picture: files, else the original bytes, else the pixels.
    """

    paths: Sequence[str] = ()
    blobs: Sequence[tuple[str, bytes]] = ()
    image: QImage | None = None
    urls: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether anything is offered, be it an address alone."""
        return bool(self.paths or self.blobs or self.urls) or self.image is not None


class OfferDescription(NamedTuple):
    """What letting go would do, as a sentence; `refused` when it would do nothing."""

    sentence: str
    refused: bool


def offer_from_mime(mime: QMimeData) -> OfferedPictures:
    """Take the best of what is offered: files, original bytes, encoded pictures, pixels, addresses.

    Reads the data, so it belongs to the moment of the drop or paste, not to the hover.
    """
    paths, addresses = _files_and_addresses(mime)
    if paths:
        return OfferedPictures(paths=paths, urls=addresses)
    if mime.hasFormat(OCTETS):
        data = _data(mime, OCTETS)
        if has_picture_magic(data):
            return OfferedPictures(blobs=[(OCTETS, data)])
    for kind in RAW_TYPES:
        data = _data(mime, kind) if mime.hasFormat(kind) else b""
        if data:
            return OfferedPictures(blobs=[(kind, data)])
    image = _pixels(mime)
    if image is not None:
        return OfferedPictures(image=image)
    return OfferedPictures(urls=addresses)


def offers_pictures(mime: QMimeData) -> bool:
    """Whether this is about pictures (perhaps refused ones), not about text. Reads no picture data."""
    if mime.hasUrls():
        return True
    if mime.hasFormat(FILES_OF_GNOME):
        return bool(_files_and_addresses(mime)[0])
    if mime.hasText() and mime.text().strip() and not _is_address(mime.text()):
        return False
    return mime.hasImage() or any(mime.hasFormat(kind) for kind in RAW_TYPES)


def is_only_an_address(mime: QMimeData) -> bool:
    """Whether nothing but addresses on the network is offered; as text they are still of use."""
    return not _files_and_addresses(mime)[0] and not _has_bytes(mime)


def describe_offer(mime: QMimeData) -> OfferDescription:
    """What dropping this would do. Looks at names and types only, never at files or data."""
    paths, addresses = _files_and_addresses(mime)
    count = len(paths) or (1 if _has_bytes(mime) else 0)
    if _is_only_pdf(mime, paths, addresses):
        sentence = _tr("PDF documents are not opened yet; save the page as a picture.")
        return OfferDescription(sentence, refused=True)
    if count == 1:
        return OfferDescription(_tr("Drop to add this picture"), refused=False)
    if count:
        return OfferDescription(_tr("Drop to add %n pictures", count), refused=False)
    if addresses:
        sentence = _tr(
            "Only the address of this picture arrived. Save the picture first, then drop the file."
        )
        return OfferDescription(sentence, refused=True)
    return OfferDescription(_tr("This is not a picture Fovea can open."), refused=True)


def has_picture_magic(data: bytes) -> bool:
    """Whether bytes begin as one of the formats Fovea opens begins."""
    if data.startswith(MAGIC):
        return True
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    return data[4:8] == b"ftyp" and data[8:12] in FTYP_BRANDS


def _is_only_pdf(mime: QMimeData, paths: Sequence[str], addresses: Sequence[str]) -> bool:
    """Whether nothing else than PDF documents is offered, as far as names and types tell."""
    if paths or not _has_bytes(mime):
        names = [*paths, *(QUrl(address).path() for address in addresses)]
        return all(name.lower().endswith(".pdf") for name in names) if names else mime.hasFormat(PDF)
    return False


def _has_bytes(mime: QMimeData) -> bool:
    return mime.hasImage() or any(mime.hasFormat(kind) for kind in (OCTETS, *RAW_TYPES))


def _data(mime: QMimeData, kind: str) -> bytes:
    return bytes(mime.data(kind).data())


def _pixels(mime: QMimeData) -> QImage | None:
    if not mime.hasImage():
        return None
    found = mime.imageData()
    image = found.toImage() if isinstance(found, QPixmap) else found
    return image if isinstance(image, QImage) and not image.isNull() else None


def _files_and_addresses(mime: QMimeData) -> tuple[list[str], list[str]]:
    urls = mime.urls() if mime.hasUrls() else []
    if not urls and mime.hasFormat(FILES_OF_GNOME):
        lines = _data(mime, FILES_OF_GNOME).decode("utf-8", "replace").splitlines()
        urls = [QUrl(line.strip()) for line in lines[1:] if line.strip()]
    paths, addresses = [], []
    for url in urls:
        path = _local_path(url)
        if path is not None:
            paths.append(path)
        else:
            addresses.append(url.toString())
    return paths, addresses


def _local_path(url: QUrl) -> str | None:
    """The file a URL names on this computer; a name on another one is an address."""
    if not url.isLocalFile():
        return None
    host = url.host().lower()
    if sys.platform == "win32" or not host:
        return url.toLocalFile()
    here = host in ("localhost", QSysInfo.machineHostName().lower())
    return url.path() if here else None


def _is_address(text: str) -> bool:
    return QUrl(text.strip()).scheme() in ("http", "https", "file", "data")


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("OfferedPictures", text, None, count)
