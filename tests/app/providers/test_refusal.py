from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    BadAnswer,
    KeyRefused,
    ModelDown,
    NoCredit,
    NotAllowed,
    NotFound,
    Redirected,
    Rejected,
    Retired,
    ServerFailed,
    SignInPage,
    TooLarge,
    TooManyRequests,
)
from app.masking import BEGINNING, MASK
from app.net.key import Key
from app.providers.refusal import MOST_CHARACTERS, error_in_stream, plain, refusal, said, span

KEY = Key(("https://box.example",), "sk-proj-9c41/aa72+e0b35f18")


def refused(status: int, body: Any = b"", kind: str = "application/json", **headers: str) -> Rejected:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    error = refusal("Box", status, kind, data, "box.example", KEY, named)
    assert isinstance(error, Rejected)
    return error


# ---------------------------------------------------------------- the leaf


@pytest.mark.parametrize(
    ("status", "leaf"),
    [
        (400, Rejected),
        (401, KeyRefused),
        (402, NoCredit),
        (403, NotAllowed),
        (404, NotFound),
        (409, Rejected),
        (410, Retired),
        (413, TooLarge),
        (422, Rejected),
        (429, TooManyRequests),
        (500, ServerFailed),
        (502, ServerFailed),
        (503, ServerFailed),
        (504, ServerFailed),
        (529, ServerFailed),
        (599, ServerFailed),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html><body></body></html>", b'{"error":{"message":"because"}}'])
def test_b16_a_status_says_what_to_do_next(status: int, leaf: type[Rejected], body: bytes) -> None:
    error = refused(status, body, "text/html" if body.startswith(b"<") else "application/json")
    assert type(error) is leaf
    assert error.facts["status"] == str(status)
    assert error.facts["reason"]
    assert error.sentence.endswith(".")
    assert "<" not in error.sentence


def test_a_sign_in_page_is_called_one() -> None:
    error = refusal("Box", 511, "text/html", b"<html>", "box.example", None)
    assert isinstance(error, SignInPage)
    assert "box.example" in error.sentence


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://evil.example/login?token=1", "https://evil.example"),
        ("http://user:pass@evil.example:81/", "http://evil.example:81"),
        ("//evil.example/x", "https://evil.example"),
        ("/elsewhere?q=1", "box.example/elsewhere"),
        ("https://box.example/v1/", "https://box.example"),
    ],
)
def test_a_redirect_says_where_it_leads_and_nothing_that_may_be_secret(location: str, target: str) -> None:
    error = refusal("Box", 307, "", b"", "box.example", KEY, {"location": location})
    assert isinstance(error, Redirected)
    assert error.facts["target"] == target
    assert "neither did your key" in error.sentence


@pytest.mark.parametrize("location", ["", "   ", "http://[", "https://"])
def test_a_redirect_without_a_place_is_no_answer(location: str) -> None:
    error = refusal("Box", 302, "", b"", "box.example", KEY, {"location": location})
    assert isinstance(error, BadAnswer)
    assert "box.example" in error.sentence


def test_a_model_whose_machines_are_down_is_no_fault_of_the_request() -> None:
    told = {
        "type": "urn:inference-service:problem-details:bad-request",
        "title": "Bad Request",
        "status": 400,
        "detail": "Function id 'x': DEGRADED function cannot be invoked",
    }
    error = refused(400, told, "application/problem+json")
    assert isinstance(error, ModelDown)
    assert "DEGRADED" in error.facts["reason"]
    assert not isinstance(refused(404, told), ModelDown)


# ---------------------------------------------------------------- how long to wait


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said_so", "seconds", "words"),
    [
        ("0", 0.0, "1 second"),
        ("1", 1.0, "1 second"),
        ("5", 5.0, "5 seconds"),
        ("100", 100.0, "100 seconds"),
        ("101", 101.0, "2 minutes"),
        ("10800", 10800.0, "3 hours"),
        ("86400", 86400.0, "24 hours"),
        ("junk", None, "a while"),
        ("", None, "a while"),
    ],
)
def test_b17_the_wait_is_told_in_words(status: int, said_so: str, seconds: float | None, words: str) -> None:
    error = refused(status, retry_after=said_so)
    assert error.retry_after_s == seconds
    assert f"Wait {words} and try again." in error.sentence


