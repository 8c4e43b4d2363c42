"""Maintenance of a data folder: usage, check, compaction, backup and restoration."""

import contextlib
import shutil
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest

from app.storage.maintenance import archive
from app.storage.maintenance.check import check, delete
from app.storage.maintenance.compaction import compact
from app.storage.maintenance.folder import MaintenanceError
from app.storage.maintenance.folder_lock import lock
from app.storage.maintenance.usage import usage
from app.storage.store import Store
from app.storage.table_files import FOLDER, TableFiles
from engine.datasets.tables.table import Header, Table

EARLIER = Path(__file__).with_name("version_0_1") / "data"


def table(rows):
    values = np.arange(2.0 * rows).reshape(rows, 2)
    header = Header("regression", ("x1", "x2"), ("y",), None, rows)
    return Table(header, values, values.sum(1))


@pytest.fixture
def folder(tmp_path, run_async):
    """A data folder with checkpoints of a run, a data set, and a table that neither a name nor a run uses."""
    folder = tmp_path / "data"
    files = TableFiles(folder / FOLDER)
    named, _ = files.save(table(50)), files.save(table(7))
    with Store(folder / "runs.sqlite3") as store:
        for step in range(64):
            store.attempts.add_checkpoint("run", (0, step, 0), "recorded", bytes([step]) * 100_000)
        store.datasets.put_name("own", 1.0, named, "{}")
    return folder


def damage(path, offset_of, count=64):
    """Overwrites bytes in the file from the first occurrence of `offset_of`."""
    content = path.read_bytes()
    place = content.index(offset_of)
    path.write_bytes(content[:place] + b"\xff" * count + content[place + count :])


def rows(folder, statement):
    connection = sqlite3.connect(folder / "runs.sqlite3")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def test_a_closed_store_is_one_complete_file(folder):
    assert {path.name for path in folder.iterdir()} == {"runs.sqlite3", FOLDER}
    copy = folder.parent / "copy"
    copy.mkdir()
    shutil.copy(folder / "runs.sqlite3", copy)
    assert rows(copy, "SELECT count(*) FROM checkpoints") == [(64,)]


def test_a_store_whose_reader_is_open_at_the_end_is_complete_after_the_next_end(folder):
    reader = sqlite3.connect(folder / "runs.sqlite3", isolation_level=None)
    with Store(folder / "runs.sqlite3") as store:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM meta").fetchone()
        store.datasets.delete_name("own")
    reader.close()
    with Store(folder / "runs.sqlite3"):
        pass
    assert rows(folder, "SELECT count(*) FROM datasets") == [(0,)]
    assert not (folder / "runs.sqlite3-wal").exists()


def test_usage_names_what_takes_how_much_and_the_tables_without_a_reference(folder):
    found = usage(folder)
    files = TableFiles(folder / FOLDER)
    assert (found.parts["checkpoints"].count, found.parts["checkpoints"].bytes) == (64, 6_400_000)
    assert found.store == (folder / "runs.sqlite3").stat().st_size
    assert found.tables == {"own": files.sizes()[table(50).content]}
    assert found.found == {table(7).content: files.sizes()[table(7).content]}
    assert found.total == sum(path.stat().st_size for path in folder.rglob("*.*"))


def test_a_folder_of_the_first_formats_is_read_checked_backed_up_and_restored(tmp_path):
    folder, restored = tmp_path / "old", tmp_path / "restored"
    shutil.copytree(EARLIER, folder)
    found = usage(folder)
    assert (found.format, found.runs, found.drawn.count, list(found.tables)) == (3, 6, 2, ["boxes"])
    assert check(folder) == []
    archive.backup(folder, tmp_path / "backup")
    archive.restore(tmp_path / "backup", restored)
    assert usage(restored) == found
    compact(restored)
    assert usage(restored).format == 13
    assert check(restored) == []


def test_a_backup_that_is_written_while_the_store_is_used_has_everything_written_until_then(
    folder, tmp_path, run_async
):
    with Store(folder / "runs.sqlite3") as store:
        store.attempts.add_checkpoint("run", (0, 99, 0), "recorded", b"newest")
        run_async(store.flush())
        archive.backup(folder, tmp_path / "backup")
    archive.restore(tmp_path / "backup", tmp_path / "other")
    assert rows(tmp_path / "other", "SELECT max(step) FROM checkpoints") == [(99,)]
    assert TableFiles(tmp_path / "other" / FOLDER).contents() == {table(50).content, table(7).content}
    assert check(tmp_path / "other") == []


