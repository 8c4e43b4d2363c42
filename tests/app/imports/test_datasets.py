"""Own data through REST: put, list, use, export, delete; what runs use stays."""

import asyncio
import csv
import io
import os
import signal

import numpy as np
import pytest

from app import encoding
from app.datasets import Datasets
from app.imports.importer import ImportOptions, import_file
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


def own(server):
    return {each["name"]: each for each in server.call("GET", "/api/datasets")["datasets"] if "own" in each}


@pytest.fixture(autouse=True)
def forget(request):
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        for name in own(server):
            assert server.client.delete(f"/api/datasets/{name}").status_code == 204


def test_a_table_is_put_listed_and_trained_on(server):
    answer = put(server, "rings", circle())
    assert (answer["task"], answer["target"], answer["rows_used"]) == ("binary", ["kind"], 200)
    listed = own(server)["rings"]
    assert listed["own"]["content"] == answer["content"]
    assert (listed["task"], listed["inputs"], listed["classes"]) == ("binary", ["a", "b"], ["in", "out"])
    run = server.run(dataset={"name": "rings"}, epochs=200)
    done = server.ended(run)
    assert done["config"]["dataset"]["content"] == answer["content"]
    assert done["latest"]["metrics"]["train_accuracy"] > 0.9
    answer = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0, 0], [2, 2]]})
    assert answer["classes"] == ["in", "out"]
    points = server.call("GET", f"/api/runs/{run}/points")
    assert (points["inputs"], points["classes"]) == (["a", "b"], ["in", "out"])
    assert len(points["train"]["inputs"]) == 100


def test_a_name_is_new_once(server):
    put(server, "rings", circle(), status=201)
    put(server, "rings", circle("inside"), status=200)
    assert list(own(server)) == ["rings"]


def test_a_dry_run_keeps_nothing(server):
    answer = put(server, "rings", circle(), "?dry_run=true", status=200)
    assert answer["content"] is None and answer["sample"]["inputs"]
    assert own(server) == {}


def test_a_dry_run_answers_with_the_problems_and_everything_that_was_detected(server):
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


def test_the_options_decide(server):
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
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(server, query, field):
    status, error = refused(server, "rings", circle(), query)
    assert (status, error["field"]) == (422, field)
    assert own(server) == {}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"", None), (b"a,b\n", "rows.1"), (b"a,b\n1,2\n3\n", "rows.3"), (b"a,b\n1,2\n3,4,5\n", "rows.3"),
        (b"a,b\n1,\x00\n", "rows.2"), (b"a,b\n1,2\n1e999,2\n3,4\n5,6\n", "rows.3.columns.a"),
        (b"a,kind\n1,x\n2,x\n3,x\n4,x\n", "columns.kind"), (b"a,b\n7,1\n7,2\n7,3\n7,4\n", None),
        (b"PK\x03\x04rest", None), (b"a\n1\n2\n3\n4\n", "columns.a"), (b",".join([b"c"] * 300), "rows.1"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_and_what_had_the_name_stays(server, text, field):
    before = put(server, "rings", circle())
    status, error = refused(server, "rings", text)
    assert (status, error["field"]) == (422, field)
    assert error["message"]
    assert own(server)["rings"]["own"]["content"] == before["content"]


@pytest.mark.parametrize("name", ["iris", "Spiral", "GATE_XOR"])
def test_a_built_in_name_is_taken(server, name):
    status, error = refused(server, name, circle())
    assert (status, error["code"], error["given"]) == (409, "name_taken", name)


@pytest.mark.parametrize("name", ["%20x", "x%20", "_x", "x" * 61, "a%22b", "a%0Ab", "..", "%3Cb%3E"])
def test_a_name_that_cannot_be_is_refused(server, name):
    answer = server.client.put(f"/api/datasets/{name}", content=circle(), headers=TABLE)
    assert answer.status_code in (404, 405, 422)
    assert answer.status_code != 422 or answer.json()["error"]["field"] == "name"


@pytest.mark.parametrize("name", ["Vögel 2", "run.3 (new)", "a+b"])
def test_names_may_be_words(server, name):
    put(server, name, circle())
    assert server.call("GET", f"/api/datasets/{name}")["classes"] == ["in", "out"]


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_is_refused(server, kind):
    answer = server.client.put("/api/datasets/rings", content=b"{}", headers={"content-type": kind})
    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "Content-Type")


