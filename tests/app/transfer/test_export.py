"""Conversations as files."""

from __future__ import annotations

import asyncio
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ExportFailed, FileThere, NoConversation, PictureLost
from app.domain.message import RunCard, TextPart
from app.domain.transfer import Heading
from app.transfer.document import RUN_FIELDS, RUN_FIELDS_LEFT_OUT, ExportedConversation, leaving
from app.transfer.export import FORMATS, suggested_name
from app.transfer.gathering import branches, find, gather
from app.transfer.print_page import print_page_of
from app.transfer.rendering import rendered
from tests.app.transfer.conversations import (
    DAY,
    PHOTO,
    library,
    message,
    one_id,
    photo,
    plant,
    plant_sample,
    run_card,
    sample,
)
from tests.app.transfer.schema import FILE, complaints, schema, written

SAMPLE = one_id(1000)


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample in every format, made where there is no screen."""
    folder = tmp_path_factory.mktemp("exports")

    async def run() -> None:
        async with library(folder / "home") as tools:
            await plant_sample(tools.store)
            for kind in FORMATS:
                await tools.exporter.export([SAMPLE], kind, folder / f"out.{kind}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "FOVEA_HOME"):
            patch.delenv(name, raising=False)
        asyncio.run(run())
    return folder


def document(archive: Path) -> dict[str, Any]:
    with zipfile.ZipFile(archive) as file:
        plain: dict[str, Any] = json.loads(file.read("fovea.json"))
        return plain


def test_the_archive_holds_everything_as_the_schema_says(exports: Path) -> None:
    archive = exports / "out.json"
    plain = document(archive)
    whole = schema()
    assert complaints(plain, whole, whole) == []
    (conversation,) = plain["conversations"]
    heading, messages = sample()
    assert [one["id"] for one in conversation["messages"]] == [one.id for one in messages]
    assert conversation["messages"] == [json.loads(json.dumps(leaving(m).to_plain())) for m in messages]
    assert conversation["tags"] == list(heading.tags)
    assert conversation["draft"]["text"] == heading.draft.text
    with zipfile.ZipFile(archive) as file:
        assert file.read(plain["pictures"][0]["file"]) == PHOTO.read_bytes()
        assert sorted(file.namelist()) == ["fovea.json", f"pictures/{photo().sha256}.png"]


def test_the_schema_file_is_that_of_the_records() -> None:
    assert FILE.read_text("utf-8") == written(), "python -m tests.app.transfer.schema writes it"


@pytest.mark.parametrize("broken", ["conversations", "id", "status", "more"])
def test_the_schema_refuses_what_is_not_an_export(exports: Path, broken: str) -> None:
    plain = document(exports / "out.json")
    message = plain["conversations"][0]["messages"][0]
    changes: dict[str, Any] = {
        "conversations": lambda: plain.update(conversations=3),
        "id": lambda: plain["conversations"][0].update(id="not hex"),
        "status": lambda: message.update(status="lost"),
        "more": lambda: message.update(key="k"),
    }
    changes[broken]()
    whole = schema()
    assert complaints(plain, whole, whole)


def test_every_field_of_a_run_card_was_judged() -> None:
    judged = {*RUN_FIELDS, *RUN_FIELDS_LEFT_OUT}
    assert judged == set(RunCard.__struct_fields__), "say in document.py whether a new field may leave"


@pytest.mark.parametrize("kind", ["json", "md", "html"])
def test_f4_what_gives_access_is_in_no_export(exports: Path, kind: str) -> None:
    file = exports / f"out.{kind}"
    written = json.dumps(document(file)) if kind == "json" else file.read_text("utf-8")
    assert "req-1234" in written
    assert "canary" not in written


def test_t1_a_page_loads_and_runs_nothing(exports: Path) -> None:
    text = (exports / "out.html").read_text("utf-8")
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "base", "form", "svg"}
    attributes = [(tag, name, value or "") for tag, pairs in page.tags for name, value in pairs.items()]
    assert not [one for one in attributes if one[1].startswith("on") or one[1] in ("style", "srcset")]
    assert all(v.startswith("data:image/jpeg;base64,") for _, name, v in attributes if name == "src")
    assert [v for _, name, v in attributes if name == "href"] == ["https://example.org/cups?a=1&b=2"]
    policy = next(pairs["content"] for tag, pairs in page.tags if pairs.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"url\(|@import", text)


def test_a_page_says_all_that_was_said(exports: Path) -> None:
    page = Page((exports / "out.html").read_text("utf-8"))
    for words in (
        "A cup: “of” coffee / tea?",
        "café <b>.jpg",
        "What is *this*?\nAnd where?",
        "<script>alert(1)</script>",
        "spy (https://evil.example/x.png)",
        "[a trap](javascript:alert(1))",
        "Round, brown.",
        "A tea, perhaps.",
        "Cut off at the token limit",
        "Another answer to “What is *this*? And where?”",
        "Another question in place of “Is there milk?”",
        "Example broke off. Try again.",
        'zoom{"left": 10, "top": 20}',
        "0.2",
        "The picture was sent at 600 × 400.",
        "שלום",
    ):
        assert words in page.text, words


def test_markdown_names_pictures_beside_it(exports: Path) -> None:
    text = (exports / "out.md").read_text("utf-8")
    assert "![café \\<b\\>.jpg](out%20pictures/001%20caf%C3%A9%20b.jpg)" in text
    (picture,) = (exports / "out pictures").iterdir()
    assert picture.name == "001 café b.jpg"
    assert picture.read_bytes().startswith(b"\xff\xd8")
    assert "!\\[spy]" in text
    assert "&lt;script>" in text
    assert text.index("Is there milk?") < text.index("A tea, perhaps") < text.index("Is there sugar?")


def test_pdf_is_printed_without_a_screen(exports: Path) -> None:
    pdf = (exports / "out.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 2
    assert b"/Subtype /Image" in pdf


def test_every_message_is_on_one_branch() -> None:
    heading, messages = sample()
    conversation = ExportedConversation(**heading.to_plain() | {"draft": heading.draft, "messages": messages})
    told = [one.id for branch in branches(conversation) for one in branch.messages]
    assert sorted(told) == sorted(one.id for one in messages)
    assert [branch.messages[0].id for branch in branches(conversation)] == [one_id(1), one_id(3), one_id(4)]


def test_nothing_is_overwritten_unasked(home: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            for kind in ("json", "md", "html"):
                with pytest.raises(FileThere):
                    await tools.exporter.export([SAMPLE], kind, there)
            assert there.read_text() == "mine"
            await tools.exporter.export([SAMPLE], "html", there, overwrite=True)
            assert there.read_text("utf-8").startswith("<!doctype html>")

    there = tmp_path / "there"
    there.write_text("mine")
    asyncio.run(run())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "there"]


def test_many_conversations_make_a_folder_of_documents_or_one_archive(home: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            for number in (3000, 3001):
                same = Heading(id=one_id(number), title="Con", created=DAY, changed=DAY)
                await plant(tools.store, same, (message(number + 10, None, "Hello?"),))
            ids = [heading.id for heading in await tools.store.arrivals.headings()]
            assert (await tools.exporter.export(ids, "md", tmp_path / "all")).conversations == 3
            await tools.exporter.export(ids, "json", tmp_path / "all.zip")

    asyncio.run(run())
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [
        *("A cup “of” coffee tea pictures", "A cup “of” coffee tea.md", "Con file 2.md", "Con file.md"),
    ]
    assert len(document(tmp_path / "all.zip")["conversations"]) == 3


def test_a_lost_original_stops_no_export_and_is_said(home: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            tools.store.pictures.path(photo().sha256).unlink()
            with pytest.raises(PictureLost):
                await tools.store.pictures.read(photo().sha256)
            complete = await tools.exporter.export([SAMPLE], "json", tmp_path / "out.zip")
            assert complete.lost == ("again.jpg",)
            page = await tools.exporter.export([SAMPLE], "html", tmp_path / "out.html")
            assert page.lost == ("again.jpg",)
        async with library(tmp_path / "other") as tools:
            report = await tools.take(tmp_path / "out.zip")
            assert report.left_out == 1
            (first, *_) = (await tools.store.conversations.get(SAMPLE)).messages
            assert first.text.startswith("[Picture café <b>.jpg: ")

    asyncio.run(run())
    assert "there is no such file" in (tmp_path / "out.html").read_text("utf-8")
    assert document(tmp_path / "out.zip")["pictures"][0]["file"] == ""


@pytest.mark.parametrize("kind", ["json", "md", "html", "pdf"])
def test_an_export_that_is_cancelled_leaves_nothing(home: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    out.mkdir()

    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            told: list[object] = []
            running = asyncio.create_task(tools.exporter.export([SAMPLE], kind, out / "x", tell=told.append))
            while not (running.done() or told or list(out.iterdir())):
                await asyncio.sleep(0)
            running.cancel()
            await asyncio.wait((running,))

    asyncio.run(run())
    left = sorted(path.name for path in out.iterdir())
    assert left in ([], ["x"], ["x", "x pictures"]), "all of it or nothing"
    assert not [name for name in left if name.endswith(".part")]


def test_markdown_over_itself_leaves_one_folder(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    mine = out / "mine pictures"
    mine.mkdir()
    (mine / "my.jpg").touch()

    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            for _ in range(3):
                for name in ("again.md", "mine.md"):
                    await tools.exporter.export([SAMPLE], "md", out / name, overwrite=True)

    asyncio.run(run())
    names = ["again pictures", "again.md", "mine pictures", "mine pictures 2", "mine.md"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert [path.name for path in mine.iterdir()] == ["my.jpg"]


def test_a_pdf_keeps_spaces_and_tabs_of_questions(home: Path) -> None:
    heading, messages = sample()
    parts = (TextPart(text="a  b\tc\n  d"),)
    conversation = ExportedConversation(
        id=heading.id,
        title="",
        created=heading.created,
        changed=heading.changed,
        messages=(messages[0].replace(parts=parts),),
    )
    page = "".join(print_page_of(conversation, {}, {}))
    assert '<p class="words">a  b\tc<br>  d</p>' in page
    assert ".words { white-space: pre-wrap; }" in page


def test_a_bare_address_in_a_page_ends_as_in_the_window() -> None:
    page = rendered("see https://e.example/wiki/A_(b), (www.f.example) or g@h.example.")
    assert re.findall('href="([^"]*)"', page) == [
        *("https://e.example/wiki/A_(b)", "http://www.f.example", "mailto:g@h.example"),
    ]


def test_a_place_that_cannot_be_written_is_said(home: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_sample(tools.store)
            for kind in ("json", "html"):
                with pytest.raises(ExportFailed, match="No such file or directory"):
                    await tools.exporter.export([SAMPLE], kind, tmp_path / "missing" / "x")

    asyncio.run(run())


def test_a_conversation_is_found_by_title_id_and_beginning_of_an_id(home: Path) -> None:
    async def run() -> None:
        async with library(home) as tools:
            heading = await plant_sample(tools.store)
            for named in (heading.title, heading.id, heading.id[:4]):
                assert await find(tools.store, named) == heading.id
            for named in ("coffee", "ffff", "0"):
                with pytest.raises(NoConversation):
                    await find(tools.store, named)
            with pytest.raises(NoConversation):
                await gather(tools.store, one_id(9))
            twin = heading.replace(id=one_id(1001), draft=heading.draft.replace(pictures=()))
            await plant(tools.store, twin, ())
            with pytest.raises(NoConversation, match="several"):
                await find(tools.store, heading.title)

    asyncio.run(run())


def test_suggested_names_say_what_it_is() -> None:
    heading, _ = sample()
    assert suggested_name([heading], "md") == "A cup “of” coffee tea.md"
    assert suggested_name([heading], "json") == "A cup “of” coffee tea.fovea.zip"
    assert suggested_name([heading, heading], "json") == "Fovea library.fovea.zip"
    assert suggested_name([heading, heading], "html") == "Fovea library"


def test_run_cards_leave_without_sessions_and_tickets() -> None:
    left = leaving(message(1, None, "x", run=run_card())).run
    assert left is not None
    assert left == run_card(session="", ticket=None)
