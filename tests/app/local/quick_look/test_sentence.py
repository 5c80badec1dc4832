from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.local.quick_look.findings import Colour, Findings, Label
from app.local.quick_look.labels import label_names
from app.local.quick_look.reader import readable
from app.local.quick_look.sentence import code_span, describe, one_line, subject, text

CAT = (Label("tiger cat", 0.39, "cat"), Label("Egyptian cat", 0.36, "cat"), Label("tabby", 0.17, "cat"))
GREY = (Colour("grey", 0.5), Colour("brown", 0.3), Colour("white", 0.1))
LINES = ("one line", "two lines", "three lines", "four lines")

read_lines = st.lists(st.text(min_size=1), max_size=9).map(
    lambda found: tuple(readable((line, 1.0) for line in found))
)
probabilities = st.floats(0, 1).map(lambda p: round(p, 4))
all_labels = st.lists(
    st.builds(Label, st.sampled_from(label_names()), probabilities, st.sampled_from(["", "dog", "cat"])),
    min_size=1,
    max_size=5,
).map(lambda found: tuple(sorted(found, key=lambda label: -label.probability)))
finished = st.builds(
    Findings,
    st.integers(1, 50_000),
    st.integers(1, 50_000),
    labels=all_labels,
    families=st.lists(st.builds(Label, st.just("dog"), probabilities), max_size=1).map(tuple),
    colours=st.lists(
        st.builds(Colour, st.sampled_from(["red", "blue"]), probabilities), min_size=1, max_size=3
    ).map(tuple),
    lines=read_lines,
    all_read=st.just(True),
)


def seen(*labels: Label, lines: tuple[str, ...] = (), families: tuple[Label, ...] = ()) -> Findings:
    return Findings(600, 400, labels, families, GREY, lines, all_read=True)


def growing(last: Findings) -> list[Findings]:
    """All states on the way to `last`, in the order in which the child tells."""
    first = Findings(last.width, last.height)
    labelled = replace(first, labels=last.labels, families=last.families)
    coloured = replace(labelled, colours=last.colours)
    read = [replace(coloured, lines=last.lines[:n]) for n in range(len(last.lines) + 1)]
    return [first, labelled, *read, last]


def test_the_whole_sentence() -> None:
    assert describe(seen(Label("espresso", 0.95))) == (
        "A landscape picture of 600 × 400 pixels. It most likely shows an espresso. "
        "Its main colours are grey, brown and white. I found no text in it."
    )


def test_half_sure_is_most_likely() -> None:
    assert subject(seen(Label("palace", 0.5), Label("dome", 0.4))) == "It most likely shows a palace."


def test_two_together_are_probable() -> None:
    assert subject(seen(*CAT)) == "It probably shows a tiger cat or an Egyptian cat."


def test_less_cannot_be_told() -> None:
    assert subject(seen(Label("obelisk", 0.3), Label("dome", 0.19))) == "I can't tell what it shows."


def test_a_family_is_told_where_no_member_can_be() -> None:
    mixed = seen(Label("boxer", 0.2, "dog"), Label("pug", 0.1, "dog"), families=(Label("dog", 0.9),))
    assert subject(mixed) == "It probably shows a dog, but I can't tell which kind."


def test_a_member_is_told_with_its_family() -> None:
    assert subject(seen(Label("boxer", 0.9, "dog"))) == "It most likely shows a boxer (dog)."


def test_much_text_makes_a_label_doubtful() -> None:
    assert "no guess" in subject(seen(Label("menu", 0.79), lines=LINES))
    assert subject(seen(Label("menu", 0.8), lines=LINES)) == "It most likely shows a menu."
    assert subject(seen(Label("menu", 0.79), lines=LINES[:3])) == "It most likely shows a menu."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Egyptian cat", "an Egyptian cat"),
        ("Old English sheepdog", "an Old English sheepdog"),
        ("iPod", "an iPod"),
        ("hourglass", "an hourglass"),
        ("umbrella", "an umbrella"),
        ("unicycle", "a unicycle"),
        ("European gallinule", "a European gallinule"),
        ("Windsor tie", "a Windsor tie"),
        ("binoculars", "shows binoculars."),
        ("ice cream", "shows ice cream."),
    ],
)
def test_the_article_is_right(name: str, said: str) -> None:
    assert said in subject(seen(Label(name, 0.9)))


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        (600, 600, "A square picture"),
        (300, 451, "A portrait picture"),
        (3000, 400, "A very wide picture"),
        (40, 4000, "A very tall picture of 40 × 4,000 pixels."),
    ],
)
def test_the_shape_is_told(width: int, height: int, said: str) -> None:
    assert describe(Findings(width, height)).startswith(said)


def test_a_doubtful_label_waits_for_the_text() -> None:
    waiting = replace(seen(*CAT), all_read=False)
    assert describe(waiting).endswith("white.")
    assert "no guess" in describe(replace(waiting, lines=LINES))


def test_one_short_line_is_quoted_in_the_sentence() -> None:
    assert text(seen(lines=("YAMAHA",))) == " Text in it reads: `YAMAHA`"


@given(finished)
def test_what_has_been_said_is_never_taken_back(last: Findings) -> None:
    said = [describe(findings) for findings in growing(last)]
    assert all(after.startswith(before) for before, after in pairwise(said))


@given(finished)
def test_it_never_calls_itself_ai(last: Findings) -> None:
    assert "AI" not in describe(replace(last, lines=())).split()


@given(read_lines)
def test_e5_text_in_a_picture_is_shown_literally(lines: tuple[str, ...]) -> None:
    tokens = MarkdownIt("commonmark").parse(describe(seen(*CAT, lines=lines)))
    kinds = {token.type for token in tokens}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "fence"}
    shown = [token.content for token in tokens if token.type == "fence"]
    inline = [c.content for t in tokens for c in t.children or () if c.type == "code_inline"]
    assert [line for block in shown for line in block.splitlines()] + inline == list(lines)


@given(st.text(min_size=1))
def test_e5_a_file_name_is_shown_literally(name: str) -> None:
    (_, inline, _) = MarkdownIt("commonmark").parse(f"Picture: {code_span('x' + name + 'x')}")
    children = [child for child in inline.children or () if child.type != "text"]
    assert [child.type for child in children] == ["code_inline"]
    assert children[0].content == one_line(f"x{name}x")


def test_e5_a_name_cannot_turn_the_direction_of_the_line() -> None:
    assert code_span("gpj.\u202ephoto\x00\n.exe") == "`gpj. photo .exe`"
