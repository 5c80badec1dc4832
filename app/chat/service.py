"""Conversations: a question is stored before anything is sent, its answer as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.chat.answering import Answering, Show
from app.chat.exchange import (
    Exchange,
    answer_message,
    copied,
    question_message,
    replayed,
    route_of,
    title_of,
)
from app.chat.going_on import GoingOn, gone_on
from app.chat.keeping import Keeping
from app.chat.prompting import Prompting
from app.chat.route import Route, for_one
from app.domain.conversation import CutOff, Draft
from app.domain.errors import ReplayRefused, StoreFailed
from app.domain.events import Event
from app.domain.message import Message, RunCard, Status
from app.domain.region import NOTHING_CHOSEN, PictureChoices
from app.domain.request import ChatRequest
from app.pictures.decoder import Decoder
from app.providers.registry import Registry, UnknownEndpoint
from app.store.database import Store
from app.store.prepared import PreparedFiles

if TYPE_CHECKING:
    from app.chat.plan import Plan


class ChatService:
    """Asks, answers and keeps both.

    Set `closing` before the answers that still run are cancelled because the program ends: those
    that an endpoint makes later then stay pending and are there for the next start. Cancelled
    without it, they were stopped by the user and are given up. `resumes`: somebody will fetch those
    that stay pending, so that endpoints keep what they need for it. `prepared` keeps what is sent of
    pictures, and `registry` knows who answered: both are needed to `replay`.

    Any number of answers may run at once, also in one conversation.
    """

    def __init__(
        self,
        store: Store,
        decoder: Decoder,
        *,
        resumes: bool = False,
        prepared: PreparedFiles | None = None,
        registry: Registry | None = None,
    ) -> None:
        self.closing = False
        self._store = store
        self._registry = registry
        self._keeping = Keeping(store)
        self._prompting = Prompting(store, decoder, self._keeping, prepared, registry, resumes=resumes)

    @property
    def unsaved(self) -> tuple[Message, ...]:
        """The messages that wait for room on the disk, finished or growing, as they are by now."""
        return self._keeping.unsaved

    async def ask(
        self,
        draft: Draft,
        route: Route,
        conversation_id: str | None,
        below: str | None = None,
        title: str = "",
        choices: PictureChoices | None = None,
    ) -> Exchange:
        """Store the question below the message `below` and an empty answer below it.

        `below` is by default (None) the newest message; empty is the root, where the question
        stands beside the first one. Without a conversation one is created, called `title` or by
        the draft. A session of the route becomes the conversation's. `choices` are those for the
        pictures, by default (None) the conversation's; one that is created keeps them. What any
        question of the conversation covered on a picture is covered, where `draft` has no treatment
        for that. Raises StoreFailed; then nothing was stored and the draft is still the caller's.
        Raises KeyError for a conversation or a message that is not there.
        """
        conversations = self._store.conversations
        if conversation_id is None:
            question = question_message(draft, None)
            answer = answer_message(question, route, choices or NOTHING_CHOSEN)
            created = await conversations.create(
                *(title or title_of(draft), question, answer),
                session=route.session,
                choices=choices or NOTHING_CHOSEN,
            )
            return Exchange(created.id, *created.messages)
        if below is None:
            branch = (await conversations.outline(conversation_id)).tree.branch()
            below = branch[-1].id if branch else ""
        await self._keeping.settle(below)
        if below:
            await self._require(below)
        if route.session:
            await self.set_session(conversation_id, route.session)
        draft = await self._prompting.covered_draft(draft, conversation_id, below)
        question = question_message(draft, below or None)
        answer = answer_message(question, route, await self._choices(conversation_id, choices))
        added = await conversations.add(conversation_id, question, answer)
        return Exchange(conversation_id, *added)

    async def ask_again(
        self, conversation_id: str, question_id: str, route: Route, choices: PictureChoices | None = None
    ) -> Exchange:
        """Store another, empty answer to a stored question, beside those it has.

        `choices` as for `ask`. Raises StoreFailed, and KeyError for an unknown question.
        """
        question = await self._message(question_id)
        await self._require(question_id)
        empty = answer_message(question, route, await self._choices(conversation_id, choices))
        (answer,) = await self._store.conversations.add(conversation_id, empty)
        return Exchange(conversation_id, question, answer)

    async def go_on(
        self, conversation_id: str, answer_id: str, route: Route, choices: PictureChoices | None = None
    ) -> Exchange:
        """Store another answer beside `answer_id` that begins with what that one holds, to go on.

        Where nobody can go on with it, the new one begins empty and says so in a note. `choices` as
        for `ask`. Raises StoreFailed, and KeyError for an unknown answer.
        """
        ended = await self._message(answer_id)
        question = await self._message(ended.parent_id or "")
        await self._require(question.id)
        endpoint, limits = route.provider.endpoint, route.provider.limits(route.model)
        chosen = await self._choices(conversation_id, choices)
        empty = answer_message(question, for_one(route), chosen)
        begun = gone_on(ended, empty, limits.goes_on, endpoint.name)
        (answer,) = await self._store.conversations.add(conversation_id, begun)
        return Exchange(conversation_id, question, answer)

    async def replay(self, conversation_id: str, answer_id: str) -> tuple[Exchange, Route]:
        """Store another answer beside `answer_id`, to be asked for exactly as that one was, and how.

        Raises ReplayRefused where that cannot be, InputRefused for an endpoint that is set up in no
        usable way, StoreFailed, and KeyError for an unknown answer.
        """
        was = await self._message(answer_id)
        if was.run is None or was.parent_id is None:
            raise ReplayRefused(reason="it was not noted how")
        route = await self._route_of(was.run)
        question = await self._message(was.parent_id)
        await self._require(question.id)
        again = replayed(question, was, was.run)
        (answer,) = await self._store.conversations.add(conversation_id, again)
        return Exchange(conversation_id, question, answer), route

    async def branch_off(self, conversation_id: str, message_id: str, title: str) -> str:
        """A new conversation called `title` with a copy of everything up to a message, with all that
        was covered on its pictures and with the choices for them; returns its id.

        Raises StoreFailed, and KeyError for an unknown conversation or message.
        """
        await self._keeping.settle(message_id)
        path = await self._prompting.covered(conversation_id, message_id)
        if not path:
            raise KeyError(message_id)
        choices, copies = await self._store.conversations.choices(conversation_id), copied(path)
        pairs = zip(path, copies, strict=True)
        subjects = {new.id: of for old, new in pairs if (of := choices.subjects.get(old.id))}
        choices = choices.replace(subjects=subjects)
        return (await self._store.conversations.create(title, *copies, choices=choices)).id

    async def draft_of(self, conversation_id: str, question_id: str) -> Draft:
        """What a stored question was made of, to be asked in another way; what was covered since on
        its pictures is covered.

        Raises StoreFailed, and KeyError for an unknown conversation or question.
        """
        return await self._prompting.asked_again(conversation_id, await self._message(question_id))

    async def plan(
        self,
        draft: Draft,
        route: Route,
        conversation_id: str | None,
        below: str | None = None,
        choices: PictureChoices | None = None,
    ) -> Plan:
        """What would be sent of the pictures if the draft were asked now, by what `ask` is given.

        Its pictures are prepared, and asking then sends what is shown here; the library stays as it
        is. It can be cancelled at any time. Raises StoreFailed, and KeyError for a conversation or
        a message that is not there.
        """
        return await self._prompting.plan(draft, route, conversation_id, below, choices)

    async def sent(self, answer_id: str) -> Plan:
        """What an answer was made of, as it went then; of an answer whose question was not sent yet,
        nothing goes.

        A picture whose bytes are not kept any more says so. Raises StoreFailed, and KeyError for an
        unknown answer or one without a run card.
        """
        answer = await self._message(answer_id)
        if answer.run is None or answer.parent_id is None:
            raise KeyError(answer_id)
        return await self._prompting.sent(answer.parent_id, answer.run)

    async def set_session(self, conversation_id: str, session: str) -> None:
        """Let endpoints that can keep the conversation under `session`; empty for no longer.

        Raises StoreFailed, and KeyError for an unknown conversation.
        """
        await self._store.conversations.set_session(conversation_id, session)

    async def answer(self, exchange: Exchange, route: Route, show: Show) -> Message:
        """Answer a stored question; `show` gets a snapshot at most once a frame.

        Returns the first answer; further ones are in the last snapshot, and stored beside it.
        """
        answering = self._answering(exchange.conversation_id, exchange.answer, route, show)
        async with asyncio.TaskGroup() as group:

            async def prepare(report: Callable[[Event], None]) -> ChatRequest:
                with suppress(StoreFailed):  # kept in memory and saved later
                    await self._keeping.save(exchange.question.replace(status=Status.DONE))
                request = await self._prompting.request(exchange, route, report)
                group.create_task(self._prompting.keep_sent(request))
                return request

            return await self._until_the_end(answering, answering.run(prepare))

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
        answering = self._answering(conversation_id, waiting, route, show)
        return await self._until_the_end(answering, answering.resume())

    async def interrupted(self) -> tuple[CutOff, ...]:
        """The answers that the end of the program before this one cut off, newest first; told once.

        None where another program has the library open too. Raises StoreFailed.
        """
        return await self._store.cut_off.take() if self._store.report.first else ()

    def _answering(self, conversation_id: str, message: Message, route: Route, show: Show) -> Answering:
        async def add(sibling: Message) -> Message:
            return await self._keeping.add(conversation_id, sibling)

        begun = message.run.begun if message.run else 0
        provider = GoingOn(route.provider, message.text[:begun]) if begun else route.provider
        return Answering(message, provider, show, self._keeping.save, add=add, closing=lambda: self.closing)

    async def _until_the_end(self, answering: Answering, run: Awaitable[Message]) -> Message:
        """Wait for an answer; what the end of the program cuts off is noted for the next start."""
        try:
            return await run
        except asyncio.CancelledError:
            if self.closing:
                with suppress(StoreFailed):
                    await self._store.cut_off.note([answer.id for answer in answering.answers])
            raise

    async def save_unsaved(self) -> None:
        """Try again to save what a full disk refused. Raises StoreFailed when it still does."""
        await self._keeping.save_unsaved()

    async def _choices(self, conversation_id: str, given: PictureChoices | None) -> PictureChoices:
        return await self._store.conversations.choices(conversation_id) if given is None else given

    async def _require(self, message_id: str) -> None:
        """Raises KeyError for a message in the trash: what is asked there would not be seen."""
        if not await self._store.trash.spares(message_id):
            raise KeyError(message_id)

    async def _message(self, message_id: str) -> Message:
        """Raises KeyError for an unknown message."""
        found = self._keeping.as_known(await self._store.conversations.messages((message_id,)))
        if not found:
            raise KeyError(message_id)
        return found[0]

    async def _route_of(self, run: RunCard) -> Route:
        if self._registry is None:
            raise ReplayRefused(reason="no endpoint can be asked here")
        try:
            await self._registry.prepare(run.endpoint_id)
            return route_of(run, self._registry.provider(run.endpoint_id))
        except UnknownEndpoint as error:
            raise ReplayRefused(reason=f"{run.endpoint} is not set up any more") from error
        except ValueError as error:
            raise ReplayRefused(reason="its parameters cannot be read") from error
