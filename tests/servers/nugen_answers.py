"""What the double of Nugen answers: whole, as frames, as lists of numbers, and as refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.fault_server import DONE, Answer, Step, Wait, event

JSON = {"Content-Type": "application/json"}


def document(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    data = json.dumps(content).encode()
    return Answer([data], status, headers={**JSON, **(headers or {})}, framing="length")


def said(status: int, detail: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """A refusal as FastAPI words it; `detail` is text, a list of breaches or an object."""
    return document(status, {"detail": detail}, headers)


@dataclass
class Says:
    """What the model answers: one text for each completion, the last for all further ones.

    `call` is the name of a tool it asks for with `arguments`, empty for none; a tool that the
    request names is always asked for. `confidence_score` is that of aligned models. With `pause_s`
    the completions do not go hand in hand: that long after one is whole the next goes on.
    """

    texts: tuple[str, ...] = ("A cat on a mat.",)
    reasoning: str = ""
    reasoning_field: str = "reasoning_content"
    call: str = ""
    arguments: str = '{"location": "Boston"}'
    confidence_score: float | None = None
    confidence: float | None = None
    reason: str = "stop"
    pause_s: float = 0.0


def embeddings(body: dict[str, Any]) -> dict[str, Any]:
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    size = body.get("dimensions", 4)
    data = [{"embedding": [float(len(said))] * size, "index": index} for index, said in enumerate(texts)]
    # Nothing promises the order of the texts, so it comes backwards.
    usage = {"total_tokens": len(texts)}
    return {"id": "nugen-1", "created": 1.5, "model": body["model"], "data": data[::-1], "usage": usage}


class ChatAnswer:
    """The answer to one chat request."""

    object_name = "chat.completion.chunk"

    def __init__(self, says: Says, body: dict[str, Any]) -> None:
        self.says = says
        self.body = body
        self.head = {"id": "nugen-abc123", "created": 16286546649.54, "model": f"{body['model']}\t"}
        texts = [says.texts[min(i, len(says.texts) - 1)] for i in range(body.get("n", 1))]
        self.choices = [self._cut(text) for text in texts]
        written = sum(map(len, self.choices))
        self.usage = {"prompt_tokens": 41, "completion_tokens": written, "total_tokens": 41 + written}

    def _cut(self, text: str) -> list[str]:
        first, *others = text.split(" ")
        return [first, *(f" {word}" for word in others)][: self.body.get("max_tokens")]

    @property
    def call(self) -> dict[str, Any] | None:
        choice = self.body.get("tool_choice", "auto")
        name = choice["function"]["name"] if isinstance(choice, dict) else self.says.call
        if choice == "none" or not self.body.get("tools") or not name:
            return None
        function = {"name": name, "arguments": self.says.arguments}
        return {"id": "call_1", "type": "function", "function": function}

    @property
    def reasoning(self) -> dict[str, str]:
        wish = self.body.get("reasoning", {})
        silent = wish.get("exclude") or wish.get("effort") == "none" or wish.get("enabled") is False
        return {} if silent or not self.says.reasoning else {self.says.reasoning_field: self.says.reasoning}

    @property
    def sureness(self) -> dict[str, float | None]:
        score = self.says.confidence_score
        return {"confidence": self.says.confidence} | ({} if score is None else {"confidence_score": score})

    def whole(self) -> dict[str, Any]:
        """The answer as one document."""
        timing = {"ttft_seconds": 0.06, "throughput_tokens_per_second": 46.9, "total_seconds": 2.2}
        choices = [self._choice(index, "".join(words)) for index, words in enumerate(self.choices)]
        told = {"object": "embedding", "choices": choices, "usage": self.usage, "timing": timing}
        return {**self.head, **told, **self.sureness}

    def _choice(self, index: int, text: str) -> dict[str, Any]:
        call = self.call
        message = {
            "role": "assistant",
            "content": None if call else text,
            "refusal": None,
            "annotations": None,
            "audio": None,
            "function_call": None,
            "tool_calls": [call] if call else None,
            **self.reasoning,
        }
        return {"index": index, "message": message, "finish_reason": self.says.reason}

    def stream(self) -> Answer:
        """The answer as the frames that were seen, in their order."""
        timing = {"ttft_seconds": 0.06, "throughput_tokens_per_second": 46.9, "total_seconds": 2.2}
        steps: list[Step] = [event({"_timing": {"gpu_processing_seconds": 0.01}})]
        steps += [self._chunk(index, self._piece("")) for index in range(len(self.choices))]
        if self.reasoning:
            steps += [self._chunk(index, {"delta": self.reasoning}) for index in range(len(self.choices))]
        call = self.call
        steps += [] if call else self._spoken()
        steps += [self._chunk(0, {"delta": {"tool_calls": [part]}}) for part in _call_parts(call)]
        places = range(len(self.choices))
        steps += [self._end(index) for index in (places[-1:] if self._apart else places)]
        steps.append(event({"object": "timing", "timing": timing}))
        steps.append(DONE)
        late = {**self.head, "object": self.object_name, "choices": [], "usage": self.usage}
        return Answer([*steps, event(late)], framing="chunked")

    @property
    def _apart(self) -> bool:
        return self.says.pause_s > 0

    def _spoken(self) -> list[Step]:
        """The words of all completions, in turns; or one whole completion after the other."""
        words = [
            (place, index, self._chunk(index, self._piece(word)))
            for index, choice in enumerate(self.choices)
            for place, word in enumerate(choice)
        ]
        if not self._apart:
            return [chunk for _, _, chunk in sorted(words, key=lambda each: each[:2])]
        steps: list[Step] = []
        for index in range(len(self.choices)):
            steps += [self._end(index - 1), Wait(self.says.pause_s)] if index else []
            steps += [chunk for _, number, chunk in words if number == index]
        return steps

    def _end(self, index: int) -> bytes:
        is_last = index == len(self.choices) - 1
        extra = {"usage": self.usage, **self.sureness} if is_last else {}
        return self._chunk(index, self._piece(None), self.says.reason, **extra)

    def _piece(self, text: str | None) -> dict[str, Any]:
        return {"delta": {} if text is None else {"content": text}}

    def _chunk(self, index: int, piece: Mapping[str, Any], reason: str | None = None, **extra: Any) -> bytes:
        choice = {"index": index, **piece, "finish_reason": reason}
        return event({**self.head, "object": self.object_name, "choices": [choice], **extra})


class CompletionAnswer(ChatAnswer):
    """The answer to a prompt without messages: its choices hold `text`."""

    object_name = "text_completion"

    def _choice(self, index: int, text: str) -> dict[str, Any]:
        return {"index": index, "text": text, "finish_reason": self.says.reason}

    def _piece(self, text: str | None) -> dict[str, Any]:
        return {"text": text or ""}


def _call_parts(call: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if call is None:
        return
    arguments = call["function"]["arguments"]
    half = len(arguments) // 2
    function = {"name": call["function"]["name"], "arguments": arguments[:half]}
    yield {"index": 0, **call, "function": function}
    yield {"index": 0, "function": {"arguments": arguments[half:]}}
