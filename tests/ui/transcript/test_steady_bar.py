from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.transcript.steady_bar import SteadyBar


class Paints(QObject):
    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_it_is_painted_only_when_its_handle_moves(qtbot: QtBot) -> None:
    bar, paints = SteadyBar(Qt.Orientation.Vertical), Paints()
    qtbot.addWidget(bar)
    bar.resize(12, 400)
    bar.setPageStep(400)
    bar.show()
    qtbot.waitExposed(bar)
    bar.place(100_000, 100_000)
    QApplication.processEvents()
    bar.installEventFilter(paints)

    def painted(limit: int, value: int) -> int:
        before = paints.count
        bar.place(limit, value)
        QApplication.processEvents()
        return paints.count - before

    qtbot.waitUntil(lambda: painted(100_000, 100_000) == 0)
    assert painted(100_022, 100_022) == 0
    assert bar.value() == bar.maximum() == 100_022
    assert painted(100_022, 90_000) == 1
    assert painted(200_000, 90_000) == 1
    assert painted(200_000, 90_000) == 0
    before = paints.count
    bar.setValue(10_000)
    QApplication.processEvents()
    assert paints.count == before + 1
