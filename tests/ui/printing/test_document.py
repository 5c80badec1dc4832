"""Documents on paper."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication

from ui.printing.document import PrintedText, print_document

IMAGE = QTextDocument.ResourceType.ImageResource.value


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(file, "JPEG")
    return file.getvalue()


def test_each_page_is_numbered_and_told_of(qapp: QApplication) -> None:
    told: list[tuple[int, int]] = []
    words = "".join(f"<p>line {number}</p>" for number in range(200))
    pdf = print_document("A title", words, {}, lambda done, total: told.append((done, total)))
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    assert pages > 2
    assert told == [(0, 0), *((number, pages) for number in range(1, pages + 1))]
    assert "A title".encode("utf-16-be") in pdf


@pytest.mark.parametrize(
    "address",
    [
        *("file:///etc/hostname", "/etc/hostname", "http://localhost/x.png", "//host/x.png", "qrc:/x.png"),
        *("data:image/svg+xml,<svg/>", "picture:2", "picture:1x", "picture:../1"),
    ],
)
def test_t1_a_document_loads_nothing_but_its_pictures(qapp: QApplication, address: str) -> None:
    document = PrintedText({1: jpeg()})
    assert not isinstance(document.loadResource(IMAGE, QUrl(address)), QImage)
    document.setHtml(f'<img src="{address}"><link rel="stylesheet" href="{address}">')


def test_a_picture_of_its_own_is_shown(qapp: QApplication) -> None:
    document = PrintedText({1: jpeg()})
    image = document.loadResource(IMAGE, QUrl("picture:1"))
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (8, 6)
    assert b"/Subtype /Image" in print_document("", '<img src="picture:1">', {1: jpeg()}, lambda *_: None)