def test_a_backup_does_not_overwrite_a_file(folder, tmp_path):
    (tmp_path / "backup").write_text("important")
    with pytest.raises(MaintenanceError, match="exists already"):
        archive.backup(folder, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "important"


def test_a_restoration_moves_aside_what_was_there(folder, tmp_path):
    archive.backup(folder, tmp_path / "backup")
    with Store(folder / "runs.sqlite3") as store:
        store.datasets.delete_name("own")
    before = archive.restore(tmp_path / "backup", folder)
    assert usage(folder).tables
    assert rows(before, "SELECT count(*) FROM datasets") == [(0,)]
    assert len(list((before / FOLDER).iterdir())) == 4


def test_a_folder_that_a_server_uses_is_neither_restored_nor_compacted(folder, tmp_path):
    archive.backup(folder, tmp_path / "backup")
    with lock(folder) as locked:
        assert locked
        for command in (lambda: archive.restore(tmp_path / "backup", folder), lambda: compact(folder)):
            with pytest.raises(MaintenanceError, match="in use by a server; stop it first"):
                command()
    assert usage(folder).tables


@pytest.mark.parametrize("member", ["../outside", "datasets/short.json", "/absolute"])
def test_an_archive_with_other_members_changes_nothing(folder, tmp_path, member):
    archive.backup(folder, tmp_path / "backup")
    with zipfile.ZipFile(tmp_path / "backup", "a") as file:
        file.writestr(member, "x")
    with pytest.raises(MaintenanceError, match="not a backup"):
        archive.restore(tmp_path / "backup", folder)
    assert {path.name for path in folder.iterdir()} == {"runs.sqlite3", FOLDER, "lock"}


@pytest.mark.parametrize("place", [60, 200, 5000, 20_000])
def test_a_damaged_archive_changes_nothing_and_is_named(folder, tmp_path, place):
    archive.backup(folder, tmp_path / "backup")
    content = (tmp_path / "backup").read_bytes()
    (tmp_path / "backup").write_bytes(content[:place] + b"\xaa" * 50 + content[place + 50 :])
    with pytest.raises(MaintenanceError, match="damaged"):
        archive.restore(tmp_path / "backup", folder)
    assert usage(folder).tables
    assert {path.name for path in folder.iterdir()} == {"runs.sqlite3", FOLDER, "lock"}


def test_compaction_gives_free_space_back_and_deletes_found_tables_only_on_request(folder):
    connection = sqlite3.connect(folder / "runs.sqlite3")
    connection.execute("DELETE FROM checkpoints")
    connection.commit()
    connection.close()
    before, after = compact(folder)
    assert before - after > 6_000_000
    assert usage(folder).found
    compact(folder, delete_found=True)
    assert not usage(folder).found
    assert TableFiles(folder / FOLDER).contents() == {table(50).content}


def test_check_finds_a_damaged_checkpoint_table_and_run_and_deletes_them(folder):
    damage(folder / "runs.sqlite3", bytes([20]) * 3000)
    damage(folder / FOLDER / f"{table(50).content}.npz", table(50).X.tobytes()[64:128])
    connection = sqlite3.connect(folder / "runs.sqlite3")
    connection.execute("INSERT INTO runs (id, created, config, status) VALUES ('bad', 1, '{', 'paused')")
    connection.commit()
    connection.close()
    found = check(folder)
    assert [problem.kind for problem in found] == ["table", "run", "checkpoint"]
    assert found[0].text.startswith("data set own: ")
    assert found[1].key == "bad"
    assert found[2].key == ("run", 0, 20)
    delete(folder, found)
    assert check(folder) == []
    assert usage(folder).parts["checkpoints"].count == 63


def test_a_store_that_cannot_be_read_is_a_damaged_one(folder):
    path = folder / "runs.sqlite3"
    path.write_bytes(b"\xff" * 4096 + path.read_bytes()[4096:])
    assert [problem.kind for problem in check(folder)] == ["store"]


def test_a_table_without_rows_is_damaged(folder):
    (folder / FOLDER / f"{table(50).content}.npz").unlink()
    assert ["missing" in problem.text for problem in check(folder)] == [True]


def test_damaged_runs_of_an_older_format_are_deleted(tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(EARLIER, folder)
    with contextlib.closing(sqlite3.connect(folder / "runs.sqlite3")) as connection, connection:
        connection.execute("UPDATE runs SET config = '{' WHERE number = 1")
    found = check(folder)
    assert [problem.kind for problem in found] == ["run"]
    delete(folder, found)
    assert (check(folder), usage(folder).runs) == ([], 5)


def test_runs_of_a_newer_format_are_not_taken_for_damaged_ones(folder):
    with contextlib.closing(sqlite3.connect(folder / "runs.sqlite3")) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format_version'")
        values = ("new", 1, '{"a field of a newer version": 1}', "paused")
        connection.execute("INSERT INTO runs (id, created, config, status) VALUES (?, ?, ?, ?)", values)
    with pytest.raises(MaintenanceError, match="has format 99; this version checks formats up to"):
        check(folder)
