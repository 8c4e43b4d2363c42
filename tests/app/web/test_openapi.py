"""OpenAPI: the description is complete and correct, so that a generated client works."""

import importlib
import json
import re
import subprocess
import sys
from types import ModuleType

import pytest
from pydantic import TypeAdapter

from app.web.models import (
    catalogue_answers,
    comparison_answers,
    experiment_answers,
    history_answers,
    run_answers,
)
from engine.views import VIEWS

# Files are sent as they are, and the code need not be formatted.
GENERATOR = {"content_type_overrides": {"text/csv": "application/octet-stream"}, "post_hooks": []}
ROWS = "a,b,kind\n" + "".join(f"{row % 7},{row % 5},{'yn'[row % 2]}\n" for row in range(60))


def operations(server):
    """Every operation by method and path."""
    paths = server.call("GET", "/openapi.json")["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def test_openapi_describes_every_call(server):
    assert set(operations(server)) == {
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /version",
        "GET /api/catalogue",
        "GET /api/schema",
        "GET /api/datasets",
        "GET /api/datasets/{name}",
        "GET /api/datasets/{name}/source",
        "PUT /api/datasets/{name}",
        "DELETE /api/datasets/{name}",
        "GET /api/datasets/found/{content}",
        "DELETE /api/datasets/found/{content}",
        "GET /api/runs",
        "GET /api/runs/compare",
        "POST /api/runs",
        "GET /api/runs/{id}",
        "DELETE /api/runs/{id}",
        "PATCH /api/runs/{id}",
        "POST /api/runs/{id}/start",
        "POST /api/runs/{id}/pause",
        "POST /api/runs/{id}/stop",
        "POST /api/runs/{id}/reset",
        "POST /api/runs/{id}/step",
        "POST /api/runs/{id}/fork",
        "GET /api/runs/{id}/history",
        "GET /api/runs/{id}/checkpoints",
        "GET /api/runs/{id}/events",
        "GET /api/runs/{id}/attempts",
        "GET /api/runs/{id}/bookmarks",
        "GET /api/runs/{id}/bookmarks/{name}",
        "PUT /api/runs/{id}/bookmarks/{name}",
        "DELETE /api/runs/{id}/bookmarks/{name}",
        "GET /api/runs/{id}/views/{view}",
        "GET /api/runs/{id}/weights",
        "PATCH /api/runs/{id}/weights",
        "POST /api/runs/{id}/predict",
        "GET /api/runs/{id}/points",
        "PATCH /api/runs/{id}/points",
        "GET /api/lessons",
        "GET /api/lessons/{name}",
        "GET /api/experiments",
        "POST /api/experiments",
        "GET /api/experiments/{id}",
        "DELETE /api/experiments/{id}",
        "PATCH /api/experiments/{id}",
        "GET /api/experiments/{id}/summary",
        "GET /api/experiments/{id}/line",
        "GET /api/experiments/{id}/map",
        "GET /api/experiments/{id}/learning_curve",
        "POST /api/experiments/{id}/start",
        "POST /api/experiments/{id}/pause",
        "POST /api/experiments/{id}/stop",
        "GET /api/experiments/{id}/curves",
        "POST /api/experiments/{id}/halve",
        "GET /api/experiments/{id}/diagnoses",
        "GET /api/experiments/{id}/rounding",
    }


def test_openapi_has_every_option_of_every_view(server):
    parameters = operations(server)["GET /api/runs/{id}/views/{view}"]["parameters"]
    view_options = {name for view in VIEWS.values() for name in view.options}
    names = [parameter["name"] for parameter in parameters]
    assert set(names) == view_options | {"id", "view", "step", "attempt", "arrays"}
    assert len(names) == len(set(names))


# Calls whose answer is a text or a file only.
FILES = {
    "GET /metrics": "text/plain",
    "GET /api/datasets/found/{content}": "text/csv",
    "GET /api/datasets/{name}/source": "application/octet-stream",
}


def test_every_call_has_a_summary_an_error_answer_and_a_schema_for_its_answer(server):
    for name, operation in operations(server).items():
        assert operation["description"], name
        answers = operation["responses"]
        for code in ("4XX", "503"):
            error = answers[code]["content"]["application/json"]["schema"]
            model = "Readiness" if (name, code) == ("GET /readyz", "503") else "ErrorAnswer"
            assert error == {"$ref": f"#/components/schemas/{model}"}, name
        assert "422" not in answers
        success = next(answer for code, answer in answers.items() if code.startswith("2"))
        media_type = FILES.get(name, "application/json")
        assert name.startswith("DELETE") or success["content"][media_type]["schema"], name


def test_every_query_option_is_described(server):
    for name, operation in operations(server).items():
        for parameter in operation.get("parameters", []):
            assert parameter["in"] == "path" or parameter.get("description"), (name, parameter["name"])


def test_the_history_is_also_described_as_csv(server):
    content = operations(server)["GET /api/runs/{id}/history"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/csv"}


def test_the_body_of_a_new_run_is_described_for_every_paradigm(server):
    schemas = server.call("GET", "/openapi.json")["components"]["schemas"]
    mapping = schemas["CreateRun"]["discriminator"]["mapping"]
    assert set(mapping) == {"supervised", "autoencoder", "policy_gradient"}
    for reference in mapping.values():
        assert {"start", "replaces", "speed", "layers"} <= set(
            schemas[reference.rpartition("/")[2]]["properties"]
        )


def test_every_reference_in_openapi_has_a_schema(server):
    text = server.client.get("/openapi.json").text
    schemas = json.loads(text).get("components", {}).get("schemas", {})
    assert {name.rsplit("/", 1)[1] for name in re.findall(r'"\$ref":\s*"([^"]+)"', text)} <= set(schemas)


@pytest.mark.parametrize("arrays", ["plain", "typed"])
@pytest.mark.parametrize("paradigm", ["supervised", "autoencoder", "policy_gradient"])
def test_answers_have_the_fields_that_are_described(server, paradigm, arrays):
    run = server.call("POST", "/api/runs", {"paradigm": paradigm, "start": False})["id"]
    server.do(run, "step", {"count": 1})
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.02}})
    path = f"/api/runs/{run}"
    server.call("PUT", f"{path}/bookmarks/start", {"step": 0})
    described = {
        "/api/runs": run_answers.RunList,
        path: run_answers.Run,
        f"{path}/history": history_answers.History,
        f"{path}/checkpoints": history_answers.Checkpoints,
        f"{path}/events": history_answers.Events,
        f"{path}/attempts": history_answers.Attempts,
        f"{path}/bookmarks": history_answers.Bookmarks,
        f"{path}/bookmarks/start": history_answers.Bookmark,
        f"{path}/weights?arrays={arrays}": run_answers.Weights,
        f"{path}/points?arrays={arrays}": run_answers.Points,
        f"{path}/views/network?arrays={arrays}": run_answers.View,
        "/api/catalogue": catalogue_answers.Catalogue,
        "/api/datasets": catalogue_answers.Datasets,
        "/healthz": catalogue_answers.Health,
        "/readyz": catalogue_answers.Readiness,
        "/version": catalogue_answers.Version,
    }
    body = {"config": {"paradigm": paradigm}, "vary": {"seed": {"count": 2}}, "steps": 1, "start": False}
    created = server.client.post("/api/experiments", json=body)
    TypeAdapter(experiment_answers.ExperimentSummary).validate_json(created.content)
    experiment = "/api" + created.json()["url"]
    members = [member["run"] for member in server.call("GET", experiment)["members"]]
    server.do(members[0], "step", {"count": 1})
    described |= {
        f"/api/runs/compare?runs={','.join(members)}": comparison_answers.ComparedRuns,
        "/api/experiments": experiment_answers.ExperimentList,
        experiment: experiment_answers.Experiment,
        f"{experiment}/summary": experiment_answers.Summary,
    }
    fork = server.client.post(f"{path}/fork", json={"start": False})
    TypeAdapter(run_answers.ForkedRun).validate_json(fork.content)
    for address, model in described.items():
        TypeAdapter(model).validate_json(server.client.get(address).content)
    server.call("DELETE", experiment)