def test_spans_are_told_in_the_unit_that_fits() -> None:
    words = [span(seconds) for seconds in (0.2, 59.1, 3600, 6001, 48 * 3600, 48 * 3600 + 1, 1e9, None)]
    assert words == [
        "1 second", "60 seconds", "60 minutes", "2 hours", "48 hours", "3 days", "11575 days", "a while"
    ]  # fmt: skip


# ---------------------------------------------------------------- the reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([{"error": {"code": 400, "message": "API key not valid", "status": "INVALID_ARGUMENT"}}, {"x": 1}],
         "API key not valid"),
        ({"error": "model 'x' not found"}, "model 'x' not found"),
        ({"error": {"message": "bad", "detail": "ignored"}, "detail": "ignored"}, "bad"),
        ({"error": {"message": "Provider returned error", "metadata": {"raw": "slow down"}}},
         "Provider returned error: slow down"),
        ({"error": {"message": "Bad gateway", "metadata": {"raw": '{"error":{"message":"busy"}}'}}},
         "Bad gateway: busy"),
        ({"error": {"message": "x", "metadata": {"raw": {"message": "y"}}}}, "x: y"),
        ({"detail": "no such model", "title": "ignored", "message": "ignored"}, "no such model"),
        ({"detail": [{"loc": ["body", "model"], "msg": "field required", "type": "missing"}]},
         "model: field required"),
        ({"detail": [{"loc": ["body", "messages", 0, "content"], "msg": "too long"}, {"msg": "second"}]},
         "messages.0.content: too long; second"),
        ({"detail": [{"loc": ["query", "limit"], "msg": "bad"}, "plain"]}, "query.limit: bad; plain"),
        ({"detail": {"message": "inside"}}, "inside"),
        ({"type": "about:blank", "title": "Gone", "status": 410}, "Gone"),
        ({"title": "Gone", "status": 410, "detail": "ended on Monday"}, "ended on Monday"),
        ({"message": "over there"}, "over there"),
        ({"error": {"code": 5}, "message": "outside"}, "outside"),
        ({"error": None, "errors": ["first", "second"]}, "first"),
        ({"odd": "thing", "n": 1}, '{"odd": "thing", "n": 1}'),
        ("just words", "just words"),
        ({"error": {"message": "<html><title>Nope</title><p>x"}}, "Nope"),
    ],
)  # fmt: skip
def test_b16_the_reason_is_found_wherever_the_server_put_it(body: Any, reason: str) -> None:
    assert refused(400, body).facts["reason"] == reason


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'""', b'{"error":{}}', b'{"error":null}', b"null", b" "]
)
def test_where_it_says_nothing_we_do(body: bytes) -> None:
    assert refused(413, body).facts["reason"] in ("the request is too large", "null")


def test_words_alone_are_taken_as_they_are_and_cut_off() -> None:
    assert refused(404, b"404 page not found", "text/plain").facts["reason"] == "404 page not found"
    long = refused(500, b"w" * 10_000, "text/plain").facts["reason"]
    assert len(long) == MOST_CHARACTERS
    assert long.endswith("…")


def test_a_web_page_is_never_shown_as_it_is() -> None:
    page = (
        b"<!DOCTYPE html><html><head><title> 502 Bad &amp; Gone </title></head><body><h1>x</h1></body></html>"
    )
    for kind in ("text/html", "text/plain", "", "application/json"):
        assert refused(502, page, kind).facts["reason"] == "502 Bad & Gone"
    bare = b"<html><script>steal()</script><body><p>Busy, <b>sorry</b></body></html>"
    assert refused(503, bare, "text/html").facts["reason"] == "Busy, sorry"


@pytest.mark.parametrize(
    "piece", ["<!--", "<script ", "<style>", "<title", "<", "<head><", "-->", "</script", "&"]
)
@pytest.mark.parametrize("begin", ["<html>", "<!doctype html><html><head>"])
def test_b14_a_page_made_to_be_slow_is_read_at_once(piece: str, begin: str) -> None:
    page = begin + piece * (2**20 // len(piece))
    begun = time.process_time()
    refused(400, page.encode(), "text/html")
    error_in_stream("Box", {"message": page}, KEY)
    assert time.process_time() - begun < 0.2


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><!-- a > b --><p>Busy", "Busy"),
        ("<html><head><meta charset=x><style>p{}</style></head><header>Busy</header>", "Busy"),
        ("<html><SCRIPT>a<b</SCRIPT >Busy<script>steal()", "Busy"),
        ("<html><title></title><body>Busy", "Busy"),
        ("<html><head><TITLE lang=x>İst Busy</TITLE>", "İst Busy"),
        ("<html>Busy &lt;b", "Busy <b"),
        ("<html>Busy <b", "Busy"),
    ],
)
def test_the_words_of_a_page_are_found(page: str, words: str) -> None:
    assert refused(400, page.encode(), "text/html").facts["reason"] == words


