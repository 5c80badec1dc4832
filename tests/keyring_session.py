"""A login session of its own: a bus, a home folder, and GNOME's keyring in one of its states."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "test"
LIMIT_S = 40.0

# The keyring runs in the foreground of a background job, so that it is known by its id and waited for.
_SESSION = """
case "$1" in
unlocked) printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --foreground --components=secrets & ;;
locked) gnome-keyring-daemon --start --foreground --components=secrets & ;;
esac
export KEYRING_PID=$!
shift
tries=0
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \\
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true'
do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || exit 99
    sleep 0.05
done
"$@" 2>&3 >&4
code=$?
kill -9 $KEYRING_PID
wait $KEYRING_PID
exit $code
"""


class KeyringSession:
    """Runs Python code as a user would whose data lie below `folder`.

    What the bus and the keyring say about themselves goes to session.log in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "user"
        self.runtime = folder / "run"
        self.home.mkdir()
        self.runtime.mkdir(mode=0o700)
        self.log = folder / "session.log"

    def command(self, state: str, *command: str) -> list[str]:
        """How to run `command` beside a keyring that is "unlocked", "locked" or "absent"."""
        if state == "absent":
            return list(command)
        outer = f'exec 3>&2 4>&1 >>"{self.log}" 2>&1; exec dbus-run-session -- bash -c "$0" - "$@"'
        return ["bash", "-c", outer, _SESSION, state, *command]

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this user finds; nothing of ours but where programs are."""
        here = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "TMPDIR": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "FOVEA_HOME": str(self.folder / "home"),
            "KEYRING_PASSWORD": PASSWORD,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/no-bus",
        }
        return here | more

    def run(self, state: str, code: str, *arguments: str, **more: str) -> list[str]:
        """Run Python code to its end and return the lines it prints. It must end well."""
        process = self.start(state, code, *arguments, **more)
        try:
            output, errors = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.end()
            output, errors = process.communicate()
        log = self.log.read_text() if self.log.exists() else ""
        assert process.returncode == 0, f"{process.returncode}\n{output}\n{errors}\n{log}"
        assert not errors, errors
        return output.splitlines()

    def start(self, state: str, code: str, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """The same as `run`, to be spoken to on its standard input and waited for by the caller."""
        python = [sys.executable, "-c", code, *arguments]
        return subprocess.Popen(
            self.command(state, *python),
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> None:
        """Kill whatever still runs in this session: the bus starts helpers of its own."""
        for _ in range(100):
            left = [pid for pid in _processes() if self._is_mine(pid)]
            if not left:
                return
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        raise AssertionError(f"processes {left} do not end")

    def holds(self, secret: str) -> list[Path]:
        """The files of this user that hold `secret`, plainly or in base64."""
        from base64 import b64encode

        forms = (secret.encode(), b64encode(secret.encode()).rstrip(b"=")[:-1])
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]
        return [path for path in files if any(form in path.read_bytes() for form in forms)]

    def _is_mine(self, pid: int) -> bool:
        with contextlib.suppress(OSError):
            return f"XDG_RUNTIME_DIR={self.runtime}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes()
        return False


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def needs_programs() -> None:
    """Skip where there is no such keyring, fail where the set-up should have brought it."""
    if sys.platform != "linux":
        pytest.skip("GNOME's keyring is there on Linux only")
    for program in ("dbus-run-session", "dbus-send", "gnome-keyring-daemon"):
        assert shutil.which(program), f"{program} is not installed; `make test` installs what the tests need"
