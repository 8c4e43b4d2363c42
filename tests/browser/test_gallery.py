"""The gallery: runs are searched, sorted, and deleted together."""

import re
from typing import Any

from app.web.texts import texts

text = texts().text
SMALL: dict[str, Any] = {
    "dataset": {"name": "gauss", "samples": 40},
    "layers": [{"units": 2}],
    "start": False,
}
STEPS = {"needle a": 5, "needle b": 20, "needle c": 10}
PAGE_SIZE = 24


def create(server: Any, name: str, **config: Any) -> str:
    return str(server.call("POST", "/api/runs", {**SMALL, "name": name, **config})["id"])


def test_runs_are_tagged_filtered_and_commanded_together(studio: Any) -> None:
    server, page = studio.server, studio.page
    studio.expected_messages.append("422")
    names = ("tagged a", "tagged b", "plain")
    runs = {name: create(server, name, epochs=1_000_000_000) for name in names}
    plane = create(server, "flat", dataset={"name": "plane", "samples": 40})
    page.goto(f"{server.url}/runs")
    card = page.locator(".run-card", has_text="tagged a")
    card.get_by_role("button", name=text("gallery.tags.edit", title="tagged a")).click()
    field = card.get_by_label(text("gallery.tags.label", title="tagged a"))
    field.fill("x" * 41)
    field.press("Enter")
    card.get_by_role("alert").filter(has_text="40").wait_for()
    field.fill("first,  second ,first")
    field.press("Enter")
    card.locator(".run-tag", has_text="second").wait_for()
    assert server.call("GET", f"/api/runs/{runs['tagged a']}")["config"]["tags"] == ["first", "second"]

    for name in ("tagged a", "tagged b"):
        page.get_by_label(text("gallery.select", title=name)).check()
    selection = page.locator(".gallery-selection")
    selection.get_by_label(text("gallery.tags.new")).fill("together")
    selection.get_by_role("button", name=text("gallery.tags.add")).click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.run-tag')].filter((tag) => tag.innerText === 'together')"
        ".length === 2"
    )
    page.get_by_label(text("gallery.by.tag"), exact=True).select_option("together")
    page.wait_for_function("() => document.querySelectorAll('.run-card').length === 2")
    selection.get_by_role("button", name=text("gallery.resume_selected"), exact=True).click()
    running = page.locator(".run-status[data-status=running]")
    running.nth(1).wait_for()
    selection.get_by_role("button", name=text("gallery.pause_selected"), exact=True).click()
    page.locator(".run-status[data-status=paused]").nth(1).wait_for()
    assert running.count() == 0
    page.get_by_label(text("gallery.by.tag"), exact=True).select_option("")
    page.get_by_label(text("gallery.by.task"), exact=True).select_option("Regression")
    page.get_by_role("searchbox").fill("flat")  # other tests leave runs on the same server
    page.wait_for_function(
        "(run) => document.querySelectorAll('.run-card').length === 1"
        " && document.querySelector('.run-card a').href.endsWith(run)",
        arg=plane,
    )


def test_the_card_of_a_policy_has_its_return_and_no_losses(studio: Any) -> None:
    config = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole", "horizon": 20}}
    run = studio.server.call(
        "POST", "/api/runs", {**config, "episodes": 2, "name": "no losses", "start": False}
    )["id"]
    studio.server.train(run, 1)
    studio.page.goto(studio.server.url + "/runs")
    card = studio.page.locator(".run-card", has_text="no losses")
    card.locator(".run-score", has_text="Return").wait_for()
    assert "train" not in card.inner_text()
    studio.server.call("DELETE", f"/api/runs/{run}")


def test_runs_are_searched_sorted_and_deleted_together(studio: Any) -> None:
    server, page = studio.server, studio.page
    needles = {name: create(server, name, optimizer={"name": "adagrad"}) for name in STEPS}
    for name, run in needles.items():
        server.train(run, STEPS[name])
    newer = [create(server, f"hay {index}") for index in range(PAGE_SIZE)]  # fill the first page of the list

    page.goto(f"{server.url}/runs")
    page.locator(".run-card", has_text="hay 0").last.wait_for()
    assert page.locator(".run-card", has_text="needle").count() == 0
    page.get_by_role("searchbox", name=text("gallery.search.label")).fill("needle ADAGRAD")
    page.locator(".run-card:nth-child(3)", has_text="needle a").wait_for()  # the newest first
    page.get_by_label(text("gallery.order.label")).select_option("steps")
    page.locator(".run-card:first-child", has_text="needle b").wait_for()
    titles = page.locator(".run-link strong")
    assert titles.all_inner_texts() == ["needle b", "needle c", "needle a"]
    total = len(
        [run for run in server.call("GET", "/api/runs?limit=1000")["runs"] if run["step"] or run["name"]]
    )
    assert page.locator(".gallery-found").inner_text() == text("gallery.found", count=3, total=total)
    first = page.locator(".run-card").first.inner_text()
    adagrad = server.call("GET", f"/api/runs/{needles['needle b']}")
    assert f"Adagrad, learning rate {adagrad['learning_rate']}" in first
    assert f"Test accuracy {round(100 * adagrad['latest']['metrics']['test_accuracy'])}%" in first
    page.get_by_label(text("gallery.filter.label")).select_option("training")
    page.get_by_text(text("gallery.none")).wait_for()
    page.get_by_label(text("gallery.filter.label")).select_option("all")

    for name in ("needle a", "needle c"):
        page.get_by_label(text("gallery.select", title=name)).check()
    selection = page.locator(".gallery-selection")
    assert text("gallery.selected", count=2) in selection.inner_text()
    selection.get_by_role("button", name=text("gallery.delete_selected")).click()
    selection.get_by_role("button", name=text("page.confirm_deletion")).click()
    page.wait_for_function("() => document.querySelectorAll('.run-card').length === 1")
    left = {run["id"] for run in server.call("GET", "/api/runs?limit=1000")["runs"]}
    assert set(needles.values()) & left == {needles["needle b"]} and set(newer) <= left

    page.get_by_role("searchbox").fill("hay")
    page.wait_for_function(
        "(count) => document.querySelectorAll('.run-card').length === count", arg=PAGE_SIZE
    )
    page.get_by_label(text("gallery.select", title="hay 0")).check()
    selection.get_by_role("button", name=text("gallery.select_all")).click()
    assert text("gallery.selected", count=PAGE_SIZE) in selection.inner_text()
    selection.get_by_role("button", name=text("gallery.select_none")).click()
    assert not selection.is_visible()


