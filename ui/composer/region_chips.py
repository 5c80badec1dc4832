"""What is drawn on a picture of the question, as small chips below its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.region import RegionKind, Treatment
from ui.composer.sends_button import SendsButton
from ui.signs import one_line
from ui.theme import fonts, palette
from ui.widgets.buttons import IconButton
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

COVERS = ""
"""Stands for all covers of a picture where a region has its id."""
HEIGHT = 26
GAP = 6
BADGE = 18
LONGEST = 140
"""Logical pixels of a name."""
WIDEST = 380
"""Logical pixels of a row."""

KINDS = {
    RegionKind.RECTANGLE: ("square-dashed", QT_TRANSLATE_NOOP("RegionChips", "rectangle")),
    RegionKind.LASSO: ("lasso", QT_TRANSLATE_NOOP("RegionChips", "outline")),
    RegionKind.POINT: ("map-pin", QT_TRANSLATE_NOOP("RegionChips", "point")),
    RegionKind.ARROW: ("move-up-right", QT_TRANSLATE_NOOP("RegionChips", "arrow")),
}


class RegionChips(QWidget):
    """A chip for each region and one for all covers, and how the regions go along."""

    activated = Signal(str)
    """A region, by its id, or COVERS is to be shown on the picture."""
    removed = Signal(str)
    """A region, by its id, or COVERS is not wanted any more."""
    sends_chosen = Signal(object)
    """A RegionSend."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pills: dict[str, _Pill] = {}
        self._flow = FlowLayout(self, spacing=GAP)
        self.sends = SendsButton(self)
        self.sends.chosen.connect(self.sends_chosen)
        self._flow.addWidget(self.sends)

    def show_treatment(self, picture: str, treatment: Treatment) -> None:
        """Show what is drawn on the picture of this name; a chip that stays keeps the keyboard."""
        wanted = [region.id for region in treatment.regions] + [COVERS] * bool(treatment.redactions)
        if wanted != list(self._pills):
            self._arrange(wanted)
        for number, region in enumerate(treatment.regions, 1):
            icon, kind = KINDS[region.kind]
            words = one_line(region.name) or QCoreApplication.translate("RegionChips", str(kind))
            gone = self.tr("Remove region {number} of {name}").format(number=number, name=picture)
            spoken = self.tr("region {number}, {what}").format(number=number, what=words)
            self._pills[region.id].show_words(icon, words, spoken, gone, str(number))
        if count := len(treatment.redactions):
            words = self.tr("1 place covered") if count == 1 else self.tr("{count} places covered")
            words = words.format(count=count)
            gone = self.tr("Take the covers off {name}").format(name=picture)
            self._pills[COVERS].show_words("eye-off", words, words, gone)
        self.sends.setVisible(bool(treatment.regions))
        self.sends.show_choice(treatment.sends, picture)
        self.updateGeometry()

    def buttons(self) -> list[QWidget]:
        """Those that Tab comes to, in their order."""
        found: list[QWidget] = [b for pill in self._pills.values() for b in (pill.label, pill.remove)]
        return [*found, self.sends] if not self.sends.isHidden() else found

    def fitting(self) -> QSize:
        """How much room all of it takes, in rows no wider than WIDEST."""
        shown = [*self._pills.values(), *([self.sends] if not self.sends.isHidden() else [])]
        rows = [0]
        for wide in (max(part.sizeHint().width(), part.minimumWidth()) for part in shown):
            together = rows[-1] + GAP + wide if rows[-1] else wide
            rows[-1:] = [together] if together <= WIDEST else [rows[-1], wide]
        return QSize(max(rows), self._flow.heightForWidth(max(rows)))

    def _arrange(self, wanted: list[str]) -> None:
        while self._flow.count():
            self._flow.takeAt(0)
        before, self._pills = self._pills, {}
        for key in wanted:
            pill = before.pop(key, None) or self._new_pill(key)
            self._pills[key] = pill
            self._flow.addWidget(pill)
            pill.show()
        self._flow.addWidget(self.sends)
        for pill in before.values():
            pill.hide()
            pill.deleteLater()

    def _new_pill(self, key: str) -> _Pill:
        pill = _Pill(self)
        pill.label.clicked.connect(lambda: self.activated.emit(key))
        pill.remove.clicked.connect(lambda: self.removed.emit(key))
        return pill


class _Badge(QWidget):
    """The number of a region as it stands on the picture; pressed, it is as if its words were."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = ""
        self.setFont(fonts.font("caption", bold=True))
        self.hide()

    def show_number(self, number: str) -> None:
        """Take another number, empty for none."""
        self.number = number
        self.setFixedSize(max(BADGE, self.fontMetrics().horizontalAdvance(number) + 10), BADGE)
        self.setVisible(bool(number))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that its end comes here too."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.accent)
        painter.drawRoundedRect(self.rect(), 5, 5)
        painter.setPen(colors.accent_text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.number)


class _Pill(QWidget):
    """A number, an icon with words that can be pressed, and a button that takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.label = IconButton("square-dashed", "", self)
        self.label.setProperty("kind", "chip")
        self.label.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.label.setFont(fonts.font("caption"))
        self.label.setIconSize(QSize(14, 14))
        self.remove = IconButton("x", "", self, role="text_muted")
        self.remove.setProperty("kind", "chip")
        self.remove.setIconSize(QSize(12, 12))
        self.remove.setFixedSize(22, HEIGHT)
        self.badge = _Badge(self)
        self.badge.pressed.connect(self.label.click)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.badge)
        row.addWidget(self.label)
        row.addWidget(self.remove)

    def show_words(self, icon: str, words: str, spoken: str, gone: str, number: str = "") -> None:
        """Say what it stands for, to the eye and to the ear, and what its button does."""
        self.badge.show_number(number)
        self.label.show_as(icon, self.tr("Show it on the picture: {what}").format(what=spoken))
        shown = QFontMetrics(self.label.font()).elidedText(words, Qt.TextElideMode.ElideRight, LONGEST)
        self.label.setText(shown)
        self.label.setFixedSize(self.label.fontMetrics().horizontalAdvance(shown) + 34, HEIGHT)
        self.remove.show_as("x", gone, role="text_muted")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colors.outline)
        painter.setBrush(colors.surface_raised)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 8, 8)
