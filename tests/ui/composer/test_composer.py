from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from ui.composer.attachment_chip import AttachmentChip
from ui.composer.composer import Composer
from ui.composer.question_edit import MOST_LINES

SHIFT = Qt.KeyboardModifier.ShiftModifier
READY = AttachmentChip("1", "cat.jpg", "ready", "", "a" * 64)
READING = AttachmentChip("2", "dog.jpg", "reading")
REFUSED = AttachmentChip("3", "notes.png", "refused", "notes.png cannot be opened: it is a text file.")


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.show()
    made.focus_text()
    return made


def submitted(composer: Composer) -> list[str]:
    texts: list[str] = []
    composer.message_submitted.connect(texts.append)
    return texts


def test_enter_sends_and_keeps_the_text_until_told(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    qtbot.keyClicks(composer.edit, "What is this?")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == ["What is this?"]
    assert composer.text() == "What is this?"
    composer.set_text("")
    assert composer.text() == ""


def test_the_enter_of_the_number_pad_sends_too(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    qtbot.keyClicks(composer.edit, "x")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert texts == ["x"]


def test_shift_enter_breaks_the_line(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    qtbot.keyClicks(composer.edit, "a")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(composer.edit, "b")
    assert composer.text() == "a\nb"
    assert texts == []


def test_what_an_input_method_composes_is_not_sent(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    QApplication.sendEvent(composer.edit, QInputMethodEvent("ねこ", []))
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == []
    commit = QInputMethodEvent()
    commit.setCommitString("猫")
    QApplication.sendEvent(composer.edit, commit)
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert len(texts) == 1 and "猫" in texts[0]


def test_nothing_to_ask_is_said_and_not_sent(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    qtbot.keyClicks(composer.edit, "  ")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == []
    assert composer.hint.text() == "Write a question or add a picture first."
    assert composer.hint.isVisible()
    qtbot.keyClicks(composer.edit, "now")
    assert not composer.hint.isVisible()


def test_a_picture_alone_is_a_question(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    composer.set_attachments([READY])
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == [""]


def test_sending_waits_for_pictures_that_are_being_read(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    composer.set_text("What is this?")
    composer.set_attachments([READY, READING])
    qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)
    assert texts == []
    assert composer.hint.text() == "A picture is still being read."
    composer.set_attachments([READY])
    assert not composer.hint.isVisible()


def test_a_blocked_send_says_why_to_eye_and_ear(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    composer.set_text("What is this?")
    composer.set_send_blocked("Choose a model file first.")
    assert composer.send.toolTip() == "Choose a model file first."
    assert composer.send.accessibleDescription() == "Choose a model file first."
    assert composer.send.isEnabled()
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == [] and composer.hint.text() == "Choose a model file first."
    composer.set_send_blocked("")
    assert composer.send.accessibleDescription() == ""
    qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)
    assert texts == ["What is this?"]


def test_send_is_stop_while_an_answer_runs(qtbot: QtBot, composer: Composer) -> None:
    texts = submitted(composer)
    composer.set_text("another")
    composer.set_running(True)
    assert composer.send.accessibleName() == "Stop the answer"
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == [] and composer.text() == "another"
    assert "still running" in composer.hint.text()
    composer.set_running(False)
    assert composer.send.accessibleName() == "Send"


def test_only_the_user_changes_the_draft(qtbot: QtBot, composer: Composer) -> None:
    drafts: list[str] = []
    composer.draft_changed.connect(drafts.append)
    composer.set_text("saved")
    assert drafts == []
    qtbot.keyClicks(composer.edit, "!")
    assert drafts == ["saved!"]


def test_it_grows_with_its_lines_up_to_a_limit(qtbot: QtBot, composer: Composer) -> None:
    one = composer.edit.height()
    composer.set_text("a\nb\nc")
    three = composer.edit.height()
    composer.set_text("\n".join("abcdefghijkl"))
    most = composer.edit.height()
    assert one < three < most
    assert most <= one * MOST_LINES
    composer.set_text("word " * 200)
    assert composer.edit.height() == most
    composer.set_text("")
    assert composer.edit.height() == one


def test_pasted_text_is_plain(qtbot: QtBot, composer: Composer) -> None:
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("bold")
    composer.edit.insertFromMimeData(mime)
    assert composer.text() == "bold"


def test_pasted_pictures_are_offered_and_not_written(qtbot: QtBot, composer: Composer) -> None:
    mime = QMimeData()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill("red")
    mime.setImageData(image)
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(composer.pictures_offered) as offered:
        qtbot.keyClick(composer.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert offered.args[0].image is not None or offered.args[0].blobs
    assert composer.text() == ""


def test_pasted_files_are_offered(qtbot: QtBot, composer: Composer) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/cat.png")])
    mime.setText("/tmp/cat.png")
    with qtbot.waitSignal(composer.pictures_offered) as offered:
        composer.edit.insertFromMimeData(mime)
    assert offered.args[0].paths == ["/tmp/cat.png"]
    assert composer.text() == ""


def test_a_pasted_address_is_text(qtbot: QtBot, composer: Composer) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    mime.setText("https://example.org/a.png")
    with qtbot.assertNotEmitted(composer.pictures_offered):
        composer.edit.insertFromMimeData(mime)
    assert composer.text() == "https://example.org/a.png"


def test_adding_pictures_is_asked_for(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.waitSignal(composer.attach_requested):
        qtbot.mouseClick(composer.attach, Qt.MouseButton.LeftButton)


def test_every_part_that_takes_the_keyboard_has_a_name(composer: Composer) -> None:
    composer.set_attachments([READY, READING, REFUSED])
    for button in composer.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName(), button
    assert composer.edit.accessibleName() == "Question"


def test_tab_leaves_the_text(qtbot: QtBot, composer: Composer) -> None:
    assert composer.edit.tabChangesFocus()
    assert composer.send.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert composer.attach.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_question_that_is_edited_says_so_and_its_pictures_can_be_swapped(
    qtbot: QtBot, composer: Composer
) -> None:
    composer.set_attachments([READY, REFUSED])
    composer.set_editing(True)
    assert composer.editing
    ready, refused = composer.strip._chips.values()
    assert [button.accessibleName() for button in ready.buttons()] == [
        "Put another picture in the place of cat.jpg",
        "Remove cat.jpg",
    ]
    assert [button.accessibleName() for button in refused.buttons()] == ["Dismiss notes.png"]
    with qtbot.waitSignal(composer.attachment_swap_requested) as told:
        ready.buttons()[0].click()
    assert told.args == ["1"]
    names: list[str] = []
    composer.editing_line.leave.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
    assert names == [
        "Put another picture in the place of cat.jpg",
        "Remove cat.jpg",
        "Dismiss notes.png",
        "Add pictures",
    ]
    with qtbot.waitSignal(composer.editing_left):
        composer.editing_line.leave.click()
    composer.set_editing(False)
    assert (composer.editing, len(ready.buttons())) == (False, 1)
