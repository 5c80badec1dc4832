"""`fovea --child NAME SCRATCH`: which child runs which code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path

from app.child.channel import Channel

CHILDREN = {
    "decoder": "app.pictures.decoder_main",
    "quick-look": "app.local.quick_look.child_main",
    "engine": "app.local.engine_main",
}


def run(arguments: list[str]) -> int:
    """Run the child named by `arguments` (NAME SCRATCH) until its parent lets it go.

    Ends the process itself: at a usual exit the interpreter aborts, because the lifeline thread
    waits in standard input, and the abort would hide why the child failed.
    """
    name, scratch = arguments[:2]
    channel = Channel(Path(scratch))
    status = 0
    try:
        importlib.import_module(CHILDREN[name]).serve(channel)
    except Exception:  # noqa: BLE001 - the parent keeps what stderr says
        traceback.print_exc()
        status = 1
    sys.stderr.flush()
    os._exit(status)
