from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conversation import Outline, node_of
from app.domain.message import Message, Role, RunCard, Status, TextPart
from app.domain.tree import Tree


def message(name: str, below: str | None, role: Role = Role.USER, choice: int = 0) -> Message:
    return Message(
        id=name,
        parent_id=below,
        seq=0,
        role=role,
        status=Status.DONE,
        created=datetime.now(UTC),
        run=RunCard(endpoint="e", model="m", choice=choice) if role is Role.ASSISTANT else None,
    )


QUESTION = message("question", None)
FIRST = message("first", "question", Role.ASSISTANT)
SECOND = message("second", "question", Role.ASSISTANT)
MORE = message("more", "first")
EDITED = message("edited", "first")
OTHER = message("other", None)
TREE = Tree([QUESTION, FIRST, SECOND, MORE, EDITED, OTHER])


def ids(nodes: tuple[Message, ...]) -> list[str]:
    return [node.id for node in nodes]


def test_a_branch_is_the_path_from_the_root_to_its_leaf() -> None:
    assert ids(TREE.branch("edited")) == ["question", "first", "edited"]
    assert ids(TREE.branch()) == ["other"]
    assert Tree[Message]().branch() == ()
    with pytest.raises(KeyError):
        TREE.branch("nobody")


def test_siblings_are_those_of_the_same_role_in_the_same_place() -> None:
    assert ids(TREE.siblings(SECOND)) == ["first", "second"]
    assert ids(TREE.siblings(MORE)) == ["more", "edited"]
    assert ids(TREE.siblings(QUESTION)) == ["question", "other"]


def test_the_newest_branch_below_a_message_is_followed_to_its_end() -> None:
    assert TREE.newest_below("question") == "second"
    assert TREE.newest_below("first") == "edited"


def test_of_several_answers_to_one_request_the_first_is_shown() -> None:
    twin = message("twin", "question", Role.ASSISTANT, choice=1)
    tree = Tree([QUESTION, FIRST, SECOND, twin])
    assert ids(tree.branch()) == ["question", "second"]
    assert tree.newest_below("question") == "second"
    assert ids(tree.branch("twin")) == ["question", "twin"]


def test_what_hangs_below_a_message_that_is_not_there_is_left_out() -> None:
    tree = Tree([QUESTION, MORE, message("below", "more")])
    assert ids(tuple(tree)) == ["question"]
    assert "more" not in tree
    assert len(tree) == 1


def test_an_outline_has_the_places_of_its_messages_and_the_size_of_their_words() -> None:
    asked = QUESTION.replace(parts=(TextPart(text="Two\nlines"),))
    outline = Outline(
        id="c", title="", created=asked.created, nodes=(node_of(asked), node_of(FIRST), node_of(SECOND))
    )
    assert (outline.nodes[0].characters, outline.nodes[0].lines) == (9, 2)
    assert (outline.nodes[1].characters, outline.nodes[1].lines) == (0, 0)
    assert [node.id for node in outline.tree.branch()] == ["question", "second"]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_every_message_is_on_the_branch_of_some_leaf(parents: list[int]) -> None:
    messages = [message("0", None)]
    for number, parent in enumerate(parents, 1):
        messages.append(message(str(number), str(parent % number)))
    tree = Tree(messages)
    leaves = [m.id for m in messages if not tree.children(m.id)]
    assert {m.id for leaf in leaves for m in tree.branch(leaf)} == {m.id for m in messages}
    assert all(tree.newest_below(m.id) in leaves for m in messages)
