"""What the commands print: text for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.chat.answering import Snapshot
from app.cli.growth import Growth
from app.cli.progress_line import ProgressLine
from app.cli.streams import Streams
from app.doctor import Finding
from app.domain.errors import FoveaError, InputRefused
from app.domain.events import Event, Finished, TextDelta, UsageReported
from app.domain.message import Message, Note
from app.domain.model import Capability, Endpoint, ModelInfo
from app.domain.record import Record

_SEES = {True: "pictures", False: "text only", None: "unknown"}
_KEY_PLACES = {
    "keyring": "key in the keyring",
    "session": "key for this session",
    "environment": "key from the environment",
    "nowhere": "no key",
}


def _codes(refused: type[FoveaError]) -> frozenset[str]:
    """The codes of an error and of all that are of its kind."""
    return frozenset({refused.code}).union(*map(_codes, refused.__subclasses__()))


_INPUT = _codes(InputRefused)


class Output:
    """Prints answers as they grow; knows what it has printed already.

    Programs get every answer as it grows, people the first one, and the others after it.
    """

    def __init__(self, streams: Streams, *, as_json: bool, shows_sent: bool = False) -> None:
        self._streams = streams
        self._as_json = as_json
        self._shows_sent = shows_sent
        self._endpoint: Endpoint | None = None
        self._names: Mapping[str, str] = {}
        self._text = Growth()
        self._reasoning = Growth()
        self._waiting = ProgressLine(streams)
        self._progress: object = None
        self._siblings: tuple[Message, ...] = ()
        self._noted: list[Note] = []

    def started(self, endpoint: Endpoint, model: str, names: Mapping[str, str] | None = None) -> None:
        """The question is on its way; `names` are those of its pictures, by their hashes."""
        self._endpoint, self._names = endpoint, names or {}
        if self._as_json:
            self._line(type="started", endpoint=endpoint.id, model=model)

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new since the last snapshot."""
        self._siblings = snapshot.siblings
        self._show_sent(snapshot.message)
        if not self._text.begun:  # later ones would stand in the middle of the answer
            self._show_notes(snapshot.message)
        if self._as_json:
            self._show_progress(snapshot)
            for choice, message in enumerate((snapshot.message, *snapshot.siblings)):
                self._show_growth(message, choice)
            return
        new = self._text.new(snapshot.message.text)
        self._waiting.show(snapshot.progress, has_text=bool(snapshot.message.text))
        if new.anew:
            self._streams.complain("What was printed so far was a thought; this is the answer:")
        if new.text:
            self._streams.write(new.text)

    def finished(self, message: Message) -> int:
        """Print how the answers ended and return the exit code."""
        answers = (message, *self._siblings)
        self._waiting.clear()
        self._show_sent(message)
        if self._as_json:
            self._usage_line(message)
            for choice, answer in enumerate(answers):
                self._ending_lines(answer, choice)
        else:
            self._say_endings(answers)
        if message.problem is None:
            return 0
        self._streams.complain(message.problem.sentence)
        return InputRefused.exit_code if message.problem.code in _INPUT else FoveaError.exit_code

    def said(self, sentence: str) -> None:
        """Print one sentence for people, or as a line."""
        if self._as_json:
            self._line(type="said", text=sentence)
        else:
            self._streams.write(sentence + "\n")

    def told(self, kind: str, sentence: str, **facts: Any) -> None:
        """Print a sentence for people, or what it says as a line of that kind for programs."""
        if self._as_json:
            self._line(type=kind, **facts)
        else:
            self._streams.write(sentence + "\n")

    def endpoint(self, endpoint: Endpoint, key_place: str) -> None:
        """Print an endpoint and where its key is."""
        if self._as_json:
            self._line(type="endpoint", **endpoint.to_plain(), key=key_place)
            return
        where = "this computer" if endpoint.on_this_computer else endpoint.host
        self._streams.write(f"{endpoint.id:<14}{where:<36}{_KEY_PLACES.get(key_place, '')}".rstrip() + "\n")

    def vision(self, model: str, vision: Capability) -> None:
        """Print whether a model sees pictures and how that is known."""
        if self._as_json:
            self._line(type="vision", model=model, value=vision.value, source=vision.clause)
            return
        self._streams.write(f"{model} takes {_SEES[vision.value]}: {vision.clause}.\n")

    def event(self, event: Event) -> None:
        """Print an event of a text that is gone on with."""
        match event:
            case TextDelta() if self._as_json:
                self._line(type="text", **event.to_plain())
            case TextDelta():
                self._streams.write(event.text)
            case Finished() if self._as_json:
                self._line(type="finished", finish_reason=event.reason, confidence=None, choice=event.choice)
            case Finished():
                self._streams.write("\n")
            case UsageReported() if self._as_json:
                self._line(type="usage", **event.usage.to_plain())

    def embedding(self, text: str, numbers: Sequence[float]) -> None:
        """Print what a text was turned into; for people, numbers alone on a line."""
        if self._as_json:
            self._line(type="embedding", text=text, numbers=list(numbers))
        else:
            self._streams.write(" ".join(map(str, numbers)) + "\n")

    def account_usage(self, usage: Record) -> None:
        """Print what an account used."""
        told = {name: value for name, value in usage.to_plain().items() if value not in (None, "", {})}
        if self._as_json:
            self._line(type="account_usage", **told)
            return
        for name, value in told.items():
            self._streams.write(f"{name.replace('_', ' '):<18}{value}\n")

    def model(self, endpoint: Endpoint, model: ModelInfo) -> None:
        """Print one model of an endpoint."""
        if self._as_json:
            self._line(type="model", endpoint=endpoint.id, **model.to_plain())
            return
        sees = _SEES[model.vision.value]
        self._streams.write(f"{endpoint.id:<12}{model.id}  [{sees}]  {model.detail}".rstrip() + "\n")

    def findings(self, findings: Sequence[Finding]) -> int:
        """Print what was examined; returns 0, or 3 where something does not work."""
        for finding in findings:
            if self._as_json:
                self._line(type="finding", name=finding.name, ok=finding.ok, detail=finding.detail)
            else:
                verdict = "ok " if finding.ok else "NO "
                self._streams.write(f"{verdict} {finding.name:<14}{finding.detail}\n")
        return 0 if all(finding.ok for finding in findings) else 3

    def error(self, error: FoveaError) -> None:
        """One plain sentence on stderr, and an error line where a program reads."""
        if self._as_json:
            self._line(type="error", code=error.code, message=error.sentence, kept=error.kept)
        self._streams.complain(error.sentence)

    def _show_progress(self, snapshot: Snapshot) -> None:
        progress = snapshot.progress
        if progress is not None and progress != self._progress:
            told = {name: value for name, value in progress.to_plain().items() if value is not None}
            self._line(type="progress", stage=told.pop("stage"), fraction=told.pop("fraction", None), **told)
        self._progress = progress

    def _show_sent(self, message: Message) -> None:
        """Print, once, what is sent of the pictures."""
        run, endpoint = message.run, self._endpoint
        if not self._shows_sent or run is None or endpoint is None or not run.prepared:
            return
        from app.cli.sent import facts_of, sentence_of  # only for who asks

        self._shows_sent = False
        for prepared in run.prepared:
            facts = facts_of(prepared, self._names.get(prepared.original, ""), run.model, endpoint)
            if self._as_json:
                self._line(type="sent", **facts)
            else:
                self._streams.complain(sentence_of(facts))

    def _show_notes(self, message: Message) -> None:
        """Print, each once, what is to be known of how the question was sent."""
        new = [note for note in (message.run.notes if message.run else ()) if note not in self._noted]
        self._noted += new
        if new:
            self._waiting.clear()
        for note in new:
            if self._as_json:
                self._line(type="note", text=note.sentence)
            else:
                self._streams.complain(note.sentence)

    def _show_growth(self, message: Message, choice: int) -> None:
        if reasoning := self._reasoning.new(message.reasoning, choice).text:
            self._line(type="reasoning", text=reasoning, **{"choice": choice} if choice else {})
        new = self._text.new(message.text, choice)
        if new.anew:
            self._line(type="text_was_reasoning", choice=choice)
        if new.text:
            self._line(type="text", text=new.text, choice=choice)

    def _usage_line(self, message: Message) -> None:
        usage = message.run.usage if message.run else None
        if usage and usage.completion_tokens is not None:
            prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens
            self._line(
                type="usage",
                prompt_tokens=prompt,
                completion_tokens=completion,
                total_tokens=prompt + completion if usage.total_tokens is None else usage.total_tokens,
            )

    def _ending_lines(self, message: Message, choice: int) -> None:
        for call in message.tool_calls:
            self._line(type="tool_call", id=call.id, name=call.name, arguments=call.arguments, choice=choice)
        run = message.run
        self._show_notes(message)
        self._shapes_line(message, choice)
        if message.problem is None:
            reason, confidence = (run.finish_reason, run.confidence) if run else ("", None)
            self._line(type="finished", finish_reason=reason, confidence=confidence, choice=choice)
        else:
            problem = message.problem
            self._line(type="error", code=problem.code, message=problem.sentence, kept=problem.kept)

    def _shapes_line(self, message: Message, choice: int) -> None:
        from app.grounding.coco import plain  # only an answer to a question needs them
        from app.grounding.dialects import read

        reading = read(message)
        if reading.shapes:
            told = [{**plain(shape), "original": shape.original} for shape in reading.shapes]
            others = [name for name in reading.ambiguous if name != reading.dialect]
            self._line(type="shapes", shapes=told, dialect=reading.dialect, or_dialects=others, choice=choice)

    def _say_endings(self, answers: Sequence[Message]) -> None:
        for number, answer in enumerate(answers, start=1):
            if number > 1:
                self._streams.write(f"\nAnswer {number} of {len(answers)}:\n{answer.text}")
            if answer.text and not answer.text.endswith("\n"):
                self._streams.write("\n")
            for call in answer.tool_calls:
                self._streams.write(f"It asks for the tool {call.name} with {call.arguments}\n")
            self._show_notes(answer)

    def _line(self, **fields: Any) -> None:
        self._streams.write(json.dumps(fields, ensure_ascii=not self._streams.unicode) + "\n")
