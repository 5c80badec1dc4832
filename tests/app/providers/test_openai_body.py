"""What the bytes of an answer are, whatever they are called and however they are cut."""

from __future__ import annotations

import asyncio
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadAnswer, SignInPage, Stalled
from app.domain.events import Finished
from app.net.gate import Gate
from app.providers.openai_body import MOST_DOCUMENT, Form, form_of
from app.providers.openai_wire import stream_chat
from tests.app.providers.nugen_samples import Told, hear
from tests.servers.fault_server import DONE, Answer, FaultServer, Forever, Step, Wait, delta, finish

KINDS = ["", "text/plain", "text/event-stream", "application/json", "application/octet-stream"]
PAGES = [
    b"<!doctype html><title>Hotel</title>",
    b"<!DOCTYPE HTML>",
    b"<html><script>steal()</script>",
    b"\n\n  <HTML lang=x>",
    b"\xef\xbb\xbf<html>",
    b"\xef\xbb\xbf \r\n<?xml version='1.0'?><!DOCTYPE html>",
    b"<head></head>",
]
WHOLE = json.dumps({"choices": [{"message": {"content": "Grün 🌊"}, "finish_reason": "stop"}]}).encode()


def tell(
    *steps: Step, kind: str = "", status: int = 200, framing: str = "chunked", idle_s: float | None = 5
) -> Told:
    async def run() -> Told:
        answer = Answer(steps, status, {"Content-Type": kind} if kind else {}, framing)
        async with FaultServer([answer]) as server:
            told = await hear(stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=idle_s))
            await asyncio.wait_for(server.wait_until_idle(), 30)
            return told

    return asyncio.run(run())


@pytest.mark.parametrize("kind", [*KINDS, "text/html"])
@pytest.mark.parametrize("page", PAGES)
def test_b15_a_web_page_is_one_whatever_it_is_called(kind: str, page: bytes) -> None:
    told = tell(page, b"<p>Please sign in", kind=kind)
    assert isinstance(told.error, SignInPage)
    assert "127.0.0.1" in told.error.sentence


@pytest.mark.parametrize("page", PAGES)
def test_b15_a_web_page_is_one_however_it_is_cut(page: bytes) -> None:
    assert isinstance(tell(*(bytes([byte]) for byte in page)).error, SignInPage)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n ", b"\r\n\t"])
def test_a_document_is_read_behind_a_mark_of_its_encoding(kind: str, begin: bytes) -> None:
    for steps in ([begin + WHOLE], [bytes([byte]) for byte in begin + WHOLE]):
        told = tell(*steps, kind=kind)
        assert (told.text(), told.error) == ("Grün 🌊", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_is_read_whatever_it_is_called(kind: str) -> None:
    for begin in (b"", b"\xef\xbb\xbf", b"\n\n", b": hi\n\n", b"\xef\xbb\xbf: hi\n\n", b"<a>: odd\n"):
        told = tell(begin + delta("a"), finish(), DONE, kind=kind)
        assert (told.text(), told.events[-1]) == ("a", Finished(reason="stop"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_a_document_of_two_bytes_a_character_is_called_one(encoding: str, kind: str) -> None:
    told = tell(WHOLE.decode().encode(encoding), kind=kind)
    assert isinstance(told.error, BadAnswer)
    assert "UTF-16" in told.error.sentence


@pytest.mark.parametrize(
    ("status", "framing"), [(200, "length"), (200, "chunked"), (200, "close"), (204, "length")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_no_bytes_is_said_to_be_empty(status: int, framing: str, kind: str) -> None:
    steps = [b" \n"] if framing == "chunked" else []
    told = tell(*steps, kind=kind, status=status, framing=framing)
    assert type(told.error) is BadAnswer
    assert told.error.facts["reason"] == "it was empty"
    assert "get the rest" not in told.error.sentence


@pytest.mark.parametrize("body", [b"<", b"<!doc", b"\xef\xbb", b"<htm"])
def test_a_body_that_ends_before_it_can_be_told_is_an_error_with_its_reason(body: bytes) -> None:
    error = tell(body).error
    assert error is not None
    assert all(error.facts.values())


@given(st.binary(max_size=30))
def test_every_body_is_something_once_it_is_long_enough(head: bytes) -> None:
    form = form_of(head + b"................")
    assert form is not None or not head.strip()
    if form_of(head) is not None:
        assert form_of(head) is form


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_b9_a_document_without_end_is_cut_off_and_memory_stays_small(kind: str) -> None:
    tracemalloc.start()
    try:
        told = tell(b'{"choices":[{"message":{"content":"', Forever(b"x" * 262_144), kind=kind)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(told.error, BadAnswer)
    assert told.error.facts["reason"] == f"it is larger than {MOST_DOCUMENT // 2**20} MB"
    assert peak < 64 * 2**20


def test_a_document_may_take_longer_than_a_pause_may_but_blanks_are_none_of_it() -> None:
    parts = [WHOLE[at : at + 10] for at in range(0, len(WHOLE), 10)]
    assert (len(parts) - 1) * 0.15 > 1.0
    pieces = [step for part in parts for step in (part, Wait(0.15))]
    assert tell(*pieces, idle_s=1.0).text() == "Grün 🌊"
    assert isinstance(tell(WHOLE[:20], Forever(b" \n", 0.05), idle_s=0.4).error, Stalled)
    assert isinstance(tell(Forever(b" \n", 0.05), idle_s=0.4).error, Stalled)


def test_the_forms_are_told_apart_by_as_little_as_possible() -> None:
    assert [form_of(head) for head in (b"", b" \n", b"\xef", b"<", b" <!doc")] == [None] * 5
    assert [form_of(head) for head in (b"{", b"[", b"d", b":", b"<x")] == [
        Form.DOCUMENT, Form.DOCUMENT, Form.STREAM, Form.STREAM, Form.STREAM
    ]  # fmt: skip
