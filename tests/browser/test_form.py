"""Fields of the form: each changes the configuration of the run and its training."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.web.catalogue_text import described_catalogue
from app.web.texts import texts
from engine.catalogue import catalogue
from engine.tasks.resolve import json_schema

BASE: dict[str, Any] = {
    "dataset": {"name": "circle", "samples": 60, "test_fraction": 0.4},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 2, "activation": "tanh"}],
    "optimizer": {"name": "sgd", "learning_rate": 0.05},
    "batch_size": 10,
    "epochs": 100000,
}
# Not in the form: the first has one value, the second follows the name, tags are edited in the list of runs,
# and the wrong sign belongs to a lesson.
ABSENT = {"paradigm", "dataset.content", "tags", "optimizer.ascent"}
EPOCHS = 2

# The configuration in which a field has an effect; all other fields have one in BASE.
SCHEDULES = {"decay_steps": "step", "decay_rate": "step", "alpha": "cosine", "warmup_steps": "linear_warmup"}
NEEDS: dict[str, dict[str, Any]] = {
    "dataset.classes": {"dataset": {"name": "blobs", "samples": 60}},
    "dataset.noise": {"dataset": {"name": "moons", "samples": 60, "noise": 0.05}},
    "dataset.train_seed": {"dataset": {"name": "circle", "samples": 60, "train_samples": 12}},
    "loss.delta": {"dataset": {"name": "sine", "samples": 60}, "loss": {"name": "huber"}},
    "layers.0.alpha": {"layers": [{"units": 3, "activation": "leaky_relu"}]},
    "initializer.scale": {"initializer": {"name": "uniform"}},
    "optimizer.schedule.name": {"optimizer": {"name": "sgd", "learning_rate": 0.05}},
    "early_stopping": {"dataset": {"name": "circle", "samples": 60}},
    **{
        f"optimizer.schedule.{name}": {
            "optimizer": {"learning_rate": 0.05, "schedule": {"name": schedule, **extra}}
        }
        for (name, schedule), extra in zip(
            SCHEDULES.items(), [{}, {"decay_steps": 3}, {"decay_steps": 3}, {}], strict=True
        )
    },
}
# The value that is entered, and that the configuration must then have.
ENTERED: dict[str, Any] = {
    "name": "My run",
    "dataset.name": "gauss",
    "dataset.samples": 50,
    "dataset.noise": 0.3,
    "dataset.classes": 4,
    "dataset.validation_fraction": 0.2,
    "dataset.test_fraction": 0.2,
    "dataset.standardize": True,
    "dataset.seed": 7,
    "dataset.train_samples": 12,
    "dataset.train_seed": 7,
    "features": ["x1", "x2", "x1^2"],
    "layers.0.units": 5,
    "layers.0.activation": "relu",
    "layers.0.alpha": 0.3,
    "layers.0.dropout": 0.4,
    "layers.0.frozen": True,
    "output_activation": "tanh",
    "loss.name": "hinge",
    "loss.delta": 0.2,
    "initializer.name": "he_normal",
    "initializer.scale": 0.1,
    "initializer.bias": 0.5,
    "optimizer.name": "adam",
    "optimizer.learning_rate": 0.3,
    "optimizer.momentum": 0.4,
    "optimizer.beta_1": 0.5,
    "optimizer.beta_2": 0.7,
    "optimizer.rho": 0.5,
    "optimizer.epsilon": 0.01,
    "optimizer.weight_decay": 0.1,
    "optimizer.schedule.name": "exponential",
    "optimizer.schedule.decay_steps": 2,
    "optimizer.schedule.decay_rate": 0.1,
    "optimizer.schedule.alpha": 0.5,
    "optimizer.schedule.warmup_steps": 5,
    "optimizer.clip_norm": 0.01,
    "l1": 0.2,
    "l2": 0.2,
    "batch_size": 4,
    "epochs": 1,
    "steps": 1,
    "unwatched": "train",
    "dtype": "float64",
    "seed": 3,
    "early_stopping": {"monitor": "train_loss", "patience": 1, "min_delta": 0.9, "restore_best": False},
}
UNTRAINED = {"name", "unwatched"}  # fields without an effect on the weights


def fields() -> list[str]:
    """Dotted paths of all fields of the schema, with one layer."""
    schema = json_schema()

    def walk(node: dict[str, Any], prefix: str) -> Iterator[str]:
        kinds = [node, *node.get("anyOf", [])]
        node = next((schema["$defs"][kind["$ref"].split("/")[-1]] for kind in kinds if "$ref" in kind), node)
        if prefix == "layers":
            node = schema["$defs"]["LayerConfig"]
            prefix = "layers.0"
        if "properties" not in node or prefix == "early_stopping":
            yield prefix
            return
        for name, part in node["properties"].items():
            yield from walk(part, f"{prefix}.{name}" if prefix else name)

    return [path for path in walk(schema, "") if path not in ABSENT]


def merged(base: Any, changes: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    return base | {key: merged(base.get(key), value) for key, value in changes.items()}


def fields_of_the_drawer() -> list[str]:
    """Paths of the fields that only the drawer shows."""
    return [path for path in fields() if node_at(path).get("more")]


def node_at(path: str) -> dict[str, Any]:
    """The node of the schema at a path without indices."""
    schema = json_schema()
    node: dict[str, Any] = schema
    for key in path.split("."):
        kinds = [node, *node.get("anyOf", [])]
        node = next((schema["$defs"][kind["$ref"].split("/")[-1]] for kind in kinds if "$ref" in kind), node)
        node = node.get("properties", {}).get(key, {})
    return node


def with_value(config: Any, path: str, value: Any) -> Any:
    key, _, rest = path.partition(".")
    if isinstance(config, list):
        return [with_value(item, rest, value) if i == int(key) else item for i, item in enumerate(config)]
    return {**(config or {}), key: with_value((config or {}).get(key), rest, value) if rest else value}


def value_at(config: Any, path: str) -> Any:
    for key in path.split("."):
        config = config[int(key)] if isinstance(config, list) else config[key]
    return config


def base_for(path: str) -> dict[str, Any]:
    """The configuration in which the field has an effect."""
    parent, _, name = path.rpartition(".")
    needs = NEEDS.get(path, {})
    if parent == "optimizer" and name not in ("name", "learning_rate", "clip_norm"):
        optimizers = catalogue()["optimizers"]
        owner = next(entry["name"] for entry in optimizers if name in entry["parameters"])
        needs = {"optimizer": {"name": owner}}
    return {**merged(BASE, needs), **({"layers": needs["layers"]} if "layers" in needs else {})}


def enter(studio: Any, path: str, value: Any) -> None:
    """Sets a field with its control: clicks, selects or types. Opens the drawer if only that has it."""
    page = studio.page
    if path in fields_of_the_drawer() and not page.locator(".drawer-head").count():
        studio.open_settings()
    if path == "dataset.name":
        page.click(f".thumbnail[data-name='{value}']")
    elif path == "features":
        page.get_by_role("button", name="x₁²", exact=True).click()
    elif path == "early_stopping":
        enter_stopping(page, value)
    elif path == "unwatched":
        page.get_by_role("checkbox", name="Keep training in the background").check()
    elif path == "layers.0.units":
        page.get_by_label("Units in layer 1", exact=False).fill(str(value))
        page.keyboard.press("Enter")
    elif path in ("layers.0.activation", "output_activation"):
        page.locator(f"select[data-field='{path}']").select_option(value)
    elif path.startswith("layers.0."):
        page.get_by_role("button", name="Layer 1: dropout").click()
        enter_control(page.locator(f"input[data-field='{path}']"), value, page)
        page.keyboard.press("Escape")
    else:
        control = page.locator(f".field[data-field='{path}'] [data-main]")
        enter_control(control, value, page)


def enter_control(control: Any, value: Any, page: Any) -> None:
    if control.evaluate("(element) => element.tagName") == "SELECT":
        control.select_option(label=title_of(value))
    elif isinstance(value, bool):
        control.set_checked(value)
    else:
        control.fill(str(value))
        control.press("Enter")


def title_of(value: Any) -> str:
    """The title of a value in the form: that of an entry of the catalogue, or the text of an option."""
    lists = ("losses", "optimizers", "schedules", "initializers")
    entries = [entry for kind in lists for entry in described_catalogue(catalogue(), texts())[kind]]
    titles = {entry["name"]: entry["title"] for entry in entries}
    return titles.get(value) or texts().text(f"form.option.{str(value).lower() if value is True else value}")


def enter_stopping(page: Any, value: dict[str, Any]) -> None:
    page.locator(".field[data-field='early_stopping'] [data-main]").check()
    for name, part in value.items():
        control = page.locator(f".field[data-field='early_stopping.{name}'] [data-main]")
        if name == "monitor":
            control.select_option(label=title_of(part))
        elif isinstance(part, bool):
            control.set_checked(part)
        else:
            control.fill(str(part))
            control.press("Enter")


def weights_of(server: Any, run_id: str) -> list[Any]:
    layers = server.call("GET", f"/api/runs/{run_id}/weights")["layers"]
    return [[layer["weights"], layer["biases"]] for layer in layers]


def trained(server: Any, config: dict[str, Any]) -> list[Any]:
    """The weights after EPOCHS epochs of a run that is created without the page."""
    run = server.call("POST", "/api/runs", {**config, "start": False})
    server.call("POST", f"/api/runs/{run['id']}/step", {"unit": "epoch", "count": EPOCHS})
    weights = weights_of(server, run["id"])
    server.call("DELETE", f"/api/runs/{run['id']}")
    return weights


def expected(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The configuration that the form should request; another data set has its own number of samples."""
    changed: dict[str, Any] = with_value(base, path, value)
    return with_value(changed, "dataset.samples", None) if path == "dataset.name" else changed


