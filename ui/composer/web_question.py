"""Asking before a picture is fetched from the web."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_to_fetch(
    parent: QWidget, host: str, url: str, link_taker: str, answer: Callable[[bool], object]
) -> QMessageBox:
    """Ask whether the picture at `url` may be fetched from `host`; nothing has been so far.

    `link_taker` names the endpoint that could be sent the address instead of the picture, empty
    for none. `answer` is called with whether it should be, and not at all when the user says no.
    """
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(_tr("Fetch this picture from {host}?").format(host=host))
    said = [url, _tr("Fovea connects to {host} once and sends it no key.").format(host=host)]
    fetch = box.addButton(_tr("Fetch"), QMessageBox.ButtonRole.AcceptRole)
    fetch.clicked.connect(lambda: answer(False))
    if link_taker:
        link = box.addButton(_tr("Fetch, and send as a link"), QMessageBox.ButtonRole.AcceptRole)
        link.clicked.connect(lambda: answer(True))
        told = _tr("As a link, {endpoint} is told the address and gets the picture there itself.")
        said.append(told.format(endpoint=link_taker))
    box.setInformativeText("\n\n".join(said))
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("WebQuestion", text)
