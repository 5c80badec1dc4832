from __future__ import annotations

from datetime import UTC, datetime

from app.domain.conversation import Draft, node_of
from app.domain.covers import Covers
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


def sent(*branch: Message) -> list[list[tuple[Redaction, ...]]]:
    """What is covered on the pictures of a branch of a conversation that has no other."""
    return [covers(message) for message in Covers(branch).in_branch(branch)]


def test_what_is_covered_later_is_covered_in_what_went_before() -> None:
    first = question(0, ("a", ()), ("b", ()))
    second = question(1, ("a", (FACE,)))
    third = question(2, ("a", (FACE, PLATE)))
    before, between, last = Covers((first, second, third)).in_branch((first, second, third))
    assert covers(before) == [(FACE, PLATE), ()]
    assert covers(between) == [(FACE, PLATE)]
    assert last is third
    assert before.parts[-1] == first.parts[-1]
    assert before.pictures[0].treatment.regions == (SIGN,)


def test_what_the_user_uncovers_stays_so_from_there_on() -> None:
    first, second = question(0, ("a", (FACE,))), question(1, ("a", ()))
    assert sent(first, second) == [[(FACE,)], [()]]
    known = Covers((first, second))
    assert known.on("a", (first, second)) == ()
    assert known.on("a", (first,)) == known.on("a", ()) == known.ever_on("a") == (FACE,)


def test_covers_of_another_branch_count_for_what_is_asked_before_and_after() -> None:
    first, elsewhere = question(0, ("a", ())), question(1, ("a", (FACE,)))
    known = Covers((first, elsewhere))
    (again,) = known.in_branch((first,))
    assert covers(again) == [(FACE,)]
    assert known.on("a", (first,)) == (FACE,)
    assert known.on("b", (first,)) == ()


def test_places_without_words_are_covered_as_messages_are() -> None:
    nodes = [node_of(question(0, ("a", ()))), node_of(question(1, ("a", (PLATE,))))]
    branch = Covers(nodes).in_branch(nodes)
    assert [node.pictures[0].treatment.redactions for node in branch] == [(PLATE,), (PLATE,)]
    assert Covers(()).in_branch(()) == ()


def test_one_picture_twice_in_a_question_has_all_covers_of_both() -> None:
    first, second = question(0, ("a", (FACE,)), ("a", (PLATE,))), question(1)
    assert Covers((first, second)).on("a", (first, second)) == (FACE, PLATE)


def test_a_draft_is_covered_but_where_it_says_itself_what_is_done() -> None:
    known, pictures = (
        Covers((question(0, ("a", (FACE,)), ("b", (PLATE,))),)),
        (("a", "a.jpg"), ("b", "b.jpg")),
    )
    draft = Draft(pictures=pictures, treatments={"b": Treatment()})
    assert known.in_draft(draft, ()).treatments == {"a": Treatment(redactions=(FACE,)), "b": Treatment()}
    assert known.in_draft(Draft(), ()) == Draft()


def test_a_redaction_is_told_from_others_however_its_numbers_are_written() -> None:
    assert (
        FACE.digest
        == Redaction.from_plain(FACE.replace(points=(Point(0.0, 0.0), Point(9.0, 9.0))).to_plain()).digest
    )
    assert len({FACE.digest, PLATE.digest, PLATE.replace(width=9).digest}) == 3
