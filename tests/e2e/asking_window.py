"""The program itself, which sends a question by itself as soon as it can be typed into.

Run as a script it imports everything once and forks a window for each line `HOME QUESTION` on its
standard input: `born PID`, then, when it ended, `gone STATUS`.
"""

from __future__ import annotations

import importlib
import os
import sys

from ui import bootstrap, filling, loading
from ui.controllers import window as _window  # noqa: F401 - all windows share what is imported here
from ui.main_window import MainWindow
from ui.start import import_plainly

IMPORTED = (
    *loading.MODULES,
    *filling.TRANSCRIPT,
    *filling.LATER,
    "qasync",
    "app.net.gate",
    "app.providers.openai_compatible",
)


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def ask(question: str) -> int:
    """Run the window as `fovea` does."""
    told = bootstrap._tell_ready

    def tell_and_send(start: bootstrap.Start) -> None:
        told(start)
        window = start.frame.centralWidget()
        assert isinstance(window, MainWindow)
        window.composer.edit.setPlainText(question)
        window.composer.send.click()

    bootstrap._tell_ready = tell_and_send
    import_plainly()
    return bootstrap.main([])


def main() -> None:
    """The nursery."""
    for name in IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        home, _, question = line.rstrip("\n").partition(" ")
        pid = os.fork()
        if pid == 0:
            os.environ["FOVEA_HOME"] = home
            say("born", os.getpid())
            os._exit(ask(question))
        _, status = os.waitpid(pid, 0)
        say("gone", status)


if __name__ == "__main__":
    main()
