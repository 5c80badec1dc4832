"""What a line of Markdown starts."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)(.*)$")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
ITEM = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])(?=[ \t]|$)([ \t]*)")
QUOTE = re.compile(r" {0,3}> ?")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_DELIMITER_CELL = re.compile(r":?-+:?")
_HTML = re.compile(
    r" {0,3}<(?:!--|\?|![A-Za-z]|!\[CDATA\[|/?(?:script|pre|style|textarea|address|article|aside|base"
    r"|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset"
    r"|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link"
    r"|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody"
    r"|td|tfoot|th|thead|title|tr|track|ul|img|svg|object|embed|video|audio)(?=[\s>/]|$))",
    re.IGNORECASE,
)
_HTML_ENDS = (
    (re.compile(r" {0,3}<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE), "</{}>"),
    (re.compile(r" {0,3}<!--"), "-->"),
    (re.compile(r" {0,3}<\?"), "?>"),
    (re.compile(r" {0,3}<!\[CDATA\["), "]]>"),
    (re.compile(r" {0,3}<![A-Za-z]"), ">"),
)
NOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,99})\]:(?=[ \t]|$)")
TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_DEFINITION = re.compile(
    r" {0,3}\[(?!\^)((?:[^\[\]\\]|\\.){1,200})\]:[ \t]*(<[^<>]*>|[^\s<]\S*)"
    r"(?:[ \t]+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*$"
)
_MATHS = re.compile(r" {0,3}(\$\$|\\\[)")
_MATHS_ENDS = {"$$": "$$", "\\[": "\\]"}
AFTER_MATHS = " \t.,;:"
_UNDECIDED = re.compile(
    r"[ \t>]*(?:[-*+_=#|: \t]*|[-*+][ \t]+\[[ xX]?\]?[ \t]*|\d{1,9}[.)]?[ \t]*|`{1,}|~{1,}|\$\$?|\\\[?)$"
)
LONGEST_MARKER = 80
MOST_COLUMNS = 16
"""A table with more of them is shown as the text it is."""
_ALIGNMENTS = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): ""}
_CELL = re.compile(r"(?<!\\)\|")


def is_blank(line: str) -> bool:
    """Whether nothing but white space stands in the line."""
    return not line or line.isspace()


def indent_of(line: str) -> int:
    """How many spaces it starts with."""
    return len(line) - len(line.lstrip(" "))


def expand_indent(line: str) -> str:
    """The line with tabs of its indent replaced by spaces to the next fourth column."""
    rest = line.lstrip(" \t")
    indent = line[: len(line) - len(rest)]
    return indent.expandtabs(4) + rest if "\t" in indent else line


def opens_fence(line: str) -> re.Match[str] | None:
    """An opening code fence: its characters, and the info after them untrimmed."""
    fence = _FENCE.match(line)
    if fence is None or (fence[1][0] == "`" and "`" in fence[2]):
        return None
    return fence


def heading_of(line: str) -> tuple[int, str] | None:
    """Level and text of a heading marked by number signs."""
    heading = _HEADING.match(line)
    if heading is None:
        return None
    text = heading[2].strip()
    bare = text.rstrip("#")
    return len(heading[1]), bare.rstrip() if not bare or bare[-1] in " \t" else text


def heads_table(header: str, row: str) -> bool:
    """Whether `row` underlines `header` as the head of a table."""
    if "|" not in header or not row or row.strip("|-: \t") or indent_of(row) >= 4:
        return False
    cells = cells_of(row)
    return len(cells) == len(cells_of(header)) and all(map(_DELIMITER_CELL.fullmatch, cells))


def opens_html(line: str) -> bool:
    """Whether a block of raw HTML starts here."""
    return _HTML.match(line) is not None


def html_end(line: str) -> str:
    """What ends the raw HTML that starts here, "" where a blank line does."""
    for start, end in _HTML_ENDS:
        found = start.match(line)
        if found is not None:
            return end.format(found[1].lower()) if found.groups() else end
    return ""


def maths_end(line: str) -> str:
    """What ends the formula that starts with this line, "" where none does.

    Behind a formula on one line stands nothing but a full stop or a comma.
    """
    start = _MATHS.match(line)
    if start is None:
        return ""
    end = _MATHS_ENDS[start[1]]
    at = line.find(end, start.end())
    return end if at < 0 or not line[at + len(end) :].strip(AFTER_MATHS) else ""


def definition_of(line: str) -> tuple[str, str] | None:
    """Name and address of a link that is defined here."""
    found = _DEFINITION.match(line)
    if found is None or not found[1].strip():
        return None
    return found[1], found[2]


def columns_of(row: str) -> list[str]:
    """How each column's cells stand, by the row under the head: "left", "center", "right" or ""."""
    marks = [(cell.startswith(":"), cell.endswith(":")) for cell in cells_of(row)]
    return [_ALIGNMENTS[mark] for mark in marks]


def is_undecided(line: str) -> bool:
    """Whether an unfinished line may yet become a marker, so that showing it would flicker."""
    return len(line) <= LONGEST_MARKER and _UNDECIDED.match(line) is not None


def cells_of(row: str) -> list[str]:
    """The cells of a table row, trimmed, with escaped bars restored."""
    row = row.strip()
    row = row.removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(row)]
