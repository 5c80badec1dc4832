from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.domain.errors import (
    FoveaError,
    KeyRefused,
    RequestRefused,
    SignInPage,
)
from app.providers.nugen import NugenProvider
from app.providers.nugen_account import ALIGNED_MODELS, BASE_MODELS, USAGE, AgentUsage
from tests.app.providers.nugen_samples import CONFIG, MODEL, site_of
from tests.servers.fault_server import Answer
from tests.servers.nugen_answers import document, said
from tests.servers.nugen_server import KEY, NugenServer


def call(server: NugenServer, what: Callable[[NugenProvider], Awaitable[Any]], key: str = KEY) -> Any:
    async def run() -> Any:
        async with server:
            return await what(NugenProvider(site_of(server, key), CONFIG))

    return asyncio.run(run())


def test_base_and_aligned_models_are_listed_together() -> None:
    server = NugenServer()
    models = call(server, lambda provider: provider.models())
    assert server.violations == []
    assert [(model.id, model.name, model.detail, model.ready) for model in models] == [
        ("qwen3-vl-30b", "Qwen3 VL 30B", "30B parameters, ready", True),
        ("phi-3-vision-128k-instruct", "Phi 3 Vision", "4.2B parameters, not ready, on request", False),
        ("aligned-model-01", "Roof damage", "aligned from qwen3-vl-30b, deployed", True),
        ("aligned-model-02", "Old roofs", "aligned from qwen3-vl-30b, undeployed", False),
    ]
    assert {model.vision.value for model in models} == {None}


@pytest.mark.parametrize(("lost", "left"), [(BASE_MODELS, "aligned-model-01"), (ALIGNED_MODELS, MODEL)])
def test_a_list_that_cannot_be_had_leaves_the_other(lost: str, left: str) -> None:
    server = NugenServer()
    server.faults[lost] = [said(500, "Internal Server Error")]
    models = call(server, lambda provider: provider.models())
    assert models[0].id == left
    assert len(models) == 2


def test_a_refused_key_loses_both_lists() -> None:
    with pytest.raises(KeyRefused):
        call(NugenServer("another"), lambda provider: provider.models())


def test_a_key_refused_for_one_list_is_not_passed_over() -> None:
    server = NugenServer()
    server.faults[ALIGNED_MODELS] = [said(401, "expired")]
    with pytest.raises(KeyRefused):
        call(server, lambda provider: provider.models())


@pytest.mark.parametrize(
    "rows",
    [
        [{}, None, 5, {"id": None}, {"id": 7}, {"id": " "}, {"id": "a\nb"}, {"id": "x" * 400}],
        [{"model_id": f"{MODEL}\t", "model_name": "\x1b[31mred", "parameters": 5, "inference_ready": "yes"}],
    ],
)
def test_rows_that_are_nonsense_do_no_harm(rows: list[Any]) -> None:
    server = NugenServer()
    server.base_models, server.aligned_models = rows, []
    models = call(server, lambda provider: provider.models())
    assert [model.id for model in models] in ([], [MODEL])
    assert all(model.name.isprintable() and model.ready is None for model in models)


def test_what_is_known_of_a_model_is_its_deployment_and_not_its_sight() -> None:
    known = call(NugenServer(), lambda provider: provider.probe("aligned-model-02"))
    assert known.value is None
    assert "lists this model as undeployed" in known.source
    unknown = call(NugenServer(), lambda provider: provider.probe("my-own"))
    assert unknown.value is None


def test_a_test_says_what_answered() -> None:
    server = NugenServer()
    assert call(server, lambda p: p.test()) == "Nugen takes the key and lists 2 base models."
    assert [heard.path for heard in server.heard] == [BASE_MODELS]
    with pytest.raises(KeyRefused):
        call(NugenServer("another"), lambda provider: provider.test())


def test_b15_a_web_page_instead_of_the_models_is_a_sign_in_page() -> None:
    server = NugenServer()
    server.faults[BASE_MODELS] = [Answer([b"<html>Hotel</html>"], 200, {"Content-Type": "text/html"})]
    with pytest.raises(SignInPage):
        call(server, lambda provider: provider.test())


def test_the_usage_of_agents_is_read() -> None:
    server = NugenServer()
    assert call(server, lambda provider: provider.usage()) == AgentUsage(
        total_usage=12,
        total_tokens=3400,
        average_tokens=283.3,
        most_used_model="qwen3-vl-30b",
        by_model={"qwen3-vl-30b": 10, "nugen-flash-instruct": 2},
    )
    assert [heard.path for heard in server.heard] == [USAGE]
    server = NugenServer()
    server.usage = {"data": {"totalUsage": None, "usageByModel": {"a": {"tokens": 1}}, "mostUsedModel": 4}}
    assert call(server, lambda provider: provider.usage()) == AgentUsage()


def test_embeddings_come_in_the_order_of_the_texts() -> None:
    server = NugenServer()
    numbers = call(server, lambda provider: provider.embed("nugen-flash-embed", ["a", "bb", "ccc"], 2))
    assert numbers == [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    body = {"model": "nugen-flash-embed", "input": ["a", "bb", "ccc"], "dimensions": 2}
    assert server.bodies(NugenProvider.embeddings) == [body]
    assert server.violations == []


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        [{"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": ["x"]}],
    ],
)
def test_embeddings_that_do_not_fit_the_texts_are_no_answer(data: Any) -> None:
    server = NugenServer()
    server.faults[NugenProvider.embeddings] = [document(200, {"data": data})]
    with pytest.raises(FoveaError) as failure:
        call(server, lambda provider: provider.embed("nugen-flash-embed", ["a", "b"]))
    assert failure.value.code == "bad-answer"


def test_an_empty_text_has_no_embedding() -> None:
    server = NugenServer()
    assert call(server, lambda provider: provider.embed("nugen-flash-embed", [])) == []
    with pytest.raises(RequestRefused):
        call(server, lambda provider: provider.embed("nugen-flash-embed", ["a", ""]))
    assert server.requests == []
