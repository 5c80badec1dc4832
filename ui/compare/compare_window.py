"""The table: a row for each picture, a column for each model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.compare.answer_cell import WIDTH as CELL
from ui.compare.answer_cell import AnswerCell
from ui.compare.heads import WIDTH, ColumnHead, Key, ModelColumn, RowHead
from ui.compare.model_offer import ModelOffer, OfferRow
from ui.signs import one_line
from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.offered import offer_from_mime, offers_pictures
from ui.widgets.surfaces import Separator
from ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPaintEvent

SIZE = (1080, 720)
GAP, HEADS = 12, 52
QUESTION_SHOWN = 300
"""Characters of the question that stand above the table."""


class PictureRow(NamedTuple):
    """What the question is asked of: a picture, and how many `further` ones go with it. `sha256` and
    `name` are empty where it has no picture of its own.

    `key` stays, whatever is stored meanwhile.
    """

    key: str
    sha256: str
    name: str
    further: int


class CompareWindow(QDialog):
    """A window beside the main one; closing it stops nothing.

    Cells are named by the keys of their row and column.
    """

    pictures_offered = Signal(object)
    """OfferedPictures were dropped."""
    add_pictures_requested = Signal()
    models_wanted = Signal()
    """The list of models opens; `offer_models` fills it."""
    models_of_wanted = Signal(str)
    """The list is to have the models of an endpoint, too."""
    model_added = Signal(object)
    """A ModelColumn was chosen from those offered."""
    row_removed = Signal(str)
    column_removed = Signal(object)
    ask_requested = Signal(str, object)
    stop_requested = Signal(str, object)
    ask_all_requested = Signal()
    stop_all_requested = Signal()
    thumbnail_wanted = Signal(str)
    closed = Signal()

    def __init__(self, question: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare pictures and models"))
        self.setAcceptDrops(True)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self._want)
        self._wanted: set[str] = set()
        self._rows: list[PictureRow] = []
        self._columns: list[ModelColumn] = []
        self._cells: dict[tuple[str, Key], AnswerCell] = {}
        self._above: dict[ModelColumn, ColumnHead] = {}
        self._beside: dict[PictureRow, RowHead] = {}
        self._running = False
        shown = question if len(question) <= QUESTION_SHOWN else f"{question[:QUESTION_SHOWN]}…"
        self.question = PlainLabel(one_line(shown), size="body")
        self.add_pictures = TextButton(self.tr("Add pictures…"))
        self.add_pictures.clicked.connect(self.add_pictures_requested)
        self.add_model = TextButton(self.tr("Add a model…"))
        self.add_model.clicked.connect(self._open_models)
        self.ask_all = TextButton("", primary=True)
        self.ask_all.clicked.connect(self._do_all)
        self.notice = PlainLabel(tone="danger", size="caption")
        self.notice.hide()
        self._lay_out()
        self.finished.connect(lambda _: self.closed.emit())
        room = self.screen().availableGeometry().size() - QSize(24, 48)
        self.resize(QSize(*SIZE).boundedTo(room))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 16, 12)
        head.setSpacing(8)
        head.addWidget(self.question, 1)
        for button in (self.add_pictures, self.add_model, self.ask_all):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._ground = QWidget()
        self._grid = QGridLayout(self._ground)
        self._grid.setContentsMargins(4, 4, 16, 16)
        self._grid.setSpacing(GAP)
        self._heads, self._heads_area = QWidget(), _bare_area()
        self._head_row = QHBoxLayout(self._heads)
        self._head_row.setContentsMargins(4 + WIDTH + GAP, 0, 16, 0)
        self._head_row.setSpacing(GAP)
        self._heads_area.setWidget(self._heads)
        self._heads_area.setWidgetResizable(False)
        self._heads_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._heads_area.setFixedHeight(HEADS)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._heads_area.setHorizontalScrollBarPolicy(off)
        self._heads_area.setVerticalScrollBarPolicy(off)
        self.area = _bare_area()
        self.area.setWidget(self._ground)
        self.area.setAccessibleName(self.tr("Answers"))
        self.area.setUpdatesEnabled(False)  # until the window's first frame, which is dear, is painted
        self._ground.installEventFilter(self)
        self.area.horizontalScrollBar().valueChanged.connect(self._heads_area.horizontalScrollBar().setValue)
        self.notice.setContentsMargins(16, 0, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self._heads_area)
        column.addWidget(Separator())
        column.addWidget(self.area, 1)

    def cell(self, row: str, column: Key) -> AnswerCell:
        """The cell of a row and a column. Raises KeyError where there is none."""
        return self._cells[row, column]

    def cells(self) -> list[AnswerCell]:
        """All cells, row by row."""
        return [self._cells[row.key, column.key] for row in self._rows for column in self._columns]

    def set_table(self, rows: Sequence[PictureRow], columns: Sequence[ModelColumn]) -> None:
        """Show exactly these; a cell that stays keeps what it shows, and what stays is not made anew."""
        gone, gone_above, gone_beside = dict(self._cells), dict(self._above), dict(self._beside)
        self._rows, self._columns = list(rows), list(columns)
        self._cells, self._above, self._beside = {}, {}, {}
        _clear(self._grid)
        _clear(self._head_row)
        for place, column in enumerate(columns):
            above = gone_above.pop(column, None) or self._column_head(column)
            self._above[column] = above
            above.remove.setVisible(len(columns) > 1)
            self._head_row.addWidget(above, 1)
            self._grid.setColumnStretch(place + 1, 1)
        for place, row in enumerate(rows):
            beside = gone_beside.pop(row, None) or self._row_head(row)
            self._beside[row] = beside
            beside.remove.setVisible(len(rows) > 1)
            self._grid.addWidget(beside, place, 0, Qt.AlignmentFlag.AlignTop)
            for across, column in enumerate(columns):
                cell = gone.pop((row.key, column.key), None) or self._new_cell(row, column)
                self._cells[row.key, column.key] = cell
                self._grid.addWidget(cell, place, across + 1)
                cell.show()
        for left in (*gone.values(), *gone_above.values(), *gone_beside.values()):
            left.hide()
            left.deleteLater()

    @cached_property
    def models(self) -> ModelOffer:
        """What drops down from `Add a model`, made when it first does."""
        made = ModelOffer(self)
        made.chosen.connect(self.model_added)
        made.asked.connect(self.models_of_wanted)
        return made

    def offer_models(self, rows: Sequence[OfferRow]) -> None:
        """What `Add a model` lists, but for the models that are in the table."""
        here = {column.key for column in self._columns}
        self.models.set_rows([row for row in rows if row.column is None or row.column.key not in here])

    def _open_models(self) -> None:
        self.models_wanted.emit()
        self.models.open_below(self.add_model)

    def show_missing(self, missing: int, *, running: bool) -> None:
        """How many cells nobody was asked for yet; while some are, the button stops them."""
        self._running = running
        words = {
            0: self.tr("Every answer is there"),
            1: self.tr("Ask the one missing"),
        }.get(missing, self.tr("Ask the {count} missing"))
        self.ask_all.setText(self.tr("Stop") if running else words.format(count=missing))
        self.ask_all.setEnabled(running or missing > 0)
        self.ask_all.setToolTip("" if running or missing else self.tr("Every model answered every picture."))

    def show_problem(self, text: str) -> None:
        """Say what did not work; empty for nothing."""
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture, as wanted by `thumbnail_wanted`."""
        if sha256 in self._wanted:
            self.thumbnails.set_image(sha256, image)
            self._ground.update()
            for shown in (*self._ground.findChildren(RowHead), *self._pictures()):
                shown.update()

    def _pictures(self) -> list[QWidget]:
        return [picture for cell in self._cells.values() for picture in cell.pictures]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.area.updatesEnabled():
            QTimer.singleShot(0, self.area, lambda: self.area.setUpdatesEnabled(True))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if offers_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.pictures_offered.emit(offer_from_mime(event.mimeData()))

    def _want(self, sha256: str) -> None:
        self._wanted.add(sha256)
        self.thumbnail_wanted.emit(sha256)

    def _do_all(self) -> None:
        (self.stop_all_requested if self._running else self.ask_all_requested).emit()

    def _column_head(self, column: ModelColumn) -> ColumnHead:
        head = ColumnHead(column.model, column.endpoint)
        head.setMinimumWidth(CELL)
        head.removed.connect(lambda: self.column_removed.emit(column.key))
        return head

    def _row_head(self, row: PictureRow) -> RowHead:
        head = RowHead(row.sha256, row.name, row.further, self.thumbnails)
        head.removed.connect(lambda: self.row_removed.emit(row.key))
        return head

    def _new_cell(self, row: PictureRow, column: ModelColumn) -> AnswerCell:
        with_own, without = self.tr("{model} on {name}"), self.tr("{model}, without a picture of its own")
        words = with_own if row.sha256 else without
        spoken = words.format(model=one_line(column.model), name=one_line(row.name))
        cell = AnswerCell(spoken)
        cell.ask_requested.connect(lambda: self.ask_requested.emit(row.key, column.key))
        cell.stop_requested.connect(lambda: self.stop_requested.emit(row.key, column.key))
        return cell

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Each head stands above its column, whatever room there is."""
        if watched is self._ground and event.type() == QEvent.Type.Resize:
            self._heads.setFixedSize(self._ground.width(), HEADS)
        return super().eventFilter(watched, event)


def _bare_area() -> QScrollArea:
    area = QScrollArea()
    area.setProperty("kind", "bare")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    return area


def _clear(layout: QGridLayout | QHBoxLayout) -> None:
    """Take everything out; heads and cells stay with whoever holds them."""
    while layout.takeAt(0) is not None:
        pass
