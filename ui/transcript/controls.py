"""What can be pressed in a message: where it stands and what it says."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QUrl

from app.domain.links import is_allowed
from ui.transcript.markdown.block import Kind

if TYPE_CHECKING:
    from ui.transcript.blocks.block_box import Content
    from ui.transcript.blocks.code_block import CodeBlock
    from ui.transcript.blocks.links import Link
    from ui.transcript.blocks.table_block import TableBlock
    from ui.transcript.blocks.text_block import TextBlock
    from ui.transcript.entry import EntryAction
    from ui.transcript.markdown.block import Block
    from ui.transcript.messages.message import Message

REASONING, CODE, FOLD, LINK, ACTION = "reasoning", "code", "fold", "link", "action"
PLACES = "places"
NOTICE, NOTICE_COPY = "notice", "notice copy"
_LINK_SIGNS = ("](", "://", "www.", "@", "<")
_LINK_START = re.compile(r"\]\(|://|www\.\w|[\w.+-]@\w|<[A-Za-z][\w+.-]*:")


class Control(NamedTuple):
    """One of a message: the line about its reasoning or about places, the copy button or the fold of a
    block of code (`block` is its index) or of the notice, a link in the text of a block (it begins at
    `start`), or an action (`action` is its id)."""

    kind: str = ""
    block: int = -1
    action: str = ""
    start: int = -1


NONE = Control()


def next_control(message: Message, control: Control, *, forward: bool) -> Control:
    """The one after or before `control`, from NONE the first or the last; NONE beyond.

    Only blocks between the two are read, and only those in which something may be pressed.
    """
    message.split()
    first, last = -1, len(message.blocks or ())
    at = (first if forward else last) if not control.kind else _place_of(control, last)
    for place in range(at, last + 1) if forward else range(at, first - 1, -1):
        known = _controls_at(message, place)
        known = known if forward else known[::-1]
        if control in known:
            known = known[known.index(control) + 1 :]
        if known:
            return known[0]
    return NONE


def _place_of(control: Control, last: int) -> int:
    """The index of the block that it is in; -1 above all, `last` below."""
    return control.block if control.block >= 0 or control.kind == REASONING else last


def _controls_at(message: Message, index: int) -> list[Control]:
    """Those of a block, from its top; of what stands above all blocks (-1), and below."""
    blocks = message.blocks or []
    if index < 0:
        return [Control(REASONING)] if message.entry.reasoning else []
    if index >= len(blocks):
        return _controls_below(message)
    block = blocks[index]
    places = [Control(PLACES, index)] if block.leads else []
    return places if block.is_folded else places + _controls_of(message, index, block)


def _controls_of(message: Message, index: int, block: Block) -> list[Control]:
    """Those within a block."""
    if block.kind is not Kind.CODE:
        links = _links_of(message, index) if _may_lead_on(block) else ()
        return [Control(LINK, index, start=link.start) for link in links if is_allowed(link.url)]
    if block.continued:
        return []
    return [Control(CODE, index), *([Control(FOLD, index)] if block.folded else [])]


def _may_lead_on(block: Block) -> bool:
    """Whether it is worth reading a block for its links; quickly told, and never wrongly denied."""
    named = bool(block.references)
    return any(
        (named and "]" in line)
        or (any(sign in line for sign in _LINK_SIGNS) and _LINK_START.search(line) is not None)
        for line in block.lines
    )


def _controls_below(message: Message) -> list[Control]:
    found: list[Control] = []
    if message.frame.notice is not None and message.frame.notice.foldable:
        found += [Control(NOTICE), Control(NOTICE_COPY)]
    loud = [action for action in message.entry.actions if not action.quiet]
    quiet = [action for action in message.entry.actions if action.quiet]
    drawn = quiet + loud if message.entry.role == "user" else loud + quiet
    return found + [Control(ACTION, action=action.id) for action in drawn if action.id]


def control_at(message: Message, x: float, y: float) -> Control:
    """The one under a point of a message, NONE beside all."""
    if action := message.frame.action_at(x, y, message.height):
        return Control(ACTION, action=action)
    index = message.block_at(y)
    notice = Control(NOTICE), Control(NOTICE_COPY)
    for control in (
        Control(REASONING),
        Control(PLACES, index),
        Control(CODE, index),
        Control(FOLD, index),
        *notice,
    ):
        area = area_of(message, control)
        if area is not None and area.contains(x, y):
            return control
    return NONE


def area_of(message: Message, control: Control) -> QRectF | None:
    """Where it stands from the message's top left corner, None while that is not laid out."""
    if control.kind == ACTION:
        area = message.frame.actions.area_of(control.action)
        return area.translated(0, message.frame.actions_top(message.height)) if area is not None else None
    if control.kind == REASONING:
        return message.frame.reasoning_area
    notice = message.frame.notice
    if control.kind in (NOTICE, NOTICE_COPY):
        inside = notice and (notice.fold_area if control.kind == NOTICE else notice.copy_area)
        return inside.translated(0, message.frame.card_top(message.height)) if inside else None
    if control.kind == LINK:
        lines = areas_of(message, control)
        return functools.reduce(QRectF.united, lines) if lines else None
    if control.kind == PLACES:
        return _places_area(message, control.block)
    code = code_at(message, control.block)
    if code is None:
        return None
    area = code.head.copy_area if control.kind == CODE else code.head.fold_area
    return area.translated(origin_of(message, control.block)) if area is not None else None


