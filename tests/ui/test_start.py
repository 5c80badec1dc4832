"""What a start does before anything is to be seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

READ = """
import linecache, os, sys
sys.argv = ["fovea", "--unheard-of"]
from app.__main__ import main
assert main() == 2
import app.domain.message
import ui.widgets.labels
ours = tuple(os.path.join(os.getcwd(), room) + os.sep for room in ("app", "ui"))
print([name for name in linecache.cache if name.startswith(ours)])
"""


def test_no_source_is_read_for_what_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", READ], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_switches_of_pyside_are_not_missed() -> None:
    named = [path for folder in ("app", "ui") for path in (ROOT / folder).rglob("*.py")]
    assert not [path for path in named if "from __feature__" in path.read_text("utf-8")]
