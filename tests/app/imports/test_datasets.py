"""Imported data sets through REST: put, list, use, export and delete; data that runs use are kept."""

import csv
import errno
import io
import os
import signal

import numpy as np
import pytest

from app import encoding
from app.datasets import Datasets
from app.errors import Unavailable
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.storage.store import Store
from app.storage.table_files import TableFiles
from engine.datasets.tables.limits import MAX_BYTES

TABLE = {"content-type": "text/csv"}


def circle(inside: str = "in", rows: int = 200) -> str:
    points = np.random.default_rng(5).uniform(-2, 2, (rows, 2)).round(3).tolist()
    return "a,b,kind\n" + "".join(f"{a},{b},{inside if a * a + b * b < 2 else 'out'}\n" for a, b in points)


def put(server, name, text, query="", status=201):
    answer = server.client.put(f"/api/datasets/{name}{query}", content=text, headers=TABLE)
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(server, name, text, query=""):
    return server.refused("PUT", f"/api/datasets/{name}{query}", content=text, headers=TABLE)


def imported(server):
    return {
        entry["name"]: entry for entry in server.call("GET", "/api/datasets")["datasets"] if "own" in entry
    }


@pytest.fixture(autouse=True)
def delete_datasets(request):
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        for name in imported(server):
            assert server.client.delete(f"/api/datasets/{name}").status_code == 204


def test_a_table_is_put_listed_and_trained_on(server):
    answer = put(server, "rings", circle())
    assert (answer["task"], answer["target"], answer["rows_used"]) == ("binary", ["kind"], 200)
    entry = imported(server)["rings"]
    assert entry["own"]["content"] == answer["content"]
    assert (entry["task"], entry["inputs"], entry["classes"]) == ("binary", ["a", "b"], ["in", "out"])
    run = server.run(dataset={"name": "rings"}, epochs=200, optimizer={"learning_rate": 0.02}, l2=0)
    done = server.ended(run)
    assert done["config"]["dataset"]["content"] == answer["content"]
    assert done["latest"]["metrics"]["train_accuracy"] > 0.9
    answer = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0, 0], [2, 2]]})
    assert answer["classes"] == ["in", "out"]
    points = server.call("GET", f"/api/runs/{run}/points")
    assert (points["inputs"], points["classes"]) == (["a", "b"], ["in", "out"])
    assert len(points["train"]["inputs"]) == 100


def test_putting_a_name_again_replaces_its_data(server):
    put(server, "rings", circle(), status=201)
    put(server, "rings", circle("inside"), status=200)
    assert list(imported(server)) == ["rings"]


def test_a_dry_run_stores_nothing(server):
    answer = put(server, "rings", circle(), "?dry_run=true", status=200)
    assert answer["content"] is None and answer["sample"]["inputs"]
    assert imported(server) == {}


def test_a_dry_run_answers_with_the_problems_and_the_detected_columns(server):
    text = "a,b\n" + "".join(f"{row},{row}\n" for row in range(9)) + "x,2\n"
    answer = put(server, "odd", text, "?dry_run=true", status=200)
    assert answer["problems"][0] | {"message": ""} == {
        "code": "not_a_number", "message": "", "row": 11, "column": "a", "given": "x", "limit": None,
    }  # fmt: skip
    assert [column["name"] for column in answer["columns"]] == ["a", "b"]
    status, error = refused(server, "odd", text)
    assert (status, error["field"], error["given"]) == (422, "rows.11.columns.a", "x")


def test_a_long_cell_is_shortened_in_the_list_of_problems(server):
    text = "a,b\n" + "".join(f"{row},{row}\n" for row in range(9)) + "x" * 10_000 + ",2\n"
    given = put(server, "odd", text, "?dry_run=true", status=200)["problems"][0]["given"]
    assert given.startswith("xxx") and len(given) < 300


