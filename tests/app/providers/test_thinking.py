from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.thinking import CLOSING, MOST_BLANK, OPENING, Kind, Piece, ThoughtSplitter

WRITTEN = st.lists(
    st.sampled_from([OPENING, CLOSING, "<", "</", "think>", "`", " ", "\n", "a", "Grün 🌊", "<b>", "</thin"]),
    max_size=12,
).map("".join)


def put_together(pieces: Sequence[Piece]) -> tuple[str, str]:
    """The thoughts and the text, as whoever shows them has them at the end."""
    thoughts, text = "", ""
    for kind, said, taken in pieces:
        match kind:
            case Kind.TEXT:
                text += said
            case Kind.THOUGHT:
                thoughts += said
            case Kind.TAKEN_BACK:
                assert 0 < taken == len(text)
                thoughts, text = thoughts + text, ""
    return thoughts, text


def split(*parts: str) -> tuple[str, str]:
    splitter = ThoughtSplitter()
    pieces = [piece for part in parts for piece in splitter.feed(part)]
    return put_together([*pieces, *splitter.finish()])


@pytest.mark.parametrize(
    ("answer", "thoughts", "text"),
    [
        ("Hello", "", "Hello"),
        ("<think>hm</think>Hello", "hm", "Hello"),
        ("\n<think>\nhm\n</think>\n\nHello", "\nhm\n", "Hello"),
        ("hm</think>\nHello", "hm", "Hello"),
        ("</think>Hello", "", "Hello"),
        ("<think>never closed", "never closed", ""),
        ("<think>", "", ""),
        ("<think></think>", "", ""),
        ("<think>a</think><think>b</think>c", "ab", "c"),
        ("Say `</think>` and `<think>`.", "", "Say `</think>` and `<think>`."),
        ("hm `</think>` so</think>Hello", "hm `</think>` so", "Hello"),
        ("Use <think> freely", "", "Use <think> freely"),
        ("a < b and a </ b", "", "a < b and a </ b"),
        ("Models write <think>secret</think> first.", "", "Models write <think>secret</think> first."),
        ("Say <think> and </think>.", "", "Say <think> and </think>."),
        ("Say `<think>`secret</think>.", "", "Say `<think>`secret</think>."),
        ("Write ``a ` </think>`` so.", "", "Write ``a ` </think>`` so."),
        ("Write `</think> x` so.", "", "Write `</think> x` so."),
        ("So:\n```xml\n<think>a</think>\n```\n", "", "So:\n```xml\n<think>a</think>\n```\n"),
        ("So:\n```\na</think>\n```\nb", "", "So:\n```\na</think>\n```\nb"),
        ("So:\n````\n```\na</think>", "", "So:\n````\n```\na</think>"),
        ("So:\n```\n````\na</think>b", "So:\n```\n````\na", "b"),
        ("```\ncode `\n```\nhm</think>Hello", "```\ncode `\n```\nhm", "Hello"),
        ("`code` hm</think>Hello", "`code` hm", "Hello"),
        ("5` wide\nhm</think>Hello", "5` wide\nhm", "Hello"),
        ("  Hm <think>a</think>b", "", "  Hm <think>a</think>b"),
        ("ends with </thi", "", "ends with </thi"),
        ("<thin", "", "<thin"),
        ("<think>a</think> tail </think> tail", "a", "tail </think> tail"),
        ("   ", "", "   "),
        ("", "", ""),
    ],
)
def test_thoughts_and_text_are_told_apart_at_every_cut(answer: str, thoughts: str, text: str) -> None:
    assert split(answer) == (thoughts, text)
    assert split(*answer) == (thoughts, text)
    for cut in range(len(answer)):
        assert split(answer[:cut], answer[cut:]) == (thoughts, text)


@given(WRITTEN, st.data())
def test_no_cut_changes_what_is_told_and_nothing_is_lost(answer: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=6)))
    edges = [0, *cuts, len(answer)]
    parts = [answer[start:end] for start, end in itertools.pairwise(edges)]
    thoughts, text = split(*parts)
    assert (thoughts, text) == split(answer)

    def bare(said: str) -> str:
        fewer = re.sub(r"<think>|</think>|\s", "", said)
        return fewer if fewer == said else bare(fewer)

    assert bare(thoughts + text) == bare(answer)


def test_text_is_told_as_it_comes_and_taken_back_once() -> None:
    splitter = ThoughtSplitter()
    assert splitter.feed("I ") == [Piece(Kind.TEXT, "I ")]
    assert splitter.feed("look.") == [Piece(Kind.TEXT, "look.")]
    assert splitter.feed(" So</think>A cat") == [
        Piece(Kind.TAKEN_BACK, "", 7),
        Piece(Kind.THOUGHT, " So"),
        Piece(Kind.TEXT, "A cat"),
    ]
    assert splitter.feed("</think>") == [Piece(Kind.TEXT, "</think>")]


def test_an_idle_splitter_lets_its_caller_tell_text_and_counts_it() -> None:
    assert not ThoughtSplitter().idle
    splitter = ThoughtSplitter()
    splitter.feed("a")
    assert splitter.idle
    splitter.told += 3
    assert splitter.feed("</think>x") == [Piece(Kind.TAKEN_BACK, "", 4), Piece(Kind.TEXT, "x")]
    assert splitter.feed("<") == [Piece(Kind.TEXT, "<")]


def test_a_splitter_is_not_idle_where_the_end_of_a_line_or_of_backticks_counts() -> None:
    for text, idle in (
        ("`", False),
        ("`a", False),
        ("`a`", False),
        ("`a` ", True),
        ("```\na", True),
        ("`a\n", True),
    ):
        splitter = ThoughtSplitter()
        splitter.feed(text)
        assert splitter.idle is idle


def test_thoughts_in_a_field_of_their_own_end_the_search() -> None:
    splitter = ThoughtSplitter()
    assert splitter.feed("<thi") == []
    assert splitter.stop_looking() == [Piece(Kind.TEXT, "<thi")]
    assert splitter.stop_looking() == []
    assert splitter.feed("<think>b</think>") == [Piece(Kind.TEXT, "<think>b</think>")]


def test_white_space_without_end_is_not_held_back_for_ever() -> None:
    splitter = ThoughtSplitter()
    told = [piece for _ in range(MOST_BLANK * 2) for piece in splitter.feed(" ")]
    assert sum(len(text) for _, text, _ in told) == MOST_BLANK * 2
