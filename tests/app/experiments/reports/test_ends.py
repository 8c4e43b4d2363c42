"""The ends of the members of an experiment through the API: distances, the line between two, and the map."""

from itertools import permutations, product

import numpy as np
import pytest

from tests.app.conftest import until

CONFIG = {
    "dataset": {"name": "circle", "samples": 60},
    "layers": [{"units": 3, "activation": "tanh"}],
    "dtype": "float64",
}


@pytest.fixture
def create(server):
    created = []

    def work(vary, config=CONFIG, **options):
        body = {"config": config, "vary": vary} | options
        created.append(f"/api/experiments/{server.call('POST', '/api/experiments', body)['id']}")
        return created[-1]

    yield work
    for experiment in created:
        server.client.delete(experiment)


def finished(server, experiment):
    until(lambda: server.call("GET", experiment)["status"] == "finished")
    return [member["run"] for member in server.call("GET", experiment)["members"]]


def weights_of(server, run):
    """Incoming weights with biases (in + 1, units), outgoing weights (units, out), biases of the output."""
    hidden, output = server.call("GET", f"/api/runs/{run}/weights")["layers"]
    incoming = np.vstack([hidden["weights"], hidden["biases"]])
    return incoming, np.array(output["weights"]), np.array(output["biases"])


def nearest(first, second):
    """The smallest distance over all orders and signs of the hidden units."""
    incoming, outgoing, biases = second
    return min(
        np.sqrt(
            ((first[0] - incoming[:, order] * signs) ** 2).sum()
            + ((first[1] - outgoing[list(order)] * np.array(signs)[:, None]) ** 2).sum()
            + ((first[2] - biases) ** 2).sum()
        )
        for order in permutations(range(3))
        for signs in product((1, -1), repeat=3)
    )


def test_distances_are_the_smallest_ones_over_all_orders_and_signs_of_units(server, create):
    experiment = create({"seed": {"count": 3}}, steps=60)
    runs = finished(server, experiment)
    found = server.call("GET", f"{experiment}/summary")["distances"]
    assert (found["runs"], found["left_out"], found["has_same_data"]) == (runs, 0, True)
    weights = [weights_of(server, run) for run in runs]
    expected = [[nearest(first, second) for second in weights] for first in weights]
    np.testing.assert_allclose(found["weights"], expected, atol=1e-9)
    norms = [np.sqrt(sum((part**2).sum() for part in parts)) for parts in weights]
    np.testing.assert_allclose(found["norms"], norms)
    inputs = server.call("GET", f"/api/runs/{runs[0]}/points")["test"]["inputs"]
    classes = [
        np.array(server.call("POST", f"/api/runs/{run}/predict", {"inputs": inputs})["classes"])
        for run in runs
    ]
    shares = [[(first != second).mean() for second in classes] for first in classes]
    assert (found["measure"], found["part"], found["samples"]) == ("share", "test", len(inputs))
    np.testing.assert_allclose(found["disagreement"], shares)
    assert server.call("GET", f"{experiment}/summary?distances=false")["distances"] is None
    assert server.call("GET", f"{experiment}/summary?at=best")["distances"] is None


def test_the_line_and_the_map_have_the_losses_of_the_ends(server, create):
    experiment = create({"seed": {"count": 4}}, steps=60)
    runs = finished(server, experiment)
    losses = {run: server.read(run)["latest"]["train_loss"] for run in runs}
    line = server.call("GET", f"{experiment}/line?runs={runs[0]},{runs[2]}&points=5")
    assert (line["runs"], line["values"]) == ([runs[0], runs[2]], [0, 0.25, 0.5, 0.75, 1])
    for name in ("loss", "unaligned"):
        ends = [line[name][0], line[name][-1]]
        assert ends == pytest.approx([losses[runs[0]], losses[runs[2]]])
    assert line["distance"] <= line["unaligned_distance"]
    drawn = server.call("GET", f"{experiment}/map?resolution=7")
    assert {end["run"]: end["loss"] for end in drawn["ends"]} == pytest.approx(losses)
    assert drawn["ends"][0]["run"] == min(losses, key=losses.get)
    assert np.shape(drawn["loss"]) == (7, 7) and 0 < sum(drawn["explained"]) <= 1 + 1e-9


def test_only_members_of_the_most_frequent_shape_are_compared(server, create):
    layers = [[{"units": 3, "activation": "tanh"}], [{"units": 4, "activation": "tanh"}]]
    experiment = create({"layers": layers}, steps=20)
    runs = finished(server, experiment)
    summary = server.call("GET", f"{experiment}/summary")
    assert summary["distances"] is None
    status, error = server.refused("GET", f"{experiment}/line?runs={','.join(runs)}")
    assert (status, error["field"]) == (422, "runs") and "4 tanh" in error["given"]
    drawn = server.call("GET", f"{experiment}/map")
    assert (drawn["missing"], drawn["ends"], drawn["loss"]) == ("too_few_ends", [], [])


def test_there_is_no_map_of_members_whose_weights_are_on_one_line(server, create):
    experiment = create({"seed": {"count": 3}}, CONFIG | {"initializer": {"name": "zeros"}}, steps=5)
    finished(server, experiment)
    drawn = server.call("GET", f"{experiment}/map")
    assert (drawn["missing"], drawn["ends"], drawn["loss"]) == ("one_line", [], [])


def test_a_line_needs_the_ids_of_two_members(server, create):
    experiment = create({"seed": {"count": 2}}, start=False)
    first, _ = (member["run"] for member in server.call("GET", experiment)["members"])
    for runs in (first, f"{first},{first}", f"{first},a,b"):
        status, error = server.refused("GET", f"{experiment}/line?runs={runs}")
        assert (status, error["field"], error["limit"]) == (422, "runs", 2)
    status, error = server.refused("GET", f"{experiment}/line?runs={first},unknown")
    assert (status, error["field"], error["given"]) == (404, "runs", "unknown")


def test_members_that_learn_without_examples_have_no_distances(server, create):
    config = {"paradigm": "policy_gradient", "layers": [{"units": 2}], "episodes": 2}
    experiment = create({"seed": {"count": 2}}, config, steps=2)
    runs = finished(server, experiment)
    assert server.call("GET", f"{experiment}/summary")["distances"] is None
    status, error = server.refused("GET", f"{experiment}/line?runs={','.join(runs)}")
    assert (status, error["code"]) == (409, "too_few_ends")
