"""Views of a policy: comparison, episode and policy map; and what trained policies achieve."""

import numpy as np
import pytest

from engine.policy_gradient.rollout import entropy
from engine.queries import predict
from engine.views import VIEWS


def mean_scores(training):
    """Returns the mean score of every policy in the comparison view, by name."""
    view = VIEWS["comparison"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({}))
    return {policy["name"]: policy["mean"] for policy in answer["ways"]}


def test_cart_pole_is_balanced_after_60_steps(policy_trainer, run):
    training = policy_trainer("cart_pole", discount=1.0)
    run(training, 60)
    means = mean_scores(training)
    assert means["sampled"] > 450  # of at most 500; measured 496 to 500 over three seeds
    assert means["random"] < 30


def test_scheduling_is_better_than_random_and_first_come_after_150_steps(policy_trainer, run):
    training = policy_trainer("scheduling", environment={}, episodes=32, layers=[{"units": 24}])
    run(training, 150)
    means = mean_scores(training)
    assert means["sampled"] < 0.5 * means["random"]  # measured 0.40 to 0.44
    assert means["sampled"] < 0.8 * means["first_come"]  # measured 0.61 to 0.67
    assert means["shortest"] < means["first_come"] < means["random"]


def test_the_comparison_has_paired_differences_to_the_learned_policy(policy_trainer):
    training, view = policy_trainer("scheduling"), VIEWS["comparison"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({"episodes": 10}))
    learned = answer["ways"][0]
    assert (learned["name"], learned["ahead"]["mean"], learned["ahead"]["error"]) == ("sampled", 0, 0)
    for policy in answer["ways"]:
        difference = policy["values"] - learned["values"]  # of slowdowns
        assert policy["ahead"]["mean"] == pytest.approx(difference.mean(), abs=1e-5)
        assert policy["error"] == pytest.approx(policy["values"].std(ddof=1) / 10**0.5, rel=1e-5)


def test_the_telescope_is_better_than_random_after_200_steps(policy_trainer, run):
    training = policy_trainer("telescope", discount=0.95)
    run(training, 200)
    means = mean_scores(training)
    assert means["sampled"] > means["random"] + 0.4


def test_the_episode_view_of_the_telescope_shows_the_night_that_its_actions_caused(policy_trainer):
    training, view = policy_trainer("telescope"), VIEWS["episode"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({"seed": 1}))
    moments, story = answer["moments"], answer["story"]
    assert (moments["slot"][0], moments["slot"][-1]) == (0, len(story["weather"]))
    for decision, action in enumerate(answer["actions"]):
        observed = set(story["observed"][moments["slot"][decision] : moments["slot"][decision + 1]])
        assert observed in ({action}, {-1})
    reward = story["targets"]["priority"][moments["completed"][-1] == 1].sum()
    assert answer["scores"]["return"] == reward > 0


@pytest.mark.parametrize("act", ["sampled", "greedy"])
def test_the_values_of_the_episode_view_are_consistent(act, policy_trainer, run):
    training, view = policy_trainer("scheduling"), VIEWS["episode"]
    run(training, 2)
    answer = view.compute(training.checkpoint(), training.data, view.parse({"act": act, "seed": 3}))
    policy, actions = answer["policy"], answer["actions"]
    assert len(policy) == len(actions) == answer["scores"]["length"] == len(answer["moments"]["tick"]) - 1
    np.testing.assert_allclose(policy.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(answer["entropy"], entropy(policy.T.astype(float)), atol=1e-5)
    if act == "greedy":
        assert (policy.argmax(axis=1) == actions).all()
    jobs = answer["story"]["jobs"]
    assert ((jobs["started"] < 0) == (jobs["start"] < 0)).all()  # jobs that were not started
    for job in np.flatnonzero(jobs["started"] >= 0):
        decision = jobs["started"][job]
        slots = answer["moments"]["slots"][decision]
        assert slots[actions[decision]] == jobs["arrival"][job]  # the action selected the slot of this job
        assert answer["moments"]["tick"][decision] == jobs["start"][job]


def test_the_policy_map_has_the_predictions_of_the_network(policy_trainer, run):
    training, view = policy_trainer("cart_pole", layers=[{"units": 5}]), VIEWS["policy"]
    run(training, 2)
    answer = view.compute(
        training.checkpoint(), training.data, view.parse({"axes": "position,angle", "resolution": 5})
    )
    fixed = answer["held"]
    state = [[answer["x"][1], fixed["speed"], answer["y"][0], fixed["turning"]]]  # the lower right corner
    expected = predict(training.checkpoint(), training.data, state)["outputs"][0]
    np.testing.assert_allclose(answer["values"][:, 0, 4], expected, rtol=1e-5)
    np.testing.assert_allclose(answer["entropy"][0, 4], entropy(expected[:, None].astype(float)), rtol=1e-4)
