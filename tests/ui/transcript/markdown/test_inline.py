from __future__ import annotations

import pytest

from app.domain.links import is_allowed
from ui.signs import signs
from ui.transcript.blocks.offsets import Utf16Offsets
from ui.transcript.markdown.inline import GrowingText, literal, read_inline
from ui.transcript.markdown.invisible import MOST_SIGNS
from ui.transcript.markdown.references import References
from ui.transcript.markdown.styled_text import Look, StyledText


def urls(source: str) -> list[str]:
    return [span.url for span in read_inline(source).spans if span.url]


@pytest.mark.parametrize(
    "source",
    [
        "List<int> x",
        "1 < 2 and <unk> token end",
        "<think>hm</think>",
        "</div><div class='a_b_c'> & &",
        "<img src=http://evil/x onerror=alert(1)>",
        "[a][b] [c]: http://d 'e'",
        "![x](file:///etc/passwd)",
        "[x](javascript:alert(1))",
        "a\\",
    ],
)
def test_e2_text_that_looks_like_html_is_all_there(source: str) -> None:
    assert read_inline(source).text == source
    assert read_inline(source, growing=True).text == source


def test_looks_are_read() -> None:
    styled = read_inline("a **b *c*** `d` ~~e~~")
    assert styled.text == "a b c d e"
    looks = {styled.text[span.start : span.end]: span.look for span in styled.spans}
    assert looks == {"b ": Look.BOLD, "c": Look.BOLD | Look.ITALIC, "d": Look.CODE, "e": Look.STRUCK}


def test_growing_text_closes_its_marks() -> None:
    assert read_inline("a **bo", growing=True).text == "a bo"
    assert read_inline("a `co", growing=True).text == "a co"
    assert read_inline("a **", growing=True).text == "a "


def test_a_growing_paragraph_reads_like_a_whole_one() -> None:
    source = (
        "Plain words and **bold words that go on for a while** then *soft* and `code in here` and "
        "a [link with words](https://example.org/a) with snake_case_names, 2 * 3 * 4, ~~gone~~, "
        "an <unk> token, a (bracket [in a bracket]) and the end of it all\nin a second line of text"
    )
    growing = GrowingText()
    for end in range(1, len(source) + 1):
        read = growing.read(source[:end])
    assert read.text == read_inline(source).text
    assert read.spans == read_inline(source).spans
    assert len(growing._source) > len(source) // 2
    assert growing.read("Other *text*") == read_inline("Other *text*")


def test_e1_a_picture_is_shown_as_its_words_and_address() -> None:
    styled = read_inline("![a dog](http://evil.example/x.png?d=1)")
    assert styled.text == "a dog (http://evil.example/x.png?d=1)"
    assert not [span.url for span in styled.spans if span.url]


@pytest.mark.parametrize(
    "scheme", ["smb:", "ms-settings:", "file:", "javascript:", "vbscript:", "x-own:", "data:"]
)
def test_e4_other_schemes_are_no_links_and_stay_visible(scheme: str) -> None:
    source = f"[here]({scheme}//host/share)"
    assert urls(source) == []
    assert f"{scheme}//host/share" in read_inline(source).text
    assert not is_allowed(f"{scheme}//host/share")


def test_e4_look_alike_hosts_and_user_parts_are_handed_on_in_full() -> None:
    assert urls("[x](https://аррӏе.com)") == ["https://xn--80ak6aa92e.com"]
    assert urls("[x](https://good.example@evil.example/a)") == ["https://good.example@evil.example/a"]


def test_bare_addresses_are_links_without_their_full_stop() -> None:
    assert urls("see https://a.example/b_c_d, (http://e.example/f). <mailto:g@h.example>") == [
        "https://a.example/b_c_d",
        "http://e.example/f",
        "mailto:g@h.example",
    ]


def test_e3_text_with_too_many_marks_is_shown_as_written() -> None:
    source = "*a**b" * 800
    assert read_inline(source).text == source


def test_literal_keeps_line_breaks() -> None:
    assert literal("a\n *b*").text == "a\u2028 *b*"


@pytest.mark.parametrize("text", ["", "plain", "a🐈b", "🐈🐈", "x🐈日🐈y"])
def test_positions_survive_the_way_through_utf16(text: str) -> None:
    offsets = Utf16Offsets(text)
    for index in range(len(text) + 1):
        assert offsets.to_qt(index) == len(text[:index].encode("utf-16-le")) // 2
        assert offsets.from_qt(offsets.to_qt(index)) == index


# ---- names that are defined elsewhere


@pytest.fixture
def names() -> References:
    references = References()
    references.define_link("The Spec", "<https://spec.example/a b>")
    references.define_link("evil", "javascript:alert(1)")
    references.define_note("1")
    return references


