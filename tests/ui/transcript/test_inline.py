from __future__ import annotations

import pytest

from ui.transcript.inline import GrowingText, literal, read_inline
from ui.transcript.links import is_allowed
from ui.transcript.offsets import Utf16Offsets
from ui.transcript.styled_text import Look


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
