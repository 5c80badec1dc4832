"""What a start does before anything is to be seen."""

from __future__ import annotations

import enum
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from ui.start import UNTRIED, make_enums_simply

ROOT = Path(__file__).resolve().parents[2]

READ = """
import linecache, os, sys
sys.argv = ["fovea", "--unheard-of"]
from app.__main__ import main
assert main() == 2
import app.domain.message
import ui.widgets.labels
ours = tuple(os.path.join(os.getcwd(), room) + os.sep for room in ("app", "ui"))
print([name for name in linecache.cache if name.startswith(ours)])
"""


def test_no_source_is_read_for_what_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", READ], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_switches_of_pyside_are_not_missed() -> None:
    named = [path for folder in ("app", "ui") for path in (ROOT / folder).rglob("*.py")]
    assert not [path for path in named if "from __feature__" in path.read_text("utf-8")]


def enums_of_qt() -> Iterator[type[Any]]:
    """Those of every class of Qt that a window may meet."""
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            inside = getattr(getattr(module, name), "__dict__", {})
            yield from (each for each in inside.values() if isinstance(each, enum.EnumType))


def looks(made: type[Any]) -> dict[str, object]:
    """All that can be seen of an enum."""
    members = made.__members__
    shown: dict[str, object] = {
        name: repr(getattr(value, "__func__", value)) if name not in members else value._value_
        for name, value in vars(made).items()
    }
    shown["members"] = [(name, repr(each), vars(each).keys()) for name, each in members.items()]
    shown["in turn"] = [str(each) for each in made]
    shown["found"] = [getattr(made, name) is made[name] is made(made[name].value) for name in members]
    if issubclass(made, enum.Flag):
        few = list(made)[:5]
        shown["put together"] = [
            (repr(a | b), repr(a & b), repr(a ^ b), ~a, a in b) for a in few for b in few
        ]
    return {name: str(value).replace(repr(made), "") for name, value in shown.items()}


@pytest.mark.skipif(sys.version_info >= UNTRIED, reason="enums are made as ever there")
def test_enums_of_qt_are_the_same_however_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = vars(enum.EnumType)["_create_"]
    monkeypatch.setattr(enum.EnumType, "_create_", usual)
    make_enums_simply()
    simple = vars(enum.EnumType)["_create_"]
    assert simple is not usual
    compared = 0
    for each in enums_of_qt():
        of = each.__mro__[1]
        pairs = [(name, member.value) for name, member in each.__members__.items()]
        as_ever, made = (
            create(of, each.__name__, pairs, boundary=enum.FlagBoundary.KEEP) for create in (usual, simple)
        )
        assert looks(made) == looks(as_ever), each
        compared += len(pairs)
    assert compared > 4000


def test_other_enums_are_made_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enum.EnumType, "_create_", vars(enum.EnumType)["_create_"])
    make_enums_simply()
    named = enum.Enum("named", "one two")
    assert [each.value for each in named] == [1, 2]
    assert named.__module__ == __name__
    paired = enum.StrEnum("paired", [("one", "a"), ("two", "b")], module="elsewhere")
    assert [*map(str, paired)] == ["a", "b"]
    assert paired.__module__ == "elsewhere"
