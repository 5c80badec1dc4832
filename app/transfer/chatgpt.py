"""The data export of ChatGPT. Runs in the reader child.

An archive with `conversations.json`, or with shards `conversations-000.json` and on, and the files of
the messages beside it, under names that begin with their ids. A conversation is a `mapping` of nodes
with their parents; `current_node` ends the branch shown last. Nobody documents the format; what is not
known here is kept as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from app.domain.message import Part, PicturePart, Role, RunCard, Status, TextPart
from app.domain.transfer import Heading
from app.transfer import caps
from app.transfer.container import Archive
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
from app.transfer.plain_json import listing, mapping, moment, text
from app.transfer.refusal import Unreadable
from app.transfer.staging import Overview, Progress, Staging, instead_of_picture

SOURCE = "chatgpt"
FILES = re.compile(r"(?:.*/)?conversations(?:-\d{1,6})?\.json", re.IGNORECASE)
_POINTER = re.compile(r"(?:file-service|sediment)://([\w-]+)", re.ASCII)
_FILE_ID = re.compile(r"file[-_][A-Za-z0-9]+", re.ASCII)
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.ASSISTANT}
_STATUSES = {"in_progress": Status.INTERRUPTED, "finished_partial_completion": Status.INTERRUPTED}
_NOT_HERE = "the export does not hold its file"
_FENCE = "```"


def is_chatgpt(plain: object) -> bool:
    """Whether parsed JSON is a list of conversations as ChatGPT writes them."""
    return any("mapping" in mapping(item) for item in listing(plain))


def read(
    shards: list[Any], archive: Archive | None, staging: Staging, to: TextIO, tell: Callable[[Progress], None]
) -> Overview:
    """Put everything ready. Raises Unreadable for what is no such export."""
    conversations = [item for shard in shards for item in listing(shard)]
    files = _Files(archive, staging)
    done_before: set[str] = set()
    for done, item in enumerate(conversations):
        tell(Progress(done, len(conversations)))
        source_id = text(mapping(item).get("conversation_id")) or text(mapping(item).get("id"))
        if not source_id or not isinstance(mapping(item).get("mapping"), dict):
            raise Unreadable("a conversation in it has no id or no messages")
        if source_id not in done_before:
            done_before.add(source_id)
            _read_one(item, source_id, files, staging, to)
    staging.left_out = files.missing
    return staging.overview(SOURCE)


def _read_one(item: dict[str, Any], source_id: str, files: _Files, staging: Staging, to: TextIO) -> None:
    places = {
        str(node_id): _place(mapping(node), files) for node_id, node in mapping(item["mapping"]).items()
    }
    first_time, last_time = times_of(places.values())
    created = moment(item.get("create_time"), first_time)
    made, nearest = messages_of(places, created, lambda node: stable_id(SOURCE, source_id, node))
    first = next((message.text for message in made if message.role is Role.USER), "")
    heading = Heading(
        id=stable_id(SOURCE, source_id),
        title=title_of(text(item.get("title")), first),
        created=created,
        changed=moment(item.get("update_time"), max(created, last_time)),
        leaf=nearest.get(text(item.get("current_node")), ""),
        tags=("archived",) if item.get("is_archived") is True else (),
        pinned=item.get("is_starred") is True,
    )
    staging.add(heading, made, to)


def _place(node: dict[str, Any], files: _Files) -> Place:
    parent = node.get("parent")
    return Place(parent if isinstance(parent, str) else None, _words(mapping(node.get("message")), files))


def _words(message: dict[str, Any], files: _Files) -> Words | None:
    """What a message says; None where there is nothing, or nothing that was ever shown."""
    about = mapping(message.get("metadata"))
    if about.get("is_visually_hidden_from_conversation") is True:
        return None
    author = mapping(message.get("author"))
    named = text(author.get("role"))
    role = _ROLES.get(named, Role.ASSISTANT)
    content = mapping(message.get("content"))
    created = moment(message.get("create_time"), NO_TIME)
    if (thoughts := _thoughts(content)) is not None:
        return Words(role, reasoning=thoughts, created=created, carries=True) if thoughts else None
    parts = tuple(
        part for part in _parts(content, files) if not isinstance(part, TextPart) or part.text.strip()
    )
    parts += tuple(_attachments(about, parts, files))
    if not parts:
        return None
    if named not in ("user", "assistant", "system"):
        speaker = text(author.get("name")) or named or "unknown"
        parts = (TextPart(text=f"*{speaker}:*"), *parts)
    model = text(about.get("model_slug"))
    return Words(
        role,
        parts,
        created=None if created == NO_TIME else created,
        status=_STATUSES.get(text(message.get("status")), Status.DONE),
        run=RunCard(endpoint="ChatGPT", model=model) if role is Role.ASSISTANT else None,
    )


def _thoughts(content: dict[str, Any]) -> str | None:
    """What a model thought, where the content is that; None for any other."""
    match content.get("content_type"):
        case "thoughts":
            steps = [mapping(step) for step in listing(content.get("thoughts"))]
            told = [part for step in steps for part in (text(step.get("summary")), text(step.get("content")))]
            return "\n\n".join(filter(None, told))
        case "reasoning_recap":
            return ""
        case _:
            return None


def _parts(content: dict[str, Any], files: _Files) -> Iterator[Part]:
    match content.get("content_type"):
        case "text" | "multimodal_text":
            for part in listing(content.get("parts")):
                yield from _part(part, files)
        case "code":
            language = re.sub(r"[^\w+#-]", "", text(content.get("language")))
            yield _fenced(text(content.get("text")), "" if language == "unknown" else language)
        case "execution_output":
            yield _fenced(text(content.get("text")))
        case "tether_quote":
            cited = (text(content.get(name)) for name in ("title", "text", "url"))
            yield TextPart(text="\n\n".join(filter(None, cited)))
        case "tether_browsing_display":
            yield TextPart(text=text(content.get("result")))
        case None if not content:
            return
        case _:
            yield _unknown(content)


def _part(part: object, files: _Files) -> Iterator[Part]:
    if isinstance(part, str):
        yield TextPart(text=part)
        return
    fields = mapping(part)
    if fields.get("content_type") == "image_asset_pointer":
        yield files.picture(text(fields.get("asset_pointer")))
    elif fields.get("content_type") == "audio_transcription":
        yield TextPart(text=text(fields.get("text")))
    elif fields:
        yield _unknown(fields)


def _attachments(about: dict[str, Any], shown: tuple[Part, ...], files: _Files) -> Iterator[Part]:
    """Files that were attached and are not among the pictures: their names."""
    pictures = {part.name for part in shown if isinstance(part, PicturePart)}
    for attachment in map(mapping, listing(about.get("attachments"))):
        name = text(attachment.get("name"))
        if name and not text(attachment.get("mime_type")).startswith("image/") and name not in pictures:
            yield TextPart(text=f"[File {name}: Fovea keeps pictures only]")


def _unknown(content: dict[str, Any]) -> TextPart:
    """Content of a kind that is not known: its text where it has one, else all of it."""
    for name in ("text", "result", "content"):
        if text(content.get(name)).strip():
            return TextPart(text=text(content[name]))
    try:
        return _fenced(json.dumps(content, ensure_ascii=False, indent=2), "json")
    except RecursionError as error:
        raise Unreadable("its JSON is nested deeper than an export is") from error


def _fenced(code: str, language: str = "") -> TextPart:
    """Text as a block of code, between fences longer than any in it."""
    if not code.strip():
        return TextPart(text="")
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(len(_FENCE), longest + 1)
    return TextPart(text=f"{fence}{language}\n{code}\n{fence}")


class _Files:
    """Finds the pictures of messages among the files of the archive, by their ids."""

    def __init__(self, archive: Archive | None, staging: Staging) -> None:
        self._archive = archive
        self._staging = staging
        self._by_id: dict[str, str] = {}
        self._staged: dict[str, PicturePart] = {}
        self.missing = 0
        for name in archive.names if archive else ():
            if found := _FILE_ID.match(name.rpartition("/")[2]):
                self._by_id.setdefault(found[0], name)

    def picture(self, pointer: str) -> Part:
        """The picture that `pointer` names; a note where it is not there."""
        found = _POINTER.match(pointer)
        wanted = _FILE_ID.match(found[1]) if found else None
        file = self._by_id.get(wanted[0]) if wanted else None
        if file is None or self._archive is None:
            self.missing += 1
            return instead_of_picture(wanted[0] if wanted else "without a name", _NOT_HERE)
        if file not in self._staged:
            name = picture_name(_readable(file), len(self._staged) + 1)
            chunks = self._archive.chunks(file, caps.PICTURE_BYTES)
            self._staged[file] = PicturePart(sha256=self._staging.picture(chunks, name), name=name)
        return self._staged[file]


def _readable(file: str) -> str:
    """The name under which a file was given: what follows its id."""
    base = file.rpartition("/")[2]
    found = _FILE_ID.match(base)
    rest = base[found.end() :].lstrip("-_") if found else base
    return "" if rest.startswith(".") or rest in ("", "sanitized") else rest
