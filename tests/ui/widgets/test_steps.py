from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from ui.widgets.steps import LATE_MS, PAUSE_MS, Steps

COUNT = 12


def test_of_several_one_takes_a_step_in_a_turn_of_the_loop_and_none_waits_for_the_end_of_another(
    qtbot: QtBot,
) -> None:
    owner, taken, turns = QObject(), list[tuple[int, str]](), [0]
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher is not None

    def count() -> None:
        turns[0] += 1

    dispatcher.awake.connect(count)

    def steps(name: str) -> Iterator[None]:
        for _ in range(COUNT):
            taken.append((turns[0], name))
            yield

    several = [Steps(owner) for _ in range(3)]
    for name, one in zip("abc", several, strict=True):
        one.run(steps(name))
    qtbot.waitUntil(lambda: not any(one.busy for one in several))
    dispatcher.awake.disconnect(count)
    assert len(taken) == 3 * COUNT
    assert len({turn for turn, _ in taken}) == len(taken)
    assert {name for _, name in taken[: 2 * COUNT]} == set("abc")


class Painting(QObject):
    """Takes its time with every event."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = 0.0
        self.for_ever = False

    def update(self) -> None:
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))

    def event(self, _event: QEvent) -> bool:
        time.sleep(2 * LATE_MS / 1_000)
        self.ended = time.perf_counter()
        if self.for_ever:
            self.update()
        return True


def test_no_step_follows_at_once_on_what_took_its_time_unless_everything_does(qtbot: QtBot) -> None:
    painting, apart_ms = Painting(), list[float]()

    def steps(count: int) -> Iterator[None]:
        for _ in range(count):
            apart_ms.append((time.perf_counter() - painting.ended) * 1_000)
            painting.update()
            yield

    one = Steps(painting)
    one.run(steps(COUNT))
    qtbot.waitUntil(lambda: not one.busy)
    assert len(apart_ms) == COUNT and min(apart_ms) > PAUSE_MS / 2
    painting.for_ever = True
    one.run(steps(2))
    qtbot.waitUntil(lambda: not one.busy)
    assert len(apart_ms) == COUNT + 2
    painting.for_ever = False
    QCoreApplication.sendPostedEvents(painting)
