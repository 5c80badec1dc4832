from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.domain.errors import (
    BadAnswer,
    FoveaError,
    KeyRefused,
    NotFound,
    OfflineRefused,
    Redirected,
    ServerFailed,
    SignInPage,
    Stalled,
)
from app.domain.model import ModelInfo
from app.providers.openai_compatible import OpenAiCompatibleProvider
from tests.app.providers.openai_samples import provider_for
from tests.servers.fault_server import Answer, FaultServer, Hang, Received
from tests.servers.openai_like import BLIND, KEY, SEEING, VARIANTS, OpenAiLike, document

SAYING = {"llamacpp": "llama.cpp", "ollama": "Ollama", "lmstudio": "LM Studio", "openrouter": "OpenRouter"}
SILENT = {"vllm": "vLLM", "sglang": "SGLang", "openai": "OpenAI", "gemini": "Gemini"}
PAGE = {"Content-Type": "text/html"}

Work = Callable[[OpenAiCompatibleProvider, OpenAiLike], Awaitable[Any]]


def with_server(variant: str, work: Work, key: str = "", **changes: Any) -> Any:
    """Do `work` with a provider of the server, and hold the server's rules."""
    kind, sent = changes.pop("kind", ""), changes.pop("sent", None)

    async def run() -> Any:
        server = OpenAiLike(variant, key)
        for name, value in changes.items():
            setattr(server, name, value)
        async with server:
            try:
                return await work(provider_for(server, kind=kind, key=sent), server)
            finally:
                assert server.violations == []

    return asyncio.run(run())


def models_of(variant: str, **changes: Any) -> list[ModelInfo]:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> list[ModelInfo]:
        return list(await provider.models())

    return list(with_server(variant, work, **changes))


def seen(models: list[ModelInfo]) -> dict[str, bool | None]:
    return {model.id: model.vision.value for model in models}


# ---------------------------------------------------------------- who sees


@pytest.mark.parametrize("variant", SAYING)
def test_a_server_that_knows_says_which_models_see(variant: str) -> None:
    models = models_of(variant)
    assert seen(models) == {SEEING: True, BLIND: False}
    assert models[0].vision.source == f"{SAYING[variant]} says so"


@pytest.mark.parametrize("variant", SILENT)
def test_a_server_that_does_not_say_leaves_it_open_whatever_the_name(variant: str) -> None:
    models = models_of(variant)
    assert seen(models) == {SEEING: None, BLIND: None}
    assert models[0].vision.source == f"{SILENT[variant]} does not say"


def test_an_older_llama_cpp_says_it_of_the_loaded_model_and_loads_no_other() -> None:
    models = models_of("llamacpp", says_who_sees=False)
    assert seen(models) == {SEEING: True, BLIND: None}
    assert [model.ready for model in models] == [True, False]


def test_an_older_ollama_is_asked_about_each_model() -> None:
    assert seen(models_of("ollama", says_who_sees=False)) == {SEEING: True, BLIND: False}


def test_an_older_lm_studio_says_it_by_kind() -> None:
    models = models_of("lmstudio", says_who_sees=False)
    assert seen(models) == {SEEING: True, BLIND: False}
    assert [model.ready for model in models] == [True, False]


def test_lm_studio_without_its_own_lists_still_lists() -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        missing = document({"error": "Unexpected endpoint or method."})
        server.at("/api/", missing)
        return list(await provider.models())

    assert seen(with_server("lmstudio", work)) == {SEEING: None, BLIND: None}


@pytest.mark.parametrize("variant", [*SAYING, *SILENT])
def test_one_model_is_asked_about_alone(variant: str) -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        return [(await provider.probe(name)).value for name in (SEEING, BLIND)]

    expected = [None, None] if variant in SILENT else [True, False]
    assert with_server(variant, work) == expected


def test_a_model_that_is_not_there_is_unknown() -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        return await provider.probe("nothing")

    assert with_server("openrouter", work).source == "OpenRouter does not list this model"
    with pytest.raises(NotFound, match="nothing"):
        with_server("ollama", work)


# ---------------------------------------------------------------- a server of unknown make


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_custom_server_is_asked_in_every_way_until_one_says(variant: str) -> None:
    models = models_of(variant, kind="custom")
    expected = [None, None] if variant in SILENT else [True, False]
    assert [model.vision.value for model in models] == expected
    assert [model.id for model in models] == [SEEING, BLIND]
    assert models[0].vision.source.startswith("Box ")


def test_a_custom_server_with_one_model_is_asked_for_its_properties() -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        server.at("/v1/models", document({"data": [{"id": "only"}]}))
        return list(await provider.models())

    assert seen(with_server("llamacpp", work, kind="custom")) == {"only": True}


def test_a_custom_server_that_refuses_everything_is_told_by_its_first_refusal() -> None:
    with pytest.raises(KeyRefused):
        models_of("openai", kind="custom", sent="sk-wrong")

    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        server.at("/", Answer([b"404 page not found"], 404, {"Content-Type": "text/plain"}))
        return await provider.models()

    with pytest.raises(NotFound, match="404 page not found"):
        with_server("openai", work, kind="custom")


# ---------------------------------------------------------------- the rows


