"""Conversations: a question is stored before anything is sent, its answer as it grows."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from app.chat.answering import Answering, Show
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.domain.conversation import Conversation, Draft
from app.domain.errors import StoreFailed
from app.domain.events import Event
from app.domain.message import Message, Part, PicturePart, Role, RunCard, Status, TextPart
from app.domain.request import ChatRequest
from app.pictures.decoder import Decoder
from app.store.database import Store

TITLE_LENGTH = 60


class Exchange(NamedTuple):
    """A stored question and the place of its answer."""

    conversation: Conversation
    question: Message
    answer: Message


def question_message(draft: Draft, parent_id: str | None) -> Message:
    """The draft as a message that has not been sent yet."""
    pictures = (
        PicturePart(sha256=sha256, name=name, link=draft.links.get(sha256, ""))
        for sha256, name in draft.pictures
    )
    text = (TextPart(text=draft.text),) if draft.text else ()
    return _message(Role.USER, parent_id, (*pictures, *text))


def answer_message(question: Message, route: Route) -> Message:
    """The empty answer to `question`."""
    run = RunCard(
        endpoint=route.provider.endpoint.name,
        model=route.model,
        parameters=route.parameters.named(),
        endpoint_id=route.provider.endpoint.id,
        session=route.session,
    )
    return _message(Role.ASSISTANT, question.id, ()).replace(run=run)


def title_of(draft: Draft) -> str:
    """What the library calls a conversation that begins with `draft`: its first words,
    else its first picture's name."""
    words = " ".join(draft.text.split())
    if len(words) > TITLE_LENGTH:
        words = words[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
    return words or (draft.pictures[0][1] if draft.pictures else "")


class ChatService:
    """Asks, answers and keeps both.

    Set `closing` before the answers that still run are cancelled because the program ends: those
    that an endpoint makes later then stay pending and are there for the next start. Cancelled
    without it, they were stopped by the user and are given up. `resumes`: somebody will fetch those
    that stay pending, so that endpoints keep what they need for it.
    """

    def __init__(self, store: Store, decoder: Decoder, *, resumes: bool = False) -> None:
        self.closing = False
        self._resumes = resumes
        self._store = store
        self._prompts = PromptBuilder(decoder, self._original)
        self._unsaved: dict[str, Message] = {}
        self._newest: dict[str, Message] = {}
        self._not_added: dict[str, str] = {}  # message id -> conversation id

    @property
    def unsaved(self) -> bool:
        """Whether a finished or growing answer waits for room on the disk."""
        return bool(self._unsaved)

    async def ask(
        self,
        draft: Draft,
        route: Route,
        conversation: Conversation | None,
        title: str = "",
        below: str | None = None,
    ) -> Exchange:
        """Store the question below the message `below`, by default the newest, and an empty answer
        below it.

        Creates the conversation where there is none, called `title` or by the draft. A session
        of the route becomes the conversation's. Raises StoreFailed; then nothing was stored and
        the draft is still the caller's.
        """
        conversations = self._store.conversations
        branch = conversation.branch(below or "") if conversation else ()
        question = question_message(draft, branch[-1].id if branch else None)
        answer = answer_message(question, route)
        if conversation is None:
            conversation = await conversations.create(
                title or title_of(draft), question, answer, session=route.session
            )
        else:
            if route.session not in ("", conversation.session):
                await self.set_session(conversation.id, route.session)
                conversation = conversation.replace(session=route.session)
            added = await conversations.add(conversation.id, question, answer)
            conversation = conversation.replace(messages=(*conversation.messages, *added))
        return Exchange(conversation, *conversation.messages[-2:])

    async def ask_again(self, conversation: Conversation, question_id: str, route: Route) -> Exchange:
        """Store another, empty answer to a stored question, beside those it has.

        Raises StoreFailed, and KeyError for an unknown question.
        """
        question = conversation.branch(question_id)[-1]
        (answer,) = await self._store.conversations.add(conversation.id, answer_message(question, route))
        grown = conversation.replace(messages=(*conversation.messages, answer))
        return Exchange(grown, question, answer)

    async def set_session(self, conversation_id: str, session: str) -> None:
        """Let endpoints that can keep the conversation under `session`; empty for no longer.

        Raises StoreFailed, and KeyError for an unknown conversation.
        """
        await self._store.conversations.set_session(conversation_id, session)

    async def answer(self, exchange: Exchange, route: Route, show: Show) -> Message:
        """Answer a stored question; `show` gets a snapshot at most once a frame.

        Returns the first answer; further ones are in the last snapshot, and stored beside it.
        """
        answering = self._answering(exchange.conversation, exchange.answer, route, show)

        async def prepare(report: Callable[[Event], None]) -> ChatRequest:
            with suppress(StoreFailed):  # kept in memory and saved later
                await self._save(exchange.question.replace(status=Status.DONE))
            branch = exchange.conversation.branch(exchange.question.id)
            request = await self._prompts.request(branch, route, report)
            return request.replace(resumable=self._resumes)

        return await answering.run(prepare)

    async def pending(self) -> tuple[tuple[str, Message], ...]:
        """The answers to `resume` at start, each with the id of its conversation, oldest first.

        None where another program has the library open too: they may be that one's. Raises
        StoreFailed.
        """
        return await self._store.conversations.pending() if self._store.report.first else ()

    async def resume(self, conversation: Conversation, message: Message, route: Route, show: Show) -> Message:
        """Fetch an answer whose run card holds a ticket; otherwise as `answer`.

        Of `route` only the provider counts. Without a ticket, or where the endpoint does not know
        it any more, the message ends as failed; where the key is not there, it stays pending and
        says so.
        """
        waiting = message.replace(status=Status.PENDING, problem=None)
        return await self._answering(conversation, waiting, route, show).resume()

    def _answering(self, conversation: Conversation, message: Message, route: Route, show: Show) -> Answering:
        async def add(sibling: Message) -> Message:
            self._not_added[sibling.id] = conversation.id
            return await self._keep(sibling)

        return Answering(message, route.provider, show, self._save, add=add, closing=lambda: self.closing)

    async def save_unsaved(self) -> None:
        """Try again to save what a full disk refused. Raises StoreFailed when it still does."""
        for message_id in tuple(self._unsaved):
            if (message := self._unsaved.get(message_id)) is not None:
                await self._save(message)

    async def _save(self, message: Message) -> None:
        await self._keep(message)

    async def _keep(self, message: Message) -> Message:
        """Save a message, or add it; returns it as it is stored."""
        self._newest[message.id] = message
        if message.id in self._unsaved:
            self._unsaved[message.id] = message
        try:
            stored = await self._put(message)
        except StoreFailed:
            if self._newest.get(message.id) is message:
                self._unsaved[message.id] = message
            raise
        if self._newest.get(message.id) is message:  # else a newer one is on its way
            del self._newest[message.id]
            self._unsaved.pop(message.id, None)
        return stored

    async def _put(self, message: Message) -> Message:
        conversation_id = self._not_added.get(message.id)
        if conversation_id is None:
            await self._store.conversations.save(message)
            return message
        stored = await self._store.conversations.keep(conversation_id, message)
        self._not_added.pop(message.id, None)
        return stored

    async def _original(self, sha256: str) -> Original:
        pictures = self._store.pictures
        return Original(pictures.path(sha256), await pictures.get(sha256))


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
