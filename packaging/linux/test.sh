#!/bin/sh
# test.sh [PYTEST OPTIONS]: run the tests, on no screen but their own and on a session bus of their own.
set -eu

unset DISPLAY WAYLAND_DISPLAY
export QT_QPA_PLATFORM=offscreen
if command -v dbus-run-session >/dev/null 2>&1; then
    exec dbus-run-session -- .venv/bin/python -m pytest "$@"
fi
exec .venv/bin/python -m pytest "$@"
