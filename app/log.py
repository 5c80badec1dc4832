"""Where the program's own log lines go. They hold no question, no answer and no key."""

from __future__ import annotations

import logging
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MAX_BYTES = 1_000_000


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
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def to_stderr(verbose: bool) -> None:
    """Log to stderr: warnings, or everything of level INFO when `verbose`."""
    logging.basicConfig(format=FORMAT, level=logging.INFO if verbose else logging.ERROR)
