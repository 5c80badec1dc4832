"""The place of the picture: empty, being read, shown, or with a problem said in place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedLayout, QWidget

from ui.panes.view.picture_view import SMALLEST, PictureView
from ui.widgets.empty_state import EmptyState
from ui.widgets.soft_progress import Waiting
from ui.widgets.surfaces import Surface


class PicturePane(Surface):
    """What is to be seen of pictures now, with one button at most."""

    picture_shown = Signal(str)
    """The picture with this hash is on the mat; empty: none is any more."""

    open_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("mat", parent)
        self.setMinimumSize(SMALLEST)
        self.sha256 = ""
        """The picture that is shown, empty for none or for one that is not in the library yet."""
        self.name = ""
        self._had_focus = self._below = False
        self.picture_size = QSize()
        """Of the original, upright, in its own pixels."""
        self.view = PictureView()
        self.waiting = Waiting()
        self.problem = EmptyState("triangle-alert", "", primary=False)
        self.empty = EmptyState("image-plus", "", self.tr("Open pictures…"))
        self.set_missing("")
        self.empty.action_requested.connect(self.open_requested)
        self.problem.action_requested.connect(self.open_requested)
        self.failure = EmptyState("triangle-alert", "", primary=False)
        self.failure.action_requested.connect(self.retry_requested)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        for part in (self.empty, self.waiting, self.view, self.problem, self.failure):
            self._stack.addWidget(part)

    @property
    def state(self) -> str:
        """What is shown: empty, loading, picture, problem, failure or a page of somebody else."""
        return ("empty", "loading", "picture", "problem", "failure", "page")[self._stack.currentIndex()]

    def show_empty(self, *, below: bool = False) -> None:
        """Nothing: a sentence and a button. `below`: there are pictures to choose from below."""
        self._below = below
        self._say_empty()
        self._show(self.empty)

    def set_missing(self, sentence: str) -> None:
        """What has to be installed first, said while there is no picture; empty when nothing has."""
        self._missing = sentence
        self._say_empty()

    def _say_empty(self) -> None:
        choose = self.tr("Choose a picture below, or open a file.")
        usual = choose if self._below else self.tr("Drop a picture here, paste one, or open a file.")
        self.empty.show_sentence(
            self._missing or usual,
            icon="circle-alert" if self._missing else "image-plus",
            tone="warning" if self._missing else "muted",
            action=self.tr("Open pictures…"),
        )

    def set_covered(self, covered: bool) -> None:
        """Keep what is said in place of a picture out of sight while something lies over the pane."""
        said = self._stack.currentWidget()
        if not isinstance(said, EmptyState) or covered == said.isHidden():
            return
        if covered:
            self._had_focus = said.button.hasFocus()
        said.setVisible(not covered)
        if not covered and self._had_focus:
            said.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_loading(self, name: str) -> None:
        """The picture called `name` is on its way."""
        self.waiting.set_sentence(self.tr("Reading {name}…").format(name=name))
        self._show(self.waiting)

    def show_picture(
        self, image: QImage, name: str, picture_size: QSize | None = None, sha256: str = ""
    ) -> None:
        """Show a picture, fitted; `picture_size` is the original's where `image` is smaller."""
        self.view.set_image(image, name, picture_size)
        self.sha256, self.name, self.picture_size = sha256, name, picture_size or image.size()
        self._show(self.view)
        self.picture_shown.emit(sha256)

    def take_focus(self) -> None:
        """Take the keyboard, with what can be done here now."""
        stops = [stop for stop in self.stops() if stop.isVisibleTo(self)]
        first = stops[0] if stops else self._stack.currentWidget()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        bar = self.view.bar.stops if "bar" in vars(self.view) else []  # it may be made ahead
        return [self.empty.button, self.problem.button, self.failure.button, self.view, *bar]

    def show_problem(self, sentence: str) -> None:
        """Say in place why there is no picture; the button opens another."""
        self.problem.show_sentence(
            sentence, icon="triangle-alert", tone="danger", action=self.tr("Open pictures…")
        )
        self._show(self.problem)

    def show_failure(self, sentence: str) -> None:
        """Say why nothing works at all; the button asks to try again."""
        self.failure.show_sentence(
            sentence, icon="triangle-alert", tone="danger", action=self.tr("Try again")
        )
        self._show(self.failure)

    def show_page(self, page: QWidget) -> None:
        """Show what somebody else made in place of everything, until something else is shown."""
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._show(page)

    def _show(self, part: QWidget) -> None:
        if part is not self.view and self.view.has_image():
            self.view.set_image(QImage())
            self.sha256, self.name, self.picture_size = "", "", QSize()
            self.picture_shown.emit("")
        self._stack.setCurrentWidget(part)
        if self.focusWidget() is self.view and part is not self.view:
            part.setFocus(Qt.FocusReason.OtherFocusReason)
