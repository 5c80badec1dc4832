"""Streams a long answer into the transcript and prints what it cost, as one line of JSON.

`python transcript_stream.py` with `deltas`, `markdown`, `live`, `plain` or `answers`; run with
QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QTextBrowser, QTextEdit

from tests.benchmarks.frame_meter import FrameMeter, percentile, resident_mb
from tests.benchmarks.long_answer import TOKENS_A_SECTION, section, tokens
from ui.garbage import MainThreadCollector
from ui.theme import palette
from ui.transcript.blocks.lexers import preload
from ui.transcript.entry import Entry
from ui.transcript.stream_buffer import StreamBuffer
from ui.transcript.view import TranscriptView

TOKENS_A_SECOND = 1_000
A_FRAME = 17
"""Tokens that come within a frame."""
SAMPLED = 20
ANSWERS = 12
LIVE_SECTIONS = 8


def history(count: int) -> list[Entry]:
    rng = random.Random(3)
    text = section(0, rng)
    return [
        Entry(f"h{n}", "assistant" if n % 2 else "user", text[: 200 + n % 7 * 300], heading="Model" * (n % 2))
        for n in range(count)
    ]


def view_of(count: int) -> TranscriptView:
    view = TranscriptView()
    view.resize(1_000, 700)
    view.set_entries([*history(count), Entry("answer", "assistant", status="streaming", heading="Model")])
    view.show()
    return view


class Case:
    """An answer that has come as far as `mark` tokens, below `count` messages."""

    def __init__(self, app: QApplication, count: int, mark: int) -> None:
        self.view, self.text, self.costs_us = view_of(count), "", list[float]()
        self._app = app
        cut = tokens()
        for part in cut[: mark // TOKENS_A_SECTION]:
            for start in range(0, len(part), 50):
                self._show("".join(part[start : start + 50]))
        self.coming = cut[mark // TOKENS_A_SECTION]

    def take(self, token: str) -> None:
        """Show one more token and note what it cost the thread."""
        start = time.thread_time()
        self._show(token)
        self.costs_us.append((time.thread_time() - start) * 1e6)

    def _show(self, token: str) -> None:
        self.text += token
        self.view.update_entry(Entry("answer", "assistant", self.text, "streaming", "Model"))
        self._app.processEvents()


def deltas(app: QApplication) -> dict[str, float]:
    """CPU of one token with layout and paint, in microseconds: the mean over a section of the answer.

    The cases take turns token by token, and the section that is measured reads the same in each, so
    that what else the machine does falls on all of them alike. The dearest 2 % are left out.
    """
    cases = {
        "1k": Case(app, 0, 1_000),
        "20k": Case(app, 0, 20_000),
        "20k after 10000": Case(app, 10_000, 20_000),
    }
    for number in range(TOKENS_A_SECTION):
        for case in cases.values():
            case.take(case.coming[number])
    return {
        name: statistics.fmean(sorted(case.costs_us)[: int(len(case.costs_us) * 0.98)])
        for name, case in cases.items()
    }


def markdown(app: QApplication) -> dict[str, float]:
    """CPU seconds of 20,000 tokens, so many at a time as come within a frame, in Qt's Markdown, too.

    That is set at every twentieth frame only, and counted twenty times.
    """
    flat = [token for part in tokens()[:20] for token in part]
    pages = [flat[start : start + A_FRAME] for start in range(0, len(flat), A_FRAME)]
    view, browser = view_of(0), QTextBrowser()
    browser.resize(1_000, 700)
    browser.show()
    app.processEvents()
    text, cost = "", {"ours": 0.0, "markdown": 0.0}

    def spend(name: str, work: Callable[[], None], times: int = 1) -> None:
        start = time.thread_time()
        work()
        app.processEvents()
        cost[name] += times * (time.thread_time() - start)

    def set_all() -> None:
        browser.setMarkdown(text)
        browser.verticalScrollBar().setValue(browser.verticalScrollBar().maximum())

    for number, page in enumerate(pages):
        text += "".join(page)
        entry = Entry("answer", "assistant", text, "streaming", "Model")
        spend("ours", partial(view.update_entry, entry))
        if number % SAMPLED == 0:
            spend("markdown", set_all, SAMPLED)
    return cost


def answers(app: QApplication) -> dict[str, float]:
    """Megabytes that a 20,000-token answer leaves in memory: the mean of all after the first."""
    view, flat = view_of(0), [token for part in tokens()[:20] for token in part]
    held: list[float] = []
    for number in range(ANSWERS):
        text, answer = "", f"answer {number}"
        view.append(Entry(answer, "assistant", status="streaming"))
        for start in range(0, len(flat), 4 * A_FRAME):
            text += "".join(flat[start : start + 4 * A_FRAME])
            view.update_entry(Entry(answer, "assistant", text, "streaming"))
            app.processEvents()
        view.update_entry(Entry(answer, "assistant", text))
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            app.processEvents()
        gc.collect()
        held.append(resident_mb())
    return {"an answer": (held[-1] - held[0]) / (ANSWERS - 1)}


class PlainText(QTextEdit):
    """Takes an answer without its Markdown, the cheapest that Qt has."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(1_000, 700)
        self.show()
        self._shown = 0

    def update_entry(self, entry: Entry) -> None:
        """Add what is new."""
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(entry.text[self._shown :])
        self._shown = len(entry.text)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())


def live(app: QApplication) -> dict[str, float]:
    """GUI CPU a frame at 1,000 tokens/s, 300 messages above."""
    return _live(app, view_of(300))


def plain(app: QApplication) -> dict[str, float]:
    """The same for plain text."""
    return _live(app, PlainText())


def _live(app: QApplication, view: TranscriptView | PlainText) -> dict[str, float]:
    flat = [token for part in tokens()[:LIVE_SECTIONS] for token in part]
    buffer, meter = StreamBuffer(cast("TranscriptView", view)), FrameMeter([view.viewport()])
    begun, sent, text = time.perf_counter(), 0, ""
    source = QTimer()
    source.setTimerType(Qt.TimerType.PreciseTimer)

    def arrive() -> None:
        nonlocal sent, text
        due = min(len(flat), int((time.perf_counter() - begun) * TOKENS_A_SECOND))
        text, sent = text + "".join(flat[sent:due]), due
        done = due == len(flat)
        buffer.put(Entry("answer", "assistant", text, "done" if done else "streaming", "Model"))
        if done:
            source.stop()
            QTimer.singleShot(200, app.quit)

    source.timeout.connect(arrive)
    source.start(12)
    app.exec()
    frames = meter.frames_ms[5:]
    return {
        "frames": len(frames),
        "p50": percentile(frames, 0.5),
        "p99": percentile(frames, 0.99),
        "max": max(frames),
        "late": sum(frame > 16.7 for frame in frames),
        "all": sum(frames),
    }


def main() -> None:
    app = QApplication([])
    palette.apply(app, "light")
    preload()
    gc.disable()
    collector = MainThreadCollector()
    gc.collect()
    collector.start()
    measures = {each.__name__: each for each in (deltas, markdown, live, plain, answers)}
    sys.stdout.write(json.dumps(measures[sys.argv[1]](app)) + "\n")


if __name__ == "__main__":
    main()
