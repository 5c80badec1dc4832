from __future__ import annotations

from dataclasses import replace

import pytest

from app.local.quick_look.answers import (
    after_description,
    follow_up,
    heading,
    topics,
    wants_description,
    were_described,
)
from app.local.quick_look.findings import Colour, Findings, Label
from app.local.quick_look.sentence import describe
from tests.photos import as_sent, photo

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
        ("What is in the picture?", ("subject",)),
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
    assert "With its description, that is all" in answer
    assert "GGUF model with vision" in answer


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Describe this picture.", True),
        ("again please", True),
        ("A caption?", True),
        ("And the photo?", True),
        ("What colour is the picture?", False),
        ("What is in the picture?", False),
        ("Is she happy?", False),
        ("", False),
    ],
)
def test_a_description_is_asked_for_by_its_words(question: str, wanted: bool) -> None:
    assert wants_description(question) is wanted


CHELSEA = as_sent(photo("chelsea.png"), "chelsea.png")
PAGE = Findings(451, 300, CAT.labels, (), CAT.colours, ("one", "two", "three", "four"), all_read=True)


@pytest.mark.parametrize("found", [CAT, replace(CAT, lines=()), replace(CAT, lines=("a `b`",)), PAGE])
@pytest.mark.parametrize("question", ["", "Is she happy?"])
def test_a_whole_description_is_known_from_one_that_broke_off(found: Findings, question: str) -> None:
    added = after_description(question)
    assert were_described([CHELSEA], describe(found) + (f"\n\n{added}" if added else ""))
    for part in (replace(found, all_read=False), replace(found, colours=None), Findings(451, 300)):
        assert not were_described([CHELSEA], describe(part))


def test_all_of_several_pictures_must_be_described() -> None:
    both = [CHELSEA, CHELSEA]
    first, second = (heading(n, 2, "chelsea.png") + describe(CAT) for n in (1, 2))
    assert were_described(both, f"{first}\n\n{second}")
    assert not were_described(both, first)
    assert not were_described(both, f"{first}\n\n{heading(2, 2, 'chelsea.png')}A landscape")


@pytest.mark.parametrize("said", ["", "A cat.", "It is a tabby. I found no text in it.", "```\ncode\n```"])
def test_what_another_model_said_is_no_description(said: str) -> None:
    assert not were_described([CHELSEA], said)


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
    assert after_description("Describe this picture.") == ""
    assert after_description("again please") == ""
    assert "cannot converse" in after_description("Is she happy?")
