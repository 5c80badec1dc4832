"""Pictures on their way into the next question."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.conversation import Draft
from app.domain.errors import PictureRefused, StoreFailed
from app.domain.picture import Attachment
from app.domain.region import Redaction, Treatment
from app.pictures.intake import Fetch, Offer
from app.pictures.web_picture import fetch_picture, host_of
from app.services import Services
from ui import problems
from ui.composer.attachment_chip import AttachmentChip
from ui.composer.composer import Composer
from ui.controllers.pictures.images import to_pixels
from ui.tasks import TaskOwner
from ui.widgets.offered import OfferedPictures


class _Item:
    def __init__(self, name: str, instead_of: str = "") -> None:
        self.key = os.urandom(16).hex()
        self.name = name
        self.instead_of = instead_of
        self.sha256 = self.link = ""
        self.again: Callable[[], None] | None = None
        self.read(from_web=False)

    def read(self, *, from_web: bool) -> None:
        """It is being taken in, the first time or again."""
        self.state, self.note, self.large, self.from_web = "reading", "", False, from_web


class Removed(NamedTuple):
    """A picture that was ready, where its chip stood, and what was to be done with it."""

    sha256: str
    name: str
    link: str
    place: int
    treatment: Treatment | None


class Swapped(NamedTuple):
    """A picture that went into the place of another one, which was taken away for it."""

    removed: Removed
    sha256: str
    name: str
    was_there: bool
    """It was attached before, in another place."""


class Treated(NamedTuple):
    """What is done with a ready picture was chosen anew; `words` are what that is called."""

    sha256: str
    before: Treatment
    after: Treatment
    words: str


Deed = Removed | Swapped | Treated
"""What the user did to the pictures of the next question."""

NOTHING_DONE = Treatment()


class AttachmentController(QObject):
    """Takes offered pictures in and shows each as a chip: reading, ready or refused and why.

    A picture on the web is fetched when the user says so, each time anew.
    """

    changed = Signal()
    """The ready pictures changed."""

    treatments_changed = Signal()
    """Something else is done with the pictures on their way."""

    question_left = Signal()
    """The next question is another one: it was sent, or another is written now."""

    done = Signal(object)
    """The user did something that can be taken back (a Deed)."""

    taking = Signal()
    """More pictures are being taken in."""

    thumbnail_wanted = Signal(str)

    folder_given = Signal(str, str)
    """A folder was given in the place of a picture: the key of its refusal, and its path."""

    link_taker: Callable[[], str] = staticmethod(lambda: "")
    """Names the endpoint that will answer, where it can be sent addresses of pictures."""

    covers: Callable[[str], tuple[Redaction, ...]] = staticmethod(lambda _sha256: ())
    """What is covered on a picture in the open conversation: it stays so until it is taken off."""

    has_frames: Callable[[str], bool] = staticmethod(lambda _sha256: False)
    """Whether a picture is known to have further frames or pages to choose from."""

    def __init__(self, composer: Composer, services: Services, tasks: TaskOwner, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self._services = services
        self._tasks = tasks
        self._window = window
        self._items: list[_Item] = []
        self._treatments: dict[str, Treatment] = {}
        self._settled = asyncio.Event()
        self._settled.set()
        composer.attachment_removed.connect(lambda key: self._remove(key, by_hand=True))
        composer.attachment_swap_requested.connect(self.ask_for_another)
        composer.attach_requested.connect(self.ask_for_files)
        composer.strip.anyway_requested.connect(lambda key: _open_anyway(self._items, key))

    @property
    def ready(self) -> tuple[tuple[str, str], ...]:
        """The (sha256, name) of the pictures that would be sent now."""
        return tuple((item.sha256, item.name) for item in self._items if item.state == "ready")

    @property
    def links(self) -> dict[str, str]:
        """The addresses to send instead of their pictures, by the pictures' hashes."""
        return {item.sha256: item.link for item in self._items if item.state == "ready" and item.link}

    @property
    def treatments(self) -> dict[str, Treatment]:
        """What is done with the ready pictures on their way, by their hashes."""
        ready = [sha256 for sha256, _ in self.ready]
        return {sha256: self._treatments[sha256] for sha256 in ready if sha256 in self._treatments}

    def treatment(self, sha256: str) -> Treatment:
        """What is done with a picture if it is sent now, attached or not."""
        done = self._treatments.get(sha256)
        return Treatment(redactions=self.covers(sha256)) if done is None else done

    def set_treatment(self, sha256: str, treatment: Treatment) -> None:
        """Do this with a picture on its way, and nothing else."""
        if treatment == self.treatment(sha256):
            return
        self._treatments[sha256] = treatment
        if treatment == NOTHING_DONE and not self.covers(sha256):
            del self._treatments[sha256]
        self._show()
        self.treatments_changed.emit()

    def choose_treatment(self, sha256: str, treatment: Treatment, words: str) -> None:
        """As `set_treatment`; it can be taken back as what `words` call it."""
        before = self.treatment(sha256)
        self.set_treatment(sha256, treatment)
        if treatment != before:
            self.done.emit(Treated(sha256, before, treatment, words))

    @property
    def reading(self) -> bool:
        """Whether a picture is still being taken in."""
        return any(item.state == "reading" for item in self._items)

    def offer(self, offered: OfferedPictures, pasted: bool = False, *, instead_of: str = "") -> None:
        """Take in what was dropped or pasted, the first in the place of the attached picture with the
        key `instead_of`, as far as that is still there."""
        self.take(offer_of(offered, pasted=pasted), instead_of=instead_of)

    def bring(
        self, sha256: str, name: str, removed: Removed | None = None, *, treatment: Treatment | None = None
    ) -> None:
        """Attach a picture of the library, unless it is; one without a hash is not in there yet. What
        was `removed` stands where it was, with what was drawn on it; regions drawn since stay. Another
        one gets this `treatment` at once: to lay out its chip twice takes longer than a frame."""
        if not sha256:
            return
        there = any(item.sha256 == sha256 for item in self._items)
        if not there:
            item = _Item(name)
            self._make_ready(item, sha256, removed.link if removed else "")
            self._items.insert(removed.place if removed else len(self._items), item)
        done = removed.treatment if removed else treatment
        if done and not (there and self.treatment(sha256).regions):
            self._treatments[sha256] = done
        if removed or not there:
            self._show()
        if removed or done:
            self.treatments_changed.emit()

    def take_back(self, sha256: str) -> Removed | None:
        """Attach a picture no more. Returns what brings it back; None where it is not attached."""
        keys = [item.key for item in self._items if item.sha256 == sha256]
        return self._remove(keys[0]) if sha256 and keys else None

    def open_paths(self, paths: list[str]) -> None:
        """Take in files by path."""
        if paths:
            self.take(Offer(paths=tuple(Path(path) for path in paths)))

    def ask_for_files(self) -> None:
        """Let the user choose picture files."""
        from ui.controllers.pictures.picture_dialog import picture_dialog  # not before a file is asked for

        dialog = picture_dialog(self._window, self.tr("Open pictures"))
        dialog.filesSelected.connect(self.open_paths)
        dialog.filesSelected.connect(self._composer.focus_text)
        dialog.open()

    def ask_for_another(self, key: str) -> None:
        """Let the user choose a picture file for the place of an attached one."""
        from ui.controllers.pictures.picture_dialog import picture_dialog  # not before a file is asked for

        dialog = picture_dialog(self._window, self.tr("Open another picture"), several=False)
        dialog.filesSelected.connect(lambda paths: self.take(Offer(paths=(Path(paths[0]),)), instead_of=key))
        dialog.filesSelected.connect(self._composer.focus_text)
        dialog.open()

    async def settled(self) -> None:
        """Wait until no picture of this computer is being taken in."""
        await self._settled.wait()

    def restore(self, draft: Draft) -> None:
        """Put back the pictures of a saved draft, instead of those there are."""
        for item in self._items:
            self._tasks.cancel(_taking(item.key))
        self._items = []
        self._treatments = dict(draft.treatments)
        for sha256, name in draft.pictures:
            item = _Item(name)
            self._make_ready(item, sha256, draft.links.get(sha256, ""))
            self._items.append(item)
        self._show()
        self.treatments_changed.emit()
        self.question_left.emit()

    def drop_sent(self, sent: Draft) -> None:
        """The pictures of `sent` are in a question now; what was refused is not told again."""
        gone = {sha256 for sha256, _ in sent.pictures}
        self._items = [i for i in self._items if i.sha256 not in gone and i.state != "refused"]
        for sha256 in gone:
            self._treatments.pop(sha256, None)
        self._show()
        self.treatments_changed.emit()
        self.question_left.emit()

    def take(
        self,
        offer: Offer,
        fetch: Fetch | None = None,
        *,
        as_link: bool = False,
        instead_of: str = "",
        refused: _Item | None = None,
    ) -> None:
        """Take in what is offered, the first in the place of the attached picture with the key
        `instead_of`, as far as that is still there; it stays where what is offered is refused. What was
        `refused` before is read where its refusal stands, at the end where that was dismissed."""
        keys = [item.key for item in self._items]
        instead_of = instead_of if instead_of in keys else ""
        parts, unnamed = offer.apart(), self.tr("Picture")
        waiting = [refused] if refused else [_Item(part.called or unnamed, instead_of) for part in parts]
        for item, part in zip(waiting, parts, strict=True):
            item.read(from_web=fetch is not None)
            item.again = partial(self.take, part.replace(large=True), fetch, as_link=as_link, refused=item)
        place = keys.index(instead_of) + 1 if instead_of else len(keys)
        self._items[place:place] = [item for item in waiting if item not in self._items]
        self._show()
        self.taking.emit()
        name = _taking(waiting[0].key) if fetch else ""  # one that comes from the web can be given up
        self._tasks.start(self._take_in(offer, waiting, fetch, as_link), name)

    async def _take_in(self, offer: Offer, waiting: list[_Item], fetch: Fetch | None, as_link: bool) -> None:
        try:
            async for taken in self._services.intake.take(offer, fetch):
                if not waiting:  # more came than was named
                    waiting.append(_Item(""))
                    self._items.append(waiting[0])
                item = waiting.pop(0)
                self._settle(item, taken, as_link)
        except StoreFailed as error:
            for item in waiting:
                item.state, item.note = "refused", problems.sentence(error)
        else:
            self._items = [item for item in self._items if item not in waiting]
        self._show()

    def _settle(self, item: _Item, taken: Attachment | PictureRefused, as_link: bool) -> None:
        if item not in self._items:  # the user took it away
            return
        if isinstance(taken, PictureRefused):
            item.state, item.note = "refused", self.tr("Not opened: {reason}.").format_map(taken.facts)
            item.large = taken.large and item.again is not None
            if taken.url:
                self._ask_to_fetch(item, taken.url)
            if taken.folder:
                self.folder_given.emit(item.key, taken.folder)
            self._show()
            return
        link, sha256 = taken.link if as_link else "", taken.picture.sha256
        there = next((other for other in self._items if other.sha256 == sha256), None)
        if there is None:
            item.name = taken.name
        else:
            self._items.remove(item)
        same = there is not None and there.key == item.instead_of
        gone = None if same else self._take_out(item.instead_of)
        if there is None or link:
            self._make_ready(there or item, sha256, link)
        self._show()
        if gone is not None:
            self.treatments_changed.emit()
            self.done.emit(Swapped(gone, sha256, taken.name, was_there=there is not None))

    def _take_out(self, key: str) -> Removed | None:
        """Forget a picture, but not what was covered on it: it may come back. Returns what brings it
        back, None where there is no ready one."""
        keys = [item.key for item in self._items]
        if key not in keys:
            return None
        item = self._items.pop(place := keys.index(key))
        done = self._treatments.pop(item.sha256, None)
        if done is not None and done.redactions:
            self._treatments[item.sha256] = Treatment(redactions=done.redactions)
        return Removed(item.sha256, item.name, item.link, place, done) if item.state == "ready" else None

    def _make_ready(self, item: _Item, sha256: str, link: str) -> None:
        item.state, item.sha256, item.link = "ready", sha256, link
        if sha256 not in self._treatments and (covers := self.covers(sha256)):
            self._treatments[sha256] = Treatment(redactions=covers)
        item.note = (
            self.tr("Goes as a link where the endpoint takes links: {url}").format(url=link) if link else ""
        )

    def _ask_to_fetch(self, item: _Item, url: str) -> None:
        """Ask the user; with a yes, the picture takes the place of its refusal."""
        from ui.composer.web_question import ask_to_fetch

        def fetch(as_link: bool) -> None:
            agreed = partial(fetch_picture, self._services.gate)
            self.take(Offer(urls=(url,)), agreed, as_link=as_link, refused=item)

        taker = self.link_taker() if url.startswith("https:") else ""
        if host := host_of(url):
            ask_to_fetch(self._window, host, url, taker, fetch)

    def _remove(self, key: str, *, by_hand: bool = False) -> Removed | None:
        self._tasks.cancel(_taking(key))
        gone = self._take_out(key)
        self._show()
        self.treatments_changed.emit()
        if by_hand and gone is not None:
            self.done.emit(gone)
        return gone

    def _show(self) -> None:
        done, framed = self._treatments, self.has_frames
        self._composer.set_attachments(
            [
                AttachmentChip(
                    i.key, i.name, i.state, i.note, i.sha256, done.get(i.sha256), framed(i.sha256), i.large
                )
                for i in self._items
            ]
        )
        if any(item.state == "reading" and not item.from_web for item in self._items):
            self._settled.clear()
        else:
            self._settled.set()
        for item in self._items:
            if item.sha256 and self._composer.strip.thumbnails.image(item.sha256) is None:
                self.thumbnail_wanted.emit(item.sha256)
        self.changed.emit()


def offer_of(offered: OfferedPictures, *, pasted: bool = False) -> Offer:
    """What was dropped or pasted, as the intake takes it."""
    return Offer(
        paths=tuple(Path(path) for path in offered.paths),
        blobs=tuple(offered.blobs),
        pixels=to_pixels(offered.image) if offered.image is not None else None,
        urls=tuple(offered.urls),
        pasted=pasted,
    )


def _taking(key: str) -> str:
    return f"take {key}"


def _open_anyway(items: list[_Item], key: str) -> None:
    if again := next((item.again for item in items if item.key == key), None):
        again()
