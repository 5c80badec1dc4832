"""One window for one library: a second start hands its pictures to the first and leaves."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QThread, Signal

from app.paths import make_home

ANSWER_MS = 10_000
LISTENING_S = 30.0
"""How long the first may take from its lock to its socket: it paints its window in between, and a cold
disk or a busy machine makes that long. Two windows of one library would be worse than the wait."""
_TRY_AGAIN_MS = 50
MOST_BYTES = 1_000_000
_ACCEPTED = b"ok\n"


class SingleInstance(QObject):
    """The lock decides who is first; a local socket that only the user can open carries paths."""

    paths_received = Signal(list)
    """A second start asked to open these paths (str); empty when it only wants the window."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._lock = QLockFile(str(home / "window.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QObject | None = None

    @property
    def socket_name(self) -> str:
        """The name of the library's socket; another library has another one."""
        import hashlib

        return "fovea-" + hashlib.sha256(str(self._home.resolve()).encode()).hexdigest()[:16]

    def is_first(self) -> bool:
        """Whether this process may open the library. True as well where no lock can be
        written: opening the library then says why."""
        with contextlib.suppress(OSError):
            make_home(self._home)
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def hand_over(self, paths: Sequence[Path]) -> bool:
        """Give the first instance the paths; False when it does not answer."""
        import json

        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        deadline = time.monotonic() + LISTENING_S
        socket.connectToServer(self.socket_name)
        while not socket.waitForConnected(ANSWER_MS):
            if time.monotonic() > deadline:
                return False
            QThread.msleep(_TRY_AGAIN_MS)
            socket.connectToServer(self.socket_name)
        socket.write(json.dumps([str(path.absolute()) for path in paths]).encode() + b"\n")
        answered = socket.waitForReadyRead(ANSWER_MS) and socket.readAll().data() == _ACCEPTED
        socket.abort()
        return answered

    def listen(self) -> None:
        """Accept what later starts hand over."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self.socket_name)
        server.newConnection.connect(lambda: self._accept(server.nextPendingConnection()))
        server.listen(self.socket_name)
        self._server = server

    def close(self) -> None:
        """Let the next start be the first."""
        if self._server is not None:
            self._server.setParent(None)
            self._server.deleteLater()
            self._server = None
        self._lock.unlock()

    def _accept(self, connection: object) -> None:
        from PySide6.QtNetwork import QLocalSocket

        assert isinstance(connection, QLocalSocket)
        received = bytearray()

        def read() -> None:
            received.extend(connection.readAll().data())
            if b"\n" in received:
                connection.write(_ACCEPTED)
                connection.flush()
                connection.disconnectFromServer()
                line = bytes(received)
                received.clear()
                self._open(line)
            elif len(received) > MOST_BYTES:
                connection.abort()

        connection.readyRead.connect(read)
        connection.disconnected.connect(connection.deleteLater)
        read()

    def _open(self, line: bytes) -> None:
        import json

        try:
            paths = [str(path) for path in json.loads(line)]
        except (ValueError, TypeError, RecursionError):
            return
        self.paths_received.emit(paths)
