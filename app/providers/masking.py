"""The key that a question was asked with, taken out of what came of it."""

from __future__ import annotations

from app import masking
from app.net.key import Key


def masked(text: str, key: Key | None) -> str:
    """`text` without the key, should there be one and the text hold it; see `app.masking`."""
    return text if key is None else masking.masked(text, key.value)


def mask_for(key: Key | None) -> masking.Mask | None:
    """What masks the key in one text that comes in pieces; None where nothing is to be masked."""
    return None if key is None else masking.mask_for(key.value)
