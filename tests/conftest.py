"""Fixtures that tests of several folders share."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest

from app.workers.child_process import THREAD_VARIABLES

# Before NumPy is loaded: one thread, as in the workers. Several mostly wait for each other.
for variable in THREAD_VARIABLES:
    os.environ.setdefault(variable, "1")

from engine.datasets import DATASETS, describe  # noqa: E402

# A machine that trains, serves and draws at the same time is slow now and then: that is no failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Sorts the files of the command line, so that those of a folder are adjacent.

    pytest 9.1 loses the fixtures of tests/app/conftest.py for files that follow one of tests/ itself:
    https://github.com/pytest-dev/pytest/issues/14971
    """
    config.args.sort()


@pytest.fixture
def dataset_config() -> Callable[..., SimpleNamespace]:
    """Makes the part of a resolved configuration that concerns the data; the set's defaults if not given."""

    def make(name: str, **given: object) -> SimpleNamespace:
        classes = given.pop("classes", 3 if "classes" in describe(DATASETS[name]).parameters else None)
        description = describe(DATASETS[name], classes)  # type: ignore[arg-type]
        dataset = SimpleNamespace(
            name=name,
            content=None,
            samples=description.default_samples,
            noise=0.1,
            classes=classes,
            validation_fraction=0,
            test_fraction=0.5,
            standardize=not description.planar,
            seed=0,
            train_samples=None,
            train_seed=None,
        )
        config = SimpleNamespace(
            dataset=dataset,
            features=description.default_features,
            loss=SimpleNamespace(name="half_squared_error"),
            output_activation="linear",
        )
        for key, value in given.items():
            owner = dataset if hasattr(dataset, key) else config.loss if key == "loss" else config
            setattr(owner, "name" if key == "loss" else key, value)
        return config

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], None]:
    """Writes a file of a made-up project, whose root is the test's own folder."""

    def put(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return put


@pytest.fixture
def notices(tmp_path: Path, write: Callable[[str, str], None]) -> Callable[..., None]:
    """Fails unless a rule is content with the sound files, and no longer when one more is there."""

    def check(rule: Callable[[Path], list[str]], sound: dict[str, str], place: str, content: str) -> None:
        for name, text in sound.items():
            write(name, text)
        assert rule(tmp_path) == []
        write(place, content)
        assert rule(tmp_path) != []

    return check
