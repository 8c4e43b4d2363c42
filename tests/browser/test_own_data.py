"""A person's own data on the page: bring a table, correct what was understood, use and delete it."""

import pytest

TABLE = "length,width,kind\n" + "".join(
    f"{row % 7},{row % 5},{'tall' if row % 7 > 3 else 'short'}\n" for row in range(60)
)


@pytest.fixture
def dialog(studio):
    """The open dialog of a fresh studio."""
    studio.open()
    studio.page.click("[data-own-data]")
    studio.page.wait_for_selector(".data-paste")
    yield studio
    for each in studio.server.call("GET", "/api/datasets")["datasets"]:
        if "own" in each:
            studio.server.call("DELETE", f"/api/datasets/{each['name']}")


def read(studio, text):
    studio.page.fill(".data-paste", text)
    studio.page.click("text=Read it")
    studio.page.wait_for_selector(".data-facts")


def use(studio, name):
    studio.page.fill("#data-name", name)
    studio.page.click("text=Use this data")
    studio.wait("state.run.config.dataset.name === argument", name)


def in_the_gallery(dialog, run):
    """The picture of a run in the gallery, as text, once it is painted."""
    dialog.page.goto(f"{dialog.server.url}/runs")
    dialog.expected_messages.append("willReadFrequently")  # we look again and again
    return dialog.page.wait_for_function(
        """(selector) => {
          const canvas = document.querySelector(selector);
          const data = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return data?.some((value) => value > 0) && canvas.toDataURL();
        }""",
        arg=f".run-card a[href='/runs/{run}'] canvas",
    ).json_value()


def test_a_pasted_table_is_understood_confirmed_and_trained_on(dialog):
    read(dialog, TABLE)
    assert "60 rows, 3 columns, UTF-8" in dialog.page.inner_text(".data-facts")
    assert dialog.page.input_value('[aria-label="Role of kind"]') == "target"
    use(dialog, "plants")
    assert dialog.run()["config"]["dataset"]["content"]
    dialog.page.wait_for_selector('[data-name="plants"]')
    dialog.epoch()
    assert dialog.page.locator("#data-dialog[open]").count() == 0


def test_what_was_understood_can_be_corrected(dialog):
    read(dialog, TABLE)
    dialog.page.select_option('[aria-label="Role of width"]', "target")
    dialog.page.wait_for_function(
        "document.querySelector('.data-body').innerText.includes('“width” has only 5 values')"
    )
    dialog.page.select_option('.data-choice:has-text("Problem") select', "regression")
    dialog.page.wait_for_function(
        "document.querySelector('.data-body').innerText.includes('Regression: chosen')"
    )
    use(dialog, "widths")
    assert dialog.run()["config"]["loss"]["name"] == "mean_squared_error"


def test_a_refusal_names_row_and_column_and_nothing_is_lost(dialog):
    read(dialog, "a,b\n" + "".join(f"{row},{row}\n" for row in range(9)) + "oops,2\n")
    assert "Row 11, column “a”: “oops” is not a number" in dialog.page.inner_text(".data-problems")
    assert dialog.page.is_disabled("text=Use this data")
    dialog.page.select_option('[aria-label="Type of a"]', "text")
    dialog.page.wait_for_function("!document.querySelector('.data-problems')")
    assert dialog.page.is_enabled("text=Use this data")


def test_a_file_that_is_no_table_is_refused_with_the_reason(dialog):
    dialog.expected_messages.append("422")
    dialog.page.set_input_files(
        "#data-file", {"name": "book.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04rest"}
    )
    dialog.page.wait_for_selector(".data-status.wrong")
    assert "spreadsheet" in dialog.page.inner_text(".data-status")
    assert dialog.page.is_visible(".data-paste")


def test_own_sets_are_listed_saved_and_deleted_and_the_run_goes_on(dialog):
    dialog.page.set_input_files(
        "#data-file", {"name": "my plants.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    dialog.page.wait_for_selector(".data-facts")
    assert dialog.page.input_value("#data-name") == "my plants"
    use(dialog, "plants")
    run = dialog.run_id
    dialog.page.click("[data-own-data]")
    with dialog.page.expect_download() as saved:
        dialog.page.click("text=Save CSV")
    assert saved.value.path().read_text().splitlines()[0] == "length,width,kind"
    dialog.page.click('[aria-label="Delete plants"]')
    dialog.page.click('[aria-label="Delete plants"]')
    dialog.page.wait_for_function("document.querySelector('.data-status').innerText.includes('is deleted')")
    assert dialog.page.locator(".data-own").count() == 0
    dialog.press("Escape")
    dialog.epoch()
    dialog.open(f"/runs/{run}")
    assert dialog.state("state.points.classes") == ["short", "tall"]
    dialog.page.wait_for_selector('[data-name="plants"]')
    assert in_the_gallery(dialog, run)


def test_runs_show_their_own_problem_when_other_data_took_the_name(dialog):
    read(dialog, TABLE)
    use(dialog, "plants")
    dialog.epoch()
    run, before = dialog.run_id, in_the_gallery(dialog, dialog.run_id)
    other = "length,width,weight\n" + "".join(f"{row % 7},{row % 5},{row * 1.5}\n" for row in range(60))
    request = dialog.page.request.put(
        f"{dialog.server.url}/api/datasets/plants", data=other, headers={"Content-Type": "text/csv"}
    )
    assert request.json()["task"] == "regression"
    assert in_the_gallery(dialog, run) == before
    dialog.open(f"/runs/{run}")
    dialog.wait("state.catalogue.datasets.filter(({ name }) => name === 'plants').length === 1")
    assert dialog.state("state.catalogue.datasets.find(({ name }) => name === 'plants').task") == "binary"
    assert dialog.page.get_by_label("Problem (restarts)").input_value() == "binary"


def test_a_table_that_took_the_name_of_the_present_one_is_the_one_listed(dialog):
    read(dialog, TABLE)
    use(dialog, "plants")
    dialog.page.click("[data-own-data]")
    read(dialog, "a,b,weight\n" + "".join(f"{row % 7},{row % 5},{row * 1.5}\n" for row in range(60)))
    dialog.page.fill("#data-name", "plants")
    dialog.page.click("text=Use this data")
    dialog.wait("state.points?.run === state.run.id && state.points.task === 'regression'")
    dialog.drawn()
    (listed,) = dialog.state("state.catalogue.datasets.filter(({ name }) => name === 'plants')")
    assert (listed["task"], listed["inputs"], bool(listed["own"]["created"])) == (
        "regression",
        ["a", "b"],
        True,
    )
    dialog.page.click("[data-own-data]")
    assert "plants regression" in dialog.page.inner_text(".data-own")


def test_a_file_dropped_on_the_page_opens_the_dialog(dialog):
    dialog.press("Escape")
    dialog.page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.csv"));
            const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
        }""",
        TABLE,
    )
    dialog.page.wait_for_selector(".data-facts")
    assert dialog.page.input_value("#data-name") == "dropped"


def test_the_dialog_fits_a_phone_with_targets_for_a_thumb(dialog):
    dialog.page.set_viewport_size({"width": 390, "height": 844})
    read(dialog, TABLE)
    assert dialog.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    fits = "(dialog) => dialog.scrollWidth <= dialog.clientWidth"
    assert dialog.page.eval_on_selector("#data-dialog", fits)
    heights = dialog.page.eval_on_selector_all(
        "#data-dialog select, #data-dialog button", "(all) => all.map((each) => each.offsetHeight)"
    )
    assert min(heights) >= 44
