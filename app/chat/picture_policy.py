"""Which pictures of a conversation go along with a question."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.message import Message


def chosen(branch: Sequence[Message], most: int) -> frozenset[tuple[str, int]]:
    """The (message id, position) of the newest `most` pictures of the branch."""
    places = [(message.id, position) for message in branch for position, _ in enumerate(message.pictures)]
    return frozenset(places[-most:]) if most > 0 else frozenset()
