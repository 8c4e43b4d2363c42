"""The page of an experiment: its head with progress and buttons."""

from typing import Any

from app.web.texts import texts
from tests.browser.conftest import PHONE

text = texts().text
DATA = {"name": "gauss", "samples": 40}
TITLE = text("catalogue.datasets.gauss.title")
ENDLESS = {"dataset": DATA, "layers": [{"units": 2}], "epochs": 1_000_000_000}
RATES = {"optimizer.learning_rate": {"log": [0.001, 1], "count": 4}, "seed": {"count": 2}}


def status(page: Any, name: str) -> Any:
    return page.locator(".experiment-progress strong", has_text=text(f"experiment.status.{name}"))


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=text(f"experiment.{name}"), exact=True)


def test_the_head_says_what_varies_and_its_buttons_act_on_all_members(
    studio: Any, create_experiment: Any
) -> None:
    page = studio.page
    experiment = create_experiment(ENDLESS, RATES, start=False)
    facts = page.locator(".experiment-facts").inner_text()
    assert "0.001, 0.01, 0.1, 1" in facts and "0, 1" in facts
    assert facts.count("Learning rate") == 1  # varied, not in common
    assert f"Data set\n{TITLE}" in facts and "Hidden layers\n2 tanh" in facts
    assert "Optimizer\nAdam" in facts
    assert page.locator("h1").inner_text() == f"{TITLE} · Learning rate: 4 values × Weight seed: 2 values"
    status(page, "paused").wait_for()
    button(page, "start").click()
    status(page, "running").wait_for()
    button(page, "halve").click()
    button(page, "halve_confirm").click()
    page.get_by_role("button", name=text("page.close"), exact=True).wait_for()
    said = page.locator("dialog p").inner_text()
    counts = studio.server.call("GET", f"/api/experiments/{experiment}")["counts"]
    assert said.startswith(f"{counts['paused']} run") and text("experiment.metric.test_loss") in said
    page.get_by_role("button", name=text("page.close"), exact=True).click()
    button(page, "pause").click()
    status(page, "paused").wait_for()
    read = studio.server.call("GET", f"/api/experiments/{experiment}")
    assert {member["status"] for member in read["members"]} == {"paused"}
    button(page, "stop").click()
    status(page, "stopped").wait_for()
    assert not button(page, "pause").is_visible() and not button(page, "stop").is_visible()


def test_progress_follows_the_members_until_all_have_ended(studio: Any, create_experiment: Any) -> None:
    page = studio.page
    create_experiment(ENDLESS, RATES, steps=50, name="Rates")
    assert page.locator("h1").inner_text() == "Rates"
    status(page, "finished").wait_for()
    assert text("experiment.progress", done=8, total=8) in page.locator(".experiment-progress").inner_text()


def test_a_deleted_experiment_says_so_and_its_runs_can_be_kept(studio: Any, create_experiment: Any) -> None:
    page, server = studio.page, studio.server
    experiment = create_experiment(ENDLESS, RATES, start=False)
    server.call("DELETE", f"/api/experiments/{experiment}")
    page.get_by_text(text("experiment.gone")).wait_for()
    experiment = create_experiment(ENDLESS, RATES, start=False)
    runs = [member["run"] for member in server.call("GET", f"/api/experiments/{experiment}")["members"]]
    button(page, "delete").click()
    button(page, "cancel").click()
    button(page, "delete").click()
    button(page, "delete_keep").click()
    page.wait_for_url("**/runs")
    assert all(server.call("GET", f"/api/runs/{run}")["experiment"] is None for run in runs)
    for run in runs:
        server.call("DELETE", f"/api/runs/{run}")


