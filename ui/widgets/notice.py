"""One sentence about something that just happened, until it is dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.surfaces import Card
from ui.widgets.tab_order import stop_before, walk_through

ICONS = {"text_muted": "info", "positive": "check", "warning": "circle-alert", "danger": "triangle-alert"}
"""The tones, each a role of the palette."""


class Notice(Card):
    """A card with a sentence, and perhaps a button that does something about it; hidden while there
    is nothing to say. The text may come from outside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = PlainLabel("", self)
        self.dismiss_button = IconButton("x", self.tr("Dismiss"), self)
        self.dismiss_button.clicked.connect(self.hide)
        self._icon = Pictogram(ICONS["warning"], role="warning", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self.dismiss_button)
        self._row = row
        self.button: SmallButton | None = None
        self._do: Callable[[], object] = lambda: None
        self._goes_with_question = self._goes_with_conversation = False
        self.hide()

    def text(self) -> str:
        """What is said now; empty while hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_text(
        self,
        text: str,
        tone: str = "warning",
        offer: str = "",
        do: Callable[[], object] | None = None,
        *,
        here: bool = False,
    ) -> None:
        """Say `text`, and tell a screen reader; `tone` is one of ICONS. A button with the words
        `offer` calls `do` and takes the notice away; `here`: it works in the open conversation only."""
        self._goes_with_question = tone != "danger" and not offer
        self._goes_with_conversation = self._goes_with_question or here
        self._icon.show_icon(ICONS[tone], tone)
        self.set_line("outline" if tone == "text_muted" else tone)
        self._label.setText(text)
        self.setAccessibleName(text)
        self._offer(offer, do)
        self.show()
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # its many names take 3 ms to make

        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def unsay(self, text: str) -> None:
        """Take `text` away where it is what is said."""
        if text and self.text() == text:
            self.hide()

    def let_go(self, *, left: bool) -> None:
        """A question is sent, or (`left`) another conversation opened: what is said of what was before
        is not said any longer. Dangers stay, and so does what offers something that still works."""
        if self._goes_with_conversation if left else self._goes_with_question:
            self.hide()

    def _offer(self, words: str, do: Callable[[], object] | None) -> None:
        self._do = do or (lambda: None)
        if words and self.button is None:
            self.button = SmallButton(words, self)
            self.button.clicked.connect(self._take_offer)
            self._row.insertWidget(2, self.button)
            before = stop_before(self.dismiss_button, outside=self)
            walk_through([before, self.button, self.dismiss_button])
        if self.button is not None:
            self.button.setText(words)
            self.button.setVisible(bool(words))

    def _take_offer(self) -> None:
        self.hide()
        self._do()
