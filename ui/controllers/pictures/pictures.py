"""Which pictures the panes show, and their pixels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal

from app.domain.errors import FoveaError
from app.services import Services
from ui import problems
from ui.controllers.pictures.dragged_pictures import DraggedPictures
from ui.controllers.pictures.images import to_image
from ui.controllers.pictures.kept_images import KeptImages
from ui.filling import imported
from ui.main_window import MainWindow
from ui.panes.view.placement import MARGIN
from ui.tasks import TaskOwner
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QMenu, QWidget

    from app.domain.picture import Pixels
    from ui.controllers.pictures.closed_panes import ClosedPanes
    from ui.controllers.pictures.glances import Glances
    from ui.controllers.pictures.picture_tiles import PictureTiles
    from ui.panes.area.arrangement import Arrangement
    from ui.panes.area.pane_area import PaneArea
    from ui.panes.filmstrip import Filmstrip
    from ui.panes.view.picture_pane import PicturePane
    from ui.widgets.offered import OfferedPictures

LONGEST_SIDE = 4096
"""Pixels of the copy of a picture that is kept to be shown; what is finer comes in tiles."""

WORTH_A_LOOK = 1.5
"""A copy as large as the pane is shown first where the other one is so many times larger."""

CONVERTED_AT_ONCE = 2_000_000
"""Pixels: a thread would take longer to begin."""

MOST_KEPT_BYTES = 100_000_000
FEWEST_FOR_A_ROW = 2

SHOWN_WITH = ("ui.panes.view.gestures", "ui.panes.view.zoom_bar")
SHOWN_AFTER = (
    "ui.controllers.regions.drawing",
    "ui.panes.filmstrip",
    "app.chat.picture_policy",
    "ui.controllers.pictures.picture_marks",
)
"""Imported one after the other, while the first picture is read and behind it."""

_PREVIEW = "preview of a dropped picture"


class PictureController(QObject):
    """Keeps the panes and the row of pictures in step with the conversation's pictures.

    How the panes of a conversation stand is kept until the program ends.
    """

    strip_made = Signal(object)
    """There is a row of pictures now (a Filmstrip)."""

    def __init__(
        self, window: MainWindow, services: Services, files: DraggedPictures, tasks: TaskOwner
    ) -> None:
        super().__init__(window)
        self._files = files
        self._window = window
        self._panes = window.panes
        self._services = services
        self._tasks = tasks
        self._names: dict[str, str] = {}
        self._conversation_id = ""
        self._arrangements: dict[str, Arrangement] = {}
        self._copies = KeptImages(MOST_KEPT_BYTES)
        self._sizes: dict[str, QSize] = {}
        self._previewed: tuple[str, QImage] | None = None
        self._reading = False
        self._making, self._bringing, self._turning = Steps(self), Steps(self), Steps(self)
        self._coming: tuple[dict[str, str], str, bool] | None = None
        """The pictures of another conversation, their names and what is set with them, until its panes
        stand."""
        self._closed: ClosedPanes | None = None
        """What closed with pictures that went away, once one did."""
        self._turned_up: int | None = None
        """How many panes got a picture while another conversation is being opened."""
        self._waiting: dict[PicturePane, str] = {}
        self.menu_fillers: list[Callable[[str, QMenu], object]] = []
        """Each adds its rows to the menu of a picture in the row."""

        self._panes.picture_wanted.connect(self._bring)
        self._panes.current_changed.connect(self._mark_current)
        self._panes.pane_removed.connect(self._forget)
        self._panes.pane_added.connect(self._hear)
        self._panes.command_coming.connect(self._arrive)
        for pane in self._panes.panes():
            self._hear(pane)

    def set_pictures(
        self, pictures: list[tuple[str, str]], conversation_id: str = "", *, reading: bool = False
    ) -> None:
        """The (sha256, name) of every picture of a conversation, oldest first; what is new is shown.

        `reading`: others are still being taken in. Several panes of another conversation stand a little
        later, for its words come in the same frame.
        """
        self._coming = dict(pictures), conversation_id, reading
        if conversation_id != self._conversation_id and conversation_id in self._arrangements:
            self._turning.run(_once(self._arrive))
        else:
            self._arrive()

    def _arrive(self) -> None:
        """Take the pictures that were set last, unless that was done."""
        if self._coming is None:
            return
        (names, conversation_id, self._reading), self._coming = self._coming, None
        if conversation_id != self._conversation_id:
            self._turn_to(conversation_id, names)
        added = [sha256 for sha256 in names if sha256 not in self._names]
        gone = frozenset(self._names) - frozenset(names)
        before = self._panes.arrangement() if gone else None
        self._names = names
        lost = self._panes.set_pictures(names)
        if len(names) >= FEWEST_FOR_A_ROW or "_strip" in self.__dict__:
            self._strip.set_pictures(list(names.items()))
            self._panes.get_ready()
        back = self._closed.back(added, names, self._panes.arrangement()) if self._closed else None
        if back is not None:
            self._restore(back, names)
        elif added:
            self.show_picture(added[-1])
        elif lost and names and not self._panes.active_group.sha256:
            self.show_picture(next(reversed(names)))
        elif not names and self._previewed is None:
            self._panes.active.show_empty()
        if before is not None:
            self._closed = _noted(self._closed, before, gone, self._panes.arrangement())
        self._mark_current(self._panes.active_group.sha256)
        if self._previewed is not None and not self._reading:
            self._end_preview()

    def show_picture(self, sha256: str) -> None:
        """Show one of the pictures in the active pane."""
        self._arrive()
        if sha256 in self._names:
            self._panes.active_group.show_picture(sha256)

    def open_beside(self, sha256: str) -> None:
        """Show one of the pictures in a pane of its own."""
        from ui.panes.area.arrangement import Side, Tab

        self._arrive()
        if sha256 in self._names:
            self._panes.open_beside(Tab(sha256), Side.RIGHT)

    def open_tab(self, sha256: str) -> None:
        """Show one of the pictures in the active pane, in a tab of its own."""
        from ui.panes.area.arrangement import Tab

        self._arrive()
        if sha256 in self._names:
            self._panes.open_tab(Tab(sha256))

    def preview(self, offered: OfferedPictures, then: Callable[[], object]) -> None:
        """Show what was dropped while it is taken in, which `then` begins.

        It waits until the decoder reads the picture to be shown: nothing is to come before that.
        """
        if offered.paths:
            self._tasks.start(self._look_at(Path(offered.paths[0])), _PREVIEW)
        QTimer.singleShot(1, self, then)

    async def close(self) -> None:
        """End what reads pictures."""
        if "_tiles" in self.__dict__:
            await self._tiles.close()
        if "glances" in self.__dict__:
            await self.glances.close()

    def _get_ready(self, pane: PicturePane) -> None:
        """Make what stands over a picture and beside it while the first one is being read."""
        if "bar" not in pane.view.__dict__ and not self._making.busy:
            self._making.run(_made_for(pane, self._panes))

    def _forget(self, pane: PicturePane) -> None:
        self._tasks.cancel(_task_of(pane))
        self._waiting.pop(pane, None)
        if "_tiles" in self.__dict__:
            self._tiles.forget(pane)

    def _hear(self, pane: PicturePane) -> None:
        pane.view.tiles_wanted.connect(lambda keys: self._tiles.want(pane, keys))
        pane.view.drag_requested.connect(lambda: self._drag(pane.view, pane.sha256))

    @cached_property
    def _tiles(self) -> PictureTiles:
        """What reads pictures closely, made when one is first looked at so."""
        from ui.controllers.pictures.picture_tiles import PictureTiles

        return PictureTiles(self._services, self._tasks, self)

    @cached_property
    def glances(self) -> Glances:
        """What reads pictures to be shown at once."""
        from ui.controllers.pictures.glances import Glances

        return Glances(self._services, self._tasks, self)

    @cached_property
    def _strip(self) -> Filmstrip:
        strip = self._window.filmstrip
        strip.picture_chosen.connect(self.show_picture)
        strip.beside_requested.connect(self.open_beside)
        strip.tab_requested.connect(self.open_tab)
        strip.menu_requested.connect(self._show_menu)
        strip.drag_requested.connect(lambda sha256: self._drag(strip.list, sha256))
        self.strip_made.emit(strip)
        return strip

    def _drag(self, source: QWidget, sha256: str) -> None:
        """Let a picture be dropped on a pane, or on another program, which is given a file with it."""
        from ui.controllers.pictures.picture_drag import begin

        if sha256 in self._names:
            tile = self._strip.tile(sha256) if "_strip" in self.__dict__ else None
            begin(source, sha256, self._names[sha256], tile, self._files)

    def _show_menu(self, sha256: str, at: QPoint) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open beside"), lambda: self.open_beside(sha256))
        menu.addAction(self.tr("Open in a tab"), lambda: self.open_tab(sha256))
        for fill in self.menu_fillers:
            menu.addSeparator()
            fill(sha256, menu)
        menu.popup(at)

    def _turn_to(self, conversation_id: str, names: dict[str, str]) -> None:
        """Another conversation is open, or the one that was begun has got its name."""
        from ui.panes.area.arrangement import Leaf, without

        before, self._conversation_id = self._conversation_id, conversation_id
        begun = not before and conversation_id not in self._arrangements and set(self._names) <= set(names)
        if begun:
            return
        if before:
            self._arrangements[before] = self._panes.arrangement()
        kept = without(self._arrangements.get(conversation_id, Leaf()), frozenset(names))
        self._names = names if kept != Leaf() else {}
        self._closed = None
        self._restore(kept, names)

    def _restore(self, kept: Arrangement, names: dict[str, str]) -> None:
        """Let the panes stand as in `kept`, their pictures one after the other."""
        self._turned_up = 0
        self._panes.restore(kept, names)
        self._turned_up = None
        if self._waiting:
            self._bringing.run(self._bring_waiting())

    def _mark_current(self, sha256: str) -> None:
        if "_strip" in self.__dict__:
            self._strip.set_current(sha256)

    def _bring(self, pane: PicturePane, sha256: str) -> None:
        """Let a pane show a picture as soon as its pixels are there."""
        self._tasks.cancel(_task_of(pane))
        self._waiting.pop(pane, None)
        name, first = self._names.get(sha256, ""), not self._turned_up
        if self._turned_up is not None and sha256:
            self._turned_up += 1
        if not sha256:
            pane.show_empty(below=len(self._names) >= FEWEST_FOR_A_ROW)
        elif not first:
            pane.show_loading(name)
            self._waiting[pane] = sha256
        elif (image := self._copies.get(sha256)) is not None:
            pane.show_picture(image, name, self._sizes[sha256], sha256)
        else:
            quick = self._take_preview(name)
            if quick is None:
                pane.show_loading(name)
                self._get_ready(pane)
            self._tasks.start(self._read(pane, sha256, name, quick), _task_of(pane))

    def _bring_waiting(self) -> Iterator[None]:
        """The further pictures of another conversation, one a step."""
        while self._waiting:
            pane, sha256 = next(iter(self._waiting.items()))
            self._bring(pane, sha256)
            yield

    async def _read(self, pane: PicturePane, sha256: str, name: str, quick: QImage | None) -> None:
        pictures = self._services.store.pictures
        try:
            picture = await pictures.get(sha256)
            path, size = pictures.path(sha256), QSize(picture.width, picture.height)
            whole = min(LONGEST_SIDE, max(picture.width, picture.height))
            side = _side(pane)
            if quick is None and side * WORTH_A_LOOK < whole:
                quick = await _converted(await self._services.decoder.glance(path, name, side, kept=True))
            if quick is not None:
                pane.show_picture(quick, name, size, sha256)
            image = await _converted(await self._services.decoder.pixels(path, name, LONGEST_SIDE))
        except FoveaError as error:
            pane.show_problem(problems.sentence(error))
            return
        if quick is None:
            pane.show_picture(image, name, size, sha256)
        else:
            pane.view.refine(image)
        self._sizes[sha256] = size
        self._copies.keep(sha256, image)

    async def _look_at(self, path: Path) -> None:
        pane, before = self._panes.active, set(self._names)
        self._reading = True
        self._get_ready(pane)
        try:
            image = await _converted(await self.glances.look(path, path.name, _side(pane)))
        except FoveaError:
            return  # its chip says why
        came = [name for sha256, name in self._names.items() if sha256 not in before]
        if not self._reading or path.name in came:
            return  # it was taken in sooner
        self._previewed = (path.name, image)
        pane.show_picture(image, path.name)

    def _take_preview(self, name: str) -> QImage | None:
        """What was shown of a dropped picture that has been taken in, for the pane to go on with."""
        previewed, self._previewed = self._previewed, None
        return previewed[1] if previewed is not None and previewed[0] == name else None

    def _end_preview(self) -> None:
        """What was dropped is not taken in: show again what was shown before it."""
        self._previewed = None
        group = self._panes.active_group
        if group.pane.state == "picture" and not group.pane.sha256:
            self._bring(group.pane, group.sha256)


def _noted(
    closed: ClosedPanes | None, before: Arrangement, gone: frozenset[str], after: Arrangement
) -> ClosedPanes:
    from ui.controllers.pictures.closed_panes import ClosedPanes  # most take no picture away

    closed = closed or ClosedPanes()
    closed.note(before, gone, after)
    return closed


async def _converted(read: Pixels) -> QImage:
    if read.width * read.height <= CONVERTED_AT_ONCE:
        return to_image(read)
    last = [read]
    del read
    return await asyncio.to_thread(lambda: to_image(last.pop()))  # the thread gives their memory back


def _task_of(pane: PicturePane) -> str:
    return f"show picture in pane {id(pane)}"


def _made_for(pane: PicturePane, panes: PaneArea) -> Iterator[None]:
    """Steps of some milliseconds; what another pane needs is here with the first."""
    yield from imported(SHOWN_WITH)
    if pane in panes.panes():  # it may have been closed meanwhile
        pane.view.bar  # noqa: B018  made here
    yield from imported(SHOWN_AFTER)


def _once(deed: Callable[[], object]) -> Iterator[None]:
    """A single step, to be taken by turns with the steps of others: a timer would add to one of those."""
    deed()
    yield


def _side(pane: PicturePane) -> int:
    """The longer side of a copy that fits into a pane, in pixels of the screen."""
    size, ratio = pane.size(), pane.devicePixelRatioF()
    return max(256, round((max(size.width(), size.height()) - 2 * MARGIN) * ratio))
