"""What is drawn on the pictures of the panes, and what is done with those of the next question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.domain.region import Region, RegionSend, Treatment
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.controllers.regions.near import Near
from ui.main_window import MainWindow
from ui.panes.regions.marks import Mark, with_mark, with_mark_changed
from ui.panes.regions.tools import Tool
from ui.panes.view.picture_marker import PictureMarker
from ui.panes.view.picture_pane import PicturePane

NOTHING_DONE = Treatment()


class RegionsController(QObject):
    """Keeps panes and question in step: what is drawn on a picture is done with it in the next
    question, and a picture of an earlier one comes along again for that.

    `show_picture` brings a picture to the active pane.
    """

    def __init__(
        self,
        window: MainWindow,
        attachments: AttachmentController,
        conversations: ConversationController,
        show_picture: Callable[[str], None],
        history: HistoryController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._attachments = attachments
        self._conversations = conversations
        self._show_picture = show_picture
        self._history = history
        self._markers: dict[PicturePane, PictureMarker] = {}
        self._marked: dict[PicturePane, str] = {}
        """The picture that the marks of a pane are of, empty for none of the library."""
        self._awaited: tuple[str, str, bool] | None = None
        self._told = False
        strip = window.composer.strip
        strip.mark_activated.connect(self.show)
        strip.mark_removed.connect(self._remove)
        strip.sends_chosen.connect(self._send_so)
        attachments.changed.connect(self._refresh)
        attachments.treatments_changed.connect(self._refresh)
        attachments.question_left.connect(self._put_tools_down)
        conversations.branch_shown.connect(self._refresh)

    def attend(self, pane: PicturePane) -> None:
        """Let the picture of a pane be drawn on, which shows one now."""
        if pane not in self._markers:
            history = self._history
            marker = self._markers[pane] = PictureMarker(pane.view)
            marker.edited.connect(lambda done: self._take(pane, done))
            marker.reuse_requested.connect(lambda region: self._reuse(pane, region))
            marker.undo_requested.connect(lambda forth: history.step_near(pane.sha256, forth=forth))
            pane.picture_shown.connect(lambda _: self._show_on(pane))
            pane.destroyed.connect(lambda: self._let_go(pane))
            self._show_on(pane)

    def take_up(self, pane: PicturePane, tool: Tool | None) -> None:
        """Take a tool in the hand over a pane that is attended to; None: put it down."""
        self._markers[pane].board.choose(tool or Tool.HAND)

    def add_region(self, sha256: str, region: Region) -> None:
        """Ask about a region of a picture in the next question, show it, and let the user write."""
        names = dict([*self._conversations.pictures, *self._attachments.ready])
        done = self._drawn(sha256)
        taken = {drawn.id for drawn in done.regions}
        if region.id not in taken:
            self._edit(sha256, names.get(sha256, ""), with_mark(done, region))
        self.show(sha256, region.id, keyboard=False)
        self._let_write()

    def show(self, sha256: str, mark: str, *, keyboard: bool = True) -> None:
        """Show a picture and choose a region on it, by its id, or (empty) the covers; the `keyboard`
        comes to it."""
        pane = next((pane for pane in self._markers if pane.sha256 == sha256), None)
        if pane is None:
            self._awaited = (sha256, mark, keyboard)
            self._show_picture(sha256)
        else:
            self._markers[pane].select(mark, keyboard=keyboard)

    def _let_write(self) -> None:
        """The question about it is what comes next, whatever had the keyboard."""
        self._window.panes.leave_full_screen()
        self._window.composer.focus_text()

    def _put_tools_down(self) -> None:
        """What was taken in the hand for a question is not meant for the next one."""
        for marker in self._markers.values():
            marker.put_tool_down()

    # ---- what the user draws

    def _take(self, pane: PicturePane, drawn: Treatment) -> None:
        """Something was drawn on what a pane shows, unless that is another picture by now, or one of a
        conversation that was left: the panes turn to another one a moment later than the words."""
        here = dict([*self._conversations.pictures, *self._attachments.ready])
        if self._marked.get(pane) == pane.sha256 and pane.sha256 in here:
            self._edit(pane.sha256, pane.name, drawn)

    def _edit(self, sha256: str, name: str, drawn: Treatment) -> None:
        if not sha256:
            return
        before = self._state(sha256)
        if before is None:
            kept = self._attachments.treatment(sha256)
            new = tuple(cover for cover in drawn.redactions if cover not in kept.redactions)
            drawn = kept.replace(regions=drawn.regions, redactions=(*kept.redactions, *new))
        if drawn.regions and not (before or NOTHING_DONE).regions:
            drawn = drawn.replace(sends=self._usual_way)
        if drawn.redactions and not (before or NOTHING_DONE).redactions:
            self._tell_of_covers()
        self._put(sha256, name, drawn)
        after, words = self._state(sha256), self.tr("draw on a picture")
        undo, redo = partial(self._put, sha256, name, before), partial(self._put, sha256, name, after)
        self._history.put_near(Near(words, "", undo, redo, (sha256,)))

    def _reuse(self, pane: PicturePane, region: Region) -> None:
        self._take(pane, with_mark(self._drawn(pane.sha256), region))
        self._markers[pane].select(region.id, keyboard=False)
        self._let_write()

    def _put(self, sha256: str, name: str, drawn: Treatment | None) -> None:
        """Do this with a picture of the library; None: it is not in the question."""
        if drawn is None:
            self._attachments.take_back(sha256)
        else:
            done = drawn.replace(sends=drawn.sends if drawn.regions else RegionSend.BOTH)
            if self._state(sha256) is None:
                self._attachments.bring(sha256, name, treatment=None if done == NOTHING_DONE else done)
            self._attachments.set_treatment(sha256, done)
        self._refresh()

    def _state(self, sha256: str) -> Treatment | None:
        """What is done with a picture; None where it is not in the question."""
        attached = sha256 in dict(self._attachments.ready)
        return self._attachments.treatment(sha256) if attached else None

    def _drawn(self, sha256: str) -> Treatment:
        """What can be changed on a picture: nothing before it is in the question."""
        return self._state(sha256) or NOTHING_DONE

    @property
    def _usual_way(self) -> RegionSend:
        """How the other regions of the question go along."""
        drawn = [done.sends for done in self._attachments.treatments.values() if done.regions]
        return drawn[-1] if drawn else RegionSend.BOTH

    # ---- what the chips do

    def _remove(self, sha256: str, mark: str) -> None:
        done = self._drawn(sha256)
        if not mark:
            self._edit(sha256, "", done.replace(redactions=()))
            return
        for region in [region for region in done.regions if region.id == mark]:
            self._edit(sha256, "", with_mark_changed(done, region, None))

    def _send_so(self, sha256: str, sends: RegionSend) -> None:
        words = self.tr("choose how regions go along")
        self._attachments.choose_treatment(sha256, self._drawn(sha256).replace(sends=sends), words)

    # ---- what is shown

    def _let_go(self, pane: PicturePane) -> None:
        self._markers.pop(pane, None)
        self._marked.pop(pane, None)

    def _refresh(self) -> None:
        for pane in self._markers:
            self._show_on(pane)

    def _show_on(self, pane: PicturePane) -> None:
        marker, sha256 = self._markers[pane], pane.sha256
        self._marked[pane] = sha256
        if not sha256:
            marker.show_treatment(NOTHING_DONE, ())
            return
        marker.show_treatment(self._drawn(sha256), self._earlier(sha256))
        if self._awaited is not None and self._awaited[0] == sha256:
            (_, mark, keyboard), self._awaited = self._awaited, None
            marker.select(mark, keyboard=keyboard)

    def _earlier(self, sha256: str) -> tuple[Mark, ...]:
        """What the questions of the shown branch were asked with, as far as it is not drawn now."""
        thread, now = self._conversations.shown, self._state(sha256)
        if thread is None:
            return ()
        drawn = {region.points for region in (now or NOTHING_DONE).regions}
        regions: dict[object, Region] = {}
        for done in thread.treatments(sha256):
            regions |= {region.points: region for region in done.regions if region.points not in drawn}
        covers = thread.covers(sha256) if now is None else ()
        return (*covers, *regions.values())

    def _tell_of_covers(self) -> None:
        if not self._told:
            self._told = True
            words = self.tr("Covered places are painted over in what is sent. Your original stays as it is.")
            self._window.show_notice(words, "text_muted")
