"""What an own data set may measure at most; the catalogue tells it, every refusal names it."""

from engine.config.models import LIMITS

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = LIMITS["samples"]
MIN_ROWS = 4
MAX_COLUMNS = 256
MAX_INPUTS = 512  # of the network, once text columns have become one column per category
MAX_CATEGORIES = 32  # of a text column that is an input
MAX_CLASSES = 20
MAX_PIXELS = 1024  # of a picture
MAX_UNPACKED = 256 * 1024 * 1024
DEFAULT_IMAGES = 10_000  # of which a run learns unless it asks for more
MAX_NAME_LENGTH = 100
MAX_SEPARATORS = 1_000_000  # in one line; who writes more means no table
MAX_NUMBER = 1e100  # so that squares, and sums of them, are finite

LIMITS_OF_OWN_DATA = {
    "dataset_bytes": MAX_BYTES,
    "dataset_rows": MAX_ROWS,
    "dataset_columns": MAX_COLUMNS,
    "dataset_inputs": MAX_INPUTS,
    "dataset_categories": MAX_CATEGORIES,
    "dataset_classes": MAX_CLASSES,
    "dataset_pixels": MAX_PIXELS,
    "dataset_unpacked_bytes": MAX_UNPACKED,
}
