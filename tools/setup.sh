#!/bin/sh
# Brings everything Songreel needs on a bare machine: a pinned uv, the locked environment, the system's GL library and FriBidi.
# Usage: tools/setup.sh UV_VERSION [uv sync options]
set -eu
cd "$(dirname "$0")/.."
uv_version=$1
shift
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

# Runs apt-get as root, through sudo when it asks for no password, or not at all.
apt_install() {
    if ! command -v apt-get >/dev/null 2>&1; then return 1; fi
    if [ "$(id -u)" = 0 ]; then become=""; elif sudo -n true 2>/dev/null; then become="sudo"; else return 1; fi
    say "installing $* with apt-get"
    # A stale list of packages is refreshed once, then the install is tried again.
    $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
        { $become apt-get update -qq && $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

command -v "$python" >/dev/null 2>&1 || { say "Python is missing; type: sudo apt-get install python3 python3-venv"; exit 2; }

if ! .uv/bin/uv --version 2>/dev/null | grep -q "uv $uv_version"; then
    say "setting up uv $uv_version"
    rm -rf .uv
    "$python" -m venv .uv >/dev/null 2>&1 || { rm -rf .uv; apt_install python3-venv && "$python" -m venv .uv; } ||
        { say "Python's venv module is missing; type: sudo apt-get install python3-venv"; exit 2; }
    .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi

say "setting up the locked environment in .venv"
.uv/bin/uv sync --quiet --frozen "$@"

shapes_text() { .venv/bin/python -c 'import sys; from PIL import features; sys.exit(not features.check("raqm"))'; }
if ! shapes_text; then
    apt_install libfribidi0 || true
    shapes_text || say "Arabic, Hebrew and Indic lyrics need FriBidi; type: sudo apt-get install libfribidi0"
fi

if ! .venv/bin/python -m songreel.painter.check >/dev/null 2>&1; then
    apt_install libegl1 libgl1-mesa-dri || true
    .venv/bin/python -m songreel.painter.check >&2
fi
