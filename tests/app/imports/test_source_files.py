"""The files from which data sets were imported are kept, so that they can be read in another way."""

import pytest

from app.storage import source_files
from app.storage.source_files import FOLDER, SourceFiles

HEADERS = {"content-type": "text/csv"}
TEXT = "a;b;kind\n" + "".join(f"{row % 7},5;{row % 5};{'x' if row % 7 > 3 else 'y'}\n" for row in range(40))


@pytest.fixture
def files(tmp_path):
    return SourceFiles(tmp_path)


def incoming(folder, name, size=10):
    path = folder / name
    path.write_bytes(b"x" * size)
    return path


def test_a_kept_file_is_found_by_its_key_until_it_is_needed_no_longer(files, tmp_path):
    first, second = (files.keep(incoming(tmp_path, name)) for name in ("one", "two"))
    files.keep_only([second, None])
    assert files.path(first) is None
    assert files.path(second).read_bytes() == b"x" * 10


def test_the_files_of_lower_importance_are_given_up_beyond_the_budget(files, tmp_path, monkeypatch):
    monkeypatch.setattr(source_files, "BUDGET", 25)
    keys = [files.keep(incoming(tmp_path, f"file {number}")) for number in range(3)]
    files.keep_only(keys)
    assert [files.path(key) is not None for key in keys] == [True, True, False]


@pytest.mark.parametrize("key", [None, "", "../runs.sqlite3", "0" * 32, 5])
def test_what_is_no_key_has_no_file(files, key):
    assert files.path(key) is None


def test_a_file_that_cannot_be_moved_is_not_kept(files, tmp_path):
    assert files.keep(tmp_path / "absent") is None


def put(server, name, text, query=""):
    answer = server.client.put(f"/api/datasets/{name}{query}", content=text, headers=HEADERS)
    assert answer.is_success, answer.text
    return answer.json()


def test_the_source_of_a_data_set_and_its_options_are_answered_as_they_were_sent(server):
    put(server, "again", TEXT, "?ignore=b&decimal=comma")
    answer = server.client.get("/api/datasets/again/source")
    assert (answer.status_code, answer.text) == (200, TEXT)
    entries = server.call("GET", "/api/datasets")["datasets"]
    options = next(entry for entry in entries if entry["name"] == "again")["own"]["about"]["options"]
    assert (options["ignore"], options["decimal"]) == (["b"], ",")
    server.call("DELETE", "/api/datasets/again")


def test_the_source_of_a_replaced_or_deleted_name_is_deleted_and_a_dry_run_keeps_none(server):
    folder = server.folder / FOLDER
    others = set(folder.glob("*"))  # of other tests
    put(server, "again", TEXT)
    put(server, "again", TEXT.replace("x", "z"))
    put(server, "again", TEXT, "?dry_run=true")
    assert [path.read_text() for path in folder.iterdir() if path not in others] == [TEXT.replace("x", "z")]
    server.call("DELETE", "/api/datasets/again")
    assert set(folder.glob("*")) == others
    assert server.refused("GET", "/api/datasets/again/source")[1]["code"] == "unknown_dataset"


def test_a_source_that_is_gone_is_a_clear_error(server):
    put(server, "again", TEXT)
    for path in (server.folder / FOLDER).iterdir():
        path.unlink()
    status, error = server.refused("GET", "/api/datasets/again/source")
    assert (status, error["code"], error["given"]) == (404, "no_source", "again")
    server.call("DELETE", "/api/datasets/again")
