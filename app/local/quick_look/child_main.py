"""The quick look child: loads the models, then looks at one picture after the other.

    parent -> look {width, height} + RGB     stop
    child  -> loading   ready     labels   colours   text {lines}   done | stopped

`labels`, `colours` and any number of `text` frames follow a `look` in this order as each is
found; `done` or `stopped` ends it. A `stop` that comes when nothing is looked at is ignored.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from app.child.channel import Channel
from app.child.frames import Frame
from app.local.hardware import engine_threads
from app.local.quick_look.findings import colours_frame, labels_frame

if TYPE_CHECKING:
    from app.local.quick_look.reader import Reader

_STOP_CHECK_S = 0.05


def serve(channel: Channel) -> None:
    """Answer the parent's frames until the process ends with its parent."""
    forbid_network()
    channel.send(Frame("loading"))
    looker = Looker(channel, engine_threads())
    channel.send(Frame("ready"))
    while True:
        frame = channel.receive()
        if frame.kind == "look":
            looker.look(frame)


def forbid_network() -> None:
    """From here on nothing in this process can open a socket: trying raises PermissionError.

    The reading package imports an HTTP client and could download models; this process never does.
    """

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith("socket."):
            raise PermissionError("quick look uses no network")

    sys.addaudithook(refuse)


class Looker:
    """Looks at pictures and sends what it finds.

    The labelling model is loaded at once. The reading models take longer and are loaded
    meanwhile, so that the first findings need not wait for them.
    """

    def __init__(self, channel: Channel, threads: int) -> None:
        from app.local.quick_look.labels import Labeller

        self._channel = channel
        self._reader: Future[Reader] = ThreadPoolExecutor(1).submit(_load_reader, threads)
        self._labeller = Labeller(threads)

    def look(self, frame: Frame) -> None:
        """Send all findings about the picture in `frame`, or stop between two of them."""
        self._channel.send(Frame("done" if self._finish(frame) else "stopped"))

    def _finish(self, frame: Frame) -> bool:
        """False: the parent wants no more of it."""
        import numpy as np

        from app.local.quick_look.colours import main_colours

        size = (frame.fields["height"], frame.fields["width"], 3)
        rgb = np.frombuffer(frame.payload, np.uint8).reshape(size)
        self._channel.send(labels_frame(*self._labeller.label(rgb)))
        if self._stopped():
            return False
        self._channel.send(colours_frame(main_colours(rgb)))
        while not wait([self._reader], _STOP_CHECK_S).done:
            if self._stopped():
                return False
        for lines in self._reader.result().read(rgb):
            if lines:
                self._channel.send(Frame("text", {"lines": lines}))
            if self._stopped():
                return False
        return True

    def _stopped(self) -> bool:
        """Whether the parent has said stop: nothing else is sent during a look."""
        return self._channel.waiting()


def _load_reader(threads: int) -> Reader:
    from app.local.quick_look.reader import Reader

    return Reader(threads)
