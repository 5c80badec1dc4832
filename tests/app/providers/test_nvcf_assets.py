from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import (
    AnswerLost,
    BadAnswer,
    FoveaError,
    KeyRefused,
    NoCredit,
    RequestRefused,
    ServerFailed,
    SignInPage,
    TooManyRequests,
    UploadFailed,
)
from app.domain.events import Accepted, Progress, TextDelta
from app.domain.message import Ticket
from app.domain.picture import Detail
from app.domain.request import ChatRequest, PromptPicture
from app.net.gate import Gate
from app.net.key import Key
from app.providers.nvcf_assets import ABANDONED_DELETE_S, DELETE_S
from app.providers.nvidia import NvidiaProvider
from app.providers.nvidia_models import NANO_VL, PALIGEMMA
from app.providers.site import Patience, Site
from tests.app.providers.nvidia_asking import (
    CONFIG,
    QUICK,
    Told,
    asking,
    assistant,
    picture,
    provider_at,
    told_by,
    user,
)
from tests.conftest import ExpectedLog
from tests.servers.fault_server import Answer, FaultServer, Forever, Hang, delta, in_a_thread
from tests.servers.nvidia_server import (
    ASSETS,
    KEY,
    NEVER,
    REFERENCES,
    STATUS,
    STORAGE,
    Later,
    NvidiaServer,
    document,
    problem,
)

ROOT = Path(__file__).resolve().parents[3]
LARGE = 400_000
STOPPED_S = 4.0
"""Stop takes less than a second, on a busy machine more; all of DELETE_S is what would be too long."""


def uploading(*pictures: PromptPicture, model: str = NANO_VL, **fields: Any) -> ChatRequest:
    return asking(user("What is it?", *pictures), model=model, detail=Detail.UPLOAD, **fields)


def ask(request: ChatRequest, server: NvidiaServer, home: Path) -> Told:
    async def run() -> Told:
        async with server:
            return await told_by(provider_at(server, home).stream(request))

    return asyncio.run(run())


def notes_in(home: Path) -> list[str]:
    return sorted(path.stem for path in (home / "uploads").glob("*.json"))


# ---------------------------------------------------------------- up, used, and deleted


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("model", [NANO_VL, PALIGEMMA])
def test_a_large_picture_goes_up_is_named_and_is_deleted(model: str, stream: bool, home: Path) -> None:
    server = NvidiaServer()
    large = picture(LARGE)
    told = ask(uploading(large, model=model, stream=stream), server, home)
    assert server.violations == []
    assert told.text == "A cat on a mat."
    (name,) = server.assets
    assert server.assets[name].data == large.data
    assert server.assets[name].content_type == "image/jpeg"
    assert server.undeleted == notes_in(home) == []
    content = server.bodies[0]["messages"][0]["content"]
    assert f'<img src="data:image/jpeg;asset_id,{name}" />' in content
    chat = next(request for request in server.requests if "chat" in request.path or "vlm" in request.path)
    assert chat.headers[REFERENCES] == name


def test_the_upload_s_steps_are_told(home: Path) -> None:
    told = ask(uploading(picture(LARGE), picture(LARGE + 1)), NvidiaServer(), home)
    steps = told.stage("uploading")
    assert {step.parts for step in steps} == {2}
    assert [step.part for step in steps] == sorted(step.part or 0 for step in steps)
    assert steps[0].fraction == 0
    for part in (1, 2):
        fractions = [step.fraction or 0 for step in steps if step.part == part]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1
    assert all(step.bytes_per_s is None or step.bytes_per_s > 0 for step in steps)


def test_the_storage_gets_the_signed_headers_and_no_key(home: Path) -> None:
    server = NvidiaServer()
    ask(uploading(picture(LARGE, mime="image/png")), server, home)
    (put,) = server.asked(STORAGE)
    assert put.headers["content-type"] == "image/png"
    assert put.headers["x-amz-meta-nvcf-asset-description"] == next(iter(server.assets.values())).description
    assert "authorization" not in put.headers
    assert server.violations == []


