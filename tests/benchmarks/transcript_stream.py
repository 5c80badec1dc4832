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

WORDS = (
    "the picture shows light colour edge model answer region value sharp **bold** `code` window a of and to "
    "in *soft* grey near far left right above measured about [link](https://example.org/a) 42 0.98 frame"
).split()
SECTIONS = 22
TOKENS_A_SECTION = 1_000
TOKENS_A_SECOND = 1_000


def section(number: int, rng: random.Random) -> str:
    """Headings, paragraphs, a list, a quote, a table and code: about 1,000 tokens of three characters."""

    def words(count: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(count))

    items = "\n".join(f"- {words(14)}" + (f"\n  - {words(9)}" if n % 3 == 0 else "") for n in range(6))
    rows = "\n".join(f"| {words(1)} | {rng.random():.3f} | {words(3)} |" for _ in range(5))
    code = "\n".join(f"    value_{n} = compute({n}, scale={rng.random():.2f})  # step" for n in range(14))
    return (
        f"## Section {number}\n\n{words(60)}.\n\n{words(45)}.\n\n{items}\n\n> {words(25)}\n\n"
        f"| name | value | remark |\n|---|---|---|\n{rows}\n\n```python\ndef run_{number}(x):\n{code}\n```\n\n"
        f"{words(70)}.\n\n"
    )


def tokens() -> list[list[str]]:
    """The answer by section, each cut into the same number of tokens."""
    rng = random.Random(7)
    cut: list[list[str]] = []
    for number in range(SECTIONS):
        text = section(number, rng)
        cut.append([text[len(text) * n // TOKENS_A_SECTION : len(text) * (n + 1) // TOKENS_A_SECTION]
                    for n in range(TOKENS_A_SECTION)])
    return cut


def history(count: int) -> list[Entry]:
    rng = random.Random(3)
    text = section(0, rng)
    return [
        Entry(f"h{n}", "assistant" if n % 2 else "user", text[: 200 + n % 7 * 300], heading="Model" if n % 2 else "")
        for n in range(count)
    ]


def view_of(count: int) -> TranscriptView:
    view = TranscriptView()
    view.resize(1_000, 700)
    view.set_entries([*history(count), Entry("answer", "assistant", status="streaming", heading="Model")])
    view.show()
    return view


def delta_us(app: QApplication, count: int, mark: int) -> float:
    """Mean CPU of one token with layout and paint, over the section that begins at token `mark`."""
    view, cut = view_of(count), tokens()
    text = ""
    for part in cut[: mark // TOKENS_A_SECTION]:
        for start in range(0, len(part), 50):
            text += "".join(part[start : start + 50])
            view.update_entry(Entry("answer", "assistant", text, "streaming", "Model"))
            app.processEvents()
    costs = []
    for token in cut[mark // TOKENS_A_SECTION]:
        text += token
        start_s = time.thread_time()
        view.update_entry(Entry("answer", "assistant", text, "streaming", "Model"))
        app.processEvents()
        costs.append((time.thread_time() - start_s) * 1e6)
    view.close()
    return statistics.fmean(sorted(costs)[: int(len(costs) * 0.98)])


def deltas(app: QApplication) -> dict[str, float]:
    """Each cost three times, interleaved; the least of each, since other work only adds."""
    cases = {"1k": (0, 1_000), "20k": (0, 20_000), "20k after 3000": (3_000, 20_000)}
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(3):
        for name, (count, mark) in cases.items():
            found[name].append(delta_us(app, count, mark))
    return {name: min(values) for name, values in found.items()}


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
