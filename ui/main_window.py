"""The window: places the features side by side. It decides nothing; ui/controllers connects them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ui.actions import IN_PANES, Actions
from ui.composer.composer import Composer
from ui.library.list_view import LibraryView
from ui.panes.area.pane_area import PaneArea, set_covered
from ui.panes.drop import DropTarget
from ui.sidebar.sidebar import Sidebar
from ui.signs import one_line
from ui.top_bar import TopBar
from ui.transcript_place import TranscriptPlace
from ui.widgets.drawer import Drawer, SidePanel
from ui.widgets.notice import Notice
from ui.widgets.offered import OfferedPictures
from ui.window_frame import FIRST_SIZE, LIBRARY_WIDTH, SIDEBAR_WIDTH

if TYPE_CHECKING:
    from ui.panes.filmstrip import Filmstrip
    from ui.panes.view.picture_pane import PicturePane
    from ui.transcript.view import TranscriptView

SIDEBAR_NEEDS = 1100
LIBRARY_NEEDS = 800
LOW = 600
"""A lower window has small tiles below the panes, and less air round the composer."""
AIR, LOW_AIR = (24, 8, 24, 16), (24, 4, 24, 8)
COLUMN_WIDTH = 820
_COLUMNS = "window/columns"
NEED_THE_LIBRARY = (
    *("library", "search", "new", "open", "capture", "newest", "sent", "settings", "sidebar", "model"),
    *("export", "export-all", "import"),
)


class MainWindow(QWidget):
    """Library left, pictures and conversation in the middle, model right, composer below.

    `build` makes the features, best while the window is hidden; nothing else may be called before it is
    through.
    """

    pictures_offered = Signal(object, bool)
    """Something that may hold pictures was dropped, or pasted (True): OfferedPictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide: tuple[bool, bool] | None = None
        self._early_offers: list[tuple[OfferedPictures, bool]] = []
        self.pictures_offered.connect(self._keep_early_offer)

    def build(self) -> Iterator[None]:
        """Make and place one feature after the other; between two steps a frame can be painted.

        Each is made where it belongs, for Qt styles all that is moved to another parent anew. Tab walks
        through them in the order in which they are placed.
        """
        self.actions_table = Actions(self)
        yield
        self.top_bar = TopBar(self.actions_table, self)
        self._lay_out()
        yield
        self._library_place = SidePanel(self._drawer, self._columns)
        self._columns.insertWidget(0, self._library_place)
        self.library = LibraryView(self._library_place)
        self._library_place.take(self.library, self.library.focus_list)
        yield
        self.panes = PaneArea(self._pictures.parentWidget())
        self._pictures.addWidget(self.panes, 1)
        yield
        self.notice = Notice()
        self._bottom.addWidget(self.notice)
        self.talk = TranscriptPlace(self._rows, self.notice)
        self.composer = Composer(self._bottom.parentWidget())
        self._bottom.addWidget(self.composer)
        self.composer.set_send_blocked(self.tr("Your library is being opened."))
        yield
        self._sidebar_place = SidePanel(self._drawer, self._columns, right=True)
        self._columns.addWidget(self._sidebar_place)
        self.sidebar = Sidebar(self._sidebar_place)
        self._sidebar_place.take(self.sidebar, self.sidebar.focus_endpoint)
        yield
        self._fit_columns()
        yield
        self.drops = DropTarget(self)
        self.drops.covered.connect(lambda covered: set_covered(self.panes, covered))
        self._connect_own()
        self._connect_drawer()

    @property
    def pane(self) -> PicturePane:
        """The pane that commands are for."""
        return self.panes.active

    @property
    def transcript(self) -> TranscriptView:
        """The conversation, made when it is first asked for; see `talk`."""
        return self.talk.transcript

    @cached_property
    def filmstrip(self) -> Filmstrip:
        """The row of pictures below the panes, made with the second picture."""
        from ui.panes.filmstrip import Filmstrip

        made = Filmstrip()
        made.set_low(self.height() < LOW)
        self._pictures.addWidget(made)
        before = self.panes.stops()[-1]
        QWidget.setTabOrder(before, made.list)
        return made

    def set_title(self, title: str, *, can_rename: bool = False) -> None:
        """Name the open conversation; empty for a new one."""
        shown = title or (self.tr("Untitled") if can_rename else self.tr("New conversation"))
        self.top_bar.set_title(shown, can_rename=can_rename)
        reason = "" if can_rename else self.tr("It gets its title with the first question.")
        self.actions_table.forbid("rename", reason)
        self.window().setWindowTitle(one_line(shown))

    def show_notice(
        self,
        text: str,
        tone: str = "warning",
        offer: str = "",
        do: Callable[[], object] | None = None,
        *,
        here: bool = False,
    ) -> None:
        """Say something above the composer until it is dismissed or over; plain text, the rest as of a
        Notice."""
        self.notice.show_text(text, tone, offer, do, here=here)

    def take_early_offers(self) -> list[tuple[OfferedPictures, bool]]:
        """What was dropped or pasted before somebody listened; from now on the signal alone tells."""
        self.pictures_offered.disconnect(self._keep_early_offer)
        offers, self._early_offers = self._early_offers, []
        return offers

    def show_failure(self, text: str) -> None:
        """The library cannot be opened: say why in place of the pictures, and offer nothing else.

        With an empty text it has been opened after all.
        """
        if text:
            self.pane.show_failure(text)
            self.composer.set_send_blocked(text)
        for place, wide in zip(self._places(), self._wide or (True, True), strict=True):
            place.set_room(wide and not text)
        self.composer.attach.setEnabled(not text)
        for name in NEED_THE_LIBRARY:
            self.actions_table.forbid(name, text)

    def confirm_link(self, url: str, open_link: Callable[[], object]) -> None:
        """Show where an address leads, and call `open_link` only when the user says so."""
        from ui.link_dialog import LinkDialog  # not needed before the first link is clicked

        dialog = LinkDialog(QUrl(url), self)
        dialog.agreed.connect(lambda: open_link())
        dialog.open()

    def save_geometry(self) -> None:
        """Remember how the columns are divided."""
        QSettings().setValue(_COLUMNS, self._columns.saveState())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wide is not None:
            self._suit_size()
        if "filmstrip" in self.__dict__:
            self.filmstrip.set_low(self.height() < LOW)

    def _keep_early_offer(self, offered: OfferedPictures, pasted: bool) -> None:
        self._early_offers.append((offered, pasted))

    def _lay_out(self) -> None:
        """The splitters and columns that the features are put into."""
        pictures = QWidget()
        self._pictures = _column(pictures)
        self._rows = _Rows(Qt.Orientation.Vertical)
        self._rows.addWidget(pictures)
        middle = QWidget()
        column = _column(middle)
        column.addWidget(self._rows, 1)
        self._bottom = QVBoxLayout()
        self._bottom.setSpacing(8)
        self._air = _centred(self._bottom)
        column.addLayout(self._air)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.addWidget(middle)
        for splitter in (self._rows, self._columns):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        rows = _column(self)
        rows.addWidget(self.top_bar)
        rows.addWidget(self._columns, 1)
        self._drawer = Drawer(self._columns)

    def _fit_columns(self) -> None:
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([LIBRARY_WIDTH, FIRST_SIZE.width(), SIDEBAR_WIDTH])
        if (state := QSettings().value(_COLUMNS)) is not None:
            self._columns.restoreState(state)
        self._suit_size()

    def _suit_size(self) -> None:
        """Hide what has no room, and give room to what is left."""
        self._air.setContentsMargins(*(LOW_AIR if self.height() < LOW else AIR))
        wide = (self.width() >= LIBRARY_NEEDS, self.width() >= SIDEBAR_NEEDS)
        if wide != self._wide:
            self._wide = wide
            for place, has_room in zip(self._places(), wide, strict=True):
                place.set_room(has_room)

    def _places(self) -> tuple[SidePanel, SidePanel]:
        return self._library_place, self._sidebar_place

    def _connect_own(self) -> None:
        self.drops.pictures_offered.connect(lambda offered: self.pictures_offered.emit(offered, False))
        self.composer.pictures_offered.connect(lambda offered: self.pictures_offered.emit(offered, True))
        actions = self.actions_table
        actions["library"].triggered.connect(self._library_place.toggle)
        actions["sidebar"].triggered.connect(self._sidebar_place.toggle)
        actions["search"].triggered.connect(self._search_library)
        actions["quit"].triggered.connect(lambda: self.window().close())
        actions["write"].triggered.connect(self.composer.focus_text)
        actions["find"].triggered.connect(lambda: self.transcript.find_words())
        actions["find-next"].triggered.connect(lambda: self.transcript.find_next())
        actions["find-previous"].triggered.connect(lambda: self.transcript.find_previous())
        actions["rename"].triggered.connect(self.top_bar.begin_renaming)
        self.top_bar.keyboard_left.connect(self.composer.focus_text)
        actions["model"].triggered.connect(self._choose_model)
        actions["shortcuts"].triggered.connect(self._show_shortcuts)
        for name in IN_PANES:
            actions[name].triggered.connect(lambda on=False, name=name: self._do_in_panes(name, on))
        self.panes.command_requested.connect(lambda name: actions[name].trigger())
        self.panes.menu_requested.connect(actions.menus["panes"].popup)
        self.panes.refused.connect(self.show_notice)

        self.sidebar.missing_said.connect(self.panes.set_missing)

    def _connect_drawer(self) -> None:
        """A choice in the library is seen in what the drawer covers."""
        self.library.conversation_chosen.connect(self._drawer.shut)
        self.library.hit_chosen.connect(self._drawer.shut)
        self.actions_table["new"].triggered.connect(self._drawer.shut)
        self._drawer.keyboard_left.connect(self.composer.focus_text)

    def _do_in_panes(self, command: str, on: bool) -> None:
        from ui.panes.area import pane_moves  # not before somebody asks for something

        pane_moves.do(self.panes, command, on)

    def _show_shortcuts(self) -> None:
        from ui.shortcuts_dialog import ShortcutsDialog  # hardly ever looked at

        ShortcutsDialog(self).open()

    def _search_library(self) -> None:
        self._library_place.open()
        self.library.focus_search()

    def _choose_model(self) -> None:
        self._sidebar_place.open()
        self.sidebar.focus_endpoint()


class _Rows(QSplitter):
    """Pictures and conversation: they get what the composer leaves, and give way down to their least."""

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


def _column(widget: QWidget) -> QVBoxLayout:
    """A layout of `widget` without gaps."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _centred(rows: QVBoxLayout) -> QHBoxLayout:
    """Rows in the middle, no wider than reads well."""
    column = QWidget()
    column.setMaximumWidth(COLUMN_WIDTH)
    column.setLayout(rows)
    rows.setContentsMargins(0, 0, 0, 0)
    centred = QHBoxLayout()
    centred.setContentsMargins(*AIR)
    centred.addWidget(column)
    return centred
