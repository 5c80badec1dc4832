"""Where the program's own log lines go. They hold no question, no answer and no key."""

from __future__ import annotations

import logging
from pathlib import Path

from app.masking import masked

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MAX_BYTES = 1_000_000

_MOST = 256
"""The local engine gets a key of its own at every start; those of long ago are let go."""

_hidden: dict[str, None] = {}


def hide(secret: str) -> None:
    """Mask `secret` from now on in whatever is logged, and what begins as it does."""
    _hidden.pop(secret, None)
    _hidden[secret] = None
    if len(_hidden) > _MOST:
        del _hidden[next(iter(_hidden))]


class MaskingFormatter(logging.Formatter):
    """Masks the line as it is written, so that no argument and no exception gets past it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its traceback if it has one."""
        return masked(super().format(record), *_hidden)


def to_file(home: Path) -> None:
    """Log to logs/fovea.log in the data folder. At a start, a file over a megabyte becomes the
    one older file there is.

    Without a writable folder nothing is logged; the window tells the user about that elsewhere.
    """
    folder = home / "logs"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "fovea.log"
        if path.exists() and path.stat().st_size > MAX_BYTES:
            path.replace(path.with_suffix(".log.1"))
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError:
        return
    logging.raiseExceptions = False  # a full disk must not fill stderr with tracebacks
    handler.setFormatter(MaskingFormatter(FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def to_stderr(verbose: bool) -> None:
    """Log to stderr: errors, or everything of level INFO when `verbose`."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter(FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.INFO if verbose else logging.ERROR)
