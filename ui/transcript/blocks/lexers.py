"""Lexers by the name after a code fence, loaded when first needed."""

from __future__ import annotations

import functools
import importlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_PLAIN_GLOB = re.compile(r"\*\.[a-z0-9+]+")
COMMON = ("python", "bash", "json")


@functools.cache
def _table() -> dict[str, tuple[str, str]]:
    """Module and class by alias. Pygments' own search looks through every installed package."""
    from pygments.lexers._mapping import LEXERS

    return {alias: (entry[0], name) for name, entry in LEXERS.items() for alias in entry[2]}


@functools.cache
def lexer_for(alias: str) -> Lexer | None:
    """The lexer of a language, None for an unknown name."""
    found = _table().get(alias.lower())
    if found is None:
        return None
    lexer: Lexer = getattr(importlib.import_module(found[0]), found[1])()
    return lexer


@functools.cache
def _suffixes() -> dict[str, str]:
    from pygments.lexers._mapping import LEXERS

    found: dict[str, str] = {}
    for entry in LEXERS.values():
        globs = [glob[1:] for glob in entry[3] if _PLAIN_GLOB.fullmatch(glob)]
        if globs:
            found.update((alias, globs[0]) for alias in entry[2])
    return found


def suffix_of(info: str) -> str:
    """What the name of a file in a language ends in, by the words after a code fence; ".txt" for an
    unknown language."""
    alias = "".join(info.split()[:1]).lower()
    return _suffixes().get(alias, ".txt")


def preload() -> None:
    """Load everything the transcript imports late. For a thread, after the first paint."""
    import ui.transcript.markdown.splitter  # noqa: F401
    from ui.transcript.markdown.inline import read_inline

    read_inline("*a* `b` [c](http://d) $e^2$")
    for alias in COMMON:
        lexer = lexer_for(alias)
        if lexer is not None:
            list(lexer.get_tokens_unprocessed("a = 1\n"))
