from __future__ import annotations

from pathlib import Path

import pytest

from ui.transcript.blocks import lexers
from ui.transcript.blocks.highlighter import LONGEST_CODE, Highlighter

NEVER = float("inf")
SAMPLES = {
    "python": Path(lexers.__file__).read_text(),
    "javascript": "/* a\n b */ function f(){ return `x${1}\n` }\n" * 12,
    "c": "/* a\n b */ int f(){ return 1; }\n#define X 1\n" * 12,
    "json": '{"a": [1, 2],\n "b": null}\n' * 12,
    "html": "<p class='x'>\n<script>\nvar a = 1;\n</script>\n</p>\n" * 6,
}


def whole(language: str, text: str) -> list[list[tuple[int, int, object]]]:
    lexer = lexers.lexer_for(language)
    assert lexer is not None
    lines: list[list[tuple[int, int, object]]] = [[] for _ in text.split("\n")]
    row = column = 0
    for _, kind, value in lexer.get_tokens_unprocessed(text + "\n"):
        for number, piece in enumerate(value.split("\n")):
            row, column = (row + 1, 0) if number else (row, column)
            if piece:
                lines[row].append((column, column + len(piece), kind))
            column += len(piece)
    return lines


@pytest.mark.parametrize("language", SAMPLES)
def test_streamed_code_ends_with_the_colours_of_a_whole_reading(language: str) -> None:
    text = SAMPLES[language].rstrip("\n")
    highlighter = Highlighter(language)
    for end in range(30, len(text) + 30, 30):
        highlighter.grow(text[:end].split("\n"))
    lines = text.split("\n")
    highlighter.restart()
    while highlighter.behind(len(lines), len(lines)):
        highlighter.catch_up(lines, len(lines), 0.0)
    assert highlighter.lines == whole(language, text)


def test_reading_on_goes_no_further_than_asked() -> None:
    lines = SAMPLES["python"].split("\n")
    highlighter = Highlighter("python")
    highlighter.catch_up(lines, 3, NEVER)
    assert not highlighter.behind(3, len(lines))
    assert highlighter.behind(len(lines), len(lines))


def test_growing_code_is_read_from_the_last_certain_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["x = compute(1)  # step"] * 2_000
    highlighter = Highlighter("python")
    highlighter.grow(lines)
    assert highlighter._start >= len(lines) - 2


@pytest.mark.parametrize("name", ["", "nosuch", "javascr", "python-but-not", "../../x", "{.python"])
def test_unknown_languages_are_plain_and_looked_up_in_the_table_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("searched installed packages")

    monkeypatch.setattr("pygments.plugin.iter_entry_points", refuse)
    highlighter = Highlighter(name)
    highlighter.grow(["a = 1"])
    assert highlighter.behind(0, 1) is (name == "{.python")


def test_e3_very_long_code_stays_plain() -> None:
    lines = ["x = 1"] * (LONGEST_CODE // 6 + 10)
    highlighter = Highlighter("python")
    highlighter.catch_up(lines, 10, NEVER)
    assert not any(highlighter.lines)
    assert not highlighter.behind(len(lines), len(lines))
