"""What would be in a request twice goes once.

A picture that several messages show goes with the earliest of them, so that what an endpoint has read of
a conversation stays the same as that grows; the others bring what is new of it, and words name the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import NamedTuple

from app.domain.request import PromptPicture

Key = tuple[object, ...]


class Carried(NamedTuple):
    """The views that go with a picture, and those of it that go `also`, with another message."""

    views: tuple[PromptPicture, ...] = ()
    also: tuple[PromptPicture, ...] = ()


def key_of(view: PromptPicture) -> Key:
    """The same for views that are the same bytes and show the same of the same picture.

    The first view of a picture is unlike its others: without it the others are read as its parts.
    """
    sent = view.prepared
    return sent.replace(number=min(sent.number, 1), turn=None, also=()), view.link, view.detail


class Keys:
    """The keys of views, each made once: that takes longer than all that is done with it."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[PromptPicture, Key]] = {}

    def of(self, view: PromptPicture) -> Key:
        """As `key_of`."""
        made = self._made.get(id(view))
        if made is None:
            made = self._made[id(view)] = (view, key_of(view))  # the view lives as long as its id is known
        return made[1]


def once(
    made: Mapping[int, Sequence[PromptPicture]],
    late: Container[int],
    key_of: Callable[[PromptPicture], Key] = key_of,
) -> dict[int, Carried]:
    """With which of the places of a request each of the views goes that were made for them.

    That is the earliest, but for a picture that comes once more, with nothing new and after others: an
    answer speaks of the last one that goes. Those that are `late` bring nothing: there was no room left.
    """
    carrier: dict[Key, int] = {}
    last = ""
    for place in sorted(made):
        if place in late or not made[place]:
            continue
        keys, original = [key_of(view) for view in made[place]], made[place][0].prepared.original
        if original != last and all(key in carrier for key in keys):
            carrier.update(dict.fromkeys(keys, place))
        for key in keys:
            carrier.setdefault(key, place)
        if place in map(carrier.get, keys):
            last = original
    carried = {}
    for place, views in made.items():
        own = [carrier.get(key_of(view), place) == place for view in views]
        carried[place] = _carried(views, own)
    return carried


def _carried(views: Sequence[PromptPicture], own: Sequence[bool]) -> Carried:
    return Carried(
        tuple(view for view, here in zip(views, own, strict=True) if here),
        tuple(view for view, here in zip(views, own, strict=True) if not here),
    )
