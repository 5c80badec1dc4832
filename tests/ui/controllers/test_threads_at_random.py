"""Whatever is edited, answered again, deleted and undone in the window: no branch is ever lost."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.events import Finished, TextDelta
from app.domain.message import Message, Role
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk

RunAsync = Callable[[Any], Any]


class User:
    """Does something at random, and remembers every text that was ever said."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.said: set[str] = set()
        self._random = random.Random(seed)
        self._count = 0

    async def act(self) -> None:
        """One step of those that are possible now."""
        shown = self.desk.controller._conversations.shown
        steps: list[Callable[[], Awaitable[None]]] = [self.ask]
        if shown is not None and shown.branch:
            steps += [self.edit, self.again, self.step, self.delete]
        steps += [self.undo, self.redo]
        await self._random.choice(steps)()
        await self.settled()

    def text(self, kind: str) -> str:
        self._count += 1
        text = f"{kind} {self._count}"
        self.said.add(text)
        return text

    async def ask(self) -> None:
        self.desk.answer_with(self._provider())
        await self.desk.ask(self.text("question"))

    async def edit(self) -> None:
        composer = self.desk.window.composer
        self._emit("edit", Role.USER)
        await self.desk.until(lambda: composer.editing)
        self.desk.answer_with(self._provider())
        composer.edit.setPlainText(self.text("question"))
        composer.send.click()
        await self.desk.until(lambda: not composer.editing)

    async def again(self) -> None:
        if any(node.role is Role.ASSISTANT for node in self._branch()):
            self.desk.answer_with(self._provider())
            self._emit("again", Role.ASSISTANT)

    async def step(self) -> None:
        self._emit(self._random.choice(["previous", "next"]), self._random.choice(list(Role)[1:]))

    async def delete(self) -> None:
        self._emit("delete", self._random.choice(list(Role)[1:]))

    async def undo(self) -> None:
        self.desk.window.actions_table["undo"].trigger()

    async def redo(self) -> None:
        self.desk.window.actions_table["redo"].trigger()

    def _provider(self) -> ScriptedProvider:
        return ScriptedProvider(TextDelta(text=self.text("answer")), Finished(reason="stop"))

    def _branch(self) -> list[Any]:
        shown = self.desk.controller._conversations.shown
        return list(shown.branch) if shown else []

    def _emit(self, action: str, role: Role) -> None:
        fitting = [node.id for node in self._branch() if node.role is role]
        if fitting:
            self.desk.window.transcript.action_requested.emit(self._random.choice(fitting), action)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        tasks = self.desk.controller._tasks._tasks
        await self.desk.until(lambda: not tasks and not len(self.desk.controller._running))

    async def kept(self) -> set[str]:
        """Every text that the library has, the trash included."""
        store = self.desk.services.store
        for thing in await store.trash.contents():
            if not thing.message_id:
                await store.trash.take_back([thing.conversation_id])
        while branches := [t for t in await store.trash.contents() if t.message_id]:
            for thing in branches:
                await store.trash.take_back_branch(thing.message_id)
        messages: list[Message] = []
        for row in await store.conversations.list():
            messages += (await store.conversations.get(row.id)).messages
        return {message.text for message in messages}

    async def shown_as_stored(self) -> bool:
        """Whether the screen shows a branch of the library, word for word."""
        shown = self.desk.controller._conversations.shown
        self.desk.controller._conversations._buffer.flush()
        rows = [m.entry for m in self.desk.window.transcript._arrangement.messages]
        if shown is None:
            return rows == []
        stored = await self.desk.services.store.conversations.branch(shown.leaf) if shown.leaf else ()
        return [(row.id, row.text) for row in rows] == [(m.id, m.text) for m in stored]


async def wander(home: Path, seed: int, steps: int) -> None:
    async with open_desk(home) as desk:
        user = User(desk, seed)
        for _ in range(steps):
            await user.act()
        await user.settled()
        assert await user.shown_as_stored()
        assert user.said - await user.kept() == set()


def test_a20_no_branch_is_lost_by_editing_answering_again_deleting_and_undoing(
    run_async: RunAsync, home: Path
) -> None:
    run_async(wander(home, 20, 40))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_a20_no_branch_is_lost_by_a_thousand_steps(run_async: RunAsync, home: Path, seed: int) -> None:
    run_async(wander(home, seed, 40))