@given(st.binary(max_size=400), st.sampled_from([400, 404, 429, 500, 307, 511]))
def test_no_body_whatever_breaks_the_telling(body: bytes, status: int) -> None:
    error = refusal("Box", status, "application/json", body, "box.example", KEY, {"location": "x"})
    assert all(error.facts.values())
    assert error.sentence.isprintable()


def test_b14_json_nested_too_deep_is_words() -> None:
    assert refused(400, b"[" * 100_000).facts["reason"].startswith("[[[")
    assert plain(said(b'{"error":' * 900 + b"1" + b"}" * 900)).startswith('{"error":{"error":')


# ---------------------------------------------------------------- an error in the answer


@pytest.mark.parametrize(
    ("error", "leaf", "status", "reason"),
    [
        ({"code": 402, "message": "no credit"}, NoCredit, "402", "no credit"),
        ({"code": "429", "message": "later"}, TooManyRequests, "429", "later"),
        ({"code": 529}, ServerFailed, "529", "it is overloaded"),
        ({"code": "context_length_exceeded", "message": "long"}, Rejected, "context_length_exceeded", "long"),
        ({"object": "error", "message": "boom", "type": "X"}, Rejected, "while answering", "boom"),
        ({"error": {"message": "boom"}}, Rejected, "while answering", "boom"),
        ("out of memory", Rejected, "while answering", "out of memory"),
        (None, Rejected, "while answering", "it gave no reason"),
        ({"code": 400, "message": "DEGRADED function"}, ModelDown, "400", "DEGRADED function"),
        ({"code": 10**40, "message": "x"}, Rejected, str(10**40), "x"),
    ],
)
def test_b20_an_error_in_an_answer_has_its_own_cause(
    error: Any, leaf: type[Rejected], status: str, reason: str
) -> None:
    found = error_in_stream("Box", error, KEY)
    assert type(found) is leaf
    assert (found.facts["status"], found.facts["reason"]) == (status, reason)


# ---------------------------------------------------------------- keys


def echoes() -> list[str]:
    value = KEY.value
    escaped = "".join(f"\\u{ord(character):04X}" for character in value)
    return [
        value,
        value[:BEGINNING],
        value[:20],
        quote(value, safe=""),
        quote(value, safe="").lower(),
        value.replace("/", "\\/"),
        escaped,
        value.upper(),
        value + value,
    ]


@pytest.mark.parametrize("echo", echoes())
@pytest.mark.parametrize("around", ["Incorrect API key: {}.", "{}", "x{}x{}x", "https://h/?key={}&n=1"])
def test_b27_a_key_is_masked_however_it_is_echoed(echo: str, around: str) -> None:
    shown = plain(around.format(echo, echo), KEY)
    assert MASK in shown
    for form in (KEY.value, quote(KEY.value, safe=""), echo):
        assert form[:BEGINNING].lower() not in shown.lower()
    assert KEY.value[-8:] not in shown
    error = refused(401, {"error": {"message": around.format(echo, echo)}})
    assert KEY.value[:BEGINNING] not in repr(error.facts) + str(error)


def test_b27_what_stands_around_a_key_stays() -> None:
    assert plain(f"bad {KEY.value}, sorry", KEY) == f"bad {MASK}, sorry"
    assert plain(f"bad {KEY.value[:14]}***18", KEY) == f"bad {MASK}***18"
    assert plain("sk-proj-", KEY) == "sk-proj-"
    assert plain("EMPTY plates", Key(("https://box.example",), "EMPTY")) == "EMPTY plates"


def test_what_is_shown_is_one_line() -> None:
    assert plain("a\n\tb\x00c\u202ed\x85e.\u2028f..") == "a b c d e. f"
