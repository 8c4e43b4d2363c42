"""The line of advice below the bar: what is wrong, the button that mends it, and how far the training is."""

from typing import Any

from app.web.texts import texts

PHONE = {"width": 390, "height": 844}
DEEP = {"layers": [{"units": 6, "activation": "sigmoid"}] * 6, "dataset": {"name": "circle"}}
EASY = {"dataset": {"name": "circle"}, "layers": [{"units": 8}], "epochs": 100_000}
OVERFITTING = {
    "dataset": {"name": "xor", "samples": 60, "noise": 0.5},
    "layers": [{"units": 64}, {"units": 64}],
    "l2": 1e-6,
    "epochs": 100_000,
}


def wait_for_advice(studio: Any, condition: str) -> None:
    """Waits for a condition on the newest advice of the run, and until the line is drawn."""
    advice = "state['view:advice']"
    studio.wait_until(f"{advice}?.run === state.run.id && (({condition}))".replace("ADVICE", advice))
    studio.page.wait_for_function(
        "() => document.getElementById('advice').dataset.kind === "
        "window.__perceptarium.state['view:advice'].code"
    )


def advice_text(studio: Any) -> str:
    return str(studio.page.inner_text("#advice .advice-title"))


def advice_detail(studio: Any) -> str:
    return str(studio.page.inner_text("#advice .advice-detail"))


def test_an_untrained_network_is_advised_to_train(studio: Any) -> None:
    studio.open()
    assert (advice_text(studio), advice_detail(studio)) == ("Not trained yet", "Press Train.")
    studio.open(f"/runs/{studio.run_id}")
    assert (advice_text(studio), advice_detail(studio)) == ("Not trained yet", "Press Train.")
    assert "advice" not in studio.page.evaluate("window.__perceptarium.watched")
    studio.train_epoch()
    wait_for_advice(studio, "ADVICE.step === state.run.step")
    assert (advice_text(studio), "Solved from 95% on." in advice_detail(studio)) == ("Paused", True)
    studio.page.click("#reset")
    wait_for_advice(studio, "state.run.step === 0 && ADVICE.code === 'untrained'")
    assert (advice_text(studio), advice_detail(studio)) == ("Not trained yet", "Press Train.")
    assert studio.page.locator(".advice-action").is_hidden()


def test_a_trained_network_is_never_called_untrained_while_its_advice_is_computed(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    wait_for_advice(studio, "ADVICE.step === state.run.step")
    texts = studio.page.evaluate(
        """async () => {
          const { describe } = await __probe.importModule("panels/advice/text");
          const { frameOf } = await __probe.importModule("panels/advice/index");
          const { state } = window.__perceptarium;
          const late = { ...state["view:advice"], code: "untrained", step: 0 };
          return [null, late].map((frame) => {
            const shown = { ...state, "view:advice": frame };
            return describe(frameOf(shown), shown).title;
          });
        }"""
    )
    assert texts == ["Paused", "Paused"]


def test_the_button_of_a_problem_applies_its_remedy_and_undo_takes_it_back(studio: Any) -> None:
    studio.open(config=DEEP)
    studio.train_epoch()
    wait_for_advice(studio, "ADVICE.code === 'problem'")
    assert advice_text(studio).startswith("Vanishing gradient in layers 1")
    button = studio.page.locator(".advice-action")
    assert button.inner_text() == "Use ReLU"
    button.click()
    studio.wait_until("state.run.config.layers.every(({ activation }) => activation === 'relu')")
    studio.wait_until_applied()
    studio.press("Control+z")
    studio.wait_until("state.run.config.layers.every(({ activation }) => activation === 'sigmoid')")


def test_the_tab_of_health_carries_the_number_of_problems(studio: Any) -> None:
    studio.open(config=DEEP)
    studio.train_epoch()
    wait_for_advice(studio, "ADVICE.code === 'problem'")
    tab = studio.page.locator("#tab-layer_health")
    count = studio.state("state['view:advice'].problems")
    assert tab.get_attribute("data-count") == str(count)
    assert f"{count} problem" in str(tab.get_attribute("aria-label"))
    tab.click()
    studio.wait_until("state['view:layer_health']")
    studio.page.wait_for_selector("#panel-layer_health .card")
    assert studio.page.locator("#panel-layer_health .card").count() == count


def test_a_solved_task_says_so_with_its_steps(studio: Any) -> None:
    studio.open(config=EASY)
    studio.page.click("#train")
    # Text and view are read at once, and while it trains the test may become unsolved again.
    studio.page.wait_for_function(
        """() => {
          const { state } = window.__perceptarium;
          const steps = state["view:advice"]?.score?.solved_step?.toLocaleString("en-US");
          const text = document.querySelector("#advice .advice-title")?.textContent ?? "";
          return steps && text.startsWith("Test accuracy ") && text.endsWith(`solved in ${steps} steps`);
        }"""
    )


def test_the_score_of_the_line_follows_that_of_the_bar_during_a_training(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "plane"}, "layers": [{"units": 4}], "epochs": 100_000})
    studio.page.click("#train")
    wait_for_advice(studio, "ADVICE.code === 'solved'")
    pairs = studio.page.evaluate(
        """async () => {
          const texts = new Set();
          const title = document.querySelector("#advice .advice-title");
          const value = document.querySelector("[data-counter=score] .counter-value");
          while (texts.size < 12) {
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
            texts.add(JSON.stringify([title.textContent, value.textContent]));
          }
          return [...texts].map((pair) => JSON.parse(pair));
        }"""
    )
    # A panel for which an animation frame has no time left is drawn in the next one: then half are unequal.
    equal = [score for title, score in pairs if f" {score}: solved" in title]
    assert len(equal) >= len(pairs) / 3


