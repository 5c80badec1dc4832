from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from app.domain.errors import (
    AnswerLate,
    AnswerLost,
    BadAnswer,
    KeyRefused,
    OfflineRefused,
    ServerFailed,
)
from app.domain.events import Accepted, Progress, RequestNamed
from app.domain.message import Ticket
from app.net.gate import Gate
from app.net.key import Key
from app.providers.nvidia import NvidiaProvider
from app.providers.nvidia_models import PALIGEMMA
from app.providers.site import Patience, Site
from tests.app.providers.nvidia_asking import CONFIG, QUICK, Told, asking, picture, provider_at, told_by, user
from tests.servers.fault_server import Answer, Raw, Reset
from tests.servers.hurry import hurried
from tests.servers.nvidia_server import NEVER, STATUS, Later, NvidiaServer, document, problem

IMPATIENT = Patience(idle=5.0, poll=0.02, deadline=0.3)
WAITING = Answer([], 202, {"NVCF-REQID": "r-1", "NVCF-STATUS": "in-progress"}, "length")


def ask(server: NvidiaServer, home: Path, patience: Patience = QUICK, stream: bool = True) -> Told:
    async def run() -> Told:
        async with server:
            provider = provider_at(server, home, patience=patience)
            return await told_by(provider.stream(asking(user("?", picture()), stream=stream)))

    return asyncio.run(run())


def a_server(later: Later | None = None) -> NvidiaServer:
    server = NvidiaServer()
    server.later = later or Later()
    return server


@pytest.mark.parametrize("stream", [True, False])
def test_b19_an_answer_that_comes_later_is_asked_for_until_it_is_there(stream: bool, home: Path) -> None:
    server = a_server(Later(polls=3, percents=("10", "60", "90")))
    told = ask(server, home, stream=stream)
    assert server.violations == []
    assert told.text == "A cat on a mat."
    assert told.finished
    (accepted,) = told.of(Accepted)
    (named,) = told.of(RequestNamed)
    assert accepted.ticket.request_id == named.request_id
    assert accepted.ticket.endpoint_id == "nvidia"
    assert accepted.ticket.url == f"https://api.nvcf.nvidia.com{STATUS}{named.request_id}"
    assert abs(accepted.ticket.given - time.time()) < 60
    assert [progress.fraction for progress in told.stage("queued")] == [0.1, 0.6, 0.9, 0.9]
    waited = [progress.seconds or 0 for progress in told.stage("queued")]
    assert waited == sorted(waited)


def test_b19_a_poll_says_how_long_it_may_be_held_and_names_no_assets(home: Path) -> None:
    server = a_server()
    ask(server, home, Patience(idle=5.0, poll=0.02, deadline=5.0))
    polls = server.asked(STATUS)
    assert len(polls) == 3
    assert {poll.headers["nvcf-poll-seconds"] for poll in polls} == {"1"}
    assert {poll.headers["accept"] for poll in polls} == {"text/event-stream"}


def test_b19_a_poll_that_knows_the_request_no_more_loses_the_answer(home: Path) -> None:
    server = a_server()
    server.faults.poll = [WAITING, problem(404, "Not Found", "no such request")]
    told = ask(server, home)
    assert isinstance(told.error, AnswerLost)
    assert "Ask again" in told.error.sentence


def test_b19_an_answer_that_never_comes_is_given_up_at_the_deadline(home: Path) -> None:
    server = a_server(Later(polls=None))
    begun = time.monotonic()
    told = ask(server, home, IMPATIENT)
    assert isinstance(told.error, AnswerLate)
    assert "within 1 minutes" in told.error.sentence
    assert 0.3 <= time.monotonic() - begun < 30
    assert len(told.stage("queued")) > 2
    assert server.violations == []


def test_b19_a_poll_that_is_never_answered_ends_at_the_deadline_too(home: Path) -> None:
    server = a_server()
    server.faults.poll = [NEVER] * 100
    told = ask(server, home, IMPATIENT)
    assert isinstance(told.error, AnswerLate)


def test_no_worker_yet_is_no_reason_to_give_up(home: Path) -> None:
    server = a_server(Later(polls=1))
    server.faults.poll = [problem(504, "Gateway Timeout", "no worker")] * 6
    told = ask(server, home)
    assert told.finished
    assert len(told.stage("queued")) == 8


def test_trouble_that_passes_is_waited_out_and_trouble_that_stays_is_told(home: Path) -> None:
    server = a_server(Later(polls=0))
    server.faults.poll = [problem(502, "Bad Gateway", "x"), problem(429, "Slow down", "x"), Raw([Reset()])]
    assert ask(server, home).finished
    server = a_server(Later(polls=0))
    server.faults.poll = [problem(503, "Service Unavailable", "all gone")] * 9
    told = ask(server, home)
    assert isinstance(told.error, ServerFailed)
    assert "all gone" in told.error.sentence
    assert len(server.asked(STATUS)) == 4


def test_b17_a_poll_waits_as_long_as_the_service_asks_and_says_so(home: Path) -> None:
    server = a_server(Later(polls=0))
    waits = (8, 7, 6, 5)
    busy = [problem(429 if wait % 2 else 503, "Busy", "x", **{"Retry-After": f"{wait}"}) for wait in waits]
    server.faults.poll = [*busy]

    async def run() -> tuple[Told, float]:
        clock = asyncio.get_running_loop().time
        async with server:
            begun = clock()
            provider = provider_at(server, home, patience=Patience(idle=60.0, poll=1.0, deadline=600.0))
            told = await told_by(provider.stream(asking(user("?", picture()))))
            return told, clock() - begun

    told, took_s = hurried(run(), speed=50)
    assert told.finished
    assert took_s >= sum(waits)
    lefts = [progress.seconds for progress in told.stage("retrying")]
    assert lefts == [float(left) for wait in waits for left in range(wait, 0, -1)]
    assert len(server.asked(STATUS)) == 5
    assert server.violations == []


