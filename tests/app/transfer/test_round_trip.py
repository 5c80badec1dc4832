"""What leaves a library and comes into another one is the same."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.domain.conversation import Draft, Folder
from app.domain.geometry import Point
from app.domain.message import (
    Message,
    Note,
    Part,
    PicturePart,
    Problem,
    Role,
    RunCard,
    Status,
    TextPart,
    TokenUsage,
    ToolCall,
)
from app.domain.picture import Detail, Picture
from app.domain.region import (
    PictureChoices,
    PictureRule,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.domain.transfer import Heading
from tests.app.transfer.conversations import Tools, library, one_id

TEXT = st.text(st.characters(codec=None), max_size=40)  # half surrogate pairs and NULs too
WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
TIME = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
COUNT = st.none() | st.integers(0, 2**40)
SECONDS = st.none() | st.floats(0, 1e6)
FINISHED = st.sampled_from([status for status in Status if status.finished])


class Shelf(NamedTuple):
    """Conversations with their folders and the bytes of their pictures."""

    folders: list[Folder]
    conversations: list[tuple[Heading, list[Message]]]
    pictures: list[bytes]


def picture(number: int) -> bytes:
    """A small picture of its own."""
    file = io.BytesIO()
    Image.new("RGB", (2 + number, 3), (number * 40, 7, 9)).save(file, "PNG")
    return file.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parts(pictures: list[bytes]) -> st.SearchStrategy[Part]:
    made: st.SearchStrategy[Part] = st.builds(TextPart, text=TEXT) | st.builds(
        ToolCall, id=WORD, name=WORD, arguments=st.just('{"a": 1}'), extra=WORD
    )
    if not pictures:
        return made
    shas = st.sampled_from([digest(data) for data in pictures])
    return made | st.builds(PicturePart, sha256=shas, name=TEXT, link=WORD, treatment=TREATMENTS)


POINTS = st.builds(Point, x=st.floats(-9, 9e4), y=st.integers(0, 99))
TREATMENTS = st.just(Treatment()) | st.builds(
    Treatment,
    regions=st.lists(
        st.builds(
            Region,
            id=st.just("0badf00d"),
            kind=st.just(RegionKind.ARROW),
            points=st.tuples(POINTS, POINTS),
            name=TEXT,
        ),
        max_size=1,
    ).map(tuple),
    sends=st.sampled_from(RegionSend),
    redactions=st.lists(
        st.builds(
            Redaction, kind=st.just(RedactionKind.BRUSH), points=st.tuples(POINTS), width=st.floats(0, 99)
        ),
        max_size=1,
    ).map(tuple),
    detail=st.none() | st.sampled_from(Detail),
)
CHOICES = st.builds(
    PictureChoices,
    last=st.none() | st.integers(0, 9),
    rules=st.dictionaries(WORD, st.sampled_from(PictureRule), max_size=2),
    descriptions=st.dictionaries(WORD, TEXT, max_size=1),
    dialect=WORD,
)
CARDS = st.builds(
    RunCard,
    endpoint=WORD,
    model=WORD,
    endpoint_id=WORD,
    parameters=st.dictionaries(WORD, WORD, max_size=2),
    usage=st.builds(TokenUsage, prompt_tokens=COUNT, completion_tokens=COUNT, total_tokens=COUNT),
    first_token_s=SECONDS,
    total_s=SECONDS,
    reasoning_s=SECONDS,
    finish_reason=WORD,
    request_id=WORD,
    confidence=st.none() | st.floats(-1e3, 1e3),
    choice=st.integers(0, 3),
    choices=CHOICES,
    system=TEXT,
    prefill=TEXT,
    notes=st.just(()) | st.just((Note(what="It was {x}.", facts={"x": "small"}),)),
)
PROBLEMS = st.builds(
    Problem, code=WORD, what=WORD, remedy=WORD, facts=st.dictionaries(WORD, WORD, max_size=2)
)


@st.composite
def messages(draw: st.DrawFn, first: int, pictures: list[bytes]) -> list[Message]:
    made: list[Message] = []
    for number in range(draw(st.integers(1, 5))):
        above = draw(st.sampled_from([None, *made]))
        made.append(
            Message(
                id=one_id(first + number),
                parent_id=above.id if above else None,
                seq=number * 2,
                role=draw(st.sampled_from(Role)),
                status=draw(FINISHED),
                created=draw(TIME),
                parts=tuple(draw(st.lists(parts(pictures), max_size=3))),
                reasoning=draw(TEXT),
                run=draw(st.none() | CARDS),
                problem=draw(st.none() | PROBLEMS),
            )
        )
    return made


def drafts(attached: tuple[tuple[str, str], ...]) -> st.SearchStrategy[Draft]:
    treatments = st.fixed_dictionaries({sha256: TREATMENTS for sha256, _ in attached})
    return st.builds(Draft, text=WORD, pictures=st.just(attached), treatments=treatments)


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    pictures = [picture(number) for number in range(draw(st.integers(0, 2)))]
    folders = [Folder(id=one_id(100 + n), name=f"{draw(WORD)} {n}") for n in range(draw(st.integers(0, 2)))]
    conversations = []
    for number in range(draw(st.integers(1, 3))):
        said = draw(messages(1000 * (number + 1), pictures))
        attached = tuple((digest(data), draw(WORD)) for data in pictures[:1])
        heading = Heading(
            id=one_id(number + 1),
            title=draw(TEXT),
            created=draw(TIME),
            changed=draw(TIME),
            leaf=draw(st.sampled_from(["", *(one.id for one in said)])),
            folder=draw(st.sampled_from(["", *(folder.id for folder in folders)])),
            tags=tuple(sorted(draw(st.sets(WORD, max_size=2)))),
            pinned=draw(st.booleans()),
            draft=draw(st.just(Draft()) | drafts(attached)),
            choices=draw(CHOICES),
        )
        conversations.append((heading, said))
    return Shelf(folders, conversations, pictures)


async def plant(tools: Tools, shelf: Shelf) -> None:
    for number, data in enumerate(shelf.pictures):
        about = Picture(sha256=digest(data), format="png", width=2 + number, height=3, byte_count=len(data))
        await tools.store.pictures.add(data, about)
    await tools.store.arrivals.add(
        lambda: iter([item for heading, said in shelf.conversations for item in (heading, *said)]),
        shelf.folders,
    )


async def everything(tools: Tools) -> dict[str, Any]:
    """All that a library holds, by what a user can see of it."""
    headings = [await tools.store.arrivals.heading(one.id) for one in await tools.store.arrivals.headings()]
    conversations = [await tools.store.conversations.get(one.id) for one in headings]
    names = {part.sha256 for one in conversations for m in one.messages for part in m.pictures}
    names |= {sha256 for one in headings for sha256, _ in one.draft.pictures}
    used = {one.folder for one in headings}
    return {
        "headings": sorted(headings, key=lambda one: one.id),
        "messages": {one.id: one.messages for one in conversations},
        "pictures": {name: await tools.store.pictures.read(name) for name in names},
        "known": {name: await tools.store.pictures.get(name) for name in names},
        "folders": {one for one in await tools.store.shelves.folders() if one.id in used},
    }


async def _move(shelf: Shelf, folder: Path) -> None:
    async with library(folder / "one") as tools:
        await plant(tools, shelf)
        before = await everything(tools)
        ids = [one.id for one in before["headings"]]
        await tools.exporter.export(ids, "json", folder / "out.zip")
    async with library(folder / "two") as tools:
        report = await tools.take(folder / "out.zip")
        assert await everything(tools) == before
        assert report.arrived.new == tuple(ids)
        again = await tools.take(folder / "out.zip")
        assert (again.arrived.added, again.pictures) == (0, 0)
        assert await everything(tools) == before
        await tools.exporter.export(ids, "json", folder / "again.zip")


def move(shelf: Shelf) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_move(shelf, Path(folder)))


@given(shelves())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_f4_what_is_exported_and_imported_is_the_same(shelf: Shelf) -> None:
    move(shelf)


@pytest.mark.soak
@given(shelves())
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_f4_whatever_is_exported_and_imported_is_the_same(shelf: Shelf) -> None:
    move(shelf)
