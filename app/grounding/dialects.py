"""The shapes in an answer, whichever way its model writes them."""

from __future__ import annotations

from app.domain.message import Message
from app.domain.shape import Shape
from app.grounding import paligemma


def shapes_in(message: Message) -> tuple[Shape, ...]:
    """What an answer points at in the newest picture that went with its question.

    So far the location codes of PaliGemma are read.
    """
    if message.run is None or not message.run.prepared:
        return ()
    return paligemma.shapes_of(message.text, message.run.prepared[-1])
