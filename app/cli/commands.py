"""The commands."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from app.chat.route import Route
from app.cli.ask import answer_once, answer_saved, ready_pictures
from app.cli.names import NOT_YET
from app.cli.options import parameters, parse
from app.cli.output import Output
from app.cli.stopping import Stopping
from app.cli.streams import Streams
from app.doctor import examine
from app.domain.errors import FoveaError
from app.log import to_stderr
from app.net.gate import Gate
from app.paths import data_home
from app.providers import quick_look
from app.providers.provider import Provider
from app.providers.registry import Registry, UnknownEndpoint
from app.settings import Settings, load

DONE, USAGE, NOT_WRITTEN, READER_LEFT = 0, 2, 3, 141


class BadUsage(Exception):
    """Options that do not go together; the text says what to do instead."""


def run(arguments: Sequence[str], stopping: Stopping) -> int:
    """Run the command that `arguments` name and return its exit code."""
    streams = Streams(stopping)
    try:
        code = _run(arguments, stopping, streams)
    except asyncio.CancelledError:
        code = NOT_WRITTEN  # unless a signal has its own
    streams.write("")
    if stopping.exit_code is not None:
        return stopping.exit_code
    if streams.failure is None:
        return code
    if streams.reader_left:
        return READER_LEFT
    streams.complain(f"The output could not be written: {streams.failure.strerror}.")
    return NOT_WRITTEN


def _run(arguments: Sequence[str], stopping: Stopping, streams: Streams) -> int:
    if arguments[0] in NOT_YET:
        streams.complain(f"fovea {arguments[0]} is not there yet.")
        return USAGE
    try:
        options = parse(arguments)
    except SystemExit as left:  # after help it is 0
        return int(left.code or DONE)
    to_stderr(options.verbose)
    output = Output(streams, as_json=options.json)
    try:
        return stopping.run(COMMANDS[options.command](options, output))
    except FoveaError as error:
        output.error(error)
        return error.exit_code
    except (UnknownEndpoint, BadUsage) as error:
        streams.complain(str(error))
        return USAGE


@asynccontextmanager
async def _endpoints(options: argparse.Namespace, home: Path) -> AsyncGenerator[Registry, None]:
    """All endpoints, for as long as the command takes."""
    gate = Gate(offline=options.offline)
    registry = Registry(gate, home)
    try:
        yield registry
    finally:
        await registry.aclose()
        await gate.aclose()


async def _describe(options: argparse.Namespace, output: Output) -> int:
    options.question = options.prompt
    return await _ask(options, output)


async def _ask(options: argparse.Namespace, output: Output) -> int:
    home = data_home()
    chosen = load(home)
    async with _endpoints(options, home) as registry:
        route = _route(options, chosen, registry.provider(options.endpoint or chosen.endpoint))
        async with ready_pictures() as decoder:
            paths = [Path(image) for image in options.image]
            if options.save:
                return await answer_saved(decoder, route, options.question, paths, output, home)
            return await answer_once(decoder, route, options.question, paths, output)


def _route(options: argparse.Namespace, chosen: Settings, provider: Provider) -> Route:
    """Who answers and how. Raises BadUsage for model files where no model file is used."""
    values = parameters(options.param)
    if provider.endpoint.id == quick_look.QuickLookProvider.endpoint.id:
        if options.model not in (None, quick_look.MODEL):
            raise BadUsage(
                f"Quick look has no model “{options.model}”. For a model file add: -e local -m MODEL.gguf"
            )
        if options.mmproj:
            raise BadUsage("Quick look uses no vision part. For a model file add: -e local -m MODEL.gguf")
        return Route(provider, quick_look.MODEL, parameters=values)
    model = options.model or chosen.local_model or ""
    projector = options.mmproj or (None if options.model else chosen.local_projector)
    return Route(provider, model, projector=projector, parameters=values)


async def _models(options: argparse.Namespace, output: Output) -> int:
    async with _endpoints(options, data_home()) as registry:
        asked = [registry.provider(options.endpoint)] if options.endpoint else registry.providers
        for provider in asked:
            for model in await provider.models():
                output.model(provider.endpoint, model)
    return DONE


async def _doctor(options: argparse.Namespace, output: Output) -> int:
    return output.findings(await examine(data_home()))


COMMANDS: dict[str, Callable[[argparse.Namespace, Output], Coroutine[Any, Any, int]]] = {
    "describe": _describe,
    "ask": _ask,
    "models": _models,
    "doctor": _doctor,
}
