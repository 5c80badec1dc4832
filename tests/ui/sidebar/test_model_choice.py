from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.sidebar.model_choice import ModelChoice
from ui.sidebar.rows import ModelRow

ROWS = [
    ModelRow("nugen-flash-vision", "Nugen Flash Vision", "7B", True),
    ModelRow("qwen3-vl-30b", "", "30B", None),
    ModelRow("meta/llama-3.2-11b-vision-instruct", "", "", True),
    ModelRow("nugen-flash-instruct", "Nugen Flash Instruct", "", False),
]


@pytest.fixture
def choice(qtbot: QtBot) -> ModelChoice:
    made = ModelChoice()
    qtbot.addWidget(made)
    made.resize(248, 200)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_models(ROWS, "qwen3-vl-30b")
    return made


def chosen(choice: ModelChoice) -> list[str]:
    ids: list[str] = []
    choice.chosen.connect(ids.append)
    return ids


def type_over(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def offered(choice: ModelChoice) -> list[str]:
    """What the filter lets through."""
    found = choice.combo.filter.completionModel()
    return [found.index(row, 0).data() for row in range(found.rowCount())]


def test_the_rows_keep_the_contract_of_a_model(choice: ModelChoice) -> None:
    tester = QAbstractItemModelTester(choice.list, QAbstractItemModelTester.FailureReportingMode.Warning)
    choice.show_models(ROWS[:2], "")
    choice.show_models([], "")
    del tester


def test_the_model_in_force_is_shown_with_its_line(choice: ModelChoice) -> None:
    assert choice.combo.currentText() == "qwen3-vl-30b"
    assert choice.field.help.text() == "30B"
    assert choice.combo.toolTip() == "qwen3-vl-30b"


def test_a_model_of_the_list_is_chosen(qtbot: QtBot, choice: ModelChoice) -> None:
    ids = chosen(choice)
    choice.combo.setCurrentIndex(0)
    choice.combo.activated.emit(0)
    assert ids == ["nugen-flash-vision"]


def test_a_typed_model_is_chosen_once_whatever_ends_the_typing(qtbot: QtBot, choice: ModelChoice) -> None:
    ids = chosen(choice)
    type_over(qtbot, choice.combo.edit, " my-own/model ")
    qtbot.keyClick(choice.combo.edit, Qt.Key.Key_Return)
    choice.setFocus()
    choice.combo.edit.clearFocus()
    assert ids == ["my-own/model"]
    assert choice.combo.currentText() == "my-own/model"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("VISION", ["nugen-flash-vision", "meta/llama-3.2-11b-vision-instruct"]),
        ("flash i", ["nugen-flash-instruct"]),
        ("11b", ["meta/llama-3.2-11b-vision-instruct"]),
        ("nobody", []),
    ],
)
def test_typing_filters_ids_and_names(
    qtbot: QtBot, choice: ModelChoice, typed: str, found: list[str]
) -> None:
    type_over(qtbot, choice.combo.edit, typed)
    assert offered(choice) == found
    choice.combo.filter.popup().hide()


def test_esc_and_an_empty_field_put_back_what_was(qtbot: QtBot, choice: ModelChoice) -> None:
    ids = chosen(choice)
    type_over(qtbot, choice.combo.edit, "zzz")
    qtbot.keyClick(choice.combo, Qt.Key.Key_Escape)
    assert choice.combo.currentText() == "qwen3-vl-30b"
    choice.combo.edit.clear()
    qtbot.keyClick(choice.combo.edit, Qt.Key.Key_Return)
    assert choice.combo.currentText() == "qwen3-vl-30b"
    assert ids == []


def test_a_list_that_arrives_takes_nothing_from_who_types(qtbot: QtBot, choice: ModelChoice) -> None:
    choice.show_models([], "")
    type_over(qtbot, choice.combo.edit, "half a na")
    choice.show_models(ROWS, "")
    assert choice.combo.currentText() == "half a na"
    choice.combo.filter.popup().hide()


def test_what_is_shown_is_no_choice(qtbot: QtBot, choice: ModelChoice) -> None:
    with qtbot.assertNotEmitted(choice.chosen):
        choice.show_models(ROWS[1:], "nugen-flash-instruct")
        choice.show_models([], "")


def test_a_long_id_is_cut_in_the_middle_until_it_is_typed_in(qtbot: QtBot, choice: ModelChoice) -> None:
    edit = choice.combo.edit
    choice.show_models(ROWS, "meta/llama-3.2-11b-vision-instruct-of-many-more-words")
    choice.setFocus()
    quiet = edit.grab().toImage()
    edit.setFocus()
    edit.setCursorPosition(0)
    qtbot.waitUntil(edit.hasFocus)
    assert edit.text() == "meta/llama-3.2-11b-vision-instruct-of-many-more-words"
    assert edit.grab().toImage() != quiet


def test_the_list_can_be_waited_for_and_given_up(qtbot: QtBot, choice: ModelChoice) -> None:
    assert not choice.waiting.isVisible()
    choice.show_waiting("Asking Nugen for its models")
    assert choice.waiting.label.text() == "Asking Nugen for its models" and choice.waiting.line.isVisible()
    with qtbot.waitSignal(choice.cancel_requested):
        qtbot.mouseClick(choice.waiting.stop, Qt.MouseButton.LeftButton)
    choice.show_waiting("")
    assert not choice.waiting.isVisible()


def test_a_failure_stands_in_place_with_what_can_be_done(qtbot: QtBot, choice: ModelChoice) -> None:
    choice.show_problem("<b>Nugen</b> is in trouble (503).")
    assert choice.problem.label.text() == "<b>Nugen</b> is in trouble (503)."
    assert choice.problem.label.textFormat() == Qt.TextFormat.PlainText
    assert choice.retry.isVisible() and not choice.key.isVisible()
    with qtbot.waitSignal(choice.retry_requested):
        qtbot.mouseClick(choice.retry, Qt.MouseButton.LeftButton)
    choice.show_problem("Nugen needs a key.", retry=False, key=True)
    assert choice.key.isVisible() and not choice.retry.isVisible()
    with qtbot.waitSignal(choice.key_requested):
        qtbot.mouseClick(choice.key, Qt.MouseButton.LeftButton)
    choice.show_problem("")
    assert not (choice.problem.isVisible() or choice.key.isVisible() or choice.retry.isVisible())


def test_a_screen_reader_hears_name_line_and_eyes(choice: ModelChoice) -> None:
    spoken = [choice.list.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(len(ROWS))]
    assert spoken == [
        "Nugen Flash Vision, 7B, takes pictures",
        "qwen3-vl-30b, 30B",
        "meta/llama-3.2-11b-vision-instruct, takes pictures",
        "Nugen Flash Instruct, takes no pictures",
    ]


def test_the_list_draws_rows_of_one_and_of_two_lines(qtbot: QtBot, choice: ModelChoice) -> None:
    choice.combo.showPopup()
    view = choice.combo.view()
    heights = [view.visualRect(choice.list.index(row, 0)).height() for row in range(3)]
    assert heights[0] == heights[1] > heights[2] > 20
    drawn = view.viewport().grab().toImage()
    assert len({drawn.pixelColor(x, y).name() for x in range(0, 300, 3) for y in range(0, 80, 3)}) > 5
    choice.combo.hidePopup()