def test_only_what_is_too_large_goes_up_and_each_picture_once(home: Path) -> None:
    small, large = picture(1000), picture(LARGE)
    request = asking(user("One", small, large), assistant("Yes"), user("Two", large), detail=Detail.UPLOAD)
    server = NvidiaServer()
    told = ask(request, server, home)
    assert told.finished
    assert server.violations == []
    assert len(server.assets) == 1
    first, _, last = (message["content"] for message in server.bodies[0]["messages"])
    assert first.count("base64,") == first.count("asset_id,") == last.count("asset_id,") == 1


@pytest.mark.parametrize("size", [134_997, 134_998])
def test_the_border_is_at_180_000_characters_of_base64(size: int, home: Path) -> None:
    server = NvidiaServer()
    ask(uploading(picture(size)), server, home)
    assert server.violations == []
    assert len(server.assets) == (1 if size > 134_997 else 0)


@pytest.mark.parametrize("detail", [Detail.FIT, Detail.ORIGINAL])
def test_without_the_user_s_word_nothing_is_uploaded(detail: Detail, home: Path) -> None:
    server = NvidiaServer()
    told = ask(asking(user("?", picture(LARGE)), detail=detail), server, home)
    assert isinstance(told.error, RequestRefused)
    assert "400,000" in told.error.sentence
    assert "upload it" in told.error.sentence
    assert server.requests == []


def test_a_model_without_uploads_is_sent_none(home: Path) -> None:
    server = NvidiaServer()
    request = uploading(picture(LARGE), model="meta/llama-3.2-11b-vision-instruct")
    assert isinstance(ask(request, server, home).error, RequestRefused)
    assert server.requests == []


def test_ten_uploads_fit_into_the_header_and_eleven_are_refused_before_the_first(home: Path) -> None:
    pictures = [picture(150_000, salt=bytes([number])) for number in range(11)]
    server = NvidiaServer()
    told = ask(uploading(*pictures[:10]), server, home)
    assert told.finished
    assert server.violations == []
    chat = next(request for request in server.requests if "chat" in request.path)
    assert len(chat.headers[REFERENCES]) == 369
    assert server.undeleted == []
    server = NvidiaServer()
    told = ask(uploading(*pictures), server, home)
    assert isinstance(told.error, RequestRefused)
    assert "10" in told.error.sentence
    assert server.requests == []


def test_an_upload_is_noted_before_its_bytes_go_up_also_in_a_new_home(home: Path) -> None:
    assert not home.exists()
    noted: list[list[str]] = []

    class Watching(NvidiaServer):
        def _store(self, request: Any, name: str) -> Any:
            noted.append(notes_in(home))
            return super()._store(request, name)

    server = Watching()
    told = ask(uploading(picture(LARGE)), server, home)
    assert told.finished
    assert noted == [list(server.assets)]
    assert notes_in(home) == []


def test_a_home_that_cannot_be_written_does_not_stop_the_upload(home: Path, expect_log: ExpectedLog) -> None:
    expect_log("could not be noted")
    home.write_bytes(b"a file, no folder")
    server = NvidiaServer()
    told = ask(uploading(picture(LARGE)), server, home)
    assert told.finished
    assert server.undeleted == []


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("answer", "leaf", "words"),
    [
        (problem(401, "Unauthorized", "bad key"), KeyRefused, "bad key"),
        (problem(402, "Payment Required", "no credits"), NoCredit, "no credits"),
        (problem(429, "Too Many", "slow", **{"Retry-After": "90"}), TooManyRequests, "90 seconds"),
        (problem(500, "Internal Server Error", "oops"), ServerFailed, "oops"),
        (problem(404, "Not Found", "gone"), UploadFailed, "no uploads any more"),
        (problem(410, "Gone", "gone"), UploadFailed, "no uploads any more"),
        (document(200, {"assetId": "x"}), BadAnswer, "where"),
        (document(200, "no json"), BadAnswer, "not JSON"),
        (document(200, "<html>Welcome</html>", "text/html"), SignInPage, "with a web page"),
        (document(200, {"assetId": "../x", "uploadUrl": "https://s.example/"}), BadAnswer, "name"),
    ],
)
def test_an_upload_that_is_not_granted_says_why(
    answer: Answer, leaf: type[FoveaError], words: str, home: Path
) -> None:
    server = NvidiaServer()
    server.faults.create = [answer] * 3
    told = ask(uploading(picture(LARGE)), server, home)
    assert type(told.error) is leaf
    assert words in told.error.sentence
    assert server.bodies == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_too_busy_for_an_upload_is_asked_again(status: int, home: Path) -> None:
    server = NvidiaServer()
    server.faults.create = [problem(status, "Busy", "busy", **{"Retry-After": "0"})]
    told = ask(uploading(picture(LARGE)), server, home)
    assert (told.finished, told.text) == (True, "A cat on a mat.")
    assert len(told.stage("retrying")) == len(server.assets) == len(server.bodies) == 1
    assert server.violations == []


