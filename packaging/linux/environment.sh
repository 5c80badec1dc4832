#!/bin/sh
# environment.sh EXTRAS: build .venv with Fovea, editable, and the extras (local; local,test; local,test,bench),
# every version as constraints.txt has it. Run again, it brings .venv up to date.
set -eu

python=${PYTHON:-python3}
"$python" - <<'CHECK' || exit 1
import sys
if not (3, 11) <= sys.version_info[:2] < (3, 15):
    sys.exit("Fovea needs Python 3.11 to 3.14; this is %s. Choose one: make PYTHON=python3.13" % sys.version.split()[0])
CHECK
if ! .venv/bin/python -c '' 2>/dev/null; then
    echo "Building .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
pip() { .venv/bin/python -m pip --disable-pip-version-check -q "$@"; }
echo "Installing Fovea's libraries into .venv"
pip install -c constraints.txt hatchling editables
pip install -c constraints.txt --no-build-isolation -e ".[$1]"
# Without compiled files every start takes up to five times as long, and some systems forbid Python to write them.
.venv/bin/python -m compileall -q .venv/lib app ui >/dev/null || true
