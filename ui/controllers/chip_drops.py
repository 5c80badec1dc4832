"""Pictures that are dropped on an attached one go in its place."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint

from ui.controllers.attachments import AttachmentController
from ui.main_window import MainWindow
from ui.panes.drop import DropPlace


def place_at(window: MainWindow, attachments: AttachmentController, point: QPoint) -> DropPlace | None:
    """What a drop at a point of the window puts aside; None where that is nothing."""
    found = window.composer.strip.chip_at(window.mapToGlobal(point))
    if found is None or found[0].state != "ready":
        return None
    chip, area = found
    area.moveTopLeft(window.mapFromGlobal(area.topLeft()))
    words = QCoreApplication.translate("ChipDrops", "Drop to put it in the place of {name}")
    return DropPlace(
        area, words.format(name=chip.name), lambda offered: attachments.offer(offered, instead_of=chip.key)
    )
