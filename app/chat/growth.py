"""One of the answers to a request while it grows."""

from __future__ import annotations

import os

from app.chat.fold import fold, says_something, time_run
from app.domain.errors import AnswerLate, AnswerLost, FoveaError
from app.domain.events import Event, Finished, ReasoningDelta, TextWasReasoning
from app.domain.message import Message, Problem, Status

_GONE = (AnswerLost, AnswerLate)


class Growth:
    """A message, what arrived of it and is not folded in yet, and what the library holds of it.

    `stored`: the library knows the message. `saved` is the message as the library has it.
    """

    def __init__(self, message: Message, *, stored: bool) -> None:
        self.message = message
        self.stored = stored
        self.saved: Message | None = None
        self._waiting: list[Event] = []
        self._first_token_s: float | None = None
        self._finished_s: float | None = None
        self._thinking = False
        self._reasoning_s = message.run.reasoning_s if message.run else None

    def take(self, event: Event, now_s: float) -> None:
        """Keep an event that came `now_s` seconds after the request was sent."""
        if self._first_token_s is None and says_something(event):
            self._first_token_s = now_s
        if isinstance(event, Finished):
            self._finished_s = now_s
        self._time_reasoning(event, now_s)
        self._waiting.append(event)

    def fold(self) -> None:
        """Let the message grow by what arrived."""
        if self._waiting:
            message = fold(self.message, self._waiting)
            run = message.run and message.run.replace(reasoning_s=self._reasoning_s)
            self.message = message.replace(run=run)
            self._waiting.clear()

    def _time_reasoning(self, event: Event, now_s: float) -> None:
        """Note when the reasoning ends; it may begin again."""
        if isinstance(event, TextWasReasoning):
            self._thinking, self._reasoning_s = False, now_s
        elif isinstance(event, ReasoningDelta) and event.text:
            self._thinking, self._reasoning_s = True, None
        elif self._thinking and (says_something(event) or isinstance(event, Finished)):
            self._thinking, self._reasoning_s = False, now_s

    def end(self, status: Status, now_s: float, error: FoveaError | None = None) -> None:
        """Give the message its last status and its times, and the problem it met.

        A ticket is dropped where it is of no use any more; after any other failure the answer
        can still be fetched with it.
        """
        run = self.message.run
        if run is not None and (error is None or isinstance(error, _GONE)):
            run = run.replace(ticket=None)
        total_s = now_s if self._finished_s is None or error is not None else self._finished_s
        if self._thinking:
            run = run and run.replace(reasoning_s=total_s)
        self.message = self.message.replace(
            status=status,
            run=time_run(run, first_token_s=self._first_token_s, total_s=total_s),
            problem=problem_of(error, kept=_kept(self.message)) if error else None,
        )


def sibling_of(first: Message, choice: int) -> Message:
    """The empty answer number `choice` to the request that `first` answers."""
    run = first.run and first.run.unanswered().replace(request_id=first.run.request_id, choice=choice)
    return Message(
        id=os.urandom(16).hex(),
        parent_id=first.parent_id,
        seq=first.seq + choice,  # until the library says which place it has
        role=first.role,
        status=Status.SENDING,
        created=first.created,
        run=run,
    )


def problem_of(error: FoveaError, *, kept: str) -> Problem:
    """The error as it is kept with the message it hit."""
    return Problem(
        code=error.code,
        what=error.what,
        remedy=error.remedy,
        facts=error.facts,
        kept=error.kept or kept,
        retryable=error.retryable,
    )


def _kept(message: Message) -> str:
    if message.text:
        return "What arrived so far is kept."
    return "Your question and its pictures are kept."