def test_b17_a_poll_that_is_to_wait_for_hours_waits_no_longer_than_the_deadline(home: Path) -> None:
    server = a_server(Later(polls=None))
    server.faults.poll = [problem(503, "Offline", "x", **{"Retry-After": "10800"})]
    told = ask(server, home, IMPATIENT)
    assert isinstance(told.error, AnswerLate)
    assert [0 < (progress.seconds or 0) <= 0.3 for progress in told.stage("retrying")] == [True]
    assert len(server.asked(STATUS)) == 2


def test_a_key_that_was_revoked_meanwhile_is_said(home: Path) -> None:
    server = a_server()
    server.faults.poll = [problem(401, "Unauthorized", "revoked")]
    assert isinstance(ask(server, home).error, KeyRefused)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_an_answer_offered_as_a_download_is_not_opened(status: int, home: Path) -> None:
    server = a_server()
    server.faults.poll = [Answer([], status, {"Location": "https://bucket.example/answer.zip"}, "length")]
    told = ask(server, home)
    assert isinstance(told.error, BadAnswer)
    assert "download" in told.error.sentence
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["", "../../v1/models", "a b", "x" * 200])
def test_a_promise_without_a_usable_name_is_no_answer(name: str, home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [Answer([], 202, {"NVCF-REQID": name} if name else {}, "length")]
    told = ask(server, home)
    assert isinstance(told.error, BadAnswer)
    assert len(server.requests) == 1


@pytest.mark.parametrize("percent", ["", "soon", "nan", "-5", "1e9"])
def test_a_percentage_that_is_none_does_no_harm(percent: str, home: Path) -> None:
    server = a_server(Later(polls=1, percents=(percent,)))
    told = ask(server, home)
    assert told.finished
    assert all(p.fraction is None or 0 <= p.fraction <= 1 for p in told.stage("queued"))


def test_a_refused_answer_is_no_reason_to_ask_the_question_again(home: Path) -> None:
    server = a_server(Later(polls=0))
    server.faults.poll = [problem(500, "Internal Server Error", "worker died")]
    told = ask(server, home)
    assert isinstance(told.error, ServerFailed)
    assert len(server.bodies) == 1


def test_stopping_while_it_waits_closes_the_connection_at_once(home: Path) -> None:
    async def run() -> None:
        async with a_server() as server:
            server.faults.poll = [NEVER]
            provider = provider_at(server, home)
            answer = provider.stream(asking(user("?", picture())))

            async def read() -> None:
                async with aclosing(answer) as events:
                    async for _ in events:
                        pass

            async with asyncio.TaskGroup() as group:
                reading = group.create_task(read())
                await server.wait_for_requests(2)
                begun = time.monotonic()
                reading.cancel()
            await server.wait_until_idle()
            assert time.monotonic() - begun < 10

    asyncio.run(run())


# ---------------------------------------------------------------- after a restart


def test_an_answer_is_fetched_by_its_ticket_in_another_run(home: Path) -> None:
    async def run() -> None:
        async with a_server(Later(polls=1)) as server:
            server.later = Later(polls=None)
            first = provider_at(server, home)
            ticket: Ticket | None = None
            async with aclosing(first.stream(asking(user("?", picture()), model=PALIGEMMA))) as events:
                async for event in events:
                    if isinstance(event, Accepted):
                        ticket = event.ticket
                    if isinstance(event, Progress):
                        break
            assert ticket is not None
            server.later = Later(polls=2)
            told = await told_by(provider_at(server, home).resume(ticket))
            assert told.text == "A cat on a mat."
            assert told.finished
            assert told.of(Accepted) == []
            assert isinstance((await told_by(provider_at(server, home).resume(ticket))).error, AnswerLost)
            assert server.violations == []

    asyncio.run(run())


def old_ticket() -> Ticket:
    url = f"https://api.nvcf.nvidia.com{STATUS}r-1"
    return Ticket(endpoint_id="nvidia", request_id="r-1", url=url, given=time.time() - 86_400)


def test_an_old_ticket_is_asked_for_once_even_after_the_deadline(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.poll = [
                document(200, {"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]})
            ]
            provider = provider_at(server, home)
            told = await told_by(provider.resume(old_ticket()))
            assert told.text == "Yes."
            assert (told.stage("queued")[0].seconds or 0) > 86_000
            server.faults.poll = [WAITING]
            assert isinstance((await told_by(provider.resume(old_ticket()))).error, AnswerLate)

    asyncio.run(run())


def test_offline_nothing_is_asked_for(home: Path) -> None:
    async def find() -> Key | None:
        return None

    provider = NvidiaProvider(Site(Gate(offline=True), "NVIDIA", find), CONFIG, home)
    told = asyncio.run(told_by(provider.resume(old_ticket())))
    assert isinstance(told.error, OfflineRefused)


def test_a_question_answered_by_a_download_is_no_redirect(home: Path) -> None:
    server = NvidiaServer()
    headers = {"Location": "https://bucket.example/answer.zip", "NVCF-REQID": "r-1"}
    server.faults.chat = [Answer([], 302, headers, "length")]
    told = ask(server, home)
    assert isinstance(told.error, BadAnswer)
    assert "download" in told.error.sentence
