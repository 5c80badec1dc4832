"""What a model can do, as small labels in a row."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PlainLabel


class Badges(QWidget):
    """Hidden without any."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[PlainLabel] = []
        self._flow = FlowLayout(self, spacing=4)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def texts(self) -> list[str]:
        """What they say, in order."""
        return [label.text() for label in self._labels]

    def set_texts(self, texts: list[str]) -> None:
        """Show exactly these."""
        if texts == self.texts():
            return
        while self._flow.count():
            self._flow.takeAt(0)
        for label in self._labels:
            label.hide()
            label.deleteLater()
        self._labels = [PlainLabel(text, size="small", wrap=False) for text in texts]
        for label in self._labels:
            label.setProperty("kind", "badge")
            self._flow.addWidget(label)
            label.show()
        self.setAccessibleName(", ".join(texts))
        self.setVisible(bool(texts))
        self.updateGeometry()
