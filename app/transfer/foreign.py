"""What the exports of other programs have in common. Runs in the reader child."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from app.domain.message import Message, Part, Problem, Role, RunCard, Status
from app.pictures.intake import shown_name
from app.transfer import caps

NO_TIME = datetime.fromtimestamp(0, UTC)


class Words(NamedTuple):
    """What a message of another program says. With `carries` it is no message of its own here: its
    reasoning goes to the answers that follow it."""

    role: Role
    parts: tuple[Part, ...] = ()
    reasoning: str = ""
    created: datetime | None = None
    status: Status = Status.DONE
    run: RunCard | None = None
    problem: Problem | None = None
    carries: bool = False


class Place(NamedTuple):
    """A message in the tree of another program: what it follows, and what it says (None: nothing)."""

    parent: str | None
    words: Words | None


def stable_id(*names: str) -> str:
    """The id of something of another program: the same whenever it is imported."""
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def title_of(text: str, otherwise: str) -> str:
    """A title on one line."""
    line = " ".join(text.split()) or " ".join(otherwise.split()) or "Imported conversation"
    return line[: caps.TITLE_LENGTH]


def picture_name(name: str, number: int) -> str:
    """A name for a picture that came under `name`, or under none."""
    return shown_name(name.replace("\\", "/").rpartition("/")[2]) if name.strip() else f"picture {number}"


def in_order(parents: Mapping[str, str | None]) -> list[str]:
    """The ids so that each comes after its parent, otherwise as they were given.

    What follows an unknown message, or in a circle itself, begins a conversation of its own branch.
    """
    ordered: dict[str, None] = {}
    for node in parents:
        path: dict[str, None] = {}
        at: str | None = node
        while at is not None and at in parents and at not in ordered and at not in path:
            path[at] = None
            at = parents[at]
        ordered.update(dict.fromkeys(reversed(path)))
    return list(ordered)


def times_of(places: Iterable[Place]) -> tuple[datetime, datetime]:
    """When the first message was made and when the last; NO_TIME twice where that is not told."""
    told = [place.words.created for place in places if place.words and place.words.created]
    return min(told, default=NO_TIME), max(told, default=NO_TIME)


def messages_of(
    places: Mapping[str, Place], created: datetime, name_of: Callable[[str], str]
) -> tuple[tuple[Message, ...], dict[str, str]]:
    """The messages of a tree, and for every place the id of the message at it or nearest above it.

    A place without words is passed over: what follows it hangs where it hung. What was thought goes to
    the first answer that follows. `name_of` makes the id
    of a message from that of its place.
    """
    made: list[Message] = []
    nearest: dict[str, str] = {}
    carried: dict[str, str] = {}
    below = {place.parent for place in places.values()}
    for node in in_order({node: place.parent for node, place in places.items()}):
        parent, words = places[node]
        above = nearest.get(parent or "")
        reasoning = carried.get(parent or "", "")
        passed_over = words is None or (words.carries and node in below)
        if passed_over or (words and words.role is Role.ASSISTANT):
            carried.pop(parent or "", None)
        if passed_over:
            told = (reasoning, words.reasoning if words else "")
            carried[node] = "\n\n".join(filter(None, told))
            if above:
                nearest[node] = above
            continue
        assert words is not None
        if words.role is Role.ASSISTANT and reasoning:
            words = words._replace(reasoning="\n\n".join(filter(None, (reasoning, words.reasoning))))
        made.append(_message(words, name_of(node), above, len(made), words.created or created))
        nearest[node] = made[-1].id
    return tuple(made), nearest


def _message(words: Words, message_id: str, parent: str | None, seq: int, created: datetime) -> Message:
    return Message(
        id=message_id,
        parent_id=parent,
        seq=seq,
        role=words.role,
        status=words.status,
        created=created,
        parts=words.parts,
        reasoning=words.reasoning,
        run=words.run,
        problem=words.problem,
    )