def test_every_field_of_the_schema_is_tested() -> None:
    assert set(fields()) == set(ENTERED)


@pytest.mark.parametrize("path", fields())
def test_a_field_changes_the_configuration_and_the_training(shared_studio: Any, path: str) -> None:
    base, value = base_for(path), ENTERED[path]
    shared_studio.open(config=base)
    enter(shared_studio, path, value)
    shared_studio.wait_until_applied()
    assert value_at(shared_studio.run()["config"], path) == value
    if path in ("epochs", "steps"):
        shared_studio.page.click("#train")
        shared_studio.wait_until("state.run.status === 'finished'")
        assert shared_studio.run()[path.removesuffix("s")] == 1
        return
    if path == "early_stopping":
        shared_studio.page.click("#train")
        shared_studio.wait_until("state.run.status === 'finished'")
        assert shared_studio.run()["epoch"] < 10
        return
    for _ in range(EPOCHS):
        shared_studio.train_epoch()
    weights = weights_of(shared_studio.server, shared_studio.run_id)
    assert weights == trained(shared_studio.server, expected(base, path, value))
    if path not in UNTRAINED:
        assert weights != trained(shared_studio.server, base)


def test_exactly_the_fields_that_restart_the_run_are_marked(shared_studio: Any) -> None:
    shared_studio.open(config=BASE)
    shared_studio.open_settings()
    live = {path for path in ENTERED if marked_live(path)}
    for path in ENTERED:
        control = shared_studio.page.locator(f".field[data-field='{path}']")
        if control.count():
            assert (control.first.locator(".restarts").count() == 0) == (path in live), path


