"""What goes out: bodies of any kind, told as they go, and what the ledger is spared."""

from __future__ import annotations

import asyncio

import pytest

from app.net.gate import UPLOAD_PIECE, Gate
from app.net.key import Key
from tests.servers.fault_server import Answer, FaultServer

KEPT = Answer(
    [b"kept"], framing="length", headers={"Content-Type": "Text/Plain; charset=utf-8", "ETag": '"1"'}
)


def test_raw_bytes_go_as_they_are_under_the_name_of_their_type() -> None:
    picture = bytes(range(256)) * 4

    async def run() -> None:
        async with FaultServer([KEPT]) as server:
            answer = await Gate().fetch(
                "PUT",
                f"{server.url}/asset",
                endpoint="Box",
                content=picture,
                content_type="image/jpeg",
                headers={"x-amz-meta-nvcf-asset-description": "a picture"},
            )
            request = server.requests[0]
            assert (request.method, request.body) == ("PUT", picture)
            assert request.headers["content-type"] == "image/jpeg"
            assert request.headers["content-length"] == str(len(picture))
            assert request.headers["x-amz-meta-nvcf-asset-description"] == "a picture"
            assert "authorization" not in request.headers
            assert (answer.content_type, answer.headers["etag"]) == ("text/plain", '"1"')

    asyncio.run(run())


def test_a_request_without_a_body_has_none_and_an_empty_one_says_so() -> None:
    async def run() -> None:
        async with FaultServer([KEPT]) as server:
            await Gate().fetch("DELETE", server.url, endpoint="Box")
            await Gate().fetch("PUT", server.url, endpoint="Box", content=b"")
            nothing, empty = server.requests
            assert {"content-type", "content-length"}.isdisjoint(nothing.headers)
            assert empty.headers["content-length"] == "0"

    asyncio.run(run())


@pytest.mark.parametrize("size", [0, 1, UPLOAD_PIECE, UPLOAD_PIECE + 1, 5 * UPLOAD_PIECE - 1])
def test_an_upload_tells_how_far_it_is_up_to_its_last_byte(size: int) -> None:
    async def run() -> None:
        told: list[int] = []
        async with FaultServer([KEPT]) as server:
            await Gate().fetch("PUT", server.url, endpoint="Box", content=bytes(size), on_sent=told.append)
            assert len(server.requests[0].body) == size
        assert told == sorted(set(told))
        assert len(told) == -(-size // UPLOAD_PIECE)
        assert not told or told[-1] == size

    asyncio.run(run())


def test_b26_a_slow_upload_tells_its_progress_and_is_cancelled_at_once() -> None:
    async def run() -> None:
        moving = asyncio.Event()
        told: list[int] = []

        def on_sent(count: int) -> None:
            told.append(count)
            moving.set()

        door = Gate()
        async with FaultServer([KEPT]) as server:
            server.read_body_bytes_per_second = 1_000_000
            upload = door.fetch("PUT", server.url, endpoint="Box", content=bytes(20_000_000), on_sent=on_sent)
            task = asyncio.ensure_future(upload)
            await moving.wait()
            assert told[0] < 10_000_000
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 10)
            server.read_body_bytes_per_second = 1e9
            await asyncio.wait_for(server.wait_until_idle(), 10)
            assert server.requests == []
            assert [row.outcome for row in door.ledger] == ["cancelled"]
            assert 0 < door.ledger[0].bytes_sent < 20_000_000

    asyncio.run(run())


def test_what_only_watches_this_computer_can_be_left_out_of_the_ledger() -> None:
    async def run() -> None:
        door = Gate()
        async with FaultServer([KEPT]) as server:
            await door.fetch("GET", f"{server.url}/health", endpoint="Box", noted=False)
            assert not door.ledger
            await door.fetch("GET", f"{server.url}/v1/models", endpoint="Box")
            assert [row.path for row in door.ledger] == ["/v1/models"]

    asyncio.run(run())


def test_what_leaves_this_computer_is_always_in_the_ledger() -> None:
    door = Gate(offline=True)
    for noted in (True, False):
        with pytest.raises(Exception, match="offline"):
            asyncio.run(door.fetch("GET", "http://box.invalid/", endpoint="Box", noted=noted))
    assert len(door.ledger) == 2


def test_a_key_of_another_header_is_sent_there_alone() -> None:
    async def run() -> None:
        async with FaultServer([KEPT]) as server:
            key = Key((server.url,), "sekret", header="x-api-key", prefix="")
            await Gate().fetch("GET", server.url, endpoint="Box", key=key)
            assert server.requests[0].headers["x-api-key"] == "sekret"
            assert "authorization" not in server.requests[0].headers

    asyncio.run(run())
