"""Own pictures through REST: IDX and .npz are put, describe_table, trained on and exported."""

import gzip
import io

import numpy as np
import pytest

BYTES = {"content-type": "application/octet-stream"}


def idx(array):
    shape = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def halves(count=80):
    """Pictures of 6 × 6 that are bright above (0) or below (1)."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, count).astype(np.uint8)
    pictures = rng.integers(0, 100, (count, 6, 6)).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[3 * label : 3 * label + 3] += 150
    return pictures, labels


PICTURES, LABELS = halves()
FILE = gzip.compress(idx(PICTURES)) + gzip.compress(idx(LABELS))


def put(server, raw, query="", status=201):
    answer = server.client.put(f"/api/datasets/halves{query}", content=raw, headers=BYTES)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture(autouse=True)
def forget(server):
    yield
    server.client.delete("/api/datasets/halves")


def test_pictures_are_put_listed_and_trained_on(server):
    told = put(server, FILE)
    image = {"rows": 6, "columns": 6, "low": 0, "high": 255}
    assert (told["kind"], told["rows"], told["task"], told["classes"]) == (
        "pictures",
        80,
        "binary",
        ["0", "1"],
    )
    assert told["image"] == image and told["pictures"]["pixels"][0] == PICTURES[0].ravel().tolist()
    listed = {each["name"]: each for each in server.call("GET", "/api/datasets")["datasets"]}["halves"]
    assert listed["image"] == image and listed["samples"] == 80
    assert "pictures" not in listed["own"]["about"]
    run = server.run(dataset={"name": "halves"}, epochs=30)
    done = server.ended(run)
    assert done["latest"]["metrics"]["test_accuracy"] > 0.9
    row = PICTURES[:1].reshape(1, -1).tolist()
    said = server.call("POST", f"/api/runs/{run}/predict", {"inputs": row})
    text = ",".join(map(str, row[0]))
    quoted = server.call("GET", f"/api/runs/{run}/views/answer?inputs={text}")
    assert [each["value"] for each in quoted["outputs"]] == pytest.approx(said["outputs"][0], rel=1e-6)
    assert quoted["prediction"] == said["classes"][0] == str(LABELS[0])


def test_points_of_a_run_can_be_asked_for_in_part(server):
    put(server, FILE)
    run = server.run(dataset={"name": "halves"}, start=False)
    some = server.call("GET", f"/api/runs/{run}/points?numbers=72")
    assert [len(some[part]["inputs"]) for part in ("train", "test")] == [2, 2]
    assert some["sizes"] == {"train": 40, "validation": 0, "test": 40}
    whole = server.call("GET", f"/api/runs/{run}/points")
    assert whole["train"]["inputs"][:2] == some["train"]["inputs"] and len(whole["train"]["inputs"]) == 40
    status, error = server.refused("GET", f"/api/runs/{run}/points?numbers=0")
    assert (status, error["field"]) == (422, "numbers")


def test_a_dry_run_keeps_nothing(server):
    assert put(server, FILE, "?dry_run=true", status=200)["content"] is None
    status, _ = server.refused("GET", "/api/datasets/halves")
    assert status == 404


def test_pictures_are_exported_as_they_can_be_put_again(server):
    content = put(server, FILE)["content"]
    raw = server.client.get("/api/datasets/halves?format=npz").content
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        assert (arrays["images"] == PICTURES).all() and (arrays["labels"] == LABELS).all()
    assert put(server, raw, status=200)["content"] == content
    status, error = server.refused("GET", "/api/datasets/halves?format=csv")
    assert (status, error["field"], error["limit"]) == (422, "format", "npz")


def test_what_cannot_be_read_is_refused_and_changes_nothing(server):
    content = put(server, FILE)["content"]
    pickled = io.BytesIO()
    np.savez(pickled, images=PICTURES, labels=np.array([None] * 80))
    for raw in (FILE[:-9], idx(PICTURES) + idx(LABELS[:9]), b"\0\0\x08\x07" + FILE, pickled.getvalue()):
        status, error = server.refused("PUT", "/api/datasets/halves", content=raw, headers=BYTES)
        assert status == 422 and len(error["message"]) > 20
    listed = {each["name"]: each for each in server.call("GET", "/api/datasets")["datasets"]}["halves"]
    assert listed["own"]["content"] == content


def test_a_file_that_tells_of_more_bytes_than_there_are_numbers_for_is_refused(server):
    raw = bytes([0, 0, 8, 3]) + b"\xff" * 40
    status, error = server.refused("PUT", "/api/datasets/halves", content=raw, headers=BYTES)
    assert (status, error["limit"]) == (422, str((2**32 - 1) ** 3))
