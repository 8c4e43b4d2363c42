#!/bin/sh
# Make the virtual environment $1 where there is none, with the Python $3 or the first one found from 3.11 on, and
# install $2 into it (`.` to run, `.[dev]` to work on it).
set -eu
venv=$1 what=$2 wanted=${3:-}

fit() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    # A name on the path may be a shim with nothing behind it, so each one is tried out.
    for candidate in ${wanted:-python3.13 python3.12 python3.11 python3 python}; do
        if fit "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "Perceptarium needs Python 3.11 or newer with its venv module (Debian, Ubuntu: apt install python3 python3-venv); if it has another name: make run PYTHON=/path/to/python3" >&2
    return 1
}

if ! fit "$venv/bin/python"; then
    python=$(find_python)
    echo "Making $venv with $python"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
echo "Installing what Perceptarium needs (only this once)"
install="$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet -c constraints.txt"
# The build backend comes first and by its exact version, so that building needs no environment of its own.
$install hatchling
$install --no-build-isolation -e "$what"
