"""The documents of an endpoint beside its answers: what it has, what was used, where to upload."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from app.domain.errors import BadAnswer
from app.net.key import Key
from app.providers.masking import masked
from app.providers.openai_body import BOM, Form, form_of
from app.providers.openai_wire import refusal_of
from app.providers.refusal import WEB_PAGE_TYPES, sign_in_page
from app.providers.site import Site

WAIT_S = 30.0
"""The longest that a document is waited for, in seconds, and the longest pause within it."""

MOST_BYTES = 64 * 2**20


async def document(site: Site, address: str, body: object = None) -> Any:
    """The JSON at `address`, or what it answers to `body`; the key is masked wherever it is echoed.

    Raises a refusal, SignInPage, BadAnswer, what finding the key raises and what `Gate.stream` raises.
    """
    key = await site.key()
    wait_s = WAIT_S if site.patience.idle is None else min(site.patience.idle, WAIT_S)
    async with site.gate.stream(
        "GET" if body is None else "POST",
        site.url(address),
        endpoint=site.name,
        headers={"accept": "application/json"},
        key=key,
        json=None if body is None else msgspec.json.encode(body),
        first_byte_s=wait_s,
        idle_s=wait_s,
        most_bytes=MOST_BYTES,
    ) as response:
        if response.status >= 300:
            raise await refusal_of(response, site.name, key)
        written = await response.body()
        if response.content_type in WEB_PAGE_TYPES or form_of(written[:64]) is Form.PAGE:
            raise sign_in_page(site.name, response.host)
    try:
        return await asyncio.to_thread(_decoded, written.removeprefix(BOM), key)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(endpoint=site.name, reason="it is not JSON") from error


def _decoded(written: bytes, key: Key | None) -> Any:
    told = msgspec.json.decode(written)
    return _without_key(told, key) if _may_hold(written, key) else told


def _may_hold(written: bytes, key: Key | None) -> bool:
    """Whether the key is echoed: one look at the whole costs less than one at each of its texts."""
    text = written.decode("utf-8", "replace")
    return masked(text, key) != text


def _without_key(told: Any, key: Key | None) -> Any:
    """The same with the key masked in every text, names of fields included."""
    if isinstance(told, str):
        return masked(told, key)
    if isinstance(told, list):
        return [_without_key(each, key) for each in told]
    if isinstance(told, dict):
        return {masked(name, key): _without_key(each, key) for name, each in told.items()}
    return told
