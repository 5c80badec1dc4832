from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.inspector.dialog import InspectorDialog
from ui.inspector.shown import Advice, Fact, Facts, ShownPicture, ShownPlan, ShownView, Way

Reason = QContextMenuEvent.Reason
WAYS = (
    Way("", "As for the model", "Now: Make it fit."),
    Way("tiles", "Whole and in tiles", "More tokens.", "One picture at a time."),
    Way("original", "Keep every pixel", "May be refused."),
)
WHOLE = ShownView("Whole picture", Facts("What the model gets", (Fact("Pixels", "300 × 200"),)))
PART = ShownView("Part 1 of 1", Facts("What the model gets", (Fact("Pixels", "512 × 512"),)))
CAT = ShownPicture("a:0", "a" * 64, "cat.jpg", "2 views, 31 kB", views=(WHOLE, PART), ways=WAYS, way="")
DOG = ShownPicture("b:0", "b" * 64, "<b>dog</b>.jpg", "Left out", "warning", (Advice("No room."),))


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[InspectorDialog]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = InspectorDialog(QWidget(), window)
    for _ in made.build():
        pass
    made.show()
    yield made
    made.close()


def wanted(dialog: InspectorDialog) -> list[tuple[str, int, bool]]:
    asked: list[tuple[str, int, bool]] = []
    dialog.picture_wanted.connect(lambda *what: asked.append(what))
    return asked


def test_each_picture_is_asked_for_as_sent_and_as_it_was(dialog: InspectorDialog) -> None:
    asked = wanted(dialog)
    dialog.show_plan(ShownPlan("Two", "31 kB", (CAT, DOG), first="a:0"))
    dialog.stage.original.click()
    dialog.stage.as_sent.click()
    dialog.stage.views.activated.emit(1)
    dialog.look_at("b:0")
    assert asked == [
        ("a:0", 0, False),
        ("a:0", 0, True),
        ("a:0", 0, False),
        ("a:0", 1, False),
        ("b:0", 0, True),
    ]
    assert not dialog.stage.as_sent.isEnabled() and dialog.stage.as_sent.accessibleDescription() == "Left out"


def test_a_newer_plan_keeps_the_picture_and_the_view_that_are_looked_at(dialog: InspectorDialog) -> None:
    dialog.show_plan(ShownPlan("Two", "", (CAT, DOG), first="a:0"))
    dialog.look_at("b:0")
    asked = wanted(dialog)
    dialog.show_plan(ShownPlan("Three", "", (CAT, DOG, CAT._replace(id="c:0")), first="c:0"))
    assert dialog.current == "b:0" and asked == [("b:0", 0, True)]
    dialog.show_plan(ShownPlan("One", "", (CAT,), first="a:0"))
    assert dialog.current == "a:0" and not dialog.list.isVisible()
    dialog.show_plan(ShownPlan("None"))
    assert dialog.stage.state == "nothing" and not dialog.facts.isVisible()


def test_a_size_that_cannot_be_chosen_says_why(dialog: InspectorDialog) -> None:
    dialog.show_plan(ShownPlan("One", "", (CAT,), first="a:0"))
    combo = dialog.facts.ways.combo
    assert not combo.model().flags(combo.model().index(1, 0)) & Qt.ItemFlag.ItemIsEnabled
    assert "“Whole and in tiles” cannot be chosen. One picture at a time." in combo.accessibleDescription()
    chosen: list[tuple[str, str]] = []
    dialog.way_chosen.connect(lambda *what: chosen.append(what))
    combo.activated.emit(2)
    assert chosen == [("a:0", "original")]


@pytest.mark.parametrize("first", ["Down", "End", "T"])
def test_keys_open_the_sizes_and_each_is_chosen_at_a_word(
    dialog: InspectorDialog, qtbot: QtBot, first: str
) -> None:
    told: list[str] = []
    dialog.way_chosen.connect(lambda _, way: told.append(way))
    dialog.show_plan(ShownPlan("One", "", (CAT,), first="a:0"))
    combo = dialog.facts.ways.combo
    qtbot.waitUntil(combo.isVisible)
    before = combo.currentData()
    qtbot.keyClick(combo, Qt.Key[f"Key_{first}"])
    assert combo.view().isVisible() and (told, combo.currentData()) == ([], before)
    qtbot.keyClick(combo.view(), Qt.Key.Key_End)
    assert told == []
    qtbot.keyClick(combo.view(), Qt.Key.Key_Return)
    assert told == ["original"]


def test_names_from_outside_are_never_markup(dialog: InspectorDialog) -> None:
    dialog.show_plan(ShownPlan("<b>One</b>", "<i>31 kB</i>", (CAT, DOG), first="b:0"))
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
    tooltip = dialog.list.rows.row_of("b:0").data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tooltip


