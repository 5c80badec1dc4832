"""A conversation with something of everything, and libraries to move it between."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.domain.conversation import Draft, Folder
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
    Ticket,
    TokenUsage,
    ToolCall,
)
from app.domain.picture import Picture, Prepared
from app.domain.transfer import Heading
from app.paths import make_home
from app.pictures.decoder import Decoder
from app.store.database import Store
from app.transfer.export import Exporter
from app.transfer.importing import Importer, Report
from tests.photos import PHOTOS

DAY = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
PHOTO = PHOTOS / "coffee.png"

ANSWER = """A cup of **coffee** on a *wooden* table, with `steam`.

| what | where | how sure |
| :--- | :---: | ---: |
| cup | middle | 97 % |
| spoon | right | 64 % |

- [x] a cup
- [ ] a cake
  1. not even a ~~small~~ one

> Nobody is in the picture, see https://example.org/cups?a=1&b=2.

```python
def pour(cup: str) -> int:
    # until it is full
    return len("coffee") + 1
```

<script>alert(1)</script> & [a trap](javascript:alert(1)) ![spy](https://evil.example/x.png)
"""


class Tools(NamedTuple):
    """An open library with what moves conversations in and out."""

    home: Path
    store: Store
    exporter: Exporter
    importer: Importer

    async def take(self, path: Path) -> Report:
        """Import a file."""
        async with self.importer.reading(path) as arriving:
            return await self.importer.take(arriving)


@asynccontextmanager
async def library(home: Path) -> AsyncIterator[Tools]:
    """A library in `home`, for a while."""
    make_home(home)
    store = await Store.open(home)
    decoder = Decoder()
    try:
        yield Tools(home, store, Exporter(store, decoder), Importer(store, decoder))
    finally:
        await decoder.close()
        await store.close()


def one_id(number: int) -> str:
    """The id of something made by a test."""
    return f"{number:032x}"


def message(
    number: int, parent: int | None, *parts: Part | str, role: Role | None = None, **more: object
) -> Message:
    """A message; without a `role`, questions and answers take turns along a branch."""
    spoken = Role.USER if parent is None or number % 2 else Role.ASSISTANT
    fields = {"role": role or spoken, "status": Status.DONE, "created": DAY} | more
    return Message(
        id=one_id(number),
        parent_id=None if parent is None else one_id(parent),
        seq=number,
        parts=tuple(TextPart(text=part) if isinstance(part, str) else part for part in parts),
        **fields,  # type: ignore[arg-type]
    )


def run_card(**changes: object) -> RunCard:
    """A run card with everything on it."""
    card = RunCard(
        endpoint="Example",
        endpoint_id="example",
        model="vision-7b",
        parameters={"temperature": "0.2", "reasoning.effort": "low"},
        prepared=(
            Prepared(
                original=photo().sha256,
                sha256="a" * 64,
                mime="image/jpeg",
                width=600,
                height=400,
                byte_count=51_234,
                scale_x=1.0,
                scale_y=1.0,
            ),
        ),
        usage=TokenUsage(prompt_tokens=812, completion_tokens=133, total_tokens=945),
        first_token_s=0.42,
        total_s=3.1,
        finish_reason="stop",
        request_id="req-1234",
        confidence=0.93,
        session="session-canary",
        ticket=Ticket(endpoint_id="example", request_id="r", url="https://ticket-canary.example", given=1.0),
        notes=(Note(what="The picture was sent at {size}.", facts={"size": "600 × 400"}),),
    )
    return card.replace(**changes)


def photo() -> Picture:
    """What is known about the photograph of the sample."""
    data = PHOTO.read_bytes()
    return Picture(
        sha256=hashlib.sha256(data).hexdigest(),
        format="png",
        width=600,
        height=400,
        byte_count=len(data),
    )


def sample() -> tuple[Heading, tuple[Message, ...]]:
    """Two branches, a picture, reasoning, a tool, a failure, a draft, a folder and tags."""
    shown = PicturePart(sha256=photo().sha256, name="café <b>.jpg", link="https://example.org/coffee.jpg")
    call = ToolCall(id="c1", name="zoom", arguments='{"left": 10, "top": 20}', extra='{"s": 1}')
    problem = Problem(
        code="interrupted", what="{endpoint} broke off.", remedy="Try again.", facts={"endpoint": "Example"}
    )
    messages = (
        message(1, None, shown, "What is *this*?\nAnd where?"),
        message(2, 1, ANSWER, reasoning="Round, brown.\n\nIt **must** be coffee.", run=run_card()),
        message(3, 1, "A tea, perhaps.", role=Role.ASSISTANT, run=run_card(choice=1, finish_reason="length")),
        message(4, 2, "Is there sugar? \ud800 \0 שלום", role=Role.USER),
        message(5, 4, call, role=Role.ASSISTANT, run=run_card(), status=Status.INTERRUPTED, problem=problem),
        message(6, 2, "Is there milk?", role=Role.USER),
        message(7, 6, "None.", role=Role.ASSISTANT, run=run_card()),
    )
    heading = Heading(
        id=one_id(1000),
        title="A cup: “of” coffee / tea?",
        created=DAY,
        changed=DAY.replace(hour=11),
        leaf=one_id(7),
        folder=one_id(2000),
        tags=("drinks", "ünïcode"),
        pinned=True,
        draft=Draft(text="And a\ncake?", pictures=((photo().sha256, "again.jpg"),)),
    )
    return heading, messages


async def plant(store: Store, heading: Heading, messages: tuple[Message, ...], *folders: Folder) -> None:
    """Put a conversation with the photograph into a library."""
    await store.pictures.add(PHOTO.read_bytes(), photo())
    await store.arrivals.add(lambda: iter((heading, *messages)), folders)


async def plant_sample(store: Store) -> Heading:
    """Put the sample into a library."""
    heading, messages = sample()
    await plant(store, heading, messages, Folder(id=one_id(2000), name="Kitchen"))
    return heading