def test_names_of_links_lead_where_they_are_defined(names: References) -> None:
    styled = read_inline("[words][the  spec], [The Spec][] and [the spec], not [this]", names)
    assert styled.text == "words, The Spec and the spec, not [this]"
    assert [styled.text[span.start : span.end] for span in styled.spans] == ["words", "The Spec", "the spec"]
    assert {span.url for span in styled.spans} == {"https://spec.example/a%20b"}


def test_e4_a_name_with_another_scheme_is_no_link(names: References) -> None:
    styled = read_inline("[here][evil]", names)
    assert styled.text == "here (javascript:alert(1))"
    assert not any(span.url for span in styled.spans)


def test_marks_of_footnotes_are_raised_and_copied_as_written(names: References) -> None:
    styled = read_inline("so[^1] and[^2]", names)
    assert styled.text == "so[1] and[^2]"
    assert styled.spans[0].look & Look.RAISED
    assert styled.copied(0, len(styled.text)) == "so[^1] and[^2]"
    assert read_inline("[^1]: the note", names).text == "[1] the note"


# ---- addresses in running text


def test_bare_addresses_end_where_their_sentence_does() -> None:
    assert urls("(www.a.example/b_(c)), me.too@b.example. https://c.example/?d=e*") == [
        "http://www.a.example/b_(c)",
        "mailto:me.too@b.example",
        "https://c.example/?d=e",
    ]


@pytest.mark.parametrize("source", ["a@b", "x@y.", "@user", "wwww.x", "www.", "http://", "a@b@c.example@d"])
def test_what_only_resembles_an_address_is_text(source: str) -> None:
    assert read_inline(source).text == source
    assert urls(source) == []


def test_e2_nothing_of_a_link_or_a_picture_disappears() -> None:
    assert read_inline('[a](http://b.example "its title")').text == "a “its title”"
    assert read_inline("[](http://b.example)").text == "http://b.example"
    assert read_inline("![](<x y> 'its title')").text == "(x%20y “its title”)"


# ---- formulas


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("$x$, $y_1$ and $$E=mc^2$$.", "x, y₁ and E = mc²."),
        (r"\(a^2\) and \[b\]", "a² and b"),
        ("**$a*b*c$** and $(x, y)$", "a*b*c and (x, y)"),
        ("the $n$-th of $100$", "the n-th of 100"),
        (r"$\alpha$ for $\beta$", "α for β"),
    ],
)
def test_formulas_are_read_and_copied_as_written(source: str, text: str) -> None:
    styled = read_inline(source)
    assert styled.text == text
    assert styled.copied(0, len(text)) == source.replace("**", "")


@pytest.mark.parametrize(
    "source",
    ["costs $5 and $6 today", "from $5 to 6$ now", "US$5, $10/month vs. 30$", "it's $5.00-$6.00",
     "$20 (was $30)", "$HOME/bin:$PATH", "x$y$z", "$ 5 $", "$5 = cheap, dear = 6$", "$", "$$", "$$$", "a $b"],
)  # fmt: skip
def test_money_stays_text(source: str) -> None:
    assert read_inline(source).text == source


def test_code_holds_no_formulas() -> None:
    assert read_inline("`$x$` and \\$5 or 6$").text == "$x$ and $5 or 6$"


def test_a_part_of_a_formula_copies_all_of_it() -> None:
    styled = read_inline("so $x_1 + y$ it is")
    assert styled.text == "so x₁ + y it is"
    assert styled.copied(0, 4) == "so $x_1 + y$"
    assert styled.copied(4, 12) == "$x_1 + y$ it"
    assert styled.copied(0, 3) == "so "


def test_a_paragraph_of_formulas_and_prices_grows_like_a_whole_one() -> None:
    source = "It costs $5 or so, and $x_1 = \\frac{a}{b}$ holds where \\(y^2 > 0\\) [see](http://a.example)"
    source = (source + " more ") * 3
    growing = GrowingText()
    for end in range(1, len(source) + 1):
        read = growing.read(source[:end])
    assert read == read_inline(source)


# ---- characters without a shape


def test_e2_characters_without_a_shape_are_shown_and_copied() -> None:
    source = "a\u202eb **c\x00\x1bd** \u2067e"
    styled = read_inline(source)
    assert styled.text == "a‹RLO›b c␀␛d ‹RLI›e"
    assert styled.copied(0, len(styled.text)) == source.replace("**", "")
    assert literal(source).copied(0, 100) == source


def test_very_many_of_them_are_one_plain_character_each() -> None:
    source = "\u202ea" * (MOST_SIGNS + 1)
    assert read_inline(source) == StyledText("\ufffda" * (MOST_SIGNS + 1))
    assert signs("a\tb\n") == "a\tb\n"
