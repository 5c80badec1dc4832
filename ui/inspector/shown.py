"""What the inspector shows, as plain values in words."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """What is known, and what it is. The value may come from outside."""

    label: str
    value: str


class Facts(NamedTuple):
    """Facts that belong together; `note` is a sentence below them, empty for none."""

    title: str
    rows: tuple[Fact, ...] = ()
    note: str = ""


class Advice(NamedTuple):
    """A sentence that is to be noticed, in a tone of a StatusLine."""

    words: str
    tone: str = "warning"


class ShownView(NamedTuple):
    """One of the pictures that are sent for a picture: all of it, a region, a tile."""

    title: str
    facts: Facts


class Way(NamedTuple):
    """A size in which the picture can go: its value, words and help, and why it cannot be chosen."""

    value: str
    words: str
    help: str = ""
    why_not: str = ""


class ShownPicture(NamedTuple):
    """A picture and what becomes of it.

    `id` tells it from the others. `line` says in a few words how it goes or that it does not, in
    `tone`. `views` are what is sent for it. `ways` are empty where nothing can be chosen any more;
    else `way` is the value of the one in force. `rule` is that by which it goes along with later questions,
    empty where it cannot be chosen.
    """

    id: str
    sha256: str
    name: str
    line: str
    tone: str = "muted"
    advices: tuple[Advice, ...] = ()
    views: tuple[ShownView, ...] = ()
    facts: tuple[Facts, ...] = ()
    ways: tuple[Way, ...] = ()
    way: str = ""
    rule: str = ""


class ShownPlan(NamedTuple):
    """All pictures of a question, with what they come to together; the one with the id `first` is
    looked at first."""

    title: str
    totals: str = ""
    pictures: tuple[ShownPicture, ...] = ()
    first: str = ""
