"""Which objects of an answer stand in the code of a program."""

from __future__ import annotations

import re
from bisect import bisect_right

from app.grounding.json_objects import Written

_FENCE = re.compile(r"(?m)^[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+([\w.+#-]*+)")
_NAMES = """
css scss sass less html htm xhtml xml svg vue svelte astro js javascript mjs cjs jsx ts typescript
tsx python py python3 ipython pycon java kotlin kt swift scala groovy c cpp c++ cc h hpp cs csharp
c# fs go golang rust rs zig ruby rb php perl lua r julia dart matlab sql graphql glsl hlsl wgsl qml
bash sh shell zsh console powershell ps1 bat diff patch toml ini dockerfile makefile cmake tex latex
mermaid dot plantuml vega vega-lite
"""
_PROGRAMS = frozenset(_NAMES.split())


def in_prose(text: str, written: list[Written]) -> list[Written]:
    """The objects that do not begin in a fence marked as code of a program; JSON is none."""
    edges = _programs(text) if written else []
    if not edges:
        return written
    return [each for each in written if bisect_right(edges, each.start) % 2 == 0]


def _programs(text: str) -> list[int]:
    """Where code of programs begins and ends, by turns."""
    programs: list[int] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2]:
            if opened[2].lower() in _PROGRAMS:
                programs += (opened.start(), fence.end())
            opened = None
    if opened is not None and opened[2].lower() in _PROGRAMS:
        programs += (opened.start(), len(text))
    return programs
