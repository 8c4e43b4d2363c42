"""What goes wrong at the engine's boundary, named so that a person can mend it."""

from typing import Any


class ConfigError(ValueError):
    """A configuration, an edit or an option that cannot be: which field, what was given, what is allowed.

    `code` is `invalid`, or `needs_restart` for an edit that a running training cannot take.
    """

    def __init__(
        self, field: str, message: str, given: Any = None, limit: Any = None, code: str = "invalid"
    ) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.code, self.message, self.field, self.given, self.limit = code, message, field, given, limit
