"""Functions that import a file in a test."""

from collections.abc import Callable

import pytest

from app.imports.errors import Problem, Refused
from app.imports.importer import ImportResult, import_file
from app.imports.options import ImportOptions


@pytest.fixture
def read() -> Callable[..., ImportResult]:
    """Imports a file, given as text or bytes, with import options."""

    def import_text(file: str | bytes, **options: object) -> ImportResult:
        raw = file.encode() if isinstance(file, str) else file
        return import_file(raw, ImportOptions(**options))  # type: ignore[arg-type]

    return import_text


@pytest.fixture
def refusal(read: Callable[..., ImportResult]) -> Callable[..., Problem]:
    """Returns the problem of a refused file, or the first in the list of problems."""

    def problem_of(file: str | bytes, **options: object) -> Problem:
        try:
            result = read(file, **options)
        except Refused as error:
            return error.problem
        assert result.table is None
        return result.problems[0]

    return problem_of
