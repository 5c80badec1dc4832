"""The list of the shapes: labels with their shapes, by keyboard and to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem, QToolTip, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.geometry import Box
from app.domain.shape import Shape
from ui.panes.shapes.list_view import ShapeList
from ui.panes.shapes.menu import ListMenu
from ui.panes.shapes.rows import ShapeRows
from ui.panes.shapes.scene import colours_of
from ui.theme import palette

SPOKEN = Qt.ItemDataRole.AccessibleTextRole
CHECK = Qt.ItemDataRole.CheckStateRole


def shape(label: str, left: float, top: float, original: str = "a", score: float | None = None) -> Shape:
    """A tenth of the picture wide and high."""
    box = Box(left, top, left + 0.1, top + 0.1)
    pixels = Box(left * 1000, top * 1000, left * 1000 + 100, top * 1000 + 100)
    return Shape(label=label, box=box, pixels=pixels, original=original, score=score)


SHAPES = (
    shape("sign", 0.9, 0.0),
    shape("car", 0.45, 0.45, score=0.92),
    shape("sign", 0.0, 0.0),
    shape("", 0.0, 0.9),
)


def groups_of(shapes: tuple[Shape, ...]) -> dict[str, tuple[int, ...]]:
    """Each label with its shapes from the left."""
    labels = dict.fromkeys(each.label for each in shapes)
    ordered = sorted(range(len(shapes)), key=lambda number: shapes[number].box.left)
    return {label: tuple(n for n in ordered if shapes[n].label == label) for label in labels}


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[ShapeList]:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(600, 500)
    over.show()
    made = ShapeList(over)
    made.set_shapes(SHAPES, groups_of(SHAPES), colours_of(SHAPES), {})
    made.open_over(over)
    qtbot.waitUntil(lambda: made.list.currentIndex().isValid())
    yield made


def shown(rows: ShapeRows) -> list[str]:
    return [str(rows.index(row).data()) for row in range(rows.rowCount())]


def test_the_model_keeps_its_contract(qtmodeltester: ModelTester) -> None:
    rows = ShapeRows()
    qtmodeltester.check(rows)
    rows.set_shapes(SHAPES, groups_of(SHAPES), colours_of(SHAPES), {})
    qtmodeltester.check(rows)
    rows.set_shapes((), {}, {}, {})
    qtmodeltester.check(rows)


def test_shapes_stand_below_their_labels(panel: ShapeList) -> None:
    assert shown(panel.rows) == [
        "sign",
        "1 of 2, top left",
        "2 of 2, top right",
        "car",
        "in the middle",
        "Unnamed",
        "bottom left",
    ]
    assert [panel.rows.meant(panel.rows.index(row)) for row in range(4)] == [(2, 0), (2,), (0,), (1,)]
    assert panel.head.title.text() == "4 shapes"


def test_every_row_is_found_again_by_its_shape(panel: ShapeList) -> None:
    rows = panel.rows
    numbers = {row: rows.row(rows.index(row)).number for row in range(rows.rowCount())}
    assert sorted(numbers.values()) == [-1, -1, -1, 0, 1, 2, 3]
    assert all(rows.index_of(number).row() == row for row, number in numbers.items() if number >= 0)
    assert not rows.index_of(len(SHAPES)).isValid() and not rows.index_of(-1).isValid()


def test_the_picture_is_not_drawn_again_for_the_rows(qtbot: QtBot, panel: ShapeList) -> None:
    crowd = tuple(shape(f"thing {n}", 0.1, 0.1) for n in range(300))
    panel.set_shapes(crowd, groups_of(crowd), colours_of(crowd), {})
    over, rows = panel.parentWidget(), panel.list.viewport()
    assert over is not None
    drawn: list[QObject] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                drawn.append(watched)
            return False

    panel.repaint()
    watch = Watch()
    over.installEventFilter(watch)
    rows.installEventFilter(watch)
    panel.list.verticalScrollBar().setValue(200)
    qtbot.waitUntil(lambda: rows in drawn)
    assert over not in drawn
    corner = rows.grab().toImage().pixelColor(1, rows.height() - 1)
    assert corner == palette.current().surface_raised


def test_a_row_says_what_it_is(panel: ShapeList) -> None:
    said = [panel.rows.index(row).data(SPOKEN) for row in (0, 1, 5)]
    assert said == [
        "sign, 2 shapes, shown",
        "sign, top left, 10 by 10 percent, 1 of 2",
        "Unnamed, 1 shape, shown",
    ]
    panel.rows.hide(frozenset(["sign"]))
    assert panel.rows.index(0).data(SPOKEN) == "sign, 2 shapes, hidden"


def test_several_pictures_are_named(panel: ShapeList) -> None:
    two = (SHAPES[0], shape("car", 0.0, 0.0, "b"))
    panel.set_shapes(two, groups_of(two), colours_of(two), {"a": "cat.png", "b": "road.png"})
    assert shown(panel.rows) == ["sign", "top right · cat.png", "car", "top left · road.png"]


def test_arrow_keys_walk_through_the_list_and_the_current_row_is_meant(
    qtbot: QtBot, panel: ShapeList
) -> None:
    told: list[tuple[int, ...]] = []
    panel.meant.connect(told.append)
    assert panel.list.hasFocus() and panel.list.currentIndex().row() == 0
    for _ in range(3):
        qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert told == [(2,), (0,), (1,)]
    with qtbot.waitSignal(panel.chosen) as chosen:
        qtbot.keyClick(panel.list, Qt.Key.Key_Down)
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert chosen.args == [1]


def test_space_and_a_click_check_a_label(qtbot: QtBot, panel: ShapeList) -> None:
    told: list[frozenset[str]] = []
    panel.hidden_changed.connect(told.append)
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert panel.rows.index(0).data(CHECK) == Qt.CheckState.Unchecked
    place = panel.list.visualRect(panel.rows.index(0)).center()
    place.setX(14)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [frozenset(["sign"]), frozenset()]
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert told[2:] == [frozenset(["sign"])]


def test_escape_closes_and_gives_the_keyboard_back(qtbot: QtBot, panel: ShapeList) -> None:
    over = panel.parentWidget()
    assert over is not None
    over.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel.list, Qt.Key.Key_Escape)
    assert panel.isHidden() and over.hasFocus()


def test_all_can_be_switched_off_and_copied(qtbot: QtBot, panel: ShapeList) -> None:
    with qtbot.waitSignal(panel.shown_changed) as switched:
        panel.head.switch.click()
    assert switched.args == [False]
    panel.head.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ListMenu)
    with qtbot.waitSignal(panel.copy_requested) as copied:
        next(action for action in menu.actions() if "COCO" in action.text()).trigger()
    menu.close()
    assert copied.args == ["coco"]
    panel.tell_copied()
    assert panel.head.more.accessibleName() == "Copied"


def test_the_way_coordinates_are_read_is_offered_only_where_there_is_doubt(
    qtbot: QtBot, panel: ShapeList
) -> None:
    assert panel.dialect.isHidden()
    panel.set_dialects({"qwen3-vl": "Qwen3-VL, thousandths", "pixels": "JSON, pixels"}, "qwen3-vl")
    assert panel.dialect.accessibleName() == "Coordinates are read as: Qwen3-VL, thousandths"
    menu = panel.dialect.menu()
    assert menu is not None and [action.isChecked() for action in menu.actions()] == [True, False]
    with qtbot.waitSignal(panel.dialect_chosen) as chosen:
        menu.actions()[1].trigger()
    assert chosen.args == ["pixels"]
    panel.set_dialects({}, "")
    assert panel.dialect.isHidden()


def test_a_growing_answer_keeps_the_current_row(panel: ShapeList) -> None:
    panel.show_current(1)
    more = (*SHAPES, shape("sign", 0.5, 0.0))
    panel.set_shapes(more, groups_of(more), colours_of(more), {})
    assert panel.rows.meant(panel.list.currentIndex()) == (1,)


def test_the_list_stays_within_what_it_stands_over(panel: ShapeList) -> None:
    crowd = tuple(shape(f"thing {n}", 0.1, 0.1) for n in range(300))
    panel.set_shapes(crowd, groups_of(crowd), colours_of(crowd), {})
    over = panel.parentWidget()
    assert over is not None
    for size in ((600, 500), (240, 200)):
        over.resize(*size)
        assert over.rect().contains(panel.geometry())


def test_home_end_and_letters_lead_through_the_list(qtbot: QtBot, panel: ShapeList) -> None:
    for keys, row in ((Qt.Key.Key_End, 6), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(panel.list, keys)
        assert panel.list.currentIndex().row() == row
    panel.list.keyboardSearch("C")
    assert panel.list.currentIndex().data() == "car"


def test_letters_lead_to_the_next_label_that_begins_with_them(qapp: QApplication) -> None:
    rows, shapes = ShapeRows(), (shape("sign", 0, 0), shape("Sky", 0, 0), shape("car", 0, 0))
    rows.set_shapes(shapes, groups_of(shapes), colours_of(shapes), {})

    def found(at: int, letters: str) -> list[object]:
        return [index.data() for index in rows.match(rows.index(at), Qt.ItemDataRole.DisplayRole, letters)]

    assert found(0, "s") == ["sign"] and found(1, "s") == ["Sky"] and found(3, "s") == ["sign"]
    assert found(0, "C") == ["car"] and found(0, "top") == [] and found(0, "x") == []


def test_space_on_a_shape_hides_its_label_whose_shapes_say_so(qtbot: QtBot, panel: ShapeList) -> None:
    panel.show_current(2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert panel.rows.hidden == {"sign"}
    assert panel.list.currentIndex().data(SPOKEN) == "sign, top left, 10 by 10 percent, 1 of 2, hidden"


def test_words_that_are_cut_are_told_in_full(qtbot: QtBot, panel: ShapeList) -> None:
    two = shape("a stripe of the fur that has a long name", 0, 0), shape("ear", 0, 0)
    panel.set_shapes(two, groups_of(two), colours_of(two), {})
    for row, told in ((2, ""), (0, two[0].label)):
        index = panel.rows.index(row)
        at, option = panel.list.visualRect(index), QStyleOptionViewItem()
        option.rect = at
        asked = QHelpEvent(QEvent.Type.ToolTip, at.center(), panel.list.viewport().mapToGlobal(at.center()))
        assert panel.list.itemDelegate().helpEvent(asked, panel.list, option, index)
        assert told in QToolTip.text() and QToolTip.isVisible() == bool(told)
    QToolTip.hideText()


def test_tab_comes_to_the_head_and_the_list_and_the_arrows_stay_in_it(qtbot: QtBot, panel: ShapeList) -> None:
    panel.set_dialects({"qwen3-vl": "Qwen3-VL, thousandths", "pixels": "JSON, pixels"}, "qwen3-vl")
    walked: list[str] = []
    panel.head.switch.setFocus()
    for _ in panel.stops():
        focused = QApplication.focusWidget()
        assert focused is not None
        walked.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert walked[:4] == ["Show shapes", "Copy as JSON or COCO", "Close", "Shapes in the picture"]
    assert walked[4].startswith("Coordinates are read as")


def test_in_a_low_view_what_has_no_place_is_in_the_menu_and_the_head_stays(
    qtbot: QtBot, panel: ShapeList
) -> None:
    panel.set_dialects({"qwen3-vl": "Qwen3-VL, thousandths", "pixels": "JSON, pixels"}, "qwen3-vl")
    over = panel.parentWidget()
    assert over is not None and panel.dialect.isVisible()
    over.resize(320, 125)
    assert not panel.dialect.isVisible() and panel.head.title.text() == "4"
    parts = [part for part in panel.head.stops() if part.isVisible()]
    assert len(parts) == 3 and all(panel.head.rect().contains(part.geometry()) for part in parts)
    panel.open_over(over, panel.dialect)
    qtbot.waitUntil(panel.head.more.hasFocus)
    panel.head.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ListMenu)
    inner = menu.actions()[-1].menu()
    assert isinstance(inner, QMenu) and inner.title() == "Coordinates are read as: Qwen3-VL, thousandths"
    with qtbot.waitSignal(panel.dialect_chosen) as chosen:
        inner.actions()[1].trigger()
    menu.close()
    assert chosen.args == ["pixels"]
