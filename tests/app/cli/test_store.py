"""`perceptarium store`: what it prints, and its exit codes."""

import pytest

from app.cli import main
from app.cli.store import size
from app.storage.maintenance.folder_lock import lock
from app.storage.store import Store


@pytest.fixture
def folder(tmp_path):
    with Store(tmp_path / "data" / "runs.sqlite3") as store:
        store.attempts.add_checkpoint("run", (0, 1, 0), "recorded", b"x" * 5000)
    return tmp_path / "data"


@pytest.fixture
def store(folder, capsys):
    """Executes `perceptarium store` with arguments, and returns exit code, output and errors."""

    def run(*arguments: object):
        code = main.main(["store", *map(str, arguments), "--data-dir", str(folder)])
        return (code, *capsys.readouterr())

    return run


def test_it_shows_what_takes_how_much(store):
    code, printed, _ = store()
    assert code == 0
    assert any(line.split() == ["checkpoints", "4.88", "KiB", "1"] for line in printed.splitlines())


def test_the_folder_can_be_named_before_and_after_the_command_and_in_the_environment(
    folder, capsys, monkeypatch
):
    monkeypatch.delenv("PERCEPTARIUM_DATA_DIR", raising=False)
    assert main.main(["store", "--data-dir", str(folder), "check"]) == 0
    assert main.main(["store", "check", "--data-dir", str(folder)]) == 0
    monkeypatch.setenv("PERCEPTARIUM_DATA_DIR", str(folder))
    assert main.main(["store", "check"]) == 0
    assert capsys.readouterr().out.count("nothing is damaged") == 3


def test_a_backup_is_restored_and_the_printed_folder_has_what_was_there_before(store, folder, tmp_path):
    assert store("backup", tmp_path / "file")[0] == 0
    code, printed, _ = store("restore", tmp_path / "file")
    assert code == 0
    assert (folder / printed.split("/")[-1].strip() / "runs.sqlite3").is_file()


@pytest.mark.parametrize("command", [("restore", "file"), ("compact",), ("check", "--delete-damaged")])
def test_commands_that_change_a_folder_in_use_are_refused_with_a_sentence(
    store, folder, tmp_path, command, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    store("backup", "file")
    store_file = folder / "runs.sqlite3"
    content = store_file.read_bytes()
    place = content.index(b"x" * 1000)
    store_file.write_bytes(content[:place] + b"y" + content[place + 1 :])
    with lock(folder):
        code, _, errors = store(*command)
    assert (code, "is in use by a server; stop it first" in errors) == (1, True)


def test_what_is_damaged_is_listed_and_deleted_on_request(store, folder):
    path = folder / "runs.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"x" * 1000, b"y" * 1000, 1))
    code, printed, _ = store("check")
    assert (code, "the checkpoint of attempt 0, step 1" in printed) == (1, True)
    assert store("check", "--delete-damaged")[0] == 0
    assert store("check")[0] == 0


@pytest.mark.parametrize("command", [(), ("check",), ("compact",), ("backup", "other")])
def test_a_folder_without_a_store_is_an_error_of_one_line(tmp_path, capsys, command):
    assert main.main(["store", *command, "--data-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"perceptarium: {tmp_path} has no store (runs.sqlite3)\n"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 B"), (999, "999 B"), (1536, "1.5 KiB"), (10**6, "977 KiB"), (5 * 2**50, "5120 TiB")],
)
def test_sizes_have_three_digits_and_a_unit(number, expected):
    assert size(number) == expected