def test_a_file_that_is_too_large_is_refused_while_it_arrives(server):
    def endless():
        for _ in range(MAX_BYTES // (1 << 20) + 2):
            yield b"1,2,3,4," * (1 << 17)

    answer = server.client.put("/api/datasets/big", content=endless(), headers=TABLE)
    assert (answer.status_code, answer.json()["error"]["limit"]) == (413, MAX_BYTES)
    assert answer.headers["connection"] == "close"
    assert own(server) == {}
    put(server, "rings", circle())


def test_replacing_or_deleting_a_name_leaves_runs_their_data(server):
    old = put(server, "rings", circle())["content"]
    run = server.run(dataset={"name": "rings"}, epochs=5)
    before = server.ended(run)
    points = server.call("GET", f"/api/runs/{run}/points")
    new = put(server, "rings", circle("within"), status=200)["content"]
    other = server.ended(server.run(dataset={"name": "rings"}, epochs=5))
    assert (before["config"]["dataset"]["content"], other["config"]["dataset"]["content"]) == (old, new)
    assert server.client.delete("/api/datasets/rings").status_code == 204
    assert server.call("GET", f"/api/runs/{run}/points") == points
    server.do(run, "reset")
    assert server.do(run, "step", {"count": 3})["step"] == 3
    again = server.ended(server.run(dataset={"name": "rings", "content": old}, epochs=5))
    assert again["latest"] == before["latest"]


def test_what_is_not_there_is_404(server):
    for method, path in (
        ("GET", "/api/datasets/none"),
        ("DELETE", "/api/datasets/none"),
        ("GET", "/api/datasets/none?format=csv"),
    ):
        status, error = server.refused(method, path)
        assert (status, error["code"], error["given"]) == (404, "unknown_dataset", "none")
    status, error = server.refused("POST", "/api/runs", {"dataset": {"name": "none"}})
    assert (status, error["field"]) == (422, "dataset.name")


def test_built_in_sets_can_be_neither_deleted_nor_exported(server):
    assert server.refused("DELETE", "/api/datasets/iris")[0] == 404
    assert server.refused("GET", "/api/datasets/iris?format=csv")[1]["field"] == "format"


def test_own_data_are_exported_without_formulas(server):
    text = "who,x,=y\n" + "".join(f"{('=cmd', '+1', 'b')[row % 3]},{-row},{row * 1.5}\n" for row in range(9))
    put(server, "ledger", text)
    answer = server.client.get("/api/datasets/ledger?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "ledger.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["who", "x", "'=y"]
    assert rows[2] == ["'+1", "-1", "1.5"]
    assert len(rows) == 10


def test_own_data_and_their_runs_outlast_the_server(start_server, tmp_path):
    first = start_server(tmp_path)
    content = put(first, "rings", circle())["content"]
    run = first.run(dataset={"name": "rings"}, epochs=1_000_000_000)
    first.trained(run, 50)
    first.stop()
    second = start_server(tmp_path)
    assert own(second)["rings"]["own"]["content"] == content
    assert own(second)["rings"]["own"]["about"]["target"] == ["kind"]
    step = second.read(run)["step"]
    second.trained(run, step + 50)
    assert second.read(run)["config"]["dataset"]["content"] == content


def test_data_that_nothing_uses_leave_the_folder(start_server, tmp_path):
    first = start_server(tmp_path)
    used = put(first, "one", circle())["content"]
    put(first, "two", circle("x"))
    replaced = put(first, "three", circle("y"))["content"]
    kept = put(first, "three", circle("z"), status=200)["content"]
    first.run(dataset={"name": "one"}, epochs=2)
    for name in ("one", "two"):
        first.client.delete(f"/api/datasets/{name}")
    assert {path.stem for path in (tmp_path / "datasets").glob("*.npz")} == {used, kept, replaced}
    first.stop()
    (tmp_path / "datasets" / "incoming-1").write_text("half of it")
    start_server(tmp_path)
    assert {path.name for path in (tmp_path / "datasets").iterdir()} == {
        f"{content}.{kind}" for content in (used, kept) for kind in ("npz", "json")
    }


def test_data_that_were_deleted_can_no_longer_be_asked_for(server):
    content = put(server, "rings", circle("gone"))["content"]
    assert server.client.get("/api/datasets/rings").is_success
    server.call("DELETE", "/api/datasets/rings")
    wish = {"dataset": {"name": "rings", "content": content}}
    status, error = server.refused("POST", "/api/runs", wish)
    assert (status, error["field"]) == (422, "dataset.content")


def test_data_whose_other_name_is_deleted_while_they_are_read_are_kept(tmp_path):
    files = TableFiles(tmp_path)
    table = import_file(circle().encode(), ImportOptions()).table

    class Reader:
        reads = 0

        async def read(self, path, options, keep):
            content = files.save(table)
            self.reads += 1
            if self.reads == 1:
                files.delete(content)
            return encoding.encode({"content": content})

    with Store(tmp_path / "store.sqlite3") as store:
        datasets = Datasets(store, Reader(), files)
        asyncio.run(datasets.put("rings", tmp_path / "file", {}, False))
        assert files.header(datasets.content_of("rings")) == table.header


@pytest.mark.parametrize("option", ["target", "ignore", "text", "number"])
def test_a_column_that_is_not_there_is_refused_with_the_option_that_asks_for_it(server, option):
    status, error = refused(server, "rings", circle(), f"?{option}=c")
    assert (status, error["field"], error["given"]) == (422, option, "c")
    assert error["limit"] == ["a", "b", "kind"]


def test_a_column_asked_for_as_text_and_as_number_is_refused_by_its_name(server):
    status, error = refused(server, "rings", circle(), "?text=a&number=b&number=a")
    assert (status, error["code"], error["field"], error["given"]) == (422, "invalid", "number", "a")
    assert "“a”" in error["message"] and error["limit"] == ["text", "number"]


def test_reading_goes_on_in_another_process_when_one_is_killed(server):
    put(server, "rings", circle())
    (pid,) = server.pids("import_worker")
    os.kill(pid, signal.SIGKILL)
    server.until(lambda: pid not in server.pids("import_worker"))
    put(server, "rings", circle("new"), status=200)
    assert server.pids("import_worker") != [pid]


@pytest.mark.slow
def test_a_large_table_comes_in_without_a_viewer_missing_a_frame(server):
    watched = server.run()
    numbers = np.random.default_rng(0).standard_normal((200_000, 20))
    out = io.StringIO()
    np.savetxt(out, numbers, fmt="%.6g", delimiter=",")
    with server.stream(watched, "views=decision_boundary") as stream:
        server.frames(stream, lambda frame: frame["kind"] == "progress")
        with server.background(lambda: put(server, "large", out.getvalue())) as answer:
            found = server.frames(stream, lambda frame: answer.done() and frame["kind"] == "progress", 60)
            assert answer.result()["rows"] == 200_000
    logged = [frame["seq"] for frame in found if frame["kind"] != "view"]
    assert logged == list(range(logged[0], logged[0] + len(logged)))
    assert len([frame for frame in found if frame["kind"] == "view"]) >= 2
