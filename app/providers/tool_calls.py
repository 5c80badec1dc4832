"""Tool calls put together from the pieces in which servers stream them. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.domain.message import ToolCall
from app.net.key import Key
from app.providers.masking import masked

MOST_CALLS = 128
MOST_PIECES = 64


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    extra: str = ""

    @property
    def json(self) -> str:
        """The arguments; an empty object where none were written."""
        return "".join(self.arguments).strip() or "{}"

    @property
    def whole(self) -> bool:
        try:
            msgspec.json.decode(self.json)
        except (ValueError, RecursionError):
            return False
        return True

    @property
    def goes_on(self) -> bool:
        """Whether its arguments have not come to their end; only so many pieces are looked into."""
        return not self.arguments or len(self.arguments) > MOST_PIECES or not self.whole


class ToolCalls:
    """The calls of one answer.

    A piece belongs to the call of its `index`, where it has one. Without, it belongs to the open call
    of the same `id`; a new id or a name begins another call; anything else goes on with the last one.
    Gemini sends no index, so none is ever made up: that would make one call of several.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    def add(self, pieces: object) -> int:
        """Take the `tool_calls` of a delta or a message; returns how many characters they added."""
        if not isinstance(pieces, list):
            return 0
        return sum(self._add(piece) for piece in pieces if isinstance(piece, dict))

    def whole(self) -> list[ToolCall]:
        """The calls that can be run, in the order they began: named, with arguments that are JSON."""
        return [
            ToolCall(id=call.id or f"call_{place}", name=call.name, arguments=call.json, extra=call.extra)
            for place, call in enumerate(self._calls)
            if call.name and call.whole
        ]

    def broken(self) -> list[str]:
        """The names of the others; a call without a name has an empty one."""
        return [call.name for call in self._calls if not (call.name and call.whole)]

    def _add(self, piece: dict[str, Any]) -> int:
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        name, arguments = _text(function.get("name")), _arguments(function.get("arguments"))
        call = self._call_for(piece.get("index"), _text(piece.get("id")), name, bool(arguments))
        if call is None:
            return 0
        call.id = call.id or _text(piece.get("id"))
        call.name = call.name or name
        if arguments:
            call.arguments.append(arguments)
        extra = piece.get("extra_content")
        if extra:
            call.extra = msgspec.json.encode(extra).decode()
        return len(arguments) + len(name)

    def _call_for(self, index: object, call_id: str, name: str, has_arguments: bool) -> _Call | None:
        """The call a piece belongs to; None for a piece that says nothing or is one too many."""
        if isinstance(index, int) and not isinstance(index, bool):
            return self._by_index.get(index) or self._begin(index)
        last = self._calls[-1] if self._calls else None
        if call_id:
            same = next((call for call in self._calls if call.id == call_id), None)
            return same or self._begin()
        if name and not (last is not None and last.name == name and last.goes_on):
            return self._begin()
        return last or (self._begin() if has_arguments else None)

    def _begin(self, index: int | None = None) -> _Call | None:
        if len(self._calls) >= MOST_CALLS:
            return None
        call = _Call()
        self._calls.append(call)
        if index is not None:
            self._by_index[index] = call
        return call


def without_key(call: ToolCall, key: Key | None) -> ToolCall:
    """The call with the key masked in each of its parts."""
    return ToolCall(
        id=masked(call.id, key),
        name=masked(call.name, key),
        arguments=masked(call.arguments, key),
        extra=masked(call.extra, key),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    """The arguments as JSON text; some servers send them as an object."""
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return _text(value)
