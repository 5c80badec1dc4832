"""The options of the commands, and which values they take."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from app import __version__
from app.cli.parameters import complaint
from app.cli.treating import PLACE, place
from app.domain.picture import Detail
from app.domain.region import RegionSend

ENDPOINT_ACTIONS = ("list", "test", "key", "forget-key", "usage")
EXPORT_FORMATS = ("json", "md", "html", "pdf")
DESCRIBE_PROMPT = "Describe this picture."
_PLACED = ("--region", "--redact")
_NEGATIVE = re.compile(r"-[\d.].*", re.DOTALL)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line. Raises SystemExit after help, and for bad usage."""
    parser = _Parser(
        prog="fovea",
        description="Ask about pictures. Without a command the window opens: fovea [PICTURE...]",
    )
    parser.add_argument("--version", action="version", version=f"Fovea {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    describe, ask = _add_questions(commands)
    complete = commands.add_parser("complete", help="let a model go on with a text")
    complete.add_argument("text", metavar="TEXT")
    complete.add_argument("--param", action="append", default=[], type=_pair, metavar="K=V")
    embed = commands.add_parser("embed", help="turn texts into numbers that compare their meanings")
    embed.add_argument("text", nargs="+", metavar="TEXT")
    embed.add_argument("--dimensions", type=int, metavar="N", help="how many numbers")
    models = commands.add_parser("models", help="list the models of the endpoints")
    endpoints = commands.add_parser("endpoints", help="list, test and give keys to endpoints")
    endpoints.add_argument("action", nargs="?", choices=ENDPOINT_ACTIONS, default="list")
    endpoints.add_argument("endpoint", nargs="?", metavar="NAME")
    endpoints.add_argument("-m", "--model", help="with test: also whether it sees a test picture")
    doctor = commands.add_parser("doctor", help="check what Fovea needs")
    transfer = _add_transfer(commands)
    for command in (complete, embed):
        command.add_argument("-m", "--model", help="its id")
    for command in (describe, ask, complete, embed, models):
        command.add_argument("-e", "--endpoint", help="its name; `fovea endpoints` lists them")
    for command in (describe, ask, complete, embed, models, endpoints):
        command.add_argument("--base-url", default="", metavar="URL", help="where the endpoint is instead")
        command.add_argument("--idle-timeout", type=_seconds, metavar="S", help="end what makes no progress")
        command.add_argument("--offline", action="store_true", help="refuse every other computer")
    for command in (describe, ask, complete, embed, models, endpoints, doctor, *transfer):
        command.add_argument("--json", action="store_true", help="one JSON object a line")
        command.add_argument("-v", "--verbose", action="store_true", help="log to stderr")
    _Parser.given = arguments
    options = parser.parse_args(_with_places(arguments))
    if getattr(options, "base_url", "") and not options.endpoint:
        parser.error("--base-url moves one endpoint: name it with -e")
    return options


def _with_places(arguments: Sequence[str]) -> list[str]:
    """The arguments, places that begin with a minus in one word with their options: argparse would take
    them for options of their own."""
    words: list[str] = []
    for argument in arguments:
        if words and words[-1] in _PLACED and "--" not in words and _NEGATIVE.fullmatch(argument):
            words[-1] += f"={argument}"
        else:
            words.append(argument)
    return words


def _add_questions(commands: Any) -> tuple[_Parser, _Parser]:
    """The commands that ask about pictures."""
    describe = commands.add_parser("describe", help="say what is in pictures")
    describe.add_argument(
        "image",
        nargs="+",
        metavar="IMAGE",
        help="a file or an address; the others go without one that is bad",
    )
    describe.add_argument("-p", "--prompt", default=DESCRIBE_PROMPT)
    ask = commands.add_parser("ask", help="ask any endpoint a question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument(
        *("-i", "--image"),
        action="append",
        default=[],
        metavar="IMAGE",
        help="a file or an address; nothing is asked where one of them is bad",
    )
    for command in (describe, ask):
        _add_answering(command)
    return describe, ask


def _add_transfer(commands: Any) -> tuple[_Parser, ...]:
    """The commands that move conversations out of the library and into it."""
    export = commands.add_parser("export", help="write conversations to files")
    export.add_argument("conversation", nargs="?", metavar="CONVERSATION", help="its title, or its id")
    export.add_argument("--all", action="store_true", help="every conversation")
    export.add_argument("--list", action="store_true", help="show the conversations with their ids")
    export.add_argument(
        "--format",
        choices=EXPORT_FORMATS,
        default=EXPORT_FORMATS[0],
        help="json, the default, is complete, with your originals uncovered, and can be imported;"
        " in the others, which are to be read, what you covered is painted over",
    )
    export.add_argument("-o", "--out", metavar="OUT", help="the file, or the folder, to write")
    take_in = commands.add_parser("import", help="take exports of Fovea, ChatGPT or Open WebUI in")
    take_in.add_argument("file", nargs="+", metavar="FILE")
    take_in.add_argument("--dry-run", action="store_true", help="only say what is in them")
    _add_large(take_in, "take")
    return export, take_in


def _add_large(command: argparse.ArgumentParser, verb: str) -> None:
    command.add_argument(
        "--large", action="store_true", help=f"{verb} pictures of more than 105 megapixels, up to 250"
    )


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
    command.add_argument("-m", "--model", help="its id; for the endpoint local the path of a GGUF file")
    command.add_argument("--mmproj", metavar="FILE", help="the vision part of a local model")
    command.add_argument("--param", action="append", default=[], type=_pair, metavar="K=V")
    command.add_argument("--system", default="", metavar="TEXT", help="said before the question")
    command.add_argument("--prefill", default="", metavar="TEXT", help="how the answer begins")
    command.add_argument("--session", default="", metavar="ID", help="let the endpoint keep the conversation")
    command.add_argument("--tools", metavar="FILE", help="a JSON list of tools the model may ask for")
    command.add_argument("--n", type=_answers, metavar="N", help="how many answers")
    command.add_argument("--name", default="", help="the name of who asks, for endpoints that take one")
    command.add_argument("--no-stream", action="store_true", help="ask for the answer in one piece")
    command.add_argument(
        "--detail",
        choices=[*Detail],
        type=Detail,
        default=Detail.FIT,
        help="how large pictures go: made to fit, also in parts of full size (tiles), with every pixel"
        " (original), or that and uploaded where it is too large (asset)",
    )
    _add_treating(command)
    command.add_argument(
        "--as-link", action="store_true", help="send the address of a picture from the web, not the picture"
    )
    _add_large(command, "open")
    command.add_argument("--save", action="store_true", help="keep the conversation")


def _add_treating(command: argparse.ArgumentParser) -> None:
    """What is done with the picture on its way; its file stays as it is."""
    drawn: dict[str, Any] = {"action": "append", "default": [], "type": place, "metavar": PLACE}
    command.add_argument("--region", **drawn, help="a part of the picture to look at, in its pixels")
    command.add_argument(
        "--regions",
        choices=[*RegionSend],
        type=RegionSend,
        help="how each --region goes: cut out (crop), cut out beside the whole picture (both, the"
        " default), or drawn on the whole picture (marked)",
    )
    command.add_argument("--redact", **drawn, help="a part of the picture to paint over, in its pixels")
    command.add_argument("--show-sent", action="store_true", help="say what is sent of each picture")


def _pair(text: str) -> str:
    """`text` if it is a parameter with a value that can be meant."""
    if wrong := complaint(text):
        raise argparse.ArgumentTypeError(wrong)
    return text


def _answers(text: str) -> int:
    if wrong := complaint(f"n={text}"):
        raise argparse.ArgumentTypeError(wrong)
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 86_400:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds between 0 and a day")
    return seconds
