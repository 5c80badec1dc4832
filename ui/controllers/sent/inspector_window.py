"""The inspector's dialog, made when it is first opened, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal

from app.chat.plan import Plan, PlannedPicture
from app.domain.errors import PictureRefused
from app.domain.picture import Detail
from app.services import Services
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.pictures.images import to_image
from ui.controllers.sent.sent_pictures import SentPictures, Wanted
from ui.controllers.sent.sent_words import BY_ROUTE, picture_id
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from ui.controllers.sent.sent_stage import SentStage
    from ui.inspector.dialog import InspectorDialog
    from ui.inspector.shown import ShownPlan

THUMBNAIL = 160


class InspectorWindow(QObject):
    """At most one dialog at a time."""

    closed = Signal()
    rule_chosen = Signal(str, str)
    """The hash of a picture, and the rule by which it is to go along with later questions."""

    menu_requested = Signal(str, QPoint)
    """The menu of the picture with this hash was asked for, at a place of the screen."""

    def __init__(
        self, window: MainWindow, services: Services, attachments: AttachmentController, tasks: TaskOwner
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._attachments = attachments
        self._tasks = tasks
        self._pictures = SentPictures(services)
        self._plan: Plan | None = None
        self._stage: SentStage | None = None
        self._steps = Steps(self)
        self._waiting: list[Callable[[InspectorDialog], object]] = []
        self._made: InspectorDialog | None = None
        """The dialog while it is not complete."""
        self.dialog: InspectorDialog | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody looks at it."""
        return self.dialog is not None or self._made is not None

    def open(self) -> None:
        """Make the dialog in steps and show it, or bring it to the front."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
        elif self._made is None:
            self._steps.run(self._open())

    def close(self) -> None:
        """Close the dialog, if it is open, and make none that was asked for."""
        self._steps.run(iter(()))
        if self.dialog is not None:
            self.dialog.close()
        elif self._made is not None:
            self._forget()

    def show_plan(self, plan: Plan, shown: ShownPlan) -> None:
        """Show a plan where the dialog is open."""
        before = self._plan
        self._plan = plan
        self._do(lambda dialog: dialog.show_plan(shown))
        if before is None:
            self._do(lambda dialog: dialog.take_keyboard())

    def show_nothing(self, shown: ShownPlan) -> None:
        """Say why there is no plan."""
        self._plan = None
        self._do(lambda dialog: dialog.show_plan(shown))

    def show_waiting(self, sentence: str) -> None:
        """Something newer is on its way, for where the dialog is open."""
        self._do(lambda dialog: dialog.show_waiting(sentence))

    def look_at(self, picture: PlannedPicture | None) -> None:
        """Show one of the pictures of the plan."""
        if picture is not None:
            self._do(lambda dialog: dialog.look_at(picture_id(picture)))

    def _do(self, deed: Callable[[InspectorDialog], object]) -> None:
        """Do something with the dialog where it is open, after what waits until it has been seen."""
        if self._steps.busy:
            self._waiting.append(deed)
        elif self.dialog is not None:
            deed(self.dialog)

    def _open(self) -> Iterator[None]:
        """Make the dialog, show it, and then do with it what was asked for meanwhile."""
        yield from self._make()
        dialog = self.dialog
        while self._waiting and dialog is not None and dialog is self.dialog:
            self._waiting.pop(0)(dialog)
            yield

    def _make(self) -> Iterator[None]:
        from ui.controllers.sent.sent_stage import SentStage  # not before somebody looks
        from ui.inspector.dialog import InspectorDialog
        from ui.panes.view.picture_view import PictureView

        view = PictureView()
        self._made = dialog = InspectorDialog(view, self._window)
        yield
        yield from dialog.build()
        yield
        self._stage = SentStage(dialog.stage, view, self._pictures, self._tasks)
        dialog.picture_wanted.connect(self._want)
        dialog.way_chosen.connect(self._choose_way)
        for asked, told in (
            (dialog.rule_chosen, self.rule_chosen),
            (dialog.menu_requested, self.menu_requested),
        ):
            asked.connect(lambda chosen, what, told=told: self._tell(told, chosen, what))
        dialog.list.thumbnail_wanted.connect(lambda sha256: self._tasks.start(self._fetch(sha256)))
        dialog.finished.connect(self._forget)
        dialog.show()
        dialog.activateWindow()
        self.dialog, self._made = dialog, None
        yield

    def _forget(self) -> None:
        dialog, stage = self.dialog or self._made, self._stage
        self._waiting.clear()
        self.dialog = self._made = self._stage = self._plan = None
        if stage is not None:
            stage.close()
        if dialog is not None:
            dialog.deleteLater()
        self.closed.emit()

    def _choose_way(self, chosen: str, way: str) -> None:
        picture = self._picture(chosen)
        if picture is not None:
            sha256 = picture.part.sha256
            detail = None if way == BY_ROUTE else Detail(way)
            treatment = self._attachments.treatment(sha256).replace(detail=detail)
            words = self.tr("choose how a picture is sent")
            self._attachments.choose_treatment(sha256, treatment, words)

    def _tell(self, told: SignalInstance, chosen: str, what: object) -> None:
        picture = self._picture(chosen)
        if picture is not None:
            told.emit(picture.part.sha256, what)

    def _picture(self, wanted: str) -> PlannedPicture | None:
        pictures = self._plan.pictures if self._plan is not None else ()
        return next((picture for picture in pictures if picture_id(picture) == wanted), None)

    # ------------------------------------------------------------- pictures

    def _want(self, chosen: str, number: int, original: bool) -> None:
        picture = self._picture(chosen)
        if picture is None or self._stage is None:
            return
        view = picture.seen[number] if number < len(picture.seen) else None
        self._stage.show(Wanted((chosen, number), picture, view, original))

    async def _fetch(self, sha256: str) -> None:
        try:
            image = to_image(await self._services.thumbnails.get(sha256, THUMBNAIL))
        except PictureRefused:
            return  # the stage says why
        if self.dialog is not None:
            self.dialog.set_thumbnail(sha256, image)