def test_import_options_take_precedence_over_detection(server):
    text = "a;b;c\n1,5;2;0\n2,5;3;1\n3,5;4;1\n4,5;5;0\n"
    answer = put(
        server, "s", text, "?target=a&task=regression&delimiter=semicolon&decimal=comma&ignore=c&missing=drop"
    )
    assert (answer["target"], answer["inputs"], answer["task"]) == (["a"], ["b"], "regression")
    again = put(server, "s", text, "?target=b&target=c", status=422)
    assert again["error"]["field"] == "columns.b"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?task=clustering", "task"), ("?delimiter=slash", "delimiter"), ("?decimal=x", "decimal"),
        ("?header=maybe", "header"), ("?missing=guess", "missing"), ("?targets=a", "targets"),
        ("?target=colour", "target"), ("?dry_run=perhaps", "dry_run"),
        ("?dates=none&dates=year", "dates"),
    ],
)  # fmt: skip
def test_an_invalid_option_is_refused(server, query, field):
    status, error = refused(server, "rings", circle(), query)
    assert (status, error["field"]) == (422, field)
    assert imported(server) == {}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"", None), (b"a,b\n", "rows.1"), (b"a,b\n1,2\n3\n", "rows.3"), (b"a,b\n1,2\n3,4,5\n", "rows.3"),
        (b"a,b\n1,\x00\n", "rows.2"), (b"a,b\n1,2\n1e999,2\n3,4\n5,6\n", "rows.3.columns.a"),
        (b"a,kind\n1,x\n2,x\n3,x\n4,x\n", "columns.kind"), (b"a,b\n7,1\n7,2\n7,3\n7,4\n", None),
        (b"PK\x03\x04rest", None), (b"a\n1\n2\n3\n4\n", "columns.a"), (b",".join([b"c"] * 300), "rows.1"),
    ],
)  # fmt: skip
def test_an_invalid_file_is_refused_and_the_data_of_that_name_are_unchanged(server, text, field):
    before = put(server, "rings", circle())
    status, error = refused(server, "rings", text)
    assert (status, error["field"]) == (422, field)
    assert error["message"]
    assert imported(server)["rings"]["own"]["content"] == before["content"]


@pytest.mark.parametrize("name", ["iris", "Spiral", "GATE_XOR"])
def test_the_name_of_a_built_in_data_set_is_refused(server, name):
    status, error = refused(server, name, circle())
    assert (status, error["code"], error["given"]) == (409, "name_taken", name)


@pytest.mark.parametrize("name", ["%20x", "x%20", "_x", "x" * 61, "a%22b", "a%0Ab", "..", "%3Cb%3E"])
def test_an_invalid_name_is_refused(server, name):
    answer = server.client.put(f"/api/datasets/{name}", content=circle(), headers=TABLE)
    assert answer.status_code in (404, 405, 422)
    assert answer.status_code != 422 or answer.json()["error"]["field"] == "name"


@pytest.mark.parametrize("name", ["Vögel 2", "run.3 (new)", "a+b"])
def test_a_name_may_contain_letters_spaces_and_some_signs(server, name):
    put(server, name, circle())
    assert server.call("GET", f"/api/datasets/{name}")["classes"] == ["in", "out"]


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_of_another_content_type_is_refused(server, content_type):
    answer = server.client.put("/api/datasets/rings", content=b"{}", headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "Content-Type")