def test_the_details_of_a_model_are_told() -> None:
    assert [model.detail for model in models_of("vllm")] == ["8,192 tokens of context"] * 2
    assert models_of("ollama")[0].detail == "7.2B, Q4_K_M"
    (seeing, _) = models_of("lmstudio")
    assert (seeing.name, seeing.detail, seeing.ready) == ("The sees-7b", "7B, 4,096 tokens of context", True)
    assert models_of("llamacpp")[0].detail == "4,096 tokens of context"


@pytest.mark.parametrize(
    "rows",
    [
        [
            {},
            {"id": 5},
            {"id": ""},
            {"id": "  "},
            7,
            None,
            [],
            {"name": "only"},
            {"id": "good"},
            {"id": "good"},
        ],
        [{"id": "good", "architecture": "llama", "capabilities": 3, "meta": [], "status": "x", "details": 1}],
        [{"id": "good", "architecture": {"input_modalities": "image"}, "capabilities": {"vision": "yes"}}],
        [{"id": "good", "name": None, "display_name": 7, "context_length": "many", "max_model_len": -1}],
    ],
)
def test_rows_that_make_no_sense_are_passed_over(rows: list[Any]) -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        server.at("/v1/models", document({"data": rows}))
        return list(await provider.models())

    assert seen(with_server("openai", work)) == {"good": None}


def test_what_is_shown_of_a_model_is_plain() -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        row = {"id": "m", "name": "<b>x\n\x00y</b>" + "z" * 1000, "details": {"parameter_size": "7\nB"}}
        server.at("/v1/models", document([row]))
        return list(await provider.models())

    (model,) = with_server("openai", work)
    assert model.name.startswith("<b>x y</b>")
    assert len(model.name) == 300
    assert model.detail == "7 B"


# ---------------------------------------------------------------- the test of an endpoint


@pytest.mark.parametrize(("variant", "name"), [*SAYING.items(), *SILENT.items()])
def test_a_test_says_who_answers_and_with_how_many_models(variant: str, name: str) -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        return await provider.test(), server.port

    said, port = with_server(variant, work)
    assert said == f"{name} at 127.0.0.1:{port} answers and has 2 models."


@pytest.mark.parametrize(("count", "words"), [(0, "no models"), (1, "1 model"), (1200, "1,200 models")])
def test_a_test_counts_the_models(count: int, words: str) -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        server.at("/v1/models", document({"data": [{"id": str(n)} for n in range(count)]}))
        return await provider.test()

    assert with_server("openai", work).endswith(f"answers and has {words}.")
    assert with_server("openai", work, kind="custom").startswith("Box at ")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_wrong_key_is_found_where_the_list_is_public_too(variant: str) -> None:
    async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike) -> Any:
        return await provider.test()

    assert "2 models" in with_server(variant, work, key=KEY)
    with pytest.raises(KeyRefused):
        with_server(variant, work, key=KEY, sent="sk-wrong-9c41aa72e0b35f18")


def test_a_server_that_has_no_address_for_the_key_is_trusted_with_its_list() -> None:
    for answer in (
        Answer([b"not found"], 404),
        Answer([b"<html>"], 200, PAGE),
        document({"error": "x"}, 501),
    ):

        async def work(provider: OpenAiCompatibleProvider, server: OpenAiLike, said: Answer = answer) -> Any:
            server.at("/props", said)
            return await provider.test()

        assert "2 models" in with_server("llamacpp", work, key=KEY)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer([b"<!doctype html><title>Hotel</title>"], 200, PAGE), SignInPage),
        (Answer([b"<!doctype html><title>Hotel</title>"], 511, PAGE), SignInPage),
        (Answer([], 302, {"Location": "https://portal.example/?k=1"}), Redirected),
        (Answer([b"<html><title>502 Bad Gateway</title>"], 502, PAGE), ServerFailed),
        (Answer([b"hello"], 200, {"Content-Type": "text/plain"}), BadAnswer),
        (document({"models": 5}), BadAnswer),
        (document({"error": {"message": "no"}}), BadAnswer),
        (document({"error": "Loading model"}, 503), ServerFailed),
        (Answer([b"[" * 100_000], 200), BadAnswer),
        (Answer([Hang()], 200), Stalled),
    ],
)
def test_b15_b16_whatever_stands_in_the_way_of_the_list_is_explained(
    answer: Answer, error: type[FoveaError]
) -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            server.at("/v1/models", answer)
            with pytest.raises(error) as caught:
                await provider_for(server, idle_s=0.2).models()
            assert "<" not in caught.value.sentence
            assert all(caught.value.facts.values())

    asyncio.run(run())


def test_while_offline_nothing_but_this_computer_is_asked() -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            provider = provider_for(server, base_url="https://far.example/v1", key="")
            provider._site.gate.offline = True
            with pytest.raises(OfflineRefused):
                await provider.test()

    asyncio.run(run())


def test_no_key_goes_along_where_none_is_known() -> None:
    async def run() -> list[Received]:
        async with OpenAiLike("ollama") as server:
            await provider_for(server).models()
            assert isinstance(server, FaultServer)
            return server.requests

    assert all("authorization" not in request.headers for request in asyncio.run(run()))
