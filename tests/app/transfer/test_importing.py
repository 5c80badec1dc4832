"""Files of this and of other programs, taken in."""

from __future__ import annotations

import asyncio
import json
import threading
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.conversation import Conversation
from app.domain.errors import ImportRefused, ImportUnderWay, StoreFailed
from app.domain.message import Message, PicturePart, Role, Status, TextPart
from app.domain.transfer import Heading
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.store import arriving
from app.transfer.importing import Importer, Refusals, Report
from app.transfer.staging import Progress
from tests.app.store import samples
from tests.app.transfer.conversations import PHOTO, Tools, library, one_id, photo, plant_sample, sample
from tests.app.transfer.foreign_exports import (
    TIME,
    chatgpt,
    chatgpt_sample,
    node,
    open_webui_sample,
    write_chatgpt,
    zipped,
)


def take(home: Path, *files: Path) -> tuple[list[Report], list[Conversation], list[Heading]]:
    """Import files one after the other into a new library; what is in it then."""

    async def run() -> tuple[list[Report], list[Conversation], list[Heading]]:
        async with library(home) as tools:
            reports = [await tools.take(file) for file in files]
            headings = await tools.store.arrivals.headings()
            all_of_them = [await tools.store.conversations.get(one.id) for one in headings]
            assert files_of(home) == [photo().sha256] if reports[0].pictures else True
            return reports, all_of_them, list(headings)

    return asyncio.run(run())


def files_of(home: Path) -> list[str]:
    """The originals that lie in a library."""
    folder = home / "pictures"
    files = (path for path in folder.glob("??/*") if path.parent.name != "incoming")
    return sorted(path.parent.name + path.name for path in files)


def test_chatgpt_conversations_keep_tree_dates_and_words(home: Path, tmp_path: Path) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())
    (report,), (conversation,), (heading,) = take(home, file)
    assert heading.title == "Coffee"
    assert heading.pinned
    assert heading.created == datetime(2025, 1, 1, 0, 0, 0, 250_000, UTC)
    assert heading.changed == datetime(2025, 1, 1, 1, 0, 0, 250_000, UTC)
    question, *answers = conversation.messages
    assert question.role is Role.USER
    picture, missing, words, attached = question.parts
    assert picture == PicturePart(sha256=photo().sha256, name="coffee.png")
    assert [missing.text, words.text] == [  # type: ignore[union-attr]
        "[Picture file-GoneGone: the export does not hold its file]",
        "What is this?",
    ]
    assert attached.text == "[File notes.pdf: Fovea keeps pictures only]"  # type: ignore[union-attr]
    cup, mug, code, output, unknown = answers
    assert (cup.text, cup.reasoning, cup.parent_id) == ("A *cup*.", "Look\n\nIt is round.", question.id)
    assert (mug.text, mug.status, mug.parent_id) == ("A mug.", Status.INTERRUPTED, question.id)
    assert [one.run.model for one in (cup, mug) if one.run] == ["o3", "gpt-4o"]
    assert code.text == "```python\nprint(42)\n```"
    assert output.text == "*python:*\n\n```\n42\n```"
    assert unknown.text.startswith("*critic:*\n\n```json")
    assert [code.parent_id, output.parent_id, unknown.parent_id] == [cup.id, code.id, output.id]
    assert heading.leaf == unknown.id
    assert report.left_out == 1
    assert report.arrived.added == 6


