"""What was done to the question that is being written, and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Near(NamedTuple):
    """Something that was done to the next question, and that Undo takes back before anything that is
    in the library."""

    words: str
    """What it is called behind "Undo:"."""
    said: str
    """What a notice says of it, empty for none."""
    undo: Callable[[], object]
    redo: Callable[[], object]
    about: str
    """The hash of the picture that it was done to."""
    tone: str = "text_muted"
    """Of the notice."""
