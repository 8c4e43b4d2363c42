"""The error that the engine raises for invalid requests."""

from typing import Any


class ConfigError(ValueError):
    """A configuration, a change or an option is invalid.

    `code` is stable: `invalid`, or `needs_restart` for a change that is not possible during training. Its
    parameters are `field` (a dotted path, "" for the configuration itself), `given` (the value) and `limit`
    (what is allowed: a bound, a list of names, or None). `message` is an English sentence without the field.
    """

    def __init__(
        self, field: str, message: str, given: Any = None, limit: Any = None, code: str = "invalid"
    ) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.code, self.message, self.field, self.given, self.limit = code, message, field, given, limit