@pytest.fixture(scope="module")
def client(server, tmp_path_factory):
    """The package that openapi-python-client generates from the description of a running server."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(server.client.get("/openapi.json").content)
    (folder / "config.json").write_text(json.dumps(GENERATOR))
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
        "--config", "config.json", "--output-path", "perceptarium_client", "--fail-on-warning",
    ]  # fmt: skip
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90)
    assert process.returncode == 0, process.stdout + process.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("perceptarium_client")
    sys.path.remove(str(folder))


def call_module(client: ModuleType, tag: str, name: str) -> ModuleType:
    """The module of the generated client for one operation."""
    return importlib.import_module(f"{client.__name__}.api.{tag}.{name}")


@pytest.fixture
def models(client):
    """The generated models of request bodies."""
    return importlib.import_module(f"{client.__name__}.models")


@pytest.fixture
def call(server, client):
    """Calls an operation about runs with the generated client, and returns the model of the answer."""
    with client.Client(base_url=server.url, raise_on_unexpected_status=True) as connection:

        def call_operation(name, *arguments, **options):
            return call_module(client, "runs", name).sync_detailed(*arguments, client=connection, **options)

        yield call_operation


def configuration(models):
    dataset = models.DatasetConfig(name="circle", samples=100)
    return models.CreateSupervisedRun(dataset=dataset, layers=[models.LayerConfig(units=3)], start=False)


def test_a_generated_client_creates_lists_changes_steps_and_reads_a_run(call, models):
    run = call("create_run", body=configuration(models)).parsed
    assert (run.status, run.config.layers[0].units) == ("paused", 3)
    assert run.id in [entry.id for entry in call("list_runs").parsed.runs]

    change = models.ChangeRun(speed="max")
    change["optimizer"] = {"learning_rate": 0.5}
    assert call("change_run", run.id, body=change).parsed.learning_rate == 0.5
    step = models.StepRun(unit=models.StepRunUnit.STEP, count=5)
    assert call("step_run", run.id, body=step).parsed.step == 5
    assert call("read_run", run.id).parsed.step == 5
    history = call("read_history", run.id).parsed
    assert history.step[-1] == 5 and len(history.train_loss) == len(history.step)
    assert call("read_checkpoints", run.id).parsed.steps == [0, 1, 2, 3, 4, 5]
    assert [event.step for event in call("read_events", run.id).parsed.events] == [0]
    body = models.PutBookmark(step=3, note="here")
    assert call("put_bookmark", run.id, "mine", body=body).parsed.attempt == 0
    assert call("read_bookmark", run.id, "mine").parsed.note == "here"
    assert "mine" in [mark.name for mark in call("list_bookmarks", run.id).parsed.bookmarks]
    assert call("delete_bookmark", run.id, "mine").status_code == 204
    weights = call("read_weights", run.id, step=5).parsed
    assert [len(row) for row in weights.layers[0].weights] == [3, 3]
    changes = models.ForkRunChanges.from_dict({"layers": [{"units": 4}]})
    fork = call("fork_run", run.id, body=models.ForkRun(step=3, changes=changes, start=False)).parsed
    assert (fork.step, fork.parent.id, fork.config.layers[0].units) == (3, run.id, 4)
    assert fork.renewed_codes[0].parameters["layer"] == 0
    view = call("read_view", run.id, "decision_boundary", resolution=4).parsed
    assert len(view["values"][0]) == 4
    assert call("read_view", run.id, "no_such_view").parsed.error.code == "unknown_view"


def test_a_generated_client_creates_reads_and_deletes_an_experiment(server, client, models):
    with client.Client(base_url=server.url, raise_on_unexpected_status=True) as connection:

        def call(name, *arguments, **options):
            module = call_module(client, "experiments", name)
            return module.sync_detailed(*arguments, client=connection, **options)

        config = models.CreateExperimentConfig.from_dict({"dataset": {"name": "circle", "samples": 100}})
        vary = models.CreateExperimentVary.from_dict({"seed": {"count": 2}})
        body = models.CreateExperiment(config=config, vary=vary, steps=3, start=False)
        created = call("create_experiment", body=body).parsed
        assert (created.status, created.size) == ("paused", 2)
        members = call("read_experiment", created.id).parsed.members
        assert [member.values["seed"] for member in members] == [0, 1]
        assert call("read_summary", created.id).parsed.groups[0].n == 0
        assert call("delete_experiment", created.id).status_code == 204


def test_a_generated_client_edits_weights_predicts_and_deletes_a_run(call, models):
    run = call("create_run", body=configuration(models)).parsed.id
    edit = models.WeightEdit(layer=0, unit=0, source="bias", value=0.25)
    call("edit_weights", run, body=models.EditWeights(weights=[edit]))
    assert call("read_weights", run).parsed.layers[0].biases[0] == 0.25
    assert len(call("read_points", run).parsed.train.inputs) == 50
    prediction = call("predict", run, body=models.Predict(inputs=[[0.5, -1.0], [2.0, 2.0]])).parsed
    assert len(prediction.outputs) == len(prediction.classes) == 2
    assert call("delete_run", run).status_code == 204
    assert call("read_run", run).parsed.error.code == "no_such_run"


def test_a_generated_client_imports_a_data_set_and_trains_on_it(server, client, models):
    types = importlib.import_module(f"{client.__name__}.types")
    with client.Client(base_url=server.url, raise_on_unexpected_status=True) as connection:
        file = types.File(payload=ROWS.encode())
        put, read, remove = (
            call_module(client, "data_sets", f"{verb}_dataset") for verb in ("put", "read", "delete")
        )
        imported = put.sync("by-a-client", client=connection, body=file, target=["kind"])
        assert (imported.rows, imported.task, imported.classes) == (60, "binary", ["n", "y"])
        assert len(read.sync("by-a-client", client=connection).train.inputs) == 30
        configuration = models.CreateSupervisedRun(
            dataset=models.DatasetConfig(name="by-a-client"), features=["a", "b"], start=False
        )
        run = call_module(client, "runs", "create_run").sync(client=connection, body=configuration)
        assert run.config.dataset.content == imported.content
        assert remove.sync_detailed("by-a-client", client=connection).status_code == 204
