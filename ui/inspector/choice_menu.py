"""How a picture goes along with the questions after its own, as rows of a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from ui.theme import icons

LASTS: tuple[int | None, ...] = (1, 2, 4, 8, None)
"""Of the newest pictures so many go along; None for all."""

_RULES = {
    "keep": QT_TRANSLATE_NOOP("PictureMenu", "Goes along while there is room"),
    "pin": QT_TRANSLATE_NOOP("PictureMenu", "Always goes along"),
    "describe": QT_TRANSLATE_NOOP("PictureMenu", "Described in words instead…"),
    "drop": QT_TRANSLATE_NOOP("PictureMenu", "Does not go along again"),
}


class Chosen(NamedTuple):
    """What holds for a picture: the value of its rule, how many of the newest go along, and a
    sentence on what the model's limits do besides, empty for nothing."""

    rule: str
    last: int | None
    note: str = ""


class Deeds(NamedTuple):
    """What the rows do: `describe` lets the user write the words first; `inspect` is None where that is
    seen already."""

    set_rule: Callable[[str], object]
    set_last: Callable[[int | None], object]
    describe: Callable[[], object]
    inspect: Callable[[], object] | None


def add_to(menu: QMenu, chosen: Chosen, deeds: Deeds) -> None:
    """Add the rows for one picture."""
    if deeds.inspect is not None:
        _add(menu, _tr("What is sent of it"), deeds.inspect, icon="scan-eye")
        if chosen.note:
            _add(menu, chosen.note, deeds.inspect, icon="info")
        menu.addSeparator()
    rules = [
        _add(menu, _tr(words), deeds.describe if rule == "describe" else partial(deeds.set_rule, rule))
        for rule, words in _RULES.items()
    ]
    _check(menu, rules, list(_RULES).index(chosen.rule))
    menu.addSeparator()
    inside = menu.addMenu(_tr("Of the newest pictures"))
    lasts = [_add(inside, last_words(last), partial(deeds.set_last, last)) for last in LASTS]
    _check(inside, lasts, LASTS.index(chosen.last) if chosen.last in LASTS else -1)


def last_words(last: int | None) -> str:
    """So many of the newest pictures go along."""
    if last is None:
        return _tr("As many as there is room for go along")
    if last == 1:
        return _tr("Only the newest goes along")
    return _tr("Only the newest {count} go along").format(count=last)


def _check(menu: QMenu, actions: Sequence[QAction], checked: int) -> None:
    """One of them holds."""
    group = QActionGroup(menu)
    for place, action in enumerate(actions):
        action.setCheckable(True)
        action.setChecked(place == checked)
        group.addAction(action)


def _add(menu: QMenu, words: str, do: Callable[[], object], icon: str = "") -> QAction:
    action = menu.addAction(words.replace("&", "&&"))
    action.triggered.connect(lambda _=False: do())
    if icon:
        action.setIcon(icons.icon(icon))
    return action


def _tr(text: object) -> str:
    return QCoreApplication.translate("PictureMenu", str(text))