@pytest.mark.parametrize(
    "url",
    ["http://bucket.example/x", "ftp://bucket.example/x", "nonsense", "https://user@bucket.example/x"],
)
def test_the_bytes_go_to_no_place_that_is_not_safe(url: str, home: Path) -> None:
    server = NvidiaServer()
    name = str(uuid.uuid4())
    server.faults.create = [document(200, {"assetId": name, "uploadUrl": url})]
    told = ask(uploading(picture(LARGE)), server, home)
    assert isinstance(told.error, UploadFailed)
    assert [request.method for request in server.requests] == ["POST", "DELETE"]
    assert notes_in(home) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer([b"<?xml version='1.0'?><Error><Code>SignatureDoesNotMatch</Code></Error>"], 403, {}),
            "403: SignatureDoesNotMatch",
        ),
        (Answer([], 307, {"Location": "https://other.example/"}, "length"), "307"),
        (Answer([], 500, {}, "length"), "500"),
    ],
)
def test_a_storage_that_refuses_is_named_and_what_went_up_is_deleted(
    answer: Answer, words: str, home: Path
) -> None:
    server = NvidiaServer()
    server.faults.put = [answer]
    told = ask(uploading(picture(LARGE)), server, home)
    assert isinstance(told.error, UploadFailed)
    assert words in told.error.sentence
    assert "cat.jpg" in told.error.sentence
    assert server.undeleted == notes_in(home) == []


