from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.transcript.markdown.block import Block, Kind
from ui.transcript.markdown.inline import read_inline, read_maths
from ui.transcript.markdown.long_text import (
    FULL_ANYWHERE,
    FULL_AT_LINE,
    LONGEST_CODE_LINE,
    WIDE_FULL_ANYWHERE,
    literal_blocks,
)
from ui.transcript.markdown.references import MOST_DEFINED, MOST_NAMES
from ui.transcript.markdown.splitter import CODE_LINES, DEEPEST, TABLE_LINES, MarkdownSplitter

PIECES = [
    "- ", "* ", "1. ", "7) ", "> ", "\n", "\n\n", "  ", "    ", "\t", "```", "~~~", "# ", "|", "---", "===",
    "word ", "`", "**", "<div>", "| a | b |\n|---|---|\n", "\r\n", "x" * 50,
    "long sentence. " * 40, "y" * 2_100,
    "[a]: http://a.example\n", "[A][a] ", "[^n]", "[^n]: ", "- [ ] ", "- [x] ", "$$", "\\[", "\\]", "$",
    "<!-- ", "-->", "<pre>\n", "</pre>", "text\n| a | b |\n|---|:-:|\n",
]  # fmt: skip


def shown(blocks: list[Block]) -> list[tuple[object, ...]]:
    return [
        (b.kind, b.source, b.level, b.info, b.joined, b.spaced, b.continued, b.inside_line, b.closed, b.until,
         [(c.sign, c.starts_list, c.first is not None and c.first() in blocks) for c in b.containers])
        for b in blocks
    ]  # fmt: skip


def split(*parts: str) -> list[Block]:
    splitter = MarkdownSplitter()
    for part in parts:
        splitter.feed(part)
    splitter.finish()
    return splitter.blocks


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(block.kind, block.source) for block in split(text)]


