"""What a conversation of the library sends of its pictures: to plan it, to send it, to recall it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from app.chat.exchange import Exchange, asked_again, question_message, route_of
from app.chat.going_on import asked_in_words, in_words
from app.chat.keeping import Keeping
from app.chat.route import Recipient, Route, for_one, recipient_before, recipient_of
from app.domain.conversation import Draft, Node, Outline, node_of
from app.domain.errors import InputRefused
from app.domain.events import Event, Noted
from app.domain.message import Message, RunCard
from app.domain.model import PictureEncoding
from app.domain.region import NOTHING_CHOSEN, PictureChoices
from app.domain.request import ChatRequest, PromptPicture
from app.pictures.decoder import Decoder
from app.providers.registry import Registry, UnknownEndpoint
from app.store.database import Store
from app.store.prepared import PreparedFiles

if TYPE_CHECKING:
    from app.chat.plan import Plan
    from app.chat.planning import Original
    from app.chat.prompt import PromptBuilder
    from app.domain.covers import Covers


class Prompting:
    """Finds the messages and the originals for prompts, and keeps what was prepared for them.

    `resumes`: whoever asks keeps tickets. Nothing here changes the library.
    """

    def __init__(
        self,
        store: Store,
        decoder: Decoder,
        keeping: Keeping,
        prepared: PreparedFiles | None,
        registry: Registry | None,
        *,
        resumes: bool,
    ) -> None:
        self._store = store
        self._decoder = decoder
        self._keeping = keeping
        self._prepared = prepared
        self._registry = registry
        self._resumes = resumes

    async def request(self, exchange: Exchange, route: Route, report: Callable[[Event], None]) -> ChatRequest:
        """What the provider of `route` is sent for a stored question. Raises PictureRefused."""
        run, prompts = exchange.answer.run, await self._builder()
        branch = await self.covered(exchange.conversation_id, exchange.question.id)
        if run is None:
            return await prompts.request(branch, route, report)
        if run.begun:
            route = route._replace(prefill=run.prefill + exchange.answer.text)
        sent = (run.replays and run.prepared) or None
        to = for_one(route) if run.continues else route
        request = await prompts.request(branch, to, report, sent, run.choices)
        if run.in_words:
            report(Noted(note=asked_in_words(run.endpoint)))
            request = in_words(request)
        return request.replace(resumable=self._resumes)

    async def covered(self, conversation_id: str, leaf_id: str) -> tuple[Message, ...]:
        """The messages from the root to `leaf_id`, with all covered that is to be; none for an unknown
        one."""
        covers = await self._covers(conversation_id)
        branch = self._keeping.as_known(await self._store.conversations.branch(leaf_id))
        return await asyncio.to_thread(covers.in_branch, branch)

    async def covered_draft(self, draft: Draft, conversation_id: str, below: str) -> Draft:
        """What is asked below the message `below` (empty: at the root), with all covered that is to be.

        Raises KeyError for a message that is not there.
        """
        covers = await self._covers(conversation_id)
        if not any(covers.ever_on(sha256) for sha256, _ in draft.pictures if sha256 not in draft.treatments):
            return draft
        outline = await self._store.conversations.outline(conversation_id)
        return covers.in_draft(draft, _above(outline, below))

    async def asked_again(self, conversation_id: str, question: Message) -> Draft:
        """See ChatService.draft_of."""
        covers = await self._covers(conversation_id)
        outline = await self._store.conversations.outline(conversation_id)
        return asked_again(question, _above(outline, question.parent_id or ""), covers)

    async def _covers(self, conversation_id: str) -> Covers:
        from app.domain.covers import Covers  # the window starts without a question

        return Covers(await self._store.conversations.showing(conversation_id))

    async def plan(
        self,
        draft: Draft,
        route: Route,
        conversation_id: str | None,
        below: str | None,
        choices: PictureChoices | None,
    ) -> Plan:
        """See ChatService.plan."""
        asked: tuple[Node, ...]
        if conversation_id is None:
            asked = (_planned(draft),)
        else:
            outline = await self._store.conversations.outline(conversation_id)
            asked = await asyncio.to_thread(_asked, draft, outline, below)
            choices = outline.choices if choices is None else choices
        prompts = await self._builder()
        plan = await prompts.plan(asked, recipient_of(route), choices or NOTHING_CHOSEN)
        await self._keep(view for picture in plan.pictures for view in picture.views)
        return plan

    async def sent(self, question_id: str, run: RunCard) -> Plan:
        """See ChatService.sent."""
        branch = self._keeping.as_known(await self._store.conversations.branch(question_id))
        prompts = await self._builder()
        return await prompts.plan(branch, await self._asked(run), run.choices, run.prepared)

    async def keep_sent(self, request: ChatRequest) -> None:
        """Keep what is sent of pictures; pixels that only another process looks at are no file."""
        await self._keep(picture for message in request.messages for picture in message.pictures)

    async def _asked(self, run: RunCard) -> Recipient:
        """Who was asked; of one that is not set up any more, what the run card says."""
        if self._registry is not None:
            with suppress(UnknownEndpoint, InputRefused, ValueError):
                await self._registry.prepare(run.endpoint_id)
                return recipient_of(route_of(run, self._registry.provider(run.endpoint_id)))
        return recipient_before(run)

    async def _builder(self) -> PromptBuilder:
        """Loaded in a thread with the first question, because the window starts without one."""
        await asyncio.to_thread(import_module, "app.chat.prompt")
        return self._prompts

    @cached_property
    def _prompts(self) -> PromptBuilder:
        from app.chat.prompt import PromptBuilder

        return PromptBuilder(self._decoder, self._original, self._as_sent)

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


def _above(outline: Outline, below: str) -> tuple[Node, ...]:
    return outline.tree.branch(below) if below else ()


def _asked(draft: Draft, outline: Outline, below: str | None) -> tuple[Node, ...]:
    """A branch with the draft as its last question, all covered that is to be; in a thread: of a long
    conversation that takes several frames."""
    from app.domain.covers import Covers

    above = outline.tree.branch() if below is None else _above(outline, below)
    question = _planned(Covers(outline.showing).in_draft(draft, above))
    return Covers((*outline.showing, question)).in_branch((*above, question))


def _planned(draft: Draft) -> Node:
    return node_of(question_message(draft, None)).replace(id="")
