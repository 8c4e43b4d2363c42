"""The lessons of Perceptarium, and files of lessons that a test writes."""

from collections.abc import Callable
from pathlib import Path

import pytest

FRONT = """title = "A lesson"
line = "Its subtitle"
subject = "A subject"
panels = ["curves"]

[config]
dataset = { name = "gauss" }

[[tries]]
name = "first"
title = "The first"
watch = "It learns."
"""


@pytest.fixture
def write_lesson(tmp_path: Path) -> Callable[..., Path]:
    """Writes the file of a lesson and returns its folder; `front` replaces the front matter."""

    def write(
        file: str = "01-first.en.md", front: str = FRONT, more: str = "", text: str = "A text.\n"
    ) -> Path:
        folder = tmp_path / "lessons"
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(f"+++\n{front}{more}+++\n\n{text}", "utf-8")
        return folder

    return write
