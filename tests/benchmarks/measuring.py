"""Measurements in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ENVIRONMENT = {"QT_QPA_PLATFORM": "offscreen", "QT_NO_GLIB": "1"}
"""Without GLib's event loop Qt tells when it is idle."""
LIMIT_S = 300


def measuring(*command: str | Path) -> subprocess.Popen[str]:
    """A program that begins to measure."""
    environment = {**os.environ, **ENVIRONMENT}
    return subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.PIPE, text=True)


def measured(running: subprocess.Popen[str]) -> dict[str, float]:
    """What it printed in the end."""
    told, _ = running.communicate(timeout=LIMIT_S)
    assert running.returncode == 0
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found
