"""Files with pictures of the library, as other programs want to be given them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTemporaryDir

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
LONGEST_NAME = 120
HASH_SHOWN = 12


class DraggedPictures:
    """Copies, since another program may write to what it is given; they go with this object.

    `path_of` gives the file of the library with a picture, which may not be there.
    """

    def __init__(self, path_of: Callable[[str], Path]) -> None:
        self._path_of = path_of
        self._folder: QTemporaryDir | None = None

    def find(self, sha256: str, name: str) -> str:
        """The path of a file with a picture that is called as the picture is; "" where it cannot be
        made."""
        if self._folder is None:
            self._folder = QTemporaryDir()
        folder = Path(self._folder.path()) / sha256[:HASH_SHOWN]
        file = folder / (_UNFIT.sub("_", name).strip(". ")[-LONGEST_NAME:] or "picture")
        if self._folder.isValid() and not file.exists():
            try:
                folder.mkdir(exist_ok=True)
                file.write_bytes(self._path_of(sha256).read_bytes())
            except OSError:
                return ""
        return str(file) if self._folder.isValid() else ""
