"""The open conversation: its tree, and the branch of it that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.chat.exchange import asked_again
from app.domain.conversation import Draft, Node, Outline, node_of
from app.domain.message import Message, Role
from app.domain.region import Redaction, Treatment
from ui.transcript.entry import Entry, Unloaded

if TYPE_CHECKING:
    from app.domain.covers import Covers

SCREEN_LINES = 160
"""Estimated lines at the end of a branch that are fetched before it is first painted."""
SCREEN_MESSAGES = 30
LINE = 60
"""Characters of an average line on the screen."""


class Thread:
    """Made in any thread and then used in one. Knows of no message more than its size.

    `before` is the same conversation as it was read before: what did not change since has the
    very same row.
    """

    def __init__(self, outline: Outline, leaf: str = "", before: Thread | None = None) -> None:
        self.id = outline.id
        self.title = outline.title
        self.session = outline.session
        self.remembered = outline.leaf
        """The leaf that the library keeps; empty for the newest."""
        self.choices = outline.choices
        """What the user chose for the pictures."""
        self.tree = outline.tree
        self._trashed = outline.trashed
        self._known_covers: Covers | None = None
        self._rows = {node.id: _row(node) for node in self.tree}
        if before is not None:
            for message_id, row in self._rows.items():
                if before._rows.get(message_id) == row:
                    self._rows[message_id] = before._rows[message_id]
        self._branch: list[Node] = []
        self._places: dict[str, int] = {}
        self._branch_rows: list[Entry | Unloaded] = []
        self.show(leaf or outline.leaf)

    @property
    def branch(self) -> Sequence[Node]:
        """The messages that are shown, from the first."""
        return self._branch

    @property
    def leaf(self) -> str:
        """The id of the last message that is shown; empty without any."""
        return self._branch[-1].id if self._branch else ""

    def shows(self, message_id: str) -> bool:
        """Whether a message is on the shown branch."""
        return message_id in self._places

    def show(self, message_id: str) -> None:
        """Show the newest branch through a message; the newest of all where it is not there."""
        there = message_id in self.tree
        self._branch = list(self.tree.branch(self.tree.newest_below(message_id) if there else ""))
        self._places = {node.id: place for place, node in enumerate(self._branch)}
        self._branch_rows = [self._rows[node.id] for node in self._branch]

    def put(self, messages: Iterable[Message]) -> None:
        """Take messages that are new, or newer states of those that are there."""
        for message in messages:
            node = node_of(message)
            self.tree.put(node)
            if node.pictures:
                self._known_covers = None
            self._rows[node.id] = _row(node)
            if (place := self._places.get(node.id)) is not None:
                self._branch[place] = node
                self._branch_rows[place] = self._rows[node.id]

    def extend(self, messages: Iterable[Message]) -> None:
        """Take messages that go on from the shown leaf, one below the other, and show them."""
        for message in messages:
            self.put((message,))
            self._places[message.id] = len(self._branch)
            self._branch.append(self.tree[message.id])
            self._branch_rows.append(self._rows[message.id])

    def beside(self, message_id: str) -> list[str]:
        """The ids of a message and its siblings, oldest first."""
        return [node.id for node in self.tree.siblings(self.tree[message_id])]

    def rows(self, known: Iterable[Entry]) -> list[Entry | Unloaded]:
        """The shown branch without its words, but where they are `known`."""
        rows = list(self._branch_rows)
        for entry in known:
            if (place := self._places.get(entry.id)) is not None:
                rows[place] = entry
        return rows

    def last_screen(self, above: str = "") -> list[str]:
        """The ids of the messages that fill a screen at the end of the branch, or (`above`) from
        that message on."""
        start = self._places.get(above)
        ahead = reversed(self._branch) if start is None else iter(self._branch[start:])
        ids, lines = [], 0
        for node in ahead:
            ids.append(node.id)
            lines += 4 + node.lines + node.characters // LINE
            if lines > SCREEN_LINES or len(ids) == SCREEN_MESSAGES:
                break
        return ids

    def pictures(self) -> list[tuple[str, str]]:
        """The (sha256, name) of the pictures on the shown branch, oldest first."""
        return [(part.sha256, part.name) for node in self._branch for part in node.pictures]

    def questions(self) -> list[str]:
        """The ids of the questions on the shown branch, oldest first."""
        return [node.id for node in self._branch if node.role is Role.USER]

    def treatments(self, sha256: str) -> list[Treatment]:
        """What was done with a picture each time it was asked about on the shown branch."""
        shown = (part for node in self._branch for part in node.pictures)
        return [part.treatment for part in shown if part.sha256 == sha256]

    def covers(self, sha256: str, instead_of: str = "") -> tuple[Redaction, ...]:
        """What is covered on a picture in the next question on the shown branch, or in one in the place
        of the question `instead_of`."""
        edited = instead_of in self.tree
        return self._covers.on(sha256, self._above(instead_of) if edited else self._branch)

    def draft_of(self, question: Message) -> Draft:
        """What a question was made of, to be changed; what was covered since is covered."""
        return asked_again(question, self._above(question.id), self._covers)

    def _above(self, message_id: str) -> Sequence[Node]:
        parent_id = self.tree[message_id].parent_id if message_id in self.tree else None
        return self.tree.branch(parent_id) if parent_id else ()

    @property
    def _covers(self) -> Covers:
        if self._known_covers is None:
            from app.domain.covers import Covers  # not before a picture is looked at

            nodes = (node for node in (*self.tree, *self._trashed) if node.pictures)
            self._known_covers = Covers(sorted(nodes, key=lambda node: node.seq))
        return self._known_covers


def _row(node: Node) -> Unloaded:
    role = node.role
    return Unloaded(
        node.id, "user" if role is Role.USER else "assistant", node.characters, node.lines, len(node.pictures)
    )
