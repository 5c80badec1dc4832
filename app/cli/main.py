"""The commands and their options."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from app import __version__
from app.chat.service import Route
from app.cli.ask import answer_once, answer_saved, ready_pictures
from app.cli.names import NOT_YET
from app.cli.output import Output, print_error
from app.doctor import examine
from app.domain.errors import FoveaError
from app.domain.request import Parameters
from app.log import to_stderr
from app.net.gate import Gate
from app.paths import data_home
from app.providers.registry import Registry, UnknownEndpoint
from app.settings import load

DONE, USAGE, INTERRUPTED = 0, 2, 130
DESCRIBE_PROMPT = "Describe this picture."


def main(arguments: Sequence[str]) -> int:
    """Run a command. Returns its exit code: 0 done, 2 bad usage, 3 the endpoint or the library
    failed, 4 refused input, 130 interrupted."""
    if arguments[0] in NOT_YET:
        print(f"fovea {arguments[0]} is not there yet.", file=sys.stderr)
        return USAGE
    options = _parser().parse_args(arguments)
    to_stderr(options.verbose)
    try:
        return asyncio.run(COMMANDS[options.command](options))
    except FoveaError as error:
        print_error(error, as_json=options.json)
        return error.exit_code
    except UnknownEndpoint as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


async def _describe(options: argparse.Namespace) -> int:
    options.question = options.prompt
    return await _ask(options)


async def _ask(options: argparse.Namespace) -> int:
    home = data_home()
    chosen = load(home)
    gate = Gate(offline=options.offline)
    registry = Registry(gate, home)
    try:
        endpoint = options.endpoint or chosen.endpoint
        provider = registry.provider(endpoint)
        model = options.model or ((chosen.local_model or "") if endpoint == "local" else endpoint)
        route = Route(
            provider,
            model,
            projector=options.mmproj or (None if options.model else chosen.local_projector),
            parameters=_parameters(options.param),
        )
        output = Output(as_json=options.json)
        async with ready_pictures() as decoder:
            paths = [Path(image) for image in options.image]
            if options.save:
                return await answer_saved(decoder, route, options.question, paths, output, home)
            return await answer_once(decoder, route, options.question, paths, output)
    finally:
        await registry.aclose()
        await gate.aclose()


async def _models(options: argparse.Namespace) -> int:
    home = data_home()
    gate = Gate(offline=options.offline)
    registry = Registry(gate, home)
    try:
        asked = [registry.provider(options.endpoint)] if options.endpoint else registry.providers
        output = Output(as_json=options.json)
        for provider in asked:
            for model in await provider.models():
                output.model(provider.endpoint, model)
    finally:
        await registry.aclose()
        await gate.aclose()
    return DONE


async def _doctor(options: argparse.Namespace) -> int:
    return Output(as_json=options.json).findings(await examine(data_home()))


COMMANDS: dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "describe": _describe,
    "ask": _ask,
    "models": _models,
    "doctor": _doctor,
}


def _parameters(pairs: Sequence[str]) -> Parameters:
    """`--param name=value`; the record converts and checks the values."""
    values = dict(pair.split("=", 1) for pair in pairs)
    return Parameters.from_plain(values, from_text=True)


def _pair(text: str) -> str:
    name, equals, value = text.partition("=")
    if not equals or name not in Parameters.__struct_fields__:
        known = ", ".join(Parameters.__struct_fields__)
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE with NAME one of {known}")
    try:
        Parameters.from_plain({name: value}, from_text=True)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is not a value for {name}") from None
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fovea",
        description="Ask about pictures. Without a command the window opens: fovea [PICTURE...]",
    )
    parser.add_argument("--version", action="version", version=f"Fovea {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    describe = commands.add_parser("describe", help="say what is in pictures")
    describe.add_argument("image", nargs="+", metavar="IMAGE")
    describe.add_argument("-p", "--prompt", default=DESCRIBE_PROMPT)

    ask = commands.add_parser("ask", help="ask any endpoint a question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("-i", "--image", action="append", default=[], metavar="IMAGE")

    models = commands.add_parser("models", help="list the models of the endpoints")
    doctor = commands.add_parser("doctor", help="check what Fovea needs")

    for command in (describe, ask):
        command.add_argument("-m", "--model", help="a model id, or the path of a GGUF file")
        command.add_argument("--mmproj", metavar="FILE", help="the vision part of a local model")
        command.add_argument("--param", action="append", default=[], type=_pair, metavar="K=V")
        command.add_argument("--save", action="store_true", help="keep the conversation")
    for command in (describe, ask, models):
        command.add_argument("-e", "--endpoint", help="quick-look or local")
        command.add_argument("--offline", action="store_true", help="refuse every other computer")
    for command in (describe, ask, models, doctor):
        command.add_argument("--json", action="store_true", help="one JSON object a line")
        command.add_argument("-v", "--verbose", action="store_true", help="log to stderr")
    return parser
