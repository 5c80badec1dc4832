"""What was covered on a picture stays covered wherever that picture is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from app.domain.conversation import Draft, Node
from app.domain.message import Message, PicturePart
from app.domain.region import Redaction, Treatment

Spoken = Message | Node
Turn = TypeVar("Turn", bound=Spoken)
_Redactions = tuple[Redaction, ...]


class Covers:
    """What is covered on the pictures of one conversation.

    `questions` are all its messages that show pictures: of every branch, those in the trash too, oldest
    first. What one of them covers is covered on that picture in whatever was asked before it, on any
    branch, and in what is asked after it. But each says all that is covered on its own pictures: where
    it goes without a cover, the user took that off, and it is off for what is asked below.
    """

    def __init__(self, questions: Iterable[Spoken]) -> None:
        self._questions = tuple(questions)
        self._said: dict[str, dict[str, _Redactions]] = {}
        for question in self._questions:
            for part in question.pictures:
                said = self._said.setdefault(part.sha256, {})
                said[question.id] = together(said.get(question.id, ()), part.treatment.redactions)

    def on(self, sha256: str, above: Sequence[Spoken]) -> _Redactions:
        """What is covered on a picture in a question below the messages `above` that says nothing of
        it."""
        said = self._said.get(sha256, {})
        if not any(said.values()):
            return ()
        told = {message.id for message in above}
        held: _Redactions = ()
        for question_id, redactions in said.items():
            held = redactions if question_id in told else together(held, redactions)
        return held

    def ever_on(self, sha256: str) -> _Redactions:
        """All that was ever covered on a picture."""
        return together(*self._said.get(sha256, {}).values())

    def in_branch(self, branch: Sequence[Turn]) -> tuple[Turn, ...]:
        """The messages with what later questions covered on their pictures covered there, too."""
        return tuple(self._covered(turn) if turn.pictures else turn for turn in branch)

    def in_draft(self, draft: Draft, above: Sequence[Spoken]) -> Draft:
        """The draft with what is covered on those of its pictures of which it says nothing itself."""
        silent = [sha256 for sha256, _ in draft.pictures if sha256 not in draft.treatments]
        found = {sha256: self.on(sha256, above) for sha256 in silent}
        added = {sha256: Treatment(redactions=held) for sha256, held in found.items() if held}
        return draft.replace(treatments={**draft.treatments, **added}) if added else draft

    @cached_property
    def _since(self) -> dict[tuple[str, str], _Redactions]:
        """What was covered after a question, by its id and the picture's hash."""
        since: dict[tuple[str, str], _Redactions] = {}
        seen: dict[str, _Redactions] = {}
        for question in reversed(self._questions):
            shown = {part.sha256 for part in question.pictures}
            for sha256 in shown:
                if later := seen.get(sha256, ()):
                    since[question.id, sha256] = later
                seen[sha256] = together(self._said[sha256][question.id], later)
        return since

    def _covered(self, turn: Turn) -> Turn:
        if not any((turn.id, part.sha256) in self._since for part in turn.pictures):
            return turn
        if isinstance(turn, Node):
            return turn.replace(pictures=tuple(self._part(turn.id, part) for part in turn.pictures))
        parts = (self._part(turn.id, part) if isinstance(part, PicturePart) else part for part in turn.parts)
        return turn.replace(parts=tuple(parts))

    def _part(self, question_id: str, part: PicturePart) -> PicturePart:
        done = part.treatment
        redactions = together(done.redactions, self._since.get((question_id, part.sha256), ()))
        return part.replace(treatment=done.replace(redactions=redactions))


def together(*drawn: _Redactions) -> _Redactions:
    """All of them, each once."""
    there = [redactions for redactions in drawn if redactions]
    return there[0] if len(there) == 1 else tuple(dict.fromkeys(each for some in there for each in some))
