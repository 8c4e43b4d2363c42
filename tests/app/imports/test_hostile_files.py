"""Files that are made to take long are refused, or read in little time; `make faults` has the large ones."""

import gzip
import io
import zipfile
from multiprocessing import Pipe

import pytest

from app.imports.errors import Refused
from app.imports.importer import ImportOptions, import_file
from app.workers.imports import worker
from app.workers.imports.messages import ReadTable
from app.workers.imports.time_limit import TookTooLong, limited
from app.workers.messages import Stop
from engine.datasets.tables.limits import MAX_ARRAYS, MAX_LINES

ARRAY = bytes([0, 0, 8, 1, 0, 0, 0, 1, 7])  # IDX


def archive(count):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as writer:
        for number in range(count):
            writer.writestr(f"a{number}.npy", b"")
    return file.getvalue()


@pytest.mark.parametrize(
    "make", [archive, lambda count: ARRAY * count, lambda count: gzip.compress(ARRAY) * count]
)
def test_a_file_with_too_many_arrays_is_refused_before_they_are_read(make):
    with pytest.raises(Refused) as refused:
        import_file(make(MAX_ARRAYS + 1), ImportOptions())
    assert (refused.value.problem.code, refused.value.problem.limit) == ("too_many_arrays", MAX_ARRAYS)
    with pytest.raises(Refused) as refused:
        import_file(make(MAX_ARRAYS), ImportOptions())
    assert refused.value.problem.code != "too_many_arrays"


@pytest.mark.parametrize(
    "cell", ["1" * 100_000 + "x", "1" * 100_000, "," + "1" * 100_000 + "x", "1e" + "9" * 100_000]
)
def test_a_cell_of_100000_digits_is_read_in_linear_time(cell):
    with limited(5):
        result = import_file(f'a;b\n1;2\n"{cell}";3\n'.encode() + b"4;5\n6;7\n" * 9, ImportOptions())
    assert [problem.row for problem in result.problems] == [3]


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_a_text_of_too_many_lines_is_refused_before_they_are_read(line_end):
    with limited(5), pytest.raises(Refused) as refused:
        import_file((f"a,b{line_end}1,2" + line_end * (MAX_LINES + 1)).encode(), ImportOptions())
    assert (refused.value.problem.code, refused.value.problem.limit) == ("too_many_rows", MAX_LINES)


def test_equal_cells_are_counted_each(read):
    cells = ["1,5", "x", "?", "1e999"] * 2000
    result = read("a;b\n" + "".join(f'"{cell}";{index}\n' for index, cell in enumerate(cells)), decimal=",")
    column = result.answer["columns"][0]
    assert column["missing"] == 2000 and column["type"] == "text"


def test_a_computation_ends_after_its_time():
    with pytest.raises(TookTooLong), limited(0.05):
        while True:
            pass
    with limited(0.05):
        pass
    sum(range(5_000_000))  # the limit has ended with its context


def test_a_file_that_takes_longer_than_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(worker, "prepare_process", lambda niceness: None)
    path = tmp_path / "slow.csv"
    path.write_text("a,b\n" + "".join(f"text {number},?\n" for number in range(200_000)))
    server, child = Pipe()
    server.send(ReadTable(1, str(path), {}, False))
    server.send(Stop())
    worker.main(child, tmp_path)
    answers = []
    while server.poll():
        answers.append(server.recv())
    refusal = next(answer for answer in answers if getattr(answer, "request", None) == 1)
    assert refusal.status == 422 and "seconds of computation" in refusal.problem["message"]
