"""What can be done with the conversations that are selected, and what they can be filtered by."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from ui.library.rows import Answerer, LibraryRow, Shelf, Wanted
from ui.theme import icons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

DELETE = "Ctrl+Shift+Delete"


class Doing(NamedTuple):
    """What the menu of a selection calls; folders and tags are given, empty for a new one."""

    open: Callable[[], object]
    rename: Callable[[], object]
    pin: Callable[[bool], object]
    file: Callable[[str], object]
    file_in_new: Callable[[], object]
    add_tag: Callable[[], object]
    untag: Callable[[str], object]
    export: Callable[[], object]
    delete: Callable[[], object]


def literally(text: str) -> str:
    """Words of the user in a menu, where an ampersand would mark a letter."""
    return text.replace("&", "&&")


def selection_menu(
    parent: QWidget, rows: Sequence[LibraryRow], shelves: Sequence[Shelf], doing: Doing
) -> QMenu:
    """What can be done with `rows`, of which there is at least one."""
    menu = _menu(parent)
    one = len(rows) == 1
    if one:
        _add(menu, _tr("Open"), doing.open, "Return", "message-square")
        _add(menu, _tr("Rename"), doing.rename, "F2", "pencil")
    pin = not all(row.pinned for row in rows)
    _add(menu, _tr("Pin") if pin else _tr("Unpin"), lambda: doing.pin(pin), icon="pin")
    _add_folders(menu, rows, shelves, doing)
    _add_tags(menu, rows, doing)
    menu.addSeparator()
    _add(menu, _tr("Export…"), doing.export, icon="arrow-up")
    menu.addSeparator()
    words = _tr("Delete") if one else _tr("Delete {count} conversations").format(count=len(rows))
    _add(menu, words, doing.delete, DELETE, "trash-2")
    return menu


def _add_folders(menu: QMenu, rows: Sequence[LibraryRow], shelves: Sequence[Shelf], doing: Doing) -> None:
    known = {shelf.id for shelf in shelves}
    places = {row.folder if row.folder in known else "" for row in rows}
    inside = menu.addMenu(icons.icon("folder"), _tr("Move to"))
    for shelf in shelves:
        made = _add(inside, literally(shelf.name), partial(doing.file, shelf.id))
        made.setEnabled(places != {shelf.id})
    if shelves:
        inside.addSeparator()
    if places != {""}:
        _add(inside, _tr("No folder"), lambda: doing.file(""))
    _add(inside, _tr("New folder…"), doing.file_in_new, icon="plus")


def _add_tags(menu: QMenu, rows: Sequence[LibraryRow], doing: Doing) -> None:
    inside = menu.addMenu(icons.icon("tag"), _tr("Tags"))
    _add(inside, _tr("Add a tag…"), doing.add_tag, icon="plus")
    tags = sorted({tag for row in rows for tag in row.tags}, key=str.casefold)
    if tags:
        inside.addSeparator()
    for tag in tags:
        words = _tr("Remove “{tag}”").format(tag=literally(tag))
        _add(inside, words, partial(doing.untag, tag), icon="x")


def filter_menu(
    parent: QWidget,
    wanted: Wanted,
    tags: Sequence[tuple[str, int]],
    answerers: Sequence[Answerer],
    choose: Callable[[Wanted], object],
) -> QMenu:
    """What the list can be narrowed to; `tags` with how many conversations have them."""
    menu = _menu(parent)
    with_pictures = wanted._replace(has_pictures=not wanted.has_pictures)
    _add_check(menu, _tr("With pictures"), wanted.has_pictures, partial(choose, with_pictures))
    pinned = wanted._replace(pinned=not wanted.pinned)
    _add_check(menu, _tr("Pinned"), wanted.pinned, partial(choose, pinned))
    inside = menu.addMenu(icons.icon("tag"), _tr("Tag"))
    for tag, count in tags:
        words, chosen = f"{literally(tag)}\t{count}", wanted._replace(tag=tag)
        _add_check(inside, words, wanted.tag == tag, partial(choose, chosen))
    inside.setEnabled(bool(tags))
    _add_answerers(menu, wanted, answerers, choose)
    return menu


def _add_answerers(
    menu: QMenu, wanted: Wanted, answerers: Sequence[Answerer], choose: Callable[[Wanted], object]
) -> None:
    inside = menu.addMenu(icons.icon("cpu"), _tr("Answered by"))
    inside.setEnabled(bool(answerers))
    endpoint_id = None
    for who in answerers:
        if who.endpoint_id != endpoint_id:
            endpoint_id = who.endpoint_id
            whole = wanted._replace(endpoint_id=who.endpoint_id, endpoint=who.endpoint, model="")
            set_already = wanted.endpoint_id == who.endpoint_id and not wanted.model
            _add_check(inside, literally(who.endpoint), set_already, partial(choose, whole))
        if who.model:
            one = wanted._replace(endpoint_id=who.endpoint_id, endpoint=who.endpoint, model=who.model)
            set_already = (wanted.endpoint_id, wanted.model) == (who.endpoint_id, who.model)
            words = f"      {literally(who.model)}"
            _add_check(inside, words, set_already, partial(choose, one))


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add(menu: QMenu, words: str, do: Callable[[], object], keys: str = "", icon: str = "") -> QAction:
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    action = menu.addAction(f"{words}\t{native}" if native else words)
    action.triggered.connect(lambda _=False: do())
    if icon:
        action.setIcon(icons.icon(icon))
    return action


def _add_check(menu: QMenu, words: str, checked: bool, do: Callable[[], object]) -> None:
    action = _add(menu, words, do)
    action.setCheckable(True)
    action.setChecked(checked)


def _tr(words: str) -> str:
    return QCoreApplication.translate("LibraryMenus", words)
