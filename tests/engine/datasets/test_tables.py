"""Own data: tables by content, as data sets of a training, and as CSV again."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from app.imports.csv_export import to_csv
from app.imports.importer import ImportOptions, import_file
from engine.config.errors import ConfigError
from engine.datasets import DATASETS, load
from engine.datasets.tables.table import Header, Table
from engine.datasets.tables.time_series import successive
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


def test_the_content_follows_from_the_rows_and_what_they_mean():
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


def test_a_header_survives_as_text():
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


def test_a_content_stays_when_its_name_means_something_else():
    old, new = table_of(), table_of(TEXT.replace("blue", "cyan"))
    tables = MemoryTables(mine=old)
    config = parse({"dataset": {"name": "mine"}}, tables)
    tables = MemoryTables(mine=new, gone=old)
    assert parse(config.model_dump(), tables).dataset.content == old.content
    assert parse({"dataset": {"name": "mine"}}, tables).dataset.content == new.content


def test_a_name_that_is_not_there_is_refused_with_those_that_are():
    tables = MemoryTables(mine=table_of())
    with pytest.raises(ConfigError) as refused:
        parse({"dataset": {"name": "yours"}}, tables)
    assert refused.value.field == "dataset.name"
    assert "mine" in refused.value.limit and "spiral" in refused.value.limit


def test_a_content_that_is_not_there_is_refused():
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


def test_own_rows_are_trained_on_in_their_own_units():
    table = table_of()
    tables = MemoryTables(mine=table)
    config = parse({"dataset": {"name": "mine", "test_fraction": 0.25}}, tables)
    data = load(config, tables)
    assert (len(data.train), len(data.test)) == (30, 10)
    found = np.vstack([data.train.raw, data.test.raw])
    assert sorted(map(tuple, found.tolist())) == sorted(map(tuple, table.X.tolist()))
    assert np.allclose(data.train.inputs.mean(axis=0), 0)


def test_fewer_rows_are_a_sample_of_them():
    table = table_of()
    tables = MemoryTables(mine=table)
    data = load(parse({"dataset": {"name": "mine", "samples": 12}}, tables), tables)
    assert len(data.train) + len(data.test) == 12
    assert {tuple(row) for row in data.train.raw.tolist()} <= {tuple(row) for row in table.X.tolist()}


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_every_task_trains_on_own_data_and_resumes_with_the_same_bits(task):
    rng = np.random.default_rng(1)
    points = rng.standard_normal((60, 2))
    ends = {
        "regression": lambda a, b: repr(a * b), "binary": lambda a, b: "in" if a > b else "out",
        "multiclass": lambda a, b: "xyz"[int(np.digitize(a + b, (-0.5, 0.5)))],
        "multilabel": lambda a, b: f"{int(a > 0)},{int(b > 0)}",
    }  # fmt: skip
    target = "t,u" if task == "multilabel" else "t"
    lines = "".join(f"{a!r},{b!r},{ends[task](a, b)}\n" for a, b in points.tolist())
    tables = MemoryTables(mine=table_of(f"a,b,{target}\n{lines}"))
    config = parse({"dataset": {"name": "mine"}, "batch_size": 7}, tables)
    assert config.loss.name != "auto"
    data = load(config, tables)
    assert data.task == task
    whole, cut = Trainer(config, data), Trainer(config, data)
    whole.advance(100)
    cut.advance(37)
    again = Trainer(config, data, Checkpoint.from_bytes(cut.checkpoint().to_bytes(), tables))
    again.advance(63)
    assert np.array_equal(whole.state.theta, again.state.theta)
    assert whole.measure()["train_loss"] < Trainer(config, data).measure()["train_loss"]


# ---- export


def test_the_export_gives_the_rows_back():
    read = list(csv.DictReader(io.StringIO(to_csv(table_of()))))
    assert [row["size"] for row in read] == [repr(row / 7) if row % 7 else str(row // 7) for row in range(40)]
    assert [row["flag"] for row in read] == ["ny"[row % 2] for row in range(40)]
    assert [row["colour"] for row in read][:3] == ["red", "'=1+1", "blue"]


def test_a_text_that_starts_like_a_formula_is_made_harmless():
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
def test_what_was_exported_is_read_as_the_same_data(text):
    table = table_of(text.replace("=", "").replace("-a", "a"))
    again = table_of(to_csv(table))
    assert np.array_equal(again.X, table.X) and np.array_equal(again.y, table.y)
    assert again.header == table.header


def test_own_light_curves_are_given_back_beside_filters():
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
    made = trainer_of(config, data)
    made.advance(50)
    view = VIEWS["reconstruction"]
    answer = view.compute(made.checkpoint(), data, view.parse({}))
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
        ([f"{'ab'[step % 2]}{step}" for step in range(8)], False),
        (["alcohol", "hue", *(f"t{step}" for step in range(8))], False),
    ],
)
def test_columns_are_a_series_where_their_names_are_rising_numbers(names, series):
    assert successive(names) == series


def test_no_built_in_set_but_light_curves_is_a_series():
    assert [name for name, entry in DATASETS.items() if entry.series] == ["light_curves"]
    assert [name for name in DATASETS if successive(DATASETS[name].inputs)] == ["light_curves"]
