"""Searching and listing a library of 1,000,000 messages in 50,000 conversations."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import apsw
import pytest

from app.domain.library import Filter
from app.domain.message import Message
from app.store import words
from app.store.database import Store
from app.store.indexing import START_S, Indexer
from tests.app.store import samples

CONVERSATIONS = 50_000
EACH = 20  # messages of a conversation
TEXTS = 20_000
RARE = "zyzzyva"
RARE_EVERY = 99_991

KEY_MS = 50.0
FILTERED_MS = 150.0
PHRASE_MS = 800.0  # words that are everywhere, but seldom in that order: many texts are looked into
PAGE_MS = 8.0
ANSWER_MS = 20.0
SAVE_MS = 20.0

COMMON = (
    "the of and to a in is picture that it was for on are with as this be at by from pictures image"
    " shows photo photograph they there then these them person picnic pick car cat dog red blue"
)
CJK = ("これは東京の写真です", "一只红色的猫坐在桌子上", "사진에 고양이가 있습니다", "北京市的图片")
TYPED = (
    *("the"[:end] for end in range(1, 4)),
    *("picture of a"[:end] for end in range(1, 13)),
    *("the photograph of the person"[:end] for end in range(1, 29)),
    *(RARE[:end] for end in range(1, 8)),
    *(f"the {RARE}"[:end] for end in range(5, 12)),
    *(f"{RARE} pi"[:end] for end in range(9, 11)),
    "东",
    "東京",
    "京の写真",
    "猫坐",
    "고양이",
    "qqqqqq",
)

PHRASES = ('"picture of"', '"the red cat')

TURNS = """
WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ?1)
INSERT INTO turn (number, id, conversation_id, parent_id, seq, role, status, created, reasoning, choice,
    characters, lines)
SELECT n, printf('%032x', n), printf('%032x', (n - 1) / ?2), NULL, (n - 1) % ?2,
    iif(n % 2, 'user', 'assistant'), 'done', '2026-01-01T00:00:00+00:00', '', 0, 0, 0 FROM count
"""
TITLES = """
WITH RECURSIVE count (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n < ?1 - 1)
INSERT INTO conversation (id, title, created, changed, touched, number, pinned)
SELECT printf('%032x', n), 'The picture ' || n, '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00',
    n + 1, n + 1, n % 5000 = 0 FROM count
"""


def texts(chance: random.Random) -> list[str]:
    """Questions and answers with words as frequent as in a language, some in other scripts."""
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    rarer = ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(20_000)]
    vocabulary = [*COMMON.split(), *rarer]
    weights = list(itertools.accumulate(1 / rank for rank in range(2, len(vocabulary) + 2)))
    made = []
    for number in range(TEXTS):
        chosen = chance.choices(vocabulary, cum_weights=weights, k=8 if number % 2 else 32)
        if number % 20 == 0:
            chosen.append(chance.choice(CJK))
        made.append(" ".join(chosen))
    return made


def fill(home: Path) -> None:
    """Write and index a large library, as fast as SQLite can."""
    made = texts(random.Random(4))
    terms = [sorted(words.terms_of((text,))) for text in made]
    connection = samples.raw(home)
    for pragma, value in (("synchronous", "OFF"), ("foreign_keys", False), ("cache_size", -200_000)):
        connection.pragma(pragma, value)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)

    def indexed() -> Iterator[tuple[int, str]]:
        for number in range(1, CONVERSATIONS * EACH + 1):
            shelf = words.shelf_of(number)
            mine = (*terms[number % TEXTS], words.term_of_conversation((number - 1) // EACH + 1))
            if number % RARE_EVERY == 0:
                mine = (*mine, RARE)
            yield number, shelf + f" {shelf}".join(mine)

    with connection:
        for name in ("turn_words", "title_words"):
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', 67108864)")
        connection.execute(TITLES, (CONVERSATIONS,))
        connection.execute(TURNS, (CONVERSATIONS * EACH, EACH))
        connection.executemany(
            "INSERT INTO part (turn_id, position, kind, text, link)"
            " VALUES (printf('%032x', ?), 0, 'text', ?, '')",
            (
                (number, made[number % TEXTS] + (f" {RARE}" if number % RARE_EVERY == 0 else ""))
                for number in range(1, CONVERSATIONS * EACH + 1)
            ),
        )
        connection.executemany("INSERT INTO turn_words (rowid, words) VALUES (?, ?)", indexed())
        connection.executemany(
            "INSERT INTO title_words (rowid, words) VALUES (?, ?)",
            (
                (
                    number + 1,
                    " ".join(words.shelf_of(number + 1) + term for term in ("the", "picture", str(number))),
                )
                for number in range(CONVERSATIONS)
            ),
        )
        for name in ("turn_words", "title_words"):
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', 1048576)")
    connection.close()


@pytest.fixture(scope="module")
def large() -> Iterator[Path]:
    """The folder of a library with a million messages, in memory where that can be."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        home = Path(folder) / "home"
        asyncio.run(_create(home))
        fill(home)
        yield home


