#!/bin/sh
# Installs a browser for the tests if there is none; $1 is the bin folder of the virtual environment.
set -eu
bin=$1

installed() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        # On some distributions `chromium` is only a stub that refers to a package: check that it runs.
        if command -v "$name" >/dev/null 2>&1 && "$name" --version --no-sandbox >/dev/null 2>&1; then return 0; fi
    done
    "$bin/python" - <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}

installed && exit 0
echo "No browser found for the tests: installing Chromium"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium) </dev/null >/dev/null || true
    installed && exit 0
fi
system=
[ "$(id -u)" = 0 ] && system=--with-deps
"$bin/playwright" install $system chromium </dev/null || true
installed && exit 0
echo "The tests need a browser: install Chromium (Debian: apt install chromium) and run make test again" >&2
exit 1
