"""Answers wait for what reads them, which is loaded for those alone that may point at something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.message import Message, TextPart
from tests.grounded_answers import GROUNDED
from ui.controllers.shapes.pointing_answers import PointingAnswers

POINTING = next(iter(GROUNDED.values())).message


def answer(id_: str, text: str | None = None) -> Message:
    """One that points at something, or says what it is told to."""
    made = POINTING.replace(id=id_)
    return made if text is None else made.replace(parts=(TextPart(text=text),))


class Reader:
    """Is loaded in two steps, and remembers what it read."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.answers = PointingAnswers(self.load, self.owner)
        self.loads = 0
        self.read: list[Message] = []

    def load(self) -> Iterator[None]:
        self.loads += 1
        yield
        self.answers.read_with(self.read.append)


@pytest.fixture
def reader(qapp: object) -> Reader:
    return Reader()


def test_what_waits_is_read_once_as_it_is_last_in_the_order_it_came(qtbot: QtBot, reader: Reader) -> None:
    grown = answer("a", 'Here: {"box_2d": ... and more')
    for each in (answer("a"), answer("b"), grown):
        reader.answers.take(each)
    assert reader.read == []
    qtbot.waitUntil(lambda: bool(reader.read))
    assert reader.read == [grown, answer("b")]
    reader.answers.take(answer("c"))
    assert reader.read[2:] == [answer("c")]
    assert reader.loads == 1


def test_nothing_is_loaded_for_answers_without_places(reader: Reader) -> None:
    reader.answers.take(answer("a", "A cat."))
    assert not reader.answers._loading.busy
    reader.answers.read_with(reader.read.append)
    reader.answers.take(answer("a", "A cat."))
    assert reader.read == []


def test_an_answer_that_points_no_more_is_read_again(reader: Reader) -> None:
    reader.answers.read_with(reader.read.append)
    reader.answers.take(answer("a"))
    reader.answers.take(answer("a", "A cat."))
    assert [each.text for each in reader.read] == [POINTING.text, "A cat."]


def test_an_answer_that_nobody_waits_for_is_not_read(qtbot: QtBot, reader: Reader) -> None:
    reader.answers.take(answer("a"))
    reader.answers.take(answer("b"))
    reader.answers.drop("a")
    reader.answers.drop("never came")
    qtbot.waitUntil(lambda: bool(reader.read))
    assert reader.read == [answer("b")]


def test_nothing_is_loaded_or_read_after_the_end(qtbot: QtBot, reader: Reader) -> None:
    reader.answers.take(answer("a"))
    reader.answers.close()
    reader.answers.take(answer("b"))
    reader.answers.read_with(reader.read.append)
    reader.answers.take(answer("a"))
    qtbot.waitUntil(lambda: not reader.answers._loading.busy)
    assert reader.loads == 0
    assert reader.read == []
