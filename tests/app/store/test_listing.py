"""The list of conversations, a page at a time."""

from __future__ import annotations

from pathlib import Path

from app.domain.conversation import Conversation
from app.domain.library import EVERYTHING, Answerer, Filter, Page
from app.domain.message import RunCard, Status
from app.store.database import Store
from tests.app.store import samples


async def made(store: Store, *titles: str) -> list[Conversation]:
    """Conversations with a question, the last one on top."""
    return [await store.conversations.create(title, samples.question()) for title in titles]


async def answered(store: Store, conversation: Conversation, run: RunCard) -> None:
    asked = conversation.messages[0]
    (told,) = await store.conversations.add(conversation.id, samples.answer(asked))
    await store.conversations.save(samples.grown(told, "Told.", Status.DONE).replace(run=run))


async def pages(store: Store, most: int, wanted: Filter = EVERYTHING) -> list[list[str]]:
    """The titles of all pages."""
    page = await store.listing.page(wanted, most=most)
    shown = [[row.title for row in page.rows]]
    while page.after is not None:
        page = await store.listing.page(wanted, page.after, most)
        shown.append([row.title for row in page.rows])
    return shown


def test_pages_show_the_pinned_ones_first_and_then_what_changed_last(home: Path) -> None:
    async def scene(store: Store) -> None:
        some = await made(store, "a", "b", "c", "d", "e")
        await store.shelves.pin([some[1].id, some[3].id], True)
        assert await pages(store, 2) == [["d", "b"], ["e", "c"], ["a"]]
        assert await pages(store, 5) == [["d", "b", "e", "c", "a"]]
        await store.conversations.add(some[0].id, samples.question())
        assert await pages(store, 9) == [["d", "b", "a", "e", "c"]]

    samples.with_store(home, scene)


def test_an_empty_library_has_one_empty_page(home: Path) -> None:
    async def scene(store: Store) -> None:
        assert await store.listing.page() == Page(rows=())
        assert await store.listing.count() == 0
        assert await store.listing.models() == ()
        assert await store.listing.tags() == ()

    samples.with_store(home, scene)


def test_what_moves_to_the_top_between_pages_hides_nothing_else(home: Path) -> None:
    async def scene(store: Store) -> None:
        some = await made(store, "a", "b", "c", "d", "e", "f")
        first = await store.listing.page(most=2)
        await store.conversations.add(some[1].id, samples.question())
        second = await store.listing.page(after=first.after, most=9)
        assert [row.title for row in (*first.rows, *second.rows)] == ["f", "e", "d", "c", "a"]
        (moved,) = await store.listing.summaries([some[1].id])
        assert moved.touched > first.rows[0].touched

    samples.with_store(home, scene)


def test_filters_let_through_what_they_ask_for_and_nothing_from_the_trash(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        filed, tagged, told, seen, plain = await made(store, "filed", "tagged", "told", "seen", "plain")
        folder = await store.shelves.add_folder("Trips")
        await store.shelves.file([filed.id], folder.id)
        await store.shelves.tag([tagged.id, told.id], "sea")
        await answered(store, told, RunCard(endpoint="Local", endpoint_id="l", model="m"))
        await store.conversations.add(seen.id, samples.question(shows=samples.BYTES))
        await store.shelves.pin([plain.id], True)
        expected = {
            Filter(folder=folder.id): {"filed"},
            Filter(tag="sea"): {"tagged", "told"},
            Filter(tag="sea", model="m"): {"told"},
            Filter(endpoint_id="l"): {"told"},
            Filter(endpoint_id="l", model="other"): set(),
            Filter(has_pictures=True): {"seen"},
            Filter(pinned=True): {"plain"},
            EVERYTHING: {"filed", "tagged", "told", "seen", "plain"},
        }
        for wanted, titles in expected.items():
            assert {title for page in await pages(store, 1, wanted) for title in page} == titles, wanted
            assert await store.listing.count(wanted) == len(titles)
        await store.trash.put([told.id])
        assert await pages(store, 9, Filter(tag="sea")) == [["tagged"]]
        assert await store.listing.models() == ()
        assert await store.listing.tags() == (("sea", 1),)

    samples.with_store(home, scene)


def test_only_the_rows_that_changed_are_read_again(home: Path) -> None:
    async def scene(store: Store) -> None:
        first, second, third = await made(store, "first", "second", "third")
        await store.conversations.rename(first.id, "renamed")
        await store.trash.put([third.id])
        rows = await store.listing.summaries([first.id, third.id, "unknown", second.id])
        assert [row.title for row in rows] == ["second", "renamed"]
        await store.shelves.pin([first.id], True)
        assert [row.title for row in await store.listing.summaries([first.id, second.id])] == [
            "renamed",
            "second",
        ]
        assert [
            row.id for row in await store.listing.summaries([first.id, second.id], Filter(pinned=True))
        ] == [first.id]

    samples.with_store(home, scene)


def test_who_answered_is_counted_under_the_name_it_had_last(home: Path) -> None:
    async def scene(store: Store) -> None:
        first, second = await made(store, "first", "second")
        await answered(store, first, RunCard(endpoint="Old name", endpoint_id="l", model="m"))
        await answered(store, second, RunCard(endpoint="New name", endpoint_id="l", model="m"))
        await answered(store, second, RunCard(endpoint="Cloud", endpoint_id="c", model="half \ud83d"))
        assert await store.listing.models() == (
            Answerer(endpoint_id="c", endpoint="Cloud", model="half \ud83d", conversations=1),
            Answerer(endpoint_id="l", endpoint="New name", model="m", conversations=2),
        )
        assert await store.listing.count(Filter(model="half \ud83d")) == 1

    samples.with_store(home, scene)
