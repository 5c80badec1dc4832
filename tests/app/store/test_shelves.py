from __future__ import annotations

from pathlib import Path

from app.store.database import Store
from tests.app.store import samples


def test_conversations_lie_in_one_folder_or_in_none(home: Path) -> None:
    async def scene(store: Store) -> None:
        one, two = [await store.conversations.create(title) for title in ("One", "Two")]
        work = await store.shelves.add_folder("Work")
        play = await store.shelves.add_folder("Play")
        await store.shelves.file([one.id, two.id, "nobody"], work.id)
        await store.shelves.file([two.id], play.id)
        assert {row.title: row.folder for row in await store.conversations.list()} == {
            "One": work.id,
            "Two": play.id,
        }
        await store.shelves.rename_folder(play.id, "Holidays")
        assert [folder.name for folder in await store.shelves.folders()] == ["Work", "Holidays"]
        await store.shelves.file([one.id], "")
        assert (await store.conversations.outline(one.id)).folder == ""

    samples.with_store(home, scene)


def test_a_folder_that_is_removed_leaves_its_conversations(home: Path) -> None:
    async def scene(store: Store) -> None:
        inside = await store.conversations.create("Inside")
        folder = await store.shelves.add_folder("Short lived")
        await store.shelves.file([inside.id], folder.id)
        assert await store.shelves.remove_folder(folder.id) == (inside.id,)
        assert await store.shelves.folders() == ()
        (row,) = await store.conversations.list()
        assert (row.id, row.folder) == (inside.id, "")
        await store.shelves.add_folder(folder.name, folder.id)
        await store.shelves.file([inside.id], folder.id)
        assert (await store.conversations.outline(inside.id)).folder == folder.id

    samples.with_store(home, scene)


def test_tags_are_given_and_taken_and_listed_once(home: Path) -> None:
    async def scene(store: Store) -> None:
        one, two = [await store.conversations.create(title) for title in ("One", "Two")]
        await store.shelves.tag([one.id, two.id], "birds")
        await store.shelves.tag([one.id], "Äpfel <b>")
        await store.shelves.tag([one.id], "birds")
        assert await store.shelves.tags() == ("birds", "Äpfel <b>")
        assert (await store.conversations.outline(one.id)).tags == ("birds", "Äpfel <b>")
        await store.shelves.untag([one.id], "birds")
        rows = {row.title: row.tags for row in await store.conversations.list()}
        assert rows == {"One": ("Äpfel <b>",), "Two": ("birds",)}

    samples.with_store(home, scene)


def test_a_pin_and_a_folder_do_not_change_the_order(home: Path) -> None:
    async def scene(store: Store) -> None:
        one, two = [await store.conversations.create(title) for title in ("One", "Two")]
        await store.shelves.pin([one.id], pinned=True)
        rows = await store.conversations.list()
        assert [(row.title, row.pinned) for row in rows] == [("Two", False), ("One", True)]
        await store.shelves.pin([one.id, two.id], pinned=False)
        assert not any(row.pinned for row in await store.conversations.list())

    samples.with_store(home, scene)


def test_the_branch_shown_last_is_remembered(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("Tree")
        assert (await store.conversations.outline(conversation.id)).leaf == ""
        await store.conversations.set_leaf(conversation.id, "a" * 32)
        assert (await store.conversations.outline(conversation.id)).leaf == "a" * 32

    samples.with_store(home, scene)
