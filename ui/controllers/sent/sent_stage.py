"""What stands on the stage of the inspector: the newest that was asked for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.domain.errors import PictureRefused
from ui import problems
from ui.controllers.sent.sent_pictures import SentPictures, Wanted
from ui.inspector.stage import Stage
from ui.panes.view.picture_view import PictureView
from ui.tasks import TaskOwner


class SentStage:
    """Loads one picture after the other and shows what is wanted by then: to give up a picture that is
    being decoded would end the decoder child."""

    def __init__(self, stage: Stage, view: PictureView, pictures: SentPictures, tasks: TaskOwner) -> None:
        self._stage = stage
        self._view = view
        self._pictures = pictures
        self._tasks = tasks
        self._wanted: Wanted | None = None
        self._shown: Wanted | None = None
        self._loading = False

    def show(self, wanted: Wanted) -> None:
        """Bring a picture on the stage, or say why it cannot be seen."""
        self._wanted = wanted
        if wanted.is_link:
            self._say(_tr("Only the address goes; the endpoint fetches the picture itself."))
        elif wanted.gone:
            self._say(_tr("What was sent is not kept any more. The original is still there."))
        elif self._shown is not None and wanted.key == self._shown.key:
            self._shown = wanted
            self._stage.show_picture()
        elif (image := self._pictures.known(wanted)) is not None:
            self._put(wanted, image)
        else:
            self._wait_for(wanted)

    def close(self) -> None:
        """Show nothing any more."""
        self._wanted = None

    def _wait_for(self, wanted: Wanted) -> None:
        if self._shown is None or not self._shown.same_place(wanted):
            name = wanted.picture.part.name
            self._stage.show_waiting(_tr("Opening {name}…").format(name=name))
        if not self._loading:
            self._loading = True
            self._tasks.start(self._load())

    async def _load(self) -> None:
        """Until what is wanted is there, or cannot be."""
        try:
            while (wanted := self._wanted) is not None and wanted is not self._shown:
                await self._load_one(wanted)
        finally:
            self._loading = False

    async def _load_one(self, wanted: Wanted) -> None:
        try:
            image = await self._pictures.load(wanted)
        except PictureRefused as error:
            self._give_up(wanted, problems.sentence(error))
        except KeyError:
            self._give_up(wanted, _tr("It is not in the library any more."))
        else:
            if wanted is self._wanted:
                self._put(wanted, image)

    def _give_up(self, wanted: Wanted, sentence: str) -> None:
        if wanted is self._wanted:
            self._say(sentence)

    def _put(self, wanted: Wanted, image: QImage) -> None:
        view, look, before = self._view, self._view.look(), self._shown
        view.set_image(image, wanted.picture.part.name, wanted.size)
        if look is not None and before is not None and before.same_place(wanted):
            view.take_look(look)
        self._shown = wanted
        self._stage.show_picture()

    def _say(self, sentence: str) -> None:
        self._wanted = self._shown = None
        self._stage.show_nothing(sentence)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SentStage", text)
