"""Printing to a standard output that may be closed."""

import os
import sys


def print_line(text: str) -> str | None:
    """Prints a line; returns the reason where that is not possible (a closed pipe, a full disk).

    Standard output is then discarded: Python would write to it again at exit and fail with a traceback.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error.strerror or str(error)
    return None
