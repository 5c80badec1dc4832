"""Which pictures of a conversation go along with a question."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.message import Message


def chosen(branch: Sequence[Message], most: int, single_turn: bool = False) -> frozenset[tuple[str, int]]:
    """The (message id, position) of the newest `most` pictures of the branch.

    With `single_turn` only those of the newest message that has any: the endpoint hears of no
    other.
    """
    showing = [message for message in branch if message.pictures]
    if single_turn:
        showing = showing[-1:]
    places = [(message.id, position) for message in showing for position, _ in enumerate(message.pictures)]
    return frozenset(places[-most:]) if most > 0 else frozenset()