def marked_live(path: str) -> bool:
    schema = json_schema()
    node: dict[str, Any] = schema
    for key in path.split("."):
        if node.get("live"):
            return True
        kinds = [node, *node.get("anyOf", []), node.get("items", {})]
        node = next((schema["$defs"][kind["$ref"].split("/")[-1]] for kind in kinds if "$ref" in kind), node)
        node = node["properties"].get(key, node) if not key.isdigit() else schema["$defs"]["LayerConfig"]
    return bool(node.get("live"))


def test_a_new_field_of_the_schema_appears_in_its_group_with_its_label(shared_studio: Any) -> None:
    def answer(route: Any) -> None:
        response = route.fetch()
        schema = response.json()
        schema["properties"]["sparsity"] = schema["properties"]["l2"] | {"label": "Sparsity", "help": "New"}
        route.fulfill(response=response, json=schema)

    shared_studio.page.route("**/api/schema*", answer)
    shared_studio.open(config=BASE)
    field = shared_studio.page.locator(".field[data-field='sparsity']")
    assert field.locator("label").inner_text() == "Sparsity"
    group = shared_studio.page.locator("fieldset.group", has=field).locator("legend")
    assert group.text_content() == texts().text("form.groups.learning.title")
    shared_studio.page.unroute("**/api/schema*")


