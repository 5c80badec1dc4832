"""A text document on paper, with page numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

MARGIN_MM = 20.0
FOOTER_POINTS = 24.0
FOOTER_SIZE = 8
DOTS = 1200
"""In an inch of paper: letters stand where they belong, not where a screen has pixels."""
_NUMBER = re.compile(r"picture:(\d+)")

Tell = Callable[[int, int], None]


class PrintedText(QTextDocument):
    """A document that shows the pictures it was given and loads nothing else."""

    def __init__(self, pictures: Mapping[int, bytes]) -> None:
        super().__init__()
        self._pictures = pictures
        self.setUndoRedoEnabled(False)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = _NUMBER.fullmatch(name if isinstance(name, str) else name.toString())
        data = self._pictures.get(int(found[1])) if found else None
        if kind != QTextDocument.ResourceType.ImageResource.value or data is None:
            return QByteArray()
        return QImage.fromData(data, "JPEG")  # type: ignore[arg-type]


def print_document(title: str, page: str, pictures: Mapping[int, bytes], tell: Tell) -> bytes:
    """A PDF file of `page`, HTML of ours, on A4; `tell` hears of each page (done, of all)."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, title)
    text = PrintedText(pictures)
    text.setDefaultFont(_font(10))
    text.documentLayout().setPaintDevice(writer)
    text.setDocumentMargin(0)
    text.setHtml(page)
    paper = QRectF(writer.pageLayout().paintRectPixels(writer.resolution()))
    footer = FOOTER_POINTS / 72 * writer.resolution()
    area = QSizeF(paper.width(), paper.height() - footer)
    tell(0, 0)
    text.setPageSize(area)
    count = text.pageCount()
    painter = QPainter(writer)
    for number in range(count):
        if number:
            writer.newPage()
        _paint_page(painter, text, number, area)
        _paint_footer(painter, QRectF(0, area.height(), area.width(), footer), title, number + 1, count)
        tell(number + 1, count)
    painter.end()
    return bytes(buffer.data().data())


def _font(points: int) -> QFont:
    font = QFont("Noto Sans", points)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _writer(buffer: QBuffer, title: str) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS)
    writer.setTitle(title)
    writer.setCreator("Fovea")
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM - 5)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        margins,
        QPageLayout.Unit.Millimeter,
    )
    writer.setPageLayout(layout)
    return writer


def _paint_page(painter: QPainter, text: QTextDocument, number: int, area: QSizeF) -> None:
    painter.save()
    painter.translate(0, -number * area.height())
    view = QRectF(0, number * area.height(), area.width(), area.height())
    painter.setClipRect(view)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = view
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    context.palette = palette
    text.documentLayout().draw(painter, context)
    painter.restore()


def _paint_footer(painter: QPainter, place: QRectF, title: str, number: int, count: int) -> None:
    painter.save()
    painter.setFont(_font(FOOTER_SIZE))
    painter.setPen(Qt.GlobalColor.darkGray)
    below = place.adjusted(0, place.height() / 3, 0, 0)
    pages = f"{number} / {count}"
    room = below.width() - painter.fontMetrics().horizontalAdvance(pages) * 2
    shown = painter.fontMetrics().elidedText(" ".join(title.split()), Qt.TextElideMode.ElideRight, int(room))
    painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), pages)
    painter.restore()
