"""The composer: what is written in which conversation, and sending it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.chat.exchange import draft_of
from app.domain.conversation import Draft
from app.domain.message import Message
from app.domain.region import NOTHING_CHOSEN, PictureChoices, Redaction
from app.services import Services
from ui.controllers.asking.asking import AskingController
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.asking.drafts import DraftController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.editing import EditingController
from ui.controllers.endpoints.endpoints import EndpointController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

_OPEN = "open conversation"
NOTHING = Draft()


class ComposingController(QObject):
    """Each conversation has its own draft; nothing typed is lost when another one is opened."""

    pictures_changed = Signal()
    """Other pictures would be sent now."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        asking: AskingController,
        endpoints: EndpointController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._composer = window.composer
        self._notice = window.notice
        self._conversations = conversations
        self._asking = asking
        self._endpoints = endpoints
        self._tasks = tasks
        self._branch: tuple[str, list[str]] = ("", [])
        """The conversation and the questions on its shown branch that the next question is asked below."""
        self.attachments = AttachmentController(window.composer, services, tasks, window)
        self.drafts = DraftController(services, tasks, self.written, self)
        self.editing = EditingController(window, self.drafts, tasks, self.written, self._put_back)

    def connect_all(self) -> None:
        """From now on what the user does is done."""
        composer, attachments = self._composer, self.attachments
        composer.message_submitted.connect(self._submit)
        composer.stop_requested.connect(self._asking.stop)
        composer.draft_changed.connect(lambda _: self.drafts.changed())
        attachments.link_taker = self._endpoints.link_taker
        attachments.covers, self.editing.draft_of = self._covers, self._draft_of
        attachments.changed.connect(self.drafts.changed)
        attachments.treatments_changed.connect(self.drafts.changed)
        attachments.changed.connect(self._show_whether_sending_works)
        attachments.changed.connect(self.pictures_changed)
        self._endpoints.changed.connect(self._show_whether_sending_works)
        self._conversations.running_changed.connect(self._show_whether_sending_works)
        self._asking.storing_changed.connect(self._show_whether_sending_works)
        self._asking.question_stored.connect(self._clear)
        self._asking.choices = self._choices
        self.editing.changed.connect(self._show_whether_sending_works)
        self.editing.changed.connect(self._follow_branch)
        self._conversations.branch_shown.connect(self._follow_branch)

    async def begin(self) -> None:
        """Show an empty conversation with what was typed for it, and what was since the start."""
        draft = await self.drafts.begin()
        self._conversations.show(None)
        self._put_back(draft.replace(text=draft.text + self._composer.text()))
        self._show_whether_sending_works()

    def open(
        self, conversation_id: str | None, message_id: str = "", words: str = "", *, bring: Draft = NOTHING
    ) -> None:
        """Show a conversation with its draft, at a message of it where one is named; None for a new
        one. What it is to `bring` is typed where there is no draft."""
        if message_id and conversation_id == self._conversations.conversation_id:
            self._tasks.cancel(_OPEN)
            self._conversations.show_branch(message_id, words=words)
            return
        if conversation_id != self._conversations.conversation_id:
            self._notice.let_go(left=True)
        if conversation_id is None:
            self._conversations.left_for_new += 1
        self._tasks.start(self._open(conversation_id, message_id, words, bring), _OPEN)

    def put_in(self, draft: Draft) -> None:
        """Type `draft` where nothing is typed."""
        if draft != NOTHING and self.written()[1] == NOTHING:
            self._put_back(draft)
            self.drafts.changed()

    def take_out(self, draft: Draft) -> None:
        """Type `draft` no more, where nothing else is typed."""
        if draft != NOTHING and self.written()[1] == draft:
            self._put_back(NOTHING)
            self.drafts.changed()

    def written(self) -> tuple[str | None, Draft]:
        """What stands in the composer, and in which conversation."""
        draft = Draft(
            text=self._composer.text(),
            pictures=self.attachments.ready,
            links=self.attachments.links,
            treatments=self.attachments.treatments,
            edits=self.editing.question_id,
        )
        return self._conversations.conversation_id, draft

    def _follow_branch(self) -> None:
        """Where the next question is carried to another branch, it is covered as that is. A change of a
        question stays below what it was asked below."""
        shown = self._conversations.shown
        if self.editing.question_id and shown and shown.id == self._branch[0]:
            return
        asked = shown.questions() if shown else []
        before, self._branch = self._branch, (shown.id if shown else "", asked)
        if shown is None or shown.id != before[0] or asked[: len(before[1])] == before[1]:
            return
        from app.domain.covers import together  # not before another branch is shown

        for sha256, _ in {*shown.pictures(), *self.attachments.ready}:
            done = self.attachments.treatment(sha256)
            covered = together(done.redactions, self._covers(sha256))
            self.attachments.set_treatment(sha256, done.replace(redactions=covered))

    def _choices(self) -> PictureChoices:
        shown = self._conversations.shown
        return shown.choices if shown else self.drafts.choices

    def _covers(self, sha256: str) -> tuple[Redaction, ...]:
        shown = self._conversations.shown
        return shown.covers(sha256, instead_of=self.editing.question_id) if shown else ()

    def _draft_of(self, question: Message) -> Draft:
        shown = self._conversations.shown
        return shown.draft_of(question) if shown else draft_of(question)

    def escape(self) -> None:
        """Leave the question that is edited as it was, else stop the answer that is shown."""
        if self.editing.question_id:
            self.editing.leave()
        else:
            self._asking.stop()

    async def _open(self, conversation_id: str | None, message_id: str, words: str, bring: Draft) -> None:
        """The draft of the conversation before is kept first."""
        await self.attachments.settled()
        await self.drafts.save()
        draft = await self.drafts.load(conversation_id)
        edit = await self.drafts.load_edit(conversation_id)
        loaded = await self._conversations.fetch(conversation_id, message_id)
        if loaded is None and conversation_id is not None:
            conversation_id, draft, edit = None, await self.drafts.load(None), None
        draft, edit = self.drafts.turn_to(conversation_id, draft, edit)
        self._conversations.show(loaded)  # at once: its answer may end at any moment
        self.editing.restore(draft, edit)
        self.put_in(bring)
        if message_id:
            self._conversations.show_branch(message_id, words=words)

    def _submit(self, text: str) -> None:
        self._endpoints.settle()
        pictures = self.attachments.ready
        question = text.strip() or (self._endpoints.picture_question() if pictures else "")
        blocked = self._endpoints.blocked(pictures=bool(pictures))
        if question and not self.attachments.reading and not blocked:
            title = "" if text.strip() else pictures[0][1]
            draft = self.written()[1].replace(text=question)
            self._notice.let_go(left=False)
            self._asking.ask(draft, self._endpoints.route(), title)

    def _clear(self, typed_in: str | None, sent: Draft, stored_in: str) -> None:
        """What was sent goes; what was added while it was being stored stays, in the conversation
        that the question is in now."""
        if sent.edits:
            self.editing.sent(typed_in, sent)
            return
        shown = self._conversations.conversation_id
        if shown in (typed_in, stored_in):
            if self.editing.question_id:
                self.editing.next_sent(sent)
            else:
                left = sent.left_of(self.written()[1])
                self._composer.set_text(left.text)
                self.attachments.drop_sent(sent)
        if typed_in is None:
            self.drafts.choose(NOTHING_CHOSEN)  # they went along
        self.drafts.forget(typed_in, sent, moved=shown == stored_in != typed_in)

    def _put_back(self, draft: Draft) -> None:
        self._composer.set_text(draft.text)
        self.attachments.restore(draft)
        self._composer.focus_text()

    def _show_whether_sending_works(self) -> None:
        composer, editing = self._composer, bool(self.editing.question_id)
        composer.set_tasks(self._endpoints.task_buttons())
        composer.set_running(self._asking.storing or (self._asking.asking and not editing))
        composer.set_send_blocked(self._endpoints.blocked(pictures=bool(self.attachments.ready)))
