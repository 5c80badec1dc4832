from __future__ import annotations

import asyncio
import base64
import json
import time
import tracemalloc
from typing import Any

import pytest

from app.domain.errors import (
    BadAnswer,
    EndpointFailed,
    FoveaError,
    Interrupted,
    Redirected,
    Rejected,
    SignInPage,
    Stalled,
)
from app.domain.events import (
    Event,
    Finished,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    UsageReported,
)
from app.domain.message import Role, TokenUsage
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, Parameters, PromptMessage, PromptPicture
from app.net.gate import Gate
from app.net.key import Key
from app.providers import openai_answers
from app.providers.openai_chunks import AnswerReader
from app.providers.openai_wire import chat_body, stream_chat
from tests.servers.fault_server import (
    DONE,
    Answer,
    FaultServer,
    Forever,
    Hang,
    Raw,
    Reset,
    Step,
    Wait,
    delta,
    event,
    finish,
    usage,
    words,
)

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}


class Told:
    """What an answer told before it ended, and how it ended."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.error: FoveaError | None = None
        self.seconds = 0.0

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def last(self) -> Event:
        return self.events[-1]


async def ask(answer: Answer | Raw, idle_s: float | None = 5.0, key: str = "") -> Told:
    told = Told()
    begun = time.monotonic()
    async with FaultServer([answer]) as server:
        url = f"{server.url}/v1/chat/completions"
        bound = Key((url,), key) if key else None
        try:
            async for item in stream_chat(Gate(), url, {}, b"{}", "Box", key=bound, idle_s=idle_s):
                told.events.append(item)
        except FoveaError as error:
            told.error = error
            assert all(error.facts.values()), "an error without its reason"
        told.seconds = time.monotonic() - begun
        await asyncio.wait_for(server.wait_until_idle(), 30)
    return told


def tell(*steps: Step, idle_s: float | None = 5.0, framing: str = "chunked") -> Told:
    return asyncio.run(ask(Answer(steps, framing=framing), idle_s))


def refuse(answer: Answer, key: str = "") -> EndpointFailed:
    told = asyncio.run(ask(answer, key=key))
    assert isinstance(told.error, EndpointFailed)
    return told.error


# ---------------------------------------------------------------- the request


def picture(data: bytes) -> PromptPicture:
    prepared = Prepared(
        original="0" * 64,
        sha256="1" * 64,
        mime="image/jpeg",
        width=2,
        height=2,
        byte_count=len(data),
        scale_x=1.0,
        scale_y=1.0,
    )
    return PromptPicture(prepared=prepared, original_width=2, original_height=2, name="a.jpg", data=data)


def test_a_request_puts_pictures_before_the_text_and_leaves_out_what_is_not_set() -> None:
    request = ChatRequest(
        model="m",
        messages=(
            PromptMessage(role=Role.SYSTEM, text="Be brief."),
            PromptMessage(role=Role.USER, text="What?", pictures=(picture(b"\xff\xd8one"), picture(b"two"))),
            PromptMessage(role=Role.ASSISTANT, text="A cat."),
            PromptMessage(role=Role.USER, text="", pictures=(picture(b"three"),)),
        ),
        parameters=Parameters(temperature=0.0, max_tokens=5),
    )
    body = json.loads(chat_body(request, return_progress=True))

    def part(data: bytes) -> dict[str, Any]:
        url = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
        return {"type": "image_url", "image_url": {"url": url}}

    assert body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": [part(b"\xff\xd8one"), part(b"two"), {"type": "text", "text": "What?"}],
            },
            {"role": "assistant", "content": "A cat."},
            {"role": "user", "content": [part(b"three")]},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "max_tokens": 5,
        "return_progress": True,
    }


def test_half_a_surrogate_pair_in_a_question_does_not_stop_it() -> None:
    request = ChatRequest(model="m", messages=(PromptMessage(role=Role.USER, text="a\ud83db"),))
    assert json.loads(chat_body(request))["messages"][0]["content"] == "a?b"


def test_the_request_reaches_the_server_as_it_was_written() -> None:
    async def run() -> None:
        async with FaultServer([Answer(words("hi"))]) as server:
            url = f"{server.url}/v1/chat/completions"
            async for _ in stream_chat(
                Gate(), url, {"X-A": "b"}, b'{"q":1}', "Box", key=Key((url,), "sekret")
            ):
                pass
            request = server.requests[0]
            assert (request.method, request.path, request.json) == ("POST", "/v1/chat/completions", {"q": 1})
            assert request.headers["accept"] == "text/event-stream"
            assert request.headers["x-a"] == "b"
            assert request.headers["authorization"] == "Bearer sekret"
            assert request.headers["connection"] == "close"

    asyncio.run(run())


# ---------------------------------------------------------------- a good answer


def test_an_answer_as_llama_cpp_gives_it() -> None:
    reading = {"total": 40, "cache": 1, "processed": 10, "time_ms": 1}
    first = {"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}
    told = tell(
        event({"choices": [first], "prompt_progress": reading}),
        delta(None, reasoning_content="Hm."),
        delta("Gr\u00fcn"),
        Wait(0.05),
        delta(" 🌊"),
        finish("length"),
        usage(37, 45),
        DONE,
    )
    assert told.error is None
    assert told.events == [
        Progress(stage="reading", fraction=0.25),
        RequestNamed(request_id="chatcmpl-1"),
        ReasoningDelta(text="Hm."),
        TextDelta(text="Grün"),
        TextDelta(text=" 🌊"),
        UsageReported(usage=TokenUsage(prompt_tokens=37, completion_tokens=45)),
        Finished(reason="length"),
    ]


def test_b6_the_finish_reason_is_handed_on() -> None:
    for reason in ("length", "content_filter", "stop"):
        assert tell(delta("x"), finish(reason), DONE).last == Finished(reason=reason)


def test_usage_inside_the_last_choice_and_a_reasoning_field_of_another_name_are_read() -> None:
    last = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}}
    told = tell(event({"choices": [{"delta": {"reasoning": "so"}}]}), event(last), DONE)
    assert told.events == [
        ReasoningDelta(text="so"),
        UsageReported(usage=TokenUsage(prompt_tokens=1)),
        Finished(reason="stop"),
    ]


def test_a_server_that_does_not_stream_is_understood() -> None:
    choice = {"message": {"role": "assistant", "content": "All at once."}, "finish_reason": "stop"}
    body = json.dumps({"choices": [choice], "usage": {"completion_tokens": 3}}).encode()
    told = asyncio.run(ask(Answer([body], headers=JSON, framing="length")))
    assert told.text == "All at once."
    assert told.last == Finished(reason="stop")


# ---------------------------------------------------------------- stalls and ends


def test_b1_a_stall_ends_the_answer_and_keeps_its_text() -> None:
    told = tell(delta("kept"), Hang(), idle_s=0.2)
    assert told.text == "kept"
    assert isinstance(told.error, Stalled)
    assert told.error.facts == {"endpoint": "Box", "seconds": "0.2"}


def test_b2_keep_alives_are_no_progress() -> None:
    for keep_alive in (b": ping\n\n", event({"choices": []}), delta("")):
        told = tell(delta("kept"), Forever(keep_alive, 0.02), idle_s=0.3)
        assert told.text == "kept"
        assert isinstance(told.error, Stalled)
        assert told.seconds < 2


def test_b1_nothing_at_all_is_a_stall_too_and_without_a_limit_there_is_none() -> None:
    assert isinstance(asyncio.run(ask(Raw([Hang()]), idle_s=0.2)).error, Stalled)
    told = tell(Wait(0.4), delta("late"), finish(), DONE, idle_s=None)
    assert told.text == "late"
    assert told.error is None


def test_time_the_reader_takes_for_itself_is_no_stall() -> None:
    async def run() -> str:
        text = ""
        async with FaultServer([Answer([delta("a"), Wait(0.05), delta("b"), finish(), DONE])]) as server:
            async for item in stream_chat(Gate(), server.url, {}, b"{}", "Box", idle_s=0.3):
                text += item.text if isinstance(item, TextDelta) else ""
                await asyncio.sleep(0.4)
        return text

    assert asyncio.run(run()) == "ab"


def test_b3_a_clean_end_without_a_word_of_it_is_an_interruption() -> None:
    for framing in ("close", "chunked", "length"):
        told = tell(delta("kept"), framing=framing)
        assert told.text == "kept"
        assert isinstance(told.error, Interrupted)


def test_an_end_that_lacks_only_its_blank_line_is_an_end() -> None:
    told = tell(delta("kept"), DONE.rstrip(), framing="close")
    assert told.last == Finished(reason="")
    told = tell(delta("kept"), finish().rstrip(), framing="close")
    assert told.last == Finished(reason="stop")


def test_b4_a_reset_in_the_middle_of_a_character_keeps_the_whole_events() -> None:
    half = delta("Grün 🌊")
    middle = half.index("🌊".encode()) + 2
    for cut in (Reset(), b""):
        told = tell(delta("whole "), Wait(0.03), half[:middle], Wait(0.03), cut, framing="close")
        assert told.text == "whole "
        assert isinstance(told.error, Interrupted)
    told = asyncio.run(ask(Answer([delta("whole"), half[:middle]], framing="chunked", cut=True)))
    assert told.text == "whole"
    assert isinstance(told.error, Interrupted)


@pytest.mark.parametrize(
    "steps",
    [
        [finish(), Hang()],
        [DONE, Hang()],
        [DONE, DONE, Hang()],
        [finish(), DONE, delta("junk"), b"\xff\xfe<html>", Hang()],
        [finish(), Reset()],
        [finish()],
        [finish(), Forever(b": ping\n\n", 0.05)],
        [finish(), Forever(delta(""), 0.05)],
    ],
)
def test_b5_an_answer_ends_once_and_within_a_second(steps: list[Step]) -> None:
    told = tell(delta("text"), *steps)
    assert told.error is None
    assert told.text == "text"
    assert [type(e) for e in told.events].count(Finished) == 1
    assert isinstance(told.last, Finished)
    assert told.seconds < 1.5


# ---------------------------------------------------------------- hostile streams


def test_b9_an_endless_line_is_cut_off_at_its_cap_and_memory_stays_small() -> None:
    tracemalloc.start()
    try:
        told = tell(delta("kept"), b"data: ", Forever(b"x" * 65536))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told.text == "kept"
    assert isinstance(told.error, BadAnswer)
    assert "8 MB" in told.error.facts["reason"]
    assert peak < 64 * 2**20


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_answers, "MOST_TEXT", 100_000)
    told = tell(Forever(delta("x" * 1000)))
    assert isinstance(told.error, Interrupted)
    assert 90_000 < len(told.text) <= 100_000


def test_b11_separators_and_nul_stay_and_half_pairs_become_the_replacement_character() -> None:
    text = "a\u2028b\u2029c\x0bd\x85e\x00f\\ud83d"
    told = tell(delta(text), finish(), DONE)
    assert told.text == text
    raw = b'{"choices":[{"delta":{"content":"\\ud83d|\\ud83c\\udf0a|\\\\ud83d|\\udf0a"}}]}'
    told = tell(event(raw), finish(), DONE)
    assert told.text == "\ufffd|🌊|\\ud83d|\ufffd"
    told = tell(event(b'{"choices":[{"delta":{"content":"caf\xe9"}}]}'), finish(), DONE)
    assert told.text == "caf\ufffd"


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_b12_any_chunking_gives_the_exact_text(newline: bytes, size: int) -> None:
    text = "Grüne Wellen 🌊 und\n\nein Ufer: 海\u2028岸"
    stream = b"\xef\xbb\xbf: hi\n\n" + b"".join([*map(delta, text), finish(), DONE])
    stream = stream.replace(b"\n", newline)
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
    told = tell(*pieces, framing="close")
    assert told.text == text
    assert told.last == Finished(reason="stop")


def test_b13_what_is_unknown_is_ignored() -> None:
    told = tell(
        event({"choices": [{"delta": {"content": "EVIL"}}]}, name="execute"),
        event({"type": "execute", "code": "EVIL", "choices": None}),
        event({"choices": [], "x": {"y": [1]}, "error": None, "usage": None, "prompt_progress": None}),
        event({"choices": [{"index": 0, "delta": None}]}),
        event({"choices": [{"index": 0, "delta": {"content": "go", "tool_calls": [{"EVIL": 1}]}}]}),
        event({"choices": [{"delta": {"content": 5}}]}),
        event({"choices": {"0": "EVIL"}}),
        event({"usage": {"prompt_tokens": "many"}, "prompt_progress": {"total": 0, "processed": 1}}),
        event("nonsense"),
        event(""),
        event("[]"),
        event("null"),
        finish(),
        DONE,
    )
    assert told.error is None
    assert told.events == [TextDelta(text="go"), Finished(reason="stop")]


def test_b13_an_answer_nobody_asked_for_is_kept_apart_and_waited_for_by_nobody() -> None:
    told = tell(
        event({"choices": [{"index": 1, "delta": {"content": "other"}}]}),
        event({"choices": [{"index": -1, "delta": {"content": "EVIL"}}]}),
        event({"choices": [{"index": 10**6, "delta": {"content": "EVIL"}}]}),
        event({"choices": [{"index": None, "delta": {"content": "mine"}}]}),
        event({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
        framing="close",
    )
    assert told.error is None
    assert told.events == [
        TextDelta(text="other", choice=1),
        TextDelta(text="mine"),
        Finished(reason="stop"),
        Finished(reason="", choice=1),
    ]


def test_b14_hostile_json_is_skipped_and_the_rest_read() -> None:
    deep = b'{"a":' * 1000 + b"1" + b"}" * 1000
    told = tell(
        event(b"[" * 100_000),
        event(b'{"choices":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
        event(b'{"x":' + deep + b',"choices":[{"delta":{"content":"a"}}]}'),
        event(b'{"n":1e999,"choices":[{"delta":{"content":"b"}}],"m":-1e308}'),
        event(b'{"choices":[{"delta":{"content":"x","content":"c"}}]}'),
        event(b'{"error":' + deep + b"}"),
        framing="close",
    )
    assert told.text in ("abc", "bc")
    assert isinstance(told.error, Rejected | Interrupted)


def test_a_stream_in_which_nothing_is_understood_is_no_answer() -> None:
    told = tell(event("hello"), event("<b>"), framing="close")
    assert isinstance(told.error, BadAnswer)


# ---------------------------------------------------------------- refusals


def test_b15_pages_that_stand_in_the_way_are_called_what_they_look_like() -> None:
    page = b"<!doctype html><title>Hotel</title><script>steal()</script>"
    ok = refuse(Answer([page], headers=HTML))
    sign_in = refuse(Answer([page], status=511, headers=HTML))
    moved = refuse(Answer(status=302, headers={"Location": "http://evil.example/"}), key="sekret")
    for error in (ok, sign_in):
        assert isinstance(error, SignInPage)
        assert "sign in" in error.sentence
    assert isinstance(moved, Redirected)
    assert moved.facts["target"] == "http://evil.example"
    assert "neither did your key" in moved.sentence
    for error in (ok, sign_in, moved):
        assert "127.0.0.1" in error.sentence
        assert "<" not in error.sentence
    other = refuse(Answer([b"\x89PNG"], headers={"Content-Type": "image/png"}))
    assert isinstance(other, BadAnswer)


BODIES = [
    (b'{"error":{"code":401,"message":"Invalid API Key","type":"x"}}', JSON, "Invalid API Key"),
    (b'{"error":"model not found."}', JSON, "model not found"),
    (b'{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}', JSON, "field required"),
    (b'{"type":"about:blank","title":"Gone","status":410,"detail":"over"}', JSON, "over"),
    (b'{"object":"error","message":"too\\nlong\\u0007"}', JSON, "too long"),
    (b"<html><head><title>502 Bad &amp; Gone</title></head><p>x</p></html>", HTML, "502 Bad & Gone"),
    (b"<html><style>p{}</style><body><p>Busy, <b>sorry</b></p>", HTML, "Busy, sorry"),
    (b"404 page not found", {"Content-Type": "text/plain"}, "404 page not found"),
    (b"{" * 100_000, JSON, "{" * 299 + "…"),
]


@pytest.mark.parametrize(("body", "headers", "reason"), BODIES)
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_b16_a_refusal_says_the_server_s_reason_in_one_clean_line(
    body: bytes, headers: dict[str, str], reason: str, framing: str
) -> None:
    error = refuse(Answer([body], status=422, headers=headers, framing=framing))
    assert isinstance(error, Rejected)
    assert error.facts == {"endpoint": "Box", "status": "422", "reason": reason}


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 413, 418, 422, 429, 500, 502, 503, 529, 599, 799]
)
@pytest.mark.parametrize("body", [b"", b"{}", b"<html></html>", b'{"error":{}}'])
def test_b16_b18_a_refusal_without_words_has_ours(status: int, body: bytes) -> None:
    error = refuse(Answer([body], status=status, headers=JSON, framing="length"))
    assert isinstance(error, Rejected)
    assert error.facts["status"] == str(status)
    assert error.facts["reason"]
    assert error.facts["reason"] not in ("{}", "<html></html>")


def test_a_refusal_that_never_ends_is_read_only_so_far() -> None:
    error = refuse(Answer([Forever(b"word " * 10_000)], status=500, headers={"Content-Type": "text/plain"}))
    assert error.facts["reason"].startswith("word word")
    assert len(error.facts["reason"]) <= 300


def test_b27_a_key_that_the_server_echoes_is_masked() -> None:
    key = "sk-0123456789abcdef"
    for body in (f'{{"error":{{"message":"Incorrect API key: {key}."}}}}', f"<p>{key}</p>", key):
        error = refuse(Answer([body.encode()], status=401, headers=HTML, framing="length"), key=key)
        assert key not in str(error) + repr(error.facts)
        assert "•••" in error.facts["reason"]
    told = asyncio.run(ask(Answer([event({"error": {"message": f"bad {key}", "code": key}})]), key=key))
    assert isinstance(told.error, Rejected)
    assert key not in str(told.error) + repr(told.error.facts)


@pytest.mark.parametrize(
    ("broken", "status", "reason"),
    [
        (event({"error": {"message": "overloaded", "code": 529}}), "529", "overloaded"),
        (event({"error": "out of memory"}), "while answering", "out of memory"),
        (event({"message": "boom"}, name="error"), "while answering", "boom"),
        (event("not json", name="error"), "while answering", "not json"),
        (event({"error": {"code": 500}, "choices": []}), "500", "something went wrong inside it"),
    ],
)
def test_b20_an_error_inside_the_answer_keeps_the_text(broken: bytes, status: str, reason: str) -> None:
    told = tell(delta("kept") + broken + delta("late") + DONE)
    assert told.text == "kept"
    assert isinstance(told.error, Rejected)
    facts = {"endpoint": "Box", "status": status, "reason": reason}
    assert told.error.facts | {"wait": ""} == facts | {"wait": ""}


def test_b18_a_connection_that_breaks_after_the_first_word_keeps_it() -> None:
    told = asyncio.run(ask(Answer([delta("kept")], framing="length", length=9999)))
    assert told.text == "kept"
    assert isinstance(told.error, Interrupted)


# ---------------------------------------------------------------- stopping


def test_b24_closing_the_answer_closes_the_connection() -> None:
    async def run() -> None:
        gate = Gate()
        async with FaultServer([Answer([Forever(delta("x"), 0.001)])]) as server:
            answer = stream_chat(gate, server.url, {}, b"{}", "Box")
            assert isinstance(await anext(answer), RequestNamed)
            assert isinstance(await anext(answer), TextDelta)
            await answer.aclose()
            await asyncio.wait_for(server.wait_until_idle(), 10)
            assert gate.ledger[0].outcome == "cancelled"

    asyncio.run(run())


def test_text_that_came_together_is_one_event() -> None:
    reader = AnswerReader("Box")
    stream = delta("a") + delta("b") + delta(None, reasoning_content="c") + delta("d") + delta("e")
    assert reader.feed(stream) == [
        RequestNamed(request_id="chatcmpl-1"),
        TextDelta(text="ab"),
        ReasoningDelta(text="c"),
        TextDelta(text="de"),
    ]