async def _create(home: Path) -> None:
    await (await Store.open(home)).close()


async def _ms(job: Callable[[], Awaitable[object]], rounds: int = 3) -> float:
    """Milliseconds of processor time that something takes; all of it lies in memory already."""
    least = math.inf
    for _ in range(rounds):
        start = time.process_time()
        await job()
        least = min(least, time.process_time() - start)
    return least * 1000


def _p99(figures: Sequence[float]) -> float:
    return sorted(figures)[math.ceil(len(figures) * 0.99) - 1]


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_a_million_messages_are_searched_while_somebody_types(
    large: Path, report: Callable[..., None]
) -> None:
    async def scene() -> None:
        store = await Store.open(large)
        took = {typed: await _ms(partial(store.search.find, typed)) for typed in TYPED}
        phrases = [await _ms(partial(store.search.find, typed)) for typed in PHRASES]
        filtered = [
            await _ms(partial(store.search.find, typed, wanted))
            for typed in ("the", "picture of a", RARE)
            for wanted in (Filter(pinned=True), Filter(has_pictures=True), Filter(model="m"))
        ]
        assert store.search.complete
        assert len(await store.search.find("picture of a")) == 100
        assert len(await store.search.find(RARE)) == CONVERSATIONS * EACH // RARE_EVERY
        await store.close()
        slowest = max(took, key=took.__getitem__)
        report(
            f"1,000,000 messages: a key, p99 (slowest at {slowest!r})", _p99([*took.values()]), KEY_MS, "ms"
        )
        report("1,000,000 messages: a key, median", statistics.median(took.values()), None, "ms")
        report("1,000,000 messages: a key with a filter, most", max(filtered), FILTERED_MS, "ms")
        report("1,000,000 messages: a key in a quote of common words, most", max(phrases), PHRASE_MS, "ms")

    asyncio.run(scene())


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_a_page_of_fifty_thousand_conversations(large: Path, report: Callable[..., None]) -> None:
    async def scene() -> None:
        store = await Store.open(large)
        took: list[float] = []
        page = await store.listing.page()
        shown = len(page.rows)
        while page.after is not None:
            took.append(await _ms(partial(store.listing.page, after=page.after), rounds=2))
            page = await store.listing.page(after=page.after)
            shown += len(page.rows)
        assert shown == CONVERSATIONS
        one = await _ms(partial(store.listing.summaries, [f"{7:032x}"]))
        count = await _ms(store.listing.count)
        await store.close()
        report("50,000 conversations: a page, p99", _p99(took), PAGE_MS, "ms")
        report("50,000 conversations: one row again", one, PAGE_MS, "ms")
        report("50,000 conversations: how many", count, None, "ms")

    asyncio.run(scene())


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_what_indexing_costs(large: Path, report: Callable[..., None]) -> None:
    """Comes last: the library is not whole afterwards."""
    text = "\n".join(texts(random.Random(9)))[:20_000]

    async def answer(store: Store, *, text: str) -> Message:
        conversation = await store.conversations.create("x")
        (told,) = await store.conversations.add(conversation.id, samples.question(""))
        return samples.grown(told, text)

    async def finished() -> None:
        store = await Store.open(large)
        told = await answer(store, text=text)
        await store.conversations.save(told)
        await store.close()
        connection = samples.raw(large)
        index = Indexer()
        while index(connection) is not None:
            pass
        steps: list[float] = []
        for _ in range(50):
            connection.execute("UPDATE turn SET status = 'done' WHERE id = ?", (told.id,))
            start = time.process_time()
            while index(connection) is not None:
                pass
            steps.append((time.process_time() - start) * 1000)
        connection.close()
        report("indexing a finished answer of 20 kB, median", statistics.median(steps), ANSWER_MS, "ms")

    async def busy() -> None:
        store = await Store.open(large)
        told = await answer(store, text="")
        await asyncio.sleep(START_S)  # from then on it is indexed
        saves: list[float] = []
        for number in range(300):
            growing = samples.grown(told, f"word {number} " * 20)
            start = time.perf_counter()
            await store.conversations.save(growing)
            saves.append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.01)
        await store.search.find("picture")
        assert not store.search.complete
        await store.close()
        report("a save while 1,000,000 messages wait for the index, p99", _p99(saves), SAVE_MS, "ms")

    asyncio.run(finished())
    connection = samples.raw(large)
    connection.execute("INSERT INTO turn_words (turn_words) VALUES ('delete-all')")
    connection.execute("INSERT OR IGNORE INTO unindexed_turn SELECT number FROM turn")
    connection.close()
    asyncio.run(busy())
