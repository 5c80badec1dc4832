"""Markdown of messages as HTML that holds no markup of theirs, loads nothing and runs nothing."""

from __future__ import annotations

import functools
import html
import importlib
import re
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from app.domain.links import BARE_ADDRESS, is_allowed, trimmed, url_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict
    from pygments.lexer import Lexer

MOST_MARKDOWN = 200_000
"""A text with more characters is shown as it was written, and so is one with more markup."""
MOST_MARKS = 12_000
MOST_MARKS_TOGETHER = 800
"""In one paragraph: what the parser does with marks that do not close grows with their square."""
MOST_CODE = 60_000
"""Characters of code that are coloured."""
_MARKS = re.compile(r"[*_~\[\]`<]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_UNSOUND = re.compile("[\x00\ud800-\udfff]")
_BOX = re.compile(r"\[([ xX])\] ")
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_ACTIVE_LINK = "active_link"
_REFUSED_LINK = "refused_link"

Environment = MutableMapping[str, Any]


def rendered(markdown: str) -> str:
    """HTML of a text; classes are the only attributes besides the addresses of links."""
    if len(markdown) > MOST_MARKDOWN or _has_many_marks(markdown):
        return f'<pre class="plain">{html.escape(sound(markdown))}</pre>\n'
    return str(_parser().render(sound(markdown), {}))


def sound(text: str) -> str:
    """Text that can be written as UTF-8: half a surrogate pair and NUL become signs."""
    return _UNSOUND.sub("\ufffd", text)


def _has_many_marks(markdown: str) -> bool:
    if len(_MARKS.findall(markdown)) > MOST_MARKS:
        return True
    return any(len(_MARKS.findall(piece)) > MOST_MARKS_TOGETHER for piece in _PARAGRAPHS.split(markdown))


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    rules: dict[str, Callable[..., str]] = {
        "text": _text,
        "image": _image,
        "link_open": _link_open,
        "link_close": _link_close,
        "fence": _code,
        "code_block": _code,
        "th_open": _cell,
        "td_open": _cell,
        "heading_open": _heading,
        "heading_close": _heading,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    parser.core.ruler.push("boxes", _tick_boxes)
    return parser


def _text(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, env: Environment
) -> str:
    """Text in which a bare address is a link."""
    content = tokens[at].content
    if env.get(_ACTIVE_LINK):
        return html.escape(content)
    written, done = [], 0
    for found in BARE_ADDRESS.finditer(content):
        address = trimmed(found[0])
        written.append(html.escape(content[done : found.start()]))
        written.append(f"{_anchor(url_of(address))}{html.escape(address)}</a>")
        done = found.start() + len(address)
    return "".join(written) + html.escape(content[done:])


def _anchor(url: str) -> str:
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer nofollow">'


def _image(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: Environment
) -> str:
    """A picture that a text names is not loaded: its words and its address stand in its place."""
    described = f"{tokens[at].content} " if tokens[at].content else ""
    address = str(tokens[at].attrGet("src") or "")
    return f'<span class="muted">{html.escape(described)}({html.escape(address)})</span>'


def _link_open(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, env: Environment
) -> str:
    url = str(tokens[at].attrGet("href") or "")
    if is_allowed(url):
        env[_ACTIVE_LINK] = True
        return _anchor(url)
    env[_REFUSED_LINK] = url
    return ""


def _link_close(
    _renderer: RendererHTML, _tokens: Sequence[Token], _at: int, _options: OptionsDict, env: Environment
) -> str:
    if env.pop(_ACTIVE_LINK, False):
        return "</a>"
    return f' <span class="muted">({html.escape(str(env.pop(_REFUSED_LINK, "")))})</span>'


def _code(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: Environment
) -> str:
    language, _, _ = tokens[at].info.strip().partition(" ")
    code = tokens[at].content.removesuffix("\n")
    named = f'<div class="language">{html.escape(language)}</div>' if language else ""
    return f'<div class="code">{named}<pre>{coloured(code, language)}</pre></div>\n'


def _cell(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: Environment
) -> str:
    found = _ALIGNED.search(str(tokens[at].attrGet("style") or ""))
    return f'<{tokens[at].tag} class="{found[1]}">' if found else f"<{tokens[at].tag}>"


def _heading(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: Environment
) -> str:
    """A heading of a text, below those of the page."""
    level = min(6, int(tokens[at].tag[1:]) + 2)
    return f"<h{level}>" if tokens[at].nesting > 0 else f"</h{level}>\n"


def _tick_boxes(state: Any) -> None:
    """Draw the boxes of task lists."""
    for above, token in zip(state.tokens, state.tokens[2:], strict=False):
        if above.type == "list_item_open" and token.type == "inline" and token.children:
            first = token.children[0]
            if first.type == "text" and (found := _BOX.match(first.content)):
                first.content = ("☐ " if found[1] == " " else "☑ ") + first.content[found.end() :]


# ---------------------------------------------------------------- code

_COLOURS = (
    # As the window colours them: the beginning of a token's name, and the class here.
    ("Comment", "muted"),
    ("Keyword", "keyword"),
    ("Literal.String", "string"),
    ("Literal.Number", "number"),
    ("Name.Function", "name"),
    ("Name.Class", "name"),
    ("Name.Tag", "name"),
    ("Name.Builtin", "keyword"),
    ("Operator.Word", "keyword"),
)


def coloured(code: str, language: str) -> str:
    """Code with classes for its colours; plain where the language is not known."""
    lexer = _lexer(language) if len(code) <= MOST_CODE else None
    if lexer is None:
        return html.escape(code)
    return "".join(
        _stretches((_class_of(str(kind)), text) for _, kind, text in lexer.get_tokens_unprocessed(code))
    )


def _stretches(pieces: Iterable[tuple[str, str]]) -> Iterable[str]:
    for kind, text in pieces:
        escaped = html.escape(text)
        yield f'<span class="{kind}">{escaped}</span>' if kind else escaped


@functools.cache
def _class_of(token: str) -> str:
    name = token.removeprefix("Token.")
    return next((kind for beginning, kind in _COLOURS if name.startswith(beginning)), "")


@functools.cache
def _languages() -> dict[str, tuple[str, str]]:
    """Module and class by name. The search of Pygments looks through every installed package."""
    from pygments.lexers._mapping import LEXERS

    return {alias: (entry[0], name) for name, entry in LEXERS.items() for alias in entry[2]}


@functools.cache
def _lexer(language: str) -> Lexer | None:
    found = _languages().get(language.lower())
    if found is None:
        return None
    lexer: Lexer = getattr(importlib.import_module(found[0]), found[1])()
    return lexer
