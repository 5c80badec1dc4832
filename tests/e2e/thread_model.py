"""What a library must hold, kept as plainly as can be: no tree, no database, no asyncio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.domain.message import Role

Way = tuple[str, tuple[str, ...]]
"""Something to do with the trash, and to what: "bin" and "unbin" conversations, "cut" and "graft" a
message with everything below it."""


@dataclass
class Said:
    """A message. `text` is all that was said so far; while it `grows` the library may be behind, but it
    has the first `least` characters. `cut_by` is the message that went to the trash and took this
    one along, empty for none."""

    id: str
    conversation: str
    parent: str | None
    role: Role
    text: str
    pictures: tuple[str, ...] = ()
    least: int = 0
    grows: bool = False
    cut_by: str = ""

    def may_be(self, text: str) -> bool:
        """Whether the library may show `text` for it."""
        if not self.grows:
            return text == self.text
        return len(text) >= self.least and self.text.startswith(text)


class Model:
    """Every message that anybody was told is kept, and where it is to be found."""

    def __init__(self) -> None:
        self.binned: dict[str, bool] = {}
        self.said: dict[str, Said] = {}
        self._undo: list[Way] = []
        self._redo: list[Way] = []

    def say(self, *messages: Said) -> None:
        """Messages came into being, each below one that is known."""
        for message in messages:
            self.binned.setdefault(message.conversation, False)
            message.cut_by = self.said[message.parent].cut_by if message.parent else ""
            self.said[message.id] = message

    def conversations(self) -> list[str]:
        """Those that are listed."""
        return [one for one, binned in self.binned.items() if not binned]

    def shown(self, conversation: str | None = None) -> list[Said]:
        """The messages to be seen: all, or those of one conversation."""
        return [
            message
            for message in self.said.values()
            if not message.cut_by
            and not self.binned[message.conversation]
            and conversation in (None, message.conversation)
        ]

    def siblings(self, message: Said) -> list[str]:
        """The messages in the place of this one that can be seen, oldest first."""
        place = (message.parent, message.role)
        return [one.id for one in self.shown(message.conversation) if (one.parent, one.role) == place]

    def trash(self) -> list[tuple[str, str]]:
        """What the trash lists: (conversation, message or empty)."""
        cuts = [(m.conversation, m.id) for m in self.said.values() if m.cut_by == m.id]
        binned = [(one, "") for one, gone in self.binned.items() if gone]
        return binned + [cut for cut in cuts if not self.binned[cut[0]]]

    def do(self, what: str, *ids: str) -> bool:
        """Do something that can be undone; False where it changes nothing."""
        back = self._apply((what, ids))
        if back is not None:
            self.remember(*back)
        return back is not None

    def remember(self, what: str, ids: tuple[str, ...]) -> None:
        """`what` undoes the thing done last."""
        self._undo.append((what, ids))
        self._redo.clear()

    def undo(self) -> bool:
        """Take back what was done last; False where there is nothing."""
        return self._move(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was taken back last; False where there is nothing."""
        return self._move(self._redo, self._undo)

    def forget_history(self) -> None:
        """The program ended."""
        self._undo.clear()
        self._redo.clear()

    def empty_trash(self) -> None:
        """Only what can be seen is there any more."""
        self.said = {message.id: message for message in self.shown()}
        self.binned = dict.fromkeys(self.conversations(), False)

    def copy(self) -> list[Said]:
        """What can be seen, as it is now."""
        return [replace(message) for message in self.shown()]

    def arrive(self, copied: Iterable[Said]) -> tuple[str, ...]:
        """What `copy` gave comes in again; returns the conversations that this changes."""
        touched: dict[str, None] = {}
        cuts: set[str] = set()
        for copy in copied:
            known = self.said.get(copy.id)
            if self.binned.get(copy.conversation) or known is None or known.cut_by:
                touched[copy.conversation] = None
            self.binned[copy.conversation] = False
            if known is None:
                self.say(replace(copy))
            elif known.cut_by:
                cuts.add(known.cut_by)
        for cut in cuts:
            self._heal(cut)
        return tuple(touched)

    def _move(self, source: list[Way], target: list[Way]) -> bool:
        while source:
            back = self._apply(source.pop())
            if back is not None:
                target.append(back)
                return True
        return False

    def _apply(self, way: Way) -> Way | None:
        """Do it; returns what takes it back, None where it changes nothing."""
        what, ids = way
        if what in ("bin", "unbin"):
            changed = tuple(one for one in ids if self.binned[one] != (what == "bin"))
            self.binned |= dict.fromkeys(changed, what == "bin")
            back = "unbin" if what == "bin" else "bin"
            return (back, changed) if changed else None
        return self._cut(ids) if what == "cut" else self._graft(*ids)

    def _cut(self, ids: tuple[str, ...]) -> Way | None:
        """Cut the first with all below it, then each of the others that it hangs below."""
        if self.said[ids[0]].cut_by:
            return None
        for cut in ids:
            for message in list(self._below(cut)):
                message.cut_by = cut
        return "graft", ids[:1]

    def _graft(self, cut: str) -> Way | None:
        """Bring back what was cut, and what it hangs below."""
        if self.said[cut].cut_by != cut:
            return None
        healed = []
        while cut:
            parent = self.said[cut].parent
            above = self.said[parent].cut_by if parent else ""
            healed.append(cut)
            self._heal(cut)
            cut = above
        return "cut", tuple(healed)

    def _below(self, message_id: str) -> Iterator[Said]:
        """A message and everything below it that is not in the trash."""
        if not self.said[message_id].cut_by:
            yield self.said[message_id]
            for message in self.said.values():
                if message.parent == message_id:
                    yield from self._below(message.id)

    def _heal(self, cut: str) -> None:
        for message in self.said.values():
            if message.cut_by == cut:
                message.cut_by = ""
