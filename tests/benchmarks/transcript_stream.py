"""Streams a long answer into the transcript and prints what it cost, as one line of JSON.

`python transcript_stream.py deltas` or `... live`; run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.frame_meter import FrameMeter, percentile
from ui.theme import palette
from ui.transcript.entry import Entry
from ui.transcript.lexers import preload
from ui.transcript.stream_buffer import StreamBuffer
from ui.transcript.view import TranscriptView

WORDS = "the picture shows light colour edge model answer region value sharp **bold** `code` window"
MORE = " a of and to in *soft* grey near far left right above measured about 42 0.98"
LINK = " frame [link](https://example.org/a)"
SECTIONS = 22
SAME = 19
"""Sections repeat after so many: the one after token 1,000 is the one after token 20,000."""
TOKENS_A_SECTION = 1_000
TOKENS_A_SECOND = 1_000


def section(number: int, rng: random.Random) -> str:
    """Headings, paragraphs, a list, a quote, a table and code: about 1,000 tokens of three characters."""

    words_known = (WORDS + MORE + LINK).split()

    def words(count: int) -> str:
        return " ".join(rng.choice(words_known) for _ in range(count))

    items = "\n".join(f"- {words(14)}" + (f"\n  - {words(9)}" if n % 3 == 0 else "") for n in range(6))
    rows = "\n".join(f"| {words(1)} | {rng.random():.3f} | {words(3)} |" for _ in range(5))
    code = "\n".join(f"    value_{n} = compute({n}, scale={rng.random():.2f})  # step" for n in range(14))
    return (
        f"## Section {number}\n\n{words(60)}.\n\n{words(45)}.\n\n{items}\n\n> {words(25)}\n\n"
        f"| name | value | remark |\n|---|---|---|\n{rows}\n\n"
        f"```python\ndef run_{number}(x):\n{code}\n```\n\n"
        f"{words(70)}.\n\n"
    )


def tokens() -> list[list[str]]:
    """The answer by section, each cut into the same number of tokens."""
    cut: list[list[str]] = []
    for number in range(SECTIONS):
        text = section(number % SAME + 10, random.Random(number % SAME))
        cut.append(
            [
                text[len(text) * n // TOKENS_A_SECTION : len(text) * (n + 1) // TOKENS_A_SECTION]
                for n in range(TOKENS_A_SECTION)
            ]
        )
    return cut


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
        "20k after 3000": Case(app, 3_000, 20_000),
    }
    for number in range(TOKENS_A_SECTION):
        for case in cases.values():
            case.take(case.coming[number])
    return {
        name: statistics.fmean(sorted(case.costs_us)[: int(len(case.costs_us) * 0.98)])
        for name, case in cases.items()
    }


def live(app: QApplication) -> dict[str, float]:
    """GUI CPU a frame at 1,000 tokens/s, 20,000 tokens, 300 messages above."""
    view, flat = view_of(300), [token for part in tokens()[:20] for token in part]
    buffer, meter = StreamBuffer(view), FrameMeter([view.viewport()])
    begun, state = time.perf_counter(), {"sent": 0, "text": ""}
    source = QTimer()
    source.setTimerType(Qt.TimerType.PreciseTimer)

    def arrive() -> None:
        due = min(len(flat), int((time.perf_counter() - begun) * TOKENS_A_SECOND))
        state["text"] = str(state["text"]) + "".join(flat[int(state["sent"]) : due])
        state["sent"] = due
        done = due == len(flat)
        buffer.put(Entry("answer", "assistant", str(state["text"]), "done" if done else "streaming", "Model"))
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
    }


def main() -> None:
    app = QApplication([])
    palette.apply(app, "light")
    preload()
    gc.collect()
    gc.freeze()
    sys.stdout.write(json.dumps({"deltas": deltas, "live": live}[sys.argv[1]](app)) + "\n")


if __name__ == "__main__":
    main()