FORMS: dict[str, dict[str, Any]] = {
    "supervised": {},
    "autoencoder": {
        "paradigm": "autoencoder",
        "dataset": {"name": "light_curves", "samples": 60},
        "layers": [{"units": 3}],
    },
    "policy_gradient": {"paradigm": "policy_gradient", "layers": [{"units": 4}]},
}


@pytest.mark.parametrize("paradigm", FORMS)
def test_the_form_has_about_eight_fields_and_does_not_scroll(shared_studio: Any, paradigm: str) -> None:
    page = shared_studio.page
    heights = "(body) => [body.scrollHeight, body.clientHeight]"
    for size in ({"width": 1280, "height": 720}, {"width": 1440, "height": 900}):
        page.set_viewport_size(size)
        shared_studio.open(config=FORMS[paradigm] or None)
        content, visible = page.locator(".form-body").evaluate(heights)
        assert content <= visible, size
        button = page.get_by_role("button", name="All settings").bounding_box()
        assert button["y"] + button["height"] <= size["height"]
    paths = page.locator(".form :is(.field, .thumbnails)").evaluate_all(
        "(elements) => elements.map(({ dataset }) => dataset.field)"
    )
    assert 7 <= len(paths) <= 10
    if paradigm == "supervised":
        data = [f"dataset.{name}" for name in ("name", "samples", "noise", "test_fraction")]
        assert paths == [*data, "optimizer.name", "optimizer.learning_rate", "l2", "batch_size"]


def test_all_settings_have_the_groups_of_the_schema_and_are_found_by_words(shared_studio: Any) -> None:
    shared_studio.open(config=BASE)
    page = shared_studio.page
    titles = [group["title"] for group in shared_studio.server.call("GET", "/api/schema")["groups"]]
    page.locator(".thumbnail[data-name=circle]").focus()
    shared_studio.press("/")
    search = page.get_by_role("searchbox", name="Search the settings")
    page.wait_for_function("() => document.activeElement?.role === 'searchbox'")
    shown = page.locator("#form legend").all_text_contents()
    assert shown == [*(title for title in titles if title in shown), "Network"]
    assert len(shown) > 4
    visible = page.locator(".drawer .field:visible")
    for words, path in (
        ("masks seed", None),
        ("division into parts", "dataset.seed"),  # a part of the help text
        ("Gradient clipping", "optimizer.clip_norm"),  # the label
        ("dtype", "dtype"),  # the name in JSON
        ("restore best", "early_stopping"),  # of a part
    ):
        search.fill(words)
        found = [field.get_attribute("data-field") for field in visible.all()]
        assert found == ([path] if path else [])
    search.fill("dropout")
    page.get_by_role("button", name="Show in the network: Dropout").click()
    page.locator("input[data-field='layers.0.dropout']").wait_for(state="visible")
    shared_studio.press("Escape")
    search.focus()
    shared_studio.press("Escape")
    assert page.locator(".drawer-head").count() == 0
    assert page.evaluate("document.activeElement.dataset.name") == "circle"


def test_settings_that_differ_from_the_default_are_marked_and_can_be_reset(shared_studio: Any) -> None:
    shared_studio.open(config={"dataset": {"name": "moons"}, "l1": 0.01, "optimizer": {"name": "sgd"}})
    page = shared_studio.page
    shared_studio.open_settings()
    marked = page.locator(".drawer [data-changed]")
    changed = page.get_by_role("button", name="Changed")
    assert changed.inner_text() == f"Changed ({marked.count()})"
    changed.click()
    assert marked.count() == page.locator(".form-body .field-reset:visible").count() > 2
    l1 = page.locator(".field[data-field=l1]")
    l1.get_by_role("button", name="L1: reset to the default, 0").click()
    shared_studio.wait_until("state.run.config.l1 === 0")
    assert l1.get_attribute("data-changed") is None
    assert page.evaluate("document.activeElement.matches('[data-field=l1] input')")
    page.locator(".set-choice").get_by_role("button", name="reset to the default, Spiral").click()
    shared_studio.wait_until("state.run.config.dataset.name === 'spiral'")


