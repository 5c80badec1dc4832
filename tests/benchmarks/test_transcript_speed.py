from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

SCRIPT = Path(__file__).with_name("transcript_stream.py")
MOST_BY_LENGTH = 1.5
MOST_BY_HISTORY = 1.2
MOST_P50_MS = 4.0
MOST_P99_MS = 8.0


def measure(what: str) -> dict[str, float]:
    """Run the measurement in a process of its own, without the GLib event loop."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_NO_GLIB": "1"}
    done = subprocess.run(
        [sys.executable, SCRIPT, what],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.timeout(400)
def test_a_token_costs_the_same_however_long_the_answer_and_the_conversation() -> None:
    cost = measure("deltas")
    by_length = cost["20k"] / cost["1k"]
    by_history = cost["20k after 3000"] / cost["20k"]
    print(f"| one token with layout and paint | {cost['1k']:.0f} us at 1k, {cost['20k']:.0f} us at 20k |")
    print(f"| 20k / 1k tokens | {by_length:.2f} | at most {MOST_BY_LENGTH} |")
    print(f"| 3,000 / 0 earlier messages | {by_history:.2f} | at most {MOST_BY_HISTORY} |")
    assert by_length <= MOST_BY_LENGTH
    assert by_history <= MOST_BY_HISTORY


@pytest.mark.timeout(400)
def test_a_thousand_tokens_a_second_leave_the_window_time() -> None:
    frame = measure("live")
    print(f"| frame CPU at 1,000 tokens/s, p50 | {frame['p50']:.1f} ms | at most {MOST_P50_MS} |")
    print(f"| frame CPU at 1,000 tokens/s, p99 | {frame['p99']:.1f} ms | at most {MOST_P99_MS} |")
    assert frame["frames"] > 300
    assert frame["p50"] <= MOST_P50_MS
    assert frame["p99"] <= MOST_P99_MS
