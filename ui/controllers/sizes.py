"""Numbers of bytes and other counts as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def size_words(size: int) -> str:
    """Bytes in the decimal units of the endpoints' pages, rounded down: a limit is not promised too
    high."""
    if size < 1000:
        return QCoreApplication.translate("Tuning", "{size} bytes").format(size=size)
    if size < 1_000_000:
        return QCoreApplication.translate("Tuning", "{size} kB").format(size=size // 1000)
    if size < 1_000_000_000:
        return QCoreApplication.translate("Tuning", "{size} MB").format(size=_three_digits(size, 1_000_000))
    return QCoreApplication.translate("Tuning", "{size} GB").format(size=_three_digits(size, 1_000_000_000))


def _three_digits(size: int, unit: int) -> str:
    """How many units a size has, rounded down to three digits."""
    parts = 100 if size < 10 * unit else 10 if size < 100 * unit else 1
    return QLocale().toString(size * parts // unit / parts, "g", 3)


def counted(count: int, one: str, many: str) -> str:
    """`one` for a single thing, else `many` with the number in the place of {count}."""
    return one if count == 1 else many.format(count=number_words(count))


def number_words(count: int) -> str:
    """A number as people here write it."""
    return QLocale().toString(count)
