from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.panes.area.tab_strip import NARROWEST, TabStrip


def test_in_a_narrow_pane_tabs_keep_a_width_and_our_buttons_scroll_them(qtbot: QtBot) -> None:
    pane = QWidget()
    qtbot.addWidget(pane)
    strip = TabStrip(pane)
    QVBoxLayout(pane).addWidget(strip)
    strip.show_tabs([(letter * 64, f"a long name of {letter}.png") for letter in "abcde"])
    pane.resize(220, 100)
    pane.show()
    assert all(strip.tabRect(index).width() >= NARROWEST for index in range(5))
    scrollers = [b for b in strip.findChildren(QToolButton) if b.objectName().startswith("Scroll")]
    assert len(scrollers) == 2
    for button in scrollers:
        assert button.isVisible() and button.arrowType() == Qt.ArrowType.NoArrow
        assert not button.icon().isNull() and button.accessibleName()
    strip.show_current(4)
    cross = strip.tabButton(4, QTabBar.ButtonPosition.RightSide)
    assert cross is not None
    assert not any(cross.geometry().intersects(button.geometry()) for button in scrollers)