def test_the_wall_shows_a_picture_of_every_member_and_the_one_under_the_pointer_large(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    experiment = create_experiment(ENDLESS, RATES, steps=60)
    status(page, "finished").wait_for()
    cards = page.locator(".wall-card")
    assert cards.count() == 8
    # A drawn picture has several colours, another one none.
    drawn = """() => [...document.querySelectorAll(".wall-card canvas")].every((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      return new Set(new Uint32Array(data.buffer)).size > 2;
    })"""
    page.wait_for_function(drawn)
    order = page.get_by_label(text("experiment.wall.order"))
    order.select_option("optimizer.learning_rate")
    assert "0.001" in cards.first.inner_text()
    last = cards.nth(7)
    last.hover()
    preview = page.locator(".wall-preview")
    preview.get_by_text("Learning rate 1,").wait_for()
    assert preview.get_by_role("img").is_visible()
    members = server.call("GET", f"/api/experiments/{experiment}")["members"]
    last.click()
    page.wait_for_url(f"**/runs/{members[7]['run']}")
    page.go_back()
    page.locator(".wall-card").first.wait_for()
    assert order.input_value() == "optimizer.learning_rate"
    page.set_viewport_size({"width": 390, "height": 844})
    preview.get_by_role("img").wait_for()


def test_the_large_picture_shows_the_training_data_of_its_member(studio: Any, create_experiment: Any) -> None:
    page = studio.page
    config = ENDLESS | {"dataset": DATA | {"samples": 400}}
    create_experiment(config, {"dataset.train_samples": [3, 100]}, steps=10)
    page.get_by_label(text("experiment.wall.order")).select_option("member")
    points = page.locator(".wall-points")
    covered = []
    for card in (0, 1):
        page.locator(".wall-card").nth(card).hover()
        page.locator(".wall-preview strong", has_text=f"Training examples {(3, 100)[card]}").wait_for()
        points.wait_for()
        covered.append(int((studio.pixels(".wall-points")[..., 3] == 255).sum()))
    assert 0 < 2 * covered[0] < covered[1]
    assert page.get_by_text(text("experiment.wall.points")).is_visible()


def test_a_picture_of_more_than_two_inputs_has_no_points(studio: Any, create_experiment: Any) -> None:
    create_experiment(
        {"dataset": {"name": "iris"}, "layers": [{"units": 2}]}, {"seed": [0, 1]}, ended=True, steps=10
    )
    studio.page.locator(".wall-large canvas").first.wait_for()
    assert not studio.page.locator(".wall-points").is_visible()
    assert not studio.page.get_by_text(text("experiment.wall.points")).is_visible()


def test_a_touch_of_a_card_shows_it_large_and_a_second_one_opens_its_run(
    make_studio: Any, create_experiment: Any, studio: Any
) -> None:
    experiment = create_experiment(ENDLESS, {"seed": {"count": 2}}, start=False)
    phone = make_studio({"width": 390, "height": 844}, has_touch=True)
    phone.expected_messages.append("status of 404")  # sections that read while it is deleted
    page = phone.page
    page.goto(studio.page.url)
    run = studio.server.call("GET", f"/api/experiments/{experiment}")["members"][1]["run"]
    card = page.locator(f".wall-card[href='/runs/{run}']")
    card.tap()
    page.locator(f".wall-preview [href='/runs/{run}']").wait_for()
    card.tap()
    page.wait_for_url(f"**/runs/{run}")


def created(studio: Any) -> dict[str, Any]:
    """The experiment whose page is open, once it is; it is deleted."""
    studio.page.wait_for_url("**/experiments/*")
    studio.page.locator(".experiment-overview").wait_for()
    address = "/api/experiments/" + studio.page.url.rsplit("/", 1)[1]
    read: dict[str, Any] = studio.server.call("GET", address)
    studio.expected_messages.append("status of 404")  # sections that read while it is deleted
    studio.server.call("DELETE", address)
    studio.page.get_by_text(text("experiment.gone")).wait_for()
    return read


def test_a_field_of_the_form_is_varied_and_a_refused_plan_says_why_and_loses_nothing(studio: Any) -> None:
    studio.open(config={**ENDLESS, "optimizer": {"name": "sgd", "learning_rate": 0.1}})
    page = studio.page
    studio.expected_messages.append("status of 422")
    page.locator('.field[data-field="optimizer.learning_rate"] .number').focus()
    page.get_by_role("button", name=text("vary.offer_field", field="Learning rate")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(text("vary.runs", count=25), exact=True).wait_for()
    dialog.get_by_label(text("vary.count"), exact=True).fill("300")
    dialog.get_by_role("button", name=text("vary.start", count=1500)).click()
    dialog.get_by_role("alert").filter(has_text="1,500").wait_for()
    dialog.get_by_label(text("vary.count"), exact=True).fill("3")
    dialog.get_by_label(text("vary.seeds_each")).fill("2")
    dialog.get_by_label(text("vary.steps")).fill("30")
    dialog.get_by_label(text("vary.halve")).fill("10")
    dialog.get_by_role("button", name=text("vary.start", count=6)).click()
    experiment = created(studio)
    assert experiment["vary"] == {
        "optimizer.learning_rate": {"log": [0.01, 1], "count": 3}, "seed": {"count": 2},
    }  # fmt: skip
    assert (experiment["config"]["steps"], experiment["config"]["layers"][0]["units"]) == (30, 2)
    assert experiment["halving"]["every"] == 10


def test_the_line_of_advice_repeats_the_network_with_24_seeds_and_as_many_steps(studio: Any) -> None:
    studio.open(config=ENDLESS)
    page = studio.page
    page.keyboard.press("ArrowRight")
    studio.wait_until("state.run.step === 1")
    page.get_by_role("button", name=text("vary.repeat")).click()
    page.get_by_role("dialog").get_by_role("button", name=text("vary.start", count=24)).click()
    experiment = created(studio)
    assert (experiment["size"], experiment["vary"]) == (24, {"seed": {"count": 24}})
    assert experiment["config"]["steps"] == 1 and experiment["config"]["unwatched"] == "train"


def test_an_experiment_that_varies_the_examples_shows_its_learning_curve(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    vary = {"dataset.train_samples": [5, 10, 20], "dataset.train_seed": {"count": 3}}
    experiment = create_experiment(ENDLESS, vary, steps=30)
    section = page.locator(".experiment-learning_curve")
    status(page, "finished").wait_for()
    section.locator("tbody tr").nth(2).get_by_text(" to ").first.wait_for()
    section.get_by_text(text("experiment.learning_curve.bands.examples")).wait_for()
    section.get_by_text(text("experiment.learning_curve.all", count=20)).wait_for()
    section.locator("select").select_option("loss")
    path = f"/api/experiments/{experiment}/learning_curve?metric=loss"
    evidence = server.call("GET", path)["curves"][0]["evidence"]
    conclusion = text(f"experiment.learning_curve.conclusion.{evidence['conclusion']}")
    section.locator("strong", has_text=conclusion).wait_for()
    assert "20 examples" in str(section.locator("canvas").get_attribute("aria-label"))
    with page.expect_download() as saved:
        section.get_by_role("button", name=text("experiment.save_csv")).click()
    rows = saved.value.path().read_text("utf-8").splitlines()
    assert rows[0].startswith("train_samples,members") and len(rows) == 4


def test_a_learning_curve_is_opened_with_sizes_in_doublings_up_to_all_training_examples(studio: Any) -> None:
    studio.open(config=ENDLESS)
    page = studio.page
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name=text("vary.repeat")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(text("vary.field")).select_option("dataset.train_samples")
    dialog.get_by_label(text("vary.seeds_each")).fill("2")
    dialog.get_by_role("button", name=text("vary.start", count=8)).click()
    page.get_by_role("heading", name=text("experiment.section.learning_curve")).wait_for()
    assert created(studio)["vary"]["dataset.train_samples"] == [5, 10, 20, 28]


def test_an_experiment_whose_runs_were_all_deleted_says_so_and_can_be_deleted(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    experiment = create_experiment(ENDLESS, RATES, start=False)
    for member in server.call("GET", f"/api/experiments/{experiment}")["members"]:
        server.call("DELETE", f"/api/runs/{member['run']}")
    page.reload()
    page.get_by_text(text("experiment.empty")).wait_for()
    button(page, "delete").click()
    button(page, "delete_all").click()
    page.wait_for_url("**/runs")
    assert experiment not in {each["id"] for each in server.call("GET", "/api/experiments")["experiments"]}


def test_members_that_are_stuck_are_marked_and_the_head_says_how_rounding_differs(
    studio: Any, create_experiment: Any
) -> None:
    page, catalogue = studio.page, studio.server.call("GET", "/api/catalogue")
    create_experiment(ENDLESS | {"initializer": {"name": "zeros"}}, {"seed": {"count": 3}}, steps=20)
    stuck = page.locator(".wall-mark", has_text=text("experiment.wall.stuck"))
    stuck.nth(2).wait_for()
    title = next(each["title"] for each in catalogue["diagnoses"] if each["name"] == "zero_weights")
    page.locator(".wall-texts", has_text=title).wait_for()
    page.locator(".experiment-facts").get_by_text(text("experiment.together", count=3, total=3)).wait_for()
    page.locator(".experiment-minima").get_by_text(text("experiment.minima.map_missing.one_line")).wait_for()


def test_curves_are_drawn_over_the_training_time(studio: Any, create_experiment: Any) -> None:
    create_experiment(ENDLESS, {"seed": {"count": 3}}, True, steps=50)
    curves = studio.page.locator(".experiment-curves")
    curves.get_by_label(text("experiment.curves.axis")).select_option("seconds")
    curves.get_by_text(text("experiment.curves.explain_seconds")).wait_for()
    with studio.page.expect_download() as saved:
        curves.get_by_role("button", name=text("experiment.save_csv")).click()
    assert saved.value.path().read_text("utf-8").startswith("group,seconds,epoch,n,median")


def test_the_page_shows_the_rounds_of_halving_and_marks_the_paused_runs(
    studio: Any, create_experiment: Any
) -> None:
    page = studio.page
    create_experiment(ENDLESS, {"seed": {"count": 4}}, steps=60, halve={"every": 20})
    facts = page.locator(".experiment-facts")
    facts.get_by_text(text("experiment.halving_every", every=20)).wait_for()
    for at, paused, members in ((20, 2, 4), (40, 1, 2)):
        facts.get_by_text(text("experiment.halving_round", at=at, paused=paused, members=members)).wait_for()
    page.locator(".wall-mark", has_text=text("experiment.wall.halved")).nth(2).wait_for()


def test_the_rule_of_halving_is_set_and_removed_on_the_page(studio: Any, create_experiment: Any) -> None:
    page = studio.page
    experiment = create_experiment(ENDLESS, {"seed": {"count": 4}}, steps=60, start=False)
    facts = page.locator(".experiment-facts")
    button(page, "rule").click()
    page.get_by_label(text("experiment.rule_every")).fill("20")
    button(page, "rule_set").click()
    facts.get_by_text(text("experiment.halving_next", step=20)).wait_for()
    button(page, "start").click()
    facts.get_by_text(text("experiment.halving_round", at=20, paused=2, members=4)).wait_for()
    facts.get_by_text(text("experiment.halving_done")).wait_for()
    page.locator(".wall-mark", has_text=text("experiment.wall.halved")).nth(2).wait_for()
    button(page, "rule").click()
    button(page, "rule_remove").click()
    facts.get_by_text(text("experiment.halving_request")).wait_for()
    halving = studio.server.call("GET", f"/api/experiments/{experiment}")["halving"]
    assert halving["every"] is None and len(halving["rounds"]) == 2


def test_the_fields_that_repeat_a_network_are_aligned(studio: Any) -> None:
    studio.open(config=ENDLESS)
    studio.number_field("optimizer.learning_rate").focus()
    studio.page.locator(".vary-button").click()
    controls = studio.page.locator("dialog.vary :is(.vary-field, .vary-row) :is(select, input)")
    controls.nth(6).wait_for()
    lefts = {round(control.bounding_box()["x"]) for control in controls.all()}
    assert controls.count() == 7 and len(lefts) == 1
    assert all(box.bounding_box()["width"] >= 18 for box in studio.page.locator(".vary-scale input").all())


def test_the_baseline_of_an_experiment_is_large_enough_to_touch(
    make_studio: Any, studio: Any, create_experiment: Any
) -> None:
    experiment = create_experiment(ENDLESS, RATES, steps=5)
    phone = make_studio(PHONE, has_touch=True)
    phone.expected_messages.append("status of 404")  # sections that read while it is deleted
    phone.page.goto(f"{phone.server.url}/experiments/{experiment}")
    phone.page.get_by_role("radio").nth(7).wait_for()
    assert phone.page.evaluate("__probe.smallControls(44, '.fields-table')") == []


def test_the_button_that_varies_a_field_has_room_for_a_finger(make_studio: Any) -> None:
    phone = make_studio(PHONE, has_touch=True).open(config=ENDLESS)
    phone.number_field("optimizer.learning_rate").focus()
    button = phone.page.locator(".vary-button")
    box, field = button.bounding_box(), button.locator("..").bounding_box()
    control = phone.number_field("optimizer.learning_rate").bounding_box()
    assert box and field and control and box["height"] >= 44 <= box["width"]
    assert (
        control["y"] + control["height"] <= box["y"]
        and box["y"] + box["height"] <= field["y"] + field["height"]
    )
