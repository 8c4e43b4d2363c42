"""The codes of errors: docs/protocol.md names every one that the sources of the server have."""

import ast
from pathlib import Path

from app import errors

ROOT = Path(__file__).parents[3]
CLASSES = {name for name, value in vars(errors).items()
           if isinstance(value, type) and issubclass(value, errors.ApiError)}  # fmt: skip


def codes(path: Path) -> set[str]:
    """The codes of the errors that a module creates, where they are literals."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    made = (call for call in calls if getattr(call.func, "id", "") in CLASSES and call.args)
    values = (call.args[0].value for call in made if isinstance(call.args[0], ast.Constant))
    return {value for value in values if value.isidentifier()}  # `Damaged` has a message only


def test_the_protocol_names_every_code_of_an_error() -> None:
    found = set().union(*(codes(path) for path in (ROOT / "app").rglob("*.py")))
    assert {"invalid", "no_such_run"} <= found
    protocol = (ROOT / "docs" / "protocol.md").read_text()
    assert [code for code in sorted(found) if f"`{code}`" not in protocol] == []
