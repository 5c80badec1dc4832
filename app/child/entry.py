"""`fovea --child NAME SCRATCH`: which child runs which code."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

from app.child.channel import Channel

CHILDREN = {
    "decoder": "app.pictures.decoder_main",
    "quick-look": "app.local.quick_look.child_main",
    "engine": "app.local.engine_main",
    "reader": "app.transfer.reader_main",
}


def run(arguments: list[str], more: Mapping[str, str]) -> int:
    """Run the child named by `arguments` (NAME SCRATCH) until its parent lets it go.

    `more` are children whose code lies outside the app: the one that needs Qt.
    """
    name, scratch = arguments[:2]
    channel = Channel(Path(scratch))
    importlib.import_module({**CHILDREN, **more}[name]).serve(channel)
    return 0
