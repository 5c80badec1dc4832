"""What comes before the first import of the window."""

from __future__ import annotations

import builtins
import enum
import importlib
import sys
from collections.abc import Sequence
from typing import Any

UNTRIED = (3, 14)
"""From this Python on enums are made as ever."""


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
    make_enums_simply()
    importlib.import_module("PySide6.QtCore")
    if (before := vars(builtins).get("__orig_import__")) is not None:
        builtins.__import__ = before


def make_enums_simply() -> None:
    """Let Python make the enums of Qt as it makes those of its own library.

    PySide calls `Enum(name, [(member, value), ...])` for each of them, which looks for what a program
    may have written wrongly and takes four times as long: with all that a start needs, a tenth of it.
    What comes out is the same; a test compares them all, on every Python that this is done on.
    """
    simple = getattr(enum, "_simple_enum", None)
    usual = vars(enum.EnumType).get("_create_")
    if simple is None or usual is None or usual.__module__ != enum.__name__ or sys.version_info >= UNTRIED:
        return

    def create(of: type, name: str, members: Any, *, boundary: Any = None, **more: Any) -> Any:
        given = {key: value for key, value in more.items() if value is not None and key != "start"}
        module = sys._getframe(2).f_globals.get("__name__")  # as it is found without us
        if given or of not in _SIMPLE or not _are_pairs(members):
            return usual(
                of, name, members, boundary=boundary, **{**more, "module": given.get("module", module)}
            )
        made = simple(of, boundary=boundary)(type(name, (), dict(members)))
        made.__doc__ = None
        made.__module__ = module
        for member in made.__members__.keys() - _SIMPLE[of]:
            type.__setattr__(made, member, made.__members__[member])  # found without a detour
        return made

    enum.EnumType._create_ = create  # type: ignore[attr-defined]


_SIMPLE = {
    of: {name for base in of.__mro__ for name in vars(base)}
    for of in (enum.Enum, enum.Flag, enum.IntEnum, enum.IntFlag)
}
"""What enums may be made of, each with the names that are taken in it."""


def _are_pairs(members: object) -> bool:
    return isinstance(members, list) and all(isinstance(each, tuple) for each in members)
