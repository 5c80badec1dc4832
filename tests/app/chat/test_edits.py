"""Every edit and its way back, against the real library."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat import edits
from app.chat.edits import Edit
from app.chat.history import History
from app.chat.service import ChatService
from app.domain.conversation import Draft
from app.domain.errors import DiskFull
from app.domain.events import Finished, TextDelta
from app.domain.message import Role
from app.domain.region import PictureChoices
from app.pictures.decoder import Decoder
from app.store.database import Store
from tests.app.chat.desks import Desk, on_a_desk, route_for


def answers(text: str = "Yes.") -> Any:
    return route_for(TextDelta(text=text), Finished(reason="stop"))


async def state(store: Store) -> object:
    """All that can be seen of a library, but for when it changed."""
    rows = {row.id: (row.title, row.folder, row.tags, row.pinned) for row in await store.conversations.list()}
    choices = {
        conversation_id: await store.conversations.choices(conversation_id) for conversation_id in rows
    }
    threads = {}
    for conversation_id in rows:
        outline = await store.conversations.outline(conversation_id)
        threads[conversation_id] = (outline.leaf, [node.id for node in outline.nodes])
    return rows, threads, await store.shelves.folders(), choices


async def there_and_back(desk: Desk, edit: Edit) -> tuple[object, object]:
    """The states before and after `edit`; undo gives the first, redo the second, and undo again."""
    history, before = History(desk.store), await state(desk.store)
    assert await history.do(edit)
    after = await state(desk.store)
    assert after != before
    for _ in range(2):
        assert history.undoable == edit
        assert await history.undo() == edit
        assert await state(desk.store) == before
        assert history.undoable is None
        assert history.redoable == edit
        assert await history.redo() == edit
        assert await state(desk.store) == after
    assert await history.undo() == edit
    assert await state(desk.store) == before
    return before, after


@pytest.mark.parametrize(
    "edit",
    [
        lambda one, two: edits.Rename(one, "Another"),
        lambda one, two: edits.File.into((one, two), "f2"),
        lambda one, two: edits.File.into((one, two), ""),
        lambda one, two: edits.Tag((one, two), "t"),
        lambda one, two: edits.Untag((one, two), "t"),
        lambda one, two: edits.Chose(one, PictureChoices(), PictureChoices(last=1)),
        lambda one, two: edits.Pin((one, two), True),
        lambda one, two: edits.Pin((one, two), False),
        lambda one, two: edits.TrashConversations((one, two)),
        lambda one, two: edits.MakeFolder("f3", "Third"),
        lambda one, two: edits.RenameFolder("f1", "Another"),
        lambda one, two: edits.RemoveFolder("f1"),
    ],
    ids=lambda make: make("1", "2").__class__.__name__,
)
def test_what_is_done_with_conversations_is_undone_and_done_again(
    home: Path, edit: Callable[[str, str], Edit]
) -> None:
    async def scenario(desk: Desk) -> None:
        one = (await desk.answered(answers(), text="One?")).conversation_id
        two = (await desk.answered(answers(), text="Two?")).conversation_id
        for folder in ("f1", "f2"):
            await desk.store.shelves.add_folder(folder, folder)
        await desk.store.shelves.file((one,), "f1")
        await desk.store.shelves.tag((one,), "t")
        await desk.store.shelves.pin((one,), True)
        await there_and_back(desk, edit(one, two))

    on_a_desk(home, scenario)


def test_choices_that_were_kept_already_are_undone_as_well_and_go_along_to_a_new_conversation(
    home: Path,
) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(answers())
        history, chosen = History(desk.store), PictureChoices(last=0)
        before = await desk.store.conversations.set_choices(first.conversation_id, chosen)
        history.record(edits.Chose(first.conversation_id, before, chosen))
        new = await desk.chat.branch_off(first.conversation_id, first.answer.id, "New")
        assert await desk.store.conversations.choices(new) == chosen
        await history.undo()
        assert await desk.store.conversations.choices(first.conversation_id) == before
        assert await edits.Chose("nobody", before, chosen).do(desk.store) is None
        assert await edits.Chose(new, before, chosen).do(desk.store) is None

    on_a_desk(home, scenario)


def test_a18_what_was_deleted_by_mistake_comes_back_with_all_below_it(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(answers())
        again = await desk.chat.ask_again(first.conversation_id, first.question.id, answers())
        await desk.answered(answers(), first.conversation_id, again.answer.id, "More?")
        edit = edits.TrashBranch(first.conversation_id, again.answer.id)
        before, after = await there_and_back(desk, edit)
        assert [node for _, nodes in _threads(before) for node in nodes][:3] == [
            first.question.id,
            first.answer.id,
            again.answer.id,
        ]
        assert _threads(after) == [(first.answer.id, [first.question.id, first.answer.id])]

    on_a_desk(home, scenario)


def test_a18_taking_back_what_brings_more_with_it_is_undone_in_full(home: Path) -> None:
    async def scene(desk: Desk) -> None:
        asked = await desk.answered(answers())
        store, question, answer = desk.store, asked.question, asked.answer
        await store.trash.put_branch(answer.id, "")
        await store.trash.put_branch(question.id, "")
        before = {thing.message_id for thing in await store.trash.contents()}
        history = History(store)
        assert await history.do(edits.TakeBackBranch(asked.conversation_id, answer.id))
        for _ in range(2):
            assert await store.trash.contents() == ()
            await history.undo()
            assert {thing.message_id for thing in await store.trash.contents()} == before
            await history.redo()

    on_a_desk(home, scene)


def _threads(seen: Any) -> list[tuple[str, list[str]]]:
    return list(seen[1].values())


def test_deleting_what_is_not_shown_leaves_what_is(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(answers())
        again = await desk.chat.ask_again(first.conversation_id, first.question.id, answers())
        await desk.store.conversations.set_leaf(first.conversation_id, again.answer.id)
        history = History(desk.store)
        assert await history.do(edits.TrashBranch(first.conversation_id, first.answer.id))
        assert (await desk.store.conversations.outline(first.conversation_id)).leaf == again.answer.id

    on_a_desk(home, scenario)


def test_deleting_the_only_answer_shows_its_question_and_the_only_question_nothing(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        one = await desk.answered(answers())
        history = History(desk.store)
        assert await history.do(edits.TrashBranch(one.conversation_id, one.answer.id))
        assert (await desk.store.conversations.outline(one.conversation_id)).leaf == one.question.id
        assert await history.do(edits.TrashBranch(one.conversation_id, one.question.id))
        outline = await desk.store.conversations.outline(one.conversation_id)
        assert (outline.leaf, outline.nodes) == ("", ())
        await history.undo()
        await history.undo()
        outline = await desk.store.conversations.outline(one.conversation_id)
        assert [node.id for node in outline.tree.branch(outline.leaf)] == [one.question.id, one.answer.id]

    on_a_desk(home, scenario)


def test_an_edited_question_is_undone_to_the_branch_that_was_shown(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(answers())
        history, conversations = History(desk.store), desk.store.conversations
        await conversations.set_leaf(first.conversation_id, first.answer.id)
        before = await state(desk.store)
        edited = await desk.answered(answers(), first.conversation_id, "", "What else?")
        await conversations.set_leaf(first.conversation_id, edited.answer.id)
        asked = edits.Asked(first.conversation_id, edited.question.id, first.answer.id)
        history.record(asked)
        after = await state(desk.store)
        assert await history.undo() == asked
        assert await state(desk.store) == before
        assert await history.redo() == asked
        assert await state(desk.store) == after

    on_a_desk(home, scenario)


def test_what_was_begun_branched_off_or_imported_goes_to_the_trash(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        first = await desk.answered(answers())
        new = await desk.chat.branch_off(first.conversation_id, first.answer.id, "What? (branch)")
        history = History(desk.store)
        history.record(edits.Began(first.conversation_id))
        history.record(edits.BranchedOff(first.conversation_id, new))
        history.record(edits.Imported((new,)))
        assert await history.undo() == edits.Imported((new,))
        # taken back already, so passed over
        assert await history.undo() == edits.Began(first.conversation_id)
        assert await desk.store.conversations.list() == ()
        assert await history.undo() is None
        assert await history.redo() == edits.Began(first.conversation_id)
        assert [row.id for row in await desk.store.conversations.list()] == [first.conversation_id]

    on_a_desk(home, scenario)


def test_what_changes_nothing_is_not_remembered_and_keeps_what_can_be_done_again(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        one = (await desk.answered(answers())).conversation_id
        history = History(desk.store)
        await history.do(edits.Tag((one,), "t"))
        await history.undo()
        for edit in (
            edits.Rename(one, "What?"),
            edits.Rename("nobody", "x"),
            edits.Untag((one,), "t"),
            edits.Pin((one,), False),
            edits.File.into((one, "nobody"), ""),
            edits.TakeBackConversations((one,)),
            edits.TrashBranch(one, "nobody"),
            edits.TrashBranch("nobody", "nobody"),
            edits.TakeBackBranch(one, "nobody"),
            edits.RenameFolder("nobody", "x"),
            edits.RemoveFolder("nobody"),
        ):
            assert not await history.do(edit)
        assert history.undoable is None
        assert history.redoable == edits.Tag((one,), "t")
        assert await history.do(edits.Pin((one,), True))
        assert history.redoable is None

    on_a_desk(home, scenario)


def test_only_the_newest_steps_are_remembered(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        one = (await desk.answered(answers())).conversation_id
        history = History(desk.store, most=2)
        for title in ("1", "2", "3"):
            await history.do(edits.Rename(one, title))
        assert [await history.undo() for _ in range(3)] == [
            edits.Rename(one, "3"),
            edits.Rename(one, "2"),
            None,
        ]
        assert (await desk.store.conversations.outline(one)).title == "1"

    on_a_desk(home, scenario)


class FullDisk:
    """A trash on a disk without room."""

    async def put(self, ids: object) -> None:
        raise DiskFull(path="/library")

    take_back = put


def test_a5_what_cannot_be_undone_now_can_be_undone_later(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        one = (await desk.answered(answers())).conversation_id
        history, trash = History(desk.store), desk.store.trash
        edit = edits.TrashConversations((one,))
        desk.store.trash = FullDisk()  # type: ignore[assignment]
        with pytest.raises(DiskFull):
            await history.do(edit)
        assert history.undoable is None
        desk.store.trash = trash
        await history.do(edit)
        desk.store.trash = FullDisk()  # type: ignore[assignment]
        with pytest.raises(DiskFull):
            await history.undo()
        assert history.undoable == edit
        desk.store.trash = trash
        assert await history.undo() == edit

    on_a_desk(home, scenario)


def test_two_hasty_undos_undo_two_things(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        one = (await desk.answered(answers())).conversation_id
        history = History(desk.store)
        await history.do(edits.Rename(one, "1"))
        await history.do(edits.Pin((one,), True))
        undone = await asyncio.gather(history.undo(), history.undo(), history.undo())
        assert list(undone) == [edits.Pin((one,), True), edits.Rename(one, "1"), None]

    on_a_desk(home, scenario)


# ---------------------------------------------------------------- any sequence


class Randomly:
    """Does what somebody might, one step after the other, and looks whether anything is lost."""

    def __init__(self, store: Store, chat: ChatService, data: st.DataObject) -> None:
        self.store = store
        self.chat = chat
        self.history = History(store, most=10_000)
        self.data = data
        self.messages: set[str] = set()
        self.conversations: list[str] = []
        self.folders = 0

    async def step(self) -> None:
        """One of all that can be done."""
        ways = (
            self.begin, self.ask, self.ask, self.again, self.go_on, self.branch_off, self.trash_branch,
            self.trash, self.shelve, self.folder, self.undo, self.undo, self.redo,
        )  # fmt: skip
        await self.data.draw(st.sampled_from(ways))()
        await self.nothing_is_lost()

    async def begin(self) -> None:
        exchange = await self.chat.ask(Draft(text="?"), answers(), None)
        self.messages |= {exchange.question.id, exchange.answer.id}
        self.conversations.append(exchange.conversation_id)
        self.history.record(edits.Began(exchange.conversation_id))

    async def ask(self) -> None:
        if (place := await self.place()) is None:
            return
        conversation_id, leaf, nodes = place
        below = self.data.draw(st.sampled_from(["", *(n.id for n in nodes if n.role is Role.ASSISTANT)]))
        exchange = await self.chat.ask(Draft(text="?"), answers(), conversation_id, below)
        self.messages |= {exchange.question.id, exchange.answer.id}
        await self.store.conversations.set_leaf(conversation_id, exchange.answer.id)
        self.history.record(edits.Asked(conversation_id, exchange.question.id, leaf))

    async def again(self) -> None:
        await self.answer_again(Role.USER, self.chat.ask_again)

    async def go_on(self) -> None:
        await self.answer_again(Role.ASSISTANT, self.chat.go_on)

    async def answer_again(self, role: Role, how: Any) -> None:
        if (place := await self.place()) is None:
            return
        conversation_id, leaf, nodes = place
        if of_role := [node.id for node in nodes if node.role is role]:
            exchange = await how(conversation_id, self.data.draw(st.sampled_from(of_role)), answers())
            self.messages.add(exchange.answer.id)
            await self.store.conversations.set_leaf(conversation_id, exchange.answer.id)
            self.history.record(edits.AnsweredAgain(conversation_id, exchange.answer.id, leaf))

    async def branch_off(self) -> None:
        if (place := await self.place()) is not None and place[2]:
            node = self.data.draw(st.sampled_from(place[2]))
            new = await self.chat.branch_off(place[0], node.id, "branch")
            self.conversations.append(new)
            self.messages |= {m.id for m in (await self.store.conversations.get(new)).messages}
            self.history.record(edits.BranchedOff(place[0], new))

    async def trash_branch(self) -> None:
        if (place := await self.place()) is not None and place[2]:
            node = self.data.draw(st.sampled_from(place[2]))
            await self.history.do(edits.TrashBranch(place[0], node.id))

    async def trash(self) -> None:
        if ids := await self.ids():
            await self.history.do(edits.TrashConversations(ids))

    async def shelve(self) -> None:
        if ids := await self.ids():
            folders = ["", *(folder.id for folder in await self.store.shelves.folders())]
            tag = self.data.draw(st.sampled_from("ab"))
            of: tuple[Edit, ...] = (
                edits.File.into(ids, self.data.draw(st.sampled_from(folders))),
                edits.Tag(ids, tag),
                edits.Untag(ids, tag),
                edits.Pin(ids, self.data.draw(st.booleans())),
                edits.Rename(ids[0], tag),
            )
            await self.history.do(self.data.draw(st.sampled_from(of)))

    async def folder(self) -> None:
        self.folders += 1
        of: list[Edit] = [edits.MakeFolder(f"folder {self.folders}", "New")]
        for folder in await self.store.shelves.folders():
            of += [edits.RenameFolder(folder.id, f"{self.folders}"), edits.RemoveFolder(folder.id)]
        await self.history.do(self.data.draw(st.sampled_from(of)))

    async def undo(self) -> None:
        before = self.history.undoable
        assert (await self.history.undo() is None) == (before is None)

    async def redo(self) -> None:
        before = self.history.redoable
        assert (await self.history.redo() is None) == (before is None)

    async def ids(self) -> tuple[str, ...]:
        """Some conversations."""
        shown = {row.id for row in await self.store.conversations.list()}
        there = [one for one in self.conversations if one in shown]
        some = self.data.draw(st.lists(st.sampled_from(there), max_size=3)) if there else []
        return tuple(dict.fromkeys(some))

    async def place(self) -> tuple[str, str, list[Any]] | None:
        """A conversation, the leaf that it shows, and its messages."""
        if not (ids := await self.ids()):
            return None
        outline = await self.store.conversations.outline(ids[0])
        return ids[0], outline.leaf, list(outline.nodes)

    async def nothing_is_lost(self) -> None:
        """Every message can be reached from its root, or comes back from the trash with one that is there."""
        seen = await self.store._transactions.read(_all_messages)
        tops = await self.store._transactions.read(_trashed_branches)
        assert {message_id for message_id, _, _ in seen} == self.messages
        for _, trashed_by, above_trashed_by in seen:
            assert trashed_by in tops if trashed_by else not above_trashed_by
        in_trash = {item.conversation_id for item in await self.store.trash.contents() if not item.message_id}
        shown = {row.id for row in await self.store.conversations.list()}
        assert shown | in_trash == set(self.conversations)
        for conversation_id in shown:
            outline = await self.store.conversations.outline(conversation_id)
            assert outline.leaf == "" or outline.leaf in outline.tree
            assert len(outline.tree) == len(outline.nodes)


def _all_messages(connection: apsw.Connection) -> list[Any]:
    """Each message, what it is in the trash with, and what its parent is in the trash with."""
    return connection.execute(
        "SELECT turn.id, turn.trashed_by, above.trashed_by FROM turn"
        " LEFT JOIN turn AS above ON above.id = turn.parent_id"
    ).fetchall()


def _trashed_branches(connection: apsw.Connection) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT turn_id FROM trashed_branch")}


def play(data: st.DataObject, steps: int) -> None:
    async def run(home: Path) -> None:
        store, decoder = await Store.open(home), Decoder()
        try:
            chat = ChatService(store, decoder)
            kept = await chat.ask(Draft(text="First?"), answers(), None)
            somebody = Randomly(store, chat, data)
            somebody.messages |= {kept.question.id, kept.answer.id}
            somebody.conversations.append(kept.conversation_id)
            first = await state(store)
            for _ in range(steps):
                await somebody.step()
            last = await state(store)
            undone = 0
            while await somebody.history.undo() is not None:
                undone += 1
            assert await state(store) == first
            for _ in range(undone):
                await somebody.history.redo()
            assert await state(store) == last
            await somebody.nothing_is_lost()
        finally:
            await decoder.close()
            await store.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "home"))


STEPS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=6, **STEPS)  # type: ignore[arg-type]
@given(st.data())
def test_a20_whatever_is_done_undone_and_done_again_loses_no_message(data: st.DataObject) -> None:
    play(data, 12)


@pytest.mark.soak
@settings(max_examples=40, **STEPS)  # type: ignore[arg-type]
@given(st.data())
def test_a20_a_thousand_steps_lose_no_message(data: st.DataObject) -> None:
    play(data, 50)
