"""Requests of the page about its run."""

from typing import Any

# Delays the answer about weights until `release()`; `requests` lists its end, and the request for a new run.
DELAYED_WEIGHTS = """() => {
  const send = window.fetch, released = new Promise((resolve) => { window.release = resolve; });
  window.requests = [];
  window.fetch = async (path, options = {}) => {
    if (options.method === "POST" && path === "/api/runs") window.requests.push("new run");
    if (options.method !== "GET" || !path.endsWith("/weights")) return send(path, options);
    const answer = await send(path, options);
    window.delayed = true;
    await released;
    window.requests.push("weights");
    return answer;
  };
}"""


def test_a_run_is_replaced_after_the_open_requests_about_it_are_answered(studio: Any) -> None:
    studio.open()
    studio.page.evaluate(DELAYED_WEIGHTS)
    run = studio.run_id
    edit = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 0.5}]}
    studio.server.call("PATCH", f"/api/runs/{run}/weights", edit)
    studio.page.wait_for_function("() => window.delayed")
    seed = studio.state("state.draft.seed")
    studio.press("n")
    studio.page.wait_for_function("(seed) => __perceptarium.state.draft.seed !== seed", arg=seed)
    studio.page.evaluate("() => window.release()")
    studio.wait_until("state.run.id !== argument", run)
    assert studio.page.evaluate("() => window.requests")[:2] == ["weights", "new run"]


READ_AND_REPLACE = """async (replace) => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const { api } = await import(module.replace(/[/]js[/].*/, "/js/core/api.js"));
  const send = window.fetch, requests = [];
  window.fetch = async (path, { method }) => {
    requests.push(`${method} begins`);
    await null;
    requests.push(`${method} ends`);
    return new Response("{}");
  };
  await Promise.all([api.weights("old"), replace ? api.create({ replaces: "old" }) : api.discard("old")]);
  const later = await api.weights("old").catch(({ code }) => code);
  await api.run("old");
  const found = await api.weights("old");
  window.fetch = send;
  return [requests.slice(0, 4), later, found];
}"""


def test_a_request_that_begins_just_before_a_run_is_replaced_or_removed_is_answered_first(
    studio: Any,
) -> None:
    studio.open()
    for replace, method in ((True, "POST"), (False, "DELETE")):
        requests, later, found = studio.page.evaluate(READ_AND_REPLACE, replace)
        assert requests == ["GET begins", "GET ends", f"{method} begins", f"{method} ends"]
        assert later == "no_such_run"
        assert found == {}  # a run that exists after all is read again


READ_WHILE_TWO_ARE_REPLACED = """async () => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const { api } = await import(module.replace(/[/]js[/].*/, "/js/core/api.js"));
  const send = window.fetch, answer = {}, requests = [];
  window.fetch = (path, { method, body }) => {
    requests.push(method);
    const response = new Response("{}");
    return method === "GET" ? Promise.resolve(response)
      : new Promise((resolve) => { answer[JSON.parse(body).replaces] = () => resolve(response); });
  };
  const first = api.create({ replaces: "a" }), second = api.create({ replaces: "b" });
  answer.a();
  await first;
  const read = api.weights("b").catch(({ code }) => code);
  await new Promise((resolve) => { setTimeout(resolve); });
  answer.b();
  const results = [await read, await second];
  window.fetch = send;
  return [requests, results[0]];
}"""


def test_nothing_is_read_of_a_run_while_the_later_of_two_replacements_is_open(studio: Any) -> None:
    studio.open()
    assert studio.page.evaluate(READ_WHILE_TWO_ARE_REPLACED) == [["POST", "POST"], "no_such_run"]


# The answer to the first of two requests arrives last; `get()` is all that is needed of the page's state.
LATE_POINTS = """async () => {
  const { loadPoints } = await __probe.importModule("studio/run-connection");
  const send = window.fetch, answers = [], shown = [];
  const answer = (path) => new Response(JSON.stringify({ path }));
  window.fetch = (path) => new Promise((resolve) => answers.push(() => resolve(answer(path))));
  const store = { get: () => ({ run: { id: "run" } }), set: ({ points }) => shown.push(points.path) };
  const requests = [loadPoints(store, "run"), loadPoints(store, "run", { step: 2, attempt: 0 })];
  answers[1]();
  await requests[1];
  answers[0]();
  await requests[0];
  window.fetch = send;
  return shown;
}"""


def test_points_that_arrive_after_those_requested_later_are_not_shown(studio: Any) -> None:
    studio.open()
    assert studio.page.evaluate(LATE_POINTS) == ["/api/runs/run/points?numbers=2000000&step=2&attempt=0"]


LISTENERS = """async () => {
  const { createStore } = await __probe.importModule("core/store");
  const store = createStore({ run: null, notice: null }), calls = [];
  store.watch(({ notice }) => notice || store.set({ notice: "changed by a listener" }));
  const stop = store.watch((_, changed) => {
    calls.push(changed);
    stop();
  });
  store.set({ run: "new" });
  return calls;
}"""


def test_a_listener_that_has_removed_itself_is_not_called_again_for_the_same_change(studio: Any) -> None:
    studio.open()
    assert studio.page.evaluate(LISTENERS) == [["notice"]]


def test_a_visit_requests_the_run_and_the_descriptions_of_configurations_once(studio: Any) -> None:
    for config in (
        None,
        {"layers": [{"units": 3}]},
    ):  # of a shared configuration after the modules are loaded
        paths: list[str] = []
        studio.page.on("request", lambda request, paths=paths: paths.append(request.url))
        studio.open(config=config)
        names = [path.removeprefix(studio.server.url) for path in paths]
        assert [names.count(f"/api/{name}") for name in ("runs", "catalogue", "schema")] == [1, 1, 1]


INFLATED_BEFORE = """async () => {
  const { follow } = await __probe.importModule("core/live-stream");
  const text = JSON.stringify({ kind: "status", seq: 3 });
  const content = new Uint8Array(4 + text.length);
  new DataView(content.buffer).setUint32(0, text.length, true);
  content.set(new TextEncoder().encode(text), 4);
  // What was sent is not inflated again: this is no deflate stream.
  const messages = [{ data: Uint8Array.of(0, 255, 255).buffer, inflated: Promise.resolve(content.buffer) }];
  const connections = [], socket = { readyState: WebSocket.OPEN, close() {} };
  return new Promise((resolve) => follow("run", {
    early: { socket, messages },
    onConnection: (name) => connections.push(name),
    onFrame: ({ kind, seq, run }) => resolve({ kind, seq, run, connections }),
  }));
}"""


def test_messages_that_came_while_the_modules_were_loaded_are_received_as_they_were_inflated(
    studio: Any,
) -> None:
    studio.open()
    received = studio.page.evaluate(INFLATED_BEFORE)
    assert received == {"kind": "status", "seq": 3, "run": "run", "connections": ["connecting", "open"]}