def test_a_link_to_a_rejected_setting_opens_the_drawer_at_its_field(shared_studio: Any) -> None:
    shared_studio.expected_messages.append("422")
    shared_studio.open(config={**BASE, "early_stopping": {"patience": 0}, "dtype": "float16"})
    shared_studio.page.locator("#notices").get_by_role("button", name="Show setting").click()
    rejected = ":is([data-field^=early_stopping], [data-field=dtype]) [data-main]"
    shared_studio.page.wait_for_function(
        "(rejected) => document.activeElement.matches(rejected)", arg=rejected
    )


def test_a_slider_moved_with_keys_sets_its_number_and_the_run(shared_studio: Any) -> None:
    shared_studio.open(config=BASE)
    run_id = shared_studio.run_id
    slider = shared_studio.page.get_by_label("Learning rate, slider")
    slider.focus()
    for _ in range(5):
        shared_studio.page.keyboard.press("ArrowRight")
    shared_studio.wait_until_applied()
    shown = float(
        shared_studio.page.locator(".field[data-field='optimizer.learning_rate'] input.number").input_value()
    )
    assert shown != BASE["optimizer"]["learning_rate"]
    assert shared_studio.run()["config"]["optimizer"]["learning_rate"] == shown
    assert shared_studio.run_id == run_id


def rate_after(studio: Any, optimizer: str) -> tuple[str, float]:
    """The learning rate that the form shows, and that of the run, after another optimizer was chosen."""
    enter(studio, "optimizer.name", optimizer)
    studio.wait_until_applied()
    shown = studio.page.locator(".field[data-field='optimizer.learning_rate'] input.number").input_value()
    return shown, studio.run()["config"]["optimizer"]["learning_rate"]


def test_another_optimizer_has_its_own_learning_rate_unless_it_was_set(shared_studio: Any) -> None:
    shared_studio.open(config={"dataset": {"name": "circle", "samples": 60}})  # the rate of a first visit
    assert rate_after(shared_studio, "sgd") == ("0.03", 0.03)
    assert rate_after(shared_studio, "adagrad") == ("0.05", 0.05)
    shared_studio.enter("optimizer.learning_rate", "0.2")
    assert rate_after(shared_studio, "adam") == ("0.2", 0.2)


def test_a_link_without_a_learning_rate_has_that_of_its_optimizer(shared_studio: Any) -> None:
    shared_studio.open(config={**BASE, "optimizer": {"name": "momentum"}})
    assert shared_studio.run()["config"]["optimizer"]["learning_rate"] == 0.03
    assert rate_after(shared_studio, "adam") == ("0.01", 0.01)


def test_selecting_a_problem_sets_its_data_output_and_loss(shared_studio: Any) -> None:
    shared_studio.open(config=BASE)
    for task, entry in catalogue()["tasks"].items():
        shared_studio.page.get_by_label("Problem (restarts)").select_option(task)
        shared_studio.wait_until_applied()
        config = shared_studio.run()["config"]
        assert config["output_activation"] == entry["output_activation"]
        if entry["loss"] is None:  # a task of environments, without data set
            assert config["environment"]["name"] in [entry["name"] for entry in catalogue()["environments"]]
            continue
        assert config["loss"]["name"] == entry["loss"]
        sets = [entry for entry in catalogue()["datasets"] if task in entry["applies_to"]]
        assert config["dataset"]["name"] in [entry["name"] for entry in sets]
        if task == "reconstruction":  # data with fewer inputs cannot be compressed
            sets = [entry for entry in sets if len(entry["inputs"]) >= 3]
        # The form of another paradigm is built when its schema has arrived.
        shared_studio.page.wait_for_function(
            "count => document.querySelectorAll('.thumbnail').length === count", arg=len(sets)
        )
