"""The newest pictures of a folder, and folders given in the place of pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, QStandardPaths, QTimer
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import PictureRefused
from app.pictures.camera_roll import Roll, newest
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.pictures.intake import Offer, shown_name
from ui.camera_roll.dialog import LONGEST_SIDE, CameraRollDialog
from ui.camera_roll.folder_question import MOST_AT_ONCE, ask_about_folder
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.endpoints.choices import Choices
from ui.controllers.pictures.images import to_image
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.widgets.picture_grid import GridPicture

PICTURE_SECONDS = 5.0
"""How long one small picture may take."""

_LOOKING = "look into folder"
_SHOWING = "show newest pictures"


class CameraRollController(QObject):
    """Shows a folder's newest pictures and takes in those that are chosen.

    The small ones are made by a child of its own, so that a folder of damaged files or a disk that
    does not answer holds up nothing else.
    """

    def __init__(
        self, window: MainWindow, attachments: AttachmentController, choices: Choices, tasks: TaskOwner
    ) -> None:
        super().__init__(window)
        self._window = window
        self._attachments = attachments
        self._choices = choices
        self._tasks = tasks
        self._wanted = asyncio.Event()

    def open(self, folder: Path | None = None, instead_of: str = "") -> None:
        """Show the newest pictures of `folder`, without one of that which was looked into last.

        What is chosen takes the place of the attached picture with the key `instead_of`.
        """
        chosen = self._choices.settings.pictures_folder
        dialog = CameraRollDialog(self._window)
        dialog.folder_wanted.connect(lambda: self._ask_for_folder(dialog))
        dialog.pictures_chosen.connect(lambda paths: self._take(paths, instead_of))
        dialog.grid.wanted.connect(lambda _: self._wanted.set())
        dialog.grid.verticalScrollBar().valueChanged.connect(lambda _: self._wanted.set())
        dialog.finished.connect(self._end)
        QTimer.singleShot(0, dialog, dialog.open)  # a turn of the event loop of its own
        self._tasks.start(self._show_small(dialog), _SHOWING)
        if folder is None and not chosen:
            self._look(dialog, usual_folder(), usual=True)
        else:
            self._look(dialog, folder or Path(chosen))

    def take_folder(self, key: str, path: str) -> None:
        """A folder was given in the place of a picture: ask what is meant. `key` is its refusal's."""
        self._tasks.start(self._take_folder(key, Path(path)))

    def _look(self, dialog: CameraRollDialog, folder: Path, *, usual: bool = False) -> None:
        dialog.show_looking(shown_name(folder.name or str(folder)), shown_name(str(folder)))
        self._tasks.start(self._list(dialog, folder, usual=usual), _LOOKING)

    async def _list(self, dialog: CameraRollDialog, folder: Path, *, usual: bool) -> None:
        roll = await newest(folder)
        if usual and roll.missing:
            dialog.show_no_folder()
        elif roll.problem:
            said = self.tr("This folder cannot be looked into: {reason}.")
            dialog.show_problem(said.format(reason=roll.problem))
        else:
            dialog.show_pictures(await asyncio.to_thread(_pictures, roll), roll.total, more=roll.more)

    async def _show_small(self, dialog: CameraRollDialog) -> None:
        """Make the small pictures that are in sight, one after the other, for as long as it is open."""
        decoder = Decoder(Caps(seconds=PICTURE_SECONDS, large_pixels=0))
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                while missing := dialog.grid.missing_in_sight():
                    try:
                        pixels = await decoder.pixels(Path(missing[0]), "", LONGEST_SIDE)
                    except PictureRefused:
                        dialog.grid.set_broken(missing[0])
                    else:
                        dialog.grid.set_image(missing[0], to_image(pixels))
        finally:
            await decoder.close()

    def _end(self) -> None:
        self._tasks.cancel(_LOOKING)
        self._tasks.cancel(_SHOWING)

    def _ask_for_folder(self, dialog: CameraRollDialog) -> None:
        chooser = QFileDialog(dialog, self.tr("Choose a folder of pictures"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(lambda path: self._look_elsewhere(dialog, path))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _look_elsewhere(self, dialog: CameraRollDialog, path: str) -> None:
        self._choices.change(pictures_folder=path)
        self._look(dialog, Path(path))

    def _take(self, paths: Sequence[str], instead_of: str) -> None:
        there = [chip.key for chip in self._window.composer.strip.chips()]
        offer = Offer(paths=tuple(Path(path) for path in paths))
        self._attachments.take(offer, instead_of=instead_of if instead_of in there else "")

    async def _take_folder(self, key: str, folder: Path) -> None:
        roll = await newest(folder, MOST_AT_ONCE)
        if not roll.total:
            return  # its chip says that it is a folder
        paths = [str(picture.path) for picture in roll.pictures]
        ask_about_folder(
            self._window,
            shown_name(folder.name or str(folder)),
            roll.total,
            add=lambda: self._take(paths, key),
            choose=lambda: self.open(folder, key),
        )


def usual_folder() -> Path:
    """Where this system keeps pictures."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(place) if place else Path.home()


def _pictures(roll: Roll) -> list[GridPicture]:
    locale = QLocale()
    found = []
    for picture in roll.pictures:
        name = shown_name(picture.path.name)
        changed = QDateTime.fromSecsSinceEpoch(int(picture.changed))
        when = locale.toString(changed, QLocale.FormatType.ShortFormat)
        found.append(GridPicture(str(picture.path), name, f"{name}, {when}"))
    return found
