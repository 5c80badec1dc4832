"""The tools that an answer asks for, with their arguments."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, controls_of, settled
from ui.transcript import controls
from ui.transcript.controls import Control, area_of
from ui.transcript.entry import Entry, EntryTool
from ui.transcript.messages.tool_blocks import FOLDED_LINES, spread
from ui.transcript.view import TranscriptView

LONG = json.dumps({"labels": [f"label {n}" for n in range(40)]})
ASKS = Entry(
    "1", "assistant", "I look closer.", tools=(EntryTool("zoom", '{"x":1.50}'), EntryTool("read", LONG))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def press(view: TranscriptView, control: Control) -> None:
    arrangement = view._arrangement
    area = area_of(arrangement.messages[0], control)
    assert area is not None
    at = area.translated(arrangement.left, -arrangement.offset).center().toPoint()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ('{"a":1.50,"a":2}', '{\n  "a": 1.50,\n  "a": 2\n}'),
        ('{"deep":{},"list":[1,[]]}', '{\n  "deep": {},\n  "list": [\n    1,\n    []\n  ]\n}'),
        ('{"text":"a, {b}: \\"c\\""}', '{\n  "text": "a, {b}: \\"c\\""\n}'),
        ('{"cut": [1, ', '{"cut": [1, '),
        ("not json at all", "not json at all"),
        ("[" * 100_000, "[" * 100_000),
        ("", ""),
    ],
)
def test_arguments_are_spread_over_lines_and_otherwise_as_written(arguments: str, shown: str) -> None:
    assert spread(arguments) == shown


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_spreading_changes_white_space_alone(value: object) -> None:
    written = json.dumps(value)
    assert json.loads(spread(written)) == value
    assert "".join(spread(written).split()) == "".join(written.split())


def test_a_tool_has_its_name_above_and_its_arguments_can_be_copied(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ASKS], height=900)
    settled(view, qtbot)
    blocks = view._arrangement.messages[0].blocks or []
    assert [block.title for block in blocks] == ["", "Asks for the tool zoom", "Asks for the tool read"]
    press(view, Control(controls.CODE, 1))
    assert QGuiApplication.clipboard().text() == '{\n  "x": 1.50\n}'


def test_long_arguments_are_folded_and_copied_whole(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ASKS], height=900)
    settled(view, qtbot)
    message = view._arrangement.messages[0]
    fold = Control(controls.FOLD, 2)
    assert fold in controls_of(message)
    before = message.height
    press(view, fold)
    unfolded = message.height
    lines = spread(LONG).count("\n") + 1
    assert unfolded - before == (lines - FOLDED_LINES) * message._style.code_height
    press(view, Control(controls.CODE, 2))
    assert QGuiApplication.clipboard().text() == spread(LONG)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    press(view, fold)
    assert message.height == before


def test_tools_come_after_the_text_that_still_grows(make_view: MakeView) -> None:
    view = make_view([Entry("1", "assistant", "I", "streaming")])
    view.update_entry(Entry("1", "assistant", "I look", "streaming", tools=(EntryTool("zoom", '{"x"'),)))
    view.update_entry(
        Entry("1", "assistant", "I look closer.\n\nThere.", tools=(EntryTool("zoom", '{"x":1}'),))
    )
    message = view._arrangement.messages[0]
    known = [message.text_of(index) for index in range(len(message.blocks or ()))]
    assert known == ["I look closer.", "There.", '{\n  "x": 1\n}']
