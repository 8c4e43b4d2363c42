"""Files that are made to take long are refused, or read in little time; `make faults` has the large ones."""

import contextlib
import gzip
import io
import zipfile
from itertools import count
from multiprocessing import Pipe

import numpy as np
import pytest

from app.imports.errors import Refused
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.imports.progress import reported_to
from app.workers.current_task import CurrentTask
from app.workers.heartbeat import INTERVAL, Heartbeat
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
    monkeypatch.setattr(worker, "MIN_SECONDS", 0.05)
    monkeypatch.setattr(worker, "BYTES_PER_SECOND", 1e12)
    text = "a,b\n" + "".join(f"text {number},?\n" for number in range(200_000))
    refusal = messages_of_worker(tmp_path, monkeypatch, text)[-1]
    assert refusal.status == 422 and "seconds of computation" in refusal.problem["message"]


def messages_of_worker(tmp_path, monkeypatch, text):
    """Returns what the import worker sends while it reads a file of this text, and its answer."""
    monkeypatch.setattr(worker, "prepare_process", lambda niceness: None)
    path = tmp_path / "file.csv"
    path.write_text(text)
    server, child = Pipe()
    server.send(ReadTable(1, str(path), {}, False))
    server.send(Stop())
    worker.main(child, tmp_path, CurrentTask())
    sent = []
    while server.poll():
        sent.append(server.recv())
    answer = next(message for message in sent if getattr(message, "request", None) == 1)
    return sent[: sent.index(answer) + 1]


def test_a_small_file_may_take_3_seconds_one_of_20_mb_5_and_a_larger_one_longer():
    assert [worker.seconds_for(size) for size in (1000, 20_000_000, 64_000_000)] == [3.0, 5.0, 16.0]


def test_the_worker_sends_heartbeats_while_it_reads_a_file(tmp_path, monkeypatch):
    seconds = count()
    monkeypatch.setattr("app.workers.heartbeat.perf_counter", lambda: next(seconds) * INTERVAL)
    text = "a,b,c\n" + "".join(f"{number},{number % 7},{0.123456789:.40f}\n" for number in range(100_000))
    sent = messages_of_worker(tmp_path, monkeypatch, text)
    assert sum(isinstance(message, Heartbeat) for message in sent) > 50


def archive_of_images(number):
    file = io.BytesIO()
    np.savez(file, images=np.zeros((number, 2, 2), np.int64), labels=np.arange(number) % 2)
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "reports"),
    [
        ("a,b\n" + "1,2\n3,4\n" * 90_000, 10),  # for every 65,536 characters
        ("a,b\n" + "1,x\n3,y\n" * 25_000, 6),  # for every column of 20,000 rows
        (gzip.compress(ARRAY) * MAX_ARRAYS, MAX_ARRAYS),
        (archive_of_images(10_000), 3),  # for every 4,096 images
    ],
    ids=["numbers", "texts", "IDX", "npz"],
)
def test_every_loop_that_reads_a_file_reports_that_it_goes_on(raw, reports):
    made = []
    with reported_to(lambda: made.append(1)), contextlib.suppress(Refused):
        import_file(raw if isinstance(raw, bytes) else raw.encode(), ImportOptions())
    assert len(made) >= reports


@pytest.mark.parametrize(("decimal", "point"), [(".", "."), (",", ",")])
def test_numbers_among_other_cells_are_read_as_each_alone(read, decimal, point):
    cells = [f"1{point}5", f" -2{point}25 ", "x", "1e3", "nan", "inf", "1e400", f"{point}5", "٣"]
    rows = "".join(f"{cell};{number}\n" for number, cell in enumerate(cells * 3))
    column = read("a;b\n" + rows, delimiter=";", decimal=decimal, number=("a",)).answer["columns"][0]
    assert (column["missing"], column["type"]) == (3, "number")
