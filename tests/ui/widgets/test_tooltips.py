from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot

from ui.panes.filmstrip_model import FilmstripModel
from ui.sidebar.model_list import ModelList
from ui.sidebar.rows import ModelRow
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from ui.widgets.tooltips import MOST, plain_tooltip

HOSTILE = '<img src="/dev/zero">&lt;b&gt; a\nsecond line'


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "&lt;img src=x&gt;",
        "<?xml version='1'?>",
        "<b>",
        "a & b < c",
        "/plain/path",
        "two\nlines",
        "",
    ],
)
def test_t5_a_tooltip_shows_text_as_it_is(text: str) -> None:
    given = plain_tooltip(text)
    if GuiQt.mightBeRichText(given):
        given = QTextDocumentFragment.fromHtml(given).toPlainText()
    assert given == text


def test_t5_a_long_tooltip_is_cut_and_breaks_into_lines() -> None:
    given = plain_tooltip("x" * 100_000)
    assert GuiQt.mightBeRichText(given) and len(given) < MOST + 20


def test_t5_what_comes_from_outside_is_plain_in_every_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel(HOSTILE)
    qtbot.addWidget(label)
    label.resize(30, 20)
    label.show()
    button = IconButton("x", f"Remove {HOSTILE}")
    qtbot.addWidget(button)
    strip = FilmstripModel()
    strip.set_pictures([("0" * 64, HOSTILE)])
    models = ModelList(label)
    models.set_rows([ModelRow(HOSTILE)])
    role = Qt.ItemDataRole.ToolTipRole
    shown = (
        label.toolTip(),
        button.toolTip(),
        strip.index(0).data(role),
        models.index(0).data(role),
    )
    assert not [text for text in shown if "<img" in text or not text]