def test_open_webui_chats_keep_tree_pictures_and_reasoning(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "chats.json"
    file.write_text(json.dumps([open_webui_sample()]))
    (report,), (conversation,), (heading,) = take(home, file)
    assert heading.tags == ("archived", "drinks")
    assert heading.pinned
    assert heading.changed == datetime(2025, 1, 1, 1, tzinfo=UTC)
    question, cup, mug, again, failed = conversation.messages
    assert question.pictures == (PicturePart(sha256=photo().sha256, name="picture 1"),)
    assert "far.png" in question.text
    assert (cup.text, cup.reasoning) == ("A cup.", "It is round.\nA cup.")
    assert cup.run is not None
    assert (cup.run.model, cup.run.usage.completion_tokens, cup.run.choice) == ("llava:7b", 5, 0)
    assert (mug.text, mug.status, mug.choice) == ("A mu", Status.INTERRUPTED, 1)
    assert (again.text, again.parent_id) == ("Sure?", cup.id)
    assert failed.status is Status.FAILED
    assert failed.problem is not None
    assert failed.problem.sentence == "The answer failed: out of memory"
    assert heading.leaf == failed.id
    assert report.left_out == 1


def test_older_open_webui_chats_are_a_list(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "tool"}]
    file.write_text(json.dumps({"id": "old", "chat": {"title": "", "messages": said}}))
    _, (conversation,), (heading,) = take(home, file)
    assert [one.text for one in conversation.messages][:2] == ["Hi", "Hello"]
    assert heading.title == "Hi"


def test_thoughts_go_to_the_first_answer_below_alone(home: Path, tmp_path: Path) -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"content": "Hm."}]}
    nodes = (node("q", None, "user", "One?"), node("t", "q", "assistant", thoughts))
    answers = (node(f"a{n}", "t", "assistant", str(n)) for n in range(3))
    _, (conversation,), _ = take(home, write_chatgpt(tmp_path / "x.zip", chatgpt(*nodes, *answers)))
    assert [one.reasoning for one in conversation.messages] == ["", "Hm.", "", ""]


def test_f3_chats_without_an_id_are_known_wherever_they_stand_in_a_file(home: Path, tmp_path: Path) -> None:
    chats = [
        {
            "chat": {
                "title": "Old",
                "messages": [{"role": "user", "content": words, "timestamp": 1_700_000_000}],
            }
        }
        for words in ("One?", "Two?", "Two?")
    ]
    files = tmp_path / "1.json", tmp_path / "2.json"
    files[0].write_text(json.dumps(chats))
    files[1].write_text(json.dumps(chats[::-1]))
    (first, second), _, headings = take(home, *files)
    assert len(first.arrived.new) == 3
    assert second.arrived.new == second.arrived.grown == ()
    assert {heading.created.year for heading in headings} == {2023}


