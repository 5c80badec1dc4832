"""Searching all text of the library."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conversation import Conversation
from app.domain.library import EVERYTHING, Filter, Hit
from app.domain.message import Message, PicturePart, Role, Status, TextPart
from app.store import indexing, words
from app.store.database import Store
from app.store.query import MOST_TYPED, parse
from app.store.snippets import LENGTH, snippet
from tests.app.store import samples


def said(text: str, *more: str) -> Message:
    """A finished message with these texts."""
    parts = tuple(TextPart(text=each) for each in (text, *more))
    return samples.question().replace(parts=parts, status=Status.DONE)


async def found(store: Store, typed: str, wanted: Filter = EVERYTHING, most: int = 100) -> tuple[Hit, ...]:
    """The hits, once everything is indexed."""
    while True:
        hits = await store.search.find(typed, wanted, most)
        if store.search.complete:
            return hits
        await asyncio.sleep(0.001)


async def finds(store: Store, typed: str) -> list[tuple[str, ...]]:
    """What is marked in each hit."""
    return [tuple(hit.text[start:end] for start, end in hit.marks) for hit in await found(store, typed)]


TEXT = "It’s a *picture* of a café\nin Zürich: snake_case, 3.14 and DON'T; Straße ﬁne 東京都です 고양이가 ไทย"


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("picture", ["picture"]),
        ("PIC", ["pic"]),
        ("picture caf", ["picture", "caf"]),
        ("cafe", ["café"]),
        ("cafe\u0301", ["café"]),
        ("zurich in", ["in", "Zürich"]),
        ("strasse", ["Straße"]),
        ("fine", ["ﬁne"]),
        ("case", ["case"]),
        ("snake_case", ["snake_case"]),
        ("3.14", ["3.14"]),
        ("don't", ["DON'T"]),
        ("it's", ["It’s"]),
        ('"a café in"', ["a café\nin"]),
        ('"of a caf', ["of a caf"]),
        ("京", ["京"]),
        ("京都で", ["京都で"]),
        ("です", ["です"]),
        ("都東", None),
        ("고양이", ["고양이"]),
        ("양이", ["양이"]),
        ("\u1100\u1169\u110b\u1163\u11bc", ["고양"]),
        ("ทย", ["ทย"]),
        ('"café of"', None),
        ('"pic"', None),
        ("ure", None),
        ("picture dog", None),
    ],
)
def test_words_are_found_however_they_are_typed(typed: str, marked: list[str] | None) -> None:
    spans = parse(typed)
    terms = words.terms_of((TEXT,))
    whole, beginnings = spans.terms
    by_terms = set(whole) <= terms and all(any(t.startswith(b) for t in terms) for b in beginnings)
    assert spans.occurs((TEXT,)) is (marked is not None)
    assert by_terms or marked is None
    if marked is not None:
        assert {TEXT[a:b] for phrase in spans.phrases for a, b in phrase.spans(TEXT)} == set(marked)


def test_hits_are_titles_and_messages_each_the_newest_first(home: Path) -> None:
    async def scene(store: Store) -> None:
        old = await store.conversations.create("A red car", said("Nothing"), said("A red house"))
        new = await store.conversations.create("Boats", said("The reddest boat"), said("blue"))
        await store.conversations.create("Red again")
        hits = await found(store, "red")
        assert [(hit.conversation.title, hit.message_id, hit.text) for hit in hits] == [
            ("Red again", "", "Red again"),
            ("A red car", "", "A red car"),
            ("Boats", new.messages[0].id, "The reddest boat"),
            ("A red car", old.messages[1].id, "A red house"),
        ]
        assert [hit.message_id for hit in await found(store, "red", most=2)] == ["", new.messages[0].id]
        assert [hit.message_id for hit in await found(store, "house", most=2)] == [old.messages[1].id]
        assert await found(store, "red", most=0) == ()

    samples.with_store(home, scene)


def test_words_may_stand_in_different_parts_and_names_of_pictures_count(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        shown = PicturePart(sha256=samples.picture().sha256, name="Harbour_at-night.png")
        asked = samples.question("Boats?").replace(
            parts=(shown, TextPart(text="Which boats?")), status=Status.DONE
        )
        await store.conversations.create("x", asked)
        assert await finds(store, "boats harb") == [("Harb",)]
        assert await finds(store, "night.png") == [("night.png",)]

    samples.with_store(home, scene)


def test_only_what_is_finished_is_found_and_a_change_replaces_it(home: Path) -> None:
    async def scene(store: Store) -> None:
        chats = store.conversations
        conversation = await chats.create("x", samples.question("sending"))
        (told,) = await chats.add(conversation.id, samples.answer(conversation.messages[0]))
        await chats.save(samples.grown(told, "growing"))
        assert await finds(store, "growing") == await finds(store, "sending") == []
        await chats.save(samples.grown(told, "grown", Status.DONE))
        assert await finds(store, "grown") == [("grown",)]
        await chats.save(samples.grown(told, "changed", Status.DONE))
        assert await finds(store, "grown") == []
        await chats.rename(conversation.id, "another title")
        assert await finds(store, "another") == [("another",)]
        assert await finds(store, "x") == []

    samples.with_store(home, scene)


def test_what_the_end_of_the_program_cut_off_is_found_after_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "START_S", 0.05)

    async def cut_off(store: Store) -> None:
        conversation = await store.conversations.create("x", samples.question("half a question"))
        assert conversation.messages

    async def again(store: Store) -> None:
        assert await finds(store, "half") == [("half",)]

    samples.with_store(home, cut_off)
    samples.with_store(home, again)


def test_what_is_in_the_trash_is_not_found_and_what_is_gone_leaves_the_index(home: Path) -> None:
    async def scene(store: Store) -> None:
        root = said("root")
        below = said("below").replace(parent_id=root.id)
        kept = await store.conversations.create("kept", root, below)
        gone = await store.conversations.create("gone", said("root too"))
        await store.trash.put([gone.id])
        await store.trash.put_branch(below.id)
        assert await finds(store, "root") == [("root",)]
        assert await finds(store, "below") == await finds(store, "gone") == []
        await store.trash.take_back([gone.id])
        assert await finds(store, "root") == [("root",), ("root",)]
        await store.trash.put([gone.id])
        await store.trash.purge(await store.trash.contents())
        assert await finds(store, "root") == [("root",)]
        assert (await store.conversations.get(kept.id)).messages[0].id == root.id

    samples.with_store(home, scene)
    connection = samples.raw(home)
    for index, left in (("turn_words", 1), ("title_words", 1)):
        assert connection.execute(f"SELECT count(*) FROM {index}_docsize").get == left
    connection.close()


def test_filters_narrow_a_search_whether_they_let_few_or_many_through(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(store: Store) -> None:
        made = [await store.conversations.create(f"t{n}", said(f"word {n}")) for n in range(6)]
        folder = await store.shelves.add_folder("f")
        await store.shelves.file([one.id for one in made[:3]], folder.id)
        for most_named in (50, 2, 0):
            monkeypatch.setattr("app.store.hits.MOST_NAMED", most_named)
            hits = await found(store, "wor", Filter(folder=folder.id))
            assert [hit.text for hit in hits] == ["word 2", "word 1", "word 0"]
            assert await found(store, "wor", Filter(folder="other")) == ()

    samples.with_store(home, scene)


def test_many_shelves_are_gone_through_from_the_newest(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "SHELF", 3)
    monkeypatch.setattr("app.store.hits.MOST_READ", 1)

    async def scene(store: Store) -> None:
        await store.conversations.create(
            "x", *(said(f"common {n % 5} {'rare' * (n == 4)}") for n in range(20))
        )
        hits = await found(store, "comm", most=7)
        assert [hit.text for hit in hits] == [f"common {n % 5}" for n in range(19, 12, -1)]
        assert [hit.text for hit in await found(store, "common ra")] == ["common 4 rare"]
        assert len(await found(store, "common 4")) == 4
        assert len(await found(store, "common 3 c")) == 4

    samples.with_store(home, scene)


def test_a_newer_search_takes_the_place_of_one_under_way(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x", said("word"))
        await found(store, "word")
        older = [asyncio.create_task(store.search.find("wor")) for _ in range(3)]
        inside = asyncio.create_task(store.search.find_in(conversation.id, "WORD"))
        await asyncio.sleep(0)
        assert len(await store.search.find("word")) == 1
        assert await inside == ((conversation.messages[0].id, 1),)
        done = await asyncio.gather(*older, return_exceptions=True)
        assert isinstance(done[0], asyncio.CancelledError)

    samples.with_store(home, scene)


def test_closing_stops_a_search(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        searching = asyncio.create_task(store.search.find("word"))
        await asyncio.sleep(0)
        await store.close()
        await asyncio.wait([searching])

    asyncio.run(scene())


def test_a_library_that_was_never_indexed_becomes_so_beside_its_use(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "START_S", 0.05)
    samples.plant(home, 2)

    async def scene(store: Store) -> None:
        assert await store.search.find("mrrp") == ()
        assert not store.search.complete
        assert await finds(store, "mrrp") == [("mrrp",)]
        assert [hit.message_id for hit in await found(store, "half a title")] == [""]

    samples.with_store(home, scene)


def test_the_index_is_sound_and_survives_a_copy(home: Path, tmp_path: Path) -> None:
    async def scene(store: Store) -> None:
        for number in range(40):
            await store.conversations.create(f"title {number}", said(f"word{number} common"))
            await found(store, f"word{number}")

    samples.with_store(home, scene)
    assert samples.sound(home)
    connection = samples.raw(home)
    (tmp_path / "copy").mkdir()
    connection.execute("VACUUM INTO ?", (str(tmp_path / "copy" / "fovea.db"),))
    segments = connection.execute("SELECT count(DISTINCT segid) FROM turn_words_idx").get
    assert int(str(segments)) < 16
    connection.close()

    async def copied(store: Store) -> None:
        assert [hit.text for hit in await found(store, "word17")] == ["word17 common"]
        assert len(await found(store, "common")) == 40

    copy = samples.raw(tmp_path / "copy")
    copy.pragma("journal_mode", "wal")
    copy.close()
    samples.with_store(tmp_path / "copy", copied)


def test_find_in_counts_what_a_conversation_contains(home: Path) -> None:
    async def scene(store: Store) -> None:
        first, second, third = said("Aa a", "banana"), said("none"), said("x [A]* \ud83d")
        conversation: Conversation = await store.conversations.create("a", first, second, third)
        await store.conversations.create("a", said("a"))
        assert await store.search.find_in(conversation.id, "a") == ((first.id, 6), (third.id, 1))
        assert await store.search.find_in(conversation.id, "[a]*") == ((third.id, 1),)
        assert await store.search.find_in(conversation.id, "\ud83d") == ((third.id, 1),)
        assert await store.search.find_in(conversation.id, "") == ()
        assert await store.search.find_in("unknown", "a") == ()
        await store.trash.put_branch(first.id)
        assert await store.search.find_in(conversation.id, "a") == ((third.id, 1),)

    samples.with_store(home, scene)


def test_answers_are_shown_as_they_are_read_and_questions_as_they_were_written(home: Path) -> None:
    async def scene(store: Store) -> None:
        answered = said("a **tabby** [cat](https://a.example)").replace(role=Role.ASSISTANT)
        await store.conversations.create("**tabby** one", said("the *tabby* two"), answered)
        shown = [hit.text for hit in await found(store, "tabby")]
        assert shown == ["**tabby** one", "a tabby cat", "the *tabby* two"]
        assert await finds(store, "tabby") == [("tabby",)] * 3

    samples.with_store(home, scene)


def test_a_snippet_is_one_short_line_around_most_of_the_words() -> None:
    text = "first word " + "filler " * 100 + "\n\n| here\tis the \x00second\u2028word |" + " and more" * 50
    line, marks = snippet(parse("word second"), (text,))
    assert len(line) <= LENGTH + 2
    assert line.startswith("…")
    assert line.endswith("…")
    assert not re.search(r"[\s\x00]", line.replace(" ", ""))
    assert [line[start:end] for start, end in marks] == ["second", "word"]
    assert snippet(parse("nothing"), ("", " \n the beginning")) == ("the beginning", ())
    assert snippet(parse("x"), ()) == ("", ())


def test_a_huge_word_costs_little_and_is_found() -> None:
    monsters = ("a" + "\u0301\u0323" * 50_000, "x" * 1_000_000, "ก" + "\u0e49\u0e38" * 50_000)
    for text in monsters:
        assert words.terms_of((text,))
        assert parse(text[:128]).occurs((text,))


any_text = st.text(max_size=60)
words_typed = st.lists(
    any_text | st.sampled_from(['"', "*", "AND", "NEAR(", "NOT", "-", "col:", "'", "\x00", "^"]), max_size=6
)


@settings(max_examples=150, deadline=None)
@given(st.lists(any_text, max_size=3))
def test_each_word_of_any_text_is_indexed_and_found_in_it(texts: list[str]) -> None:
    terms = words.terms_of(texts)
    for text in texts:
        found = list(words.words_of(text))
        rest = "".join(" " if any(w.start <= at < w.end for w in found) else c for at, c in enumerate(text))
        assert not any(c.isalnum() and words.terms_of((c,)) for c in rest)
        for word in found:
            query = parse(text[word.start : word.end])
            whole, beginnings = query.terms
            assert set(whole) <= terms
            assert all(any(term.startswith(start) for term in terms) for start in beginnings)
            assert query.occurs(texts)
            line, marks = snippet(query, texts)
            assert all(0 <= start < end <= len(line) for start, end in marks)
            line.encode()


def test_whatever_is_stored_and_typed_nothing_is_raised() -> None:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        store = runner.run(Store.open(Path(folder)))

        async def round_trip(title: str, text: str, typed: list[str]) -> None:
            conversation = await store.conversations.create(title, said(text))
            await found(store, " ".join(typed))
            for word in [word.text for word in words.words_of(text)][:3]:
                hits = await found(store, f'"{word}"')
                assert conversation.messages[0].id in {hit.message_id for hit in hits}
            await store.trash.put([conversation.id])
            await store.trash.purge(await store.trash.contents())

        @settings(max_examples=40, deadline=None)
        @given(any_text, any_text, words_typed)
        def check(title: str, text: str, typed: list[str]) -> None:
            runner.run(round_trip(title, text, typed))

        check()
        runner.run(store.close())


def test_more_than_anybody_types_is_no_error() -> None:
    typed = "word " * 10_000
    assert len(parse(typed).phrases) <= 2
    assert len(parse("".join(f"w{n} " for n in range(10_000))).phrases) < MOST_TYPED
