"""One user of a library, and what must be in it."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from app.chat import edits
from app.chat.exchange import Exchange, draft_of
from app.domain.conversation import Conversation, Draft
from app.domain.message import Message, Role, Status
from app.pictures.decoder import Decoder
from tests.app.store import samples
from tests.e2e.thread_library import Library, Live, tiny_pictures
from tests.e2e.thread_model import Model, Said

Result = TypeVar("Result")
PICTURES = tiny_pictures()


class User(RuleBasedStateMachine):
    """Does everything to the library and to the model of it alike."""

    runner: ClassVar[asyncio.Runner]
    decoder: ClassVar[Decoder]
    empty: ClassVar[Path]
    """A new library, to begin with a copy of it."""
    in_a_child: ClassVar[bool]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.folder = Path(tempfile.mkdtemp(dir=self.empty.parent))
        self.homes = (self.folder / f"home-{number}" for number in itertools.count())
        self.numbers = itertools.count(1)
        self.exports: list[tuple[Path, list[Said]]] = []
        home = next(self.homes)
        shutil.copytree(self.empty, home)
        self.library = self.run(Library.open(home, self.decoder))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.finish())
        shutil.rmtree(self.folder)
        gc.collect(1)

    def restore(self, pick: int) -> None:
        conversation, message = self.picked(self.model.trash(), pick)
        back = edits.TakeBackBranch(conversation, message)
        edit = back if message else edits.TakeBackConversations((conversation,))
        assert self.run(self.library.history.do(edit))
        assert self.model.do("graft", message) if message else self.model.do("unbin", conversation)

    @staticmethod
    def picked(things: Any, pick: int) -> Any:
        return things[pick % len(things)]

    def of(self, role: Role) -> list[Said]:
        return [message for message in self.model.shown() if message.role is role]

    def ended(self) -> list[Said]:
        return [answer for answer in self.of(Role.ASSISTANT) if not answer.grows]

    def choices(self, live: Live) -> int:
        return live.tap.requests[0].parameters.n or 1 if live.tap.requests else 1

    async def ask(self, conversation: str | None, below: str | None, text: str, choices: int) -> None:
        route = self.library.route(choices)
        draft = Draft(text=f"question {next(self.numbers)} {text}")
        exchange = await self.library.chat.ask(draft, route, conversation, below)
        if conversation is None:
            self.library.history.record(edits.Began(exchange.conversation_id))
        else:
            self.library.history.record(edits.Asked(conversation, exchange.question.id, ""))
        self.heard(exchange.conversation_id, exchange.question, exchange.answer)
        self.model.remember(*(("bin", (exchange.conversation_id,)) if conversation is None
                              else ("cut", (exchange.question.id,))))  # fmt: skip
        self.library.answer(exchange, route)

    async def change(self, question: Said, text: str, picture: str | None) -> None:
        (stored,) = await self.library.store.conversations.messages((question.id,))
        before = await self.library.store.conversations.outline(question.conversation)
        route = self.library.route()
        draft = draft_of(stored).replace(
            text=f"question {next(self.numbers)} {text}", pictures=((picture, "x.png"),) if picture else ()
        )
        exchange = await self.library.chat.ask(draft, route, question.conversation, question.parent or "")
        await self.library.store.conversations.set_leaf(question.conversation, exchange.answer.id)
        asked = edits.Asked(question.conversation, exchange.question.id, before.leaf)
        self.library.history.record(asked)
        self.heard(question.conversation, exchange.question, exchange.answer)
        self.model.remember("cut", (exchange.question.id,))
        self.library.answer(exchange, route)

    async def answer_again(self, question: Said) -> None:
        route = self.library.route()
        exchange = await self.library.chat.ask_again(question.conversation, question.id, route)
        self.answered_again(exchange)
        self.library.answer(exchange, route)

    async def go_on_with(self, answer: Said) -> None:
        route = self.library.route()
        exchange = await self.library.chat.go_on(answer.conversation, answer.id, route)
        assert exchange.answer.text == answer.text
        self.answered_again(exchange)
        self.library.answer(exchange, route)

    def answered_again(self, exchange: Exchange) -> None:
        again = edits.AnsweredAgain(exchange.conversation_id, exchange.answer.id, "")
        self.library.history.record(again)
        self.heard(exchange.conversation_id, exchange.answer)
        self.model.remember("cut", (exchange.answer.id,))

    async def grow(self, live: Live, text: str, choice: int, saved: bool) -> None:
        text, known = f"<{next(self.numbers)}>{text}", choice in live.ids
        await self.library.tell(live, text, choice)
        if not known:
            (sibling,) = await self.library.store.conversations.messages((live.ids[choice],))
            conversation = self.model.said[live.ids[0]].conversation
            self.heard(conversation, sibling)
            return
        answer = self.model.said[live.ids[choice]]
        answer.text += text
        if saved:
            await self.library.saved(answer.id, answer.text)
            answer.least = len(answer.text)

    async def copy_branch(self, end: Said) -> None:
        path = await self.library.store.conversations.branch(end.id)
        new = await self.library.chat.branch_off(end.conversation, end.id, "A copy")
        copies = (await self.library.store.conversations.get(new)).messages
        assert [m.role for m in copies] == [m.role for m in path]
        assert [m.parent_id for m in copies] == [None, *(m.id for m in copies[:-1])]
        for copy, original in zip(copies, path, strict=True):
            known = self.model.said[original.id]
            assert known.may_be(copy.text)
            assert len(copy.text) >= len(original.text)
        self.heard(new, *copies)
        self.library.history.record(edits.BranchedOff(end.conversation, new))
        self.model.remember("bin", (new,))

    async def move(self) -> None:
        path, before = self.folder / f"move-{next(self.numbers)}.zip", await self.everything()
        await self.library.export(self.model.conversations(), path)
        await self.library.quit()
        home = next(self.homes)
        shutil.copytree(self.empty, home)
        await self.start(home)
        assert sorted(await self.library.take(path)) == sorted(self.model.conversations())
        self.model.empty_trash()
        after = await self.everything()
        assert after == before
        for sha256 in {picture for message in self.model.shown() for picture in message.pictures}:
            assert await self.library.store.pictures.read(sha256) == PICTURES[sha256]

    async def start(self, home: Path) -> None:
        self.library = await Library.open(home, self.decoder)
        self.model.forget_history()

    def heard(self, conversation: str, *messages: Message) -> None:
        """The program said that these are stored."""
        for message in messages:
            pictures = tuple(picture.sha256 for picture in message.pictures)
            said = Said(message.id, conversation, message.parent_id, message.role, message.text, pictures)
            said.least, said.grows = len(said.text), not message.status.finished
            if message.role is Role.USER:
                said.grows = False
            self.model.say(said)

    def ended_whole(self, live: Live) -> None:
        """All that was said of an answer is to be kept from now on."""
        for message_id in live.ids.values():
            self.model.said[message_id].grows = False

    def cut_off(self, lives: list[Live]) -> None:
        """The program ended while these were on their way; what is kept stays, and it is said."""
        ids = [message_id for live in lives for message_id in live.ids.values()]
        stored = self.run(self.library.store.conversations.messages(ids))
        assert {message.id for message in stored} == set(ids)
        for message in stored:
            assert message.status is Status.INTERRUPTED
            said = self.model.said[message.id]
            assert said.may_be(message.text)
            said.text, said.grows = message.text, False
        offered = {one.message_id for one in self.run(self.library.chat.interrupted())}
        assert offered == {m.id for m in self.model.shown() if m.id in ids}

    async def everything(self) -> dict[str, Conversation]:
        """All that can be seen, without the places in which messages were stored."""
        store = self.library.store
        shown = [await store.conversations.get(row.id) for row in await store.conversations.list()]
        return {
            one.id: one.replace(messages=tuple(message.replace(seq=0) for message in one.messages))
            for one in shown
        }

    async def compare(self) -> None:
        """The library holds what the model says, and the trash the rest."""
        store = self.library.store
        listed = [row.id for row in await store.conversations.list()]
        assert sorted(listed) == sorted(self.model.conversations())
        for conversation in listed:
            messages = (await store.conversations.get(conversation)).messages
            expected = self.model.shown(conversation)
            assert [m.id for m in messages] == [said.id for said in expected]
            for message, said in zip(messages, expected, strict=True):
                assert (message.parent_id, message.role) == (said.parent, said.role)
                assert said.may_be(message.text), (said, message.text)
                assert tuple(picture.sha256 for picture in message.pictures) == said.pictures
            tree = (await store.conversations.outline(conversation)).tree
            for said in expected:
                assert [node.id for node in tree.siblings(tree[said.id])] == self.model.siblings(said)
        trash = {(thing.conversation_id, thing.message_id) for thing in await store.trash.contents()}
        assert trash == set(self.model.trash())

    async def finish(self) -> None:
        """Nothing is in the trash that does not come back whole; and the file is sound."""
        for live in tuple(self.library.live):
            await self.library.stop(live)
            self.ended_whole(live)
        await self.library.take_everything_back()
        self.model.binned = dict.fromkeys(self.model.binned, False)
        for said in self.model.said.values():
            said.cut_by = ""
        try:
            await self.compare()
        finally:
            await self.library.quit()
        assert samples.sound(self.library.home)
