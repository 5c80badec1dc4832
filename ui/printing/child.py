"""The printing child: HTML of ours and its pictures in, a PDF file out.

    picture   (none)           `number`, and a JPEG file as the payload; as many as there are
    print     -> progress..., pdf    `title`, and HTML as the payload; the payload of `pdf` is the file

or `refused` with a reason. No screen is needed: Qt paints on its offscreen platform.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.child.channel import Channel

MEMORY_BYTES = 4 * 1024**3


def serve(channel: Channel) -> None:
    """Print one document and end."""
    from app.child.confinement import confine
    from app.child.frames import Frame

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    confine(MEMORY_BYTES)
    from PySide6.QtGui import QGuiApplication

    from ui.printing.document import print_document

    # A name of its own: Qt reads its options from the arguments it is given.
    application = QGuiApplication(["fovea"])
    pictures: dict[int, bytes] = {}
    while (job := channel.receive()).kind == "picture":
        pictures[int(job.fields["number"])] = bytes(job.payload)

    def tell(done: int, total: int) -> None:
        channel.send(Frame("progress", {"done": done, "total": total}))

    try:
        pdf = print_document(str(job.fields["title"]), bytes(job.payload).decode("utf-8"), pictures, tell)
        channel.send(Frame("pdf", {}, pdf))
    except MemoryError:
        channel.send(Frame("refused", {"reason": "it takes more memory than a document may"}))
    except OSError as error:
        channel.send(Frame("refused", {"reason": f"this computer has no room for it ({error.strerror})"}))
    channel.receive()
    del application
