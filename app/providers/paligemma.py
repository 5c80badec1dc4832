"""One question with one picture: all that PaliGemma hears of a conversation (its API page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.errors import RequestRefused
from app.domain.message import Note, Role
from app.domain.request import PromptMessage, PromptPicture
from app.providers.nvidia_models import PALIGEMMA_TASKS

NO_QUESTION = PALIGEMMA_TASKS[0].template


class SingleTurn(NamedTuple):
    """The one message, and what the user should know about it."""

    message: PromptMessage
    notes: tuple[Note, ...] = ()


def single_turn(messages: Sequence[PromptMessage], endpoint: str) -> SingleTurn:
    """The last question with its own last picture, or else with the newest one before it.

    Raises RequestRefused where there is no picture at all.
    """
    asked = [place for place, message in enumerate(messages) if message.role is Role.USER]
    question = messages[asked[-1]] if asked else None
    pictures = [picture for place in asked for picture in messages[place].pictures]
    if question is None or not pictures:
        reason = "its PaliGemma answers about one picture"
        raise RequestRefused(endpoint=endpoint, thing="a question without a picture", reason=reason)
    notes = []
    if left := _left_out(messages, question, pictures):
        notes.append(
            Note(
                what="PaliGemma hears one question with one picture. Not sent: {left}.",
                facts={"left": left},
            )
        )
    text = question.text.strip()
    if not text:
        what = "No question was typed, so PaliGemma was asked for a caption."
        notes.append(Note(what=what))
    message = PromptMessage(role=Role.USER, text=text or NO_QUESTION, pictures=(pictures[-1],))
    return SingleTurn(message, tuple(notes))


def _left_out(
    messages: Sequence[PromptMessage], question: PromptMessage, pictures: Sequence[PromptPicture]
) -> str:
    """What of the conversation does not go along, in words; empty where all of it does."""
    systems = sum(message.role is Role.SYSTEM for message in messages)
    others = len(messages) - systems - 1
    left = ["the system text"] if systems else []
    left += [_counted(others, "other message")] if others else []
    unseen = len(pictures) - 1
    left += [_counted(unseen, "other picture")] if unseen else []
    return " and ".join(filter(None, (", ".join(left[:-1]), *left[-1:])))


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
