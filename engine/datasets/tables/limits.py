"""What an own data set may measure at most; the catalogue tells it, every refusal names it."""

from engine.config.models import LIMITS

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = LIMITS["samples"]
FEWEST_ROWS = 4
MOST_COLUMNS = 256
MOST_INPUTS = 512  # of the network, once text columns have become one column per category
MOST_CATEGORIES = 32  # of a text column that is an input
MOST_CLASSES = 20
MOST_PIXELS = 1024  # of a picture
MOST_UNPACKED = 256 * 1024 * 1024
USUAL_PICTURES = 10_000  # of which a run learns unless it asks for more
LONGEST_NAME = 100
MOST_SEPARATORS = 1_000_000  # in one line; who writes more means no table
LARGEST_NUMBER = 1e100  # so that squares, and sums of them, are finite

LIMITS_OF_OWN_DATA = {
    "dataset_bytes": MOST_BYTES,
    "dataset_rows": MOST_ROWS,
    "dataset_columns": MOST_COLUMNS,
    "dataset_inputs": MOST_INPUTS,
    "dataset_categories": MOST_CATEGORIES,
    "dataset_classes": MOST_CLASSES,
    "dataset_pixels": MOST_PIXELS,
    "dataset_unpacked_bytes": MOST_UNPACKED,
}
