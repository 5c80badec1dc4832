"""Where a picture was taken, as its file says it. Runs in the decoder child."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from PIL import ExifTags

XMP_LIMIT = 4 * 1024 * 1024
_SIDES = {"N": 1, "S": -1, "E": 1, "W": -1}
_TAGS = (
    ExifTags.GPS.GPSLatitude,
    ExifTags.GPS.GPSLongitude,
    ExifTags.GPS.GPSDestLatitude,
    ExifTags.GPS.GPSAreaInformation,
)
_XMP_MARKS = (b"exif:GPSLatitude", b"exif:GPSLongitude")
_XMP_VALUE = rb"""exif:GPS%s\s*(?:=\s*["']|>)\s*([0-9.,]{1,40})\s*([%s])\s*["'<]"""
_XMP_LATITUDE = re.compile(_XMP_VALUE % (b"Latitude", b"NS"))
_XMP_LONGITUDE = re.compile(_XMP_VALUE % (b"Longitude", b"EW"))


class Place(NamedTuple):
    """In degrees, north and east positive; None for what cannot be read.

    `told`: there is a place in the file, be it one that cannot be read.
    """

    told: bool
    latitude: float | None = None
    longitude: float | None = None


def exif_place(gps: Mapping[int, Any]) -> Place:
    """The place in the GPS directory of EXIF."""
    tags = ExifTags.GPS
    latitude = _signed(_sixtieths(gps.get(tags.GPSLatitude)), gps.get(tags.GPSLatitudeRef), "NS", 90)
    longitude = _signed(_sixtieths(gps.get(tags.GPSLongitude)), gps.get(tags.GPSLongitudeRef), "EW", 180)
    return _both(any(tag in gps for tag in _TAGS), latitude, longitude)


def xmp_place(packet: bytes) -> Place:
    """The place in an XMP packet, which is written as `52,31.2N` or `52,31,12N`."""
    packet = packet[:XMP_LIMIT]
    found = []
    for pattern, sides, most in ((_XMP_LATITUDE, "NS", 90), (_XMP_LONGITUDE, "EW", 180)):
        match = pattern.search(packet)
        number = _sixtieths(match[1].decode("ascii").split(",")) if match else None
        found.append(_signed(number, match[2].decode("ascii") if match else "", sides, most))
    return _both(any(mark in packet for mark in _XMP_MARKS), found[0], found[1])


def _both(told: bool, latitude: float | None, longitude: float | None) -> Place:
    """A latitude without a longitude is no place to name, though one is told."""
    if latitude is None or longitude is None:
        return Place(told)
    return Place(told, latitude, longitude)


def _sixtieths(parts: Any) -> float | None:
    """Degrees from one to three parts, each sixty times finer than the one before."""
    if not isinstance(parts, Iterable) or isinstance(parts, str | bytes):
        return None
    with suppress(TypeError, ValueError, ZeroDivisionError, OverflowError):
        numbers = [float(part) for part in parts]
        fine = all(math.isfinite(number) and number >= 0 for number in numbers)
        small = all(number < 60 or number == 60 == numbers[-1] for number in numbers[1:])
        if 1 <= len(numbers) <= 3 and fine and small:
            return sum((number / 60.0**power for power, number in enumerate(numbers)), 0.0)
    return None


def _signed(degrees: float | None, side: Any, sides: str, most: float) -> float | None:
    """`side` says which half of the earth: one of `sides`, as text or bytes."""
    if isinstance(side, bytes):
        side = side.decode("ascii", "replace")
    letter = side.strip("\0 ").upper() if isinstance(side, str) else ""
    if degrees is None or degrees > most or not letter or letter not in sides:
        return None
    return round(_SIDES[letter] * degrees, 7) + 0.0  # never a negative nothing
