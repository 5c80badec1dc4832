"""What can be pressed in a message: where it stands and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from ui.transcript.markdown.block import Kind

if TYPE_CHECKING:
    from ui.transcript.blocks.code_block import CodeBlock
    from ui.transcript.entry import EntryAction
    from ui.transcript.markdown.block import Block
    from ui.transcript.messages.message import Message

REASONING, CODE, FOLD, ACTION = "reasoning", "code", "fold", "action"
NOTICE, NOTICE_COPY = "notice", "notice copy"


class Control(NamedTuple):
    """One of a message: the line about its reasoning, the copy button or the fold of a block of
    code (`block` is its index) or of the notice, or an action (`action` is its id)."""

    kind: str = ""
    block: int = -1
    action: str = ""


NONE = Control()


def controls_of(message: Message) -> list[Control]:
    """All of a message, from its top."""
    message.split()
    found = [Control(REASONING)] if message.entry.reasoning else []
    for index, block in enumerate(message.blocks or ()):
        if block.kind is Kind.CODE and not block.continued:
            found.append(Control(CODE, index))
            if block.folded:
                found.append(Control(FOLD, index))
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
    for control in (Control(REASONING), Control(CODE, index), Control(FOLD, index), *notice):
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
    code = code_at(message, control.block)
    if code is None:
        return None
    area = code.head.copy_area if control.kind == CODE else code.head.fold_area
    return area.translated(code_origin(message, control.block)) if area is not None else None


def code_at(message: Message, index: int) -> CodeBlock | None:
    """The layout of a block of code, None where there is none or it has not been laid out."""
    from ui.transcript.blocks.code_block import CodeBlock  # loaded with the first message

    box = message.boxes[index] if 0 <= index < len(message.boxes) else None
    return box.content if box is not None and isinstance(box.content, CodeBlock) else None


def code_head_at(message: Message, x: float, y: float) -> int:
    """The index of the block of code whose head is at a point, -1 beside all heads."""
    index = message.block_at(y)
    code = code_at(message, index)
    area = code.head.grip_area if code is not None else None
    inside = area is not None and area.translated(code_origin(message, index)).contains(x, y)
    return index if inside else -1


def code_origin(message: Message, index: int) -> QPointF:
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
    if control.kind == CODE:
        return _tr("Copy the code")
    if control.kind == NOTICE_COPY:
        return _tr("Copy all of what went wrong")
    if control.kind == NOTICE and message.frame.notice is not None:
        return message.frame.notice.fold_words
    if control.kind == FOLD:
        code = code_at(message, control.block)
        return code.head.fold_words if code is not None else _tr("Show all lines")
    action = next((each for each in message.entry.actions if each.id == control.action), None)
    return action_words(action) if action is not None else ""


def action_words(action: EntryAction) -> str:
    """An action in words, with its shortcut."""
    words = action.spoken or action.text
    return f"{words} ({action.keys})" if action.keys else words


def _tr(text: str) -> str:
    return QCoreApplication.translate("Controls", text)
