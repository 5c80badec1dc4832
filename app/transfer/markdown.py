"""A conversation as Markdown, its pictures as files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from app.domain.message import Message, PicturePart, Role, TextPart
from app.transfer.defusing import defused
from app.transfer.document import ExportedConversation
from app.transfer.gathering import branches
from app.transfer.rendering import sound
from app.transfer.shown_pictures import ShownPicture
from app.transfer.telling import badges, card_rows, date, metrics, speaker

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"^([ \t]*)([-+=]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)


def markdown_of(
    conversation: ExportedConversation,
    folder: str,
    files: Mapping[str, str],
    shown: Mapping[str, ShownPicture],
) -> Iterator[str]:
    """The pieces of the document.

    `folder` names the one that the pictures lie in, `files` their names there, both by hash.
    """
    yield f"# {literal(' '.join(conversation.title.split()))}\n\n"
    about = [date(conversation.created), f"{len(conversation.messages)} messages", *conversation.tags]
    yield f"*{literal(' · '.join(about))}*\n\n"
    for branch in branches(conversation):
        if branch.heading:
            yield f"---\n\n## {literal(branch.heading)}\n\n"
        for message in branch.messages:
            yield from _message(message, folder, files, shown)


def _message(
    message: Message, folder: str, files: Mapping[str, str], shown: Mapping[str, ShownPicture]
) -> Iterator[str]:
    yield f"### {literal(speaker(message))}\n\n*{date(message.created)}*\n\n"
    if message.reasoning:
        yield "\n".join(f"> {line}".rstrip() for line in defused(message.reasoning).split("\n")) + "\n\n"
    for part in message.parts:
        match part:
            case PicturePart():
                yield _picture(part, folder, files, shown) + "\n\n"
            case TextPart():
                literally = message.role is not Role.ASSISTANT
                yield (literal(part.text) if literally else defused(part.text).strip("\n")) + "\n\n"
            case _:
                yield f"Asks for the tool {literal(part.name)}:\n\n{_fenced(part.arguments)}\n\n"
    for badge in badges(message):
        yield f"**{literal(badge.text)}**\n\n"
    if told := metrics(message):
        yield f"*{literal(told)}*\n\n"
    if message.run and (rows := card_rows(message.run)):
        yield "| Run card | |\n| --- | --- |\n"
        yield "".join(f"| {literal(name)} | {_cell(value)} |\n" for name, value in rows) + "\n"


def _picture(
    part: PicturePart, folder: str, files: Mapping[str, str], shown: Mapping[str, ShownPicture]
) -> str:
    name = literal(" ".join(part.name.split()))
    if part.sha256 not in files:
        why = shown[part.sha256].why if part.sha256 in shown else "it is not in the library"
        return f"*{name}: {literal(why)}*"
    return f"![{name}]({quote(folder)}/{quote(files[part.sha256])})"


def literal(text: str) -> str:
    """Text whose marks are no markup; each line break stays one."""
    escaped = _SPECIAL.sub(r"\\\1", sound(text))
    return _LINE_START.sub(_without_meaning, escaped).replace("\n", "\\\n").replace("\\\n\\\n", "\n\n")


def _without_meaning(found: re.Match[str]) -> str:
    """The beginning of a line that would be a list or a rule: a number keeps its place before the sign."""
    space, begin = found.groups()
    return f"{space}{begin}\\" if begin[0].isdigit() else f"{space}\\{begin}"


def _cell(value: str) -> str:
    return literal(" ".join(value.split()))


def _fenced(code: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{sound(code)}\n{fence}"
