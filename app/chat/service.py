"""Conversations: a question is stored before anything is sent, its answer as it grows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from app.chat.answering import Answering, Show
from app.chat.exchange import Exchange, answer_message, question_message, title_of
from app.chat.keeping import Keeping
from app.chat.prompt import Original, PromptBuilder
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.domain.events import Event
from app.domain.message import Message, Status
from app.domain.request import ChatRequest
from app.pictures.decoder import Decoder
from app.store.database import Store


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
        self._keeping = Keeping(store)

    @property
    def unsaved(self) -> bool:
        """Whether a finished or growing answer waits for room on the disk."""
        return self._keeping.unsaved

    async def ask(
        self,
        draft: Draft,
        route: Route,
        conversation_id: str | None,
        below: str | None = None,
        title: str = "",
    ) -> Exchange:
        """Store the question below the message `below` and an empty answer below it.

        `below` is by default (None) the newest message; empty is the root, where the question
        stands beside the first one. Without a conversation one is created, called `title` or by
        the draft. A session of the route becomes the conversation's. Raises StoreFailed; then
        nothing was stored and the draft is still the caller's. Raises KeyError for a conversation
        or a message that is not there.
        """
        conversations = self._store.conversations
        if conversation_id is None:
            question = question_message(draft, None)
            created = await conversations.create(
                title or title_of(draft), question, answer_message(question, route), session=route.session
            )
            return Exchange(created.id, *created.messages)
        if below is None:
            branch = (await conversations.outline(conversation_id)).tree.branch()
            below = branch[-1].id if branch else ""
        await self._keeping.settle(below)
        if route.session:
            await self.set_session(conversation_id, route.session)
        question = question_message(draft, below or None)
        added = await conversations.add(conversation_id, question, answer_message(question, route))
        return Exchange(conversation_id, *added)

    async def ask_again(self, conversation_id: str, question_id: str, route: Route) -> Exchange:
        """Store another, empty answer to a stored question, beside those it has.

        Raises StoreFailed, and KeyError for an unknown question.
        """
        question = await self._message(question_id)
        (answer,) = await self._store.conversations.add(conversation_id, answer_message(question, route))
        return Exchange(conversation_id, question, answer)

    async def set_session(self, conversation_id: str, session: str) -> None:
        """Let endpoints that can keep the conversation under `session`; empty for no longer.

        Raises StoreFailed, and KeyError for an unknown conversation.
        """
        await self._store.conversations.set_session(conversation_id, session)

    async def answer(self, exchange: Exchange, route: Route, show: Show) -> Message:
        """Answer a stored question; `show` gets a snapshot at most once a frame.

        Returns the first answer; further ones are in the last snapshot, and stored beside it.
        """

        async def prepare(report: Callable[[Event], None]) -> ChatRequest:
            with suppress(StoreFailed):  # kept in memory and saved later
                await self._keeping.save(exchange.question.replace(status=Status.DONE))
            stored = await self._store.conversations.branch(exchange.question.id)
            request = await self._prompts.request(self._keeping.as_known(stored), route, report)
            return request.replace(resumable=self._resumes)

        return await self._answering(exchange.conversation_id, exchange.answer, route, show).run(prepare)

    async def pending(self) -> tuple[tuple[str, Message], ...]:
        """The answers to `resume` at start, each with the id of its conversation, oldest first.

        None where another program has the library open too: they may be that one's. Raises
        StoreFailed.
        """
        return await self._store.conversations.pending() if self._store.report.first else ()

    async def resume(self, conversation_id: str, message: Message, route: Route, show: Show) -> Message:
        """Fetch an answer whose run card holds a ticket; otherwise as `answer`.

        Of `route` only the provider counts. Without a ticket, or where the endpoint does not know
        it any more, the message ends as failed; where the key is not there, it stays pending and
        says so.
        """
        waiting = message.replace(status=Status.PENDING, problem=None)
        return await self._answering(conversation_id, waiting, route, show).resume()

    def _answering(self, conversation_id: str, message: Message, route: Route, show: Show) -> Answering:
        async def add(sibling: Message) -> Message:
            return await self._keeping.add(conversation_id, sibling)

        return Answering(
            message, route.provider, show, self._keeping.save, add=add, closing=lambda: self.closing
        )

    async def save_unsaved(self) -> None:
        """Try again to save what a full disk refused. Raises StoreFailed when it still does."""
        await self._keeping.save_unsaved()

    async def _message(self, message_id: str) -> Message:
        """Raises KeyError for an unknown message."""
        found = self._keeping.as_known(await self._store.conversations.messages((message_id,)))
        if not found:
            raise KeyError(message_id)
        return found[0]

    async def _original(self, sha256: str) -> Original:
        pictures = self._store.pictures
        return Original(pictures.path(sha256), await pictures.get(sha256))
