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
    megabytes = QLocale().toString(size // 10_000 / 100, "g", 3)
    return QCoreApplication.translate("Tuning", "{size} MB").format(size=megabytes)


def counted(count: int, one: str, many: str) -> str:
    """`one` for a single thing, else `many` with the number in the place of {count}."""
    return one if count == 1 else many.format(count=number_words(count))


def number_words(count: int) -> str:
    """A number as people here write it."""
    return QLocale().toString(count)
