from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_view import PictureView
from ui.panes.view.placement import Placement
from ui.panes.view.tiles import MOST_SEEN, SIDE, TileKey, Tiles

PICTURE = QSize(12_000, 8_000)


def original(key: TileKey) -> QImage:
    """A tile as a decoder gives it: red tells the column, green the row, blue the level."""
    box = key.box(QSizeF(PICTURE))
    size = (box.size() / (1 << key.level)).toSize().expandedTo(QSize(1, 1))
    made = QImage(size, QImage.Format.Format_RGB32)
    made.fill(QColor(key.column * 8, key.row * 8, 200 + key.level))
    return made


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    copy = QImage(1200, 800, QImage.Format.Format_RGB32)
    copy.fill(QColor("white"))
    made.set_image(copy, "big.jpg", PICTURE)
    return made


def wanted_by(view: PictureView) -> list[tuple[TileKey, ...]]:
    told: list[tuple[TileKey, ...]] = []
    view.tiles_wanted.connect(told.append)
    return told


def test_a_picture_whose_copy_is_fine_enough_asks_for_no_tiles(view: PictureView) -> None:
    told = wanted_by(view)
    view.zoom_to(0.09)
    assert told == [] and "tiles" not in view.__dict__


@pytest.mark.parametrize(("zoom", "level"), [(1.0, 0), (4.0, 0), (0.5, 1), (0.26, 2), (0.13, 3)])
def test_the_tiles_are_as_fine_as_the_screen(view: PictureView, zoom: float, level: int) -> None:
    told = wanted_by(view)
    view.zoom_to(zoom)
    assert {key.level for key in told[-1]} == {level}
    seen = view.placement.seen()
    covered = QRectF()
    for key in told[-1]:
        covered = covered.united(key.box(QSizeF(PICTURE)))
    assert covered.contains(seen)


def test_the_middle_of_the_view_is_read_first_and_what_is_left_is_not_read(view: PictureView) -> None:
    told = wanted_by(view)
    view.zoom_to(1.0)
    assert told[-1][0].box(QSizeF(PICTURE)).contains(view.placement.seen().center())
    view.push(QPointF(-2_000, 0))
    assert not set(told[-1]) & set(told[0])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_what_was_read_is_drawn_in_its_place(view: PictureView, turn: int) -> None:
    told = wanted_by(view)
    view.turn_by(turn)
    view.zoom_to(1.0)
    for key in told[-1]:
        view.put_tile(key, original(key))
    seen = view.grab().toImage()
    for at in (QPointF(10, 10), QPointF(300, 200), QPointF(590, 390)):
        place = view.to_picture(at)
        color = seen.pixelColor(at.toPoint())
        assert (color.red(), color.green()) == (int(place.x()) // SIDE * 8, int(place.y()) // SIDE * 8)


def test_the_coarser_tile_stands_in_until_the_finer_one_is_there(view: PictureView) -> None:
    told = wanted_by(view)
    view.zoom_to(0.5)
    for key in told[-1]:
        view.put_tile(key, original(key))
    view.zoom_to(1.0)
    assert view.grab().toImage().pixelColor(300, 200).blue() == 201
    for key in told[-1]:
        view.put_tile(key, original(key))
    assert view.grab().toImage().pixelColor(300, 200).blue() == 200


def test_another_picture_has_none_of_the_tiles(view: PictureView) -> None:
    told = wanted_by(view)
    view.zoom_to(1.0)
    view.put_tile(told[-1][0], original(told[-1][0]))
    view.set_image(QImage(1200, 800, QImage.Format.Format_RGB32), "other.jpg", PICTURE)
    assert view.tiles.byte_count == 0 and told[-1] == ()


def test_tiles_keep_within_their_bytes_and_the_newest_used_stay() -> None:
    tiles = Tiles(most_bytes=3 * 4 * SIDE * SIDE)
    tiles.start(QSizeF(PICTURE))
    for column in range(6):
        tiles.put(TileKey(0, column, 0), original(TileKey(0, column, 0)))
    assert tiles.byte_count == 3 * 4 * SIDE * SIDE
    assert tiles.color_at(QPointF(0, 0)) is None
    assert tiles.color_at(QPointF(5 * SIDE, 0)) == QColor(40, 0, 200)


def test_the_colour_of_a_pixel_is_that_of_the_original(view: PictureView) -> None:
    told = wanted_by(view)
    view.pointing.switch(True)
    view.pointing.move(QPointF(300, 200))
    readout = view.pointing.readout
    place = view.to_picture(QPointF(300, 200))
    assert readout.words.startswith("≈ #FFFFFF  rgb 255 255 255")
    (key,) = told[-1]
    assert key.level == 0 and key.box(QSizeF(PICTURE)).contains(place)
    view.put_tile(key, original(key))
    red, green = key.column * 8, key.row * 8
    assert readout.words == (
        f"#{red:02X}{green:02X}C8  rgb {red} {green} 200  x {int(place.x())}  y {int(place.y())}"
    )


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 40_000),
    height=st.integers(1, 40_000),
    zoom=st.floats(0.001, 32),
    view=st.tuples(st.integers(48, 4000), st.integers(36, 2200)),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
)
def test_tiles_in_view_are_few_and_lie_in_the_picture(
    width: int, height: int, zoom: float, view: tuple[int, int], x: float, y: float
) -> None:
    placement = Placement()
    placement.set_view(QRectF(0, 0, *view), 1.0)
    placement.set_picture(QSizeF(width, height))
    placement.look_at(QPointF(x * width, y * height), zoom)
    told: list[tuple[TileKey, ...]] = []
    tiles = Tiles()
    tiles.wanted.connect(told.append)
    tiles.start(QSizeF(width, height))
    tiles.look(placement)
    keys = told[-1] if told else ()
    assert len(keys) <= MOST_SEEN
    assert all(not key.box(QSizeF(width, height)).isEmpty() for key in keys)
