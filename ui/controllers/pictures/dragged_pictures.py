"""Files with pictures of the library, as other programs want to be given them."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTemporaryDir, QTimer

from ui.tasks import TaskOwner

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
LONGEST_NAME = 120
HASH_SHOWN = 12
_TASK = "copy a picture that is dragged"


class DraggedPictures:
    """Copies, since another program may write to what it is given; they go with this object.

    `path_of` gives the file of the library with a picture, which may not be there.
    """

    def __init__(self, path_of: Callable[[str], Path], tasks: TaskOwner) -> None:
        self._path_of = path_of
        self._tasks = tasks
        self._folder: QTemporaryDir | None = None

    def find(self, sha256: str, name: str, found: Callable[[str], None]) -> None:
        """Call `found` with the path of a file with a picture that is called as the picture is, once it
        is written; with "" where it cannot be. Another call gives up the one before."""
        if self._folder is None:
            self._folder = QTemporaryDir()
        if not self._folder.isValid():
            found("")
            return
        folder = Path(self._folder.path()) / sha256[:HASH_SHOWN]
        file = folder / (_UNFIT.sub("_", name).strip(". ")[-LONGEST_NAME:] or "picture")
        self._tasks.start(self._copy(self._path_of(sha256), file, found), _TASK)

    async def _copy(self, picture: Path, file: Path, found: Callable[[str], None]) -> None:
        path = str(file) if await asyncio.to_thread(_written, picture, file) else ""
        QTimer.singleShot(0, lambda: found(path))  # a drag runs a loop, which is not for a task


def _written(picture: Path, file: Path) -> bool:
    """Copy a picture unless that was done; whether it is there."""
    if file.exists():
        return True
    part = file.parent / str(threading.get_ident())  # nobody is given half a picture
    try:
        file.parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, part)
        part.replace(file)
    except OSError:
        return False
    return True