def test_a_file_that_is_too_large_is_refused_during_the_upload(server):
    def endless():
        for _ in range(MAX_BYTES // (1 << 20) + 2):
            yield b"1,2,3,4," * (1 << 17)

    answer = server.client.put("/api/datasets/big", content=endless(), headers=TABLE)
    assert (answer.status_code, answer.json()["error"]["limit"]) == (413, MAX_BYTES)
    assert answer.headers["connection"] == "close"
    assert imported(server) == {}
    put(server, "rings", circle())


def test_runs_keep_their_data_after_the_name_is_replaced_or_deleted(server):
    old = put(server, "rings", circle())["content"]
    run = server.run(dataset={"name": "rings"}, epochs=5)
    before = server.ended(run)
    points = server.call("GET", f"/api/runs/{run}/points")
    new = put(server, "rings", circle("inner"), status=200)["content"]
    other = server.ended(server.run(dataset={"name": "rings"}, epochs=5))
    assert (before["config"]["dataset"]["content"], other["config"]["dataset"]["content"]) == (old, new)
    assert server.client.delete("/api/datasets/rings").status_code == 204
    assert server.call("GET", f"/api/runs/{run}/points") == points
    server.do(run, "reset")
    assert server.do(run, "step", {"count": 3})["step"] == 3
    again = server.ended(server.run(dataset={"name": "rings", "content": old}, epochs=5))
    assert again["latest"] == before["latest"]


def test_an_unknown_data_set_is_answered_with_404(server):
    for method, path in (
        ("GET", "/api/datasets/none"),
        ("DELETE", "/api/datasets/none"),
        ("GET", "/api/datasets/none?format=csv"),
    ):
        status, error = server.refused(method, path)
        assert (status, error["code"], error["given"]) == (404, "unknown_dataset", "none")
    status, error = server.refused("POST", "/api/runs", {"dataset": {"name": "none"}})
    assert (status, error["field"]) == (422, "dataset.name")


def test_built_in_data_sets_cannot_be_deleted_or_exported(server):
    assert server.refused("DELETE", "/api/datasets/iris")[0] == 404
    assert server.refused("GET", "/api/datasets/iris?format=csv")[1]["field"] == "format"


def test_exported_csv_contains_no_formulas(server):
    text = "who,x,=y\n" + "".join(f"{('=cmd', '+1', 'b')[row % 3]},{-row},{row * 1.5}\n" for row in range(9))
    put(server, "ledger", text)
    answer = server.client.get("/api/datasets/ledger?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "ledger.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["who", "x", "'=y"]
    assert rows[2] == ["'+1", "-1", "1.5"]
    assert len(rows) == 10


def test_imported_data_and_their_runs_are_available_after_a_restart(start_server, tmp_path):
    first = start_server(tmp_path)
    content = put(first, "rings", circle())["content"]
    run = first.run(dataset={"name": "rings"}, epochs=1_000_000_000)
    first.trained(run, 50)
    first.stop()
    second = start_server(tmp_path)
    assert imported(second)["rings"]["own"]["content"] == content
    assert imported(second)["rings"]["own"]["about"]["target"] == ["kind"]
    step = second.read(run)["step"]
    second.trained(run, step + 50)
    assert second.read(run)["config"]["dataset"]["content"] == content


def test_unused_data_are_deleted_at_once_and_found_tables_are_kept(start_server, tmp_path):
    first = start_server(tmp_path)
    used = put(first, "one", circle())["content"]
    put(first, "two", circle("x"))
    put(first, "three", circle("y"))
    kept = put(first, "three", circle("z"), status=200)["content"]
    first.run(dataset={"name": "one"}, epochs=2)
    for name in ("one", "two"):
        first.client.delete(f"/api/datasets/{name}")
    first.stop()
    assert {path.name for path in tmp_path.iterdir()} == {"runs.sqlite3", "datasets", "sources", "lock"}
    (tmp_path / "datasets" / "incoming-1").write_text("incomplete")
    (tmp_path / "runs.sqlite3").unlink()
    second = start_server(tmp_path)
    assert {path.name for path in (tmp_path / "datasets").iterdir()} == {
        f"{content}.{suffix}" for content in (used, kept) for suffix in ("npz", "json")
    }
    # They are listed, can be downloaded and imported again, and are deleted on request.
    found = second.call("GET", "/api/datasets")["found"]
    assert [entry["content"] for entry in found] == sorted([used, kept])
    assert all(entry["rows"] == 200 and entry["inputs"] == ["a", "b"] and entry["bytes"] for entry in found)
    for entry in found:
        header = (tmp_path / "datasets" / f"{entry['content']}.json").stat()
        assert (entry["created"], entry["format"], entry["damaged"]) == (header.st_mtime, "csv", False)
    text = second.client.get(f"/api/datasets/found/{used}").text
    assert put(second, "again", text)["rows_used"] == 200
    put(second, "same", circle())
    assert [entry["content"] for entry in second.call("GET", "/api/datasets")["found"]] == [kept]
    status, error = second.refused("DELETE", f"/api/datasets/found/{used}")
    assert (status, error["field"], error["limit"]) == (404, "content", [kept])
    second.call("DELETE", f"/api/datasets/found/{kept}")
    assert second.call("GET", "/api/datasets")["found"] == []
    assert not (tmp_path / "datasets" / f"{kept}.npz").exists()
    assert imported(second)["same"]["own"]["content"] == used
    second.call("DELETE", "/api/datasets/same")
    assert second.call("GET", "/api/datasets")["found"] == []


def test_a_run_of_a_deleted_content_is_refused(server):
    content = put(server, "rings", circle("gone"))["content"]
    assert server.client.get("/api/datasets/rings").is_success
    server.call("DELETE", "/api/datasets/rings")
    config = {"dataset": {"name": "rings", "content": content}}
    status, error = server.refused("POST", "/api/runs", config)
    assert (status, error["field"]) == (422, "dataset.content")


def test_data_are_stored_again_if_another_name_of_them_is_deleted_during_the_import(tmp_path, run_async):
    files = TableFiles(tmp_path)
    table = import_file(circle().encode(), ImportOptions()).table

    class ImportClient:
        """Deletes the content after the first import."""

        reads = 0

        async def read(self, path, options, keep):
            content = files.save(table)
            self.reads += 1
            if self.reads == 1:
                files.delete(content)
            return encoding.encode({"content": content})

    with Store(tmp_path / "store.sqlite3") as store:
        datasets = Datasets(store, ImportClient(), files)
        run_async(datasets.put("rings", tmp_path / "file", {}, False))
        assert files.header(datasets.content_of("rings")) == table.header


@pytest.mark.parametrize("option", ["target", "ignore", "text", "number"])
def test_an_unknown_column_is_refused_with_the_option_that_names_it(server, option):
    status, error = refused(server, "rings", circle(), f"?{option}=c")
    assert (status, error["field"], error["given"]) == (422, option, "c")
    assert error["limit"] == ["a", "b", "kind"]


def test_a_column_in_the_options_text_and_number_is_refused(server):
    status, error = refused(server, "rings", circle(), "?text=a&number=b&number=a")
    assert (status, error["code"], error["field"], error["given"]) == (422, "invalid", "number", "a")
    assert "“a”" in error["message"] and error["limit"] == ["text", "number"]


def test_a_new_import_worker_is_started_after_the_previous_one_was_killed(server):
    put(server, "rings", circle())
    (pid,) = server.pids("import_worker")
    os.kill(pid, signal.SIGKILL)
    server.until(lambda: pid not in server.pids("import_worker"))
    put(server, "rings", circle("new"), status=200)
    assert server.pids("import_worker") != [pid]


@pytest.mark.slow
def test_viewers_receive_every_frame_during_the_import_of_a_large_table(server):
    run = server.run()
    numbers = np.random.default_rng(0).standard_normal((200_000, 20))
    text = io.StringIO()
    np.savetxt(text, numbers, fmt="%.6g", delimiter=",")
    with server.stream(run, "views=decision_boundary") as stream:
        server.frames(stream, lambda frame: frame["kind"] == "progress")
        with server.background(lambda: put(server, "large", text.getvalue())) as answer:
            frames = server.frames(stream, lambda frame: answer.done() and frame["kind"] == "progress", 60)
            assert answer.result()["rows"] == 200_000
    seqs = [frame["seq"] for frame in frames if frame["kind"] != "view"]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert len([frame for frame in frames if frame["kind"] == "view"]) >= 2


def test_a_file_that_cannot_be_received_is_refused_and_nothing_of_it_remains(tmp_path, run_async):
    class Failing:
        """The parts of a body, during which the disk becomes full."""

        def __aiter__(self):
            return self

        async def __anext__(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    async def receive(store):
        files = TableFiles(tmp_path / "datasets")
        files.remove_temporary_files()
        with pytest.raises(Unavailable, match="the disk of the data folder is full"):
            await Datasets(store, None, files).receive(Failing())
        return list(files.folder.iterdir())

    with Store(tmp_path / "runs.sqlite3") as store:
        assert run_async(receive(store)) == []


def test_of_a_table_that_cannot_be_stored_nothing_remains(tmp_path, monkeypatch):
    def fail(file, **arrays):
        file.write(b"the beginning")
        raise OSError(errno.ENOSPC, "No space left on device")

    files = TableFiles(tmp_path)
    monkeypatch.setattr(np, "savez", fail)
    table = import_file(circle().encode(), ImportOptions()).table
    with pytest.raises(OSError, match="No space"):
        files.save(table)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert files.damage(files.save(table)) is None
