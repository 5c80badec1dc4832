"""What of an answer is nothing but places."""

from __future__ import annotations

import pytest

from app.grounding.dialects import read
from app.grounding.spoken import listed
from app.grounding.wholly import stretches
from tests.grounded_answers import GROUNDED, answer

BOX = '{"bbox_2d": [100, 200, 500, 600], "label": "sign"}'
OTHER = '{"bbox_2d": [10, 20, 50, 60], "label": "window"}'


def folded(text: str, model: str = "qwen3-vl") -> list[tuple[str, str]]:
    """What is folded of an answer, and in which words."""
    found = read(answer(text, model)).shapes
    return [(text[start:end], listed(of).sentence) for start, end, of in stretches(text, found)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[{BOX}, {OTHER}, {OTHER}]", "3 places: 1 sign, 2 windows"),
        (BOX, "1 place: sign"),
        ('{"objects": [{"x_min": 0.1, "y_min": 0.2, "x_max": 0.5, "y_max": 0.6}]}', "1 place"),
        (f"{BOX}\n{BOX}", "2 places: 2 signs"),
        (
            "[" + ", ".join(BOX.replace("sign", f"kind {letter}") for letter in "abcdef") + "]",
            "6 places: 1 kind a, 1 kind b, 1 kind c, 1 kind d, 2 more",
        ),
    ],
)
def test_an_answer_of_places_alone_is_said_in_a_line(text: str, words: str) -> None:
    assert folded(text) == [(text, words)]


def test_a_fence_of_places_is_folded_without_its_marks() -> None:
    text = f"Two:\n```json\n[\n  {BOX},\n  {OTHER}\n]\n```\nThat is all.\n```\n{BOX}\n```"
    assert [words for _, words in folded(text)] == ["2 places: 1 sign, 1 window", "1 place: sign"]
    assert folded(text)[0][0] == f"[\n  {BOX},\n  {OTHER}\n]\n"


@pytest.mark.parametrize(
    "text",
    [
        f"Here: {BOX}",
        f'{{"answer": "yes", "boxes": [{BOX}]}}',
        f'{{"count": 1, "boxes": [{BOX}]}}',
        BOX[:-1] + ', "description": "red, with a dent"}',
        BOX[:-1] + ', "price": 12}',
        BOX.replace("sign", "a long line of words that somebody wants to read as it stands"),
        f"```python\n{BOX}\n```",
        '{"width": 3}',
    ],
)
def test_json_that_says_anything_else_stays(text: str) -> None:
    assert folded(text) == []


def test_marks_in_words_are_not_folded() -> None:
    for name in ("paligemma", "molmo", "kosmos-2", "florence-2", "internvl"):
        row = GROUNDED[name]
        assert not list(stretches(row.text, read(row.message).shapes)), name
