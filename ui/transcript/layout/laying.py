"""Laying out a conversation from a place that must not move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ui.transcript.layout.messages import Messages
    from ui.transcript.messages.message import Message


class Anchor(NamedTuple):
    """What must not move: a share (0..1) of a block's height stands at `y` of the view.

    Block -1 is the whole message.
    """

    message_id: str
    block: int
    share: float
    y: int


def offset_for(messages: Messages, anchor: Anchor) -> int:
    """The offset of the view at which the anchor is in its place."""
    number = messages.number_of(anchor.message_id)
    assert number is not None
    top, message = messages.heights.top(number), messages.made(number)
    if anchor.block < 0 or message is None or not message.blocks:
        return top + round(anchor.share * messages.heights[number]) - anchor.y
    block = min(anchor.block, len(message.blocks) - 1)
    height = message.tops[block + 1] - message.tops[block]
    return top + message.tops[block] + round(anchor.share * height) - anchor.y


def lay_around(
    messages: Messages, anchor: Anchor, above: int, below: int, deadline: float = math.inf
) -> tuple[Anchor, bool]:
    """Lay out from height `above` of the view to `below`, starting where nothing may move.

    Returns the anchor, sharper where a message was cut into blocks, and whether time was enough.
    """
    number = messages.number_of(anchor.message_id)
    assert number is not None
    if anchor.block < 0 and anchor.share in (0.0, 1.0):
        after = number + int(anchor.share)
        done = _lay_up(messages, after - 1, anchor.y, above, deadline)
        return anchor, _lay_down(messages, after, anchor.y, below, deadline) and done
    message = messages.opened(number)
    anchor = _sharpened(anchor, message)
    if not message.blocks:
        messages.note(number, message)
        top = anchor.y - round(anchor.share * message.height)
        done = _lay_down(messages, number + 1, top + message.height, below, deadline)
        return anchor, _lay_up(messages, number - 1, top, above, deadline) and done
    block = min(anchor.block, len(message.blocks) - 1)
    message.lay(block, 0, 1)
    y = anchor.y - round(anchor.share * (message.tops[block + 1] - message.tops[block]))
    done = message.lay(block, y - above, below - y, deadline)
    messages.note(number, message)
    top = y - message.tops[block]
    done = done and _lay_down(messages, number + 1, top + message.height, below, deadline)
    return anchor, done and _lay_up(messages, number - 1, top, above, deadline)


def _sharpened(anchor: Anchor, message: Message) -> Anchor:
    """A share of a message as a share of a block of it, where it has blocks."""
    if anchor.block >= 0 or not message.blocks:
        return anchor
    inside = anchor.share * message.height
    block = message.block_at(inside)
    top, bottom = message.tops[block], message.tops[block + 1]
    share = max(0.0, min((inside - top) / max(1, bottom - top), 1.0))
    return Anchor(anchor.message_id, block, share, anchor.y)


def _lay_down(messages: Messages, number: int, y: float, below: int, deadline: float) -> bool:
    """Lay out messages from `number` on, the first with its top at `y`; whether time was enough."""
    while number < len(messages) and y < below:
        message = messages.opened(number)
        done = message.lay(0, 0, below - y - message.tops[0], deadline) if message.blocks else True
        messages.note(number, message)
        if not done:
            return False
        y += message.height
        number += 1
    return True


def _lay_up(messages: Messages, number: int, y: float, above: int, deadline: float) -> bool:
    """Lay out messages from `number` up, the first with its bottom at `y`; whether time was enough."""
    while number >= 0 and y > above:
        message = messages.opened(number)
        done = True
        if message.blocks:
            foot = message.height - message.tops[-1]
            done = message.lay(len(message.blocks), y - foot - above, 0, deadline)
        messages.note(number, message)
        if not done:
            return False
        y -= message.height
        number -= 1
    return True
