"""Tooltips that show text as it is, never as markup."""

from __future__ import annotations

MOST = 2_000
"""Characters of a tooltip."""
UNBROKEN = 200
"""Qt breaks only marked-up tooltips into lines; longer ones than this need that."""


def plain_tooltip(text: str) -> str:
    """What Qt is to be given so that a tooltip shows `text`, which may come from outside.

    Qt guesses whether a tooltip is HTML, and then opens the files that it names.
    """
    text = text[:MOST]
    if "<" not in text and "&" not in text and len(text) <= UNBROKEN:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<span>{escaped}</span>"
