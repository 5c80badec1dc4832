"""Errors as sentences in the window, and the last net for those that nobody caught."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from app.domain.errors import FoveaError
    from app.domain.message import Problem

log = logging.getLogger(__name__)


def sentence(problem: Problem | FoveaError) -> str:
    """What happened and what to do next, in the user's language: plain text."""
    parts = (problem.what, problem.remedy)
    return " ".join(_translated(part, problem.facts) for part in parts if part)


def sentence_with_kept(problem: Problem) -> str:
    """The same, with what was not lost in between."""
    kept = QCoreApplication.translate("Problem", problem.kept) if problem.kept else ""
    parts = (_translated(problem.what, problem.facts), kept)
    remedy = _translated(problem.remedy, problem.facts) if problem.remedy else ""
    return " ".join(part for part in (*parts, remedy) if part)


def report_uncaught(show: Callable[[str], None]) -> None:
    """From now on an exception that nobody caught is logged and shown; the window stays."""

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        log.error("uncaught", exc_info=(kind, error, traceback))
        show(unexpected(error))

    sys.excepthook = hook


def unexpected(error: BaseException) -> str:
    """The sentence for a fault of the program itself."""
    template = QCoreApplication.translate(
        "Problem", "Something in Fovea went wrong ({name}). Your conversations are kept."
    )
    return template.format(name=type(error).__name__)


def _translated(template: str, facts: dict[str, str]) -> str:
    return QCoreApplication.translate("Problem", template).format_map(facts)
