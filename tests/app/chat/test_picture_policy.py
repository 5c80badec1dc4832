from __future__ import annotations

from datetime import UTC, datetime

from app.chat.picture_policy import chosen
from app.domain.message import Message, PicturePart, Role, Status


def question(name: str, pictures: int) -> Message:
    return Message(
        id=name,
        parent_id=None,
        seq=1,
        role=Role.USER,
        status=Status.DONE,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        parts=tuple(PicturePart(sha256=f"{name}{i}", name=f"{i}.png") for i in range(pictures)),
    )


def test_the_newest_pictures_go_along() -> None:
    branch = [question("a", 2), question("b", 2)]
    assert chosen(branch, 3) == {("a", 1), ("b", 0), ("b", 1)}


def test_all_go_along_where_there_is_room() -> None:
    assert len(chosen([question("a", 2)], 16)) == 2


def test_none_go_to_an_endpoint_that_takes_none() -> None:
    assert chosen([question("a", 2)], 0) == frozenset()
