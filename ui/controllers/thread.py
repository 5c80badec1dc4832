"""The open conversation: its tree, and the branch of it that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.conversation import Node, Outline, node_of
from app.domain.message import Message, Role
from ui.transcript.entry import Unloaded

SCREEN_LINES = 160
"""Estimated lines at the end of a branch that are fetched before it is first painted."""
SCREEN_MESSAGES = 30
LINE = 60
"""Characters of an average line on the screen."""


class Thread:
    """Made in any thread and then used in one. Knows of no message more than its size."""

    def __init__(self, outline: Outline, leaf: str = "") -> None:
        self.id = outline.id
        self.title = outline.title
        self.session = outline.session
        self.remembered = outline.leaf
        """The leaf that the library keeps; empty for the newest."""
        self.tree = outline.tree
        self._rows = {node.id: _row(node) for node in self.tree}
        self.branch: tuple[Node, ...] = ()
        self._shown: set[str] = set()
        self.show(leaf or outline.leaf)

    @property
    def leaf(self) -> str:
        """The id of the last message that is shown; empty without any."""
        return self.branch[-1].id if self.branch else ""

    @property
    def newest(self) -> str:
        """The leaf that is shown where nothing else is remembered; empty without any."""
        branch = self.tree.branch()
        return branch[-1].id if branch else ""

    def shows(self, message_id: str) -> bool:
        """Whether a message is on the shown branch."""
        return message_id in self._shown

    def show(self, message_id: str) -> None:
        """Show the newest branch through a message; the newest of all where it is not there."""
        there = message_id in self.tree
        self.branch = self.tree.branch(self.tree.newest_below(message_id) if there else "")
        self._shown = {node.id for node in self.branch}

    def put(self, messages: Iterable[Message]) -> None:
        """Take messages that are new, or newer states of those that are there."""
        for message in messages:
            node = node_of(message)
            self.tree.put(node)
            self._rows[node.id] = _row(node)
        self.branch = tuple(self.tree[node.id] for node in self.branch)

    def extend(self, messages: Iterable[Message]) -> None:
        """Take messages that go on from the shown leaf, one below the other, and show them."""
        added = tuple(node_of(message) for message in messages)
        for node in added:
            self.tree.put(node)
            self._rows[node.id] = _row(node)
        self.branch = (*self.branch, *added)
        self._shown.update(node.id for node in added)

    def beside(self, message_id: str) -> list[str]:
        """The ids of a message and its siblings, oldest first."""
        return [node.id for node in self.tree.siblings(self.tree[message_id])]

    def rows(self) -> list[Unloaded]:
        """The shown branch without its words."""
        return [self._rows[node.id] for node in self.branch]

    def last_screen(self, above: str = "") -> list[str]:
        """The ids of the messages that fill a screen at the end of the branch, or (`above`) from
        that message on."""
        start = next((n for n, node in enumerate(self.branch) if node.id == above), None)
        ahead = reversed(self.branch) if start is None else iter(self.branch[start:])
        ids, lines = [], 0
        for node in ahead:
            ids.append(node.id)
            lines += 4 + node.lines + node.characters // LINE
            if lines > SCREEN_LINES or len(ids) == SCREEN_MESSAGES:
                break
        return ids

    def pictures(self) -> list[tuple[str, str]]:
        """The (sha256, name) of the pictures on the shown branch, oldest first."""
        return [(part.sha256, part.name) for node in self.branch for part in node.pictures]


def _row(node: Node) -> Unloaded:
    return Unloaded(
        node.id,
        "user" if node.role is Role.USER else "assistant",
        node.characters,
        node.lines,
        len(node.pictures),
    )
