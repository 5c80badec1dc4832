"""What comes before the first import of the window."""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Sequence


def open_window(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    import_plainly()
    from ui.bootstrap import main

    return main(arguments)


def import_plainly() -> None:
    """Import PySide6, and let imports be what they were before it came.

    To find out who may want its `__feature__` switches, which nothing here does, PySide6 reads the
    source of every module that is imported, and keeps it: a tenth of the start, and 8 MB
    (napari/napari#8584).
    """
    importlib.import_module("PySide6.QtCore")
    if (before := vars(builtins).get("__orig_import__")) is not None:
        builtins.__import__ = before
