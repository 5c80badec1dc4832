"""A window of another program to drag from: `python drag_source.py file:PATH... | image:PATH`.

Prints "ready" when it can be dragged from, "over ACTION" whenever what lies under the mouse changes
its mind about the drag, and "dropped ACTION" when the drag has ended.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    def __init__(self, offers: list[str]) -> None:
        super().__init__("drag me")
        self._offers = offers

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(self._mime())
            drag.actionChanged.connect(lambda action: print("over", action.name, flush=True))
            print("dropped", drag.exec(Qt.DropAction.CopyAction).name, flush=True)

    def _mime(self) -> QMimeData:
        mime = QMimeData()
        kinds = [offer.partition(":") for offer in self._offers]
        if kinds[0][0] == "image":
            mime.setImageData(QImage(kinds[0][2]))
        else:
            mime.setUrls([QUrl.fromLocalFile(path) for _, _, path in kinds])
        return mime


def main() -> None:
    application = QApplication(sys.argv[:1])
    source = Source(sys.argv[1:])
    source.setWindowTitle("Drag source")
    source.setGeometry(10, 40, 120, 80)
    source.show()
    print("ready", flush=True)
    application.exec()


if __name__ == "__main__":
    main()
