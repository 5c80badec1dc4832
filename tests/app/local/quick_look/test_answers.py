from __future__ import annotations

import pytest

from app.local.quick_look.answers import after_description, follow_up, topics
from app.local.quick_look.findings import Colour, Findings, Label

CAT = Findings(
    451,
    300,
    (Label("tiger cat", 0.39, "cat"), Label("Egyptian cat", 0.36, "cat")),
    (),
    (Colour("brown", 0.6), Colour("grey", 0.2)),
    ("Chelsea",),
    all_read=True,
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does the sign say?", ("text",)),
        ("Read it to me", ("text",)),
        ("What color is it?", ("colours",)),
        ("What is the colour?", ("colours",)),
        ("How many pixels?", ("size",)),
        ("what's this", ("subject",)),
        ("Describe the picture.", ("subject",)),
        ("Which size and colour?", ("colours", "size")),
        ("Was the photographer happy?", ()),
        ("Already?", ()),
        ("", ()),
    ],
)
def test_a_question_is_known_by_its_words(question: str, found: tuple[str, ...]) -> None:
    assert topics(question) == found


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does it say?", "Text in it reads: `Chelsea`"),
        ("What colour?", "Its main colours are brown and grey. By area: brown 60%, grey 20%."),
        ("How big is it?", "It is 451 × 300 pixels, landscape."),
        ("What is it?", "It probably shows a tiger cat or an Egyptian cat."),
    ],
)
def test_a_follow_up_repeats_what_it_asks_for(question: str, said: str) -> None:
    answer = follow_up(question, [("chelsea.png", CAT)])
    assert answer.startswith(said)
    assert "GGUF model with vision" in answer


def test_a_follow_up_it_cannot_answer_says_what_it_can_and_how_to_get_more() -> None:
    answer = follow_up("Is she happy?", [("chelsea.png", CAT)])
    assert answer.startswith("Quick look can tell")
    assert "cannot" in answer
    assert "open the sidebar, pick “Local engine”" in answer


def test_several_pictures_are_answered_by_number_and_name() -> None:
    answer = follow_up("How big?", [("a.png", CAT), ("b.png", CAT)])
    assert "**Picture 1 of 2:** `a.png`\n\nIt is" in answer
    assert "**Picture 2 of 2:** `b.png`\n\nIt is" in answer


def test_a_description_says_when_it_is_no_answer() -> None:
    assert after_description("") == ""
    assert after_description("What is this?") == ""
    assert "cannot converse" in after_description("Is she happy?")
