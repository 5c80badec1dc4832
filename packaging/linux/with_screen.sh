#!/bin/sh
# with_screen.sh COMMAND...: run a command on an X server of its own with a window manager.
set -eu

number=$(mktemp)
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1600x1000x24}" -nolisten tcp -noreset 3>"$number" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null; rm -f "$number"' EXIT INT TERM
while [ ! -s "$number" ]; do
    kill -0 $server 2>/dev/null || { echo "Xvfb did not start"; exit 1; }
    sleep 0.05
done
DISPLAY=:$(cat "$number")
export DISPLAY
unset WAYLAND_DISPLAY QT_QPA_PLATFORM
openbox --sm-disable >/dev/null 2>&1 &
"$@"
