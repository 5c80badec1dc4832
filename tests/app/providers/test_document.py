from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import BadAnswer, FoveaError, KeyRefused, Redirected, SignInPage
from app.domain.model import EndpointConfig, KeyGroup
from app.net.gate import Gate
from app.net.key import Key
from app.providers.document import document
from app.providers.nugen import NugenProvider
from app.providers.nvidia import NvidiaProvider
from app.providers.openai_compatible import OpenAiCompatibleProvider
from app.providers.openai_dialects import DIALECTS
from app.providers.provider import Provider
from app.providers.site import Site
from tests.servers.fault_server import Answer, FaultServer, Raw

CANARY = "canary-sk-0123456789abcdefghijklmnop"
JSON = {"Content-Type": "application/json"}


def site_at(server: FaultServer) -> Site:
    async def find() -> Key:
        return Key((server.url,), CANARY)

    return Site(Gate(), "Box", find, server.url)


def told_by(answer: Answer | Raw, body: object = None) -> Any:
    async def run() -> Any:
        async with FaultServer([answer]) as server:
            told = await document(site_at(server), "https://box.example/list", body)
            assert server.requests[-1].method == ("GET" if body is None else "POST")
            return told

    return asyncio.run(run())


def whole(content: object, status: int = 200) -> Answer:
    return Answer([json.dumps(content).encode()], status, JSON, "length")


def test_a_document_is_told_as_it_is() -> None:
    content = {"data": [{"id": "a", "size": 4.5, "ready": None}, [True]]}
    assert told_by(whole(content)) == content
    assert told_by(whole(content), {"model": "a"}) == content


def test_a_mark_at_the_beginning_is_no_part_of_it() -> None:
    assert told_by(Answer([b'\xef\xbb\xbf{"a": 1}'], 200, JSON, "length")) == {"a": 1}


def test_a_key_that_is_an_ordinary_word_leaves_the_names_of_models_alone() -> None:
    async def run() -> None:
        async with FaultServer([whole({"id": "ollama/llava"})]) as server:

            async def find() -> Key:
                return Key((server.url,), "ollama")

            site = site_at(server)._replace(key=find)
            assert await document(site, "https://box.example/list") == {"id": "ollama/llava"}

    asyncio.run(run())


def test_the_key_is_masked_in_every_text_of_it() -> None:
    echoed = {f"x-{CANARY}": [{"id": f"m {CANARY}"}, CANARY.upper(), 5], "part": CANARY[:20] + "..."}
    told = json.dumps(told_by(whole(echoed)))
    assert "•••" in json.loads(told)["part"]
    assert CANARY[:12] not in told.lower()


def test_the_key_is_masked_where_json_writes_it_in_escapes() -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in CANARY)
    told = told_by(Answer([f'{{"id": "m-{escaped}"}}'.encode()], 200, JSON, "length"))
    assert told == {"id": "m-•••"}


@pytest.mark.parametrize(
    ("answer", "leaf"),
    [
        (whole({"error": "no"}, 401), KeyRefused),
        (Answer([b"<html>"], 200, {"Content-Type": "text/html; charset=utf-8"}, "length"), SignInPage),
        (Answer([b" <!DOCTYPE html><title>Hotel</title>"], 200, JSON, "length"), SignInPage),
        (Answer([], 302, {"Location": "https://other.example/"}, "length"), Redirected),
        (Answer([b"{"], 200, JSON, "length"), BadAnswer),
        (Answer([b"[" * 100_000], 200, JSON, "length"), BadAnswer),
        (Answer([b'"' + CANARY.encode() + b'"' + b"[" * 900], 200, JSON, "length"), BadAnswer),
    ],
)
def test_what_is_no_document_is_explained(answer: Answer, leaf: type[FoveaError]) -> None:
    with pytest.raises(leaf):
        told_by(answer)


LISTING = {
    # One answer that each list of models finds its own in.
    "data": [
        {
            "id": f"m-{CANARY}",
            "name": CANARY,
            "key": CANARY,
            "display_name": f"The {CANARY}",
            "details": {"parameter_size": CANARY, "quantization_level": CANARY},
        }
    ],
    "models": [
        {
            "model": CANARY,
            "model_id": f"m-{CANARY}",
            "model_name": CANARY,
            "key": CANARY,
            "params_string": CANARY,
            "parameters": CANARY,
            "capabilities": ["completion", "vision"],
        }
    ],
    "domain_aligned_models": [
        {"id": f"a-{CANARY}", "name": CANARY, "base_model": CANARY, "deployment_status": CANARY}
    ],
}


def nugen(site: Site, home: Path) -> Provider:
    return NugenProvider(site, config_of("nugen"))


def nvidia(site: Site, home: Path) -> Provider:
    return NvidiaProvider(site, config_of("nvidia"), home)


def config_of(kind: str) -> EndpointConfig:
    url = "https://box.example"
    return EndpointConfig(id="box", name="Box", kind=kind, base_url=url, key=KeyGroup(origins=(url,)))


@pytest.mark.parametrize("kind", ["nugen", "nvidia", *DIALECTS])
def test_a_list_of_models_that_echoes_the_key_does_not_show_it(kind: str, home: Path) -> None:
    async def run() -> None:
        async with FaultServer([whole(LISTING)]) as server:
            build = {"nugen": nugen, "nvidia": nvidia}.get(kind)
            site = site_at(server)
            provider = build(site, home) if build else OpenAiCompatibleProvider(site, config_of(kind))
            models = list(await provider.models())
            assert any("•••" in model.id for model in models)
            assert CANARY[:12] not in repr(models)

    asyncio.run(run())


def test_what_agents_used_does_not_show_the_key() -> None:
    used = {"data": {"totalTokens": 3, "mostUsedModel": CANARY, "usageByModel": {CANARY: 1}}}

    async def run() -> None:
        async with FaultServer([whole(used)]) as server:
            usage = await NugenProvider(site_at(server), config_of("nugen")).usage()
            assert usage.by_model == {"•••": 1}
            assert CANARY[:12] not in repr(usage)

    asyncio.run(run())
