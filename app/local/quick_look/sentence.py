"""Findings in honest words, as Markdown. Pure: no model, no file.

Nothing is claimed that was not found, and how sure a guess is shows in its words:
one label of at least LIKELY is "most likely", two that reach it together are "probably",
a family that reaches it is named without its member, and anything less is "I can't tell".
A page of text fools the labels, so beside MUCH_TEXT lines only one of at least SURE counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.local.quick_look.findings import Colour, Findings, Label

LIKELY = 0.5
SURE = 0.8
MUCH_TEXT = 4
NEARLY_ALL = 0.9
SHORT_LINE = 60

NO_ARTICLE = frozenset(
    {
        "binoculars",
        "brass",
        "broccoli",
        "carbonara",
        "cauliflower",
        "chain mail",
        "chocolate sauce",
        "consomme",
        "corn",
        "dough",
        "eggnog",
        "face powder",
        "guacamole",
        "hair spray",
        "hay",
        "head cabbage",
        "ice cream",
        "lotion",
        "mashed potato",
        "parallel bars",
        "rapeseed",
        "red wine",
        "sunglasses",
        "sunscreen",
        "swimming trunks",
        "thatch",
        "toilet tissue",
        "velvet",
        "wool",
    }
)
"""Labels that are many things or a stuff."""

_NO_TEXT = " I found no text in it."
_ONE_LINE = " Text in it reads: "
_BLOCK = " Text in it:\n\n```\n"
_BLOCK_END = "\n```"
_WHOLE = re.compile(
    rf"(?:{re.escape(_NO_TEXT)}|{re.escape(_ONE_LINE)}`[^\n]*`|{re.escape(_BLOCK)}.*{re.escape(_BLOCK_END)})\Z",
    re.DOTALL,
)

_SOUNDS_LIKE_CONSONANT = re.compile(r"eu|ewe|uni(?!n)|uku|use|one\b", re.IGNORECASE)
_SOUNDS_LIKE_VOWEL = re.compile(r"[aeiou]|hour|honest|heir", re.IGNORECASE)


def describe(findings: Findings) -> str:
    """What can be said so far. With more findings the text grows: it never changes its beginning."""
    parts = [facts(findings)]
    if findings.labels is None:
        return parts[0]
    sure = findings.labels[0].probability >= SURE if findings.labels else False
    if sure:
        parts.append(subject(findings))
    if findings.colours is None:
        return " ".join(parts)
    parts.append(colours(findings.colours))
    if not sure:
        if len(findings.lines) < MUCH_TEXT and not findings.all_read:
            return " ".join(parts)
        parts.append(subject(findings))
    return " ".join(part for part in parts if part) + text(findings)


def is_whole(said: str) -> bool:
    """Whether `said` ends as a description does when all is read, and not sooner."""
    return _WHOLE.search(said.rstrip()) is not None


def facts(findings: Findings) -> str:
    """Shape and size of the original picture."""
    return f"{_with_article(shape(findings))} picture of {size(findings)}.".capitalize()


def shape(findings: Findings) -> str:
    """The picture's shape in a word."""
    ratio = findings.width / findings.height
    if 0.96 <= ratio <= 1.04:
        return "square"
    if ratio > 1:
        return "landscape" if ratio < 2.5 else "very wide"
    return "portrait" if ratio > 0.4 else "very tall"


def size(findings: Findings) -> str:
    """Width and height in pixels."""
    return f"{findings.width:,} × {findings.height:,} pixels"


def subject(findings: Findings) -> str:
    """What the picture may show. `findings.labels` must be known."""
    labels = findings.labels or ()
    if len(findings.lines) >= MUCH_TEXT and not (labels and labels[0].probability >= SURE):
        return "With this much text in it I make no guess at what else it shows."
    if labels and labels[0].probability >= LIKELY:
        return f"It most likely shows {_thing(labels[0])}."
    if len(labels) > 1 and labels[0].probability + labels[1].probability >= LIKELY:
        return f"It probably shows {_thing(labels[0])} or {_thing(labels[1])}."
    if findings.families and findings.families[0].probability >= LIKELY:
        return f"It probably shows {_with_article(findings.families[0].name)}, but I can't tell which kind."
    return "I can't tell what it shows."


def colours(main: Sequence[Colour]) -> str:
    """The main colours, largest first."""
    if len(main) == 1:
        return f"It is {'almost all' if main[0].share >= NEARLY_ALL else 'mostly'} {main[0].name}."
    names = [colour.name for colour in main]
    return f"Its main colours are {', '.join(names[:-1])} and {names[-1]}."


def text(findings: Findings) -> str:
    """The text read so far, shown literally, to be put after other sentences.

    A line or two cannot be shown before it is known whether more follow.
    """
    lines = findings.lines
    if not findings.all_read:
        return "" if len(lines) < MUCH_TEXT else _block(lines)
    if not lines:
        return _NO_TEXT
    if len(lines) == 1 and len(lines[0]) <= SHORT_LINE:
        return _ONE_LINE + code_span(lines[0])
    return _block(lines) + _BLOCK_END


def one_line(text_from_outside: str) -> str:
    """The text on one line, without what cannot be seen: control characters, direction marks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text_from_outside).split())


def code_span(literal: str) -> str:
    """`literal` as it is, whatever Markdown it looks like, on one line."""
    line = one_line(literal)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _block(lines: Sequence[str]) -> str:
    """A code block that is still open. Every line holds a letter or digit, so none can close it."""
    return _BLOCK + "\n".join(lines)


def _thing(label: Label) -> str:
    named = label.name if label.name in NO_ARTICLE else _with_article(label.name)
    known = not label.family or label.family in label.name.lower()
    return named if known else f"{named} ({label.family})"


def _with_article(name: str) -> str:
    vowel = _SOUNDS_LIKE_VOWEL.match(name) and not _SOUNDS_LIKE_CONSONANT.match(name)
    return f"{'an' if vowel else 'a'} {name}"
