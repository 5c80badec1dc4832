"""The commands."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.cli.ask import Asking, Library, answer, ready_pictures
from app.cli.endpoint_commands import asked_for_key, endpoints
from app.cli.names import NOT_YET
from app.cli.options import parse
from app.cli.output import Output
from app.cli.plain_commands import complete, embed
from app.cli.routes import BadUsage, route
from app.cli.stopping import Stopping
from app.cli.streams import Streams
from app.cli.treating import treatment_of
from app.credentials import Credentials
from app.doctor import examine
from app.domain.errors import FoveaError
from app.log import to_stderr
from app.net.gate import Gate
from app.paths import data_home
from app.providers.provider import Provider
from app.providers.registry import Registry, UnknownEndpoint
from app.settings import Settings, load

DONE, USAGE, NOT_WRITTEN, READER_LEFT = 0, 2, 3, 141
TIDY_S = 5.0


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
    output = Output(streams, as_json=options.json, shows_sent=getattr(options, "show_sent", False))
    try:
        if getattr(options, "action", "") == "key":
            options.value = asked_for_key(options, load(data_home()))
        return stopping.run(COMMANDS[options.command](options, output))
    except FoveaError as error:
        output.error(error)
        return error.exit_code
    except (UnknownEndpoint, BadUsage) as error:
        streams.complain(str(error))
        return USAGE


class _Reach(NamedTuple):
    """What a command asks endpoints with."""

    settings: Settings
    gate: Gate
    credentials: Credentials
    registry: Registry


@asynccontextmanager
async def _reach(options: argparse.Namespace, home: Path) -> AsyncGenerator[_Reach, None]:
    """All endpoints, for as long as the command takes."""
    settings = load(home)
    gate = Gate(offline=options.offline)
    credentials = Credentials()
    registry = Registry(
        gate,
        home,
        credentials,
        settings,
        base_url=options.base_url,
        idle_s=options.idle_timeout,
        named=options.endpoint or "",
    )
    try:
        yield _Reach(settings, gate, credentials, registry)
    finally:
        await registry.aclose()
        await gate.aclose()
        await credentials.aclose()


async def _describe(options: argparse.Namespace, output: Output) -> int:
    options.question = options.prompt
    return await _ask(options, output, without_refused=True)


async def _ask(options: argparse.Namespace, output: Output, *, without_refused: bool = False) -> int:
    home = data_home()
    async with _reach(options, home) as reach, ready_pictures() as decoder:
        provider = reach.registry.provider(options.endpoint or reach.settings.endpoint)
        asking = Asking(
            decoder=decoder,
            gate=reach.gate,
            route=route(options, reach.settings, provider),
            question=options.question,
            images=tuple(options.image),
            as_link=options.as_link,
            treatment=treatment_of(options),
            without_refused=without_refused,
            large=options.large,
        )
        library = Library(home, reach.settings.prepared_bytes) if options.save else None
        try:
            return await answer(asking, output, library)
        finally:
            await _tidy(reach.registry)


async def _tidy(registry: Registry) -> None:
    """Remove what an earlier run had to leave at endpoints; that is no reason to wait for long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TIDY_S):
            await registry.tidy()


async def _complete(options: argparse.Namespace, output: Output) -> int:
    async with _reach(options, data_home()) as reach:
        provider = reach.registry.provider(options.endpoint or reach.settings.endpoint)
        return await complete(options, reach.settings, provider, output)


async def _embed(options: argparse.Namespace, output: Output) -> int:
    async with _reach(options, data_home()) as reach:
        provider = reach.registry.provider(options.endpoint or reach.settings.endpoint)
        return await embed(options, reach.settings, provider, output)


async def _models(options: argparse.Namespace, output: Output) -> int:
    async with _reach(options, data_home()) as reach:
        if options.endpoint:
            await _list_models(reach.registry.provider(options.endpoint), output)
            return DONE
        for endpoint_id in reach.settings.shown:
            try:
                await _list_models(reach.registry.provider(endpoint_id), output)
            except FoveaError as error:
                output.error(error)
            except UnknownEndpoint:  # it was removed since
                continue
    return DONE


async def _list_models(provider: Provider, output: Output) -> None:
    for model in await provider.models():
        output.model(provider.endpoint, model)


async def _endpoints(options: argparse.Namespace, output: Output) -> int:
    async with _reach(options, data_home()) as reach:
        return await endpoints(options, reach.registry, reach.credentials, output)


async def _doctor(options: argparse.Namespace, output: Output) -> int:
    return output.findings(await examine(data_home()))


async def _export(options: argparse.Namespace, output: Output) -> int:
    from app.cli.transfer_commands import export

    return await export(options, output)


async def _import(options: argparse.Namespace, output: Output) -> int:
    from app.cli.transfer_commands import take_in

    return await take_in(options, output)


COMMANDS: dict[str, Callable[[argparse.Namespace, Output], Coroutine[Any, Any, int]]] = {
    "describe": _describe,
    "ask": _ask,
    "complete": _complete,
    "embed": _embed,
    "models": _models,
    "endpoints": _endpoints,
    "doctor": _doctor,
    "export": _export,
    "import": _import,
}
