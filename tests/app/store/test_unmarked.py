"""What is found in answers is shown as it is read there."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.query import parse
from app.store.snippets import snippet
from app.store.unmarked import unmarked


def shown(text: str, sought: str = "") -> tuple[str, list[str]]:
    """What is read of a text, and what of it is marked."""
    line, marks = snippet(parse(sought), (text,), markdown=True)
    return line, [line[start:end] for start, end in marks]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A **cat** is *here*, ***both***, __so__, _it_, ~~gone~~.", "A cat is here, both, so, it, gone."),
        ("eyes `#7BA05B`, ``a`b``, `a *b* <c>`, `", "eyes #7BA05B, a`b, a *b* <c>, `"),
        ("# Head\n\nText\n## Next", "Head Text Next"),
        ("Head\n===\nText\n\n---\nNext", "Head Text Next"),
        ('See [the **breed**](https://a.example/x(1) "t") and ![a dog](x.png).', "See the breed and a dog."),
        ("See [one][two], [three] and [x] done.", "See one, [three] and [x] done."),
        ("<https://a.example> or <me@b.example>, List<int>", "https://a.example or me@b.example, List<int>"),
        ("- one\n* two\n  + three\n1. four", "• one • two • three 1. four"),
        ("> said\n> > again", "said again"),
        ("| a | b |\n|---|--:|\n| c | d |", "a | b c | d"),
        ("\\*escaped\\* and 50\\% C:\\dir", "*escaped* and 50% C:\\dir"),
        (
            "2 * 3 * 4, a*b*c, snake_case_name, f(**kw), 5 < 6, #tag, -1",
            "2 * 3 * 4, a*b*c, snake_case_name, f(**kw), 5 < 6, #tag, -1",
        ),
        ("Run:\n```py\n# x ** y `z`\n```\n**now**", "Run: # x ** y `z` now"),
        ("**never closed and `nor this", "**never closed and `nor this"),
    ],
)
def test_marks_are_left_out_and_other_signs_stay(written: str, read: str) -> None:
    assert shown(written)[0] == read


@pytest.mark.parametrize(
    ("written", "sought", "read", "marked"),
    [
        ("a **red cat** sat", "cat", "a red cat sat", ["cat"]),
        ("a **red** cat", '"red cat"', "a red cat", ["red cat"]),
        ("see [it](http://a.example/tabby)", "tabby", "see it (http://a.example/tabby)", ["tabby"]),
        ("```python\nx = 1\n```", "python", "```python x = 1", ["python"]),
        ("[**cat**](http://a.example/b) `cat`", "cat", "cat cat", ["cat", "cat"]),
    ],
)
def test_what_is_searched_for_is_shown_and_marked(
    written: str, sought: str, read: str, marked: list[str]
) -> None:
    assert shown(written, sought) == (read, marked)


def test_code_that_began_long_before_is_code() -> None:
    text = "```\n" + "x = 1\n" * 200 + "# no **head** here\n```\n" + "# Head\n" * 200
    line, marked = shown(text, "here")
    assert " x = 1 # no **head** here Head Head " in line
    assert marked == ["here"]


SIGNS = st.text(alphabet="ab *_`~#[]()<>|\\!-:\n", max_size=120)


@given(SIGNS, st.data())
def test_whatever_is_written_letters_that_are_sought_are_kept_in_order(
    text: str, data: st.DataObject
) -> None:
    spans = parse(data.draw(st.sampled_from(["a", "b", "ab", "a b"]))).phrases[0].spans(text)
    place = spans[0][0] if spans else 0
    read, _, kept = unmarked(text, place, spans)
    letters = [[letter for letter in text[a:b] if letter.isalpha()] for a, b in spans[: len(kept)]]
    assert [[letter for letter in read[a:b] if letter.isalpha()] for a, b in kept] == letters
    assert all(first <= last for (_, first), (last, _) in pairwise(kept))
