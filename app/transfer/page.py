"""A conversation as one HTML page that needs nothing but itself.

No script, no address that a browser would ask: pictures are in the page, the style is, and its content
policy forbids everything else. What models and users wrote is text in it, never markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Mapping

from app.domain.message import Message, PicturePart, Role, RunCard, ToolCall
from app.transfer.document import ExportedConversation
from app.transfer.gathering import branches
from app.transfer.page_style import style_sheet
from app.transfer.rendering import coloured, rendered, sound
from app.transfer.shown_pictures import ShownPicture
from app.transfer.telling import badges, card_rows, date, metrics, speaker

_KINDS = {Role.USER: "question", Role.ASSISTANT: "answer", Role.SYSTEM: "system"}


def page_of(conversation: ExportedConversation, shown: Mapping[str, ShownPicture]) -> Iterator[str]:
    """The pieces of the page. `shown` holds its pictures by hash. Raises OSError."""
    style = style_sheet()
    title = escaped(" ".join(conversation.title.split()))
    yield (
        f'<!doctype html>\n<html lang="und"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style></head>\n<body>\n"
    )
    tags = "".join(f'<span class="tag">{escaped(tag)}</span>' for tag in conversation.tags)
    about = f'<div class="about">{date(conversation.created)}{tags}</div>'
    yield f'<header><h1 dir="auto">{title}</h1>{about}</header>\n'
    yield "<main>\n"
    for branch in branches(conversation):
        if branch.heading:
            yield f'<h2 dir="auto">{escaped(branch.heading)}</h2>\n'
        for message in branch.messages:
            yield _article(message, shown)
    yield "</main>\n<footer>Exported from Fovea</footer>\n</body></html>\n"


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def escaped(text: str) -> str:
    """Text for a page; half a surrogate pair and NUL become signs."""
    return html.escape(sound(text))


def _article(message: Message, shown: Mapping[str, ShownPicture]) -> str:
    kind = _KINDS[message.role]
    when = f'<span class="when">{date(message.created)}</span>'
    who = "" if message.role is Role.USER else f"<span>{escaped(speaker(message))}</span>"
    body = _answer(message) if message.role is Role.ASSISTANT else _card(message, shown)
    pictures = _pictures(message.pictures, shown) if message.role is Role.ASSISTANT else ""
    ends = "".join(f'<div class="badge {b.tone}">{escaped(b.text)}</div>' for b in badges(message))
    named = f'<div class="who">{who}{when}</div>'
    return f'<article class="{kind}">{named}{pictures}{body}{ends}{_run(message)}</article>\n'


def _card(message: Message, shown: Mapping[str, ShownPicture]) -> str:
    words = f'<div class="words" dir="auto">{escaped(message.text)}</div>' if message.text else ""
    return f'<div class="card">{_pictures(message.pictures, shown)}{words}</div>'


def _answer(message: Message) -> str:
    thoughts = ""
    if message.reasoning:
        thoughts = (
            "<details><summary>Reasoning</summary>"
            f'<div class="reasoning" dir="auto">{rendered(message.reasoning)}</div></details>'
        )
    tools = "".join(_tool(call) for call in message.tool_calls)
    return f'{thoughts}<div dir="auto">{rendered(message.text)}</div>{tools}'


def _tool(call: ToolCall) -> str:
    asks = f'<div class="language">Asks for the tool {escaped(call.name)}</div>'
    return f'<div class="code">{asks}<pre>{coloured(sound(call.arguments), "json")}</pre></div>'


def _pictures(parts: tuple[PicturePart, ...], shown: Mapping[str, ShownPicture]) -> str:
    figures = "".join(_figure(part, shown.get(part.sha256, ShownPicture())) for part in parts)
    return f'<div class="pictures">{figures}</div>' if figures else ""


def _figure(part: PicturePart, picture: ShownPicture) -> str:
    name = escaped(part.name)
    if picture.file is None:
        return f'<figure class="muted">{name}: {escaped(picture.why or "it is not in the library")}</figure>'
    data = base64.b64encode(picture.file.read_bytes()).decode()
    image = (
        f'<img src="data:image/jpeg;base64,{data}" alt="{name}"'
        f' width="{picture.width}" height="{picture.height}">'
    )
    return f"<figure>{image}<figcaption>{name}</figcaption></figure>"


def _run(message: Message) -> str:
    told = metrics(message)
    line = f'<div class="metrics">{escaped(told)}</div>' if told else ""
    return line + (_run_card(message.run) if message.run else "")


def _run_card(run: RunCard) -> str:
    rows = "".join(f"<tr><th>{escaped(n)}</th><td>{escaped(v)}</td></tr>" for n, v in card_rows(run))
    return f'<details><summary>Run card</summary><table class="run">{rows}</table></details>' if rows else ""
