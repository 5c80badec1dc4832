"""Where list items start, how they are numbered, and what a footnote stands in."""

from __future__ import annotations

import re

from ui.transcript.markdown.block import Container
from ui.transcript.markdown.line_rules import is_blank

NOTE_INDENT = 4
BULLET = "•"


def interrupts(item: re.Match[str], line: str) -> bool:
    """Whether a list item may start in the middle of a paragraph."""
    marker = item[2]
    return not is_blank(line[item.end() :]) and (not marker[0].isdigit() or marker[:-1] == "1")


def open_item(match: re.Match[str], line: str, before: Container | None) -> tuple[Container, str]:
    """The list item that starts here, and the rest of its line."""
    lead, marker = len(match[1]), match[2]
    padding = len(match[3].expandtabs(4))
    if is_blank(line[match.end() :]) or padding > 4:
        padding = 1
    ordered, delimiter = marker[0].isdigit(), marker[-1]
    sibling = before if before is not None and before.delimiter == delimiter else None
    number = 0
    if ordered:
        number = sibling.number + 1 if sibling is not None else int(marker[:-1])
    shown = f"{number}{delimiter}" if ordered else BULLET
    container = Container(lead + len(marker) + padding, shown, delimiter, number, sibling is None)
    container.leader = (sibling.leader or sibling) if sibling is not None else None
    rest = " " * len(match[3].expandtabs(4)) + line[match.end() :]
    return container, rest[padding:]


def open_note(before: Container | None) -> Container:
    """What a footnote stands in; its name stays in its text."""
    return Container(NOTE_INDENT, "", "^", 0, before is None or before.delimiter != "^")
