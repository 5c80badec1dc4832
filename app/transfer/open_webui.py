"""The chat export of Open WebUI. Runs in the reader child.

A list of chats; the tree of each is in `chat.history.messages`, and `chat.history.currentId` ends the
branch shown last. Older chats have a plain list `chat.messages` alone. Pictures are data addresses;
files that lie on the server are not part of the export.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from app.domain.message import Part, PicturePart, Problem, Role, RunCard, Status, TextPart, TokenUsage
from app.domain.transfer import Heading
from app.transfer import caps
from app.transfer.foreign import (
    NO_TIME,
    Place,
    Words,
    messages_of,
    picture_name,
    stable_id,
    times_of,
    title_of,
)
from app.transfer.plain_json import listing, mapping, moment, text, whole_number
from app.transfer.refusal import Unreadable
from app.transfer.staging import Overview, Progress, Staging, instead_of_picture, picture_of_data_url

SOURCE = "open-webui"
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_REASONING = re.compile(
    r'\s*<details type="reasoning"[^>]*>\s*<summary>[^<]*</summary>(.*?)</details>\s*', re.DOTALL
)
_NOT_HERE = "it lies on the server that the chats were exported from"
_USAGE = {
    "prompt_tokens": ("prompt_tokens", "prompt_eval_count", "input_tokens"),
    "completion_tokens": ("completion_tokens", "eval_count", "output_tokens"),
    "total_tokens": ("total_tokens",),
}


def is_open_webui(plain: object) -> bool:
    """Whether parsed JSON is a list of chats as Open WebUI writes them, or one of them."""
    return any(_chat(item) is not None for item in _items(plain))


def read(plain: object, staging: Staging, to: TextIO, tell: Callable[[Progress], None]) -> Overview:
    """Put everything ready. Raises Unreadable for what is no such export."""
    items = _items(plain)
    reader = _Reader(staging)
    seen: set[str] = set()
    for done, item in enumerate(items):
        tell(Progress(done, len(items)))
        chat = _chat(item)
        if chat is None:
            raise Unreadable("a chat in it has no messages")
        source_id = text(item.get("id")) or text(chat.get("id")) or _made_id(item, chat, seen)
        if source_id not in seen:
            seen.add(source_id)
            reader.read(mapping(item), chat, source_id, to)
    staging.left_out = reader.missing
    return staging.overview(SOURCE)


def _made_id(item: dict[str, Any], chat: dict[str, Any], seen: set[str]) -> str:
    """An id for a chat that has none, the same wherever it stands in a file, and however it went on."""
    first = next(iter(_written(chat).values()), {})
    told = (
        item.get("title"),
        chat.get("title"),
        chat.get("timestamp"),
        first.get("role"),
        first.get("content"),
    )
    made = stable_id(*map(repr, told))
    while made in seen:
        made = stable_id(made)
    return made


def _items(plain: object) -> list[Any]:
    return [mapping(item) for item in plain] if isinstance(plain, list) else [mapping(plain)]


def _chat(item: dict[str, Any]) -> dict[str, Any] | None:
    """The chat of a row, or the row itself where it is one; None for neither."""
    for chat in (mapping(item.get("chat")), item):
        if isinstance(mapping(chat.get("history")).get("messages"), dict) or (
            isinstance(chat.get("messages"), list) and "mapping" not in chat
        ):
            return chat
    return None


class _Reader:
    """Reads one chat after the other."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._pictures = 0
        self.missing = 0

    def read(self, item: dict[str, Any], chat: dict[str, Any], source_id: str, to: TextIO) -> None:
        """Put a chat ready."""
        written = _written(chat)
        places = {node: Place(_parent(message), self._words(message)) for node, message in written.items()}
        first_time, last_time = times_of(places.values())
        created = moment(item.get("created_at"), moment(chat.get("timestamp"), first_time))
        made, nearest = messages_of(places, created, lambda node: stable_id(SOURCE, source_id, node))
        first = next((message.text for message in made if message.role is Role.USER), "")
        heading = Heading(
            id=stable_id(SOURCE, source_id),
            title=title_of(text(item.get("title")) or text(chat.get("title")), first),
            created=created,
            changed=moment(item.get("updated_at"), max(created, last_time)),
            leaf=nearest.get(text(mapping(chat.get("history")).get("currentId")), ""),
            tags=tuple(_tags(item, chat)),
            pinned=item.get("pinned") is True,
        )
        self._staging.add(heading, made, to)

    def _words(self, message: dict[str, Any]) -> Words | None:
        named = text(message.get("role"))
        role = _ROLES.get(named, Role.ASSISTANT)
        written, pictures = _content(message.get("content"))
        reasoning, written = _without_reasoning(written)
        parts: list[Part] = [
            self._picture(mapping(file)) for file in (*pictures, *listing(message.get("files")))
        ]
        if named not in _ROLES:
            parts.append(TextPart(text=f"*{named or 'unknown'}:*"))
        if written.strip():
            parts.append(TextPart(text=written))
        problem = _problem(message.get("error"))
        if not parts and not reasoning and problem is None:
            return None
        model = text(message.get("model")) or text(message.get("modelName"))
        unfinished = message.get("done") is False
        return Words(
            role,
            tuple(parts),
            reasoning=reasoning,
            created=moment(message.get("timestamp"), NO_TIME) if message.get("timestamp") else None,
            status=_status(unfinished, problem, bool(written.strip())),
            run=_run(message, model) if role is Role.ASSISTANT else None,
            problem=problem,
        )

    def _picture(self, file: dict[str, Any]) -> Part:
        """A picture of a message; a note for one, or another file, that did not come along."""
        url = text(file.get("url")) or text(mapping(file.get("image_url")).get("url"))
        self._pictures += 1
        name = picture_name(text(file.get("name")), self._pictures)
        data = picture_of_data_url(url)
        if data is None:
            self.missing += 1
            return instead_of_picture(name, _NOT_HERE)
        return PicturePart(sha256=self._staging.picture((data,), name), name=name)


