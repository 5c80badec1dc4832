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
    from app.domain.model import Capability

log = logging.getLogger(__name__)


def sentence(problem: Problem | FoveaError) -> str:
    """What happened and what to do next, in the user's language: plain text."""
    return _joined(problem.facts, problem.what, problem.remedy)


def sentence_with_kept(problem: Problem) -> str:
    """The same, with what was not lost in between."""
    return _joined(problem.facts, problem.what, problem.kept, problem.remedy)


def translated(template: str, facts: dict[str, str]) -> str:
    """An English template of the app in the user's language, filled with the facts: plain text."""
    return _joined(facts, template)


def reason(known: Capability) -> str:
    """How it is known whether a model can do something, in the user's language: a clause."""
    words = QCoreApplication.translate("Capability", known.source)
    return words.format_map(known.facts) if known.facts else words


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


def _joined(facts: dict[str, str], *templates: str) -> str:
    """Each template in the user's language, filled with the facts; empty ones are left out."""
    translated = (QCoreApplication.translate("Problem", template) for template in templates if template)
    return " ".join(template.format_map(facts) for template in translated)
