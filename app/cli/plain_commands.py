"""`fovea complete` and `fovea embed`: what some endpoints do without a conversation."""

from __future__ import annotations

import argparse
from contextlib import aclosing

from app.cli.output import Output
from app.cli.parameters import parameters
from app.cli.routes import BadUsage, model_of
from app.providers.provider import Completes, Embeds, Provider
from app.settings import Settings

DONE = 0


async def complete(options: argparse.Namespace, chosen: Settings, provider: Provider, output: Output) -> int:
    """Go on with a text. Raises BadUsage for an endpoint that does not, and FoveaError."""
    if not isinstance(provider, Completes):
        raise BadUsage(f"{provider.endpoint.name} answers questions only: fovea ask")
    model = model_of(options, chosen, provider.endpoint)
    output.started(provider.endpoint, model)
    async with aclosing(provider.complete(model, options.text, parameters(options.param))) as events:
        async for event in events:
            output.event(event)
    return DONE


async def embed(options: argparse.Namespace, chosen: Settings, provider: Provider, output: Output) -> int:
    """Turn texts into numbers. Raises BadUsage for an endpoint that does not, and FoveaError."""
    if not isinstance(provider, Embeds):
        raise BadUsage(f"{provider.endpoint.name} turns no texts into numbers.")
    model = model_of(options, chosen, provider.endpoint)
    for text, numbers in zip(
        options.text, await provider.embed(model, options.text, options.dimensions), strict=True
    ):
        output.embedding(text, numbers)
    return DONE
