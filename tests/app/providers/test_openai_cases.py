"""What streams of OpenAI-like servers were seen to do wrong, case by case, and at every cut."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    BadAnswer,
    EndpointFailed,
    Interrupted,
    NoCredit,
    Rejected,
    ServerFailed,
    Stalled,
)
from app.domain.events import (
    ConfidenceReported,
    Event,
    Finished,
    Noted,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
    UsageReported,
)
from app.domain.message import TokenUsage
from app.net.gate import Gate
from app.net.sse import MAX_LINE
from app.providers.openai_chunks import AnswerReader
from app.providers.openai_wire import AFTER_DONE_S, AFTER_FINISH_S, stream_chat
from tests.app.providers.nugen_samples import Told, hear
from tests.servers.fault_server import (
    DONE,
    Answer,
    FaultServer,
    Forever,
    Hang,
    Hold,
    Raw,
    Reset,
    Step,
    Wait,
    delta,
    event,
    finish,
    usage,
)
from tests.servers.openai_answers import HABITS, Call, Says, Writer

JSON = {"Content-Type": "application/json"}


def tell(*steps: Step, kind: str = "text/event-stream", asked: int = 1, **headers: str) -> Told:
    async def run() -> Told:
        sent = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with FaultServer([Answer(steps, headers=sent)]) as server:
            events = stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=5, asked=asked)
            told = await hear(events)
            await asyncio.wait_for(server.wait_until_idle(), 30)
            return told

    return asyncio.run(run())


def read(pieces: Iterable[bytes], asked: int = 1) -> tuple[list[Event], AnswerReader]:
    """All events of a stream in pieces, without a network."""
    reader = AnswerReader("Box", asked=asked)
    events = [found for piece in pieces for found in reader.feed(piece)]
    events += reader.finish()
    events += reader.rest()
    if reader.complete and reader.failure is None:
        events += reader.endings()
    return events, reader


def outcome(events: Sequence[Event]) -> Any:
    """What is left of the events when they have been put together, however they were cut."""
    texts: dict[int, str] = {}
    thoughts: dict[int, str] = {}
    others = []
    for item in events:
        match item:
            case TextDelta(text=text, choice=choice):
                texts[choice] = texts.get(choice, "") + text
            case ReasoningDelta(text=text, choice=choice):
                thoughts[choice] = thoughts.get(choice, "") + text
            case TextWasReasoning(characters=count, choice=choice):
                assert len(texts[choice]) == count
                thoughts[choice] = thoughts.get(choice, "") + texts.pop(choice)
            case _:
                others.append(item)
    return texts, thoughts, others


def frame(content: str | None = None, reason: Any = None, **fields: Any) -> bytes:
    """A frame of one choice; `fields` stand beside its delta."""
    return event(
        {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": reason, **fields}]}
    )


# ---------------------------------------------------------------- every cut of what each server sends


def recorded(variant: str) -> bytes:
    says = Says(texts=("Grüne 🌊\u2028<b>Wellen</b>",), reasoning="So, hm </b>.")
    return b"".join(
        Writer(variant, says, {"model": "m", "stream_options": {}, "return_progress": True}).frames()
    )


def recorded_calls(variant: str) -> bytes:
    says = Says(calls=(Call("paint", '{"wo": "Köln"}'), Call("paint", "{}")), reasoning="Tools")
    return b"".join(Writer(variant, says, {"model": "m", "stream_options": {"include_usage": True}}).frames())


@pytest.mark.parametrize("variant", HABITS)
@pytest.mark.parametrize("record", [recorded, recorded_calls], ids=["text", "calls"])
def test_no_cut_of_a_recorded_answer_changes_it(variant: str, record: Any) -> None:
    stream = record(variant)
    whole = outcome(read([stream])[0])
    assert whole[2][-1].choice == 0
    assert isinstance(whole[2][-1], Finished)
    for cut in range(1, len(stream)):
        assert outcome(read([stream[:cut], stream[cut:]])[0]) == whole
    assert outcome(read(bytes([byte]) for byte in stream)[0]) == whole


@given(
    st.lists(st.text(max_size=8), max_size=6),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.data(),
)
def test_b12_any_text_in_any_cut_is_read_as_it_was_written(
    texts: list[str], thoughts: list[str], newline: bytes, data: st.DataObject
) -> None:
    frames = [delta(None, reasoning_content=thought) for thought in thoughts]
    frames += [delta(text) for text in texts]
    stream = b"".join([*frames, finish(), DONE]).replace(b"\n", newline)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in itertools.pairwise([0, *cuts, len(stream)])]
    told, thought, others = outcome(read(pieces)[0])
    if "<think>" not in "".join(texts) and "</think>" not in "".join(texts):
        assert told.get(0, "") == "".join(texts)
        assert thought.get(0, "") == "".join(thoughts)
    assert others[-1] == Finished(reason="stop")


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_b14_no_bytes_whatever_break_the_reader(pieces: list[bytes]) -> None:
    _, reader = read([b"data: ", *pieces, b"\n\n"])
    assert reader.failure is None or all(reader.failure.facts.values())


_NAMES = "choices delta message content index tool_calls function name arguments usage error id text"
_MORE = "finish_reason confidence confidence_score reasoning reasoning_details prompt_progress"
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(f"{_NAMES} {_MORE}".split()), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(st.lists(_JSON, max_size=4))
def test_b13_b14_no_shape_of_json_breaks_the_reader(frames: list[Any]) -> None:
    stream = [b"data: " + json.dumps(item).encode() + b"\n\n" for item in frames]
    events, reader = read([*stream, DONE])
    assert reader.done or reader.failure is not None
    assert all(isinstance(item.text, str) for item in events if isinstance(item, TextDelta))
    whole = AnswerReader("Box")
    whole.whole(json.dumps(frames[0] if frames else None).encode())
    assert whole.done or whole.failure is not None


# ---------------------------------------------------------------- framing


@pytest.mark.parametrize("start", [b"data:", b"data: ", b"\xef\xbb\xbfdata: "])
@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\r\r", b"\n\r\n", b"\r\n\n"])
def test_cases_1_2_8_every_form_of_a_line_is_read(start: bytes, end: bytes) -> None:
    first = start + delta("a").removeprefix(b"data: ").strip() + end
    others = b"".join(b"data:" + each[6:].strip() + end for each in (delta("b"), finish(), DONE))
    told = tell(first + others)
    assert (told.text(), told.events[-1]) == ("ab", Finished(reason="stop"))


def test_case_3_a_line_end_torn_apart_makes_no_event_of_its_own() -> None:
    stream = b"".join([delta("a"), delta("b"), finish(), DONE]).replace(b"\n", b"\r\n")
    pieces = stream.replace(b"\r\n", b"\r|\n").split(b"|")
    events, reader = read(pieces)
    assert outcome(events)[0] == {0: "ab"}
    assert (reader.frames, reader.skipped) == (3, 0)


def test_cases_4_5_characters_and_lines_torn_apart_are_whole() -> None:
    stream = b"".join([delta("Grün 🌊 海"), finish(), DONE])
    told = tell(*(step for byte in stream for step in (bytes([byte]),)))
    assert told.text() == "Grün 🌊 海"


def test_case_6_comments_are_no_words_and_no_end() -> None:
    told = tell(b": OPENROUTER PROCESSING\n\n:\n\n", delta("a"), b":\n", finish(), b": x\n\n", DONE)
    assert told.error is None
    assert [type(item) for item in told.events] == [RequestNamed, TextDelta, Finished]


def test_case_7_data_on_several_lines_is_one_event() -> None:
    told = tell(b'data: {"choices":[{"delta":\ndata: {"content":"a"}}]}\n\n', finish(), DONE)
    assert told.text() == "a"


def test_case_17_one_huge_line_is_read_and_a_larger_one_is_cut_off() -> None:
    told = tell(delta("x" * (MAX_LINE - 1000)), finish(), DONE)
    assert len(told.text()) == MAX_LINE - 1000
    told = tell(delta("kept"), b"data: ", Forever(b"x" * 65536))
    assert told.text() == "kept"
    assert isinstance(told.error, BadAnswer)


@pytest.mark.parametrize("last", [finish(), DONE])
def test_case_18_a_last_event_without_its_end_counts(last: bytes) -> None:
    told = tell(delta("a"), last.rstrip(b"\n"))
    assert told.error is None
    assert isinstance(told.events[-1], Finished)


def test_case_19_what_is_no_json_is_skipped_unless_nothing_else_comes() -> None:
    told = tell(event("hello"), delta("a"), event("{broken"), finish(), DONE)
    assert (told.text(), told.error) == ("a", None)
    told = tell(event("hello"), event("{broken"))
    assert isinstance(told.error, BadAnswer)


# ---------------------------------------------------------------- the end


def test_case_9_an_end_without_its_mark_is_one_after_a_reason_only() -> None:
    assert tell(delta("a"), finish()).events[-1] == Finished(reason="stop")
    told = tell(delta("a"))
    assert isinstance(told.error, Interrupted)
    assert told.text() == "a"


def test_case_9_an_error_that_ollama_swallows_is_an_interruption() -> None:
    told = tell(delta("kept", role="assistant"), delta(""))
    assert told.text() == "kept"
    assert isinstance(told.error, Interrupted)


@pytest.mark.parametrize("between", [None, ""])
def test_case_10_an_empty_reason_is_none_and_the_mark_alone_is_an_end(between: str | None) -> None:
    told = tell(frame("a", between), frame("b", between), DONE)
    assert (told.text(), told.events[-1]) == ("ab", Finished(reason=""))
    told = tell(frame("a", between))
    assert isinstance(told.error, Interrupted)
    told = tell(frame("a", between), frame("", "odd_reason"), frame("", between))
    assert told.events[-1] == Finished(reason="odd_reason")


def test_case_11_an_error_wins_over_the_end() -> None:
    told = tell(delta("kept"), event({"error": {"message": "out of memory", "code": 500}}), DONE)
    assert told.text() == "kept"
    assert isinstance(told.error, ServerFailed)
    assert not told.of(Finished)


def test_case_12_what_comes_behind_the_end_is_counted_but_not_read() -> None:
    late = {"choices": [{"index": 0, "delta": {"content": "EVIL"}}], "usage": {"prompt_tokens": 3}}
    told = tell(delta("a"), finish(), DONE, Wait(0.02), event(late), event({"error": "EVIL"}), Hang())
    assert told.error is None
    assert told.text() == "a"
    assert told.of(UsageReported) == [UsageReported(usage=TokenUsage(prompt_tokens=3))]
    assert isinstance(told.events[-1], Finished)


def test_case_12_nobody_waits_long_for_what_comes_behind_the_end() -> None:
    async def run(steps: Sequence[Step]) -> tuple[Told, float]:
        clock = asyncio.get_running_loop().time
        async with FaultServer([Answer(steps)]) as server:
            begun = clock()
            told = await hear(stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=5))
            return told, clock() - begun

    told, seconds = asyncio.run(run([delta("a"), DONE, Forever(b": ping\n\n", 0.01)]))
    assert told.error is None
    assert AFTER_DONE_S * 0.9 <= seconds < 4 * AFTER_DONE_S
    told, seconds = asyncio.run(run([delta("a"), usage(1, 2), DONE, Hang()]))
    assert told.error is None
    assert seconds < AFTER_DONE_S


def test_case_13_frames_without_choices_are_read_for_what_they_are() -> None:
    told = tell(
        event({"_timing": {"gpu_processing_seconds": 0.01}}),
        event({"choices": None, "id": "chatcmpl-x"}),
        delta("a"),
        event({"object": "timing", "timing": {"ttft_seconds": 0.06}}),
        event({"choices": [], "usage": {"prompt_tokens": 41, "completion_tokens": 100, "total_tokens": 141}}),
        event({"choices": [], "prompt_filter_results": []}),
        finish(),
        DONE,
    )
    assert told.events == [
        RequestNamed(request_id="chatcmpl-x"),
        TextDelta(text="a"),
        UsageReported(usage=TokenUsage(prompt_tokens=41, completion_tokens=100, total_tokens=141)),
        Finished(reason="stop"),
    ]


@pytest.mark.parametrize("mark", ["[DONE]", " [DONE] ", "[DONE]x", "[DONE]\t"])
def test_case_14_the_end_mark_may_have_something_behind_it(mark: str) -> None:
    assert tell(delta("a"), event(mark)).events[-1] == Finished(reason="")


@pytest.mark.parametrize(
    "broken",
    [
        event({"error": {"code": 402, "message": "no credit"}}),
        event({"error": {"code": 402, "message": "no credit"}}, name="error"),
        event({"code": 402, "message": "no credit"}, name="error"),
        event(
            {
                "error": {"code": 402, "message": "no credit"},
                "choices": [{"index": 0, "delta": {"content": " too"}, "finish_reason": "error"}],
            }
        ),
        event(
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": " too"},
                        "finish_reason": "error",
                        "error": {"code": 402, "message": "no credit"},
                    }
                ]
            }
        ),
    ],
)
def test_case_15_b20_an_error_is_told_with_the_text_that_came_with_it(broken: bytes) -> None:
    told = tell(delta("kept"), broken, DONE)
    assert told.text() == ("kept too" if b" too" in broken else "kept")
    assert isinstance(told.error, NoCredit)
    assert told.error.facts["reason"] == "no credit"


def test_case_15_an_end_by_error_that_says_nothing_is_an_error() -> None:
    told = tell(frame("kept"), frame("", "error"), DONE)
    assert isinstance(told.error, Rejected)
    assert told.error.facts["reason"] == "it gave no reason"


WHOLE = {"choices": [{"message": {"content": "All."}, "finish_reason": "stop"}], "usage": {"total_tokens": 3}}


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "text/plain", ""])
def test_case_16_a_document_is_read_whatever_it_is_called(kind: str) -> None:
    told = tell(b" \n", json.dumps(WHOLE).encode()[:9], Wait(0.01), json.dumps(WHOLE).encode()[9:], kind=kind)
    assert told.error is None
    assert told.text() == "All."
    assert told.of(UsageReported) == [UsageReported(usage=TokenUsage(total_tokens=3))]


def test_case_16_a_stream_is_read_though_it_is_called_a_document() -> None:
    told = tell(delta("a"), finish(), DONE, kind="application/json")
    assert (told.text(), told.events[-1]) == ("a", Finished(reason="stop"))


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json", "text/event-stream"])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": {"message": "model is gone"}}, "model is gone"),
        ([{"error": {"message": "model is gone"}}], "model is gone"),
        ({"detail": "model is gone"}, "model is gone"),
        ({"object": "list", "data": []}, "there is no answer in it"),
        ({"choices": []}, "there is no answer in it"),
        ([], "there is no answer in it"),
    ],
)
def test_case_16_a_document_without_an_answer_is_an_error(kind: str, body: Any, reason: str) -> None:
    told = tell(json.dumps(body).encode(), kind=kind)
    assert isinstance(told.error, EndpointFailed)
    assert told.error.facts["reason"] == reason


def test_case_20_a_gateway_that_cuts_a_long_answer_leaves_the_text_and_a_way_on() -> None:
    async def run() -> Told:
        cut = Answer(
            [delta("kept")], headers={"Content-Type": "text/event-stream"}, framing="chunked", cut=True
        )
        async with FaultServer([cut]) as server:
            return await hear(stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=5))

    told = asyncio.run(run())
    assert told.text() == "kept"
    assert isinstance(told.error, Interrupted)
    assert told.error.retryable


# ---------------------------------------------------------------- what else a frame can hold


def test_text_in_a_shape_nobody_expected_is_read() -> None:
    told = tell(
        event({"choices": [{"index": "0", "delta": {"content": [{"type": "text", "text": "a"}, "b", 5]}}]}),
        event({"choices": [{"index": 0.0, "delta": {"content": "c"}, "finish_reason": 7}], "created": "x"}),
        event({"id": 5, "choices": [None, {"delta": "d"}, {"delta": {"content": None, "refusal": "e"}}]}),
        event({"choices": [{"text": "f"}]}),
        finish(),
        DONE,
    )
    assert told.text() == "abcdef"
    assert told.of(RequestNamed) == [RequestNamed(request_id="5")]


@pytest.mark.parametrize(
    "thought",
    [
        {"reasoning_content": "hm"},
        {"reasoning": "hm"},
        {"reasoning_details": [{"type": "reasoning.text", "text": "h"}, {"summary": "m"}, 5]},
        {"reasoning_content": "hm", "reasoning": "hm", "reasoning_details": [{"text": "hm"}]},
        {"content": "<think>hm</think>"},
        {"content": "hm</think>\n"},
    ],
)
def test_thoughts_are_found_in_each_of_their_places_once(thought: dict[str, Any]) -> None:
    told = tell(event({"choices": [{"index": 0, "delta": thought}]}), delta("A cat"), finish(), DONE)
    assert outcome(told.events)[:2] == ({0: "A cat"}, {0: "hm"})


def test_an_answer_that_ends_inside_a_tag_or_breaks_there_loses_nothing() -> None:
    for steps in ([delta("a <"), finish(), DONE], [delta("a <")], [delta("<thi"), event({"error": "x"})]):
        told = tell(*steps)
        assert told.text() in ("a <", "<thi")


def test_text_that_was_a_thought_is_taken_back() -> None:
    told = tell(delta("I look"), Wait(0.05), delta(" at it</think>"), delta("\n\nA cat"), finish(), DONE)
    assert TextWasReasoning(characters=6) in told.events
    assert outcome(told.events)[:2] == ({0: "A cat"}, {0: "I look at it"})


def test_confidence_is_told_where_it_is_a_number() -> None:
    for fields, value in (
        ({"confidence_score": 87.5, "confidence": 1}, 87.5),
        ({"confidence_score": None, "confidence": 42}, 42),
        ({"confidence_score": "high", "confidence": None}, None),
        ({"confidence": [1]}, None),
        ({"confidence": 0}, 0),
    ):
        told = tell(delta("a"), event({"choices": [], **fields}), event({**fields}), finish(), DONE)
        assert [item.value for item in told.of(ConfidenceReported)] == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("counts", "usage_told"),
    [
        ({"prompt_tokens": 1.0, "total_tokens": True}, TokenUsage(prompt_tokens=1)),
        ({"prompt_tokens": -1, "completion_tokens": 10**30, "total_tokens": 5}, TokenUsage(total_tokens=5)),
        ({"prompt_tokens": "1"}, None),
        ({}, None),
        ([1], None),
        (None, None),
    ],
)
def test_only_counts_that_can_be_believed_are_told(counts: Any, usage_told: TokenUsage | None) -> None:
    told = tell(delta("a"), event({"choices": [], "usage": counts}), finish(), DONE)
    assert [item.usage for item in told.of(UsageReported)] == ([usage_told] if usage_told else [])


def test_a_request_is_named_by_its_header_else_by_its_first_frame() -> None:
    told = tell(delta("a"), finish(), DONE, X_Request_Id="req-1\x01 x")
    assert told.of(RequestNamed) == [RequestNamed(request_id="req-1 x")]
    assert isinstance(told.events[0], RequestNamed)
    told = tell(delta("a"), delta("b"), finish(), DONE, NVCF_REQID="nv-1", X_Request_Id="req-1")
    assert told.of(RequestNamed) == [RequestNamed(request_id="nv-1")]
    told = tell(
        event({"id": None, "choices": []}), event({"id": "", "choices": []}), delta("a"), finish(), DONE
    )
    assert told.of(RequestNamed) == [RequestNamed(request_id="chatcmpl-1")]


def test_of_several_answers_each_has_an_end_and_the_slowest_is_waited_for() -> None:
    go_on = asyncio.Event()
    ended = event({"choices": [{"index": 0, "delta": {"content": "one"}, "finish_reason": "stop"}]})
    later = event({"choices": [{"index": 1, "delta": {"content": "two"}, "finish_reason": "length"}]})

    async def run() -> Told:
        async with FaultServer([Answer([ended, Hold(go_on), later])]) as server:
            told = Told()
            async for item in stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=5, asked=2):
                told.events.append(item)
                if isinstance(item, TextDelta) and item.choice == 0:
                    asyncio.get_running_loop().call_later(1.2, go_on.set)
            return told

    told = asyncio.run(run())
    assert [told.text(0), told.text(1)] == ["one", "two"]
    assert told.of(Finished) == [Finished(reason="stop"), Finished(reason="length", choice=1)]


def patiently(*steps: Step, asked: int = 1, idle_s: float = 5.0) -> Told:
    async def run() -> Told:
        async with FaultServer([Answer(steps)]) as server:
            return await hear(stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=idle_s, asked=asked))

    return asyncio.run(run())


LONGER = AFTER_FINISH_S * 1.25


def test_an_answer_that_says_it_is_over_with_every_word_is_heard_to_its_end() -> None:
    shorter = AFTER_FINISH_S * 0.5
    words = [
        frame("one ", "stop"),
        Wait(shorter),
        frame("two ", "stop"),
        Wait(LONGER),
        frame("three", "stop"),
    ]
    told = patiently(*words, Wait(LONGER), DONE)
    assert (told.text(), told.error) == ("one two three", None)
    assert told.of(Finished) == [Finished(reason="stop")]


@pytest.mark.parametrize("more", [{"content": "two"}, {"reasoning": "two"}, {"tool_calls": [{"id": "a"}]}])
def test_what_came_behind_an_end_needs_an_end_of_its_own(more: dict[str, Any]) -> None:
    went_on = event({"choices": [{"index": 0, "delta": more}]})
    told = patiently(frame("one", "stop"), went_on)
    assert isinstance(told.error, Interrupted) == ("tool_calls" not in more)
    assert patiently(frame("one", "stop"), went_on, frame("", "length")).error is None
    told = patiently(frame("one", "stop"), frame("two", "stop"), Reset())
    assert isinstance(told.error, Interrupted)
    told = patiently(frame("one", "stop"), frame("two", "stop"), Hang(), idle_s=0.3)
    assert isinstance(told.error, Stalled)


def test_a_choice_that_is_over_leaves_time_for_those_that_were_begun_or_asked_for() -> None:
    def of(choice: int, text: str, reason: str | None = None) -> bytes:
        return event({"choices": [{"index": choice, "delta": {"content": text}, "finish_reason": reason}]})

    for asked in (1, 2):
        told = patiently(
            of(0, "one"),
            of(1, "t"),
            of(0, "", "stop"),
            Wait(LONGER),
            of(1, "wo", "length"),
            Hang(),
            asked=asked,
        )
        assert (told.text(0), told.text(1), told.error) == ("one", "two", None)
        assert told.of(Finished) == [Finished(reason="stop"), Finished(reason="length", choice=1)]
    told = patiently(of(0, "one", "stop"), Wait(LONGER), of(1, "two", "stop"), Hang(), asked=2)
    assert (told.text(0), told.text(1), told.error) == ("one", "two", None)
    told = patiently(of(0, "one", "stop"), Reset(), asked=2)
    assert isinstance(told.error, Interrupted)


@pytest.mark.parametrize(
    "steps",
    [
        [finish(), DONE],
        [DONE],
        [delta(""), delta(" \n"), finish(), usage(3, 0), DONE],
        [delta("<think>"), delta("</think>"), finish(), DONE],
        [event({"choices": [{"index": 1, "delta": {"content": "other"}, "finish_reason": "stop"}]}), DONE],
    ],
)
def test_an_answer_without_a_word_is_no_silence(steps: list[Step]) -> None:
    told = tell(*steps)
    assert told.error is None
    assert told.notes == ["Box answered without a word."]
    assert isinstance(told.events[-1], Finished)


@pytest.mark.parametrize(
    "steps",
    [
        [delta("a")],
        [delta(None, reasoning="a")],
        [event({"choices": [{"delta": {"tool_calls": [{"function": {"name": "f"}}]}}]})],
        [delta(None, refusal="a")],
    ],
)
def test_an_answer_of_any_kind_is_not_said_to_be_without_a_word(steps: list[Step]) -> None:
    assert tell(*steps, finish(), DONE).notes == []


def test_a_server_that_gives_fewer_answers_than_were_asked_for_is_complete() -> None:
    told = tell(delta("a"), finish(), asked=3)
    assert told.error is None
    assert told.of(Finished) == [Finished(reason="stop")]


def test_of_several_answers_one_that_is_cut_off_makes_the_whole_one_interrupted() -> None:
    second = event({"choices": [{"index": 1, "delta": {"content": "two"}}]})
    told = tell(delta("one"), second, finish(), asked=2)
    assert isinstance(told.error, Interrupted)
    assert [told.text(0), told.text(1)] == ["one", "two"]


def calling(arguments: str, **more: Any) -> bytes:
    call = {"index": 0, "id": "a", "function": {"name": "paint", "arguments": arguments}}
    return event({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, **more}]})


def test_a_tool_call_is_told_when_the_stream_has_ended_properly_and_never_before() -> None:
    told = tell(calling('{"a"'), calling(":1}"), finish("stop"), DONE)
    assert [called.call.arguments for called in told.of(ToolCalled)] == ['{"a":1}']
    assert isinstance(told.events[-2], ToolCalled)
    for steps in ([calling("{}")], [calling("{}"), event({"error": "x"}), DONE]):
        told = tell(*steps)
        assert told.error is not None
        assert not told.of(ToolCalled)


def test_a_tool_call_that_was_cut_off_is_left_out_and_that_is_said() -> None:
    told = tell(delta("text"), calling('{"a":'), finish("length"), DONE)
    assert told.error is None
    assert not told.of(ToolCalled)
    assert "paint" in told.notes[0]
    assert told.of(Noted)
    assert told.events[-1] == Finished(reason="length")


def test_b16_a_refusal_before_the_stream_is_told_by_its_status_alone_if_need_be() -> None:
    async def run(answer: Answer | Raw) -> Told:
        async with FaultServer([answer]) as server:
            return await hear(stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=5))

    told = asyncio.run(run(Answer([b'{"error":'], 402, JSON, "length", 5000)))
    assert isinstance(told.error, NoCredit)
    assert told.error.facts["reason"]
