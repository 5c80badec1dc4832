"""Streams one block without end into the transcript and prints what a delta cost, early and late, as JSON.

Run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from ui.theme import palette
from ui.transcript.blocks.lexers import preload
from ui.transcript.entry import Entry
from ui.transcript.view import TranscriptView

DELTA = 68
"""Characters of 17 tokens, which is what comes within a frame at 1,000 tokens/s."""
EARLY = 4_000
"""Characters of 1,000 tokens."""
MEASURED = 240
KEPT = 0.95
PROSE = (
    "the picture shows light colour edge model answer region value sharp **bold** `code` window a of and to "
    "in *soft* grey near far left right above measured about 42 0.98. It"
)
WORDS = PROSE.split()


def words(count: int, seed: int) -> str:
    """Prose with some markup; the same for the same seed."""
    rng = random.Random(seed % 19)
    return " ".join(rng.choice(WORDS) for _ in range(count))


SHAPES: dict[str, Callable[[], str]] = {
    "code, 6,000 lines": lambda: (
        "```python\n"
        + "".join(f"    value_{n % 97} = compute({n % 89}, scale=0.5)  # step\n" for n in range(6_000))
    ),
    "list, 1,500 items": lambda: "".join(f"- {words(14, n)}\n" for n in range(1_500)),
    "table, 600 rows": lambda: (
        "| name | value | remark |\n|---|--:|---|\n"
        + "".join(
            f"| {WORDS[n % 13]} | {n % 50} | {WORDS[n % 7]} and some words more |\n" for n in range(600)
        )
    ),
    "a paragraph of 16,000 tokens": lambda: words(14_000, 5),
    "an item with 600 nested items": lambda: (
        "- outer\n" + "".join(f"  - {words(14, n)}\n" for n in range(600))
    ),
    "a quote of 600 lines": lambda: "".join(f"> {words(14, n)}\n" for n in range(600)),
    "600 formulas": lambda: "".join(
        f"With $x_{{{n % 9}}} = \\frac{{a+b}}{{2}}$ comes $$\\sum_{{i=1}}^n i^2$$ and.\n" for n in range(600)
    ),
}


class Case:
    """An answer of which `start` characters have come."""

    def __init__(self, app: QApplication, text: str, start: int) -> None:
        self._app, self._text, self._at = app, text, 0
        self.costs_us: list[float] = []
        self._view = TranscriptView()
        self._view.resize(1_000, 700)
        self._view.set_entries([Entry("answer", "assistant", status="streaming", heading="Model")])
        self._view.show()
        while self._at < start:
            self._show(2_000)

    def take(self) -> None:
        """Show one more delta and note what it cost the thread."""
        start = time.thread_time()
        self._show(DELTA)
        self.costs_us.append((time.thread_time() - start) * 1e6)

    def _show(self, count: int) -> None:
        self._at += count
        self._view.update_entry(Entry("answer", "assistant", self._text[: self._at], "streaming", "Model"))
        self._app.processEvents()

    def close(self) -> None:
        """Done with it."""
        self._view.close()
        self._view.deleteLater()

    @property
    def cost_us(self) -> float:
        """The mean cost without the dearest few, on which the machine's other work falls."""
        return statistics.fmean(sorted(self.costs_us)[: int(len(self.costs_us) * KEPT)])


def measure(app: QApplication, text: str) -> tuple[float, float]:
    """Microseconds of a delta 1,000 tokens into the text and near its end, taken in turns."""
    early = Case(app, text, EARLY)
    late = Case(app, text, len(text) - (MEASURED + 1) * DELTA)
    for _ in range(MEASURED):
        early.take()
        late.take()
    early.close()
    late.close()
    return early.cost_us, late.cost_us


def main() -> None:
    app = QApplication([])
    palette.apply(app, "light")
    preload()
    gc.collect()
    gc.freeze()
    only = sys.argv[1:] or list(SHAPES)
    found = {name: measure(app, SHAPES[name]()) for name in only}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
