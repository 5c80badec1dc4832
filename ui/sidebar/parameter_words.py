"""What each parameter is called, and what it does, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

CONTEXT = "Parameters"


class Words(NamedTuple):
    """The name of a parameter and one line of help."""

    label: str
    help: str


_WORDS: dict[str, tuple[object, object]] = {
    "temperature": (
        QT_TRANSLATE_NOOP("Parameters", "Temperature"),
        QT_TRANSLATE_NOOP("Parameters", "0 is exact, higher is freer."),
    ),
    "top_p": (
        QT_TRANSLATE_NOOP("Parameters", "Likely words (top p)"),
        QT_TRANSLATE_NOOP("Parameters", "Of the likeliest words, those that together reach this share."),
    ),
    "top_k": (
        QT_TRANSLATE_NOOP("Parameters", "Number of words (top k)"),
        QT_TRANSLATE_NOOP("Parameters", "Chooses among this many of the likeliest words."),
    ),
    "seed": (
        QT_TRANSLATE_NOOP("Parameters", "Seed"),
        QT_TRANSLATE_NOOP("Parameters", "The same number gives the same answer again, as far as it can."),
    ),
    "frequency_penalty": (
        QT_TRANSLATE_NOOP("Parameters", "Against repetition"),
        QT_TRANSLATE_NOOP("Parameters", "Higher says the same words less often."),
    ),
    "presence_penalty": (
        QT_TRANSLATE_NOOP("Parameters", "For new topics"),
        QT_TRANSLATE_NOOP("Parameters", "Higher moves on to what was not said yet."),
    ),
    "max_tokens": (
        QT_TRANSLATE_NOOP("Parameters", "Longest answer"),
        QT_TRANSLATE_NOOP("Parameters", "In tokens: three of them are about two words."),
    ),
    "n": (
        QT_TRANSLATE_NOOP("Parameters", "Answers at once"),
        QT_TRANSLATE_NOOP("Parameters", "How many answers to one question. Each is counted."),
    ),
    "prompt_truncate_len": (
        QT_TRANSLATE_NOOP("Parameters", "Longest question"),
        QT_TRANSLATE_NOOP("Parameters", "In tokens. The endpoint cuts what is longer."),
    ),
    "reasoning.effort": (
        QT_TRANSLATE_NOOP("Parameters", "Effort"),
        QT_TRANSLATE_NOOP("Parameters", "How much it thinks before it answers."),
    ),
    "reasoning.max_tokens": (
        QT_TRANSLATE_NOOP("Parameters", "Longest thought"),
        QT_TRANSLATE_NOOP("Parameters", "In tokens."),
    ),
    "reasoning.enabled": (
        QT_TRANSLATE_NOOP("Parameters", "Think first"),
        QT_TRANSLATE_NOOP("Parameters", "Whether it thinks before it answers."),
    ),
    "reasoning.exclude": (
        QT_TRANSLATE_NOOP("Parameters", "Keep thoughts back"),
        QT_TRANSLATE_NOOP("Parameters", "It thinks, and sends the answer alone."),
    ),
}

_GROUPS: tuple[tuple[object, tuple[str, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Parameters", "How freely it writes"),
        ("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed"),
    ),
    (QT_TRANSLATE_NOOP("Parameters", "How much"), ("max_tokens", "n", "prompt_truncate_len")),
)
_OTHERS = QT_TRANSLATE_NOOP("Parameters", "More")

_CHOICES: dict[str, object] = {
    "xhigh": QT_TRANSLATE_NOOP("Parameters", "Very high"),
    "high": QT_TRANSLATE_NOOP("Parameters", "High"),
    "medium": QT_TRANSLATE_NOOP("Parameters", "Medium"),
    "low": QT_TRANSLATE_NOOP("Parameters", "Low"),
    "minimal": QT_TRANSLATE_NOOP("Parameters", "Minimal"),
    "none": QT_TRANSLATE_NOOP("Parameters", "None"),
    "auto": QT_TRANSLATE_NOOP("Parameters", "Automatic"),
}


def words(name: str, note: str = "") -> Words:
    """How a parameter is shown; `note` is the endpoint's help for one that has no words here."""
    label, help_text = _WORDS.get(name, (name.replace("_", " ").capitalize(), note))
    return Words(_tr(label), _tr(help_text))


def choice(value: str) -> str:
    """One value of several."""
    return _tr(_CHOICES.get(value, value))


def grouped(names: list[str]) -> list[tuple[str, list[str]]]:
    """The names under the title of their group, in the order to show them; empty groups are left out."""
    groups = [(_tr(title), [name for name in members if name in names]) for title, members in _GROUPS]
    known = {name for _, members in groups for name in members}
    groups.append((_tr(_OTHERS), [name for name in names if name not in known]))
    return [(title, members) for title, members in groups if members]


def _tr(text: object) -> str:
    return QCoreApplication.translate(CONTEXT, str(text)) if text else ""