def test_every_boundary_of_a_rich_answer_gives_the_same_blocks(rich: str) -> None:
    whole = shown(split(rich))
    for cut in range(len(rich) + 1):
        assert shown(split(rich[:cut], rich[cut:])) == whole, cut
    assert shown(split(*rich)) == whole


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.lists(st.integers(1, 900), min_size=1, max_size=20))
def test_any_chunking_gives_the_same_blocks(pieces: list[str], sizes: list[int]) -> None:
    text, parts, at = "".join(pieces), [], 0
    while at < len(text):
        parts.append(text[at : at + sizes[len(parts) % len(sizes)]])
        at += len(parts[-1])
    assert shown(split(*parts)) == shown(split(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_blocks_before_the_first_changed_one_stay_the_same_objects(pieces: list[str]) -> None:
    splitter = MarkdownSplitter()
    for piece in pieces:
        before = [(block, block.version) for block in splitter.blocks]
        first = splitter.feed(piece)
        after = [(block, block.version) for block in splitter.blocks[:first]]
        assert after == before[:first]


def test_kinds_of_blocks() -> None:
    assert kinds("# T\ntext\nmore\n\n---\n```py\na\n```\n    code") == [
        (Kind.HEADING, "T"),
        (Kind.PARAGRAPH, "text\nmore"),
        (Kind.RULE, "---"),
        (Kind.CODE, "a"),
        (Kind.CODE, "code"),
    ]


def test_a_heading_loses_its_closing_signs_alone() -> None:
    assert kinds("## C# ##\n### x#\n#no") == [
        (Kind.HEADING, "C#"),
        (Kind.HEADING, "x#"),
        (Kind.PARAGRAPH, "#no"),
    ]


def test_items_of_one_list_count_on_and_nest() -> None:
    blocks = split("1. a\n1. b\n   - c\n     - d\n\n2. e\n")
    assert [[c.marker for c in b.containers] for b in blocks] == [
        ["1."], ["2."], ["2.", "•"], ["2.", "•", "•"], ["3."],
    ]  # fmt: skip


def test_an_empty_item_is_kept() -> None:
    assert kinds("-\n- b\n-") == [(Kind.PARAGRAPH, ""), (Kind.PARAGRAPH, "b"), (Kind.PARAGRAPH, "")]


def test_a_table_needs_as_many_marks_as_cells() -> None:
    assert kinds("| a | b |\n|---|:-:|\n| 1 | 2 |\n\nx")[0][0] is Kind.TABLE
    assert kinds("| a | b |\n|---|\n")[0][0] is Kind.PARAGRAPH


def test_an_unclosed_fence_takes_the_rest() -> None:
    assert kinds("```js\na\n\n# b") == [(Kind.CODE, "a\n\n# b")]


@pytest.mark.parametrize("unfinished", ["-", "--", "- **", "1", "12.", "#", "``", "|", "  *", "> -"])
def test_a_line_that_may_become_a_marker_is_not_shown_yet(unfinished: str) -> None:
    splitter = MarkdownSplitter()
    splitter.feed("text\n" + unfinished)
    assert [(b.kind, b.source) for b in splitter.blocks] == [(Kind.PARAGRAPH, "text")]


def test_a_list_of_any_length_changes_only_its_last_block() -> None:
    splitter = MarkdownSplitter()
    splitter.feed("- item\n  - nested\n" * 500)
    assert splitter.feed("- more") >= len(splitter.blocks) - 2


def test_a_quote_without_end_is_cut_into_bounded_blocks() -> None:
    blocks = split("> a line of a quotation that goes on\n" * 600)
    assert len(blocks) > 5
    assert max(block.size for block in blocks) < FULL_ANYWHERE
    assert all(block.containers[0].quote for block in blocks)
    assert "\n".join(block.source for block in blocks).count("goes on") == 600


@pytest.mark.parametrize(
    "text", ["word " * 40_000, "x" * 1_000_000, "*a**b" * 30_000, "One. Two! " * 5_000, "日本語。" * 9_000]
)
def test_e3_a_paragraph_without_end_is_cut_into_bounded_blocks(text: str) -> None:
    blocks = split(text)
    assert max(len(line) for block in blocks for line in block.lines) <= FULL_ANYWHERE
    assert "".join(block.source for block in blocks) == text.rstrip("\n")


def test_e3_a_line_of_code_without_end_is_cut_into_bounded_blocks() -> None:
    line = "日本 " * 30_000
    text = f"```py\n{line}\nx\n```\nafter"
    blocks = split(*(text[at : at + 777] for at in range(0, len(text), 777)))
    assert max(len(part) for block in blocks for part in block.lines) <= LONGEST_CODE_LINE
    assert "".join(block.source for block in blocks) == f"{line}\nxafter"
    assert shown(blocks) == shown(split(text))
    assert blocks[-1].kind is Kind.PARAGRAPH


def test_e3_a_table_of_ten_thousand_rows_is_cut_into_bounded_blocks() -> None:
    blocks = split("| a | b |\n|---|---|\n" + "| x | y |\n" * 10_000)
    assert {block.kind for block in blocks} == {Kind.TABLE}
    assert max(len(block.lines) for block in blocks) == TABLE_LINES
    assert sum(len(block.lines) for block in blocks) == 10_002
    assert {block.head for block in blocks[1:]} == {blocks[0]}
    assert all(block.continued for block in blocks[1:])


def test_e3_a_table_of_very_many_columns_is_shown_as_written() -> None:
    source = "|" + "a|" * 40 + "\n|" + "-|" * 40 + "\n|" + "b|" * 40
    assert kinds(source) == [(Kind.CODE, source)]


def test_e3_code_of_very_many_lines_is_cut_into_bounded_blocks() -> None:
    blocks = split("```py\n" + "x\n" * (2 * CODE_LINES + 5) + "```\nafter")
    assert [len(block.lines) for block in blocks] == [CODE_LINES, CODE_LINES, 5, 1]
    assert [(block.info, block.continued) for block in blocks[:3]] == [
        ("py", False), ("py", True), ("py", True),
    ]  # fmt: skip


def test_e3_containers_do_not_nest_without_end() -> None:
    blocks = split(">" * 50_000 + "x\n" + "- " * 20_000 + "y")
    assert max(len(block.containers) for block in blocks) <= DEEPEST


def test_e2_link_definitions_stay_visible() -> None:
    source = "[a]: http://x/1\n[b]: <y> 'z'"
    assert kinds(source) == [(Kind.DEFINITION, source)]


@pytest.mark.parametrize(
    "line", ["[a]: two words", "[a]:", "[ ]: x", "[a] : x", "    [a]: x", "text\n[a]: x", "[a]: x 'y' z"]
)
def test_what_only_resembles_a_definition_is_text(line: str) -> None:
    assert Kind.DEFINITION not in [kind for kind, _ in kinds(line)]


def test_a_definition_changes_the_blocks_above_that_name_it() -> None:
    splitter = MarkdownSplitter()
    splitter.feed("one [A]\n\ntwo\n\n| [a] |\n|---|\n\nfour[^n]\n\n")
    before = [(block.version, block.resolved) for block in splitter.blocks]
    assert splitter.feed("[a]: http://a.exam") == 4
    assert [(block.version, block.resolved) for block in splitter.blocks[:4]] == before
    assert splitter.feed("ple\n[a]: http://b.example\n") == 0
    assert [block.resolved for block in splitter.blocks[:4]] == [1, 0, 1, 0]
    assert splitter.feed("\n[^n]: note") == 4
    assert splitter.finish() == 3
    references = splitter.blocks[0].references
    assert references is not None
    assert references.link("a") == "http://a.example"
    assert references.is_note("N")


def test_e3_names_and_definitions_are_remembered_up_to_a_number() -> None:
    splitter = MarkdownSplitter()
    count = MOST_DEFINED + MOST_NAMES
    splitter.feed("".join(f"[n{number}]\n\n[d{number}]: http://x.example\n\n" for number in range(count)))
    splitter.finish()
    references = splitter.blocks[0].references
    assert references is not None
    assert references.link(f"d{MOST_DEFINED - 1}") is not None
    assert references.link(f"d{MOST_DEFINED}") is None
    assert sum(map(len, references._used.values())) <= MOST_NAMES + 1


def test_tasks_are_bullets_with_a_box() -> None:
    blocks = split("- [ ] open\n- [x] done\n  - [X] nested\n1. [x] numbered\n\n- [x]\n- [y] no\n\n  [x] on")
    assert [(b.source, [c.task for c in b.containers]) for b in blocks] == [
        ("open", [False]),
        ("done", [True]),
        ("nested", [True, True]),
        ("[x] numbered", [None]),
        ("[x]", [None]),
        ("[y] no", [None]),
        ("[x] on", [None]),
    ]


def test_a_footnote_holds_what_is_indented_below_it() -> None:
    blocks = split("text[^a]\n[^a]: first\nlazy\n\n    second\n\n    - item\n\nafter")
    assert [(b.source, len(b.containers)) for b in blocks] == [
        ("text[^a]", 0),
        ("[^a]: first\nlazy", 1),
        ("second", 1),
        ("item", 2),
        ("after", 0),
    ]


def test_a_table_may_start_right_below_a_paragraph() -> None:
    assert kinds("The table:\nhere\n| a |\n|---|\n| b |") == [
        (Kind.PARAGRAPH, "The table:\nhere"),
        (Kind.TABLE, "| a |\n|---|\n| b |"),
    ]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$$\na\nb\n$$\nafter", ["$$\na\nb\n$$"]),
        ("so\n\\[ a \\].\nafter", ["\\[ a \\]."]),
        ("$$a$$", ["$$a$$"]),
        ("\\[\na\n\\] where b", ["\\[\na\n\\]"]),
        ("- item\n  $$\n  a\n  $$\n  after", ["$$\na\n$$"]),
        ("$$a$$ is inside a paragraph", []),
        ("\\[link\\](http://a.example)", []),
    ],
)
def test_formulas_on_lines_of_their_own_are_blocks(text: str, formulas: list[str]) -> None:
    assert [source for kind, source in kinds(text) if kind is Kind.MATHS] == formulas


