"""How each OpenAI-compatible server writes one and the same answer, with the habits of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.servers.fault_server import DONE, event

JSON = {"Content-Type": "application/json"}
SIGNATURE = {"google": {"thought_signature": "c2lnbmF0dXJl"}}
USAGE = {"prompt_tokens": 41, "completion_tokens": 7, "total_tokens": 48}


@dataclass(frozen=True)
class Call:
    """A tool that the model asks for."""

    name: str
    arguments: str = '{"city": "Rome"}'


@dataclass(frozen=True)
class Says:
    """What the model answers: one text for each completion, the last for all further ones.

    With `pause_s` each completion is whole that long before the next one begins.
    """

    texts: tuple[str, ...] = ("A cat on a mat.",)
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    reason: str = "stop"
    pause_s: float = 0.0


@dataclass(frozen=True)
class Habits:
    """How a server writes. `thoughts` is the field it puts them in, empty for the text itself.

    `usage` is where it counts: "own" in a frame without choices, when asked to; "last" in the last
    frame with choices. `whole_calls`: a call comes in one piece; `indexed`: with its index.
    """

    thoughts: str = "reasoning_content"
    usage: str = "own"
    whole_calls: bool = False
    indexed: bool = True
    empty_names: bool = False
    comment: bytes = b""
    junk: Mapping[str, Any] | None = None
    between: Any = None
    call_reason: str = "tool_calls"


HABITS: dict[str, Habits] = {
    "llamacpp": Habits(usage="last", comment=b":\n\n"),
    "ollama": Habits(thoughts="reasoning", whole_calls=True),
    "lmstudio": Habits(thoughts="reasoning", empty_names=True),
    "vllm": Habits(thoughts="reasoning"),
    "sglang": Habits(between=""),
    "openrouter": Habits(thoughts="reasoning_details", usage="last", comment=b": OPENROUTER PROCESSING\n\n"),
    "openai": Habits(junk={"obfuscation": "x7Q"}),
    "gemini": Habits(thoughts="", whole_calls=True, indexed=False, call_reason="stop"),
}


def pieces_of(text: str) -> Iterator[str]:
    """The text, a word at a time."""
    rest = text
    while rest:
        cut = rest.find(" ", 1)
        piece, rest = (rest, "") if cut < 0 else (rest[:cut], rest[cut:])
        yield piece


class Writer:
    """Writes what the model says as one server does, for one request."""

    def __init__(self, variant: str, says: Says, body: Mapping[str, Any]) -> None:
        self.habits = HABITS[variant]
        self.variant = variant
        self.says = says
        self.body = body
        self.count = body.get("n", 1)

    def frames(self) -> list[bytes]:
        """The whole stream."""
        return [frame for part in self.parts() for frame in part]

    def parts(self) -> list[list[bytes]]:
        """The stream, cut where `pause_s` is waited."""
        frames = [self.habits.comment] if self.habits.comment else []
        if self.body.get("return_progress"):
            frames.append(self._progress())
        parts = [frames]
        for number in range(self.count):
            parts[-1] += (self._frame(number, delta) for delta in self._deltas(number))
            if self.says.pause_s and number < self.count - 1:
                parts[-1].append(self._frame(number, {}, self.reason))
                parts.append([])
        frames = parts[-1]
        frames += (self._frame(number, {}, self.reason) for number in range(len(parts) - 1, self.count))
        if self.habits.usage == "own" and self.body.get("stream_options"):
            frames.append(event({**self._head(), "choices": [], "usage": USAGE}))
        frames.append(DONE)
        return parts

    def document(self) -> bytes:
        """The same in one piece."""
        choices = [self._choice(number) for number in range(self.count)]
        return json.dumps({**self._head("chat.completion"), "choices": choices, "usage": USAGE}).encode()

    @property
    def reason(self) -> str:
        return self.habits.call_reason if self.says.calls else self.says.reason

    def text(self, number: int) -> str:
        return self.says.texts[min(number, len(self.says.texts) - 1)]

    def _choice(self, number: int) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.text(number)}
        message |= {"refusal": None, "annotations": [], "function_call": None}
        if self.says.reasoning:
            message |= self._thought(self.says.reasoning, message)
        if self.says.calls:
            message |= {"content": None, "tool_calls": [self._call(n) for n in range(len(self.says.calls))]}
        return {"index": number, "message": message, "finish_reason": self.reason, "logprobs": None}

    def _deltas(self, number: int) -> Iterator[dict[str, Any]]:
        yield {"role": "assistant", "content": None if self.variant == "llamacpp" else ""}
        if self.says.reasoning:
            if not self.habits.thoughts:
                yield from (
                    {"content": piece} for piece in pieces_of(f"<think>{self.says.reasoning}</think>")
                )
            else:
                yield from (self._thought(piece, {}) for piece in pieces_of(self.says.reasoning))
        if self.says.calls:
            yield from self._call_deltas()
        else:
            yield from ({"content": piece} for piece in pieces_of(self.text(number)))

    def _thought(self, text: str, message: dict[str, Any]) -> dict[str, Any]:
        match self.habits.thoughts:
            case "":
                return {"content": f"<think>{text}</think>{message.get('content') or ''}"}
            case "reasoning_details":
                return {"reasoning_details": [{"type": "reasoning.text", "text": text, "index": 0}]}
            case field:
                return {field: text}

    def _call(self, place: int) -> dict[str, Any]:
        call = self.says.calls[place]
        function = {"name": call.name, "arguments": call.arguments}
        written: dict[str, Any] = {"id": f"call_{place}x", "type": "function", "function": function}
        if self.habits.indexed:
            written["index"] = place
        if self.variant == "gemini":
            written["extra_content"] = SIGNATURE
        return written

    def _call_deltas(self) -> Iterator[dict[str, Any]]:
        for place, call in enumerate(self.says.calls):
            whole = self._call(place)
            if self.habits.whole_calls:
                yield {"tool_calls": [whole]}
                continue
            yield {"tool_calls": [{**whole, "function": {"name": call.name, "arguments": ""}}]}
            named = {"name": ""} if self.habits.empty_names else {}
            for start in range(0, len(call.arguments), 3):
                function = {**named, "arguments": call.arguments[start : start + 3]}
                yield {"tool_calls": [{"index": place, "function": function}]}

    def _frame(self, number: int, delta: dict[str, Any], reason: str | None = None) -> bytes:
        if self.habits.junk and delta.get("content"):
            delta = {**delta, **self.habits.junk}
        choice = {"index": number, "delta": delta, "logprobs": None}
        choice["finish_reason"] = self.habits.between if reason is None else reason
        frame: dict[str, Any] = {**self._head(), "choices": [choice]}
        if self.variant == "openai" and self.body.get("stream_options"):
            frame["usage"] = None
        if self.habits.usage == "last" and reason is not None and number == self.count - 1:
            frame |= {"usage": USAGE}
        return event(frame)

    def _progress(self) -> bytes:
        choice = {"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}
        reading = {"total": 40, "cache": 0, "processed": 20, "time_ms": 5}
        return event({**self._head(), "choices": [choice], "prompt_progress": reading})

    def _head(self, kind: str = "chat.completion.chunk") -> dict[str, Any]:
        model = self.body["model"]
        return {"id": f"chatcmpl-{self.variant}", "object": kind, "created": 1_790_000_000, "model": model}


def refused(variant: str, status: int, message: str) -> dict[str, Any] | Sequence[Any]:
    """An error's body in the server's own form."""
    match variant:
        case "llamacpp":
            return {"error": {"code": status, "message": message, "type": "invalid_request_error"}}
        case "ollama":
            return {"error": {"message": message, "type": "api_error", "param": None, "code": None}}
        case "openrouter":
            return {"error": {"code": status, "message": message, "metadata": {}}}
        case "gemini":
            return [{"error": {"code": status, "message": message, "status": "INVALID_ARGUMENT"}}]
        case _:
            kind = "BadRequestError" if variant == "vllm" else "invalid_request_error"
            return {"error": {"message": message, "type": kind, "param": None, "code": status}}
