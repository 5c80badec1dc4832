"""Places in a conversation that may be kept where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.layout.laying import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.transcript.entry import Entry, Unloaded
    from ui.transcript.layout.messages import Messages


def in_sight(messages: Messages, offset: int, height: int) -> Iterator[tuple[int, int]]:
    """The number and top of each message in a view `height` high that begins at `offset`."""
    if not len(messages):
        return
    index = messages.heights.find(offset)
    top = messages.heights.top(index) - offset
    while index < len(messages) and top < height:
        yield index, top
        top += messages.heights[index]
        index += 1


def reading_place(messages: Messages, offset: int) -> Anchor | None:
    """What stands at the top of the view, to the fraction."""
    if not len(messages):
        return None
    index = messages.heights.find(offset)
    message, inside = messages.made(index), offset - messages.heights.top(index)
    if message is None or not message.blocks:
        share = inside / max(1, messages.heights[index])
        return Anchor(messages.row(index).id, -1, share, 0 if share else -inside)
    if inside < message.tops[0]:
        return Anchor(message.entry.id, -1, 0.0, -inside)
    block = message.block_at(inside)
    height = message.tops[block + 1] - message.tops[block]
    return Anchor(message.entry.id, block, (inside - message.tops[block]) / max(1, height), 0)


def steady_place(messages: Messages, offset: int, height: int) -> Anchor | None:
    """The first block in sight that has been laid out, else what is at the top."""
    for index, top in in_sight(messages, offset, height):
        message = messages.made(index)
        if message is None or message.blocks is None:
            continue
        for block in range(message.block_at(-top), len(message.blocks)):
            y = top + message.tops[block]
            if y >= height:
                break
            if message.is_measured(block) and top + message.tops[block + 1] > 0:
                return Anchor(message.entry.id, block, 0.0, y)
    return reading_place(messages, offset)


def place_before(
    messages: Messages,
    place: Anchor | None,
    kept: int,
    rows: list[Entry | Unloaded],
    offset: int,
    height: int,
) -> Anchor | None:
    """What stays where it is when messages from number `kept` on become those of `rows`: `place` where
    it is before them, else the lower edge of the first that changes where it is in sight, else its
    top."""
    number = messages.number_of(place.message_id) if place is not None else None
    if number is None or number < kept:
        return place
    if kept == len(rows):
        return Anchor(rows[-1].id, -1, 1.0, height)
    bottom = messages.heights.top(kept + 1) - offset
    if 0 < bottom <= height:
        return Anchor(rows[kept].id, -1, 1.0, bottom)
    return Anchor(rows[kept].id, -1, 0.0, 0)
