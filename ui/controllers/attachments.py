"""Pictures on their way into the next question."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.conversation import Draft
from app.domain.errors import PictureRefused, StoreFailed
from app.domain.picture import Attachment
from app.pictures.intake import Fetch, Offer
from app.pictures.web_picture import fetch_picture, host_of
from app.services import Services
from ui import problems
from ui.composer.attachment_strip import AttachmentChip
from ui.composer.composer import Composer
from ui.controllers.images import to_pixels
from ui.tasks import TaskOwner
from ui.widgets.offered import OfferedPictures


@dataclass(slots=True)
class _Item:
    key: str
    name: str
    state: str = "reading"
    note: str = ""
    sha256: str = ""
    link: str = ""
    from_web: bool = False
    instead_of: str = ""


class AttachmentController(QObject):
    """Takes offered pictures in and shows each as a chip: reading, ready or refused and why.

    A picture on the web is fetched when the user says so, each time anew.
    """

    changed = Signal()
    """The ready pictures changed."""

    thumbnail_wanted = Signal(str)

    link_taker: Callable[[], str] = staticmethod(lambda: "")
    """Names the endpoint that will answer, where it can be sent addresses of pictures."""

    def __init__(self, composer: Composer, services: Services, tasks: TaskOwner, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self._services = services
        self._tasks = tasks
        self._window = window
        self._items: list[_Item] = []
        self._settled = asyncio.Event()
        self._settled.set()
        composer.attachment_removed.connect(self._remove)
        composer.attachment_swap_requested.connect(self.ask_for_another)
        composer.attach_requested.connect(self.ask_for_files)

    @property
    def ready(self) -> tuple[tuple[str, str], ...]:
        """The (sha256, name) of the pictures that would be sent now."""
        return tuple((item.sha256, item.name) for item in self._items if item.state == "ready")

    @property
    def links(self) -> dict[str, str]:
        """The addresses to send instead of their pictures, by the pictures' hashes."""
        return {item.sha256: item.link for item in self._items if item.state == "ready" and item.link}

    @property
    def reading(self) -> bool:
        """Whether a picture is still being taken in."""
        return any(item.state == "reading" for item in self._items)

    def offer(self, offered: OfferedPictures, pasted: bool = False) -> None:
        """Take in what was dropped or pasted."""
        image = offered.image
        self._take(
            Offer(
                paths=tuple(Path(path) for path in offered.paths),
                blobs=tuple(offered.blobs),
                pixels=to_pixels(image) if image is not None else None,
                urls=tuple(offered.urls),
                pasted=pasted,
            )
        )

    def open_paths(self, paths: list[str]) -> None:
        """Take in files by path."""
        if paths:
            self._take(Offer(paths=tuple(Path(path) for path in paths)))

    def ask_for_files(self) -> None:
        """Let the user choose picture files."""
        dialog = self._file_dialog(self.tr("Open pictures"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.open_paths)
        dialog.open()

    def ask_for_another(self, key: str) -> None:
        """Let the user choose a picture file for the place of an attached one."""
        dialog = self._file_dialog(self.tr("Open another picture"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.filesSelected.connect(lambda paths: self.swap(key, Path(paths[0])))
        dialog.open()

    def swap(self, key: str, path: Path) -> None:
        """Put a picture file in the place of an attached one, which stays where it is refused."""
        if any(item.key == key for item in self._items):
            self._take(Offer(paths=(path,)), instead_of=key)

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setNameFilters(
            [
                self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.avif)",
                self.tr("All files") + " (*)",
            ]
        )
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    async def settled(self) -> None:
        """Wait until no picture of this computer is being taken in."""
        await self._settled.wait()

    def restore(self, draft: Draft) -> None:
        """Put back the pictures of a saved draft, instead of those there are."""
        for item in self._items:
            self._tasks.cancel(_taking(item))
        self._items = []
        for sha256, name in draft.pictures:
            item = _Item(os.urandom(16).hex(), name)
            self._make_ready(item, sha256, draft.links.get(sha256, ""))
            self._items.append(item)
        self._show()

    def drop_sent(self, sent: Draft) -> None:
        """The pictures of `sent` are in a question now; what was refused is not told again."""
        gone = {sha256 for sha256, _ in sent.pictures}
        self._items = [i for i in self._items if i.sha256 not in gone and i.state != "refused"]
        self._show()

    def _take(
        self, offer: Offer, fetch: Fetch | None = None, *, as_link: bool = False, instead_of: str = ""
    ) -> None:
        names = [path.name for path in offer.paths] or [self.tr("Picture")]
        waiting = [
            _Item(os.urandom(16).hex(), name, from_web=fetch is not None, instead_of=instead_of)
            for name in names
        ]
        keys = [item.key for item in self._items]
        place = keys.index(instead_of) + 1 if instead_of else len(keys)
        self._items[place:place] = waiting
        self._show()
        name = _taking(waiting[0]) if fetch else ""  # one that comes from the web can be given up
        self._tasks.start(self._take_in(offer, waiting, fetch, as_link), name)

    async def _take_in(self, offer: Offer, waiting: list[_Item], fetch: Fetch | None, as_link: bool) -> None:
        try:
            async for taken in self._services.intake.take(offer, fetch):
                item = waiting.pop(0) if waiting else self._added()
                self._settle(item, taken, as_link)
        except StoreFailed as error:
            for item in waiting:
                item.state, item.note = "refused", problems.sentence(error)
        else:
            self._items = [item for item in self._items if item not in waiting]
        self._show()

    def _added(self) -> _Item:
        item = _Item(os.urandom(16).hex(), "")
        self._items.append(item)
        return item

    def _settle(self, item: _Item, taken: Attachment | PictureRefused, as_link: bool) -> None:
        if item not in self._items:  # the user took it away
            return
        link = taken.link if as_link and isinstance(taken, Attachment) else ""
        if isinstance(taken, PictureRefused):
            item.state, item.note = "refused", self.tr("Not opened: {reason}.").format_map(taken.facts)
            if taken.url:
                self._ask_to_fetch(item, taken.url)
        elif there := [other for other in self._items if other.sha256 == taken.picture.sha256]:
            self._items.remove(item)
            if there[0].key != item.instead_of:
                self._make_room(item)
            if link:
                self._make_ready(there[0], taken.picture.sha256, link)
        else:
            item.name = taken.name
            self._make_room(item)
            self._make_ready(item, taken.picture.sha256, link)
        self._show()

    def _make_room(self, item: _Item) -> None:
        """A picture is there: the one in whose place it was chosen goes."""
        self._items = [other for other in self._items if other.key != item.instead_of]

    def _make_ready(self, item: _Item, sha256: str, link: str) -> None:
        item.state, item.sha256, item.link = "ready", sha256, link
        item.note = (
            self.tr("Goes as a link where the endpoint takes links: {url}").format(url=link) if link else ""
        )

    def _ask_to_fetch(self, item: _Item, url: str) -> None:
        """Ask the user; with a yes, the picture takes the place of its refusal."""
        from ui.composer.web_question import ask_to_fetch

        def fetch(as_link: bool) -> None:
            self._remove(item.key)
            gate = self._services.gate
            self._take(Offer(urls=(url,)), lambda agreed: fetch_picture(gate, agreed), as_link=as_link)

        taker = self.link_taker() if url.startswith("https:") else ""
        if host := host_of(url):
            ask_to_fetch(self._window, host, url, taker, fetch)

    def _remove(self, key: str) -> None:
        for item in self._items:
            if item.key == key:
                self._tasks.cancel(_taking(item))
        self._items = [item for item in self._items if item.key != key]
        self._show()

    def _show(self) -> None:
        self._composer.set_attachments(
            [AttachmentChip(i.key, i.name, i.state, i.note, i.sha256) for i in self._items]
        )
        if any(item.state == "reading" and not item.from_web for item in self._items):
            self._settled.clear()
        else:
            self._settled.set()
        for item in self._items:
            if item.sha256:
                self.thumbnail_wanted.emit(item.sha256)
        self.changed.emit()


def _taking(item: _Item) -> str:
    return f"take {item.key}"
