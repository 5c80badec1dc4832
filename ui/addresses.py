"""Where an address leads, in few words."""

from __future__ import annotations

from PySide6.QtCore import QUrl

ENCODED = QUrl.ComponentFormattingOption.FullyEncoded
"""What is no plain letter is written by number, so that nothing can look like something else."""


def place_of(url: QUrl) -> str:
    """Whom a mail goes to, or the host of a page, with the port where one is named."""
    if url.scheme().lower() == "mailto":
        return url.path(ENCODED)
    port = f":{url.port()}" if url.port() >= 0 else ""
    return url.host(ENCODED) + port
