"""Processes that use a library and are killed at it.

Run as a script it is a nursery: it imports everything once and forks a victim for each line
`NAME HOME ARGUMENTS...` on its standard input. Every victim begins with `born PID`; its own lines
follow and, when it ended, the nursery's `gone STATUS`.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.thread  # noqa: F401 - nobody cannot read where it lies
import itertools
import os
import resource
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import apsw

from app.domain.conversation import Draft, Folder
from app.domain.errors import FoveaError
from app.domain.message import Message, Status
from app.domain.transfer import Heading
from app.store import read_only  # noqa: F401 - nobody cannot read where it lies
from app.store.database import Store
from app.store.schema import shipped_migrations
from tests.app.store import samples

WORD = "streamed "
NEXT_MIGRATION = """
CREATE TABLE tomorrow (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO tomorrow (name) SELECT title FROM conversation;
ALTER TABLE conversation ADD COLUMN tomorrow INTEGER NOT NULL DEFAULT 0;
UPDATE conversation SET tomorrow = 1;
"""


def say(*words: object) -> None:
    """A line for the test, in one write: a kill leaves it whole or unsaid."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


async def stream(home: Path, saves: str, end: str = "close") -> None:
    """Ask about a picture and stream an answer; says every save when it is durable."""
    store = await Store.open(home)
    say("open")
    await store.pictures.add(samples.BYTES, samples.picture())
    conversation = await store.conversations.create("A photo")
    asked = samples.question("word " * 200, shows=samples.BYTES)
    asked, told = await store.conversations.add(conversation.id, asked, samples.answer(asked))
    say("added", conversation.id, asked.id, told.id)
    for count in range(1, int(saves) + 1):
        await store.conversations.save(samples.grown(told, WORD * count))
        say("saved", told.id, count)
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "hold":
        say("holding")
        await asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    await store.conversations.save(samples.grown(told, WORD * int(saves), Status.DONE))
    say("done", told.id)
    await store.close()


async def type_words(home: Path) -> None:
    """Type a draft with a picture until killed; says every save."""
    store = await Store.open(home)
    await store.pictures.add(samples.BYTES, samples.picture())
    for count in itertools.count(1):
        attached = ((samples.picture().sha256, "photo.png"),)
        await store.conversations.save_draft(None, Draft(text=WORD * count, pictures=attached))
        say("typed", count)


async def join_in(home: Path, title: str) -> None:
    """Open, add a conversation, close."""
    store = await Store.open(home)
    await store.conversations.create(title)
    say("created", title)
    await store.close()


async def import_without_end(home: Path) -> None:
    """Import two conversations, one of which is there, and never come to the end."""
    store = await Store.open(home)
    past = datetime(2020, 1, 1, tzinfo=UTC)

    def heading(name: str) -> Heading:
        return Heading(
            id=name * 32, title=f"Import {name}", created=past, changed=past, tags=(f"tag {name}",)
        )

    def messages(name: str) -> Iterator[Message]:
        above = None
        for number in range(60):
            yield samples.question(f"imported {name}").replace(
                id=f"{name}{number:031}", parent_id=above, seq=number
            )
            above = f"{name}{number:031}"

    await store.arrivals.add(lambda: iter((heading("a"), *islice(messages("a"), 2))))

    def contents() -> Iterator[Heading | Message]:
        for name in "ab":
            yield heading(name)
            yield from messages(name)
        say("under way")
        threading.Event().wait()

    async with store.arrivals.room() as folder:
        (folder / "1").touch()
        await store.arrivals.add(contents, (Folder(id="f", name="a folder"),))


async def migrate(home: Path, die_at: str) -> None:
    """Open with one migration more; die before the statement of that number."""
    statements = 0

    def count(*_: object) -> bool:
        nonlocal statements
        statements += 1
        if statements == int(die_at):
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    apsw.connection_hooks.append(lambda connection: setattr(connection, "exec_trace", count))
    store = await Store.open(home, migrations=(*shipped_migrations(), NEXT_MIGRATION))
    await store.close()


async def meet_write_errors(home: Path) -> None:
    """Save while the system refuses every write beyond a size, then when it allows it again."""
    store = await Store.open(home)
    conversation = await store.conversations.create("A photo")
    asked = samples.question()
    asked, told = await store.conversations.add(conversation.id, asked, samples.answer(asked))
    await store.conversations.save(samples.grown(told, "before"))
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    log_size = (home / "fovea.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log_size, allowed[1]))
    try:
        await store.conversations.save(samples.grown(told, "after" * 20_000))
        say("no error")
    except FoveaError as error:
        say("refused", error.code)
    shown = await store.conversations.get(conversation.id)
    say("holds", shown.messages[-1].text)
    resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    await store.conversations.save(samples.grown(told, "after" * 20_000))
    shown = await store.conversations.get(conversation.id)
    say("then", len(shown.messages[-1].text))
    await store.close()


async def open_as_nobody(home: Path) -> None:
    """Open without the rights of root, which may be needed to read the program itself."""
    migrations = shipped_migrations()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        store = await Store.open(home, migrations=migrations)
    except FoveaError as error:
        say("refused", error.code, error.facts["path"], error.facts["reason"])
        return
    say("opened")
    await store.close()


async def browse_as_nobody(home: Path) -> None:
    """Read and export without the rights of root, and try to write."""
    migrations = shipped_migrations()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    tempfile.tempdir = tempfile.mkdtemp()
    store = await Store.open(home, migrations=migrations)
    say("opened", store.read_only, store.report.interrupted)
    for row in await store.conversations.list():
        messages = (await store.conversations.get(row.id)).messages
        say("read", len(messages), messages[-1].status.value, messages[-1].text)
        for part in messages[0].pictures:
            say("picture", len(await store.pictures.read(part.sha256)))
    try:
        await store.conversations.create("new")
    except FoveaError as error:
        say("refused", error.code, error.facts["path"], error.facts["reason"])
    await store.close()
    say("left", *Path(tempfile.tempdir).iterdir())


async def hold_exclusively(home: Path) -> None:
    """Hold the database as another program might."""
    connection = samples.raw(home)
    connection.set_busy_timeout(5000)
    connection.execute("BEGIN EXCLUSIVE")
    say("holding")
    await asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)


VICTIMS: dict[str, Callable[..., object]] = {
    victim.__name__: victim
    for victim in (
        stream,
        type_words,
        join_in,
        import_without_end,
        migrate,
        meet_write_errors,
        open_as_nobody,
        browse_as_nobody,
        hold_exclusively,
    )
}


def main() -> None:
    """The nursery."""
    for line in sys.stdin:
        name, home, *arguments = shlex.split(line)
        pid = os.fork()
        if pid == 0:
            say("born", os.getpid())  # the nursery might say it after the victim's first words
            try:
                asyncio.run(VICTIMS[name](Path(home), *arguments))  # type: ignore[arg-type]
            except BaseException as error:  # noqa: BLE001 - the test reads it
                say("raised", type(error).__name__, error)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        say("gone", status)


if __name__ == "__main__":
    main()
