from __future__ import annotations

import json
import time
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.net import sse
from app.net.sse import SseEvent, SseSplitter, SseTooLarge


def split(stream: bytes, *cuts: int) -> list[SseEvent]:
    splitter = SseSplitter()
    bounds = [0, *sorted(cuts), len(stream)]
    events: list[SseEvent] = []
    for start, end in pairwise(bounds):
        events += splitter.feed(stream[start:end])
    return events


def reference(stream: bytes) -> list[SseEvent]:
    """The standard's algorithm, word for word, over the whole stream at once."""
    stream = stream.removeprefix(b"\xef\xbb\xbf")
    lines = stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:-1]
    events: list[SseEvent] = []
    event, data = b"", b""
    for line in lines:
        if not line:
            if data:
                events.append(SseEvent(event.decode("utf-8", "replace") or None, data[:-1]))
            event, data = b"", b""
            continue
        name, colon, value = line.partition(b":")
        if colon and not name:
            continue
        value = value[1:] if value[:1] == b" " else value
        if name == b"event":
            event = value
        elif name == b"data":
            data += value + b"\n"
    return events


STREAM = (
    b"\xef\xbb\xbf: hello\r\n\r\nevent: word\r\ndata: one\r\ndata:two\r\r"
    b"data: \xe2\x80\xa8 \xc2\x85 \x0b \xf0\x9f\x98\x80\n"
    b"id: 7\nretry: 1500\n\ndata\n\ndata:\n\nevent: alone\n\ndata:  two spaces\n\n:\nnonsense\ndata: tail\n\n"
)


def test_every_way_to_cut_the_stream_in_three_gives_the_same_events() -> None:
    expected = reference(STREAM)
    assert len(expected) == 6
    for first in range(len(STREAM) + 1):
        for second in range(first, len(STREAM) + 1):
            assert split(STREAM, first, second) == expected, (first, second)


def test_b12_single_bytes_give_the_same_events() -> None:
    assert split(STREAM, *range(len(STREAM))) == reference(STREAM)


PIECES = (
    *(b"data: a\n\n", b"data: \n\n", b"data: a\rdata: b\n\n", b"data: a\n", b"data: a", b"\n", b"\r"),
    *(b"event: e\n", b"data: a\r\n\r\n", b"\xef\xbb\xbf", b"\n\n", b"data: a\n\n\n"),
)


def test_whatever_is_pending_a_chunk_that_looks_like_one_event_is_read_as_part_of_the_stream() -> None:
    for chunks in product(PIECES, repeat=4):
        splitter = SseSplitter()
        events = [event for chunk in chunks for event in splitter.feed(chunk)]
        assert events == reference(b"".join(chunks)), chunks


FRAGMENTS = st.sampled_from(
    [
        *(b"data: x", b"data:", b"data", b"data:  y", b"event: e", b"event:", b": c", b":", b"id: 1"),
        *(b"retry: 2", b"retry: x", b"\n", b"\r", b"\r\n", b"\n\n", b" "),
        *(b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x0b", b"\x85"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map(b"".join), st.lists(st.integers(0, 200), max_size=6))
def test_any_stream_however_cut_agrees_with_the_reference(stream: bytes, cuts: list[int]) -> None:
    cuts = [min(cut, len(stream)) for cut in cuts]
    assert split(stream, *cuts) == reference(stream)


def test_b11_separators_that_are_no_line_ends_stay_in_the_data() -> None:
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg\x00h"
    stream = b"data: " + text.encode() + b"\n\n"
    assert split(stream) == [SseEvent(None, text.encode())]


def test_a_cr_at_the_end_of_a_chunk_ends_the_line_at_once_and_its_lf_is_no_new_line() -> None:
    splitter = SseSplitter()
    assert splitter.feed(b"data: a\r\n\r") == [SseEvent(None, b"a")]
    assert splitter.feed(b"\ndata: b\r") == []
    assert splitter.feed(b"\r") == [SseEvent(None, b"b")]


def test_the_event_that_the_end_cut_off_is_there_to_be_asked_for() -> None:
    splitter = SseSplitter()
    assert splitter.feed(b"data: whole\n\nevent: e\ndata: left") == [SseEvent(None, b"whole")]
    assert splitter.finish() == [SseEvent("e", b"left")]
    assert SseSplitter().finish() == []


def test_b9_a_line_without_end_is_refused_at_its_cap() -> None:
    splitter = SseSplitter()
    piece = b"x" * 65536
    with pytest.raises(SseTooLarge, match="line is longer than 8 MB"):
        for _ in range(sse.MAX_LINE // len(piece) + 1):
            splitter.feed(piece)
    with pytest.raises(SseTooLarge):
        SseSplitter().feed(b"data: " + b"x" * sse.MAX_LINE + b"\n\n")


def test_b9_an_event_of_too_many_lines_is_refused_at_its_cap() -> None:
    splitter = SseSplitter()
    piece = (b"data: " + b"x" * 60_000 + b"\n") * 10
    with pytest.raises(SseTooLarge, match="event is larger than 16 MB"):
        for _ in range(sse.MAX_EVENT // 600_000 + 2):
            splitter.feed(piece)


def test_a_line_just_below_the_cap_comes_through() -> None:
    data = b"x" * (sse.MAX_LINE - 6)
    assert split(b"data: " + data + b"\n\n", 5_000_000) == [SseEvent(None, data)]


def test_a_long_line_byte_by_byte_costs_no_more_a_byte_than_a_short_one() -> None:
    def cost(length: int) -> float:
        stream = b"data: " + b"x" * length + b"\n\n"
        pieces = [stream[i : i + 1] for i in range(len(stream))]
        best = float("inf")
        for _ in range(3):
            splitter = SseSplitter()
            begun = time.thread_time()
            events = [event for piece in pieces for event in splitter.feed(piece)]
            best = min(best, time.thread_time() - begun)
            assert len(events) == 1
        return best / length

    assert cost(400_000) < 4 * cost(4_000)


def test_many_events_in_one_chunk_keep_their_order() -> None:
    stream = b"".join(b"data: " + json.dumps(n).encode() + b"\n\n" for n in range(5000))
    assert [int(data) for _, data in split(stream)] == list(range(5000))
