"""The server may have as many connections as the system allows."""

import subprocess
import sys

RAISE = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from app.cli.serve import MAX_FILES, allow_many_connections
allow_many_connections()
expected = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (expected, hard)
"""


def test_a_low_limit_of_open_files_is_raised_to_that_of_the_system():
    subprocess.run([sys.executable, "-c", RAISE], check=True, timeout=60)
