#!/bin/sh
# Creates the virtual environment $1 if there is none, with the Python $3 or the first one found that is 3.11 or
# newer, and installs $2 into it (`.` to run, `.[dev]` to develop).
set -eu
venv=$1 what=$2 requested=${3:-}

is_suitable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    # A name on the path may be a shim without a Python: check that it runs.
    for candidate in ${requested:-python3.13 python3.12 python3.11 python3 python}; do
        if is_suitable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "Perceptarium needs Python 3.11 or newer with its venv module (Debian, Ubuntu: apt install python3 python3-venv); if it has another name: make run PYTHON=/path/to/python3" >&2
    return 1
}

if ! is_suitable "$venv/bin/python"; then
    python=$(find_python)
    echo "Creating $venv with $python"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
echo "Installing the dependencies of Perceptarium (only the first time)"
# Modules are compiled when they are first imported: compiling all of them takes half of the installation.
install="$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-compile -c constraints.txt"
# The build backend first, in its pinned version: the build then needs no isolated environment.
$install hatchling
$install --no-build-isolation -e "$what"
