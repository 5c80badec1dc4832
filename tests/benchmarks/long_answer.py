"""A long answer with everything in it, in tokens."""

from __future__ import annotations

import random

WORDS = "the picture shows light colour edge model answer region value sharp **bold** `code` window"
MORE = " a of and to in *soft* grey near far left right above measured about 42 0.98"
LINK = " frame [link](https://example.org/a)"
SECTIONS = 22
SAME = 19
"""Sections repeat after so many: the one after token 1,000 is the one after token 20,000."""
TOKENS_A_SECTION = 1_000


def section(number: int, rng: random.Random) -> str:
    """Headings, paragraphs, a list, a quote, a table and code: about 1,000 tokens of three characters."""

    words_known = (WORDS + MORE + LINK).split()

    def words(count: int) -> str:
        return " ".join(rng.choice(words_known) for _ in range(count))

    items = "\n".join(f"- {words(14)}" + (f"\n  - {words(9)}" if n % 3 == 0 else "") for n in range(6))
    rows = "\n".join(f"| {words(1)} | {rng.random():.3f} | {words(3)} |" for _ in range(5))
    code = "\n".join(f"    value_{n} = compute({n}, scale={rng.random():.2f})  # step" for n in range(14))
    return (
        f"## Section {number}\n\n{words(60)}.\n\n{words(45)}.\n\n{items}\n\n> {words(25)}\n\n"
        f"| name | value | remark |\n|---|---|---|\n{rows}\n\n"
        f"```python\ndef run_{number}(x):\n{code}\n```\n\n"
        f"{words(70)}.\n\n"
    )


def tokens() -> list[list[str]]:
    """The answer by section, each cut into the same number of tokens."""
    cut: list[list[str]] = []
    for number in range(SECTIONS):
        text = section(number % SAME + 10, random.Random(number % SAME))
        cut.append(
            [
                text[len(text) * n // TOKENS_A_SECTION : len(text) * (n + 1) // TOKENS_A_SECTION]
                for n in range(TOKENS_A_SECTION)
            ]
        )
    return cut
