"""A question and its answer before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.chat.route import Route
from app.domain.conversation import Draft, Node
from app.domain.message import Message, Part, PicturePart, Role, RunCard, Status, TextPart
from app.domain.region import NOTHING_CHOSEN, PictureChoices, Treatment
from app.domain.request import Parameters
from app.providers.provider import Provider

if TYPE_CHECKING:
    from app.domain.covers import Covers  # the window starts without it

TITLE_LENGTH = 60
NOTHING_DONE = Treatment()


class Exchange(NamedTuple):
    """A stored question and the place of its answer, in the conversation of this id."""

    conversation_id: str
    question: Message
    answer: Message


def question_message(draft: Draft, parent_id: str | None) -> Message:
    """The draft as a message that has not been sent yet."""
    pictures = (
        PicturePart(
            sha256=sha256,
            name=name,
            link=draft.links.get(sha256, ""),
            treatment=draft.treatments.get(sha256, NOTHING_DONE),
        )
        for sha256, name in draft.pictures
    )
    text = (TextPart(text=draft.text),) if draft.text else ()
    return _message(Role.USER, parent_id, (*pictures, *text))


def answer_message(question: Message, route: Route, choices: PictureChoices = NOTHING_CHOSEN) -> Message:
    """The empty answer to `question`."""
    run = RunCard(
        endpoint=route.provider.endpoint.name,
        model=route.model,
        parameters=route.parameters.named(),
        endpoint_id=route.provider.endpoint.id,
        session=route.session,
        system=route.system,
        detail=route.detail,
        projector=route.projector,
        tools=route.tools,
        stream=route.stream,
        prefill=route.prefill,
        author=route.author,
        sees=route.sees,
        choices=choices.replace(subjects={}),  # of other answers
    )
    return _message(Role.ASSISTANT, question.id, ()).replace(run=run)


def replayed(question: Message, was: Message, run: RunCard) -> Message:
    """The empty answer to `question` that is asked for as `was` was, whose card is `run`."""
    begun = was.text[: run.begun]
    again = run.unanswered().replace(replays=was.id)
    parts = (TextPart(text=begun),) if begun else ()
    return _message(Role.ASSISTANT, question.id, parts).replace(run=again)


def route_of(run: RunCard, provider: Provider) -> Route:
    """The way an answer was asked for. Raises ValueError for parameters that cannot be read."""
    return Route(
        provider=provider,
        model=run.model,
        projector=run.projector,
        parameters=Parameters.from_named(run.parameters),
        system=run.system,
        prefill=run.prefill,
        session=run.session,
        tools=run.tools,
        detail=run.detail,
        stream=run.stream,
        author=run.author,
        sees=run.sees,
    )


def copied(path: Sequence[Message]) -> tuple[Message, ...]:
    """The messages of a branch once more, with ids of their own; one that still grows is cut off."""
    ids = {message.id: os.urandom(16).hex() for message in path}
    return tuple(_copy(message, ids) for message in path)


def _copy(message: Message, ids: dict[str, str]) -> Message:
    run = message.run and message.run.replace(
        ticket=None,
        continues=ids.get(message.run.continues, message.run.continues),
        replays=ids.get(message.run.replays, message.run.replays),
    )
    ended = Status.DONE if message.role is Role.USER else Status.INTERRUPTED
    return message.replace(
        id=ids[message.id],
        parent_id=ids.get(message.parent_id or ""),
        status=message.status if message.status.finished else ended,
        run=run,
    )


def draft_of(message: Message) -> Draft:
    """What a question was made of, to be changed and asked again."""
    return Draft(
        text=message.text,
        pictures=tuple((picture.sha256, picture.name) for picture in message.pictures),
        links={picture.sha256: picture.link for picture in message.pictures if picture.link},
        treatments={p.sha256: p.treatment for p in message.pictures if p.treatment != NOTHING_DONE},
    )


def asked_again(question: Message, above: Sequence[Message | Node], covers: Covers) -> Draft:
    """What a question below the messages `above` was made of, to be asked in another way: with what was
    covered since, and without what the user took off for it."""
    (now,) = covers.in_branch((question,))
    off = [part.sha256 for part in now.pictures if not part.treatment.redactions]
    bare = {sha256: NOTHING_DONE for sha256 in off if covers.on(sha256, above)}
    draft = draft_of(now)
    return draft.replace(treatments={**bare, **draft.treatments})


def title_of(draft: Draft) -> str:
    """What the library calls a conversation that begins with `draft`: its first words,
    else its first picture's name."""
    words = " ".join(draft.text.split())
    if len(words) > TITLE_LENGTH:
        words = words[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
    return words or (draft.pictures[0][1] if draft.pictures else "")


def _message(role: Role, parent_id: str | None, parts: tuple[Part, ...]) -> Message:
    return Message(
        id=os.urandom(16).hex(),
        parent_id=parent_id,
        seq=0,
        role=role,
        status=Status.SENDING,
        created=datetime.now(UTC),
        parts=parts,
    )
