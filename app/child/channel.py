"""The child's side: frames in, frames out, and the end when the parent is gone."""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from app.child.frames import PREFIX, Frame, lengths, pack, unpack

_PR_SET_PDEATHSIG = 1


class Channel:
    """Talks to the parent. Only one may exist in a process.

    Takes standard output for itself and points descriptor 1 at stderr, so that a native
    library that prints cannot break a frame. When the parent closes the pipe or dies, the
    process ends, even in the middle of work.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._inbox: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        _die_with_parent()
        threading.Thread(target=self._read, name="lifeline", daemon=True).start()

    def receive(self) -> Frame:
        """Wait for the parent's next frame."""
        return self._inbox.get()

    def waiting(self) -> bool:
        """Whether a frame is there already, for instance the wish to stop."""
        return not self._inbox.empty()

    def send(self, frame: Frame) -> None:
        """Write a frame; from any thread."""
        with self._lock:
            self._out.write(pack(frame, self._scratch))
            self._out.flush()

    def _read(self) -> None:
        # Not sys.stdin: the interpreter aborts at its end when a thread still reads from that.
        source = os.fdopen(os.dup(0), "rb")
        with contextlib.suppress(Exception):
            while len(prefix := source.read(PREFIX.size)) == PREFIX.size:
                header, payload = lengths(prefix)
                self._inbox.put(unpack(source.read(header), source.read(payload), self._scratch))
        shutil.rmtree(self._scratch, ignore_errors=True)
        os._exit(0)


def _die_with_parent() -> None:
    """On Linux also while native code holds the interpreter and no thread can run."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
