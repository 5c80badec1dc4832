"""The table of pictures and models, read off a conversation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.chat.comparing import same_way, table_of, with_picture
from app.domain.conversation import Draft
from app.domain.geometry import Point
from app.domain.message import Message, PicturePart, Role, RunCard, Status, TextPart
from app.domain.picture import Detail
from app.domain.region import Redaction, RedactionKind, Treatment
from tests.scripted_provider import ScriptedProvider

COVERED = Treatment(redactions=(Redaction(RedactionKind.BOX, (Point(0, 0), Point(5, 5))),))


def question(seq: int, text: str, picture: str) -> Message:
    parts = (PicturePart(sha256=picture, name=f"{picture}.png"), TextPart(text=text))
    return message(f"q{seq}", "root", seq, Role.USER, parts)


def answer(seq: int, below: str, model: str, endpoint: str = "here") -> Message:
    card = RunCard(endpoint=endpoint.title(), endpoint_id=endpoint, model=model)
    return message(f"a{seq}", below, seq, Role.ASSISTANT, (TextPart(text=f"{model} {seq}"),)).replace(
        run=card
    )


def message(
    message_id: str, parent: str, seq: int, role: Role, parts: tuple[PicturePart | TextPart, ...]
) -> Message:
    return Message(
        id=message_id,
        parent_id=parent,
        seq=seq,
        role=role,
        status=Status.DONE,
        created=datetime.now(UTC),
        parts=parts,
    )


def test_rows_are_the_questions_with_the_same_words_and_columns_who_answered_them() -> None:
    asked, other, edited = question(1, "Cat?", "aa"), question(3, "Cat?", "bb"), question(5, "Dog?", "cc")
    answers = [answer(2, "q1", "small"), answer(4, "q3", "large"), answer(6, "q5", "huge")]
    table = table_of(asked, [other, edited, asked], answers)
    assert [row.id for row in table.rows] == ["q1", "q3"]
    assert [column.key for column in table.columns] == [("here", "small"), ("here", "large")]
    assert {cell: shown.id for cell, shown in table.cells.items()} == {
        ("q1", ("here", "small")): "a2",
        ("q3", ("here", "large")): "a4",
    }


def test_the_newest_answer_of_a_model_is_shown() -> None:
    asked = question(1, "Cat?", "aa")
    table = table_of(asked, [asked], [answer(3, "q1", "small"), answer(2, "q1", "small")])
    assert [shown.id for shown in table.cells.values()] == ["a3"]


def test_the_same_model_at_two_endpoints_makes_two_columns() -> None:
    asked = question(1, "Cat?", "aa")
    answers = [answer(2, "q1", "small"), answer(3, "q1", "small", "there")]
    assert [column.endpoint for column in table_of(asked, [asked], answers).columns] == ["Here", "There"]


def test_another_picture_takes_the_place_of_the_first_with_what_was_done_to_it() -> None:
    draft = Draft(
        text="Cat?",
        pictures=(("aa", "a.png"), ("bb", "b.png")),
        links={"aa": "https://x.invalid/a.png", "bb": "https://x.invalid/b.png"},
        treatments={"aa": COVERED, "bb": COVERED},
    )
    swapped = with_picture(draft, "cc", "c.png")
    assert swapped.pictures == (("cc", "c.png"), ("bb", "b.png"))
    assert set(swapped.links) == set(swapped.treatments) == {"bb"}
    assert swapped.text == "Cat?"
    assert with_picture(draft, "bb", "b.png").pictures == (("bb", "b.png"),)


def test_others_are_asked_with_the_same_parameters_but_for_one_answer() -> None:
    run = RunCard(
        endpoint="Here",
        model="small",
        parameters={"temperature": "0.5", "n": "3"},
        system="Be brief.",
        detail=Detail.ORIGINAL,
        session="kept",
        prefill="Well",
    )
    route = same_way(run, ScriptedProvider(), "large", None)
    assert route.model == "large"
    assert route.parameters.given() == {"temperature": 0.5}
    assert (route.system, route.detail, route.session, route.prefill) == (
        "Be brief.",
        Detail.ORIGINAL,
        "",
        "",
    )


def test_parameters_that_cannot_be_read_are_not_guessed() -> None:
    with pytest.raises(ValueError):
        same_way(RunCard(endpoint="", model="", parameters={"warmth": "1"}), ScriptedProvider(), "m", None)
