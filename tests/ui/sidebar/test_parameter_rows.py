from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.model import ParameterKind, ParameterSpec
from ui.sidebar.parameter_rows import ROWS, ChoiceRow, NumberRow, ParameterRow, SwitchRow, Value

TEMPERATURE = ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=2, default=1)
TOKENS = ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=2048, default=1024)
SEED = ParameterSpec(name="seed", kind=ParameterKind.INTEGER, least=-(2**63), most=2**63 - 1)
EFFORT = ParameterSpec(name="reasoning.effort", kind=ParameterKind.CHOICE, choices=("high", "low", "none"))
ENABLED = ParameterSpec(name="reasoning.enabled", kind=ParameterKind.SWITCH)

Changes = list[tuple[str, Value]]


@pytest.fixture
def row_of(qtbot: QtBot) -> Callable[[ParameterSpec], tuple[ParameterRow, Changes]]:
    def make(spec: ParameterSpec) -> tuple[ParameterRow, Changes]:
        row = ROWS[spec.kind](spec)
        qtbot.addWidget(row)
        row.resize(248, row.sizeHint().height())
        row.show()
        row.activateWindow()
        qtbot.waitUntil(row.isActiveWindow)
        changes: Changes = []
        row.changed.connect(lambda name, value: changes.append((name, value)))
        return row, changes

    return make


RowOf = Callable[[ParameterSpec], tuple[ParameterRow, Changes]]


def number_row(row_of: RowOf, spec: ParameterSpec) -> tuple[NumberRow, Changes]:
    row, changes = row_of(spec)
    assert isinstance(row, NumberRow)
    return row, changes


def write(qtbot: QtBot, row: NumberRow, text: str) -> None:
    row.number.setFocus()
    row.number.selectAll()
    if text:
        qtbot.keyClicks(row.number, text)
    else:
        qtbot.keyClick(row.number, Qt.Key.Key_Delete)
    qtbot.keyClick(row.number, Qt.Key.Key_Return)


def test_what_was_not_set_shows_the_default_and_no_dot(row_of: RowOf) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    assert (row.number.text(), row.number.placeholderText()) == ("", "1")
    assert row.slider is not None and row.slider.quiet and row.slider.value() == 50
    assert not row.dot.isVisible() and not row.reset.isVisible()
    assert changes == []


