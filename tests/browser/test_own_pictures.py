"""A person's own pictures: IDX files chosen together are shown, used, drawn like and saved again."""

import gzip
import io
from typing import Any

import numpy as np
import pytest

RNG = np.random.default_rng(7)
LABELS = RNG.integers(0, 3, 90).astype(np.uint8)
PICTURES = RNG.integers(0, 60, (90, 9, 6)).astype(np.uint8)
for picture, label in zip(PICTURES, LABELS, strict=True):
    picture[3 * label : 3 * label + 3] += 190


def idx(array: np.ndarray) -> bytes:
    shape = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


FILES = [
    file("thirds-labels-idx1-ubyte.gz", gzip.compress(idx(LABELS))),
    file("thirds-images-idx3-ubyte", idx(PICTURES)),
]


@pytest.fixture
def dialog(studio: Any) -> Any:
    studio.open()
    studio.page.click("[data-own-data]")
    studio.page.wait_for_selector("#data-file", state="attached")
    return studio


def test_pictures_are_shown_used_drawn_like_and_saved(dialog: Any) -> None:
    page = dialog.page
    page.set_input_files("#data-file", FILES)
    page.wait_for_selector(".data-thumb .pixels")
    assert "90 pictures of 9 × 6 pixels" in page.inner_text(".data-facts")
    labels = page.locator(".data-thumb figcaption").all_inner_texts()
    assert labels == [str(label) for label in LABELS[: len(labels)]] and len(labels) == 24
    page.fill("#data-name", "thirds")
    page.click("text=Use this data")
    dialog.wait("state.run.config.dataset.name === 'thirds' && state.points?.run === state.run.id")
    dialog.settled()
    assert dialog.state("state.points.image") == {"rows": 9, "columns": 6, "low": 0, "high": 255}
    dialog.epoch()
    page.click("#tab-answer")
    page.get_by_role("button", name="Take").click()
    dialog.wait("JSON.stringify(state['view:answer']?.inputs) === JSON.stringify(state.drawnImage?.pixels)")
    assert page.locator(".bars li").count() == 3
    page.click("[data-own-data]")
    with page.expect_download() as saved:
        page.click("text=Save npz")
    with np.load(io.BytesIO(saved.value.path().read_bytes()), allow_pickle=False) as arrays:
        assert (arrays["images"] == PICTURES).all() and (arrays["labels"] == LABELS).all()
    dialog.server.call("DELETE", "/api/datasets/thirds")


def test_pictures_without_labels_are_refused_with_the_reason(dialog: Any) -> None:
    dialog.expected_messages.append("422")
    dialog.page.set_input_files("#data-file", FILES[1:])
    dialog.page.wait_for_selector(".data-status.wrong")
    assert "must be sent together" in dialog.page.inner_text(".data-status")
