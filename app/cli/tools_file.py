"""The tools of `--tools FILE`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from app.domain.message import ToolSpec

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


class BadTools(Exception):
    """The file holds no tools that can be sent; the text is a clause that says why."""


def tools_of(path: Path) -> tuple[ToolSpec, ...]:
    """The tools of a JSON list, each as OpenAI writes it or its "function" alone.

    Fields that are no part of a tool here ("strict" and the like) are left out. Raises BadTools.
    """
    try:
        listed = json.loads(path.read_text("utf-8"), parse_constant=_no_constant)
    except OSError as error:
        raise BadTools(error.strerror or "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise BadTools("it is not JSON") from error
    if not isinstance(listed, list) or not listed:
        raise BadTools("it is not a list of tools")
    tools = tuple(_tool(entry, number) for number, entry in enumerate(listed, start=1))
    names = [tool.name for tool in tools]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadTools(f"two of them are called {twice}")
    return tools


def _tool(entry: Any, number: int) -> ToolSpec:
    function = entry.get("function", entry) if isinstance(entry, dict) else None
    if not isinstance(function, dict):
        raise BadTools(f"number {number} is no tool")
    name, description = function.get("name"), function.get("description") or ""
    parameters = function.get("parameters") or {}
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadTools(f"number {number} needs a name of letters, digits, _, . and -, 64 at most")
    if not isinstance(description, str) or not isinstance(parameters, dict):
        raise BadTools(f"{name} needs a text as its description and an object as its parameters")
    try:
        json.dumps([description, parameters], ensure_ascii=False).encode()
    except ValueError as error:
        raise BadTools(f"{name} holds half a character") from error
    return ToolSpec(name=name, description=description, parameters=parameters)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
