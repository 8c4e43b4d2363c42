"""Tables of imported data: their content hash, training on them, and the export as CSV."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.imports.tables.csv_export import to_csv
from engine.config.errors import ConfigError
from engine.datasets import DATASETS, load
from engine.datasets.tables.table import Header, Table
from engine.datasets.tables.time_series import is_time_series
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as trainer_of
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS

TEXT = "colour,size,flag,=kind\n" + "".join(
    f"{('red', '=1+1', 'blue')[row % 3]},{row / 7},{'ny'[row % 2]},{('-a', 'b')[row % 2]}\n"
    for row in range(40)
)


def table_of(text=TEXT, **options):
    return import_file(text.encode(), ImportOptions(**options)).table


class MemoryTables:
    """A table library in memory."""

    def __init__(self, **tables):
        self._names = {name: table.content for name, table in tables.items()}
        self._tables = {table.content: table for table in tables.values()}

    def content_of(self, name):
        return self._names.get(name)

    def names(self):
        return list(self._names)

    def header(self, content):
        return self._tables[content].header if content in self._tables else None

    def table(self, content):
        return self._tables[content]


def test_the_content_hash_depends_on_rows_and_header():
    table = table_of()
    assert table.content == table_of().content
    other = table.X.copy()
    other[0, 0] += 1e-12
    renamed = replace(table.header, inputs=("other", *table.header.inputs[1:]))
    contents = {
        table.content, Table(table.header, other, table.y).content, Table(renamed, table.X, table.y).content,
        Table(table.header, table.X, table.y[::-1]).content,
    }  # fmt: skip
    assert len(contents) == 4


def test_a_header_is_restored_from_its_json():
    header = table_of().header
    assert Header.from_json(header.to_json()) == header
    drawn = replace(header, sizes=(30, 4, 6), drawn=True, classes=None)
    assert Header.from_json(drawn.to_json()) == drawn


def test_a_request_by_name_is_resolved_to_its_content():
    table = table_of()
    tables = MemoryTables(mine=table)
    config = parse({"dataset": {"name": "mine"}}, tables)
    assert config.dataset.content == table.content
    assert config.dataset.samples == 40
    assert config.dataset.standardize is True
    assert config.features == list(table.header.inputs)
    assert config.loss.name == "binary_crossentropy"


def test_a_resolved_content_does_not_change_when_its_name_gets_another_table():
    old, new = table_of(), table_of(TEXT.replace("blue", "cyan"))
    tables = MemoryTables(mine=old)
    config = parse({"dataset": {"name": "mine"}}, tables)
    tables = MemoryTables(mine=new, previous=old)
    assert parse(config.model_dump(), tables).dataset.content == old.content
    assert parse({"dataset": {"name": "mine"}}, tables).dataset.content == new.content


def test_an_unknown_name_is_refused_with_the_list_of_names():
    tables = MemoryTables(mine=table_of())
    with pytest.raises(ConfigError) as refused:
        parse({"dataset": {"name": "yours"}}, tables)
    assert refused.value.field == "dataset.name"
    assert "mine" in refused.value.limit and "spiral" in refused.value.limit


def test_an_unknown_content_is_refused():
    with pytest.raises(ConfigError) as refused:
        parse({"dataset": {"name": "mine", "content": "0" * 64}})
    assert refused.value.field == "dataset.content"


@pytest.mark.parametrize("content", ["", "abc", "0" * 65, "../" * 22, "G" * 64, 7])
def test_a_content_is_64_hexadecimal_digits(content):
    with pytest.raises(ConfigError) as refused:
        parse({"dataset": {"name": "mine", "content": content}})
    assert refused.value.field == "dataset.content"


def test_built_in_sets_have_no_content():
    assert parse({}).dataset.content is None


def test_all_rows_of_a_table_are_used_and_standardised():
    table = table_of()
    tables = MemoryTables(mine=table)
    config = parse({"dataset": {"name": "mine", "test_fraction": 0.25}}, tables)
    data = load(config, tables)
    assert (len(data.train), len(data.test)) == (30, 10)
    raw = np.vstack([data.train.raw, data.test.raw])
    assert sorted(map(tuple, raw.tolist())) == sorted(map(tuple, table.X.tolist()))
    assert np.allclose(data.train.inputs.mean(axis=0), 0)


def test_fewer_samples_are_random_rows_of_the_table():
    table = table_of()
    tables = MemoryTables(mine=table)
    data = load(parse({"dataset": {"name": "mine", "samples": 12}}, tables), tables)
    assert len(data.train) + len(data.test) == 12
    assert {tuple(row) for row in data.train.raw.tolist()} <= {tuple(row) for row in table.X.tolist()}


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_every_task_trains_on_a_table_and_resumes_with_the_same_bits(task):
    rng = np.random.default_rng(1)
    points = rng.standard_normal((60, 2))
    target_of = {
        "regression": lambda a, b: repr(a * b), "binary": lambda a, b: "in" if a > b else "out",
        "multiclass": lambda a, b: "xyz"[int(np.digitize(a + b, (-0.5, 0.5)))],
        "multilabel": lambda a, b: f"{int(a > 0)},{int(b > 0)}",
    }  # fmt: skip
    target = "label t,label u" if task == "multilabel" else "t"
    lines = "".join(f"{a!r},{b!r},{target_of[task](a, b)}\n" for a, b in points.tolist())
    tables = MemoryTables(mine=table_of(f"a,b,{target}\n{lines}"))
    config = parse({"dataset": {"name": "mine"}, "batch_size": 7}, tables)
    assert config.loss.name != "auto"
    data = load(config, tables)
    assert data.task == task
    uninterrupted, interrupted = Trainer(config, data), Trainer(config, data)
    uninterrupted.advance(100)
    interrupted.advance(37)
    resumed = Trainer(config, data, Checkpoint.from_bytes(interrupted.checkpoint().to_bytes(), tables))
    resumed.advance(63)
    assert np.array_equal(uninterrupted.state.theta, resumed.state.theta)
    assert uninterrupted.measure()["train_loss"] < Trainer(config, data).measure()["train_loss"]


# ---- export


def test_the_export_contains_the_imported_rows():
    rows = list(csv.DictReader(io.StringIO(to_csv(table_of()))))
    assert [row["size"] for row in rows] == [repr(row / 7) if row % 7 else str(row // 7) for row in range(40)]
    assert [row["flag"] for row in rows] == ["ny"[row % 2] for row in range(40)]
    assert [row["colour"] for row in rows][:3] == ["red", "'=1+1", "blue"]


def test_a_text_that_starts_like_a_formula_is_escaped():
    cells = [cell for row in csv.reader(io.StringIO(to_csv(table_of()))) for cell in row]
    assert {"'=kind", "'=1+1", "'-a"} <= set(cells)
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "-", "\t", "\r")) or float(cell) < 0


def test_negative_numbers_stay_numbers():
    text = "a,b\n" + "".join(f"{-row},{-row / 2}\n" for row in range(5))
    assert to_csv(table_of(text)).splitlines()[2] == "-1,-0.5"


@pytest.mark.parametrize(
    "text",
    [TEXT, "x,p,q\n1,0,1\n2,1,1\n3,0,0\n4,1,0\n", "c,y\nred,1\nblue,2\ngreen,3\nred,4\n"],
)
def test_an_exported_table_is_imported_as_the_same_table(text):
    table = table_of(text.replace("=", "").replace("-a", "a"))
    imported = table_of(to_csv(table))
    assert np.array_equal(imported.X, table.X) and np.array_equal(imported.y, table.y)
    assert imported.header == table.header


def test_imported_light_curves_are_reconstructed_and_shown_with_filters():
    steps = 12
    rows = [
        ",".join(f"{np.sin(0.5 * step + row):.4f}" for step in range(steps)) + f",{'ab'[row % 2]}"
        for row in range(60)
    ]
    text = ",".join(f"hour {step / 2}" for step in range(steps)) + ",kind\n" + "\n".join(rows) + "\n"
    tables = MemoryTables(curves=table_of(text))
    config = parse(
        {"paradigm": "autoencoder", "dataset": {"name": "curves"}, "layers": [{"units": 3}]}, tables
    )
    data = load_data(config, tables)
    trainer = trainer_of(config, data)
    trainer.advance(50)
    view = VIEWS["reconstruction"]
    answer = view.compute(trainer.checkpoint(), data, view.parse({}))
    assert (answer["series"], len(answer["filters"])) == (True, 2)
    assert answer["rows"]["test"]["clean"].shape == (3, steps)
    assert set(answer["rows"]["test"]["kinds"]) <= {"a", "b"}


@pytest.mark.parametrize(
    ("names", "series"),
    [
        ([f"t{step}" for step in range(8)], True),
        ([f"{step / 4}" for step in range(-2, 9)], True),
        ([f"t{step}" for step in range(7)], False),
        ([f"t{8 - step}" for step in range(8)], False),
        ([f"column {step}" for step in range(1, 9)], False),
        ([f"{'ab'[step % 2]}{step}" for step in range(8)], False),
        (["alcohol", "hue", *(f"t{step}" for step in range(8))], False),
    ],
)
def test_columns_are_a_time_series_if_their_names_are_increasing_numbers(names, series):
    assert is_time_series(names) == series


def test_light_curves_are_the_only_built_in_time_series():
    assert [name for name, entry in DATASETS.items() if entry.series] == ["light_curves"]
    assert [name for name in DATASETS if is_time_series(DATASETS[name].inputs)] == ["light_curves"]
