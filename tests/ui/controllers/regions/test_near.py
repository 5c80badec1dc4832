"""In which order what was done to a question and what was done in the library is taken back."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from app.chat.edits import Edit, MakeFolder, RenameFolder
from app.chat.history import History
from app.store.database import Store
from ui.controllers.regions.near import Near, NearSteps


class Steps:
    """Does things by one-letter names, and says what Undo and Redo come to."""

    def __init__(self, store: Store) -> None:
        self.history = History(store)
        self.near = NearSteps(self.history)
        self.said: list[str] = []

    async def library(self, edit: Edit) -> None:
        assert await self.history.do(edit)
        self.near.library_changed()

    def do(self, name: str, *about: str) -> Near:
        say = self.said.append
        near = Near(name, "", partial(say, f"-{name}"), partial(say, f"+{name}"), about or ("x",))
        self.near.put(near)
        return near

    async def step(self, *, back: bool) -> str:
        """As Undo, or Redo, of the window does it."""
        near = self.near.undoable if back else self.near.redoable
        if near is not None:
            self.near.move(near, back=back)
            return self.said[-1]
        moved = await (self.history.undo() if back else self.history.redo())
        return "" if moved is None else f"{'-' if back else '+'}{type(moved).__name__}"


def test_undo_and_redo_go_through_question_and_library_in_the_order_of_time(home: Path) -> None:
    async def scenario() -> None:
        store = await Store.open(home)
        try:
            steps = Steps(store)
            steps.do("a")
            await steps.library(MakeFolder("f" * 32, "Animals"))
            steps.do("b")
            await steps.library(RenameFolder("f" * 32, "Cats"))
            steps.do("c")
            back = ["-c", "-RenameFolder", "-b", "-MakeFolder", "-a"]
            assert [await steps.step(back=True) for _ in range(6)] == [*back, ""]
            forth = ["+" + each[1:] for each in reversed(back)]
            assert [await steps.step(back=False) for _ in range(6)] == [*forth, ""]
            assert await steps.step(back=True) == "-c"
            await steps.library(RenameFolder("f" * 32, "Dogs"))
            assert steps.near.redoable is None
        finally:
            await store.close()

    asyncio.run(scenario())


def test_what_was_done_to_one_picture_comes_after_what_also_changed_another(home: Path) -> None:
    async def scenario() -> None:
        store = await Store.open(home)
        try:
            steps = Steps(store)
            drawn, swapped, later = steps.do("a", "x"), steps.do("b", "x", "y"), steps.do("c", "y")
            steps.do("d", "z")
            for near in (later, swapped, drawn):
                assert steps.near.about("x", forth=False) is near
                steps.near.move(near, back=True)
            assert steps.near.about("x", forth=False) is None
            assert steps.near.about("y", forth=True) is drawn
            steps.near.move(later, back=True)  # it is taken back already
            steps.near.move(drawn, back=False)
            assert steps.near.put(later) == []
            assert steps.near.put(swapped) == [drawn, later]
            assert steps.said == ["-c", "-b", "-a", "+a"]
        finally:
            await store.close()

    asyncio.run(scenario())
