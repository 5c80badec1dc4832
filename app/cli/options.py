"""The options of the commands, and which values they take."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import NoReturn

from app import __version__
from app.domain.request import Parameters

DESCRIBE_PROMPT = "Describe this picture."
RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 10),
    "top_p": (0, 1),
    "max_tokens": (1, 2**31 - 1),
    "seed": (-1, 2**32 - 1),
}
"""What can make sense anywhere; an endpoint may refuse more. A seed of -1 asks for a random one."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line. Raises SystemExit after help, and for bad usage."""
    parser = _Parser(
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
        _add_answering(command)
    for command in (describe, ask, models):
        command.add_argument("-e", "--endpoint", help="quick-look or local")
        command.add_argument("--offline", action="store_true", help="refuse every other computer")
    for command in (describe, ask, models, doctor):
        command.add_argument("--json", action="store_true", help="one JSON object a line")
        command.add_argument("-v", "--verbose", action="store_true", help="log to stderr")
    _Parser.given = arguments
    return parser.parse_args(arguments)


def parameters(pairs: Sequence[str]) -> Parameters:
    """The values of `--param NAME=VALUE`, of which the last for a name counts."""
    values = dict(pair.split("=", 1) for pair in pairs)
    return Parameters.from_plain(values, from_text=True)


class _Parser(argparse.ArgumentParser):
    """Says of a file whose name looks like an option how to name it."""

    given: Sequence[str] = ()
    """The whole command line; of the class, because each command has a parser of its own."""

    def error(self, message: str) -> NoReturn:
        """Leave with 2 and the message."""
        for argument in self.given:
            if argument.startswith("-") and os.path.lexists(argument):
                message += f"\nfor the file {argument} write {os.path.join(os.curdir, argument)}"  # noqa: PTH118
        super().error(message)


def _add_answering(command: argparse.ArgumentParser) -> None:
    command.add_argument("-m", "--model", help="the path of a GGUF file, for the endpoint local")
    command.add_argument("--mmproj", metavar="FILE", help="the vision part of a local model")
    command.add_argument("--param", action="append", default=[], type=_pair, metavar="K=V")
    command.add_argument("--save", action="store_true", help="keep the conversation")


def _pair(text: str) -> str:
    """`text` if it is a parameter with a value that can be meant."""
    name, equals, value = text.partition("=")
    if not equals or name not in RANGES:
        known = ", ".join(RANGES)
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE with NAME one of {known}, not {text}")
    try:
        number = getattr(parameters([text]), name)
    except ValueError:
        number = None
    least, most = RANGES[name]
    if number is None or not least <= number <= most:  # "not a number" is in no range either
        raise argparse.ArgumentTypeError(f"{value} is no {name}, which goes from {least} to {most}")
    return text
