#!/bin/sh
# constraints.sh: write constraints.txt anew from pyproject.toml, for every supported Python and
# system, with the newest versions that fit. Needs uv (`pip install uv` in any environment).
set -eu

cd "$(dirname "$0")/.."
rm -f uv.lock
{
    echo "# Written by packaging/constraints.sh; every version that Fovea is run and tested with."
    uv export -q --format requirements-txt --all-extras --all-groups \
        --no-emit-project --no-hashes --no-annotate --no-header
} >constraints.new
rm -f uv.lock
mv constraints.new constraints.txt
