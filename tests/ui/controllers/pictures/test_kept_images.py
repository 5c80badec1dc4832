"""Images that are kept to be shown again at once."""

from __future__ import annotations

from PySide6.QtGui import QImage

from ui.controllers.pictures.kept_images import KeptImages

ROOM = 2 * 4 * 100 * 100
"""Bytes of two of the images below."""


def image() -> QImage:
    return QImage(100, 100, QImage.Format.Format_RGB32)


def test_the_one_that_was_not_shown_for_longest_goes_first() -> None:
    images = KeptImages(ROOM)
    for key in ("first", "second"):
        images.keep(key, image())
    assert images.get("first") is not None
    images.keep("third", image())
    assert [images.get(key) is not None for key in ("first", "second", "third")] == [True, False, True]


def test_one_is_kept_however_large_it_is() -> None:
    images = KeptImages(1)
    images.keep("first", image())
    images.keep("second", image())
    assert images.get("first") is None and images.get("second") is not None
    images.clear()
    assert images.get("second") is None