def test_trained_runs_are_listed_though_many_newer_ones_are_not_trained(
    make_studio: Any, own_server: Any
) -> None:
    run = create(own_server, "", layers=[{"units": 2}])
    own_server.train(run, 3)
    for _ in range(2 * PAGE_SIZE):
        create(own_server, "")
    page = make_studio(at=own_server).page
    page.goto(f"{own_server.url}/runs")
    page.locator(f".run-card a[href='/runs/{run}']").first.wait_for()


def test_experiments_are_listed_above_the_runs_without_their_members_and_are_deleted_there(
    studio: Any,
) -> None:
    server, page = studio.server, studio.page
    config = {"dataset": SMALL["dataset"], "layers": SMALL["layers"], "name": "a member"}
    vary = {"optimizer.learning_rate": [0.1, 0.2, 0.3]}
    named = server.call(
        "POST", "/api/experiments", {"config": config, "vary": vary, "name": "Rates", "steps": 4}
    )
    others = [
        server.call("POST", "/api/experiments", {"config": config, "vary": vary, "start": False})
        for _ in range(6)
    ]
    create(server, "beside the experiments")
    page.goto(f"{server.url}/runs")
    more = page.get_by_role("button", name=re.compile(text("gallery.experiments.all", count=r"\d+")))
    more.click()
    cards = page.locator(".experiment-card")
    card = cards.filter(has_text="Rates").filter(has=page.locator('[data-status="finished"]'))
    shown = card.inner_text()
    read = server.call("GET", f"/api/experiments/{named['id']}")
    assert text("gallery.experiments.runs", count=3) in shown
    assert text("gallery.experiments.best", loss=f"{read['best']['score']:#.3g}") in shown
    title = next(
        each["title"]
        for each in server.call("GET", "/api/catalogue")["datasets"]
        if each["name"] == SMALL["dataset"]["name"]
    )
    assert all(f"{title} · Learning rate: 3" in each for each in (shown, cards.first.inner_text()))
    members = {member["run"] for member in read["members"]}
    page.locator(".run-card", has_text="beside the experiments").wait_for()
    hrefs = page.eval_on_selector_all(".run-link", "(all) => all.map(({ href }) => href.split('/').pop())")
    assert members.isdisjoint(hrefs)
    card.get_by_role("button", name=text("gallery.experiments.delete", title="Rates")).click()
    page.evaluate("window.isSamePage = true")
    page.get_by_role("button", name=text("experiment.delete_all")).click()
    card.wait_for(state="detached")
    assert page.evaluate("window.isSamePage")
    left = {each["id"] for each in server.call("GET", "/api/experiments")["experiments"]}
    assert named["id"] not in left and {each["id"] for each in others} <= left
    cards.first.get_by_role("link").click()
    page.wait_for_url(f"**{others[-1]['url']}")
    for each in others:
        server.call("DELETE", f"/api/experiments/{each['id']}")


def test_experiments_of_other_paradigms_have_the_labels_of_their_fields(
    make_studio: Any, own_server: Any
) -> None:
    page = make_studio(at=own_server, new=True).page
    config = {"paradigm": "autoencoder", "dataset": {"name": "light_curves", "samples": 40}}
    vary = {"corruption.noise": [0, 0.1]}
    body = {"config": config, "vary": vary, "start": False}
    own_server.call("POST", "/api/experiments", body)
    page.goto(f"{own_server.url}/runs")
    schema = own_server.call("GET", "/api/schema?paradigm=autoencoder")
    label = schema["$defs"]["CorruptionConfig"]["properties"]["noise"]["label"]
    page.locator(".experiment-card", has_text=f"{label}: 2").wait_for()
    page.get_by_text(text("gallery.only_experiments")).wait_for()
