"""JPEG files with the markers, colours and precisions that cameras and printers write."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from tests.odd_pictures import OddPicture, colours, encoded

LOSSY = 4.0


def pictures() -> Iterator[OddPicture]:
    image = colours(67, 45)
    yield from plain(image)
    yield from with_odd_markers(image)
    yield from of_printers(image)
    yield from refused(image)
    for size in ((1, 1), (1, 65_500), (65_500, 1), (7, 9)):
        flat = Image.new("RGB", size, (200, 120, 40))
        yield OddPicture(f"jpeg of {size[0]} x {size[1]}", encoded(flat, "JPEG", quality=95), flat, LOSSY)


def plain(image: Image.Image) -> Iterator[OddPicture]:
    kinds = {
        "progressive": {"progressive": True},
        "4:4:4": {"subsampling": 0},
        "4:2:2": {"subsampling": 1},
        "4:2:0": {"subsampling": 2},
        "in RGB": {"keep_rgb": True},
        "optimised": {"optimize": True},
        "with restart markers": {"restart_marker_blocks": 2},
        "with restart markers by rows": {"restart_marker_rows": 1},
        "progressive with restarts": {"progressive": True, "restart_marker_blocks": 1},
    }
    for name, options in kinds.items():
        yield OddPicture(f"jpeg {name}", encoded(image, "JPEG", quality=95, **options), image, LOSSY)
    grey = image.convert("L")
    yield OddPicture("jpeg in grey", encoded(grey, "JPEG", quality=95), grey.convert("RGB"), LOSSY)


def with_odd_markers(image: Image.Image) -> Iterator[OddPicture]:
    whole = encoded(image, "JPEG", quality=95)
    start, rest = whole[:2], whole[2:]
    second = encoded(image.resize((33, 22)), "JPEG")
    odd = {
        "fill bytes before a marker": start + b"\xff" * 9 + rest,
        "an empty comment": start + b"\xff\xfe\0\2" + rest,
        "the longest comment": start + b"\xff\xfe\xff\xff" + b"c" * 65_533 + rest,
        "an unknown segment": start + b"\xff\xef\0\6good" + rest,
        "bytes behind its end": whole + b"\0" * 1000,
        "another one behind its end": whole + second,
        "a broken EXIF": start + b"\xff\xe1\0\x10Exif\0\0MM\0*\xff\xff\xff\xff" + rest,
        "an empty EXIF": start + b"\xff\xe1\0\x08Exif\0\0" + rest,
        "a broken profile": start + b"\xff\xe2\0\x14ICC_PROFILE\0\1\2nope" + rest,
    }
    for name, data in odd.items():
        yield OddPicture(f"jpeg with {name}", data, image, LOSSY)
    series = io.BytesIO()
    image.save(series, "MPO", save_all=True, append_images=[image.resize((20, 20))], quality=95)
    yield OddPicture("mpo", series.getvalue(), image, LOSSY)
    yield OddPicture("jpeg without an end", whole[:-2], image, LOSSY, may_refuse=True)


def of_printers(image: Image.Image) -> Iterator[OddPicture]:
    """Four inks: Pillow writes them as Photoshop does, inverted and with Adobe's marker."""
    ink = image.convert("CMYK")
    expected = ink.convert("RGB")
    yield OddPicture("jpeg in CMYK", encoded(ink, "JPEG", quality=95), expected, LOSSY)
    yield OddPicture(
        "jpeg in CMYK, progressive", encoded(ink, "JPEG", quality=95, progressive=True), expected, LOSSY
    )


def refused(image: Image.Image) -> Iterator[OddPicture]:
    whole = encoded(image, "JPEG", quality=95)
    frame = whole.index(b"\xff\xc0")

    def patched(offset: int, *values: int) -> bytes:
        data = bytearray(whole)
        data[frame + offset : frame + offset + len(values)] = bytes(values)
        return bytes(data)

    kinds = {
        "of 12 bits": patched(4, 12),
        "of 16 bits": patched(4, 16),
        "without a height": patched(5, 0, 0),
        "without a width": patched(7, 0, 0),
        "of no colours": patched(9, 0),
        "of two colours": patched(9, 2),
        "lossless": patched(1, 0xC3),
        "hierarchical": patched(1, 0xC5),
        "with a table that is not there": patched(12, 3),
        "cut off in its header": whole[: frame + 6],
        "of nothing but a start": whole[:4],
        "of nothing but headers": whole[: whole.index(b"\xff\xda")],
    }
    for name, data in kinds.items():
        yield OddPicture(f"jpeg {name}", data, None)
