"""From the arguments of a command to its exit code, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.stopping import Stopping


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code.

    0 done, 2 bad usage, 3 the endpoint, the library or the output failed, 4 refused input,
    130 and 143 stopped by Ctrl+C and by SIGTERM, 141 whoever read the output left.
    """
    stopping = Stopping()
    stopping.listen()
    from app.cli.commands import run

    return run(arguments, stopping)
