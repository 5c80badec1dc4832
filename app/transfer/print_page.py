"""A conversation as the HTML that is printed: what Qt's text documents know of it.

The same words as on the page (`page.py`), with tables for its cards. Pictures are named by numbers, which
the printing child has their bytes for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.domain.message import Message, PicturePart, Role
from app.transfer.document import ExportedConversation
from app.transfer.gathering import branches
from app.transfer.page import escaped
from app.transfer.page_style import theme_colours
from app.transfer.rendering import rendered
from app.transfer.shown_pictures import ShownPicture
from app.transfer.telling import badges, card_rows, date, metrics, speaker

WIDTH = 480
"""Of the text on a page, in the units of the document: pictures are no wider."""
PICTURE_HEIGHT = 320
LONGEST_WORD = 400
"""Characters; longer words may be broken, since laying one out takes time that grows with its square."""
_LONG_WORD = re.compile(rf"[^\s<>&;]{{{LONGEST_WORD},}}")
_HEADING = re.compile(r"<h([3-6])>(.*?)</h\1>", re.DOTALL)
_ALIGNED = re.compile(r'<(t[hd]) class="(left|center|right)">')
_LINK_EXTRAS = re.compile(r' target="_blank" rel="noopener noreferrer nofollow"')

_STYLE = """
body {{ color: {text}; font-family: "Noto Sans", "DejaVu Sans", sans-serif; font-size: 10pt; }}
h1 {{ font-size: 17pt; font-weight: 600; margin: 0 0 2px 0; }}
.branch {{ font-size: 11pt; font-weight: 600; margin: 14px 0 8px 0; }}
p {{ margin: 4px 0; }}
a {{ color: {accent}; }}
pre, code {{ font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; font-size: 8.5pt; }}
code {{ background-color: {window}; }}
pre {{ margin: 0; white-space: pre-wrap; }}
.words {{ white-space: pre-wrap; }}
.about, .who, .metrics, .muted, .language, .small {{ color: {text_muted}; font-size: 8pt; }}
.who {{ font-weight: 600; margin: 14px 0 3px 0; }}
.keyword, .name {{ color: {accent}; }}
.string {{ color: {positive}; }}
.number, .warning {{ color: {warning}; }}
.danger {{ color: {danger}; }}
"""


def print_page_of(
    conversation: ExportedConversation, shown: Mapping[str, ShownPicture], numbers: Mapping[str, int]
) -> Iterator[str]:
    """The pieces of the page. `numbers` are those of the pictures, by hash."""
    colours = theme_colours("light")
    title = escaped(" ".join(conversation.title.split()))
    yield f"<html><head><style>{_STYLE.format_map(colours)}</style></head><body><h1>{title}</h1>"
    yield f'<p class="about">{escaped(" · ".join((date(conversation.created), *conversation.tags)))}</p>'
    writer = _Writer(colours, shown, numbers)
    for branch in branches(conversation):
        if branch.heading:
            yield f'<hr><p class="branch">{_breakable(escaped(branch.heading))}</p>'
        for message in branch.messages:
            yield writer.message(message)
    yield "</body></html>"


class _Writer:
    """Writes messages with one set of colours and pictures."""

    def __init__(
        self, colours: Mapping[str, str], shown: Mapping[str, ShownPicture], numbers: Mapping[str, int]
    ) -> None:
        self._colours = colours
        self._shown = shown
        self._numbers = numbers

    def message(self, message: Message) -> str:
        """A message with everything that is said about it."""
        pictures = "".join(self._picture(part) for part in message.pictures)
        who = f'<p class="who">{escaped(speaker(message))} · {date(message.created)}</p>'
        if message.role is Role.ASSISTANT:
            body = pictures + self._answer(message)
        else:
            words = escaped(message.text).replace("\n", "<br>")
            body = self._card(pictures + (f'<p class="words">{words}</p>' if words else ""), "window")
        return who + _breakable(body) + self._about(message)

    def _answer(self, message: Message) -> str:
        thoughts = ""
        if message.reasoning:
            thoughts = self._card(
                f'<p class="small">Reasoning</p>{self._markdown(message.reasoning)}', "window"
            )
        calls = "".join(
            self._card(
                f'<p class="language">Asks for the tool {escaped(call.name)}</p>'
                f"<pre>{escaped(call.arguments)}</pre>",
                "window",
            )
            for call in message.tool_calls
        )
        return thoughts + self._markdown(message.text) + calls

    def _markdown(self, text: str) -> str:
        """Code in cards; a table gets lines."""
        page = rendered(text)
        page = page.replace('<div class="code">', self._open_card("window")).replace(
            "</pre></div>", "</pre>" + _END
        )
        page = _LINK_EXTRAS.sub("", page)
        page = _HEADING.sub(r'<p class="branch">\2</p>', page)
        page = _ALIGNED.sub(r'<\1 align="\2">', page)
        page = page.replace("<blockquote>", _QUOTE).replace("</blockquote>", _END)
        return page.replace(
            "<table>",
            f'<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse;'
            f'border-color:{_LINE}">',
        )

    def _picture(self, part: PicturePart) -> str:
        picture = self._shown.get(part.sha256, ShownPicture())
        name = escaped(part.name)
        if picture.file is None:
            why = escaped(picture.why or "it is not in the library")
            return f'<p class="muted">{name}: {why}</p>'
        scale = min(1.0, WIDTH / picture.width, PICTURE_HEIGHT / picture.height)
        width, height = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        number = self._numbers[part.sha256]
        image = f'<img src="picture:{number}" width="{width}" height="{height}">'
        return f'<p>{image}<br><span class="small">{name}</span></p>'

    def _about(self, message: Message) -> str:
        told = "".join(f'<p class="{b.tone}">{escaped(b.text)}</p>' for b in badges(message))
        if line := metrics(message):
            told += f'<p class="metrics">{escaped(line)}</p>'
        if message.run and (rows := card_rows(message.run)):
            named = " · ".join(f"{escaped(name)}: {escaped(value)}" for name, value in rows)
            told += f'<p class="small">{named}</p>'
        return _breakable(told)

    def _card(self, body: str, role: str) -> str:
        return f"{self._open_card(role)}{body}{_END}"

    def _open_card(self, role: str) -> str:
        return f'<table width="100%" cellspacing="0" cellpadding="7" bgcolor="{self._colours[role]}"><tr><td>'


_END = "</td></tr></table>"
_LINE = "#c4c6c9"
_QUOTE = f'<table width="100%" cellspacing="0" cellpadding="5"><tr><td width="1" bgcolor="{_LINE}"></td><td>'


def _breakable(page: str) -> str:
    """HTML in which no word is longer than LONGEST_WORD: there may be a line break within it."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(_pieces(found[0])), page)


def _pieces(word: str) -> Iterator[str]:
    for start in range(0, len(word), LONGEST_WORD):
        yield word[start : start + LONGEST_WORD]