def _written(chat: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The messages by their ids; those of an older chat get some, and follow one another."""
    history = mapping(chat.get("history")).get("messages")
    if isinstance(history, dict) and history:
        return {str(node): mapping(message) for node, message in history.items()}
    made: dict[str, dict[str, Any]] = {}
    above: str | None = None
    for number, message in enumerate(listing(chat.get("messages"))):
        node = text(mapping(message).get("id")) or f"message {number}"
        made[node] = mapping(message) | {"parentId": above}
        above = node
    return made


def _parent(message: dict[str, Any]) -> str | None:
    parent = message.get("parentId")
    return parent if isinstance(parent, str) else None


def _content(content: object) -> tuple[str, list[Any]]:
    """Text and pictures of a content, which is text or a list of parts."""
    if isinstance(content, str):
        return content, []
    parts = [mapping(part) for part in listing(content)]
    written = "\n\n".join(text(part.get("text")) for part in parts if part.get("type") == "text")
    return written, [part for part in parts if part.get("type") == "image_url"]


def _without_reasoning(written: str) -> tuple[str, str]:
    """What a model thought, and the rest. It is quoted in a block that begins the text."""
    thoughts = []
    while found := _REASONING.match(written):
        lines = html.unescape(found[1]).strip("\n").split("\n")
        thoughts.append("\n".join(line.removeprefix(">").removeprefix(" ") for line in lines).strip())
        written = written[found.end() :]
    return "\n\n".join(filter(None, thoughts)), written


def _problem(error: object) -> Problem | None:
    if not error:
        return None
    reason = text(error) or text(mapping(error).get("content")) or "no reason was given"
    return Problem(code="imported", what="The answer failed: {reason}", remedy="", facts={"reason": reason})


def _status(unfinished: bool, problem: Problem | None, has_text: bool) -> Status:
    if problem is not None and not has_text:
        return Status.FAILED
    return Status.INTERRUPTED if unfinished or problem is not None else Status.DONE


def _run(message: dict[str, Any], model: str) -> RunCard:
    told = mapping(message.get("usage")) or mapping(message.get("info"))
    counts = {
        field: next((n for name in names if (n := whole_number(told.get(name))) is not None), None)
        for field, names in _USAGE.items()
    }
    choice = whole_number(message.get("modelIdx")) or 0
    return RunCard(
        endpoint="Open WebUI", model=model, usage=TokenUsage(**counts), choice=max(0, min(choice, 999))
    )


def _tags(item: dict[str, Any], chat: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for tag in (*listing(mapping(item.get("meta")).get("tags")), *listing(chat.get("tags"))):
        name = " ".join((text(tag) or text(mapping(tag).get("name"))).split())[: caps.TAG_LENGTH]
        if name and name not in seen and len(seen) < caps.TAGS:
            seen.add(name)
            yield name
    if item.get("archived") is True and "archived" not in seen:
        yield "archived"