def _places_area(message: Message, index: int) -> QRectF | None:
    box = message.boxes[index] if 0 <= index < len(message.boxes) else None
    area = box.line_area if box is not None else None
    if area is None:
        return None
    return area.translated(message.frame.text_left(message.natural_width), message.tops[index])


def areas_of(message: Message, control: Control) -> list[QRectF]:
    """The same, and of a link one for each line that it is on."""
    if control.kind != LINK:
        area = area_of(message, control)
        return [area] if area is not None else []
    link, index = link_at(message, control), control.block
    if link is None or not message.is_measured(index):
        return []
    content, origin = message.content(index), origin_of(message, index)
    areas = content.areas(link.start, link.end) if _is_text(content) else []
    return [area.translated(origin) for area in areas]


def link_at(message: Message, control: Control) -> Link | None:
    """The link that a control stands for, None where the text has become another."""
    if not 0 <= control.block < len(message.boxes):
        return None
    return next((link for link in _links_of(message, control.block) if link.start == control.start), None)


def _links_of(message: Message, index: int) -> list[Link]:
    content = message.content(index)
    return content.links if _is_text(content) else []


def _is_text(content: Content) -> TypeGuard[TextBlock | TableBlock]:
    from ui.transcript.blocks.table_block import TableBlock  # loaded with the first message
    from ui.transcript.blocks.text_block import TextBlock

    return isinstance(content, (TextBlock, TableBlock))


def code_at(message: Message, index: int) -> CodeBlock | None:
    """The layout of a block of code, None where there is none or it has not been laid out."""
    from ui.transcript.blocks.code_block import CodeBlock  # loaded with the first message

    box = message.boxes[index] if 0 <= index < len(message.boxes) else None
    if box is None or box.block.is_folded:
        return None
    return box.content if isinstance(box.content, CodeBlock) else None


def code_head_at(message: Message, x: float, y: float) -> int:
    """The index of the block of code whose head is at a point, -1 beside all heads."""
    index = message.block_at(y)
    code = code_at(message, index)
    area = code.head.grip_area if code is not None else None
    inside = area is not None and area.translated(origin_of(message, index)).contains(x, y)
    return index if inside else -1


def origin_of(message: Message, index: int) -> QPointF:
    """The top left corner of a block's content in its message."""
    box = message.box(index)
    return QPointF(message.frame.text_left(message.natural_width), message.tops[index]) + box.origin


def code_text(message: Message, index: int) -> str:
    """The code of a block as it was written, tabs included, and of those that go on with it."""
    blocks = message.blocks or []
    text = _written(blocks[index])
    for block in blocks[index + 1 :]:
        if block.kind is not Kind.CODE or not block.continued:
            break
        text += ("" if block.inside_line else "\n") + _written(block)
    return text


def _written(block: Block) -> str:
    return "\n".join(line.rstrip("\r") for line in block.lines)


def words_of(message: Message, control: Control) -> str:
    """What it does, for a tooltip and for screen readers."""
    if control.kind == REASONING:
        return _tr("Fold the reasoning") if message.unfolded else _tr("Show the reasoning")
    if control.kind == PLACES:
        return _places_words(message, control.block)
    if control.kind == CODE:
        return _tr("Copy the code")
    if control.kind == NOTICE_COPY:
        return _tr("Copy all of what went wrong")
    if control.kind == NOTICE and message.frame.notice is not None:
        return message.frame.notice.fold_words
    if control.kind == LINK:
        return _link_words(message, control)
    if control.kind == FOLD:
        code = code_at(message, control.block)
        return code.head.fold_words if code is not None else _tr("Show all lines")
    action = next((each for each in message.entry.actions if each.id == control.action), None)
    return action_words(action) if action is not None else ""


def _places_words(message: Message, index: int) -> str:
    gathered = (message.blocks or [])[index].gathered if index < len(message.blocks or ()) else None
    if gathered is None:
        return ""
    does = _tr("Show as places") if gathered.open else _tr("Show as written")
    return _tr("{places}. {does}").format(places=gathered.words, does=does)


def _link_words(message: Message, control: Control) -> str:
    link = link_at(message, control)
    if link is None:
        return ""
    from ui.addresses import place_of

    text = " ".join(message.text_of(control.block)[link.start : link.end].split())
    return _tr("Link, {text}, {place}").format(text=text, place=place_of(QUrl(link.url)))


def action_words(action: EntryAction) -> str:
    """An action in words, with its shortcut."""
    words = action.spoken or action.text
    return f"{words} ({action.keys})" if action.keys else words


def _tr(text: str) -> str:
    return QCoreApplication.translate("Controls", text)
