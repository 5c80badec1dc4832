"""Markdown that other programs show loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.transfer.defusing import defused

VIEWER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES = (
    *(
        "`",
        "``",
        "```",
        "~~~",
        "![x](u)",
        "<img src=x>",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "    ",
        "  ",
        "\\",
        "|",
        "a",
    ),
    *("<https://x`>", "[a]: ", "'", '"', "[", "]", "(", ")", "*", "<!--", "-->", "1. ", "---\n", "\t", "\r"),
    *("| a | b |\n|--|--|\n", "<", "!", "#", " "),
)


def loaded(markdown: str) -> list[str]:
    """What a viewer would load or run."""

    def every(tokens: Sequence[Token]) -> Iterator[Token]:
        for token in tokens:
            yield token
            yield from every(token.children or ())

    kinds = ("image", "html_inline", "html_block")
    return [token.content for token in every(VIEWER.parse(markdown)) if token.type in kinds]


@pytest.mark.parametrize(
    "text",
    [
        "`x` and `List<int>`, ``a ` b``",
        "```html\n<b>![](x)</b>\n```\nafter",
        "~~~\n<b>\n~~~",
        "1 < 2 and a <= b",
        "a [link](https://example.org)\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    ],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "![spy](https://evil.example/x.png)",
        "\\\\![spy](u)",
        "![a][b]\n\n[b]: https://evil.example/x.png",
        "<img src='https://evil.example/x.png'>",
        "\\\\<img src=x>",
        "a ` b\n` ![x](u) `",
        "- `\n- ![x](u) `",
        "- a\n  ```\n  code\n![x](u)",
        "| ` | ![x](u) ` |\n|--|--|",
        "``` | a |\n|--|--|\n![x](u)",
        "> ```\n> code\n\n![x](u)",
        "<!--\n![x](u)\n-->",
    ],
)
def test_t1_nothing_of_a_text_is_loaded(text: str) -> None:
    assert loaded(defused(text)) == []


def _check(pieces: list[str]) -> None:
    assert loaded(defused("".join(pieces))) == []


@given(st.lists(st.sampled_from(PIECES), max_size=16))
@settings(max_examples=300, deadline=None)
def test_t1_no_combination_loads_anything(pieces: list[str]) -> None:
    _check(pieces)


@pytest.mark.soak
@given(st.lists(st.sampled_from(PIECES), max_size=24))
@settings(max_examples=20_000, deadline=None)
def test_t1_no_combination_of_many_loads_anything(pieces: list[str]) -> None:
    _check(pieces)