def test_a_formula_that_is_not_closed_ends_with_its_paragraph() -> None:
    assert kinds("$$\na\n\n# b") == [(Kind.MATHS, "$$\na"), (Kind.HEADING, "b")]


def test_raw_html_lasts_as_long_as_its_kind_says() -> None:
    assert kinds("<!-- a\n\n# b -->\n# c") == [(Kind.LITERAL, "<!-- a\n\n# b -->"), (Kind.HEADING, "c")]
    assert kinds("<pre>\n\n*a*\n</PRE>\nb")[1] == (Kind.PARAGRAPH, "b")
    assert kinds("<div>\n\n# b") == [(Kind.LITERAL, "<div>"), (Kind.HEADING, "b")]


def copied(block: Block) -> str:
    if block.kind is Kind.MATHS:
        return read_maths(block.source, growing=False).copied(0, 1 << 30)
    if block.kind in (Kind.PARAGRAPH, Kind.HEADING, Kind.TABLE):
        return read_inline(block.source, block.references).copied(0, 1 << 30)
    return block.info + block.source


WORDS = st.text(alphabet="abcdefghij", min_size=4, max_size=7)
AROUND = [
    "- {}\n", "  - {}\n", "1. {}\n", "> {}\n", "# {}\n", "{}\n===\n",
    "| {} | x |\n|---|---|\n| {} |\n",
    "`{}` ", "**{}** ", "```{}\n{}\n```\n", "    {}\n", "<b>{}</b> ", "<div>{}\n",
    "$$\n{}\n$$\n", "$x_{} + {}$ ",
    "[{}] ", "[^{}]: ", "- [ ] {}\n", "\n\n", "{}\u202e ", "![{}]({}) ", "[{}]: http://x.example\n",
    "<!-- {}\n", "--> ",
    "~~{}~~ ", "\\[ {} \\]\n", "{}\n", "www.{}.example ", "[{}](smb:{}) ", "~~~\n", "| {} |\n", "\t{}\n",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(AROUND), WORDS), max_size=25))
