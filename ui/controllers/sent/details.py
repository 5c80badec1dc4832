"""The sizes in which pictures can go, in words, and which of them an endpoint takes."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail
from ui.controllers.sizes import size_words

_WORDS = {
    Detail.FIT: QT_TRANSLATE_NOOP("Details", "Make them fit"),
    Detail.TILES: QT_TRANSLATE_NOOP("Details", "Whole and in tiles"),
    Detail.UPLOAD: QT_TRANSLATE_NOOP("Details", "Keep every pixel, upload"),
    Detail.ORIGINAL: QT_TRANSLATE_NOOP("Details", "Keep every pixel"),
}
_HELPS = {
    Detail.FIT: QT_TRANSLATE_NOOP("Details", "Fine detail may be lost. Nothing is uploaded."),
    Detail.TILES: QT_TRANSLATE_NOOP("Details", "Small writing stays readable; it costs more tokens."),
    Detail.UPLOAD: QT_TRANSLATE_NOOP(
        "Details", "A large picture is stored there until the answer is complete."
    ),
    Detail.ORIGINAL: QT_TRANSLATE_NOOP("Details", "A picture that is too large is refused."),
}


class Size(NamedTuple):
    """A way for pictures to go; `why_not` says why it cannot be chosen, empty where it can."""

    detail: Detail
    words: str
    help: str
    why_not: str = ""


def sizes(limits: Limits, *, one: bool = False) -> tuple[Size, ...]:
    """Every way, in the order in which they are offered; for `one` picture or for all."""
    return tuple(
        Size(detail, _words(detail, limits, one=one), _tr(_HELPS[detail]), why_not(detail, limits))
        for detail in _WORDS
    )


def why_not(detail: Detail, limits: Limits) -> str:
    """Why pictures cannot go in this way; empty where they can."""
    if detail is Detail.UPLOAD and not limits.takes_uploads:
        return _tr("This endpoint takes no uploads.")
    if detail is not Detail.TILES:
        return ""
    if limits.encoding is PictureEncoding.RGB:
        return _tr("Quick look looks at the whole picture.")
    if limits.most_pictures < 2 and limits.most_pictures >= 0:
        return _tr("This model takes one picture at a time, and tiles are several.")
    return ""


def _words(detail: Detail, limits: Limits, *, one: bool) -> str:
    words = _tr(_WORDS[detail])
    if detail is not Detail.FIT:
        return words
    words = _tr("Make it fit") if one else words
    if limits.most_bytes is None:
        return words
    return _tr("{words} ({size})").format(words=words, size=size_words(limits.most_bytes))


def _tr(text: object) -> str:
    return QCoreApplication.translate("Details", str(text))