def test_overfitting_leads_back_to_the_best_step_in_the_time_line(studio: Any) -> None:
    studio.open(config=OVERFITTING)
    studio.page.click("#train")
    wait_for_advice(studio, "ADVICE.code === 'problem' && ADVICE.problem[0].name === 'overfitting'")
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused' && state['view:advice'].step === state.run.step")
    wait_for_advice(studio, "ADVICE.code === 'problem' && ADVICE.action.step")
    best = studio.state("state['view:advice'].action.step")
    assert advice_text(studio) == f"Overfitting since step {best:,}"
    studio.page.get_by_role("button", name="Go back to the best").click()
    studio.wait_until("state.shown?.step === argument", best)
    wait_for_advice(studio, "ADVICE.step === state.shown.step")
    assert advice_text(studio) != f"Overfitting since step {best:,}"


def test_a_new_diagnosis_has_a_line_without_a_sentence_of_its_own(studio: Any) -> None:
    studio.open(config=DEEP)
    studio.train_epoch()
    wait_for_advice(studio, "ADVICE.code === 'problem'")
    text = studio.page.evaluate(
        """async () => {
          const { describe } = await __probe.importModule("panels/advice/text");
          const suggestion = { name: "start_again", parameters: {}, text: "Start again.",
            changes: { seed: 7 } };
          const finding = { name: "bad_luck", title: "Bad luck", layer: null, since: null, parameters: {},
            rule: "The loss is unlucky.", suggestion };
          const frame = { code: "problem", problem: [finding], layers: 2, action: { changes: { seed: 7 } } };
          return describe(frame, window.__perceptarium.state);
        }"""
    )
    assert (text["title"], text["detail"]) == ("Bad luck", "The loss is unlucky.")
    assert (text["button"], text["help"]) == ("Apply the remedy", "Start again.")


def test_the_line_has_a_fixed_height_so_that_nothing_moves(make_studio: Any) -> None:
    for size in ({"width": 1440, "height": 900}, PHONE):
        studio = make_studio(size).open(config=DEEP)
        height = "document.getElementById('advice').getBoundingClientRect().height"
        before = studio.page.evaluate(height)
        studio.train_epoch()
        wait_for_advice(studio, "ADVICE.code === 'problem'")
        assert studio.page.evaluate(height) == before
        fits = "document.querySelector('.advice-action').getBoundingClientRect().right <= innerWidth"
        assert studio.page.evaluate(fits)


def test_on_a_phone_title_and_detail_are_complete(make_studio: Any) -> None:
    studio = make_studio(PHONE).open()
    studio.train_epoch()
    studio.page.wait_for_selector("#advice > .advice-action", state="attached")
    title = texts().text("advice.solved", name="Test accuracy", value="99.6%", count=12_900, steps="12,900")
    best = texts().text("advice.best", value="99.8%", step="12,600")
    detail = f"{best} {texts().text('advice.goal', value='95%')}"
    outside = """([title, detail]) => {
      const line = document.getElementById("advice");
      line.querySelector(".advice-action").hidden = true;
      line.querySelector(".advice-title").textContent = title;
      line.querySelector(".advice-detail").textContent = detail;
      const isOutside = ({ scrollWidth, clientWidth, offsetTop, offsetHeight }) => scrollWidth > clientWidth
        || offsetTop < line.offsetTop || offsetTop + offsetHeight > line.offsetTop + line.offsetHeight;
      const parts = [...line.querySelectorAll(".advice-title, .advice-detail")];
      return parts.filter(isOutside).map((part) => part.className);
    }"""
    for longest in ([title, best], ["Paused", detail]):
        assert studio.page.evaluate(outside, longest) == []


def test_no_view_is_computed_for_a_page_that_nobody_sees(studio: Any) -> None:
    studio.open().train_epoch()
    wait_for_advice(studio, "ADVICE.step === state.run.step")
    assert "advice" in studio.page.evaluate("window.__perceptarium.watched")
    studio.page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert studio.page.evaluate("window.__perceptarium.watched") == []
    studio.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
