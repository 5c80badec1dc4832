from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.composer.attachment_chip import CHIP_HEIGHT, AttachmentChip, ChipWidget
from ui.composer.attachment_strip import AttachmentStrip
from ui.theme import palette
from ui.widgets.buttons import IconButton
from ui.widgets.tooltips import plain_tooltip

READY = AttachmentChip("1", "cat.jpg", "ready", "", "a" * 64)
READING = AttachmentChip("2", "dog.jpg", "reading")
REFUSED = AttachmentChip("3", "notes.png", "refused", "notes.png cannot be opened: it is a text file.")


@pytest.fixture
def strip(qtbot: QtBot) -> AttachmentStrip:
    made = AttachmentStrip()
    qtbot.addWidget(made)
    made.resize(560, 48)
    return made


def chip(strip: AttachmentStrip, key: str) -> ChipWidget:
    return next(c for c in strip.findChildren(ChipWidget) if c.shown.key == key)


def show_many(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([AttachmentChip(str(n), f"{n}.jpg", "ready") for n in range(60)])
    qtbot.waitUntil(lambda: len(strip.findChildren(ChipWidget)) >= 60)


def test_without_pictures_it_takes_no_room(strip: AttachmentStrip) -> None:
    strip.set_chips([])
    assert not strip.isVisible()


def test_each_state_says_what_it_is(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([READY, READING, REFUSED])
    qtbot.waitUntil(lambda: len(strip.findChildren(ChipWidget)) == 3)
    assert chip(strip, "1").accessibleName() == "cat.jpg"
    assert chip(strip, "2").accessibleName() == "Reading dog.jpg"
    assert chip(strip, "2").line.isVisible()
    assert not chip(strip, "1").line.isVisible()
    assert chip(strip, "3").note.text() == REFUSED.note
    assert chip(strip, "3").note.toolTip() == REFUSED.note
    assert REFUSED.note in chip(strip, "3").accessibleName()


def test_the_button_of_a_chip_takes_it_away(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([READY, REFUSED])
    assert chip(strip, "1").remove.accessibleName() == "Remove cat.jpg"
    assert chip(strip, "3").remove.accessibleName() == "Dismiss notes.png"
    with qtbot.waitSignal(strip.removed) as removed:
        qtbot.mouseClick(chip(strip, "3").remove, Qt.MouseButton.LeftButton)
    assert removed.args == ["3"]


def test_what_is_larger_than_most_can_be_opened_anyway(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([REFUSED, REFUSED._replace(key="4", name="large.png", large=True)])
    plain, large = chip(strip, "3"), chip(strip, "4")
    assert plain.anyway is None
    assert large.anyway is not None
    assert large.buttons() == [large.anyway, large.remove]
    assert large.anyway.accessibleName() == "Open large.png anyway"
    assert large.anyway.width() >= large.anyway.sizeHint().width()
    with qtbot.waitSignal(strip.anyway_requested) as wanted:
        qtbot.mouseClick(large.anyway, Qt.MouseButton.LeftButton)
    assert wanted.args == ["4"]


def test_the_keyboard_stays_at_the_chip_whose_button_goes(qtbot: QtBot, strip: AttachmentStrip) -> None:
    large_one = REFUSED._replace(key="4", name="large.png", large=True)
    strip.set_chips([large_one, READY])
    large = chip(strip, "4")
    assert large.anyway is not None
    qtbot.waitUntil(large.anyway.isVisible)
    large.anyway.setFocus()
    strip.set_chips([large_one._replace(state="reading", large=False), READY])
    assert strip.focusWidget() is large
    qtbot.waitUntil(lambda: large.grab().toImage().pixelColor(1, 24) == palette.current().focus)
    qtbot.keyClick(large, Qt.Key.Key_Tab)
    assert strip.focusWidget() is large.remove


def test_delete_on_the_button_takes_the_chip_away(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([READY])
    with qtbot.waitSignal(strip.removed):
        qtbot.keyClick(chip(strip, "1").remove, Qt.Key.Key_Delete)


def test_a_chip_that_stays_is_the_same_widget(strip: AttachmentStrip) -> None:
    strip.set_chips([READING, READY])
    kept = chip(strip, "2").findChild(IconButton)
    strip.set_chips([AttachmentChip("2", "dog.jpg", "ready", "", "b" * 64)])
    assert chip(strip, "2").findChild(IconButton) is kept
    assert strip.chips() == [AttachmentChip("2", "dog.jpg", "ready", "", "b" * 64)]


def test_many_new_chips_come_one_at_a_time_and_in_order(qtbot: QtBot, strip: AttachmentStrip) -> None:
    many = [AttachmentChip(str(n), f"{n}.jpg", "reading") for n in range(10)]
    strip.set_chips([many[5]])
    strip.set_chips(many)
    assert len(strip.findChildren(ChipWidget)) == 1 and strip.chips() == many

    def in_sight() -> list[AttachmentChip]:
        chips = sorted(strip.findChildren(ChipWidget), key=lambda one: (one.y(), one.x()))
        return [one.shown for one in chips]

    qtbot.waitUntil(lambda: in_sight() == many)


def test_of_many_new_chips_none_is_made_for_one_that_went_meanwhile(
    qtbot: QtBot, strip: AttachmentStrip
) -> None:
    many = [AttachmentChip(str(n), f"{n}.jpg", "reading") for n in range(10)]
    strip.set_chips(many)
    qtbot.waitUntil(lambda: bool(strip.findChildren(ChipWidget)))
    strip.set_chips(many[2:4])
    qtbot.waitUntil(lambda: not strip._making.busy)
    assert [one.shown for one in strip._chips.values()] == many[2:4] and strip.isVisibleTo(strip.parent())
    strip.set_chips(many)
    strip.set_chips([])
    qtbot.waitUntil(lambda: not strip._making.busy)
    assert not strip._chips and strip.isHidden()


def test_the_thumbnail_of_a_ready_picture_is_drawn(strip: AttachmentStrip) -> None:
    strip.set_chips([READY])
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill("#00FF00")
    strip.set_thumbnail("f" * 64, image)
    strip.set_thumbnail(READY.sha256, image)
    drawn = chip(strip, "1").grab().toImage()
    assert drawn.pixelColor(24, 24).name() == "#00ff00"
    assert strip.thumbnails.image("f" * 64) is None


def test_many_pictures_wrap_and_then_scroll(qtbot: QtBot, strip: AttachmentStrip) -> None:
    strip.set_chips([READY])
    one = strip.height()
    show_many(qtbot, strip)
    assert one < strip.height() <= 2 * one + 8
    assert strip.verticalScrollBar().maximum() > 0


def test_rows_are_whole_also_where_one_is_refused(qtbot: QtBot, strip: AttachmentStrip) -> None:
    note = "Not opened: PDF documents are not opened yet; save the page as a picture."
    chips = [AttachmentChip(str(n), f"{n}.jpg", "ready") for n in range(12)]
    chips.insert(8, AttachmentChip("a", "a.pdf", "refused", note))
    strip.set_chips(chips)
    bar = strip.verticalScrollBar()

    def cut_off() -> list[str]:
        """What is neither wholly in sight nor wholly out of it."""
        chips = strip.findChildren(ChipWidget)
        seen = {c.shown.key: c.visibleRegion().boundingRect().height() for c in chips}
        return [c.shown.key for c in chips if seen[c.shown.key] not in (0, c.height())]

    def refused_in_sight() -> bool:
        found = strip.findChildren(ChipWidget)
        refused = [each for each in found if each.shown.key == "a" and not each.visibleRegion().isEmpty()]
        return len(found) == len(chips) and bool(refused) and 0 < bar.value() < bar.maximum()

    qtbot.waitUntil(refused_in_sight)
    assert not cut_off()
    bar.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepSub)
    assert not cut_off()
    bar.setSliderPosition(20)
    assert cut_off()
    qtbot.waitUntil(lambda: not cut_off())


def test_each_of_the_files_refused_together_comes_into_sight(qtbot: QtBot, strip: AttachmentStrip) -> None:
    note = "Not opened: PDF documents are not opened yet; save the page as a picture."
    names = ["paper.pdf", "bad.jpg", "good.png", "empty.png", "notes.txt", "last.png"]
    chips = [AttachmentChip(name, name, "reading") for name in names]

    def settle(name: str, state: str) -> None:
        place = next(n for n, chip in enumerate(chips) if chip.key == name)
        chips[place] = AttachmentChip(name, name, state, note if state == "refused" else "")
        strip.set_chips(chips)

    def sees(name: str) -> bool:
        found = [each for each in strip.findChildren(ChipWidget) if each.shown.key == name]
        return bool(found) and found[0].visibleRegion().boundingRect() == found[0].rect()

    strip.set_chips(chips)
    for name in names:
        settle(name, "ready" if name in ("good.png", "last.png") else "refused")
    laid_out: list[bool] = []
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, lambda: laid_out.append(True)))
    qtbot.waitUntil(lambda: bool(laid_out) and len(strip.findChildren(ChipWidget)) == len(names))
    assert sees("paper.pdf") and not sees("notes.txt")
    for gone, following in (("paper.pdf", "bad.jpg"), ("bad.jpg", "empty.png"), ("empty.png", "notes.txt")):
        chips = [chip for chip in chips if chip.key != gone]
        strip.set_chips(chips)
        qtbot.waitUntil(lambda following=following: sees(following))
    chips = [*chips, *(AttachmentChip(str(n), f"{n}.jpg", "reading") for n in range(9))]
    strip.set_chips(chips)
    settle("8", "refused")
    qtbot.waitUntil(lambda: sees("8") and not sees("notes.txt"))


def test_names_from_outside_are_plain_text(strip: AttachmentStrip) -> None:
    strip.set_chips([AttachmentChip("1", "<img src=x>.png", "ready")])
    assert chip(strip, "1").name.text() == "<img src=x>.png"
    assert chip(strip, "1").name.textFormat() == Qt.TextFormat.PlainText


def test_a_low_window_has_one_row_of_chips_and_a_high_one_two(qtbot: QtBot) -> None:
    window, strip = QWidget(), AttachmentStrip()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(strip)
    window.resize(640, 480)
    window.show()
    show_many(qtbot, strip)
    assert strip.height() == CHIP_HEIGHT and strip.verticalScrollBar().maximum() > 0
    window.resize(640, 800)
    qtbot.waitUntil(lambda: strip.height() > 2 * CHIP_HEIGHT)
    window.resize(640, 480)
    qtbot.waitUntil(lambda: strip.height() == CHIP_HEIGHT)


def test_a_long_refusal_takes_two_lines_and_is_whole_in_the_tooltip(strip: AttachmentStrip) -> None:
    note = "Not opened: PDF documents are not opened yet; save the pages as pictures, and add those."
    strip.set_chips([READY, AttachmentChip("3", "paper.pdf", "refused", note)])
    refused = chip(strip, "3")
    assert refused.note.text() == note and refused.note.height() > 1.5 * refused.note.fontMetrics().height()
    assert refused.height() > chip(strip, "1").height()
    endless = " ".join([note] * 9)
    strip.set_chips([AttachmentChip("3", "paper.pdf", "refused", endless)])
    assert chip(strip, "3").note.text().endswith("…") and chip(strip, "3").note.toolTip() == plain_tooltip(
        endless
    )
