from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.domain.geometry import Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment
from ui.composer.attachment_chip import CHIP_HEIGHT, AttachmentChip, ChipWidget
from ui.composer.attachment_strip import AttachmentStrip
from ui.composer.region_chips import RegionChips
from ui.composer.sends_button import WORDS
from ui.theme import palette

LEFT = Qt.MouseButton.LeftButton
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(1, 1), Point(9, 9)), "<b>the\nsign</b>")
SPOT = Region("4e5f6071", RegionKind.POINT, (Point(1, 1),))
ARROW = Region("8293a4b5", RegionKind.ARROW, (Point(1, 1), Point(9, 9)), "from here to there")
COVER = Redaction(RedactionKind.BOX, (Point(1, 1), Point(9, 9)))
SHA = "a" * 64


@pytest.fixture
def strip(qtbot: QtBot) -> AttachmentStrip:
    made = AttachmentStrip()
    qtbot.addWidget(made)
    made.resize(700, 48)
    return made


def show(strip: AttachmentStrip, treatment: Treatment | None) -> ChipWidget:
    strip.set_chips([AttachmentChip("1", "cat.jpg", "ready", "", SHA, treatment)])
    return strip.findChildren(ChipWidget)[0]


def marks_of(strip: AttachmentStrip, treatment: Treatment) -> RegionChips:
    return show(strip, treatment).marks


def test_a_picture_on_which_nothing_is_drawn_has_no_chips_and_makes_none(strip: AttachmentStrip) -> None:
    chip = show(strip, Treatment())
    assert "marks" not in chip.__dict__ and chip.sizeHint().height() == CHIP_HEIGHT


def test_each_region_and_all_covers_have_a_chip_in_plain_words(strip: AttachmentStrip) -> None:
    marks = marks_of(strip, Treatment((SIGN, SPOT), redactions=(COVER, COVER)))
    said = [button.accessibleName() for button in marks.buttons()]
    assert said[0].startswith("Show it on the picture: region 1, <b>the") and "\n" not in said[0]
    assert said[1:6] == [
        "Remove region 1 of cat.jpg",
        "Show it on the picture: region 2, point",
        "Remove region 2 of cat.jpg",
        "Show it on the picture: 2 places covered",
        "Take the covers off cat.jpg",
    ]
    assert said[6].startswith("How the regions of cat.jpg are sent: Cut out and the whole picture.")
    assert strip.height() > CHIP_HEIGHT
    show(strip, None)
    assert not marks.isVisible() and strip.height() == CHIP_HEIGHT


def test_a_chip_grows_with_each_thing_that_is_drawn_while_it_is_seen(
    qtbot: QtBot, strip: AttachmentStrip
) -> None:
    for drawn in (
        Treatment((SIGN,)),
        Treatment((SIGN, SPOT)),
        Treatment((SIGN, SPOT, ARROW)),
        Treatment((SIGN, SPOT, ARROW), redactions=(COVER,)),
        Treatment((SPOT,), redactions=(COVER,)),
        Treatment((SPOT,)),
    ):
        chip = show(strip, drawn)
        alone = ChipWidget(strip.thumbnails, strip)
        alone.show_chip(chip.shown)
        wanted = alone.sizeHint()
        alone.deleteLater()
        qtbot.waitUntil(lambda chip=chip, wanted=wanted: chip.size() == wanted)
        boxes = [part.geometry() for part in (*chip.marks._pills.values(), chip.marks.sends)]
        assert all(chip.marks.rect().contains(box) for box in boxes)
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
        assert chip.marks.mapTo(chip, QPoint()).y() >= CHIP_HEIGHT


def test_a_chip_asks_its_parts_anew_after_one_of_them_grew(qtbot: QtBot, strip: AttachmentStrip) -> None:
    chip = show(strip, Treatment((SIGN,)))
    before = chip.sizeHint()
    chip.marks.sends.setFixedWidth(chip.marks.sends.width() + 90)
    qtbot.waitUntil(lambda: chip.sizeHint() != before and chip.size() == chip.sizeHint())


def test_the_number_of_a_region_is_no_count_of_it(qtbot: QtBot, strip: AttachmentStrip) -> None:
    marks = marks_of(strip, Treatment((SIGN, SPOT), redactions=(COVER, COVER)))
    first, second, covers = marks._pills.values()
    assert second.label.text() == "point"
    assert (first.badge.number, second.badge.number, covers.badge.isHidden()) == ("1", "2", True)
    filled = second.badge.grab().toImage().pixelColor(3, 9)
    assert filled == palette.current().accent
    with qtbot.waitSignal(strip.mark_activated) as heard:
        qtbot.mouseClick(second.badge, LEFT)
    assert heard.args == [SHA, SPOT.id]


def test_chips_tell_which_picture_and_what_on_it(qtbot: QtBot, strip: AttachmentStrip) -> None:
    show_sign, drop_sign, show_covers, uncover, _ = marks_of(
        strip, Treatment((SIGN,), redactions=(COVER,))
    ).buttons()
    for button, told, expected in (
        (show_sign, strip.mark_activated, [SHA, SIGN.id]),
        (drop_sign, strip.mark_removed, [SHA, SIGN.id]),
        (show_covers, strip.mark_activated, [SHA, ""]),
        (uncover, strip.mark_removed, [SHA, ""]),
    ):
        with qtbot.waitSignal(told) as heard:
            qtbot.mouseClick(button, LEFT)
        assert heard.args == expected
    with qtbot.waitSignal(strip.mark_removed):
        qtbot.keyClick(show_sign, Qt.Key.Key_Delete)


def test_the_way_regions_are_sent_is_explained_and_chosen(qtbot: QtBot, strip: AttachmentStrip) -> None:
    sends = marks_of(strip, Treatment((SIGN,), RegionSend.MARKED)).sends
    assert sends.text() == "Marked on the picture"
    assert "is told their coordinates" in sends.toolTip()
    qtbot.mouseClick(sends, LEFT)
    assert sends._menu is not None
    shown = [action.text() for action in sends._menu.actions() if action.isCheckable()]
    assert shown == [str(words) for words, _ in WORDS.values()]
    assert sends._actions[RegionSend.MARKED].isChecked()
    with qtbot.waitSignal(strip.sends_chosen) as chosen:
        sends._actions[RegionSend.CROP].trigger()
    assert chosen.args == [SHA, RegionSend.CROP]
    sends._menu.close()


def test_a_chip_that_stays_keeps_its_widget_while_others_come(strip: AttachmentStrip) -> None:
    before = marks_of(strip, Treatment((SIGN,))).buttons()[0]
    assert marks_of(strip, Treatment((SIGN, SPOT))).buttons()[0] is before


def test_tab_comes_to_every_chip(strip: AttachmentStrip) -> None:
    chip = show(strip, Treatment((SIGN,)))
    assert chip.buttons() == [chip.remove, *chip.marks.buttons()]