def test_a_typed_number_is_told_with_a_dot_and_moves_the_slider(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    write(qtbot, row, "0.5")
    assert changes == [("temperature", 0.5)]
    assert row.slider is not None and row.slider.value() == 25 and not row.slider.quiet
    assert row.dot.isVisible() and row.reset.isVisible()


@pytest.mark.parametrize(("typed", "told"), [("9", 2.0), ("-1", 0.0)])
def test_a_number_beyond_the_range_becomes_its_end(
    qtbot: QtBot, row_of: RowOf, typed: str, told: float
) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    write(qtbot, row, typed)
    assert changes == [("temperature", told)]
    assert row.number.text() == f"{told:g}"


@pytest.mark.parametrize("junk", ["warm", "1e999", "--"])
def test_what_is_no_number_is_put_back(qtbot: QtBot, row_of: RowOf, junk: str) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    row.show_value(0.5)
    write(qtbot, row, junk)
    assert row.number.text() == "0.5" and changes == []


def test_an_empty_field_and_reset_leave_it_to_the_endpoint(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    row.show_value(0.5)
    write(qtbot, row, "")
    row.show_value(0.7)
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert changes == [("temperature", None), ("temperature", None)]
    assert not row.dot.isVisible()


def test_zero_is_a_value_and_not_the_default(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    write(qtbot, row, "0")
    assert changes == [("temperature", 0.0)] and row.dot.isVisible()


def test_the_slider_and_the_arrow_keys_set_it(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, TEMPERATURE)
    assert row.slider is not None
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    qtbot.keyClick(row.number, Qt.Key.Key_Down)
    qtbot.keyClick(row.number, Qt.Key.Key_Down)
    assert [value for _, value in changes] == [1.02, 1.0, 0.98]
    assert row.number.text() == "0.98"


def test_whole_numbers_are_told_as_such(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, TOKENS)
    write(qtbot, row, "100")
    write(qtbot, row, "0.5")
    assert changes == [("max_tokens", 100)] and isinstance(changes[0][1], int)


def test_a_seed_has_no_slider_and_keeps_every_digit(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = number_row(row_of, SEED)
    assert row.slider is None
    write(qtbot, row, "1234567")
    assert changes == [("seed", 1234567)]


def test_what_is_shown_is_no_choice(qtbot: QtBot, row_of: RowOf) -> None:
    for spec, value in ((TEMPERATURE, 0.3), (EFFORT, "high"), (ENABLED, True)):
        row, changes = row_of(spec)
        row.show_value(value)
        row.show_value(None)
        assert changes == []


def test_a_choice_offers_the_default_first(row_of: RowOf) -> None:
    row, changes = row_of(EFFORT)
    assert isinstance(row, ChoiceRow)
    assert [row.combo.itemText(place) for place in range(row.combo.count())] == [
        *("As the endpoint does", "High", "Low", "None"),
    ]
    row.combo.setCurrentIndex(3)
    row.combo.activated.emit(3)
    row.combo.setCurrentIndex(0)
    row.combo.activated.emit(0)
    assert changes == [("reasoning.effort", "none"), ("reasoning.effort", None)]


def test_a_choice_that_is_not_there_any_more_shows_the_default(row_of: RowOf) -> None:
    row, _ = row_of(EFFORT)
    assert isinstance(row, ChoiceRow)
    row.show_value("utmost")
    assert row.combo.currentIndex() == 0


def test_a_switch_is_automatic_until_it_is_switched(qtbot: QtBot, row_of: RowOf) -> None:
    row, changes = row_of(ENABLED)
    assert isinstance(row, SwitchRow)
    assert row.auto.isVisible()
    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    assert changes == [("reasoning.enabled", True), ("reasoning.enabled", False)]
    assert not row.auto.isVisible() and row.dot.isVisible()
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert changes[-1] == ("reasoning.enabled", None) and row.auto.isVisible()


def test_help_shows_while_the_control_has_the_keyboard(qtbot: QtBot, row_of: RowOf) -> None:
    row, _ = number_row(row_of, TEMPERATURE)
    row.number.clearFocus()
    assert not row.help.isVisible()
    row.number.setFocus()
    assert row.help.isVisible() and row.help.text() == "0 is exact, higher is freer. From 0 to 2."
    row.number.clearFocus()
    assert not row.help.isVisible()


def test_every_control_is_named(row_of: RowOf) -> None:
    row, _ = number_row(row_of, TEMPERATURE)
    assert row.slider is not None and row.label.buddy() is row.number
    assert row.number.accessibleName() == row.slider.accessibleName() == "Temperature"
    assert row.number.accessibleDescription() == "0 is exact, higher is freer. From 0 to 2."
    assert row.reset.accessibleName() == "Reset Temperature"


def test_a_parameter_nobody_has_words_for_is_shown_all_the_same(row_of: RowOf) -> None:
    spec = ParameterSpec(name="min_p", kind=ParameterKind.NUMBER, note="a share of the likeliest word")
    row, _ = number_row(row_of, spec)
    assert (row.label.text(), row.help.text()) == ("Min p", "a share of the likeliest word")


@pytest.mark.parametrize(
    ("spec", "typed", "kept", "said"),
    [
        (TEMPERATURE, "9", "2", "9 is out of range. From 0 to 2."),
        (TEMPERATURE, "12abc", "", "“12abc” is not a number. From 0 to 2."),
    ],
)
def test_what_was_typed_is_not_put_right_in_silence(
    qtbot: QtBot, row_of: RowOf, spec: ParameterSpec, typed: str, kept: str, said: str
) -> None:
    row, _ = number_row(row_of, spec)
    write(qtbot, row, typed)
    assert (row.number.text(), row.help.text()) == (kept, said)
    assert row.help.isVisible() and row.help.property("tone") == "warning"
    row.number.clearFocus()
    row.number.setFocus()
    assert row.help.text().endswith("From 0 to 2.") and row.help.property("tone") == "muted"
    assert row.number.accessibleDescription() == row.help.text()
