"""The dialects for llama.cpp and for a server of unknown make, against the real llama.cpp."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.domain.events import Finished, RequestNamed, UsageReported
from app.domain.message import Role
from app.domain.model import EndpointConfig, KeyGroup
from app.domain.request import ChatRequest, Parameters, PromptMessage, Reasoning
from app.local.engine import Engine
from app.net.gate import Gate
from app.net.key import Key
from app.providers.openai_compatible import OpenAiCompatibleProvider
from app.providers.site import Site
from tests.app.providers.nugen_samples import hear
from tests.app.providers.test_local_engine import picture
from tests.tiny_model import write_tiny_model

pytest.importorskip("xllamacpp")

SAMPLING = Parameters(temperature=0.0, top_k=5, seed=1, max_tokens=50)
OFF = Reasoning(enabled=False)


@pytest.mark.parametrize(
    ("kind", "says", "parameters"),
    [("llamacpp", "llama.cpp", SAMPLING.replace(reasoning=OFF)), ("custom", "Box", SAMPLING)],
)
def test_the_real_llama_cpp_answers_and_says_that_it_sees(
    kind: str, says: str, parameters: Parameters, tmp_path: Path
) -> None:
    async def run() -> None:
        tiny = write_tiny_model(tmp_path)
        gate = Gate()
        engine = Engine(gate, threads=1)
        try:
            address = await engine.serve(tiny.model, tiny.projector)

            async def find() -> Key | None:
                return address.key

            group = KeyGroup(origins=(address.base_url,))
            config = EndpointConfig(id="box", name="Box", kind=kind, base_url=address.base_url, key=group)
            provider = OpenAiCompatibleProvider(Site(gate, "Box", find), config)
            assert await provider.test() == f"{says} at {provider.endpoint.host} answers and has 1 model."
            (model,) = await provider.models()
            assert (model.vision.value, model.vision.source) == (True, f"{says} says so")
            shown = PromptMessage(role=Role.USER, text="What is it?", pictures=(picture("red", "JPEG"),))
            for stream in (True, False):
                request = ChatRequest(model=model.id, messages=(shown,), parameters=parameters, stream=stream)
                told = await hear(provider.stream(request))
                assert told.error is None
                assert told.text() == "The picture is mostly red."
                assert told.of(UsageReported)[0].usage.completion_tokens == 7
                assert told.of(RequestNamed)
                assert told.events[-1] == Finished(reason="stop")
        finally:
            await engine.close()

    asyncio.run(run())
