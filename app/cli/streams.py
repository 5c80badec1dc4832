"""Standard output and standard error, either of which may be closed, full, or unable to say “é”."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from typing import TextIO

from app.cli.stopping import Stopping


class Streams:
    """Writes what a command prints. The first failure of standard output stops the command.

    Nothing is raised: the text is often written by a task that belongs to somebody else.
    `failure` keeps what went wrong; from then on nothing is written to standard output.
    """

    def __init__(self, stopping: Stopping) -> None:
        self.failure: OSError | None = None
        self._stopping = stopping
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    @property
    def unicode(self) -> bool:
        """Whether standard output can say everything."""
        encoding = getattr(sys.stdout, "encoding", None) or ""
        return encoding.lower().replace("-", "") == "utf8"

    @property
    def reader_left(self) -> bool:
        """Whether the failure is only that nobody reads any more; Windows calls it invalid."""
        broken = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
        return self.failure is not None and self.failure.errno in broken

    def write(self, text: str) -> None:
        """Write to standard output at once; with no text, what the parser of the options left."""
        if self.failure is not None:
            return
        try:
            with self._stopping.writing():
                if sys.stdout is None:
                    raise OSError(errno.EBADF, os.strerror(errno.EBADF))
                sys.stdout.write(text)
                sys.stdout.flush()
        except OSError as error:
            self.failure = error
            _discard(sys.stdout)
            self._stopping.stop()

    def tell(self, text: str) -> None:
        """Write to standard error as it is, at once."""
        try:
            print(text, end="", file=sys.stderr, flush=True)
        except OSError:
            _discard(sys.stderr)

    def complain(self, sentence: str) -> None:
        """Write a line to standard error; where even that fails, the exit code has to do."""
        try:
            print(sentence, file=sys.stderr, flush=True)
        except OSError:
            _discard(sys.stderr)


def _discard(stream: TextIO | None) -> None:
    """Let what is still buffered vanish: at its end Python would try once more, and complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)
