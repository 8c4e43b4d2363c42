"""Printing: lines for whoever reads the standard output, if anybody does."""

import os
import sys


def say(text: str) -> str | None:
    """Print a line; where that cannot be done (a closed pipe, a full disk), the reason. From then on, nothing
    is printed: Python would try again at its end, and fail loudly.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error.strerror or str(error)
    return None
