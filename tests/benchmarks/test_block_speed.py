from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Report

pytestmark = pytest.mark.bench

SCRIPT = Path(__file__).with_name("block_stream.py")
MOST_BY_LENGTH = 1.5


@pytest.mark.timeout(300)
def test_a_delta_costs_the_same_however_long_its_block(report: Report) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_NO_GLIB": "1"}
    done = subprocess.run(
        [sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=250
    )
    found: dict[str, tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    for name, (early_us, late_us) in found.items():
        report(f"17 tokens near the end / at 1,000 tokens: {name}", late_us / early_us, MOST_BY_LENGTH)
        report(f"17 tokens: {name}", late_us / 1_000, None, "ms")