def test_a_storage_that_hangs_up_is_named(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server, FaultServer([Answer([], 200, {}, "length")]) as gone:
            url = gone.url
            await gone.__aexit__()
            name = str(uuid.uuid4())
            server.faults.create = [document(200, {"assetId": name, "uploadUrl": f"{url}/x"})]
            told = await told_by(provider_at(server, home).stream(uploading(picture(LARGE))))
            assert isinstance(told.error, UploadFailed)
            assert "nothing accepts connections" in told.error.sentence

    asyncio.run(run())


def test_a_refused_question_deletes_what_went_up(home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [problem(402, "Payment Required", "no credits")]
    told = ask(uploading(picture(LARGE)), server, home)
    assert isinstance(told.error, NoCredit)
    assert server.undeleted == notes_in(home) == []


def test_asking_again_after_a_busy_moment_uploads_nothing_twice(home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [problem(503, "Busy", "busy", **{"Retry-After": "0"})]
    told = ask(uploading(picture(LARGE)), server, home)
    assert told.finished
    assert len(server.assets) == 1
    assert len(server.bodies) == 2


@pytest.mark.parametrize("answer", [problem(500, "Internal Server Error", "oops"), NEVER])
def test_a_deletion_that_fails_does_not_spoil_the_answer_and_is_made_up_for(
    answer: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.providers.nvidia.DELETE_S", 0.2)

    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.delete = [answer]
            provider = provider_at(server, home)
            told = await told_by(provider.stream(uploading(picture(LARGE))))
            assert told.finished
            assert told.error is None
            assert notes_in(home) == server.undeleted == list(server.assets)
            await provider.tidy()
            assert notes_in(home) == server.undeleted == []

    asyncio.run(run())


# ---------------------------------------------------------------- stopping


async def stopped_when(
    server: NvidiaServer, provider: NvidiaProvider, request: ChatRequest, reached: Callable[[], bool]
) -> float:
    """How long Stop took once `reached`."""

    async def read() -> None:
        async with aclosing(provider.stream(request)) as events:
            async for _ in events:
                pass

    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read())
        async with asyncio.timeout(10):
            while not reached():
                await asyncio.sleep(0.005)
        begun = time.monotonic()
        reading.cancel()
    return time.monotonic() - begun


def test_b26_stopping_a_slow_upload_takes_less_than_a_second_and_deletes_it(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.read_body_bytes_per_second = 200_000
            provider = provider_at(server, home)
            request = uploading(picture(20_000_000))
            took = await stopped_when(server, provider, request, lambda: server.accepted == 2)
            assert took < STOPPED_S
            assert [asset.data for asset in server.assets.values()] == [None]
            assert server.undeleted == notes_in(home) == []
            assert not server.bodies
            assert not server.violations

    asyncio.run(run())


def test_stopping_the_answer_deletes_the_upload(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.chat = [Answer([delta("A"), Forever(delta(" b"), 0.01)])]
            provider = provider_at(server, home)
            took = await stopped_when(
                server, provider, uploading(picture(LARGE)), lambda: bool(server.bodies)
            )
            assert took < STOPPED_S
            assert server.undeleted == notes_in(home) == []

    asyncio.run(run())


def test_stopping_where_deleting_hangs_takes_less_than_a_second_and_leaves_the_note(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.chat = [Answer([delta("A"), Hang()])]
            server.faults.delete = [NEVER]
            provider = provider_at(server, home)
            took = await stopped_when(
                server, provider, uploading(picture(LARGE)), lambda: bool(server.bodies)
            )
            assert ABANDONED_DELETE_S < 1 and took < STOPPED_S < DELETE_S
            assert notes_in(home) == server.undeleted
            assert server.undeleted

    asyncio.run(run())


def test_closing_the_answer_after_its_first_word_deletes_the_upload(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            async with aclosing(provider_at(server, home).stream(uploading(picture(LARGE)))) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        break
            assert server.undeleted == notes_in(home) == []

    asyncio.run(run())


def test_closing_in_the_middle_of_an_upload_ends_it(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.read_body_bytes_per_second = 10_000_000
            answer = provider_at(server, home).stream(uploading(picture(20_000_000)))
            async with aclosing(answer) as events:
                async for event in events:
                    if isinstance(event, Progress) and event.fraction:
                        break
            await server.wait_until_idle()
            assert server.undeleted == notes_in(home) == []
            assert server.bodies == []

    asyncio.run(run())


# ---------------------------------------------------------------- answers that come later


def test_an_upload_stays_while_its_answer_is_made_and_goes_when_it_was_fetched(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.later = Later(polls=None)
            first = provider_at(server, home)
            ticket: Ticket | None = None
            request = uploading(picture(LARGE), resumable=True)
            async with aclosing(first.stream(request)) as events:
                async for event in events:
                    if isinstance(event, Accepted):
                        ticket = event.ticket
                        break
            assert ticket is not None
            assert notes_in(home) == server.undeleted == list(server.assets)
            second = provider_at(server, home)
            await second.tidy()
            assert server.undeleted == list(server.assets)
            server.later = Later(polls=1)
            told = await told_by(second.resume(ticket))
            assert told.finished
            assert server.undeleted == notes_in(home) == []
            assert server.violations == []

    asyncio.run(run())


def test_an_upload_goes_at_once_where_nobody_will_fetch_the_answer(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.later = Later(polls=None)
            provider = provider_at(server, home)
            request = uploading(picture(LARGE))
            took = await stopped_when(server, provider, request, lambda: len(server.asked(STATUS)) > 1)
            assert took < STOPPED_S
            assert server.undeleted == notes_in(home) == []

    asyncio.run(run())


def test_an_upload_goes_when_its_answer_is_lost(home: Path) -> None:
    server = NvidiaServer()
    server.later = Later()
    server.faults.poll = [problem(404, "Not Found", "unknown")]
    told = ask(uploading(picture(LARGE)), server, home)
    assert isinstance(told.error, AnswerLost)
    assert server.undeleted == notes_in(home) == []


# ---------------------------------------------------------------- after a crash

CHILD = """
import asyncio, sys
from pathlib import Path
from app.domain.picture import Detail
from tests.app.providers.nvidia_asking import *
from tests.servers.nvidia_server import NvidiaServer

async def main(url, home):
    server = NvidiaServer()
    server.__class__ = type("There", (NvidiaServer,), {"url": url})
    provider = provider_at(server, Path(home))
    request = asking(user("?", picture(400_000)), detail=Detail.UPLOAD)
    await told_by(provider.stream(request))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="process ids tell about processes on POSIX only")
def test_what_a_killed_program_left_is_deleted_at_the_next_start(home: Path) -> None:
    with in_a_thread(NvidiaServer()) as server:
        server.faults.chat = [NEVER]
        child = subprocess.Popen([sys.executable, "-c", CHILD, server.url, str(home)], cwd=ROOT)
        try:
            deadline = time.monotonic() + 30
            while not server.bodies and child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            assert server.bodies, "the child never asked"
            (left,) = notes_in(home)
            assert asyncio.run(tidied(server, home)) == [left], "its process still runs"
            child.send_signal(signal.SIGKILL)
        finally:
            child.kill()
            child.wait()
        assert asyncio.run(tidied(server, home)) == []
        assert server.undeleted == []
        assert server.violations == []


async def tidied(server: NvidiaServer, home: Path) -> list[str]:
    await provider_at(server, home).tidy()
    return notes_in(home)


def note(home: Path, **changes: Any) -> str:
    """A note of an upload that a process left which is no more."""
    name = str(uuid.uuid4())
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    fields = {"id": name, "origin": "", "created": time.time(), "pid": gone.pid, "request": ""} | changes
    folder = home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(fields))
    return name


@pytest.mark.skipif(os.name != "posix", reason="process ids tell about processes on POSIX only")
def test_tidying_asks_only_for_what_is_this_endpoint_s_and_may_go(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            unknown = note(home, origin=server.url)
            old = note(home, origin=server.url, created=time.time() - 90_000)
            foreign = note(home, origin="https://api.nvcf.nvidia.com")
            running = note(home, origin=server.url, pid=os.getpid())
            pending = note(home, origin=server.url, request="r-1")
            given_up = note(home, origin=server.url, request="r-2", created=time.time() - 3600)
            (home / "uploads" / "broken.json").write_text("{")
            assert await tidied(server, home) == sorted([foreign, running, pending])
            deleted = {request.path.rpartition("/")[2] for request in server.asked(ASSETS)}
            assert deleted == {unknown, given_up}
            assert old not in deleted
            assert server.violations == []

    asyncio.run(run())


def test_tidying_without_a_key_or_a_network_leaves_everything_for_later(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            url = server.url
            left = note(home, origin=url)

            async def none() -> Key | None:
                raise KeyRefused(endpoint="NVIDIA", status=401, reason="x")

            await NvidiaProvider(Site(Gate(), "NVIDIA", none, url, QUICK), CONFIG, home).tidy()
            assert server.requests == []
        await provider_at(server, home).tidy()
        assert notes_in(home) == [left]

    asyncio.run(run())


def test_tidying_nothing_asks_nobody(home: Path) -> None:
    async def find() -> Key | None:
        raise AssertionError("the key was asked for")

    site = Site(Gate(), "NVIDIA", find, "http://127.0.0.1:9", Patience())
    asyncio.run(NvidiaProvider(site, CONFIG, home).tidy())
    assert not home.exists()


def test_no_key_is_written_to_the_disk(home: Path) -> None:
    server = NvidiaServer()
    server.faults.delete = [problem(500, "Internal Server Error", KEY)]
    ask(uploading(picture(LARGE)), server, home)
    assert notes_in(home)
    for path in home.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()
