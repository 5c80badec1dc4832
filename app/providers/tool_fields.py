"""Tools as OpenAI-like requests describe them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.errors import RequestRefused
from app.domain.message import ToolSpec
from app.providers.refusal import plain


def tool_fields(tools: Sequence[ToolSpec], choice: str | None, endpoint: str) -> dict[str, Any]:
    """The fields `tools` and, where there is a choice, `tool_choice`.

    The choice is auto, none, or the name of one of the tools; anything else raises RequestRefused.
    """
    fields: dict[str, Any] = {"tools": [_tool(tool) for tool in tools]}
    if choice is None:
        return fields
    if choice in ("auto", "none"):
        return fields | {"tool_choice": choice}
    if choice not in [tool.name for tool in tools]:
        reason = "it takes auto, none or the name of one of the tools given"
        raise RequestRefused(endpoint=endpoint, thing=f"the tool choice {plain(choice)}", reason=reason)
    return fields | {"tool_choice": {"type": "function", "function": {"name": choice}}}


def _tool(tool: ToolSpec) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    if tool.parameters:
        function["parameters"] = tool.parameters
    return {"type": "function", "function": function}
