"""Imported tables on the page: preview, correct, use, save and delete them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.web.texts import text
from engine.datasets.tables.dates import NUMBERS

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
    for entry in studio.server.call("GET", "/api/datasets")["datasets"]:
        if "own" in entry:
            studio.server.call("DELETE", f"/api/datasets/{entry['name']}")


def preview(studio, table):
    studio.page.fill(".data-paste", table)
    studio.page.click("#data-preview")
    studio.page.wait_for_selector(".data-facts")


def use(studio, name):
    studio.page.fill("#data-name", name)
    studio.page.click("#data-use")
    studio.wait_until("state.run.config.dataset.name === argument", name)


def gallery_image(dialog, run):
    """The image of a run in the gallery as a data URL, once it is drawn."""
    dialog.page.goto(f"{dialog.server.url}/runs")
    canvas = f".run-card a[href='/runs/{run}'] canvas"
    dialog.page.wait_for_selector(canvas)
    dialog.until(lambda: dialog.pixels(canvas).any())
    return dialog.page.locator(canvas).evaluate("(canvas) => canvas.toDataURL()")


def test_a_pasted_table_is_previewed_and_trained_on(dialog):
    preview(dialog, TABLE)
    assert "60 rows, 3 columns, UTF-8" in dialog.page.inner_text(".data-facts")
    assert dialog.page.input_value('[aria-label="Role of kind"]') == "target"
    use(dialog, "plants")
    assert dialog.run()["config"]["dataset"]["content"]
    dialog.page.wait_for_selector('[data-name="plants"]')
    dialog.train_epoch()
    assert dialog.page.locator("#data-dialog[open]").count() == 0


def test_role_and_problem_can_be_corrected_in_the_preview(dialog):
    preview(dialog, TABLE)
    dialog.page.select_option('[aria-label="Role of width"]', "target")
    dialog.page.wait_for_function(
        "() => document.querySelector('.data-body').innerText.includes('“width” has only 5 values')"
    )
    dialog.page.select_option(f'.data-choice:has-text("{text("data.task.title")}") select', "regression")
    reason = text("data.task_reason.few_integers", name="width", count=5)
    chosen = text("data.task.chosen", task="Regression", suggested="Multiclass", reason=reason)
    dialog.page.locator(".data-note", has_text=chosen).wait_for()
    use(dialog, "widths")
    assert dialog.run()["config"]["loss"]["name"] == "mean_squared_error"


def test_a_problem_of_a_table_names_row_and_column_and_can_be_corrected(dialog):
    preview(dialog, "a,b\n" + "".join(f"{row},{row}\n" for row in range(9)) + "oops,2\n")
    assert "Row 11, column “a”: “oops” is not a number" in dialog.page.inner_text(".data-problems")
    assert dialog.page.is_disabled("#data-use")
    dialog.page.select_option('[aria-label="Type of a"]', "text")
    dialog.page.wait_for_function("() => !document.querySelector('.data-problems')")
    assert dialog.page.is_enabled("#data-use")


def test_a_cell_that_cannot_be_read_is_marked_in_its_line_and_in_the_first_rows(dialog):
    preview(dialog, "a,b\n1,2\noops,2\n" + "".join(f"{row},{row}\n" for row in range(9)))
    assert dialog.page.inner_text(".data-problems .data-line") == "oops,2"
    assert dialog.page.locator(".data-problems mark").all_inner_texts() == ["oops"]
    assert dialog.page.locator(".data-preview td mark").all_inner_texts() == ["oops"]


def test_a_file_that_cannot_be_read_shows_its_lines_and_can_be_read_in_another_way(dialog):
    dialog.expected_messages.append("422")
    rows = "".join(f"{row % 7};1,5;{'x' if row % 7 > 3 else 'y'}\n" for row in range(30))
    dialog.page.fill(".data-paste", "a;b;kind\n" + rows + "1;2\n")
    dialog.page.click("#data-preview")
    dialog.page.wait_for_selector(".data-lines")
    assert "the header has 3" in dialog.page.inner_text(".data-status")
    assert dialog.page.inner_text(".data-lines mark") == "1;2"
    dialog.page.select_option(f'.data-choice:has-text("{text("data.ragged.title")}") select', "drop")
    dialog.page.wait_for_selector(".data-facts")
    assert "30 rows" in dialog.page.inner_text(".data-facts")


def test_what_can_be_read_in_two_ways_is_asked_and_the_other_reading_is_chosen(dialog):
    rows = "".join(f'"{row + 1},{row}50",{row % 2}\n' for row in range(1, 9))
    preview(dialog, "amount,kind\n" + rows)
    first, second = dialog.page.locator(".data-question button").all()
    assert first.get_attribute("aria-pressed") == "true"
    assert (first.inner_text()[:14], second.inner_text()[:12]) == ("2,150 → 2150, ", "2,150 → 2.15")
    second.click()
    dialog.page.wait_for_function("() => !document.querySelector('.data-question')")
    decimal = f'.data-choice:has-text("{text("data.decimal.title")}") select'
    assert dialog.page.input_value(decimal) == ","


def test_how_a_table_was_read_is_edited_afterwards(dialog):
    preview(dialog, TABLE)
    dialog.page.select_option('[aria-label="Role of length"]', "ignored")
    dialog.page.locator(".data-facts", has_text="with 1 input").wait_for()
    use(dialog, "plants")
    before = dialog.run()["config"]["dataset"]["content"]
    dialog.page.click("[data-own-data]")
    dialog.page.click(f'[aria-label="{text("data.own.edit_label", name="plants")}"]')
    dialog.page.wait_for_selector(".data-facts")
    assert dialog.page.input_value('[aria-label="Role of length"]') == "ignored"
    assert dialog.page.input_value("#data-name") == "plants"
    dialog.page.select_option('[aria-label="Role of length"]', "input")
    dialog.page.locator(".data-facts", has_text="with 2 inputs").wait_for()
    dialog.page.click("#data-use")
    dialog.wait_until("state.run.config.dataset.content !== argument", before)
    assert dialog.run()["config"]["features"] == ["length", "width"]


def test_a_file_that_is_no_table_is_rejected_with_the_reason(dialog):
    dialog.expected_messages.append("422")
    dialog.page.set_input_files(
        "#data-file", {"name": "book.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04rest"}
    )
    dialog.page.wait_for_selector(".data-status.wrong")
    assert "spreadsheet" in dialog.page.inner_text(".data-status")
    assert dialog.page.is_visible(".data-paste")


def test_a_run_keeps_its_imported_data_after_their_deletion(dialog):
    dialog.page.set_input_files(
        "#data-file", {"name": "my plants.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    dialog.page.wait_for_selector(".data-facts")
    assert dialog.page.input_value("#data-name") == "my plants"
    use(dialog, "plants")
    run = dialog.run_id
    dialog.page.click("[data-own-data]")
    with dialog.page.expect_download() as download:
        dialog.page.click('[aria-label="Save CSV: plants"]')
    assert download.value.path().read_text().splitlines()[0] == "length,width,kind"
    dialog.page.click('[aria-label="Delete plants"]')
    dialog.page.click('[aria-label="Confirm deletion: plants"]')
    deleted = text("data.own.deleted", name="plants")
    dialog.page.locator(".data-status", has_text=deleted).wait_for()
    assert dialog.page.locator(".data-own").count() == 0
    dialog.press("Escape")
    dialog.train_epoch()
    dialog.open(f"/runs/{run}")
    assert dialog.state("state.points.classes") == ["short", "tall"]
    dialog.page.wait_for_selector('[data-name="plants"]')
    assert gallery_image(dialog, run)


def test_a_run_keeps_its_data_when_other_data_are_imported_under_the_name(dialog):
    preview(dialog, TABLE)
    use(dialog, "plants")
    dialog.train_epoch()
    run, before = dialog.run_id, gallery_image(dialog, dialog.run_id)
    other = "length,width,weight\n" + "".join(f"{row % 7},{row % 5},{row * 1.5}\n" for row in range(60))
    request = dialog.page.request.put(
        f"{dialog.server.url}/api/datasets/plants", data=other, headers={"Content-Type": "text/csv"}
    )
    assert request.json()["task"] == "regression"
    assert gallery_image(dialog, run) == before
    dialog.open(f"/runs/{run}")
    dialog.wait_until("state.catalogue.datasets.filter(({ name }) => name === 'plants').length === 1")
    assert dialog.state("state.catalogue.datasets.find(({ name }) => name === 'plants').task") == "binary"
    assert dialog.page.get_by_label("Problem (restarts)").input_value() == "binary"


def test_a_table_imported_under_the_name_of_the_current_one_replaces_it_in_the_list(dialog):
    preview(dialog, TABLE)
    use(dialog, "plants")
    dialog.page.click("[data-own-data]")
    preview(dialog, "a,b,weight\n" + "".join(f"{row % 7},{row % 5},{row * 1.5}\n" for row in range(60)))
    dialog.page.fill("#data-name", "plants")
    dialog.page.click("#data-use")
    dialog.wait_until("state.points?.run === state.run.id && state.points.task === 'regression'")
    dialog.wait_until_drawn()
    (entry,) = dialog.state("state.catalogue.datasets.filter(({ name }) => name === 'plants')")
    assert (entry["task"], entry["inputs"], bool(entry["own"]["created"])) == (
        "regression",
        ["a", "b"],
        True,
    )
    dialog.page.click("[data-own-data]")
    assert text("data.task.regression") in dialog.page.inner_text(".data-own")


def test_a_file_gets_a_free_name_and_the_dialog_says_what_a_name_in_use_means(dialog):
    page, note = dialog.page, dialog.page.locator("#data-name-note")
    preview(dialog, TABLE)
    assert note.inner_text() == ""
    use(dialog, "plants")
    for name, proposed in (("plants.csv", "plants 2"), ("Spiral.csv", "Spiral 2"), ("reeds.csv", "reeds")):
        page.click("[data-own-data]")
        page.set_input_files("#data-file", {"name": name, "mimeType": "text/csv", "buffer": TABLE.encode()})
        page.wait_for_selector(".data-facts")
        assert page.input_value("#data-name") == proposed
        page.keyboard.press("Escape")
    page.click("[data-own-data]")
    preview(dialog, TABLE)
    page.fill("#data-name", "plants")
    assert note.inner_text() == text("data.name_replaces", name="plants")
    page.fill("#data-name", "Spiral")
    assert note.inner_text() == text("data.name_built_in", name="spiral")
    page.fill("#data-name", "reeds")
    assert note.inner_text() == ""


def test_tables_without_a_name_can_be_downloaded_added_and_deleted(make_studio, own_server):
    other, studio = TABLE.replace("width", "height"), make_studio(at=own_server)
    for name, table in (("plants", TABLE), ("other", other)):
        data = {"data": table, "headers": {"Content-Type": "text/csv"}}
        studio.page.request.put(f"{own_server.url}/api/datasets/{name}", **data)
    own_server.stop()
    (own_server.folder / "runs.sqlite3").unlink()
    own_server.start()
    page, found = studio.page, studio.page.locator(".data-found")
    studio.open()
    page.click("[data-own-data]")
    rows = found.locator("li", has_text="60 rows of length, width; ")
    added = rows.locator("strong").inner_text()
    assert found.locator("li").count() == 2
    with page.expect_download() as download:
        rows.get_by_role("link", name=text("data.found.download_label", name=added)).click()
    assert download.value.path().read_text().splitlines()[0] == "length,width,kind"
    rows.get_by_role("button", name=text("data.found.add_label", name=added)).click()
    page.wait_for_selector(".data-facts")
    assert page.input_value("#data-name") == added
    use(studio, "plants")
    page.click("[data-own-data]")
    found.locator("li", has_text="60 rows of length, height; ").wait_for()
    assert found.locator("li").count() == 1
    name = found.locator("strong").inner_text()
    page.get_by_role("button", name=text("data.own.delete_label", name=name)).click()
    assert len(own_server.call("GET", "/api/datasets")["found"]) == 1
    page.get_by_role("button", name=text("data.own.confirm_label", name=name)).click()
    page.locator(".data-status", has_text=text("data.found.deleted", name=name)).wait_for()
    assert own_server.call("GET", "/api/datasets")["found"] == []
    assert found.is_hidden()


def test_a_file_dropped_on_the_page_opens_the_dialog(dialog):
    dialog.press("Escape")
    dialog.page.evaluate(
        """(content) => {
            const data = new DataTransfer();
            data.items.add(new File([content], "dropped.csv"));
            const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
        }""",
        TABLE,
    )
    dialog.page.wait_for_selector(".data-facts")
    assert dialog.page.input_value("#data-name") == "dropped"


def test_the_import_dialog_fits_a_phone_and_its_controls_are_large_enough_to_touch(dialog):
    dialog.page.set_viewport_size({"width": 390, "height": 844})
    preview(dialog, TABLE)
    assert dialog.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    fits = "(dialog) => dialog.scrollWidth <= dialog.clientWidth"
    assert dialog.page.eval_on_selector("#data-dialog", fits)
    heights = dialog.page.eval_on_selector_all(
        "#data-dialog select, #data-dialog button", "(all) => all.map((element) => element.offsetHeight)"
    )
    assert min(heights) >= 44


def test_own_missing_words_are_set_in_the_dialog_and_a_suspected_number_by_one_click(dialog):
    sold = [-200 if row % 20 == 0 else row for row in range(60)]
    rows = [f"{row},{sold[row]},{'unknown' if row % 9 == 1 else row}" for row in range(60)]
    preview(dialog, "\n".join(["a,sold,b", *rows]) + "\n")
    missing = '//tr[th="{}"]/td[@class="data-number"]'
    dialog.page.click(f'[aria-label="{text("data.means_missing_label", value="-200", name="sold")}"]')
    dialog.page.locator(missing.format("sold"), has_text="3").wait_for()
    field = dialog.page.locator(f'.data-choice:has-text("{text("data.missing_words.title")}") input')
    assert field.input_value() == "sold=-200"
    field.fill("sold=-200, unknown")
    field.blur()
    dialog.page.locator(missing.format("b"), has_text="7").wait_for()


def test_dates_are_shown_and_what_they_become_is_chosen_in_one_place(dialog):
    rows = "".join(f"{row % 28 + 1:02}.{row // 28 + 1:02}.2024,{row}\n" for row in range(80))
    preview(dialog, "day,sold\n" + rows)
    assert dialog.page.input_value('[aria-label="Type of day"]') == "date"
    box = {name: f'[aria-label="{text(f"data.dates.{name}")}"]' for name in NUMBERS}
    assert [dialog.page.is_checked(box[name]) for name in ("year", "weekday")] == [False, True]
    for name in ("day_of_year", "weekday"):
        dialog.page.uncheck(box[name])
    dialog.page.locator(".data-facts", has_text="80 rows with 1 input will be used").wait_for()
    dialog.page.uncheck(box["elapsed"])
    dialog.page.locator(".data-reason", has_text=text("data.reason.dates_left_out")).wait_for()


def test_choices_made_before_the_answer_to_earlier_ones_all_count(dialog):
    days = [f"{row % 28 + 1:02}.{row // 28 + 1:02}.2024" for row in range(80)]
    rows = "".join(f"{day},{row},{row % 2},{row % 2}\n" for row, day in enumerate(days))
    preview(dialog, "day,sold,left,right\n" + rows)
    waiting = []
    dialog.page.route("**/api/datasets/*dry_run=true", lambda route: waiting.append(route))
    for name in ("day_of_year", "weekday"):
        dialog.page.uncheck(f'[aria-label="{text(f"data.dates.{name}")}"]')
    for name in ("left", "right"):
        dialog.page.select_option(f'[aria-label="{text("data.column.type_label", name=name)}"]', "text")
    dialog.until(lambda: len(waiting) == 4)
    last = parse_qs(urlsplit(waiting[-1].request.url).query)
    for route in waiting:
        route.continue_()
    assert last["dates"] == ["elapsed"] and last["text"] == ["left", "right"]


def test_no_part_of_the_preview_covers_the_buttons_at_its_end(dialog):
    preview(dialog, TABLE)
    dialog.page.locator(".data-preview summary").click()
    covered = """() => {
      const buttons = document.querySelector(".data-buttons");
      let scroller = buttons.parentElement;
      while (scroller.scrollHeight <= scroller.clientHeight) scroller = scroller.parentElement;
      const found = [];
      for (scroller.scrollTop = 0; ; scroller.scrollTop += 10) {
        const { left, top, width, height } = buttons.getBoundingClientRect();
        const element = document.elementFromPoint(left + width / 3, top + height / 2);
        if (!element.closest(".data-buttons")) found.push([scroller.scrollTop, element.tagName]);
        if (scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - 2) return found;
      }
    }"""
    assert dialog.page.evaluate(covered) == []


def test_every_decision_in_the_dialog_has_a_reason_below_it(dialog):
    preview(dialog, TABLE)
    reasons = dialog.page.locator(".data-choices .data-reason").all_inner_texts()
    assert text("data.reason.thousands_none") in reasons and text("data.reason.skip_none") in reasons
    assert len(reasons) == 8
    assert dialog.page.locator(".data-table .data-reason").count() == 2 * 3


def test_a_table_without_names_has_input_maps_and_an_image_in_the_gallery(dialog):
    cells = [[row * (column + 3) % (7 + column) + 0.5 for column in range(9)] for row in range(60)]
    lines = [",".join([*map(str, values), "uv"[row % 2]]) for row, values in enumerate(cells)]
    preview(dialog, "\n".join(lines) + "\n")
    assert dialog.page.locator(".data-table tbody th", has_text="column 10").count() == 1
    use(dialog, "nameless")
    dialog.train_epoch()
    network = dialog.server.call("GET", f"/api/runs/{dialog.run_id}/views/network")
    assert len(network["inputs"]["names"]) == 9
    assert gallery_image(dialog, dialog.run_id)


def test_a_changed_role_builds_only_its_row_again(dialog):
    preview(dialog, TABLE)
    dialog.page.click(".data-preview summary")
    dialog.page.evaluate(
        """() => document.querySelectorAll(".data-table tbody tr, .data-facts")
          .forEach((each) => (each.old = true))"""
    )
    dialog.page.select_option('[aria-label="Role of width"]', "ignored")
    dialog.page.wait_for_function("() => !document.querySelector('.data-facts').old")
    rows = dialog.page.evaluate(
        """() => [...document.querySelectorAll(".data-scroll:not(details *) tbody tr")].map((row) =>
          [row.querySelector("th").textContent, Boolean(row.old)])"""
    )
    assert rows == [["length", True], ["width", False], ["kind", True]]
    assert dialog.page.input_value('[aria-label="Role of width"]') == "ignored"
    assert dialog.page.locator(".data-preview[open]").count() == 1
    dialog.page.select_option('[aria-label="Role of length"]', "target")  # with a row that was kept
    dialog.page.wait_for_function(
        "() => document.querySelector('[aria-label=\"Role of kind\"]').value === 'input'"
    )


def test_a_role_that_a_column_cannot_have_is_not_shown_as_its_role(dialog):
    preview(dialog, "same," + TABLE.replace("\n", "\n1,").removesuffix("1,"))
    assert dialog.page.input_value('[aria-label="Role of same"]') == "ignored"
    dialog.page.evaluate("() => (document.querySelector('.data-facts').old = true)")
    dialog.page.select_option('[aria-label="Role of same"]', "input")
    dialog.page.wait_for_function("() => !document.querySelector('.data-facts').old")
    assert dialog.page.input_value('[aria-label="Role of same"]') == "ignored"
