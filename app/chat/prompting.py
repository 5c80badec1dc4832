"""What a conversation of the library sends of its pictures: to plan it, to send it, to recall it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from app.chat.exchange import NOTHING_CHOSEN, Exchange, question_message, route_of
from app.chat.going_on import asked_in_words, in_words
from app.chat.keeping import Keeping
from app.chat.route import Recipient, Route, for_one, recipient_before, recipient_of
from app.domain.conversation import Draft, Node, Outline, node_of
from app.domain.errors import InputRefused
from app.domain.events import Event, Noted
from app.domain.message import RunCard
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
        from app.chat.covers import covered  # the window starts without a question

        run, prompts = exchange.answer.run, await self._builder()
        branch = self._keeping.as_known(await self._store.conversations.branch(exchange.question.id))
        branch = covered(branch, await self._later(exchange))
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

    async def _later(self, exchange: Exchange) -> tuple[Node, ...]:
        """Every message of a conversation, where some may be newer than the question."""
        if exchange.answer.seq == exchange.question.seq + 1:
            return ()
        return (await self._store.conversations.outline(exchange.conversation_id)).nodes

    async def plan(
        self,
        draft: Draft,
        route: Route,
        conversation_id: str | None,
        below: str | None,
        choices: PictureChoices | None,
    ) -> Plan:
        """See ChatService.plan."""
        from app.chat.covers import covered

        branch: tuple[Node, ...] = ()
        if conversation_id is not None:
            outline = await self._store.conversations.outline(conversation_id)
            branch = () if below == "" else await asyncio.to_thread(_branch, outline, below or "")
            choices = outline.choices if choices is None else choices
        question = node_of(question_message(draft, None)).replace(id="")
        prompts = await self._builder()
        asked = await asyncio.to_thread(covered, (*branch, question))
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


def _branch(outline: Outline, leaf_id: str) -> tuple[Node, ...]:
    """The branch to a message, in a thread: of a long conversation that takes several frames."""
    return outline.tree.branch(leaf_id)
