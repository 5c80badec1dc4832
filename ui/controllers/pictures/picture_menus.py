"""The menu of a picture of the conversation: how it goes along with the questions after its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.chat.describing import described
from app.domain.errors import FoveaError
from app.domain.message import PicturePart, Role
from app.domain.model import Limits
from app.domain.region import PictureRule, Treatment
from app.services import Services
from ui import problems
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.endpoints.chosen import QUICK_LOOK
from ui.controllers.endpoints.endpoints import EndpointController
from ui.controllers.pictures.picture_choices import PictureChoicesController
from ui.inspector.choice_menu import Chosen, Deeds, add_to
from ui.inspector.description_dialog import DescriptionDialog
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

_LOOK = "describe a picture"


class PictureMenus(QObject):
    """Fills menus and lets descriptions be written."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        endpoints: EndpointController,
        choices: PictureChoicesController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._endpoints = endpoints
        self._choices = choices
        self._tasks = tasks
        self.inspect: Callable[[str], object] = lambda _sha256: None
        """Shows what is sent of a picture."""

        self.treatment: Callable[[str], Treatment] = lambda _sha256: Treatment()
        """What is done with a picture on its way."""

        self.names: Callable[[], dict[str, str]] = dict
        """Those of all pictures by their hashes, attached ones too."""

    def pop_up(self, sha256: str, at: QPoint, inspector: QWidget | None = None) -> None:
        """Show the menu of a picture at a place of the screen, over the `inspector` that shows it."""
        menu = QMenu(inspector or self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(sha256, menu, inspector)
        menu.popup(at)

    def fill(self, sha256: str, menu: QMenu, inspector: QWidget | None = None) -> None:
        """Add the rows of a picture, which the `inspector` shows already where there is one."""
        choices = self._choices
        chosen = Chosen(choices.rule(sha256).value, choices.choices.last, self._note())
        deeds = Deeds(
            set_rule=lambda rule: choices.set_rule(sha256, PictureRule(rule)),
            set_last=lambda last: choices.change(last=last),
            describe=lambda: self.describe(sha256, inspector),
            inspect=None if inspector is not None else lambda: self.inspect(sha256),
        )
        add_to(menu, chosen, deeds)

    def describe(self, sha256: str, inspector: QWidget | None = None) -> DescriptionDialog:
        """Let the user write or take the words that stand in the place of a picture, over the window or
        the `inspector`."""
        name = self.names().get(sha256, self.tr("Picture"))
        kept = self._choices.choices.descriptions.get(sha256, "")
        dialog = DescriptionDialog(name, kept, inspector or self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda: self._tasks.cancel(_LOOK))
        part = PicturePart(sha256=sha256, name=name, treatment=self.treatment(sha256))
        covers = part.treatment.redactions
        if kept and self._choices.choices.is_outdated(sha256, covers):
            dialog.show_outdated()
        dialog.agreed.connect(lambda words: self._choices.describe(sha256, words, covers))
        dialog.look_requested.connect(lambda: self._tasks.start(self._look(part, dialog), _LOOK))
        if answer_id := self._answer_to(sha256):
            dialog.offer_answer()
            dialog.answer_requested.connect(lambda: self._tasks.start(self._take(answer_id, dialog), _LOOK))
        dialog.open()
        return dialog

    def _note(self) -> str:
        """What the limits of the model do besides."""
        route = self._endpoints.route_so_far()
        if not route.model:
            return ""
        if route.sees is False:
            return self.tr("This model takes no pictures")
        count = len(self.names())
        return self._limit(route.provider.limits(route.model), count)

    def _limit(self, limits: Limits, count: int) -> str:
        if limits.single_turn:
            return self.tr("This model hears only the newest question and its pictures")
        if limits.most_pictures == 1:
            return self.tr("This model takes one picture: the newest goes along")
        if limits.most_pictures < count:
            said = self.tr("This model takes {count} pictures: the newest go along")
            return said.format(count=limits.most_pictures)
        return ""

    def _answer_to(self, sha256: str) -> str:
        """The id of the shown answer to the newest question with a picture, empty for none."""
        thread = self._conversations.shown
        branch = thread.branch if thread is not None else ()
        asked = next(
            (node.id for node in reversed(branch) if sha256 in [p.sha256 for p in node.pictures]), ""
        )
        answers = (n.id for n in branch if n.parent_id == asked and n.role is Role.ASSISTANT and n.characters)
        return next(answers, "") if asked else ""

    async def _take(self, answer_id: str, dialog: DescriptionDialog) -> None:
        answer = await self._conversations.message(answer_id)
        if answer is not None:
            dialog.show_words(answer.text)

    async def _look(self, part: PicturePart, dialog: DescriptionDialog) -> None:
        dialog.show_busy(True)
        services, pictures = self._services, self._services.store.pictures
        try:
            picture, path = await pictures.get(part.sha256), pictures.path(part.sha256)
            provider = services.registry.provider(QUICK_LOOK)
            words = await described(provider, QUICK_LOOK, services.decoder, path, picture, part)
        except FoveaError as error:
            dialog.show_problem(problems.sentence(error))
        except KeyError:
            dialog.show_problem(self.tr("The picture is not in the library any more."))
        else:
            dialog.show_words(words)
