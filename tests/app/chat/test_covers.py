from __future__ import annotations

from datetime import UTC, datetime

from app.chat.covers import covered
from app.domain.conversation import node_of
from app.domain.geometry import Point
from app.domain.message import Message, PicturePart, Role, Status, TextPart
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, Treatment

FACE = Redaction(RedactionKind.BOX, (Point(0, 0), Point(9, 9)))
PLATE = Redaction(RedactionKind.BRUSH, (Point(30, 30),), 8)
SIGN = Region("0a1b2c3d", RegionKind.POINT, (Point(5, 5),))


def question(number: int, *pictures: tuple[str, tuple[Redaction, ...]]) -> Message:
    parts = (
        PicturePart(sha256, f"{sha256}.jpg", treatment=Treatment(regions=(SIGN,), redactions=covers))
        for sha256, covers in pictures
    )
    return Message(
        id=str(number),
        parent_id=str(number - 1) if number else None,
        seq=number,
        role=Role.USER,
        status=Status.DONE,
        created=datetime.now(UTC),
        parts=(*parts, TextPart(text="What?")),
    )


def covers(message: Message) -> list[tuple[Redaction, ...]]:
    return [part.treatment.redactions for part in message.pictures]


def test_what_is_covered_later_is_covered_in_what_went_before() -> None:
    first = question(0, ("a", ()), ("b", ()))
    second = question(1, ("a", (FACE,)))
    third = question(2, ("a", (FACE, PLATE)))
    before, between, last = covered((first, second, third))
    assert covers(before) == [(FACE, PLATE), ()]
    assert covers(between) == [(FACE, PLATE)]
    assert last is third
    assert before.parts[-1] == first.parts[-1]
    assert before.pictures[0].treatment.regions == (SIGN,)


def test_what_the_user_uncovers_stays_so_from_there_on() -> None:
    first, second = question(0, ("a", (FACE,))), question(1, ("a", ()))
    assert [covers(message) for message in covered((first, second))] == [[(FACE,)], [()]]


def test_covers_of_another_branch_count_where_they_came_later() -> None:
    first, elsewhere = question(0, ("a", ())), question(1, ("a", (FACE,)))
    (again,) = covered((first,), (first, elsewhere))
    assert covers(again) == [(FACE,)]


def test_places_without_words_are_covered_as_messages_are() -> None:
    nodes = [node_of(question(0, ("a", ()))), node_of(question(1, ("a", (PLATE,))))]
    assert [node.pictures[0].treatment.redactions for node in covered(nodes)] == [(PLATE,), (PLATE,)]
    assert covered(()) == ()
