"""Decoders for tests: one that a module shares, or one that the test may break."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from app.pictures.caps import Caps
from app.pictures.decoder import Decoder

Work = Callable[[Decoder], Awaitable[Any]]


class SharedDecoder:
    """A decoder with the loop it lives in."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._decoder = Decoder()
        self.run(self._started)

    def run(self, work: Work) -> Any:
        async def run() -> Any:
            return await work(self._decoder)

        return self._runner.run(run())

    def close(self) -> None:
        self._runner.run(self._decoder.close())
        self._runner.close()

    async def _started(self, decoder: Decoder) -> None:
        await decoder.inspect(data=b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;", name="dot")


@pytest.fixture(scope="module")
def shared_decoder() -> Iterator[SharedDecoder]:
    shared = SharedDecoder()
    yield shared
    shared.close()


@pytest.fixture
def decoding(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`decoding(work)` awaits `work(decoder)`; with `caps` the decoder is new and closed after."""

    def run(work: Work, caps: Caps | None = None) -> Any:
        if caps is None:
            shared: SharedDecoder = request.getfixturevalue("shared_decoder")
            return shared.run(work)
        return asyncio.run(_with_new_decoder(work, caps))

    return run


async def _with_new_decoder(work: Work, caps: Caps) -> Any:
    decoder = Decoder(caps)
    try:
        return await work(decoder)
    finally:
        await decoder.close()
