from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import icons, palette
from ui.widgets.buttons import IconButton, TextButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import Field
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.motion import fade_ms
from ui.widgets.notice import Notice
from ui.widgets.soft_progress import SoftProgress


def test_a_label_never_reads_markup(qtbot: QtBot) -> None:
    label = PlainLabel("<b>x</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == "<b>x</b>"


def test_a_tone_colours_the_label_and_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    palette.apply(qapp, "light")
    label = PlainLabel("careful", tone="danger")
    qtbot.addWidget(label)
    label.show()
    role = label.foregroundRole()
    assert label.palette().color(role) == palette.load("light").danger
    palette.apply(qapp, "dark")
    assert label.palette().color(role) == palette.load("dark").danger
    label.set_tone("positive")
    assert label.palette().color(role) == palette.load("dark").positive
    palette.apply(qapp, "light")


def test_a_cut_text_shows_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("a rather long name of a picture.jpeg", elide=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(90, 20)
    label.show()
    assert "…" in label.shown_text()
    assert label.toolTip() == "a rather long name of a picture.jpeg"
    label.resize(600, 20)
    assert label.shown_text() == label.text()
    assert label.toolTip() == ""
    label.set_hint("/whole/path")
    assert label.toolTip() == "/whole/path"


def test_an_icon_button_has_words(qtbot: QtBot) -> None:
    button = IconButton("x", "&Open pictures…", shortcut="Ctrl+O")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Open pictures"
    assert button.toolTip() == "Open pictures (Ctrl+O)"
    assert not button.icon().isNull()


def test_an_icon_button_is_pressed_by_return_and_space(qtbot: QtBot) -> None:
    button = IconButton("x", "Close")
    qtbot.addWidget(button)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)


def test_a_click_on_a_button_leaves_the_keyboard_where_it_is(qtbot: QtBot) -> None:
    for button in (IconButton("x", "Close"), TextButton("Open")):
        qtbot.addWidget(button)
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_button_follows_its_action(qtbot: QtBot) -> None:
    button = IconButton("x", "Other")
    qtbot.addWidget(button)
    action = QAction(icons.icon("check"), "Do it…", button)
    button.follow(action)
    assert button.accessibleName() == "Do it"
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_button_of_an_action_with_a_menu_opens_it(qtbot: QtBot) -> None:
    button = IconButton("x", "Other")
    qtbot.addWidget(button)
    action = QAction(icons.icon("check"), "Theme", button)
    action.setMenu(QMenu(button))
    button.follow(action)
    assert button.popupMode() == QToolButton.ToolButtonPopupMode.InstantPopup


def test_an_empty_state_can_say_something_else(qtbot: QtBot) -> None:
    state = EmptyState("image", "Nothing here.", "Open…")
    qtbot.addWidget(state)
    state.resize(500, 300)
    state.show()
    with qtbot.waitSignal(state.action_requested):
        qtbot.mouseClick(state.button, Qt.MouseButton.LeftButton)
    state.show_sentence("It failed.", icon="triangle-alert", tone="danger")
    assert state.label.text() == "It failed."
    assert not state.button.isVisible()


@pytest.mark.parametrize("tone", ["positive", "warning", "danger"])
def test_a_notice_wears_the_icon_and_line_of_its_tone(qtbot: QtBot, qapp: QApplication, tone: str) -> None:
    palette.apply(qapp, "light")
    notice = Notice()
    qtbot.addWidget(notice)
    notice.resize(400, 50)
    notice.show_text("<b>Everything</b> is saved again.", tone)
    assert notice.text() == "<b>Everything</b> is saved again."
    drawn = notice.grab().toImage()
    colour = palette.load("light").color(tone).name()
    assert colour in {drawn.pixelColor(x, 25).name() for x in range(2)}
    assert colour in {drawn.pixelColor(x, y).name() for x in range(12, 32) for y in range(15, 35)}


def test_a_field_names_its_control(qtbot: QtBot) -> None:
    control = QWidget()
    field = Field("Model", control, "Which one answers.")
    qtbot.addWidget(field)
    assert field.label.buddy() is control
    assert control.accessibleName() == "Model"
    assert control.accessibleDescription() == "Which one answers."
    field.set_help("")
    assert not field.help.isVisibleTo(field)


def test_items_flow_into_rows(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    flow = FlowLayout(ground, spacing=10)
    for _ in range(5):
        part = QWidget()
        part.setFixedSize(100, 20)
        flow.addWidget(part)
    assert flow.heightForWidth(1000) == 20
    assert flow.heightForWidth(320) == 50
    assert flow.heightForWidth(100) == 140
    assert flow.minimumSize() == QSize(100, 20)
    assert flow.itemAt(7) is None and flow.takeAt(7) is None


def test_motion_is_short_and_can_be_switched_off(qtbot: QtBot, qapp: QApplication) -> None:
    line = SoftProgress()
    qtbot.addWidget(line)
    assert 0 <= fade_ms(line) <= 180
    qapp.setEffectEnabled(Qt.UIEffect.UI_General, False)
    try:
        assert fade_ms(line) == 0
        line.show()
        assert line.wander.state() == line.wander.State.Stopped
    finally:
        qapp.setEffectEnabled(Qt.UIEffect.UI_General, True)


def test_a_notice_offers_to_do_something_about_it(qtbot: QtBot) -> None:
    notice = Notice()
    done: list[str] = []
    qtbot.addWidget(notice)
    notice.show_text("The answer is in the trash.", "text_muted", "Undo", lambda: done.append("undone"))
    assert notice.button is not None and notice.button.text() == "Undo"
    notice.button.click()
    assert (done, notice.text()) == (["undone"], "")
    notice.show_text("Something else.")
    assert notice.button.isHidden()
    notice.button.click()
    assert done == ["undone"]
