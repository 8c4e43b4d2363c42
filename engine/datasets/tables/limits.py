"""Limits of imported data; they are part of the catalogue and of error messages."""

from engine.config.models import LIMITS

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = LIMITS["samples"]
MIN_ROWS = 4
MAX_COLUMNS = 256
MAX_INPUTS = 512  # of the network, after one-hot encoding of text columns
MAX_CATEGORIES = 32  # of a text column that is an input
MAX_CLASSES = 20
MAX_PIXELS = 1024  # of an image
MAX_ARRAYS = 100  # of a file of images
MAX_UNPACKED = 256 * 1024 * 1024
DEFAULT_IMAGES = 10_000  # default number of samples of a run
MAX_NAME_LENGTH = 100
MAX_SEPARATORS = 1_000_000  # in one line; a longer line is not a table
MAX_LINES = 10 * MAX_ROWS  # of a text: a cell in quotation marks may have several
MAX_NUMBER = 1e100  # so that squares, and sums of them, are finite

TABLE_LIMITS = {
    "dataset_bytes": MAX_BYTES,
    "dataset_rows": MAX_ROWS,
    "dataset_columns": MAX_COLUMNS,
    "dataset_inputs": MAX_INPUTS,
    "dataset_categories": MAX_CATEGORIES,
    "dataset_classes": MAX_CLASSES,
    "dataset_pixels": MAX_PIXELS,
    "dataset_unpacked_bytes": MAX_UNPACKED,
}
