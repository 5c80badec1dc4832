"""Conversations: a question is stored before anything is sent, its answer as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from app.chat.answering import Answering, Show
from app.chat.exchange import (
    NOTHING_CHOSEN,
    Exchange,
    answer_message,
    copied,
    question_message,
    replayed,
    route_of,
    title_of,
)
from app.chat.going_on import GoingOn, asked_in_words, gone_on, in_words
from app.chat.keeping import Keeping
from app.chat.route import Recipient, Route, recipient_before, recipient_of
from app.domain.conversation import CutOff, Draft, Node, node_of
from app.domain.errors import InputRefused, ReplayRefused, StoreFailed
from app.domain.events import Event, Noted
from app.domain.message import Message, RunCard, Status
from app.domain.model import PictureEncoding
from app.domain.region import PictureChoices
from app.domain.request import ChatRequest, PromptPicture
from app.pictures.decoder import Decoder
from app.providers.registry import Registry, UnknownEndpoint
from app.store.database import Store
from app.store.prepared import PreparedFiles

if TYPE_CHECKING:
    from app.chat.plan import Plan
    from app.chat.planning import Original
    from app.chat.prompt import PromptBuilder


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
        self._resumes = resumes
        self._store = store
        self._prepared = prepared
        self._registry = registry
        self._decoder = decoder
        self._keeping = Keeping(store)

    @cached_property
    def _prompts(self) -> PromptBuilder:
        from app.chat.prompt import PromptBuilder  # the window starts without a question

        return PromptBuilder(self._decoder, self._original, self._as_sent)

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
        pictures, by default (None) the conversation's; one that is created keeps them. Raises
        StoreFailed; then nothing was stored and the draft is still the caller's. Raises KeyError
        for a conversation or a message that is not there.
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
        empty = answer_message(question, _for_one(route), chosen)
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
        """A new conversation called `title` with a copy of everything up to a message, and with the
        choices for its pictures; returns its id.

        Raises StoreFailed, and KeyError for an unknown conversation or message.
        """
        await self._keeping.settle(message_id)
        path = self._keeping.as_known(await self._store.conversations.branch(message_id))
        if not path:
            raise KeyError(message_id)
        choices = await self._store.conversations.choices(conversation_id)
        return (await self._store.conversations.create(title, *copied(path), choices=choices)).id

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
        branch: tuple[Node, ...] = ()
        if conversation_id is not None:
            outline = await self._store.conversations.outline(conversation_id)
            branch = () if below == "" else outline.tree.branch(below or "")
            choices = outline.choices if choices is None else choices
        question = node_of(question_message(draft, None)).replace(id="")
        chosen = choices or NOTHING_CHOSEN
        plan = await self._prompts.plan((*branch, question), recipient_of(route), chosen)
        await self._keep(view for picture in plan.pictures for view in picture.views)
        return plan

    async def sent(self, answer_id: str) -> Plan:
        """What an answer was made of, as it went then; of an answer whose question was not sent yet,
        nothing goes.

        A picture whose bytes are not kept any more says so. Raises StoreFailed, and KeyError for an
        unknown answer or one without a run card.
        """
        answer = await self._message(answer_id)
        if answer.run is None or answer.parent_id is None:
            raise KeyError(answer_id)
        branch = self._keeping.as_known(await self._store.conversations.branch(answer.parent_id))
        to = self._asked(answer.run)
        return await self._prompts.plan(branch, to, answer.run.choices, answer.run.prepared)

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
                request = await self._request(exchange, route, report)
                group.create_task(self._keep_sent(request))
                return request

            return await self._until_the_end(answering, answering.run(prepare))

    async def _request(
        self, exchange: Exchange, route: Route, report: Callable[[Event], None]
    ) -> ChatRequest:
        run = exchange.answer.run
        branch = self._keeping.as_known(await self._store.conversations.branch(exchange.question.id))
        if run is None:
            return await self._prompts.request(branch, route, report)
        if run.begun:
            route = route._replace(prefill=run.prefill + exchange.answer.text)
        sent = (run.replays and run.prepared) or None
        to = _for_one(route) if run.continues else route
        request = await self._prompts.request(branch, to, report, sent, run.choices)
        if run.in_words:
            report(Noted(note=asked_in_words(run.endpoint)))
            request = in_words(request)
        return request.replace(resumable=self._resumes)

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

    def _asked(self, run: RunCard) -> Recipient:
        """Who was asked; of one that is not set up any more, what the run card says."""
        if self._registry is not None:
            with suppress(UnknownEndpoint, InputRefused, ValueError):
                return recipient_of(route_of(run, self._registry.provider(run.endpoint_id)))
        return recipient_before(run)

    async def _keep_sent(self, request: ChatRequest) -> None:
        """Keep what is sent of pictures; pixels that only another process looks at are no file."""
        await self._keep([picture for message in request.messages for picture in message.pictures])

    async def _keep(self, views: Iterable[PromptPicture]) -> None:
        if self._prepared is None or self._store.read_only:
            return
        for view in views:
            if view.data and view.prepared.mime != PictureEncoding.RGB:
                await self._prepared.keep(view.prepared.sha256, view.data)

    async def _as_sent(self, sha256: str) -> bytes | None:
        return await self._prepared.get(sha256) if self._prepared else None

    async def _original(self, sha256: str) -> Original:
        from app.chat.planning import Original

        pictures = self._store.pictures
        return Original(pictures.path(sha256), await pictures.get(sha256))


def _for_one(route: Route) -> Route:
    """The route to a single answer."""
    return route._replace(parameters=route.parameters.replace(n=None))
