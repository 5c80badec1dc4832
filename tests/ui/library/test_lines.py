from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from ui.library.lines import LineModel, _formats, draw_marked, from_first_mark
from ui.library.rows import Line
from ui.theme import fonts


def test_the_model_keeps_to_qts_rules(qtmodeltester: Any) -> None:
    model = LineModel()
    qtmodeltester.check(model)
    model.set_lines([Line("1", "2", "A cat", "It is a cat.", ((8, 11),), "12:30")])
    qtmodeltester.check(model)
    assert model.index(0).data(11) == "A cat, It is a cat., 12:30"


def test_a_text_begins_shortly_before_its_first_mark() -> None:
    text = "one two three four five six seven eight nine ten cat and more"
    start = text.index("cat")
    shown, marks = from_first_mark(text, ((start, start + 3),))
    assert shown.startswith("…") and len(shown) < len(text)
    assert [shown[a:b] for a, b in marks] == ["cat"]
    assert from_first_mark("a cat", ((2, 5),)) == ("a cat", ((2, 5),))
    assert from_first_mark("no mark at all" * 10, ())[0] == "no mark at all" * 10


def test_marks_are_counted_as_qt_counts(qtbot: QtBot) -> None:
    (form,) = _formats("🐈🐈 cat", ((3, 6),))
    assert (form.start, form.length) == (5, 3)


def test_a_lone_surrogate_and_markup_are_drawn_as_they_are(qtbot: QtBot) -> None:
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    room = QRect(0, 0, 200, 60)
    height = draw_marked(painter, room, fonts.font("caption"), "<b>x</b> \ud800 " * 40, ((0, 3),))
    painter.end()
    assert 0 < height <= 60
