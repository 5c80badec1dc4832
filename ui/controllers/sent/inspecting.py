"""What would be sent now, kept in sight: the line in the composer and the inspector."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.plan import Plan, PlannedPicture
from app.domain.errors import FoveaError
from app.domain.message import Message
from app.services import Services
from ui import problems
from ui.composer.meter import Meter
from ui.controllers.asking.asking import below_of
from ui.controllers.asking.composing import ComposingController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.endpoints.endpoints import EndpointController
from ui.controllers.pictures.picture_choices import PictureChoicesController
from ui.controllers.sent.inspector_window import InspectorWindow
from ui.controllers.sent.sent_facts import Asked
from ui.controllers.sent.sent_words import asked_then, metered, shown_plan
from ui.controllers.sizes import number_words
from ui.inspector.shown import ShownPlan
from ui.main_window import MainWindow
from ui.signs import one_line
from ui.tasks import TaskOwner

DEBOUNCE_MS = 300
_PLAN = "plan what is sent"
_PAST = "look up what was sent"


class InspectingController(QObject):
    """Makes the plan of the next question anew when something in it changes, while it is looked at."""

    planned = Signal()
    """Another plan holds, or none."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        composing: ComposingController,
        endpoints: EndpointController,
        choices: PictureChoicesController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._composer = window.composer
        self._chat = services.chat
        self._conversations = conversations
        self._composing = composing
        self._endpoints = endpoints
        self._choices = choices
        self._tasks = tasks
        self._empty = not window.composer.text()
        self._in_thread = False
        self._past = ""
        self._look_at = ""
        self._over = False
        self.plan: Plan | None = None
        """What would be sent now, where somebody looks and it is known."""

        self.window = InspectorWindow(window, services, composing.attachments, tasks)
        self.window.closed.connect(self._leave_past)
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._begin)
        self._meter = Meter(window.composer)
        self._meter.clicked.connect(lambda: self.open())
        self._connect()
        self._see_thread()

    def open(self, sha256: str = "") -> None:
        """Show what would be sent now, one of its pictures first where its hash is given."""
        self._past, self._look_at = "", sha256
        self.window.open()
        if self.plan is not None and not self._timer.isActive():
            self._show(self.plan, self._asked())
        else:
            self.window.show_waiting(self._awaited())
        self._begin()

    def open_answer(self, message: Message) -> None:
        """Show what was sent for an answer."""
        self._past = message.id
        self.window.open()
        self.window.show_waiting(self.tr("Looking up what was sent…"))
        self._tasks.start(self._look_up(message), _PAST)

    def refresh(self) -> None:
        """Something changed that may change what is sent."""
        self._empty = not self._composer.text()
        if self._over:
            return
        if self._wanted():
            if not self._past:
                self.window.show_waiting(self._awaited())
            self._timer.start()
        else:
            self._timer.stop()
            self._tasks.cancel(_PLAN)
            self._forget()

    def close(self) -> None:
        """Close the inspector and plan no more, whatever changes while the rest of the window ends."""
        self._over = True
        self._timer.stop()
        self._tasks.cancel(_PLAN)
        self.window.close()

    def _connect(self) -> None:
        self._composing.pictures_changed.connect(self.refresh)
        self._composing.attachments.treatments_changed.connect(self.refresh)
        self._endpoints.changed.connect(self.refresh)
        self._choices.changed.connect(self.refresh)
        self._conversations.branch_shown.connect(self._see_thread)
        self._composing.editing.changed.connect(self.refresh)
        self._composer.draft_changed.connect(self._see_text)

    def _see_thread(self) -> None:
        """Browsing alone prepares no pictures; what is open is planned when somebody writes."""
        self._in_thread = bool(self._conversations.pictures)
        self.refresh()

    def _see_text(self, text: str) -> None:
        if self.window.is_open or (not text) != self._empty:
            self.refresh()

    def _wanted(self) -> bool:
        if self.window.is_open and not self._past:
            return True
        return bool(self._composing.attachments.ready) or (self._in_thread and not self._empty)

    def _leave_past(self) -> None:
        self._past = ""
        self.refresh()

    # ------------------------------------------------------------- the plan

    def _begin(self) -> None:
        self._timer.stop()
        self._tasks.start(self._make_plan(), _PLAN)

    async def _make_plan(self) -> None:
        conversation_id, draft = self._composing.written()
        route, why = self._endpoints.route_so_far(), self._endpoints.blocked()
        if why or not route.model:
            self._show_problem(why)
            return
        below = below_of(self._conversations.shown, draft)
        try:
            plan = await self._chat.plan(draft, route, conversation_id, below, self._choices.choices)
        except FoveaError as error:
            self._show_problem(problems.sentence(error))
        except KeyError:
            self._show_problem(self.tr("The conversation is no longer in the library."))
        else:
            self._show(plan, self._asked())

    def _awaited(self) -> str:
        names = dict([*self._conversations.pictures, *self._composing.attachments.ready]).values()
        if not names:
            return self.tr("Looking up what is sent…")
        if len(names) > 1:
            return self.tr("Preparing {count} pictures…").format(count=number_words(len(names)))
        return self.tr("Preparing {name}…").format(name=one_line(*names))

    def _asked(self) -> Asked:
        route = self._endpoints.route_so_far()
        return Asked(route.model, route.provider.limits(route.model), route.detail)

    def _show(self, plan: Plan, asked: Asked) -> None:
        self.plan = plan
        said = metered(plan, asked)
        self._meter.say(said.words, said.spoken, warns=said.warns)
        if not self._past:
            self.window.show_plan(plan, shown_plan(plan, asked, self._choices.choices.rules))
            self.window.look_at(_newest(plan, self._look_at))
            self._look_at = ""
        self.planned.emit()

    def _show_problem(self, sentence: str) -> None:
        self._forget()
        if not self._past:
            self.window.show_nothing(ShownPlan(self.tr("What is sent is not known now"), sentence))

    def _forget(self) -> None:
        self.plan = None
        self._meter.say("")
        self.planned.emit()

    # ------------------------------------------------------------- what was sent

    async def _look_up(self, message: Message) -> None:
        try:
            plan = await self._chat.sent(message.id)
        except FoveaError as error:
            self.window.show_nothing(ShownPlan(problems.sentence(error)))
        except KeyError:
            self.window.show_nothing(ShownPlan(self.tr("The answer is no longer in the library.")))
        else:
            if self._past == message.id:
                self.window.show_plan(plan, shown_plan(plan, asked_then(message, plan)))


def _newest(plan: Plan, sha256: str) -> PlannedPicture | None:
    """The newest picture of that hash."""
    return next((one for one in reversed(plan.pictures) if one.part.sha256 == sha256), None)
