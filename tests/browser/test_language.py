"""The pages in Spanish: chosen by the browser, by a link of every page, and kept for the following pages."""

import re

import pytest

from app.web.texts import texts

SPANISH = texts("es")
ENGLISH = texts("en")


def heading(page):
    return page.locator("h1").first.text_content()


def test_a_link_of_the_list_switches_the_language_and_the_other_pages_follow(make_studio):
    studio = make_studio()
    page = studio.page
    page.goto(studio.server.url + "/runs?x=1#here")
    assert heading(page) == ENGLISH.text("gallery.heading")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/runs?x=1&lang=es#here")
    assert heading(page) == SPANISH.text("gallery.heading")
    page.goto(studio.server.url + "/lessons")
    assert heading(page) == SPANISH.text("page.lessons")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/lessons?lang=en")
    page.goto(studio.server.url + "/runs")
    assert heading(page) == ENGLISH.text("gallery.heading")


def test_the_help_of_the_studio_switches_the_language_and_the_configuration_stays(make_studio):
    studio = make_studio().open(config={"layers": [{"units": 5}]})
    studio.press("?")
    studio.page.locator("#help-dialog").get_by_role("link", name="Español").click()
    studio.page.wait_for_url("**/?lang=es#*")
    studio.wait_until("state.catalogue && state.run")
    assert studio.state("state.draft.layers.map(({ units }) => units)") == [5]
    assert studio.page.locator("#train").text_content() == SPANISH.text("studio.bar.train.title")
    moons = studio.state("state.catalogue.datasets.find(({ name }) => name === 'moons').title")
    assert moons == SPANISH.text("catalogue.datasets.moons.title")


def test_numbers_have_a_decimal_comma_for_people_and_a_point_in_inputs_and_files(make_studio):
    studio = make_studio(locale="es-CL").open(config={"dataset": {"name": "moons", "noise": 0.25}})
    assert studio.page.locator("html").get_attribute("lang") == "es"
    studio.train_epoch()
    loss = studio.page.locator("[data-counter=train-loss] .counter-value")
    assert re.fullmatch(r"\d,\d+", loss.text_content())
    assert studio.number_field("dataset.noise").input_value() == "0.25"
    studio.page.click("#panel-curves .menu-button")
    with studio.page.expect_download() as download:
        studio.page.get_by_text(SPANISH.text("panel.shared.menu.save_csv")).click()
    heading, *rows = download.value.path().read_text("utf-8").splitlines()
    assert rows and {row.count(",") for row in rows} == {heading.count(",")}
    assert re.search(r"\d\.\d", rows[-1])


@pytest.mark.parametrize(("language", "separators"), [("en", ".,"), ("es", ",.")])
def test_the_curves_of_plotly_have_the_separators_of_the_language(make_studio, language, separators):
    studio = make_studio(locale=language).open(config={"layers": [{"units": 2}]})
    studio.train_epoch()
    plot = studio.page.locator("#panel-curves .js-plotly-plot")
    plot.wait_for()
    assert plot.evaluate("(plot) => plot.layout.separators") == separators


def test_the_classes_of_a_data_set_have_spanish_names_in_legend_and_results(make_studio):
    studio = make_studio(locale="es-CL").open(
        config={"dataset": {"name": "spiral"}, "layers": [{"units": 3}]}
    )
    studio.train_epoch()
    assert "primer brazo (1)" in studio.page.locator("#panel-decision_boundary").inner_text()
    studio.page.click("#tab-results")
    studio.wait_until("state['view:results']?.run === state.run.id && counters.draws.results")
    studio.wait_until_drawn()
    shown = studio.page.locator("#panel-results").inner_text()
    assert "segundo brazo" in shown and "second arm" not in shown
    saved = studio.page.evaluate("() => window.__perceptarium.state['view:results'].classes")
    assert saved == ["second arm", "first arm"]  # what is saved has the names of the data set


def test_the_class_that_is_always_answered_has_its_name_in_the_language_of_the_page(make_studio):
    studio = make_studio(locale="es-CL").open()
    studio.train_epoch()
    studio.page.locator(".advice").get_by_text("primer brazo").or_(
        studio.page.locator(".advice").get_by_text("segundo brazo")
    ).first.wait_for()
