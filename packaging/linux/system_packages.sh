#!/bin/sh
# system_packages.sh LIST...: see that what the lists name is on this machine.
#
# Missing things are installed where this is root on Debian or Ubuntu. Elsewhere the command that
# brings them is printed and the exit code is still 0: what is missing may not be needed here.
set -eu

[ "$(uname -s)" = Linux ] || exit 0
here=$(cd "$(dirname "$0")" && pwd)
libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)

is_here() { # KIND WHAT
    case $1 in
        lib) case $libraries in *"$2 "*) ;; *) return 1 ;; esac ;;
        cmd) command -v "$2" >/dev/null 2>&1 ;;
        file) [ -e "$2" ] ;;
    esac
}

missing=
for list in "$@"; do
    while read -r kind what package; do
        case $kind in '' | \#*) continue ;; esac
        is_here "$kind" "$what" || missing="$missing $package"
    done <"$here/$list"
done
# The interpreter that will build the environment brings pip along, except on Debian.
if [ ! -x .venv/bin/python ] && ! "${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null; then
    missing="$missing $("${PYTHON:-python3}" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Fovea may need these, under the names of Debian's packages:$missing"
elif [ "$(id -u)" -ne 0 ]; then
    echo "Fovea may need what is missing here. To install it: sudo $command"
else
    echo "Installing what Fovea needs of the system:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update || echo "The package lists could not be refreshed; going on with those that are here."
    log=$(mktemp)
    # shellcheck disable=SC2086 # the packages are words
    if ! $command >"$log" 2>&1 </dev/null; then
        cat "$log"
        rm -f "$log"
        echo "This failed: $command"
        exit 1
    fi
    rm -f "$log"
fi
