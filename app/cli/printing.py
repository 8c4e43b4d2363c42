"""Printing to a standard output that may be closed."""

import os
import sys


def print_line(text: str) -> str | None:
    """Prints a line; returns the reason if that fails (a closed pipe, a full disk), else None.

    After a failure standard output is discarded, as Python would write to it again at exit and fail.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error.strerror or str(error)
    return None
