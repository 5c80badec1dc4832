"""Exports of Fovea. Runs in the reader child."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from app.domain.message import Message, Part, PicturePart
from app.domain.transfer import Heading
from app.transfer import caps
from app.transfer.container import Archive
from app.transfer.document import (
    FORMAT,
    ID,
    SHA256,
    VERSION,
    Document,
    ExportedConversation,
    arriving,
    pictures_of,
)
from app.transfer.refusal import Unreadable
from app.transfer.staging import Overview, Progress, Staging, instead_of_picture

SOURCE = "fovea"
_NOT_HERE = "the library it was exported from had lost its file"
_PLACE = re.compile(r"`(\$[^`]*)`")


def is_ours(plain: object) -> bool:
    """Whether parsed JSON calls itself an export of Fovea."""
    return isinstance(plain, dict) and plain.get("format") == FORMAT


def read(
    plain: dict[str, Any],
    archive: Archive | None,
    staging: Staging,
    to: TextIO,
    tell: Callable[[Progress], None],
) -> Overview:
    """Put everything ready. Raises Unreadable for anything that Fovea would not have written."""
    version = plain.get("version")
    if isinstance(version, int) and version > VERSION:
        raise Unreadable("a newer Fovea wrote it")
    try:
        document = Document.from_plain(plain)
    except (ValueError, RecursionError) as error:
        found = _PLACE.search(str(error))
        where = f" at {found[1]}" if found else ""
        raise Unreadable(f"it is not as Fovea writes it{where}") from error
    folders = {folder.id for folder in document.folders}
    if any(len(folder.name) > caps.NAME_LENGTH for folder in document.folders):
        raise Unreadable("a name in it is longer than any")
    staged = _stage_pictures(document, archive, staging)
    for done, conversation in enumerate(document.conversations):
        tell(Progress(done, len(document.conversations)))
        _require_ids(conversation, folders)
        _require_short(conversation)
        _require_sound(conversation)
        staging.add(_heading(conversation, staged), _messages(conversation, staged), to)
    return staging.overview(SOURCE, document.folders)


def _stage_pictures(document: Document, archive: Archive | None, staging: Staging) -> set[str]:
    names = {sha256: name for c in document.conversations for sha256, name in pictures_of(c)}
    staged = set()
    for picture in document.pictures:
        if not SHA256.fullmatch(picture.sha256):
            raise Unreadable("a picture in it has no proper hash")
        if not picture.file:
            continue
        if archive is None:
            raise Unreadable("its pictures lie in the archive it came in: import that")
        if picture.file not in archive.names:
            raise Unreadable("a picture of it is missing")
        name = names.get(picture.sha256, picture.sha256)
        if staging.picture(archive.chunks(picture.file, caps.PICTURE_BYTES), name) != picture.sha256:
            raise Unreadable("a picture in it was altered")
        staged.add(picture.sha256)
    missing = names.keys() - {picture.sha256 for picture in document.pictures}
    if missing:
        raise Unreadable("it names a picture that it does not list")
    staging.left_out = len(names.keys() - staged)
    return staged


def _heading(conversation: ExportedConversation, staged: set[str]) -> Heading:
    draft = conversation.draft
    kept = tuple(picture for picture in draft.pictures if picture[0] in staged)
    edits = draft.edits if any(message.id == draft.edits for message in conversation.messages) else ""
    fields = {name: getattr(conversation, name) for name in Heading.__struct_fields__}
    treatments = {sha256: done for sha256, done in draft.treatments.items() if sha256 in staged}
    return Heading(**fields | {"draft": draft.replace(pictures=kept, edits=edits, treatments=treatments)})


def _messages(conversation: ExportedConversation, staged: set[str]) -> Iterator[Message]:
    for message in conversation.messages:
        parts = tuple(_part(part, staged) for part in message.parts)
        yield arriving(message).replace(parts=parts)


def _part(part: Part, staged: set[str]) -> Part:
    if isinstance(part, PicturePart) and part.sha256 not in staged:
        return instead_of_picture(part.name, _NOT_HERE)
    return part


def _require_ids(conversation: ExportedConversation, folders: set[str]) -> None:
    """Raises Unreadable for ids that Fovea does not make, and for a folder that is not listed."""
    ids = [conversation.id, *(message.id for message in conversation.messages), *folders]
    if not all(ID.fullmatch(one) for one in ids):
        raise Unreadable("an id in it is not as Fovea makes them")
    if conversation.folder and conversation.folder not in folders:
        raise Unreadable("a conversation in it lies in a folder that is not listed")


def _require_short(conversation: ExportedConversation) -> None:
    """Raises Unreadable for names and tags that nobody could have given, and for a draft too long."""
    names = [conversation.title, *(name for _, name in pictures_of(conversation))]
    if max(map(len, names)) > caps.NAME_LENGTH:
        raise Unreadable("a name in it is longer than any")
    if len(conversation.draft.text) > caps.TEXT_LENGTH:
        raise Unreadable("a draft in it is longer than any question")
    if len(conversation.tags) > caps.TAGS or not all(map(_is_tag, conversation.tags)):
        raise Unreadable("a conversation in it has tags that Fovea does not give")


def _require_sound(conversation: ExportedConversation) -> None:
    """Raises Unreadable for what nobody could have drawn on a picture, or written of one."""
    treatments = [
        *(part.treatment for message in conversation.messages for part in message.pictures),
        *conversation.draft.treatments.values(),
    ]
    names = [region.name for treatment in treatments for region in treatment.regions]
    if not all(done.is_sound for done in treatments) or any(len(name) > caps.NAME_LENGTH for name in names):
        raise Unreadable("something in it is drawn on a picture as nobody can")
    cards = [message.run for message in conversation.messages if message.run]
    chosen = [conversation.choices, *(card.choices for card in cards)]
    if any(len(text) > caps.TEXT_LENGTH for choices in chosen for text in choices.descriptions.values()):
        raise Unreadable("a description in it is longer than any")


def _is_tag(tag: str) -> bool:
    return 0 < len(tag) <= caps.TAG_LENGTH and "\0" not in tag
