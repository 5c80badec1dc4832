"""What the commands print: text for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.chat.answering import Snapshot
from app.cli.streams import Streams
from app.doctor import Finding
from app.domain.errors import FoveaError, InputRefused
from app.domain.message import Message
from app.domain.model import Endpoint, ModelInfo

_INPUT = frozenset(refused.code for refused in InputRefused.__subclasses__())


class Output:
    """Prints an answer as it grows; knows what it has printed already."""

    def __init__(self, streams: Streams, *, as_json: bool) -> None:
        self._streams = streams
        self._as_json = as_json
        self._printed = 0
        self._reasoned = 0
        self._progress: object = None

    def started(self, endpoint: Endpoint, model: str) -> None:
        """The question is on its way."""
        if self._as_json:
            self._line(type="started", endpoint=endpoint.id, model=model)

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new since the last snapshot."""
        message = snapshot.message
        if self._as_json:
            self._show_progress(snapshot)
            if reasoning := message.reasoning[self._reasoned :]:
                self._line(type="reasoning", text=reasoning)
                self._reasoned = len(message.reasoning)
        if text := message.text[self._printed :]:
            self._printed = len(message.text)
            if self._as_json:
                self._line(type="text", text=text, choice=0)
            else:
                self._streams.write(text)

    def finished(self, message: Message) -> int:
        """Print how the answer ended and return the exit code."""
        if self._as_json:
            self._finished_lines(message)
        elif message.text and not message.text.endswith("\n"):
            self._streams.write("\n")
        if message.problem is None:
            return 0
        self._streams.complain(message.problem.sentence)
        return InputRefused.exit_code if message.problem.code in _INPUT else FoveaError.exit_code

    def model(self, endpoint: Endpoint, model: ModelInfo) -> None:
        """Print one model of an endpoint."""
        if self._as_json:
            self._line(type="model", endpoint=endpoint.id, **model.to_plain())
            return
        sees = {True: "pictures", False: "text only", None: "unknown"}[model.vision.value]
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
            self._line(type="progress", stage=progress.stage, fraction=progress.fraction)
        self._progress = progress

    def _finished_lines(self, message: Message) -> None:
        run = message.run
        if run and run.usage.completion_tokens is not None:
            prompt, completion = run.usage.prompt_tokens or 0, run.usage.completion_tokens
            self._line(
                type="usage",
                prompt_tokens=prompt,
                completion_tokens=completion,
                total_tokens=prompt + completion,
            )
        if message.problem is None:
            reason = run.finish_reason if run else ""
            self._line(type="finished", finish_reason=reason, confidence=None, choice=0)
        else:
            problem = message.problem
            self._line(type="error", code=problem.code, message=problem.sentence, kept=problem.kept)

    def _line(self, **fields: Any) -> None:
        self._streams.write(json.dumps(fields, ensure_ascii=not self._streams.unicode) + "\n")