def test_warnings_stand_first_and_go_with_their_cause(dialog: InspectorDialog) -> None:
    dialog.show_plan(ShownPlan("Two", "", (CAT, DOG), first="b:0"))
    assert [line.text() for line in dialog.facts.advices] == ["No room."]
    dialog.look_at("a:0")
    assert dialog.facts.advices == []
    values = [(value.text(), value.accessibleName()) for value in dialog.facts.values]
    assert values == [("300 × 200", "Pixels: 300 × 200")]


def test_the_values_of_all_facts_stand_below_each_other(dialog: InspectorDialog, qtbot: QtBot) -> None:
    original = Facts("The original", (Fact("A much longer label", "1"), Fact("B", "2")))
    dialog.show_plan(ShownPlan("One", "", (CAT._replace(facts=(original,)),), first="a:0"))
    values = dialog.facts.values
    assert len(values) == 3
    qtbot.waitUntil(lambda: values[0].mapTo(dialog, QPoint()).y() < values[1].mapTo(dialog, QPoint()).y())
    qtbot.waitUntil(lambda: len({value.mapTo(dialog, QPoint()).x() for value in values}) == 1)


def test_what_is_awaited_is_said_until_something_is_shown(dialog: InspectorDialog) -> None:
    dialog.show_waiting("Preparing cat.jpg…")
    assert (dialog.stage.state, dialog.stage.waiting.label.text()) == ("waiting", "Preparing cat.jpg…")
    assert dialog.title.text() == dialog.windowTitle()
    dialog.show_plan(ShownPlan("One", "31 kB", (CAT,), first="a:0"))
    dialog.stage.show_picture()
    dialog.show_waiting("Preparing cat.jpg…")
    assert (dialog.stage.state, dialog.title.text()) == ("picture", "One")
    assert not dialog.busy.isHidden()


def test_how_the_only_picture_goes_along_is_chosen_beside_it(dialog: InspectorDialog, qtbot: QtBot) -> None:
    told: list[tuple[str, str]] = []
    dialog.rule_chosen.connect(lambda *what: told.append(what))
    dialog.show_plan(ShownPlan("One", "", (CAT._replace(rule="drop"),), first="a:0"))
    combo = dialog.facts.rules.combo
    qtbot.waitUntil(combo.isVisible)
    assert combo.currentText() == "Not again"
    for rule in ("keep", "describe"):
        combo.setCurrentIndex(combo.findData(rule))
        combo.activated.emit(combo.currentIndex())
    assert told == [("a:0", "keep"), ("a:0", "describe")]
    assert combo.currentData() == "drop"  # until the words are agreed to
    dialog.show_plan(ShownPlan("One", "", (CAT,), first="a:0"))
    assert not combo.isVisible()


@pytest.mark.parametrize("first", ["Down", "End", "W"])
def test_keys_open_the_rules_and_each_is_chosen_at_a_word(
    dialog: InspectorDialog, qtbot: QtBot, first: str
) -> None:
    told: list[str] = []
    dialog.rule_chosen.connect(lambda _, rule: told.append(rule))
    dialog.show_plan(ShownPlan("One", "", (CAT._replace(rule="keep"),), first="a:0"))
    combo = dialog.facts.rules.combo
    qtbot.waitUntil(combo.isVisible)
    qtbot.keyClick(combo, Qt.Key[f"Key_{first}"])
    assert combo.view().isVisible() and (told, combo.currentData()) == ([], "keep")
    for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Down] * 3):
        qtbot.keyClick(combo.view(), key)
    assert told == []
    qtbot.keyClick(combo.view(), Qt.Key.Key_Return)
    assert (told, combo.currentData()) == (["drop"], "drop")
    at = QPointF(combo.rect().center())
    wheel = QWheelEvent(
        at,
        combo.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, wheel)
    assert told == ["drop"] and not wheel.isAccepted()


def test_the_list_has_a_menu_for_the_pointer_and_for_the_keyboard(dialog: InspectorDialog) -> None:
    told: list[str] = []
    dialog.menu_requested.connect(lambda picture, _: told.append(picture))
    both = (CAT._replace(rule="keep"), DOG)
    dialog.show_plan(ShownPlan("Two", "", both, first="a:0"))
    rows, view = dialog.list, dialog.list.viewport()
    for row, reason in ((0, Reason.Mouse), (1, Reason.Mouse), (1, Reason.Keyboard)):
        at = rows.visualRect(rows.rows.index(row)).center()
        QApplication.sendEvent(view, QContextMenuEvent(reason, at, view.mapToGlobal(at)))
    assert told == ["a:0", "a:0"]  # nothing can be chosen for the other
