"""The stand-in for NVIDIA has teeth: each thing that the pages forbid is refused and listed."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.net.gate import Document, Gate
from app.net.key import Key
from tests.servers.nvidia_rules import NANO
from tests.servers.nvidia_server import ASSETS, INTEGRATE, KEY, STATUS, VLM, NvidiaServer

PICTURE = base64.b64encode(b"\xff\xd8\xff" + b"\x00" * 99).decode()
LARGE = base64.b64encode(b"\xff\xd8\xff" + b"\x00" * 134_995).decode()
TAG = f'<img src="data:image/jpeg;base64,{PICTURE}" />'
ASSET = '<img src="data:image/jpeg;asset_id,11111111-1111-1111-1111-111111111111" />'
USER = {"role": "user", "content": "?"}
ANSWER = {"role": "assistant", "content": "!"}
SYSTEM = {"role": "system", "content": "s"}


def part(mime: str = "image/jpeg", data: str = PICTURE) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"data:{mime};base64,{data}"}}


def nano(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"model": NANO, "messages": list(messages or (USER,)), **fields}


def seen_by(content: Any, role: str = "user") -> dict[str, Any]:
    return nano({"role": role, "content": content})


def paligemma(content: Any = f"ocr {TAG}", **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content}], **fields}


def send(
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    prepare: Callable[[NvidiaServer], None] = lambda server: None,
    keyed: bool = True,
) -> tuple[Document, list[str]]:
    async def run() -> tuple[Document, list[str]]:
        async with NvidiaServer() as server:
            prepare(server)
            answer = await Gate().fetch(
                method,
                server.url + path,
                endpoint="NVIDIA",
                headers={"accept": "application/json"} | (headers or {}),
                key=Key((server.url,), KEY) if keyed else None,
                json=None if body is None else json.dumps(body).encode(),
            )
            return answer, server.violations

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (nano(USER, USER), "do not alternate"),
        (nano(USER, SYSTEM), "not first"),
        (nano(SYSTEM), "neither the user's"),
        (nano(*[USER, ANSWER] * 513), "1 to 1024"),
        (nano(USER, {"role": "assistant", "content": [{"type": "text", "text": "!"}]}), "a list"),
        (seen_by(None), "neither text"),
        (nano(max_tokens=2049), "max_tokens"),
        (nano(max_tokens=0), "max_tokens"),
        (nano(max_tokens=1.5), "max_tokens"),
        (nano(temperature=1.1), "temperature"),
        (nano(seed=2**63), "seed"),
        (nano(top_k=1), "top_k"),
        (nano(stream_options={}), "stream_options"),
        (nano(USER | {"name": "me"}, tools=[]), "tools"),
        (seen_by([part(data=LARGE)]), "180000 characters"),
        (seen_by([part("image/webp")]), "image/webp"),
        (seen_by([part("image/png")]), "not image/png"),
        (seen_by([part(data="!")]), "not base64"),
        (seen_by([{"type": "image_url", "image_url": {"url": "https://x.example/"}}]), "data URI"),
        (seen_by("<img src='x'>"), "no picture as documented"),
        (seen_by(ASSET), "not those in the text"),
    ],
)
def test_what_the_page_of_nano_vl_forbids_is_refused(body: dict[str, Any], words: str) -> None:
    answer, violations = send("POST", INTEGRATE, body)
    assert answer.status == 422
    assert any(words in violation for violation in violations), violations


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (paligemma(model="google/paligemma"), "model"),
        (paligemma(f"ocr {TAG} {TAG}"), "2 pictures"),
        (paligemma("ocr"), "0 pictures"),
        (paligemma([part()]), "not in a string"),
        (paligemma(max_tokens=1025), "max_tokens"),
        (paligemma(seed=1), "seed"),
        ({"messages": [USER, ANSWER]}, "exactly one message"),
    ],
)
def test_what_the_page_of_paligemma_forbids_is_refused(body: dict[str, Any], words: str) -> None:
    answer, violations = send("POST", VLM + "google/paligemma", body)
    assert answer.status == 422
    assert any(words in violation for violation in violations), violations


def test_what_keeps_the_rules_is_answered() -> None:
    for path, body in ((INTEGRATE, nano(SYSTEM, USER, ANSWER)), (VLM + "google/paligemma", paligemma())):
        answer, violations = send("POST", path, body)
        assert (answer.status, violations) == (200, [])


def test_the_accept_header_has_to_fit_the_mode() -> None:
    _, violations = send("POST", INTEGRATE, nano(stream=True))
    assert "Accept" in violations[0]


def test_a_request_without_a_key_is_a_breach_and_one_with_a_wrong_one_is_not() -> None:
    answer, violations = send("POST", INTEGRATE, nano(), keyed=False)
    assert (answer.status, len(violations)) == (401, 1)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "NVCF-POLL-SECONDS"),
        ({"nvcf-poll-seconds": "0"}, "NVCF-POLL-SECONDS"),
        ({"nvcf-poll-seconds": "0.5"}, "NVCF-POLL-SECONDS"),
        ({"nvcf-poll-seconds": "1", "nvcf-input-asset-references": "x"}, "first request only"),
    ],
)
def test_a_poll_is_held_to_its_headers(headers: dict[str, str], words: str) -> None:
    _, violations = send("GET", STATUS + "x", headers=headers)
    assert words in violations[0]


def put(changed: dict[str, str], keyed: bool = False, query: str = "") -> tuple[int, list[str]]:
    """A PUT whose headers or address were changed."""

    async def run() -> tuple[int, list[str]]:
        async with NvidiaServer() as server:
            gate, key = Gate(), Key((server.url,), KEY)
            wanted = json.dumps({"contentType": "image/jpeg", "description": "d"}).encode()
            created = await gate.fetch("POST", server.url + ASSETS, endpoint="NVIDIA", key=key, json=wanted)
            url = json.loads(created.body)["uploadUrl"] + query
            headers = {"content-type": "image/jpeg", "x-amz-meta-nvcf-asset-description": "d"} | changed
            sent = {name: value for name, value in headers.items() if value}
            answer = await gate.fetch(
                "PUT",
                url,
                endpoint="NVIDIA",
                headers=sent,
                content=b"\xff\xd8\xff",
                key=key if keyed else None,
            )
            return answer.status, server.violations

    return asyncio.run(run())


def test_the_storage_takes_the_signed_headers_and_nothing_else() -> None:
    assert put({}) == (200, [])
    for breach in (
        put({"content-type": "image/png"}),
        put({"x-amz-meta-nvcf-asset-description": ""}),
        put({"x-amz-meta-nvcf-asset-description": "other"}),
        put({"x-amz-acl": "public"}),
        put({}, keyed=True),
        put({}, query="0"),
    ):
        assert breach[0] == 403
        assert len(breach[1]) == 1
