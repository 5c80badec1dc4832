"""Above the list: the search field, what is listed, and what that is narrowed to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.library.folder_button import FolderButton
from ui.library.rows import Wanted
from ui.library.search_field import SearchField
from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.tab_order import walk_through

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.library.name_bar import NameBar
    from ui.library.rows import Answerer, Shelf


class LibraryHead(QWidget):
    """Knows what is wanted; tells what else is to be."""

    wanted_changed = Signal(object)
    """What is to be listed (Wanted)."""

    choices_wanted = Signal()
    """What can be filtered by: `open_filters` shows it."""

    folder_named = Signal(str, str)
    """A folder (id, empty for a new one) was given a name."""

    folder_removed = Signal(str)

    def __init__(self, back: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = Wanted()
        self._back = back
        self.search = SearchField()
        self.filter = IconButton("funnel", self.tr("Filter the conversations"))
        self.filter.clicked.connect(self.choices_wanted)
        self.new = IconButton("square-pen", self.tr("New conversation"), shortcut="Ctrl+N")
        self.folder = FolderButton()
        self.folder.folder_chosen.connect(self._choose_folder)
        self.folder.new_folder_wanted.connect(lambda: self.name_folder())
        self.folder.rename_wanted.connect(self._rename_folder)
        self.folder.remove_wanted.connect(lambda: self.folder_removed.emit(self.wanted.folder))
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 8, 4)
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter)
        top.addWidget(self.new)
        below = QHBoxLayout()
        below.setContentsMargins(8, 0, 8, 4)
        below.addWidget(self.folder, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(top)
        self._column.addLayout(below)

    @cached_property
    def names(self) -> NameBar:
        """The line in which names are typed, made when the first one is."""
        from ui.library.name_bar import NameBar

        bar = NameBar(self._back)
        self._column.insertWidget(2, bar)
        walk_through((self.folder, *bar.stops()))
        return bar

    def show_shelves(self, shelves: Sequence[Shelf]) -> None:
        """The folders there are; one that is gone is no longer what is listed."""
        if self.wanted.folder and self.wanted.folder not in {shelf.id for shelf in shelves}:
            self.choose(self.wanted._replace(folder=""))
        self.folder.show_choice(shelves, self.wanted.folder, in_trash=self.folder.in_trash)

    def show_trash(self, shown: bool) -> None:
        """Whether the trash is shown in the place of conversations."""
        self.folder.show_choice(self.folder.shelves, self.wanted.folder, in_trash=shown)
        self.filter.setEnabled(not shown)

    def choose(self, wanted: Wanted) -> None:
        """Let something else be listed."""
        if wanted != self.wanted:
            self.wanted = wanted
            self.folder.show_choice(self.folder.shelves, wanted.folder)
            self._show_chips()
            self.wanted_changed.emit(wanted)

    def open_filters(self, tags: Sequence[tuple[str, int]], answerers: Sequence[Answerer]) -> None:
        """Let the user choose what the list is narrowed to."""
        from ui.library.menus import filter_menu

        menu = filter_menu(self, self.wanted, tags, answerers, self.choose)
        menu.popup(self.filter.mapToGlobal(self.filter.rect().bottomLeft()))

    def name_folder(self, take: Callable[[str], object] | None = None) -> None:
        """Let a new folder be named."""
        self.names.ask(
            self.tr("Name of the new folder"), take or (lambda name: self.folder_named.emit("", name))
        )

    def chips(self) -> list[SmallButton]:
        """What takes each filter away."""
        return self._chips.findChildren(SmallButton) if "_chips" in self.__dict__ else []

    @cached_property
    def _chips(self) -> QWidget:
        from ui.widgets.flow_layout import FlowLayout

        holder = QWidget()
        FlowLayout(holder, spacing=4)
        inset = QHBoxLayout()
        inset.setContentsMargins(12, 0, 8, 8)
        inset.addWidget(holder)
        self._column.addLayout(inset)
        return holder

    def _show_chips(self) -> None:
        if not self.wanted.filtered and "_chips" not in self.__dict__:
            return
        focused = any(chip.hasFocus() for chip in self.chips())
        for chip in self.chips():
            chip.setParent(None)
            chip.deleteLater()
        layout = self._chips.layout()
        assert layout is not None
        for words, without in self._parts():
            layout.addWidget(self._chip(words, without))
        walk_through((self.folder, *self.chips()))
        self._chips.setVisible(self.wanted.filtered)
        if focused:
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _parts(self) -> list[tuple[str, Wanted]]:
        """What the list is narrowed to, and what is wanted without each."""
        wanted = self.wanted
        who = " ".join(filter(None, (wanted.model or wanted.endpoint,)))
        parts = (
            (who, wanted._replace(endpoint_id="", endpoint="", model="")),
            (wanted.tag, wanted._replace(tag="")),
            (self.tr("With pictures") if wanted.has_pictures else "", wanted._replace(has_pictures=False)),
            (self.tr("Pinned") if wanted.pinned else "", wanted._replace(pinned=False)),
        )
        return [(words, without) for words, without in parts if words]

    def _chip(self, words: str, without: Wanted) -> SmallButton:
        from ui.library.menus import literally
        from ui.theme import icons

        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, 140)
        chip = SmallButton(literally(shown))
        chip.setIcon(icons.icon("x"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(self.tr("Remove the filter {name}").format(name=words))
        chip.clicked.connect(lambda: self.choose(without))
        return chip

    def _choose_folder(self, folder: str) -> None:
        if self.folder.in_trash:
            self.show_trash(False)
            self.wanted = self.wanted._replace(folder="\0")  # tells it in any case
        self.choose(self.wanted._replace(folder=folder))

    def _rename_folder(self) -> None:
        folder = self.wanted.folder
        self.names.ask(
            self.tr("Name of the folder"),
            lambda name: self.folder_named.emit(folder, name),
            value=self.folder.words(),
        )
