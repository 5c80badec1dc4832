"""`fovea` and `python -m app`: a child process, a command, or the window."""

from __future__ import annotations

import sys


def main() -> int:
    """Run what the command line asks for and return the exit code.

    Each branch imports only what it needs: a window paints before anything else is loaded.
    """
    arguments = sys.argv[1:]
    if arguments[:1] == ["--child"]:
        from app.child.entry import run

        return run(arguments[1:])
    from app.cli.names import is_command

    if is_command(arguments):
        from app.cli.main import main as run_command

        return run_command(arguments)
    from ui.bootstrap import main as open_window

    return open_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
