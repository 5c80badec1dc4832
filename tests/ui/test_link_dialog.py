from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.link_dialog import WIDTH, LinkDialog


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1000, 700)
    qtbot.addWidget(made)
    made.show()
    return made


def opened(parent: QWidget, url: str) -> LinkDialog:
    dialog = LinkDialog(QUrl(url), parent)
    dialog.open()
    return dialog


@pytest.mark.parametrize(
    ("url", "place", "address"),
    [
        (
            "http://evil.example/%E2%80%AEmoc.elgoog.www//:ptth",
            "evil.example",
            "http://evil.example/%E2%80%AEmoc.elgoog.www//:ptth",
        ),
        ("http://evil.example/\u202emoc", "evil.example", "http://evil.example/%E2%80%AEmoc"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com/"),
        ("https://\u0430pple.com", "xn--pple-43d.com", "https://xn--pple-43d.com"),
        (
            "https://google.com:secret@evil.example:8443/a?b#c",
            "evil.example:8443",
            "https://google.com:secret@evil.example:8443/a?b#c",
        ),
        ("mailto:ann@site.example?subject=Hi", "ann@site.example", "mailto:ann@site.example?subject=Hi"),
    ],
)
def test_e4_the_host_and_the_address_are_shown_as_they_are_sent(
    parent: QWidget, url: str, place: str, address: str
) -> None:
    dialog = opened(parent, url)
    assert (dialog.place.text(), dialog.address.toPlainText()) == (place, address)


def test_e4_a_long_address_can_be_read_to_its_end(parent: QWidget) -> None:
    dialog = opened(parent, f"https://{'a.' * 100}evil.example/{'x' * 5_000}")
    assert dialog.width() <= WIDTH
    assert dialog.place.shown_text().endswith("evil.example")
    assert dialog.address.verticalScrollBar().maximum() > 0
    assert dialog.address.horizontalScrollBar().maximum() == 0


def test_e4_only_the_button_opens_it(qtbot: QtBot, parent: QWidget) -> None:
    dialog = opened(parent, "https://site.example")
    assert dialog.cancel_button.isDefault()
    with qtbot.assertNotEmitted(dialog.agreed):
        dialog.cancel_button.click()
    dialog = opened(parent, "https://site.example")
    with qtbot.waitSignal(dialog.agreed):
        dialog.open_button.click()
