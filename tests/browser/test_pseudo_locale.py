"""No text is cut when every sentence is accented and 40 % longer, as it may be in another language."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ACCENTED = str.maketrans("aceginosuyACEGINOSUY", "áçéğíñóšúýÁÇÉĞÍÑÓŠÚÝ")
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PATHS = ["/runs", "/lessons", "/lessons/swimming", "/lessons/activations", "/nowhere"]
RUNS: dict[str, dict[str, Any]] = {
    "supervised": {"dataset": {"name": "digits", "samples": 300}, "layers": [{"units": 6}, {"units": 4}]},
    "autoencoder": {
        "paradigm": "autoencoder",
        "dataset": {"name": "light_curves", "samples": 60},
        "layers": [{"units": 12}, {"units": 3}, {"units": 12}],
    },
    "policy_gradient": {
        "paradigm": "policy_gradient",
        "environment": {"name": "cart_pole"},
        "layers": [{"units": 4}],
    },
}


def pseudo(sentence: str) -> str:
    """The sentence with accents and 40 % more characters; its {placeholders} stay as they are."""
    parts = re.split(r"(\{\w+\})", sentence)
    letters = sum(len(part) for part in parts[::2])
    accented = "".join(part if index % 2 else part.translate(ACCENTED) for index, part in enumerate(parts))
    longer = re.findall(r"\w+ ?|\W", accented.replace("{", " ").replace("}", " ")) or ["é"]
    added = ""
    while len(added) < 0.4 * letters:
        added += longer[len(added) % len(longer)]
    return f"{accented} {added}".rstrip()


@pytest.fixture(scope="module")
def pseudo_server(tmp_path_factory: pytest.TempPathFactory, start_server_at: Any) -> Any:
    """A server of this source tree whose only texts are those of the pseudo-locale."""
    root = tmp_path_factory.mktemp("pseudo")
    for name in ("app", "engine", "templates"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "static", root / "static")
    path = root / "static" / "locales" / "en.json"
    sentences = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({key: pseudo(sentence) for key, sentence in sentences.items()}), "utf-8")
    return start_server_at(root / "data", root)


def test_the_pseudo_locale_is_longer_accented_and_keeps_placeholders() -> None:
    assert pseudo("Loss of {name}") == "Lóšš óf {name} Lóšš"
    assert len(pseudo("Test accuracy")) >= 1.4 * len("Test accuracy")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("run", RUNS)
def test_no_text_of_the_studio_is_cut_in_any_tab(
    make_studio: Any, pseudo_server: Any, run: str, size: str
) -> None:
    studio = make_studio(SIZES[size], at=pseudo_server)
    studio.open(config=RUNS[run])
    studio.train_epoch()
    for index in range(studio.page.locator("[role=tab]").count()):
        tab = studio.page.locator("[role=tab]").nth(index)
        if not tab.is_visible():
            continue
        tab.click()
        studio.wait_until_drawn()
        assert studio.page.evaluate("__probe.cutTexts()") == [], tab.text_content()
        assert studio.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (
            tab.text_content()
        )
    studio.page.click(".form-opener")
    studio.page.wait_for_selector(".drawer-head")
    assert studio.page.evaluate("__probe.cutTexts()") == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PATHS)
def test_no_text_of_the_other_pages_is_cut(
    make_studio: Any, pseudo_server: Any, path: str, size: str
) -> None:
    studio = make_studio(SIZES[size], at=pseudo_server)
    studio.expected_messages.append("404")
    studio.page.goto(pseudo_server.url + path)
    studio.page.wait_for_load_state("networkidle")
    assert studio.page.evaluate("__probe.cutTexts()") == []


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_comparison_is_cut(make_studio: Any, pseudo_server: Any, size: str) -> None:
    runs = []
    for seed in range(2):
        body = {"dataset": {"name": "gauss", "samples": 40}, "seed": seed, "start": False}
        runs.append(pseudo_server.call("POST", "/api/runs", body)["id"])
        pseudo_server.train(runs[-1], 3)
    studio = make_studio(SIZES[size], at=pseudo_server)
    studio.page.goto(f"{pseudo_server.url}/compare?runs={','.join(runs)}")
    studio.page.locator(".compare-section-weights td").first.wait_for()
    assert studio.page.evaluate("__probe.cutTexts()") == []
    assert studio.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_an_experiment_and_of_its_entry_in_the_gallery_is_cut(
    make_studio: Any, pseudo_server: Any, size: str
) -> None:
    studio = make_studio(SIZES[size], at=pseudo_server)
    config = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 2}]}
    body = {"config": config, "vary": {"optimizer.learning_rate": [0.1, 0.2]}, "start": False}
    experiment = pseudo_server.call("POST", "/api/experiments", body)
    for path, shown in ((experiment["url"], ".wall-card canvas"), ("/runs", ".experiment-card")):
        studio.page.goto(pseudo_server.url + path)
        studio.page.locator(shown).first.wait_for()
        assert studio.page.evaluate("__probe.cutTexts()") == [], path
        assert studio.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, path
    pseudo_server.call("DELETE", f"/api/experiments/{experiment['id']}")


DIVERGING = {
    "dataset": {"name": "plane"}, "layers": [{"units": 4, "activation": "relu"}],
    "loss": {"name": "half_squared_error"}, "optimizer": {"name": "sgd", "learning_rate": 1000},
}  # fmt: skip
DYING = {"layers": [{"units": 4, "activation": "relu"}], "initializer": {"bias": -100}, "speed": 200}
# By the code of a reason: the configuration of a run that ends or pauses with it, and values of the sentence.
ENDINGS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "epochs_done": ({"epochs": 2}, {"epochs": "2"}),
    "loss_diverged": (DIVERGING, {}),
    "diagnosed_in_layer": (DYING | {"pause_when": ["dying_relu"]}, {"layer": "1", "number": "1"}),
}


@pytest.mark.parametrize("code", ENDINGS)
def test_the_reason_of_a_finished_diverged_or_paused_run_is_a_sentence_of_the_locale(
    make_studio: Any, pseudo_server: Any, code: str
) -> None:
    config, values = ENDINGS[code]
    pause_when = config.get("pause_when", [])
    config = {key: value for key, value in config.items() if key != "pause_when"}
    run = pseudo_server.call("POST", "/api/runs", {**config, "start": False})["id"]
    pseudo_server.call("PATCH", f"/api/runs/{run}", {"pause_when": pause_when})
    studio = make_studio(SIZES["desktop"], at=pseudo_server)
    studio.open(f"/runs/{run}")
    pseudo_server.call("POST", f"/api/runs/{run}/start")
    studio.wait_until("state.run.reason_code === argument", code)
    sentences = json.loads((pseudo_server.root / "static" / "locales" / "en.json").read_text("utf-8"))
    name = sentences["catalogue.diagnoses.dying_relu.title"]
    values = {"step": str(studio.state("state.run.step") + 1), "name": name} | values
    sentence = re.sub(
        r"\{(\w+)\}", lambda placeholder: values[placeholder[1]], sentences[f"studio.reason.{code}"]
    )
    studio.page.locator("#notices").get_by_text(sentence).wait_for(state="visible")


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_help_is_cut(make_studio: Any, pseudo_server: Any, size: str) -> None:
    studio = make_studio(SIZES[size], at=pseudo_server)
    studio.open()
    studio.press("?")
    studio.page.wait_for_selector("dialog[open]")
    assert studio.page.evaluate("__probe.cutTexts()") == []
