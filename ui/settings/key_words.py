"""Where a key is, in words, with the icon and tone that say it too."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.settings import rows
from ui.settings.rows import EndpointRow


class _Look(NamedTuple):
    words: object  # English; Qt's marker for translators is typed so
    icon: str
    tone: str


_LOOKS = {
    rows.IN_KEYRING: _Look(QT_TRANSLATE_NOOP("KeyState", "Key in the keyring"), "key-round", "positive"),
    rows.IN_SESSION: _Look(
        QT_TRANSLATE_NOOP("KeyState", "Key for this session only"), "key-round", "warning"
    ),
    rows.IN_ENVIRONMENT: _Look(QT_TRANSLATE_NOOP("KeyState", "Key from {variable}"), "key-round", "positive"),
    rows.NO_KEY: _Look(QT_TRANSLATE_NOOP("KeyState", "No key yet"), "circle-alert", "warning"),
    rows.NOT_READ: _Look(QT_TRANSLATE_NOOP("KeyState", "Key not read: {trouble}"), "circle-alert", "warning"),
    rows.NEEDS_NO_KEY: _Look(QT_TRANSLATE_NOOP("KeyState", "Needs no key"), "check", "muted"),
}


def key_words(row: EndpointRow) -> str:
    """Where the key of `row` is: plain text in the user's language."""
    words = QCoreApplication.translate("KeyState", str(_LOOKS[row.key].words))
    return words.format(variable=row.variable, trouble=row.trouble)


def key_icon(row: EndpointRow) -> str:
    """The icon beside `key_words`."""
    return _LOOKS[row.key].icon


def key_tone(row: EndpointRow) -> str:
    """The tone of `key_words`, one of a PlainLabel's; a key that nobody asks for is not missed."""
    return "muted" if row.key == rows.NO_KEY and not row.shown else _LOOKS[row.key].tone
