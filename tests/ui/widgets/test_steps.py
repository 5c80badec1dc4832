from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QObject
from pytestqt.qtbot import QtBot

from ui.widgets.steps import Steps

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