def test_e2_every_word_is_in_a_block_in_its_order(pieces: list[tuple[str, str]]) -> None:
    text = "".join(around.format(word, word) for around, word in pieces)
    all_text, at = "\n".join(map(copied, split(text))), 0
    for around, word in pieces:
        for _ in range(around.count("{}")):
            found = all_text.find(word, at)
            assert found >= 0, (word, text, all_text)
            at = found + len(word)


@pytest.mark.parametrize(
    "text", ["日本語" * 4_000, "日本。" * 4_000, "a" + "한국어 " * 4_000, "かな\n" * 2_000]
)
def test_e3_scripts_that_are_slow_to_lay_out_are_cut_earlier(text: str) -> None:
    blocks = split(text)
    assert max(block.size for block in blocks) <= max(WIDE_FULL_ANYWHERE, FULL_AT_LINE) + 10
    assert shown(split(*(text[at : at + 501] for at in range(0, len(text), 501)))) == shown(blocks)


def test_literal_blocks_keep_every_character() -> None:
    text = "# not a heading\n\n  <b>x</b>\n" + "z" * 5_000
    blocks = literal_blocks(text)
    rebuilt = ""
    for block in blocks:
        rebuilt += ("" if block.inside_line or not rebuilt else "\n") + block.source
    assert rebuilt == text
    assert all(block.kind is Kind.LITERAL and block.closed for block in blocks)
