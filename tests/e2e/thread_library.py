"""A library with the services of the program on it, which can be quit and killed."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import apsw
from PIL import Image

from app.chat.answering import Snapshot
from app.chat.exchange import Exchange
from app.chat.history import History
from app.chat.route import Route
from app.chat.service import ChatService
from app.domain.errors import FoveaError
from app.domain.events import Event, Finished, TextDelta
from app.domain.message import Message
from app.domain.picture import Picture
from app.domain.request import Parameters
from app.pictures.decoder import Decoder
from app.store.database import Store
from app.transfer.export import Exporter
from app.transfer.importing import Arriving, Importer
from app.transfer.reader_main import read_export
from tests.scripted_provider import ScriptedProvider

LIMIT_S = 60.0


class _Killed(Exception):
    pass


class Tap(ScriptedProvider):
    """A provider that says what it is told while it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.told: asyncio.Queue[Event | FoveaError] = asyncio.Queue()

    async def _play(self) -> AsyncGenerator[Event, None]:
        while True:
            step = await self.told.get()
            if isinstance(step, FoveaError):
                raise step
            yield step
            self.told.task_done()
            if isinstance(step, Finished):
                return


@dataclass
class Live:
    """An answer on its way. `ids` are its messages by their choices."""

    tap: Tap
    ids: dict[int, str]
    snapshots: list[Snapshot] = field(default_factory=list)
    task: asyncio.Task[Message] | None = None


async def until(condition: Callable[[], object]) -> None:
    """Let the program work until `condition` holds. Raises TimeoutError."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.001)


def tiny_pictures() -> dict[str, bytes]:
    """Pictures by their hashes."""
    made = {}
    for number in range(3):
        file = io.BytesIO()
        Image.new("RGB", (4 + number, 3), (80 * number, 7, 9)).save(file, "PNG")
        made[hashlib.sha256(file.getvalue()).hexdigest()] = file.getvalue()
    return made


class Library:
    """An open library. `home` is its folder, in which only `keep` and kills leave something."""

    def __init__(self, home: Path, store: Store, decoder: Decoder) -> None:
        self.home = home
        self.store = store
        self.live: list[Live] = []
        self.chat = ChatService(store, decoder)
        self.history = History(store)
        self._decoder = decoder
        self._exporter = Exporter(store, decoder)
        self._importer = Importer(store, decoder)

    @classmethod
    async def open(cls, home: Path, decoder: Decoder) -> Library:
        """Open or create the library in `home`."""
        return cls(home, await Store.open(home), decoder)

    async def keep(self, pictures: dict[str, bytes]) -> None:
        """Put pictures into it."""
        for number, (sha256, data) in enumerate(pictures.items()):
            about = Picture(sha256=sha256, format="png", width=4 + number, height=3, byte_count=len(data))
            await self.store.pictures.add(data, about)

    def route(self, choices: int = 1) -> Route:
        """To a provider of its own for each answer."""
        return Route(Tap(), "m", parameters=Parameters(n=choices if choices > 1 else None))

    def answer(self, exchange: Exchange, route: Route) -> Live:
        """Begin to answer a question."""
        assert isinstance(route.provider, Tap)
        live = Live(route.provider, {0: exchange.answer.id})
        live.task = asyncio.create_task(self.chat.answer(exchange, route, live.snapshots.append))
        self.live.append(live)
        return live

    async def tell(self, live: Live, text: str, choice: int) -> None:
        """More of an answer arrives; returns when the program has it, and a new sibling is stored."""
        live.tap.told.put_nowait(TextDelta(text=text, choice=choice))
        async with asyncio.timeout(LIMIT_S):
            await live.tap.told.join()
        if choice not in live.ids:
            await until(lambda: live.snapshots and live.snapshots[-1].siblings)
            (live.ids[choice],) = (sibling.id for sibling in live.snapshots[-1].siblings)
            await self.saved(live.ids[choice], text)

    async def saved(self, message_id: str, text: str) -> None:
        """Wait until the library has `text` for a message."""
        async with asyncio.timeout(LIMIT_S):
            while [m.text for m in await self.store.conversations.messages((message_id,))] != [text]:
                await asyncio.sleep(0.001)

    async def end(self, live: Live, how: Event | FoveaError) -> None:
        """An answer ends by itself."""
        live.tap.told.put_nowait(how)
        await self._wait_for(live)

    async def stop(self, live: Live) -> None:
        """The user stops an answer, or the program does at its end."""
        assert live.task is not None
        live.task.cancel()
        await self._wait_for(live)

    async def quit(self) -> None:
        """End the program as a user does."""
        self.chat.closing = True
        for live in tuple(self.live):
            await self.stop(live)
        await self.store.close()

    async def killed(self, home: Path) -> None:
        """Leave in `home` what a kill in the midst of a write would leave, and end."""

        def copy(connection: apsw.Connection) -> None:
            connection.execute("UPDATE conversation SET title = 'never committed'")
            home.mkdir(mode=0o700)
            for name in ("fovea.db", "fovea.db-wal"):
                with suppress(FileNotFoundError):
                    shutil.copyfile(self.home / name, home / name)
            shutil.copytree(self.home / "pictures", home / "pictures", copy_function=os.link)
            raise _Killed

        with suppress(_Killed):
            await self.store._transactions.write(copy)
        await self.quit()

    async def export(self, ids: list[str], path: Path) -> None:
        """Write whole conversations to a file."""
        await self._exporter.export(ids, "json", path)

    async def take(self, path: Path, *, in_a_child: bool = False) -> tuple[str, ...]:
        """Import a file; returns the conversations that this changed. Children cost a third of a
        second each, so the reader mostly runs in a thread."""
        if in_a_child:
            async with self._importer.reading(path) as arriving:
                arrived = (await self._importer.take(arriving)).arrived
        else:
            folder = Path(tempfile.mkdtemp(dir=path.parent))
            overview = await asyncio.to_thread(read_export, str(path), folder, lambda _: None)
            arrived = (await self._importer.take(Arriving(path.name, overview, folder))).arrived
        return (*arrived.new, *arrived.grown, *arrived.restored)

    async def take_everything_back(self) -> None:
        """Empty the trash into the library."""
        while contents := await self.store.trash.contents():
            for thing in contents:
                if thing.message_id:
                    await self.store.trash.take_back_branch(thing.message_id)
                else:
                    await self.store.trash.take_back((thing.conversation_id,))

    async def _wait_for(self, live: Live) -> None:
        assert live.task is not None
        async with asyncio.timeout(LIMIT_S):
            with suppress(asyncio.CancelledError):
                await live.task
        self.live.remove(live)
