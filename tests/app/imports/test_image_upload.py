"""Images through REST: IDX and .npz files are put, described, trained on and exported."""

import gzip
import io

import numpy as np
import pytest

BYTES = {"content-type": "application/octet-stream"}


def idx(array):
    shape = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def halves(count=80):
    """Images of 6 × 6 pixels whose upper (0) or lower (1) half is bright, and the labels."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, count).astype(np.uint8)
    images = rng.integers(0, 100, (count, 6, 6)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[3 * label : 3 * label + 3] += 150
    return images, labels


IMAGES, LABELS = halves()
FILE = gzip.compress(idx(IMAGES)) + gzip.compress(idx(LABELS))


def put(server, raw, query="", status=201):
    answer = server.client.put(f"/api/datasets/halves{query}", content=raw, headers=BYTES)
    assert answer.status_code == status, answer.text
    return answer.json()


def entry_of(server):
    """The entry of the data set in the list."""
    datasets = server.call("GET", "/api/datasets")["datasets"]
    return next(entry for entry in datasets if entry["name"] == "halves")


@pytest.fixture(autouse=True)
def delete_dataset(server):
    yield
    server.client.delete("/api/datasets/halves")


def test_images_are_put_listed_and_trained_on(server):
    answer = put(server, FILE)
    image = {"rows": 6, "columns": 6, "low": 0, "high": 255}
    assert (answer["kind"], answer["rows"]) == ("pictures", 80)
    assert (answer["task"], answer["classes"]) == ("binary", ["0", "1"])
    assert answer["image"] == image and answer["pictures"]["pixels"][0] == IMAGES[0].ravel().tolist()
    entry = entry_of(server)
    assert entry["image"] == image and entry["samples"] == 80
    assert "pictures" not in entry["own"]["about"]
    run = server.run(dataset={"name": "halves"}, epochs=30)
    done = server.ended(run)
    assert done["latest"]["metrics"]["test_accuracy"] > 0.9
    row = IMAGES[:1].reshape(1, -1).tolist()
    predicted = server.call("POST", f"/api/runs/{run}/predict", {"inputs": row})
    text = ",".join(map(str, row[0]))
    view = server.call("GET", f"/api/runs/{run}/views/answer?inputs={text}")
    assert [output["value"] for output in view["outputs"]] == pytest.approx(predicted["outputs"][0], rel=1e-6)
    assert view["prediction"] == predicted["classes"][0] == str(LABELS[0])


def test_the_number_of_points_in_an_answer_can_be_limited(server):
    put(server, FILE)
    run = server.run(dataset={"name": "halves"}, start=False)
    limited = server.call("GET", f"/api/runs/{run}/points?numbers=72")
    assert [len(limited[part]["inputs"]) for part in ("train", "test")] == [2, 2]
    assert limited["sizes"] == {"train": 40, "validation": 0, "test": 40}
    every = server.call("GET", f"/api/runs/{run}/points")
    assert every["train"]["inputs"][:2] == limited["train"]["inputs"] and len(every["train"]["inputs"]) == 40
    status, error = server.refused("GET", f"/api/runs/{run}/points?numbers=0")
    assert (status, error["field"]) == (422, "numbers")


def test_a_dry_run_stores_nothing(server):
    assert put(server, FILE, "?dry_run=true", status=200)["content"] is None
    status, _ = server.refused("GET", "/api/datasets/halves")
    assert status == 404


def test_exported_images_can_be_imported_again(server):
    content = put(server, FILE)["content"]
    raw = server.client.get("/api/datasets/halves?format=npz").content
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        assert (arrays["images"] == IMAGES).all() and (arrays["labels"] == LABELS).all()
    assert put(server, raw, status=200)["content"] == content
    status, error = server.refused("GET", "/api/datasets/halves?format=csv")
    assert (status, error["field"], error["limit"]) == (422, "format", "npz")


def test_an_invalid_file_is_refused_and_changes_nothing(server):
    content = put(server, FILE)["content"]
    pickled = io.BytesIO()
    np.savez(pickled, images=IMAGES, labels=np.array([None] * 80))
    for raw in (FILE[:-9], idx(IMAGES) + idx(LABELS[:9]), b"\0\0\x08\x07" + FILE, pickled.getvalue()):
        status, error = server.refused("PUT", "/api/datasets/halves", content=raw, headers=BYTES)
        assert status == 422 and len(error["message"]) > 20
    entry = entry_of(server)
    assert entry["own"]["content"] == content


def test_a_header_that_states_an_impossible_size_is_refused_with_the_size(server):
    raw = bytes([0, 0, 8, 3]) + b"\xff" * 40
    status, error = server.refused("PUT", "/api/datasets/halves", content=raw, headers=BYTES)
    assert (status, error["limit"]) == (422, str((2**32 - 1) ** 3))
