"""The tree that the messages of a conversation make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from app.domain.message import Role


class Placed(Protocol):
    """Something that has its place in a conversation; `choice` numbers the answers to one request."""

    @property
    def id(self) -> str:
        """Unique in the conversation."""
        ...

    @property
    def parent_id(self) -> str | None:
        """What it follows; None for what a conversation begins with."""
        ...

    @property
    def role(self) -> Role:
        """Who speaks."""
        ...

    @property
    def choice(self) -> int:
        """Which of the answers to one request, counted from 0."""
        ...


PlacedType = TypeVar("PlacedType", bound=Placed)


class Tree(Generic[PlacedType]):
    """Messages by their places, of which each comes after its parent.

    What hangs below a message that is not there is left out.
    """

    def __init__(self, nodes: Iterable[PlacedType] = ()) -> None:
        self._nodes: dict[str, PlacedType] = {}
        self._below: dict[str | None, list[PlacedType]] = {}
        for node in nodes:
            if node.parent_id is None or node.parent_id in self._nodes:
                self._nodes[node.id] = node
                self._below.setdefault(node.parent_id, []).append(node)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._nodes

    def __getitem__(self, node_id: str) -> PlacedType:
        """Raises KeyError for an unknown id."""
        return self._nodes[node_id]

    def __iter__(self) -> Iterator[PlacedType]:
        return iter(self._nodes.values())

    def __len__(self) -> int:
        return len(self._nodes)

    def put(self, node: PlacedType) -> None:
        """Add a message, or take a newer state of one in its place; without its parent it is left out."""
        if node.parent_id is not None and node.parent_id not in self._nodes:
            return
        below = self._below.setdefault(node.parent_id, [])
        if node.id in self._nodes:
            below[next(n for n, known in enumerate(below) if known.id == node.id)] = node
        else:
            below.append(node)
        self._nodes[node.id] = node

    @property
    def newest(self) -> str:
        """The id of the newest message, empty without any; of several answers to one request, of
        the first."""
        if not self._nodes:
            return ""
        newest = next(reversed(self._nodes.values()))
        return (_first_choice(self._below[newest.parent_id]) if newest.choice else newest).id

    def children(self, parent_id: str | None) -> tuple[PlacedType, ...]:
        """What follows `parent_id` (None: what the conversation begins with), oldest first."""
        return tuple(self._below.get(parent_id, ()))

    def siblings(self, node: PlacedType) -> tuple[PlacedType, ...]:
        """The questions in the place of a question, or the answers to the question of an answer,
        oldest first, `node` among them."""
        return tuple(n for n in self._below.get(node.parent_id, ()) if n.role is node.role)

    def newest_below(self, node_id: str) -> str:
        """The id of the end of the newest branch through a node; of several answers to one request,
        of the first."""
        while below := self._below.get(node_id):
            node_id = _first_choice(below).id
        return node_id

    def branch(self, leaf_id: str = "") -> tuple[PlacedType, ...]:
        """The path from the root to `leaf_id`, by default to the newest message; of several
        answers to one request, to the first.

        Raises KeyError for an unknown id.
        """
        if not self._nodes:
            return ()
        node = self._nodes[leaf_id or self.newest]
        path = [node]
        while node.parent_id is not None:
            node = self._nodes[node.parent_id]
            path.append(node)
        return tuple(reversed(path))


def _first_choice(siblings: list[PlacedType]) -> PlacedType:
    """The newest of siblings; of several answers to one request, the first."""
    newest = siblings[-1]
    return next((n for n in reversed(siblings) if n.choice == 0), newest) if newest.choice else newest
