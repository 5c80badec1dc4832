"""`fovea` and `python -m app`: a child process, a command, or the window."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> int:
    """Run what the command line asks for and return the exit code.

    Each branch imports only what it needs: a window paints before anything else is loaded.
    """
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["--child"]:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the parent too, which ends us
        from app.child.entry import run

        return run(arguments[1:], {"printer": "ui.printing.child"})
    from app.cli.names import is_command

    if is_command(arguments):
        from app.cli.main import main as run_command

        return run_command(arguments)
    from ui.start import open_window

    return open_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
