"""Labels that show text as it is, never as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.signs import signs
from ui.theme import fonts
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

TONES = ("", "muted", "positive", "warning", "danger", "accent")


class PlainLabel(QLabel):
    """Text in a size of the type scale and a tone; wraps, and is never read as markup."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: str = "label",
        bold: bool = False,
        tone: str = "",
        wrap: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(fonts.font(size, bold=bold))
        self.setWordWrap(wrap)
        self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(signs(text))

    def set_tone(self, tone: str) -> None:
        """One of TONES; colour only, the words must say it too."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                # Not by way of style(): to build the enums of QStyle takes PySide 10 ms.
                QCoreApplication.sendEvent(self, QEvent(QEvent.Type.Polish))


class ElidedLabel(PlainLabel):
    """One line that is cut in the middle or at the end where it does not fit.

    The whole text is the tooltip while it is cut, and always what a screen reader says.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: str = "label",
        bold: bool = False,
        tone: str = "",
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._elide = elide
        self._hint: str | None = None
        super().__init__(text, parent, size=size, bold=bold, tone=tone, wrap=False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(" ".join(text.split()))
        self._show_tooltip()

    def set_hint(self, hint: str) -> None:
        """A tooltip that is always there, for example a whole path."""
        self._hint = hint
        self._show_tooltip()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def shown_text(self) -> str:
        """What fits in the present width."""
        return self.fontMetrics().elidedText(self.text(), self._elide, self.contentsRect().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self.palette().color(self.foregroundRole())
        painter.setPen(color)
        painter.drawText(self.contentsRect(), int(self.alignment()), self.shown_text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tooltip()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show_tooltip()

    def _show_tooltip(self) -> None:
        cut = self.shown_text() != self.text()
        said = self._hint if self._hint is not None else self.text() if cut else ""
        self.setToolTip(plain_tooltip(said))
