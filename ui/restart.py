"""Beginning anew: the program ends in order and runs again in its own place."""

from __future__ import annotations

import os
import sys

_asked: list[bool] = []
_TOLD = "FOVEA_TOLD"


def ask() -> None:
    """Run again when this run has ended."""
    _asked.append(True)


def forget() -> None:
    """Do not run again after all."""
    _asked.clear()


def tell(sentence: str) -> None:
    """Let the next run say why what was asked for did not happen."""
    os.environ[_TOLD] = sentence


def told() -> str:
    """What the run before this one had to say; told once, empty for nothing."""
    return os.environ.pop(_TOLD, "")


def run_if_asked() -> None:
    """Become a new run of the program where that was asked for; does not return then.

    The pictures and options of the first start are not taken again.
    """
    if _asked:
        arguments = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv[1:])]
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - ourselves
