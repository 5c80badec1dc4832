"""What the open conversation says is covered on a picture."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.conversation import Node, Outline
from app.domain.geometry import Point
from app.domain.message import PicturePart, Role, Status
from app.domain.region import Redaction, RedactionKind, Treatment
from ui.controllers.conversation.thread import Thread

FACE = Redaction(RedactionKind.BOX, (Point(0, 0), Point(9, 9)))
PLATE = Redaction(RedactionKind.BOX, (Point(20, 20), Point(29, 29)))


def question(number: int, parent: int | None, *redactions: Redaction) -> Node:
    part = PicturePart("a", "a.jpg", treatment=Treatment(redactions=redactions))
    parent_id = None if parent is None else str(parent)
    return Node(str(number), parent_id, number, Role.USER, Status.DONE, pictures=(part,))


def thread(*nodes: Node, trashed: tuple[Node, ...] = ()) -> Thread:
    return Thread(Outline("c", "Cups", datetime.now(UTC), nodes=nodes, trashed=trashed))


def test_covers_of_other_branches_and_of_the_trash_count() -> None:
    shown = thread(question(0, None, PLATE), question(2, None), trashed=(question(1, 0, FACE),))
    assert shown.covers("a") == ()  # the shown branch says so itself, and last
    shown.show("0")
    assert shown.covers("a") == (PLATE, FACE)
    assert shown.covers("a", instead_of="2") == (PLATE, FACE)
    assert shown.covers("b") == ()


def test_covers_taken_off_are_off_until_an_earlier_question_is_asked_otherwise() -> None:
    shown = thread(question(0, None, FACE), question(1, 0), question(2, 1, PLATE))
    assert shown.covers("a") == (PLATE,)
    assert shown.covers("a", instead_of="1") == (FACE, PLATE)
