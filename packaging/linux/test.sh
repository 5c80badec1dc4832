#!/bin/sh
# test.sh [PYTEST OPTIONS]: run the tests, on no screen but their own and on a session bus of their own.
# Two at a time, or up to four where there are so many processors; `-n 0` is one after the other.
set -eu

unset DISPLAY WAYLAND_DISPLAY
export QT_QPA_PLATFORM=offscreen
set -- .venv/bin/python -m pytest -n auto --maxprocesses=4 --dist=worksteal "$@"
if command -v dbus-run-session >/dev/null 2>&1; then
    exec dbus-run-session -- "$@"
fi
exec "$@"
