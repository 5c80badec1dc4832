"""The transcript's gates: a delta's cost, a frame's, beside plain text and Qt's Markdown, and memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measuring import measured, measuring

pytestmark = pytest.mark.bench

Report = Callable[..., None]
SCRIPT = Path(__file__).with_name("transcript_stream.py")
ROUNDS = 2


@pytest.mark.timeout(400)
def test_a_token_costs_the_same_however_long_the_answer_and_the_conversation(report: Report) -> None:
    cost = measured(measuring(SCRIPT, "deltas"))
    report("one token with layout and paint, after 20,000", cost["20k"], None, "us")
    report("one token after 20,000 / after 1,000", cost["20k"] / cost["1k"], 1.5)
    report("one token below 10,000 messages / below none", cost["20k after 10000"] / cost["20k"], 1.2)


@pytest.mark.timeout(400)
def test_a_thousand_tokens_a_second_leave_the_window_time(report: Report) -> None:
    """The best of some rounds, for the machine has other things to do; plain text takes the same
    tokens beside it, at the same time."""
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    for _ in range(ROUNDS):
        running = measuring(SCRIPT, "live"), measuring(SCRIPT, "plain")
        ours, plain = map(measured, running)
        assert ours["frames"] > 250
        rounds.append((ours, plain))
    name = "frame CPU at 1,000 tokens a second"
    for what, limit in (("p50", 4.0), ("p99", 8.0), ("max", 16.7)):
        report(f"{name}, {what}", min(ours[what] for ours, _ in rounds), limit, "ms")
    report("stream CPU / plain insertText", min(ours["all"] / plain["all"] for ours, plain in rounds), 2.0)


@pytest.mark.timeout(400)
def test_a_stream_costs_a_part_of_what_qts_markdown_does(report: Report) -> None:
    cost = measured(measuring(SCRIPT, "markdown"))
    report("stream CPU / setMarkdown at each frame", cost["ours"] / cost["markdown"], 0.3)


@pytest.mark.timeout(400)
def test_answers_leave_little_in_memory(report: Report) -> None:
    kept = measured(measuring(SCRIPT, "answers"))
    report("memory that a 20,000-token answer leaves", kept["an answer"], 2.0, "MB")
