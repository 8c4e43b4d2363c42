"""Imported images: IDX files chosen together are previewed, used, drawn in the Draw panel and saved."""

import gzip
import io
from typing import Any

import numpy as np
import pytest

from app.web.texts import text

RNG = np.random.default_rng(7)
LABELS = RNG.integers(0, 3, 90).astype(np.uint8)
IMAGES = RNG.integers(0, 60, (90, 9, 6)).astype(np.uint8)
for image, label in zip(IMAGES, LABELS, strict=True):
    image[3 * label : 3 * label + 3] += 190


def idx(array: np.ndarray) -> bytes:
    shape = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


FILES = [
    file("thirds-labels-idx1-ubyte.gz", gzip.compress(idx(LABELS))),
    file("thirds-images-idx3-ubyte", idx(IMAGES)),
]


@pytest.fixture
def dialog(studio: Any) -> Any:
    studio.open()
    studio.page.click("[data-own-data]")
    studio.page.wait_for_selector("#data-file", state="attached")
    return studio


def test_images_are_previewed_used_and_saved(dialog: Any) -> None:
    page = dialog.page
    page.set_input_files("#data-file", FILES)
    page.wait_for_selector(".data-thumb .pixels")
    facts = {"images": 90, "height": 9, "width": 6, "low": 0, "high": 255}
    assert page.inner_text(".data-facts") == text("data.images.facts", **facts)
    labels = page.locator(".data-thumb figcaption").all_inner_texts()
    assert labels == [str(label) for label in LABELS[: len(labels)]] and len(labels) == 24
    page.fill("#data-name", "thirds")
    page.click("#data-use")
    dialog.wait_until("state.run.config.dataset.name === 'thirds' && state.points?.run === state.run.id")
    dialog.wait_until_applied()
    assert dialog.state("state.points.image") == {"rows": 9, "columns": 6, "low": 0, "high": 255}
    layers = dialog.run()["config"]["layers"]
    assert [(layer["units"], layer["activation"]) for layer in layers] == [(64, "relu")]
    dialog.train_epoch()
    page.click("#tab-answer")
    page.get_by_role("button", name="Load", exact=True).click()
    dialog.wait_until(
        "JSON.stringify(state['view:answer']?.inputs) === JSON.stringify(state.drawnImage?.pixels)"
    )
    dialog.wait_until_drawn()
    assert page.locator(".bars li").count() == 3
    page.click("[data-own-data]")
    save = text("data.own.save_label", format="npz", name="thirds")
    with page.expect_download() as download:
        page.get_by_role("link", name=save, exact=True).click()
    with np.load(io.BytesIO(download.value.path().read_bytes()), allow_pickle=False) as arrays:
        assert (arrays["images"] == IMAGES).all() and (arrays["labels"] == LABELS).all()
    dialog.server.call("DELETE", "/api/datasets/thirds")


def test_images_without_labels_are_rejected_with_the_reason(dialog: Any) -> None:
    dialog.expected_messages.append("422")
    dialog.page.set_input_files("#data-file", FILES[1:])
    dialog.page.wait_for_selector(".data-status.wrong")
    assert "must be sent together" in dialog.page.inner_text(".data-status")