def test_a_draft_of_a_question_that_is_not_there_is_one_of_a_new_question(home: Path, tmp_path: Path) -> None:
    export_sample(tmp_path / "other", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    plain = json.loads(files["fovea.json"])
    plain["conversations"][0]["draft"]["edits"] = one_id(77)
    zipped(tmp_path / "y.zip", files | {"fovea.json": json.dumps(plain)})

    async def run() -> None:
        async with library(home) as tools:
            await tools.take(tmp_path / "y.zip")
            assert (await tools.store.conversations.draft(one_id(1000))).text

    asyncio.run(run())


@pytest.mark.parametrize("maker", ["chatgpt", "open-webui", "fovea"])
def test_f3_a_second_import_adds_nothing(home: Path, tmp_path: Path, maker: str) -> None:
    file = tmp_path / "export"
    if maker == "chatgpt":
        write_chatgpt(file, chatgpt_sample())
    elif maker == "open-webui":
        file.write_text(json.dumps([open_webui_sample()]))
    else:
        export_sample(tmp_path / "other", file)
    (first, second), conversations, _ = take(home, file, file)
    assert second.arrived.new == second.arrived.grown == ()
    assert (second.arrived.added, second.pictures) == (0, 0)
    assert second.arrived.known == first.arrived.added == len(conversations[0].messages)


def export_sample(home: Path, file: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            await tools.exporter.export([one_id(1000)], "json", file)

    asyncio.run(run())


def test_a_conversation_that_went_on_gets_its_new_messages(home: Path, tmp_path: Path) -> None:
    before = chatgpt(node("q", None, "user", "One?"), node("a", "q", "assistant", "1"))
    more = [
        node("q", None, "user", "One?"),
        node("a", "q", "assistant", "1"),
        node("b", "q", "assistant", "I"),
    ]
    after = chatgpt(*more, node("q2", "a", "user", "Two?"), update_time=1_735_800_000)
    files = write_chatgpt(tmp_path / "1.zip", before), write_chatgpt(tmp_path / "2.zip", after)
    (_, second), (conversation,), (heading,) = take(home, *files)
    assert second.arrived.grown == (heading.id,)
    assert second.arrived.added == 2
    assert [one.text for one in conversation.messages] == ["One?", "1", "I", "Two?"]
    assert heading.changed == datetime.fromtimestamp(1_735_800_000, UTC)


def test_what_the_trash_holds_comes_back(home: Path, tmp_path: Path) -> None:
    export_sample(tmp_path / "other", tmp_path / "x.zip")

    async def run() -> None:
        async with library(home) as tools:
            await tools.take(tmp_path / "x.zip")
            await tools.store.trash.put_branch(one_id(6))
            await tools.store.trash.put([one_id(1000)])
            report = await tools.take(tmp_path / "x.zip")
            assert report.arrived.restored == (one_id(1000),)
            assert len((await tools.store.conversations.get(one_id(1000))).messages) == 7
            assert await tools.store.trash.contents() == ()

    asyncio.run(run())


def test_what_arrives_takes_its_place_by_date(home: Path, tmp_path: Path) -> None:
    old = chatgpt(node("q", None, "user", "Old?"), conversation_id="old", update_time=1_700_000_000)
    new = chatgpt(node("q", None, "user", "New?"), conversation_id="new", update_time=1_900_000_000)
    file = write_chatgpt(tmp_path / "1.zip", new, old)

    async def run() -> list[str]:
        async with library(home) as tools:
            await plant_sample(tools.store)
            await tools.take(file)
            (now,) = [await tools.store.conversations.create("now")]
            await tools.store.conversations.rename(now.id, "now")
            rows = await tools.store.conversations.list()
            return [row.title if row.title != "Coffee" else row.changed.isoformat()[:4] for row in rows]

    assert asyncio.run(run()) == ["now", "2030", "A cup: “of” coffee / tea?", "2023"]


def test_a_preview_says_what_is_in_a_file_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())

    async def run() -> None:
        async with library(home) as tools:
            heard: list[Progress] = []
            async with tools.importer.reading(file, heard.append) as arriving:
                overview = arriving.overview
                assert (overview.source, overview.conversations, overview.messages) == ("chatgpt", 1, 6)
                assert overview.titles == ("Coffee",)
                assert len(overview.pictures) == 1
            assert heard[-1] == Progress(0, 1)
            assert await tools.store.conversations.list() == ()
            assert not (home / "arriving").exists()

    asyncio.run(run())


def test_a_picture_that_is_none_leaves_a_note(home: Path, tmp_path: Path) -> None:
    files = {"conversations.json": json.dumps([chatgpt_sample()]), "file_00000000abcd.dat": b"GIF89a broken"}
    (report,), (conversation,), _ = take(home, zipped(tmp_path / "x.zip", files))
    ((name, reason),) = report.refused
    assert conversation.messages[0].text.startswith(f"[Picture {name}: {reason}]")
    assert files_of(home) == []


def test_d1_a_picture_larger_than_most_is_taken_at_the_users_word_alone(home: Path, tmp_path: Path) -> None:
    """What the library has is the user's already."""
    file = write_chatgpt(tmp_path / "x.zip", chatgpt_sample())
    more = chatgpt_sample() | {"id": "more", "conversation_id": "more"}
    again = write_chatgpt(tmp_path / "y.zip", more)

    async def run() -> None:
        async with library(home) as tools:
            decoder = Decoder(Caps(pixels=photo().width * photo().height - 1))
            importer = Importer(tools.store, decoder)

            async def taken(file: Path, *, large: bool) -> tuple[Report, Message]:
                async with importer.reading(file) as arriving:
                    report = await importer.take(arriving, large=large)
                (new,) = report.arrived.new
                return report, (await tools.store.conversations.get(new)).messages[0]

            report, message = await taken(file, large=False)
            ((name, reason),) = report.refused
            assert (report.pictures, report.large, report.arrived.added) == (0, 1, 6)
            assert "more than 0 megapixels" in reason
            assert message.text.startswith(f"[Picture {name}: {reason}]")
            assert "What is this?" in message.text
            other = write_chatgpt(tmp_path / "z.zip", more | {"id": "other", "conversation_id": "other"})
            for one, large in ((again, True), (other, False)):
                report, message = await taken(one, large=large)
                assert (report.refused, report.large) == ((), 0)
                assert message.pictures[0].sha256 == photo().sha256
            await decoder.close()

    asyncio.run(run())


@asynccontextmanager
async def strict_library(home: Path) -> AsyncIterator[tuple[Tools, Importer]]:
    """One to whose importer the photograph of the samples is a large picture."""
    async with library(home) as tools:
        decoder = Decoder(Caps(pixels=photo().width * photo().height - 1))
        try:
            yield tools, Importer(tools.store, decoder)
        finally:
            await decoder.close()


def two_pictures(path: Path) -> Path:
    """An export with the large photograph, and with a picture that is none."""
    parts = [
        {"content_type": "image_asset_pointer", "asset_pointer": f"sediment://file_0000{n}"} for n in (1, 2)
    ]
    shown = {"content_type": "multimodal_text", "parts": [*parts, "Which?"]}
    files = {"conversations.json": json.dumps([chatgpt(node("q", None, "user", shown))])}
    return zipped(path, files | {"file_00001.dat": PHOTO.read_bytes(), "file_00002.dat": b"GIF89a broken"})


@pytest.mark.parametrize("wanted", [True, False])
def test_d1_it_is_asked_once_for_large_pictures_and_never_for_messages_that_are_there(
    home: Path, tmp_path: Path, *, wanted: bool
) -> None:
    file = two_pictures(tmp_path / "x.zip")
    asked: list[Refusals] = []

    async def run() -> None:
        async with strict_library(home) as (tools, importer):

            async def ask(large: Refusals) -> bool:
                asked.append(large)
                assert await tools.store.conversations.list() == ()
                return wanted

            async with importer.reading(file) as arriving:
                look = await importer.look(arriving)
                assert (len(look.refused), look.large, files_of(home)) == (2, 1, [])
                report = await importer.take(arriving, ask=ask)
            ((name, why),) = asked[0]
            assert "more than 0 megapixels" in why
            assert sorted(one for one, _ in report.refused) == sorted(
                {one for one, _ in look.refused} - ({name} if wanted else set())
            )
            assert (report.pictures, report.large) == ((1, 0) if wanted else (0, 1))
            kept = files_of(home)
            assert kept == ([photo().sha256] if wanted else [])
            for large in (False, True):
                async with importer.reading(file) as arriving:
                    again = await importer.take(arriving, large=large, ask=ask)
                assert (again.arrived.known, again.pictures, again.refused, again.large) == (1, 0, (), 0)
            assert (len(asked), files_of(home)) == (1, kept)

    asyncio.run(run())


def test_f3_an_import_that_is_cancelled_while_it_asks_leaves_the_library_as_it_was(
    home: Path, tmp_path: Path
) -> None:
    file = two_pictures(tmp_path / "x.zip")

    async def run() -> None:
        async with strict_library(home) as (tools, importer):
            asking = asyncio.Event()

            async def ask(_: Refusals) -> bool:
                asking.set()
                return await asyncio.Event().wait()

            async def take() -> None:
                async with importer.reading(file) as arriving:
                    await importer.take(arriving, ask=ask)

            task = asyncio.create_task(take())
            await asking.wait()
            task.cancel()
            await asyncio.wait((task,))
            assert task.cancelled()
            assert await tools.store.conversations.list() == ()
            assert (hidden_rows(home), files_of(home), (home / "arriving").exists()) == ([], [], False)

    asyncio.run(run())


def test_roles_dates_and_parents_that_make_no_sense_are_survived(home: Path, tmp_path: Path) -> None:
    strange = chatgpt(
        node("a", "b", "assistant", "in a circle", time=1e308),
        node("b", "a", "user", "around", time=-5),
        node("c", "nowhere", "user", "alone", time="yesterday"),
        {"id": "d", "message": 3, "parent": 7},
        node("e", "c", "assistant", {"content_type": "text", "parts": [None, 3, {"x": [1]}, "\ud800\0"]}),
        create_time=None,
        update_time=float("1e18"),
        current_node="missing",
        title=3,
    )
    _, (conversation,), (heading,) = take(home, write_chatgpt(tmp_path / "x.zip", strange))
    assert {one.text for one in conversation.messages} >= {"in a circle", "around", "alone"}
    assert any("\ud800\0" in one.text for one in conversation.messages)
    assert heading.created == datetime.fromtimestamp(TIME, UTC)
    assert heading.leaf == ""
    assert heading.title


def test_f3_an_import_that_does_not_fit_leaves_the_library_as_it_was(home: Path, tmp_path: Path) -> None:
    export_sample(tmp_path / "other", tmp_path / "x.zip")

    async def run() -> None:
        async with library(home) as tools:
            heading, messages = sample()
            theirs = Heading(id=one_id(4000), title="Mine", created=heading.created, changed=heading.changed)
            await tools.store.arrivals.add(lambda: iter((theirs, messages[5].replace(parent_id=None))))
            before = await everything(tools)
            with pytest.raises(ImportRefused, match="does not fit"):
                await tools.take(tmp_path / "x.zip")
            assert await everything(tools) == before
            assert hidden_rows(home) == []

    asyncio.run(run())


async def everything(tools: Tools) -> list[Any]:
    rows = await tools.store.conversations.list()
    found = [await tools.store.conversations.get(row.id) for row in rows]
    return [rows, found, await tools.store.shelves.folders(), await tools.store.shelves.tags()]


@pytest.mark.parametrize("moment", ["reading", "pictures", "rows"])
def test_f3_an_import_that_is_cancelled_leaves_the_library_as_it_was(
    home: Path, tmp_path: Path, moment: str
) -> None:
    export_sample(tmp_path / "other", tmp_path / "x.zip")

    async def run() -> None:
        async with library(home) as tools:

            def cancel(_: object) -> None:
                task.cancel()

            async def take() -> None:
                tell = cancel if moment == "reading" else None
                async with tools.importer.reading(tmp_path / "x.zip", tell) as arriving:
                    if moment == "rows":
                        contents = arriving.folder / "contents.jsonl"
                        asyncio.get_running_loop().call_soon(task.cancel)
                        assert contents.exists()
                    await tools.importer.take(arriving, cancel if moment == "pictures" else None)

            task = asyncio.create_task(take())
            await asyncio.wait((task,))
            assert task.cancelled()
            assert await tools.store.conversations.list() == ()
            assert hidden_rows(home) == []
            assert not (home / "arriving").exists()

    asyncio.run(run())


def hidden_rows(home: Path) -> list[Any]:
    """What is left of an import that was given up."""
    connection = samples.raw(home)
    try:
        return connection.execute(
            "SELECT id FROM conversation WHERE trashed IS NOT NULL"
            " UNION ALL SELECT id FROM turn WHERE trashed_by IS NOT NULL"
        ).fetchall()
    finally:
        connection.close()


def test_what_a_killed_import_left_goes_with_the_next(home: Path, tmp_path: Path) -> None:
    (home / "arriving").mkdir(parents=True)
    left = home / "arriving" / "1"
    left.write_bytes(PHOTO.read_bytes())
    take(home, write_chatgpt(tmp_path / "x.zip", chatgpt_sample()))
    assert not left.exists()


def test_a_save_goes_on_while_an_import_is_told_what_comes(home: Path) -> None:
    """Neither this process nor another waits for the import."""
    asked, went_on = threading.Event(), threading.Event()
    heading, messages = plain_conversation()

    def contents() -> Iterator[Heading | Message]:
        yield from (heading, *messages)
        asked.set()
        assert went_on.wait(10)

    async def run() -> None:
        async with library(home) as tools:
            adding = asyncio.create_task(tools.store.arrivals.add(contents))
            await asyncio.to_thread(asked.wait, 10)
            await tools.store.conversations.create("now")
            other = samples.raw(home)
            other.execute("BEGIN IMMEDIATE; ROLLBACK").fetchall()
            other.close()
            assert [row.title for row in await tools.store.conversations.list()] == ["now"]
            assert await tools.store.trash.contents() == ()
            went_on.set()
            assert (await adding).new == (heading.id,)
            assert [row.title for row in await tools.store.conversations.list()] == ["now", "Old"]

    asyncio.run(run())


def plain_conversation() -> tuple[Heading, tuple[Message, ...]]:
    """A conversation of some time ago with two hundred questions, one below the other."""
    past = datetime(2020, 1, 1, tzinfo=UTC)
    messages = tuple(
        Message(
            id=one_id(100 + number),
            parent_id=one_id(99 + number) if number else None,
            seq=number,
            role=Role.USER,
            status=Status.DONE,
            created=past,
            parts=(TextPart(text=f"Question {number}"),),
        )
        for number in range(200)
    )
    return Heading(id=one_id(1), title="Old", created=past, changed=past, tags=("t",)), messages


def test_f3_messages_of_a_conversation_that_went_on_stay_out_of_sight_until_all_are_there(home: Path) -> None:
    heading, messages = plain_conversation()
    told, went_on = threading.Event(), threading.Event()

    def contents() -> Iterator[Heading | Message]:
        yield from (heading, *messages)
        told.set()
        assert went_on.wait(10)

    async def run() -> None:
        async with library(home) as tools:
            await tools.store.arrivals.add(lambda: iter((heading, *messages[:2])))
            await tools.store.conversations.create("newer")
            adding = asyncio.create_task(tools.store.arrivals.add(contents))
            await asyncio.to_thread(told.wait, 10)
            await tools.store.trash.put_branch(messages[1].id)
            assert len((await tools.store.conversations.outline(heading.id)).nodes) == 1
            question = messages[0].replace(id=one_id(5000), parent_id=messages[0].id)
            await tools.store.conversations.add(heading.id, question)
            went_on.set()
            arrived = await adding
            assert (arrived.grown, arrived.added, arrived.known) == ((heading.id,), 198, 2)
            outline = await tools.store.conversations.outline(heading.id)
            assert len(outline.nodes) == 201
            assert len(outline.tree.branch(messages[-1].id)) == 200
            assert await tools.store.trash.contents() == ()
            titles = [row.title for row in await tools.store.conversations.list()]
            assert titles == ["Old", "newer"]  # what somebody wrote in meanwhile stays on top

    asyncio.run(run())


def test_a_second_import_at_a_time_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "WAIT_S", 0.0)
    file = write_chatgpt(tmp_path / "x.zip", chatgpt_sample())

    async def run() -> None:
        async with library(home) as tools, tools.importer.reading(file) as first:
            with pytest.raises(ImportUnderWay, match="Another import into the library"):
                await tools.take(file)
            assert (await tools.importer.take(first)).arrived.added == 6

    asyncio.run(run())


def test_what_is_in_the_way_is_said(home: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            (home / "arriving").write_text("in the way")
            with pytest.raises(StoreFailed):
                await tools.take(tmp_path / "x.zip")

    asyncio.run(run())
