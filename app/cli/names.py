"""The names of the commands, known without loading any of them."""

from __future__ import annotations

from collections.abc import Sequence

COMMANDS = (
    *("describe", "ask", "complete", "embed", "models", "endpoints", "doctor"),
    *("export", "import", "batch"),
)
NOT_YET = frozenset({"batch"})
HELP_OR_VERSION = frozenset({"-h", "--help", "--version"})


def is_command(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for a command rather than for the window.

    A picture named like a command is opened with a path: `fovea ./describe`.
    """
    return bool(arguments) and (arguments[0] in COMMANDS or arguments[0] in HELP_OR_VERSION)
