"""No text is cut in Spanish, nor when every sentence is accented and 40 % longer, as in another language."""

import json
import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

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


class Language(NamedTuple):
    """A server, the language that the browser asks it for, and its sentences by key."""

    server: Any
    browser: str
    sentences: dict[str, str]


@pytest.fixture(scope="module", params=["pseudo", "es"])
def language(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, start_server_at: Any
) -> Language:
    """A server of this source tree, in Spanish, or with only the texts of the pseudo-locale."""
    root = tmp_path_factory.mktemp("locale")
    for name in ("app", "engine", "templates"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "static", root / "static")
    name, browser = ("es", "es-CL") if request.param == "es" else ("en", "en-US")
    path = root / "static" / "locales" / f"{name}.json"
    sentences = json.loads(path.read_text("utf-8"))
    if request.param == "pseudo":
        sentences = {key: pseudo(sentence) for key, sentence in sentences.items()}
        path.write_text(json.dumps(sentences), "utf-8")
    return Language(start_server_at(root / "data", root), browser, sentences)


def test_the_pseudo_locale_is_longer_accented_and_keeps_placeholders() -> None:
    assert pseudo("Loss of {name}") == "Lóšš óf {name} Lóšš"
    assert len(pseudo("Test accuracy")) >= 1.4 * len("Test accuracy")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("run", RUNS)
def test_no_text_of_the_studio_is_cut_in_any_tab(
    make_studio: Any, language: Language, run: str, size: str
) -> None:
    studio = make_studio(SIZES[size], at=language.server, locale=language.browser)
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
    make_studio: Any, language: Language, path: str, size: str
) -> None:
    studio = make_studio(SIZES[size], at=language.server, locale=language.browser)
    studio.expected_messages.append("404")
    studio.page.goto(language.server.url + path)
    studio.page.wait_for_load_state("networkidle")
    assert studio.page.evaluate("__probe.cutTexts()") == []


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_comparison_is_cut(make_studio: Any, language: Language, size: str) -> None:
    runs = []
    for seed in range(2):
        body = {"dataset": {"name": "gauss", "samples": 40}, "seed": seed, "start": False}
        runs.append(language.server.call("POST", "/api/runs", body)["id"])
        language.server.train(runs[-1], 3)
    studio = make_studio(SIZES[size], at=language.server, locale=language.browser)
    studio.page.goto(f"{language.server.url}/compare?runs={','.join(runs)}")
    studio.page.locator(".compare-section-weights td").first.wait_for()
    assert studio.page.evaluate("__probe.cutTexts()") == []
    assert studio.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_an_experiment_and_of_its_entry_in_the_gallery_is_cut(
    make_studio: Any, language: Language, size: str
) -> None:
    studio = make_studio(SIZES[size], at=language.server, locale=language.browser)
    config = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 2}]}
    body = {"config": config, "vary": {"optimizer.learning_rate": [0.1, 0.2]}, "start": False}
    experiment = language.server.call("POST", "/api/experiments", body)
    for path, shown in ((experiment["url"], ".wall-card canvas"), ("/runs", ".experiment-card")):
        studio.page.goto(language.server.url + path)
        studio.page.locator(shown).first.wait_for()
        assert studio.page.evaluate("__probe.cutTexts()") == [], path
        assert studio.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, path
    language.server.call("DELETE", f"/api/experiments/{experiment['id']}")


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
    make_studio: Any, language: Language, code: str
) -> None:
    config, values = ENDINGS[code]
    pause_when = config.get("pause_when", [])
    config = {key: value for key, value in config.items() if key != "pause_when"}
    run = language.server.call("POST", "/api/runs", {**config, "start": False})["id"]
    language.server.call("PATCH", f"/api/runs/{run}", {"pause_when": pause_when})
    studio = make_studio(SIZES["desktop"], at=language.server, locale=language.browser)
    studio.open(f"/runs/{run}")
    language.server.call("POST", f"/api/runs/{run}/start")
    studio.wait_until("state.run.reason_code === argument", code)
    sentences = language.sentences
    name = sentences["catalogue.diagnoses.dying_relu.title"]
    values = {"step": str(studio.state("state.run.step") + 1), "name": name} | values
    sentence = re.sub(
        r"\{(\w+)\}", lambda placeholder: values[placeholder[1]], sentences[f"studio.reason.{code}"]
    )
    studio.page.locator("#notices").get_by_text(sentence).wait_for(state="visible")


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_help_is_cut(make_studio: Any, language: Language, size: str) -> None:
    studio = make_studio(SIZES[size], at=language.server, locale=language.browser)
    studio.open()
    studio.press("?")
    studio.page.wait_for_selector("dialog[open]")
    assert studio.page.evaluate("__probe.cutTexts()") == []
