"""Questions for OpenAI-compatible servers, and the way to their doubles."""

from __future__ import annotations

import asyncio
from typing import Any

from app.domain.model import EndpointConfig, KeyGroup
from app.domain.request import ChatRequest
from app.net.gate import Gate
from app.net.key import Key
from app.providers.openai_compatible import OpenAiCompatibleProvider
from app.providers.site import Patience, Site
from tests.app.providers.nugen_samples import Told, hear, question
from tests.servers.openai_like import SEEING, OpenAiLike


def config_for(server: OpenAiLike, kind: str = "", base_url: str = "") -> EndpointConfig:
    url = base_url or server.base_url
    group = KeyGroup(origins=(server.url,), needed=bool(server.key))
    return EndpointConfig(id="box", name="Box", kind=kind or server.variant, base_url=url, key=group)


def provider_for(
    server: OpenAiLike, kind: str = "", base_url: str = "", key: str | None = None, idle_s: float = 5.0
) -> OpenAiCompatibleProvider:
    value = server.key if key is None else key

    async def find() -> Key | None:
        return Key((server.url,), value) if value else None

    site = Site(Gate(), "Box", find, patience=Patience(idle=idle_s))
    return OpenAiCompatibleProvider(site, config_for(server, kind, base_url))


def asking(**fields: Any) -> ChatRequest:
    return question(**{"model": SEEING, **fields})


def ask(server: OpenAiLike, request: ChatRequest, idle_s: float = 5.0) -> Told:
    async def run() -> Told:
        async with server:
            told = await hear(provider_for(server, idle_s=idle_s).stream(request))
            await asyncio.wait_for(server.wait_until_idle(), 30)
            return told

    return asyncio.run(run())
