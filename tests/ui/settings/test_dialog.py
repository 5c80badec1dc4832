"""The settings as widgets: what they show of plain rows, and what they emit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.settings import rows
from ui.settings.dialog import SettingsDialog
from ui.settings.endpoint_list import EndpointList
from ui.settings.rows import AddressVerdict, EndpointRow, KindRow, StorageRow
from ui.theme import fonts

LONG = "A server with a name that is a good deal longer than anybody would want it to be"
SENTENCE = (
    "Mine did not accept the key (401): the authentication of this request has failed. "
    "Enter the key again in the settings under Endpoints."
)
QUICK = EndpointRow(
    "quick-look", "Quick look", host="On this computer", shown=True, fixed=True, held="It answers now."
)
NUGEN = EndpointRow(
    "nugen",
    "Nugen",
    "nugen",
    "https://api.nugen.in",
    "api.nugen.in",
    "Nugen's models.",
    rows.IN_KEYRING,
    shown=True,
)
OPENAI = EndpointRow(
    "openai", "OpenAI", "openai", "https://api.openai.com/v1", "api.openai.com", "", rows.NO_KEY
)
MINE = EndpointRow(
    "mine",
    LONG,
    "vllm",
    f"https://{'a' * 60}.example/v1",
    f"{'a' * 60}.example",
    "",
    rows.NEEDS_NO_KEY,
    own=True,
)
KINDS = [
    KindRow("custom", "Other server", "My server", "", "Any server that speaks the OpenAI protocol."),
    KindRow("vllm", "vLLM", "vLLM 2", "http://127.0.0.1:8000/v1"),
]


def check(_id: str, kind: str, text: str) -> AddressVerdict:
    if not text.startswith("http"):
        return AddressVerdict("It is not a web address.", "", text)
    return AddressVerdict("", "Another server." if "other" in text else "", text.rstrip("/"))


Make = Callable[..., SettingsDialog]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    parent = QWidget()
    qtbot.addWidget(parent)

    def made(*shown: EndpointRow, size: tuple[int, int] = (780, 600)) -> SettingsDialog:
        dialog = SettingsDialog(check, parent)
        for _ in dialog.build():
            pass
        qtbot.addWidget(dialog)
        dialog.endpoints.set_kinds(KINDS)
        dialog.endpoints.set_rows(list(shown))
        dialog.resize(*size)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog.endpoints.list.complete)
        return dialog

    yield made


@pytest.fixture
def dialog(make: Make) -> SettingsDialog:
    return make(QUICK, NUGEN, OPENAI, MINE)


# ------------------------------------------------------------ the list


def test_without_endpoints_of_ones_own_the_list_says_what_could_be_added(make: Make) -> None:
    dialog = make(QUICK, NUGEN)
    assert dialog.endpoints.list.none_yet.isVisible()
    dialog.endpoints.set_rows([QUICK, NUGEN, MINE])
    assert not dialog.endpoints.list.none_yet.isVisible()


def test_the_dialog_waits_for_no_endpoint(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = SettingsDialog(check, parent)
    for _ in dialog.build():
        pass
    dialog.endpoints.set_rows([NUGEN, MINE, QUICK, OPENAI])
    endpoints = dialog.endpoints.list
    endpoints.focus_row("nugen")
    assert endpoints.items == {} and not endpoints.complete
    assert {"form", "new", "appearance"}.isdisjoint({**dialog.__dict__, **dialog.endpoints.__dict__})
    qtbot.waitUntil(lambda: endpoints.complete)
    assert list(endpoints.items) == ["mine", "quick-look", "nugen", "openai"]


def test_an_endpoint_that_is_added_comes_into_its_place(qtbot: QtBot, dialog: SettingsDialog) -> None:
    page = dialog.endpoints
    stays = page.list.items["nugen"]
    page.set_rows([QUICK, NUGEN, OPENAI, MINE._replace(id="first"), MINE, OPENAI._replace(id="last")])
    page.list.focus_row("last")
    qtbot.waitUntil(lambda: page.list.complete)
    assert list(page.list.items) == ["first", "mine", "quick-look", "nugen", "openai", "last"]
    assert page.list.items["nugen"] is stays
    qtbot.waitUntil(lambda: tops(page.list) == sorted(set(tops(page.list))))
    page.set_rows([QUICK, NUGEN])
    assert list(page.list.items) == ["quick-look", "nugen"]


def tops(endpoints: EndpointList) -> list[int]:
    return [item.mapTo(endpoints, QPoint(0, 0)).y() for item in endpoints.items.values()]


def test_a_row_is_opened_by_click_and_by_key(qtbot: QtBot, dialog: SettingsDialog) -> None:
    page = dialog.endpoints
    item = page.list.items["nugen"]
    qtbot.mouseClick(item.area, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert page.open_id == "nugen"
    qtbot.keyClick(page.form.back_button, Qt.Key.Key_Return)
    assert page.open_id == "" and item.area.hasFocus()
    qtbot.keyClick(item.area, Qt.Key.Key_Return)
    assert page.open_id == "nugen"


def test_what_is_part_of_fovea_has_no_form(dialog: SettingsDialog) -> None:
    dialog.endpoints.open("quick-look")
    assert dialog.endpoints.open_id == ""
    dialog.endpoints.open("never heard of")
    assert dialog.endpoints.open_id == ""


def test_a_new_state_leaves_the_keyboard_where_it_is(dialog: SettingsDialog) -> None:
    page = dialog.endpoints
    page.list.focus_row("openai")
    page.set_rows([QUICK, NUGEN, OPENAI._replace(key=rows.IN_SESSION), MINE])
    assert page.list.items["openai"].area.hasFocus()
    assert page.list.items["openai"].key.text() == "Key for this session only"


def test_a_key_that_nobody_asks_for_is_not_missed(dialog: SettingsDialog) -> None:
    page = dialog.endpoints
    assert page.list.items["openai"].key.label.property("tone") == "muted"
    page.set_rows([QUICK, NUGEN, OPENAI._replace(shown=True), MINE])
    assert page.list.items["openai"].key.label.property("tone") == "warning"


def test_only_the_users_switch_is_told(qtbot: QtBot, dialog: SettingsDialog) -> None:
    page = dialog.endpoints
    with qtbot.assertNotEmitted(page.list.shown_changed):
        page.set_rows([QUICK, NUGEN, OPENAI._replace(shown=True), MINE])
    with qtbot.waitSignal(page.list.shown_changed) as told:
        qtbot.mouseClick(page.list.items["openai"].switch, Qt.MouseButton.LeftButton)
    assert told.args == ["openai", False]


def test_a_form_whose_endpoint_is_gone_closes(dialog: SettingsDialog) -> None:
    dialog.endpoints.open("mine")
    dialog.endpoints.set_rows([QUICK, NUGEN])
    assert dialog.endpoints.open_id == ""


# ------------------------------------------------------------ the form


def test_the_form_of_a_known_server_offers_no_other_kind(dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("nugen")
    assert not form.kind.isVisible() and not form.remove_button.isVisible()
    dialog.endpoints.open("mine")
    assert form.kind.isVisible() and form.remove_button.isVisible()


def test_what_is_typed_holds_with_return(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("nugen")
    form.name_edit.selectAll()
    qtbot.keyClicks(form.name_edit, "  My   Nugen ")
    with qtbot.waitSignal(form.changed) as told:
        qtbot.keyClick(form.name_edit, Qt.Key.Key_Return)
    assert told.args == ["nugen", "nugen", "My Nugen", "https://api.nugen.in"]


def test_return_in_a_field_presses_no_button(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("mine")
    told: list[object] = []
    for signal in (form.test_requested, form.removed, form.closed, form.key_removed):
        signal.connect(lambda *what: told.append(what))
    for field in (form.name_edit, form.address.edit, form.key.edit):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == []
    assert dialog.isVisible()


def test_an_empty_name_is_the_old_one_again(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("nugen")
    form.name_edit.setText("  ")
    with qtbot.assertNotEmitted(form.changed):
        form.commit()
    assert form.name_edit.text() == "Nugen"


def test_a_wrong_address_is_marked_and_does_not_hold(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("nugen")
    form.address.edit.selectAll()
    qtbot.keyClicks(form.address.edit, "nonsense")
    assert form.address.line.text() == "It is not a web address."
    assert form.address.edit.property("wrong") is True
    assert form.address.edit.accessibleDescription() == "It is not a web address."
    with qtbot.assertNotEmitted(form.changed):
        form.commit()
    form.address.edit.selectAll()
    qtbot.keyClicks(form.address.edit, "https://other.example/")
    assert form.address.line.text() == "Another server."
    assert form.address.edit.property("wrong") is False
    with qtbot.waitSignal(form.changed) as told:
        form.commit()
    assert told.args[3] == "https://other.example"


def test_what_is_being_typed_survives_news_of_the_endpoint(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("openai")
    form.address.edit.selectAll()
    qtbot.keyClicks(form.address.edit, "https://oth")
    qtbot.keyClicks(form.key.edit, "abc")
    dialog.endpoints.set_rows(
        [QUICK, NUGEN, OPENAI._replace(key=rows.IN_ENVIRONMENT, variable="A_KEY"), MINE]
    )
    assert form.address.edit.text() == "https://oth"
    assert form.key.edit.text() == "abc"
    assert form.key.place.text() == "Key from A_KEY"


def test_the_keyboard_goes_to_the_key_that_is_missing(dialog: SettingsDialog) -> None:
    dialog.endpoints.open("openai")
    assert dialog.endpoints.form.key.edit.hasFocus()
    dialog.endpoints.open("nugen")
    assert dialog.endpoints.form.back_button.hasFocus()


def test_closing_lets_what_was_typed_hold(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("nugen")
    form.name_edit.setText("Other")
    form.key.edit.setText("abc")
    with qtbot.waitSignal(form.changed) as told:
        dialog.close()
    assert told.args[2] == "Other"
    assert form.key.edit.text() == ""


def test_escape_goes_back_one_step_and_then_closes(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.endpoints.open("nugen")
    qtbot.keyClick(dialog.endpoints.form.back_button, Qt.Key.Key_Escape)
    assert dialog.endpoints.open_id == "" and dialog.isVisible()
    dialog.endpoints.list.add_button.click()
    qtbot.keyClick(dialog.endpoints.new.name_edit, Qt.Key.Key_Escape)
    assert dialog.endpoints.list.isVisible()
    qtbot.keyClick(dialog.endpoints.list.add_button, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# ------------------------------------------------------------ the key


def test_a_key_is_typed_unseen_and_can_be_looked_at(qtbot: QtBot, dialog: SettingsDialog) -> None:
    key = dialog.endpoints.form.key
    dialog.endpoints.open("openai")
    assert not key.show_button.isVisible() and not key.save_button.isVisible()
    qtbot.keyClicks(key.edit, "sk-1")
    assert key.edit.displayText() != "sk-1"
    qtbot.mouseClick(key.show_button, Qt.MouseButton.LeftButton)
    assert key.edit.displayText() == "sk-1"
    assert key.show_button.accessibleName() == "Hide the key"
    key.edit.clear()
    qtbot.keyClicks(key.edit, "sk-2")
    assert key.edit.displayText() != "sk-2"


def test_a_saved_key_leaves_the_field_for_good(qtbot: QtBot, dialog: SettingsDialog) -> None:
    form = dialog.endpoints.form
    dialog.endpoints.open("openai")
    qtbot.keyClicks(form.key.edit, "sk-1")
    with qtbot.waitSignal(form.key_submitted) as told:
        qtbot.keyClick(form.key.edit, Qt.Key.Key_Return)
    assert told.args == ["openai", "sk-1"]
    form.key.edit.undo()
    assert form.key.edit.text() == ""


@pytest.mark.parametrize("keys", [Qt.Key.Key_C, Qt.Key.Key_X])
def test_a_key_that_can_be_read_cannot_be_copied(qtbot: QtBot, dialog: SettingsDialog, keys: Qt.Key) -> None:
    edit = dialog.endpoints.form.key.edit
    dialog.endpoints.open("openai")
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClicks(edit, "sk-1")
    edit.set_legible(True)
    edit.selectAll()
    qtbot.keyClick(edit, keys, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"
    assert edit.text() == "sk-1"


def test_the_menu_of_the_key_offers_nothing_that_takes_it_out(qtbot: QtBot, dialog: SettingsDialog) -> None:
    edit = dialog.endpoints.form.key.edit
    dialog.endpoints.open("openai")
    QApplication.sendEvent(
        edit,
        QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), edit.mapToGlobal(QPoint(5, 5))),
    )
    (menu,) = edit.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Paste", "Clear"]
    menu.close()


def test_where_no_key_can_be_kept_the_field_says_why(dialog: SettingsDialog) -> None:
    why = "No key can be kept for this address."
    dialog.endpoints.set_rows([QUICK, NUGEN, OPENAI, MINE._replace(keyless=why)])
    dialog.endpoints.open("mine")
    key = dialog.endpoints.form.key
    assert not key.edit.isEnabled()
    assert key.edit.toolTip() == key.edit.accessibleDescription() == key.place.text() == why


def test_a_key_of_the_environment_cannot_be_removed_here(dialog: SettingsDialog) -> None:
    dialog.endpoints.open("nugen")
    assert dialog.endpoints.form.key.remove_button.isVisible()
    dialog.endpoints.set_rows(
        [QUICK, NUGEN._replace(key=rows.IN_ENVIRONMENT, variable="A_KEY"), OPENAI, MINE]
    )
    assert not dialog.endpoints.form.key.remove_button.isVisible()


# ------------------------------------------------------------ a new one


def test_each_kind_brings_its_name_and_address_until_others_are_typed(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    new = dialog.endpoints.new
    dialog.endpoints.list.add_button.click()
    assert new.kind_combo.hasFocus() and not new.add_button.isEnabled()
    assert new.add_button.toolTip() == "Type its address first."
    choose(new.kind_combo, "vllm")
    assert (new.name_edit.text(), new.address.edit.text()) == ("vLLM 2", "http://127.0.0.1:8000/v1")
    assert new.add_button.isEnabled()
    new.name_edit.selectAll()
    qtbot.keyClicks(new.name_edit, "Big box")
    choose(new.kind_combo, "custom")
    assert (new.name_edit.text(), new.address.edit.text()) == ("Big box", "")
    qtbot.keyClicks(new.address.edit, "http://other.example")
    with qtbot.waitSignal(dialog.endpoints.added) as told:
        qtbot.keyClick(new.address.edit, Qt.Key.Key_Return)
    assert told.args == ["custom", "Big box", "http://other.example"]


def choose(combo: QComboBox, kind: str) -> None:
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


# ------------------------------------------------------------ test, undo, theme


def test_a_test_counts_its_seconds(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.endpoints.open("nugen")
    test = dialog.endpoints.form.test
    test.show_asking("api.nugen.in")
    assert test.asking and test.progress.isVisible() and test.cancel_button.isVisible()
    assert test.line.text() == "Asking api.nugen.in…"
    test._ticks.timeout.emit()
    assert test.line.text() == "Asking api.nugen.in… 0 s"
    test.show_result("It answers.", "positive")
    assert not test.asking and not test.progress.isVisible() and test.start_button.isVisible()


def test_the_result_of_a_test_comes_into_sight(qtbot: QtBot, make: Make) -> None:
    dialog = make(QUICK, MINE, size=(640, 480))
    dialog.endpoints.open("mine")
    form = dialog.endpoints.form
    form.test.show_result(SENTENCE, "danger")
    qtbot.waitUntil(lambda: form.test.line.visibleRegion().boundingRect() == form.test.line.rect())


def test_undo_is_told_once(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.undo.offer("“<b>Mine</b>” was removed.")
    assert dialog.undo.isVisible() and dialog.undo.label.text() == "“<b>Mine</b>” was removed."
    with qtbot.waitSignal(dialog.undo.undo_requested):
        qtbot.mouseClick(dialog.undo.undo_button, Qt.MouseButton.LeftButton)
    assert not dialog.undo.isVisible()


def test_a_theme_is_chosen_with_the_arrow_keys(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.appearance.show_theme("system")
    dialog.pages.setCurrentRow(1)
    system = dialog.appearance.options["system"]
    system.setFocus()
    with qtbot.waitSignal(dialog.appearance.theme_chosen) as told:
        qtbot.keyClick(system, Qt.Key.Key_Down)
    assert told.args == ["light"]


# ------------------------------------------------------------ for everybody


def states(dialog: SettingsDialog) -> Iterator[str]:
    """Brings the dialog into each of its states."""
    page = dialog.endpoints
    yield "list"
    page.open("mine")
    page.form.key.edit.setText("sk-1")
    page.form.key.set_waiting(True)
    page.form.test.show_asking(MINE.host)
    yield "busy"
    page.form.key.say("It is kept until Fovea closes, because no keyring is running.", "warning")
    page.form.test.show_result(SENTENCE, "danger")
    dialog.undo.offer(f"“{LONG[:40]}…” was removed, and its key with it.")
    yield "told"
    dialog.undo.undo_button.click()
    dialog.notice.show_text("Not saved: no space left on device", "danger")
    yield "not saved"
    page.list.add_button.click()
    page._begin_new()
    page.new.address.edit.setText("nonsense")
    page.new.address.judge_again()
    yield "new"
    dialog.pages.setCurrentRow(1)
    yield "appearance"
    dialog.pages.setCurrentRow(2)
    over = "The oldest go when the settings are closed, at least 12.3 GB."
    row = StorageRow("Kept now: 14.3 GB, 123,456 pictures", 5, ((5, "2 GB"),), over, clearable=True)
    dialog.storage.show_row(row)
    yield "storage"


@pytest.mark.parametrize("factor", [1.0, 2.0], ids=["100 %", "200 %"])
def test_nothing_is_cut_in_the_smallest_window(
    qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    monkeypatch.setattr(fonts._Scale, "factor", factor)
    before = QApplication.font()
    QApplication.setFont(fonts.font("label"))
    try:
        dialog = make(QUICK, NUGEN, OPENAI, MINE, size=(640, 440))
        assert dialog.minimumSizeHint().width() <= 640
        for state in states(dialog):
            shown(qtbot, dialog, state)
    finally:
        QApplication.setFont(before)


def shown(qtbot: QtBot, dialog: SettingsDialog, state: str) -> None:
    """Wait until everything has found its place."""
    try:
        qtbot.waitUntil(lambda: not list(cut(dialog)))
    except qtbot.TimeoutError:
        pytest.fail(f"{state}: {list(cut(dialog))}")


def cut(dialog: SettingsDialog) -> Iterator[str]:
    """The words that do not fit where they stand."""
    for label in dialog.findChildren(QLabel):
        if not label.isVisible():
            continue
        if label.wordWrap() and label.height() < label.heightForWidth(label.width()):
            yield f"{label.text()!r} is {label.height()} high"
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.width() < button.minimumSizeHint().width():
            yield f"button {button.text()!r}"
    for scroll in dialog.findChildren(QScrollArea):
        if scroll.isVisible() and scroll.widget().width() > scroll.viewport().width():
            yield f"{type(scroll.widget()).__name__} is wider than its room"


def test_every_control_has_a_name_and_is_reached_by_tab(qtbot: QtBot, dialog: SettingsDialog) -> None:
    for state in states(dialog):
        controls = {
            widget
            for kind in (QAbstractButton, QLineEdit, QComboBox)
            for widget in dialog.findChildren(kind)
            if widget.isVisible()
            and widget.isEnabled()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and widget.focusProxy() is None
        }
        nameless = [w for w in controls if not w.accessibleName() and not getattr(w, "text", str)()]
        assert nameless == [], state
        walked: set[QWidget] = set()
        widget: QWidget | None = dialog.pages
        dialog.pages.setFocus()
        while widget is not None and widget not in walked:
            walked.add(widget)
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
            widget = QApplication.focusWidget()
        missed = {w for w in controls - walked if w not in dialog.appearance.options.values()}
        assert missed == set(), (state, [w.accessibleName() for w in missed])
