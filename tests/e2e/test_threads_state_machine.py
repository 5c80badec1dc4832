"""Whatever is asked, changed, deleted, undone, moved and killed in whatever order: nothing is lost.

Rows A1 and A20, with the real services on a real library; a plain model says what must be there.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as wander

from app.chat import answering, edits
from app.domain.errors import Interrupted
from app.domain.events import Finished
from app.domain.message import Role
from app.pictures.decoder import Decoder
from tests.e2e.thread_library import Library
from tests.e2e.thread_user import PICTURES, User

PICK = st.integers(0, 1000)
"""Chooses one of what there is, by the remainder."""
TEXT = st.text(st.sampled_from("aé\n\0\u2028\ud83d\U0001f408שع*`<&"), max_size=8)


class Threads(User):
    """What the user does next."""

    # ------------------------------------------------------------ asking

    @initialize(text=TEXT, exported=st.booleans())
    def begin(self, text: str, exported: bool) -> None:
        self.run(self.ask(None, None, text, 1))
        self.end(0, "done")
        self.run(self.ask(self.model.conversations()[0], None, text, 1))
        if exported:
            self.end(0, "stopped")
            self.export()

    @rule(pick=PICK, text=TEXT, choices=st.integers(1, 2))
    def send(self, pick: int, text: str, choices: int) -> None:
        places = [None, *self.model.conversations()]
        self.run(self.ask(places[pick % len(places)], None, text, choices))

    @precondition(lambda self: self.of(Role.USER))
    @rule(pick=PICK, text=TEXT, picture=st.sampled_from([None, *PICTURES]))
    def edit(self, pick: int, text: str, picture: str | None) -> None:
        question = self.picked(self.of(Role.USER), pick)
        self.run(self.change(question, text, picture))

    @precondition(lambda self: self.of(Role.USER))
    @rule(pick=PICK)
    def regenerate(self, pick: int) -> None:
        question = self.picked(self.of(Role.USER), pick)
        self.run(self.answer_again(question))

    @precondition(lambda self: self.ended())
    @rule(pick=PICK)
    def go_on(self, pick: int) -> None:
        self.run(self.go_on_with(self.picked(self.ended(), pick)))

    @precondition(lambda self: self.library.live)
    @rule(pick=PICK, text=TEXT, choice=st.integers(0, 1), saved=st.booleans())
    def stream(self, pick: int, text: str, choice: int, saved: bool) -> None:
        live = self.picked(self.library.live, pick)
        self.run(self.grow(live, text, choice if self.choices(live) > choice else 0, saved))

    @precondition(lambda self: self.library.live)
    @rule(pick=PICK, how=st.sampled_from(["done", "broken", "stopped"]))
    def end(self, pick: int, how: str) -> None:
        live = self.picked(self.library.live, pick)
        match how:
            case "done":
                self.run(self.library.end(live, Finished(reason="stop")))
            case "broken":
                self.run(self.library.end(live, Interrupted(endpoint="Scripted", reason="cut")))
            case _:
                self.run(self.library.stop(live))
        self.ended_whole(live)

    # ------------------------------------------------------------ the tree and the trash

    @precondition(lambda self: self.model.shown())
    @rule(pick=PICK)
    def branch_off(self, pick: int) -> None:
        self.run(self.copy_branch(self.picked(self.model.shown(), pick)))

    @precondition(lambda self: self.model.conversations())
    @rule(pick=PICK)
    def delete_conversation(self, pick: int) -> None:
        one = self.picked(self.model.conversations(), pick)
        assert self.run(self.library.history.do(edits.TrashConversations((one,))))
        assert self.model.do("bin", one)

    @precondition(lambda self: self.model.shown())
    @rule(picks=st.lists(PICK, min_size=1, max_size=3), back=st.none() | PICK)
    def delete_branches(self, picks: list[int], back: int | None) -> None:
        for pick in picks:
            if shown := self.model.shown():
                message = self.picked(shown, pick)
                edit = edits.TrashBranch(message.conversation, message.id)
                assert self.run(self.library.history.do(edit))
                assert self.model.do("cut", message.id)
        if back is not None:
            self.restore(back)

    @precondition(lambda self: self.model.trash())
    @rule(pick=PICK)
    def restore_something(self, pick: int) -> None:
        self.restore(pick)

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            assert (self.run(self.library.history.undo()) is not None) == self.model.undo()

    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _ in range(times):
            assert (self.run(self.library.history.redo()) is not None) == self.model.redo()

    # ------------------------------------------------------------ out, in, and the end of the program

    @precondition(lambda self: self.model.shown() and not self.library.live)
    @rule()
    def export(self) -> None:
        path = self.folder / f"export-{next(self.numbers)}.zip"
        self.run(self.library.export(self.model.conversations(), path))
        self.exports.append((path, self.model.copy()))

    @precondition(lambda self: self.exports)
    @rule(pick=PICK)
    def take_in(self, pick: int) -> None:
        path, said = self.picked(self.exports, pick)
        changed = self.run(self.library.take(path, in_a_child=self.in_a_child))
        assert sorted(set(changed)) == sorted(self.model.arrive(said))
        if changed:
            self.library.history.record(edits.Imported(changed))
            self.model.remember("bin", changed)

    @precondition(lambda self: self.model.shown() and not self.library.live)
    @rule()
    def move_to_an_empty_library(self) -> None:
        self.run(self.move())

    @rule(spoken=st.booleans())
    def kill(self, spoken: bool) -> None:
        for one in self.library.live if spoken else ():
            self.run(self.grow(one, "", 0, saved=True))
        live, home = list(self.library.live), next(self.homes)
        self.run(self.library.killed(home))
        self.run(self.start(home))
        self.cut_off(live)

    @rule()
    def reopen(self) -> None:
        live = list(self.library.live)
        self.run(self.library.quit())
        self.run(self.start(self.library.home))
        for one in live:
            self.ended_whole(one)
        self.cut_off(live)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def everything_is_where_it_belongs(self) -> None:
        self.run(self.compare())


@contextlib.contextmanager
def wandering(folder: Path, *, in_a_child: bool) -> Iterator[type[Threads]]:
    """A loop, a decoder and an empty library for all that is to come."""

    async def plant() -> None:
        library = await Library.open(folder / "empty", Threads.decoder)
        await library.keep(PICTURES)
        await library.quit()

    with asyncio.Runner() as runner:
        Threads.runner, Threads.decoder = runner, Decoder()
        Threads.empty, Threads.in_a_child = folder / "empty", in_a_child
        runner.run(plant())
        try:
            yield Threads
        finally:
            runner.run(Threads.decoder.close())


def limits(examples: int, steps: int, *, the_same: bool) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=the_same,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def saves_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of a second for each save would be most of the time."""
    monkeypatch.setattr(answering, "SAVE_EVERY_S", 0.002)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory, where there is such a place: that a disk keeps what it said is tested elsewhere."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as name:
        yield Path(name)


def test_a1_a20_no_message_and_no_branch_is_lost_in_a_hundred_runs(folder: Path) -> None:
    with wandering(folder, in_a_child=False) as threads:
        wander(threads, settings=limits(100, 10, the_same=True))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a1_a20_no_message_and_no_branch_is_lost_in_a_thousand_runs(folder: Path) -> None:
    with wandering(folder, in_a_child=True) as threads:
        wander(threads, settings=limits(1000, 40, the_same=False))
