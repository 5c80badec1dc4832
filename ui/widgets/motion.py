"""Movement: short, and none where the desktop asks for none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

FADE_MS = 150


def fade_ms(widget: QWidget) -> int:
    """How long something takes to appear on `widget`; 0 where motion is to be reduced."""
    if not QApplication.isEffectEnabled(Qt.UIEffect.UI_General):
        return 0
    from PySide6.QtWidgets import QStyle  # its enums take long to build: not before the first paint

    asked = widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget)
    return min(asked, FADE_MS)
