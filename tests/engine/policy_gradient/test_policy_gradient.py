"""Policy gradient: returns and gradient against plain loops and central differences; the trainer's fold."""

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.network import build
from engine.policy_gradient.returns import advantages, baseline, clock_of, rewards_to_go
from engine.policy_gradient.rollout import entropy, sampled
from engine.policy_gradient.step_plan import PolicyPlan
from engine.policy_gradient.trainer import PolicyTrainer, rounded
from engine.queries import predict
from engine.tasks.paradigms import load_data, problem
from engine.tasks.resolve import parse, warnings
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Forward
from engine.training.compiled.rates import RateBlocks, RateTable
from engine.training.compiled.update import StepArrays
from engine.training.reason import ending
from engine.views import VIEWS

CART_POLE = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "discount": 0.99}
SCHEDULING = {
    "paradigm": "policy_gradient",
    "environment": {"name": "scheduling", "horizon": 10},
    "episodes": 8,
    "layers": [{"units": 6}],
}


def trainer(raw, **changes):
    config = parse(raw | changes)
    return PolicyTrainer(config, load_data(config))


def run(training, steps):
    """Advance until so many steps are done or it ends; all points."""
    points, target = [], training.state.step + steps
    while training.state.step < target:
        report = training.advance(target - training.state.step)
        points += report.points
        if report.ended:
            break
    return points


def episodes(seed=0, moments=9, count=6):
    """Random rewards, times and lengths."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, moments + 1, count)
    alive = np.arange(moments)[:, None] < lengths
    rewards, passed = rng.normal(size=alive.shape) * alive, rng.integers(0, 2, alive.shape) * alive
    return rewards, passed, alive


def test_rewards_to_go_are_those_of_a_plain_loop():
    rewards, passed, alive = episodes()
    found = rewards_to_go(rewards, passed, 0.9)
    for k in range(rewards.shape[1]):
        for t in range(alive[:, k].sum()):
            expected, worth = 0.0, 1.0
            for later in range(t, len(rewards)):
                expected += worth * rewards[later, k]
                worth *= 0.9 ** passed[later, k]
            assert found[t, k] == pytest.approx(expected)


def test_the_time_baseline_is_the_mean_of_like_episodes_at_the_same_time():
    rewards, passed, alive = episodes()
    returns, clock = rewards_to_go(rewards, passed, 1.0), clock_of(passed)
    found = baseline("time", returns, clock, alive, 2)
    for t, k in np.argwhere(alive):
        alike = [j for j in range(6) if j // 3 == k // 3]
        compared = [
            returns[s, j] for j in alike for s in range(9) if alive[s, j] and clock[s, j] == clock[t, k]
        ]
        assert found[t, k] == pytest.approx(np.mean(compared))


def test_the_other_baselines_are_the_mean_and_nothing():
    rewards, passed, alive = episodes()
    returns = rewards_to_go(rewards, passed, 1.0)
    assert (baseline("mean", returns, clock_of(passed), alive, 1) == returns[alive].mean()).all()
    assert (baseline("none", returns, clock_of(passed), alive, 1) == 0).all()


def test_normalised_advantages_have_a_spread_of_one_and_keep_their_signs():
    rewards, passed, alive = episodes()
    raw = advantages("time", False, rewards, passed, alive, 2, 0.9)
    normal = advantages("time", True, rewards, passed, alive, 2, 0.9)
    assert normal.std() == pytest.approx(1)
    np.testing.assert_allclose(normal * raw.std(), raw, rtol=1e-6)


def test_actions_are_drawn_with_their_probabilities():
    policy = np.repeat([[0.1], [0.0], [0.6], [0.3]], 20_000, axis=1)
    share = np.bincount(sampled(policy, np.random.default_rng(0)), minlength=4) / 20_000
    np.testing.assert_allclose(share, [0.1, 0, 0.6, 0.3], atol=0.01)


def test_entropy_is_that_of_the_definition_also_for_certain_actions():
    policy = np.array([[0.5, 1.0, 0.2], [0.5, 0.0, 0.8]])
    np.testing.assert_allclose(entropy(policy), [np.log(2), 0, -0.2 * np.log(0.2) - 0.8 * np.log(0.8)])


def surrogate(config, network, theta, observations, actions, weights):
    """L = -1/N Σ (Â ln π(a) + β H)."""
    forward = Forward(network, len(observations), np.dtype("float64"))
    policy = forward.run(theta, observations).output(len(network.layers) - 1)
    chosen = np.log(policy[actions, np.arange(len(actions))])
    penalty = 0.5 * config.l2 * (theta[network.weight_mask()] ** 2).sum()
    return -np.mean(weights * chosen + config.entropy_bonus * entropy(policy)) + penalty


@pytest.mark.parametrize("activation", ["tanh", "relu", "swish", "prelu"])
@pytest.mark.parametrize("bonus", [0.0, 0.3])
def test_the_gradient_is_the_central_difference_of_the_surrogate(activation, bonus):
    layers = [{"units": 5, "activation": activation}, {"units": 4, "activation": activation}]
    raw = CART_POLE | {"layers": layers, "dtype": "float64", "entropy_bonus": bonus, "l2": 0.01}
    config = parse(raw | {"optimizer": {"name": "adam"}})
    network, rng = build(config, 2), np.random.default_rng(1)
    theta = rng.normal(0, 0.7, network.size)
    observations, actions, weights = rng.normal(size=(30, 4)), rng.integers(0, 2, 30), rng.normal(size=30)
    plan = PolicyPlan(network, config, StepArrays(theta, [], []), 40, update=False)
    plan.fill(observations, actions, weights, config.entropy_bonus)
    table = RateTable(RateBlocks(config), 40, plan.rate_rows)
    plan.run((plan.inputs,), (None,), *table.slices(0, 1))
    for place in range(0, network.size, 3):
        ends = []
        for shift in (1e-6, -1e-6):
            moved = theta.copy()
            moved[place] += shift
            ends.append(surrogate(config, network, moved, observations, actions, weights))
        assert plan.gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_a_step_of_the_trainer_follows_that_gradient(optimizer):
    chosen = {"name": optimizer, "learning_rate": 0.05}
    training = trainer(CART_POLE, dtype="float64", layers=[{"units": 3}], optimizer=chosen, episodes=4)
    before = training.state.theta.copy()
    while not training.rollout.over:
        training.rollout.begun or training.rollout.begin(training.state.shuffle)
        training.rollout.play(training.state.theta, training.state.shuffle, 50)
    record = {name: array.copy() for name, array in training.rollout.recorded().items()}
    training.save_rollout()
    run(training, 1)
    alive, config = record["alive"], training.config
    weights = advantages("time", True, record["rewards"], record["passed"], alive, 1, 0.99)
    seen, actions = record["observations"][alive], record["actions"][alive]
    for place in range(0, len(before), 2):
        ends = []
        for shift in (1e-6, -1e-6):
            moved = before.copy()
            moved[place] += shift
            ends.append(surrogate(config, training.network, moved, seen, actions, weights))
        slope = (ends[0] - ends[1]) / 2e-6
        assert before[place] - training.state.theta[place] == pytest.approx(0.05 * slope, rel=1e-4, abs=1e-9)


def test_few_plan_sizes_serve_all_batches():
    sizes = {rounded(n) for n in range(1, 100_000, 7)}
    assert len(sizes) < 50
    assert all(n <= rounded(n) < 1.34 * max(n, 128) for n in range(1, 3000))


@pytest.mark.parametrize("raw", [CART_POLE | {"episodes": 4}, SCHEDULING])
def test_a_training_resumed_from_bytes_within_episodes_gives_the_same_bits(raw):
    whole = trainer(raw)
    points = run(whole, 6)
    cut, found, cuts = trainer(raw), [], 0
    cut.max_time_steps = 7
    while cut.state.step < 6:
        found += cut.advance(6 - cut.state.step).points
        cuts += cut.state.position > 0
        again = Checkpoint.from_bytes(cut.checkpoint().to_bytes())
        cut = PolicyTrainer(cut.config, cut.data, again)
        cut.max_time_steps = 7
    assert cuts > 6  # in the middle of episodes
    assert np.array_equal(cut.state.memory, whole.state.memory)
    assert found == points
    assert cut.measure() == whole.measure()
    assert cut.state.shuffle.bit_generator.state == whole.state.shuffle.bit_generator.state


def test_advance_plays_at_most_max_time_steps():
    training = trainer(CART_POLE, episodes=16)
    report = training.advance(1000)
    assert training.state.position <= training.max_time_steps
    assert report.steps <= 5


def test_reset_repeats_the_same_training():
    training = trainer(SCHEDULING)
    first = run(training, 3)
    training.reset()
    assert (training.state.attempt, training.state.step, training.state.position) == (1, 0, 0)
    assert run(training, 3) == first


def test_before_the_first_episodes_there_are_no_metrics():
    point = trainer(SCHEDULING).measure()
    assert point["metrics"] == {}
    assert point["train_loss"] is None


def test_a_point_has_the_scores_of_the_episodes_of_its_step():
    training = trainer(SCHEDULING)
    (point,) = run(training, 1)
    metrics = point["metrics"]
    names = ("return", "length", "entropy", "slowdown")
    assert set(metrics) == {f"{name}_{kind}" for name in names for kind in ("mean", "std", "p10", "p90")}
    assert metrics["return_p10"] <= metrics["return_mean"] <= metrics["return_p90"] < 0
    assert metrics["slowdown_mean"] >= 1
    assert 0 < metrics["entropy_mean"] <= np.log(6)
    assert training.measure() == point


def test_live_changes_take_effect_and_others_are_refused():
    training = trainer(SCHEDULING)
    run(training, 1)
    training.advance(1)
    changes = {
        "optimizer": {"learning_rate": 0.002},
        "entropy_bonus": 0.1,
        "discount": 0.9,
        "baseline": "none",
    }
    training.change(changes)
    assert training.config.entropy_bonus == 0.1
    assert training.learning_rate() == 0.002
    assert training.state.position > 0 or training.state.step == 2  # the episodes under way go on
    run(training, 2)
    for refused in ({"episodes": 4}, {"environment": {"load": 0.5}}, {"beginnings": 1}):
        with pytest.raises(ConfigError) as error:
            training.change(refused)
        assert error.value.code == "needs_restart"


def test_a_live_change_changes_what_is_learned():
    ends = []
    for bonus in (0.01, 5.0):
        training = trainer(SCHEDULING)
        run(training, 1)
        training.change({"entropy_bonus": bonus})
        run(training, 20)
        ends.append(training.measure()["metrics"]["entropy_mean"])
    assert ends[1] > ends[0]


def test_a_weight_edit_discards_the_current_episodes():
    training = trainer(CART_POLE)
    training.advance(1)
    run(training, 2)
    training.max_time_steps = 3
    training.advance(1)
    assert training.state.position == 3
    scored = training.measure()
    training.apply_edits({"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
    assert training.state.position == 0
    assert training.measure()["metrics"] == scored["metrics"]
    training.max_time_steps = 32
    run(training, 2)
    assert training.network.layers[0].units == 25


def test_a_step_that_diverges_is_undone():
    chosen = {"name": "sgd", "learning_rate": 1000.0}
    training = trainer(CART_POLE, optimizer=chosen, l2=100.0, layers=[{"units": 4, "activation": "relu"}])
    ended = None
    for _ in range(3000):
        ended = training.advance(10).ended
        if ended:
            break
    assert ended is not None
    assert ended[0] == "diverged"
    assert training.state.finite()


def test_a_training_finishes_and_goes_on_where_epochs_are_raised():
    training = trainer(SCHEDULING, epochs=2)
    points = run(training, 5)
    assert training.advance(1).ended == ("finished", ending("steps_done", steps=2))
    assert [point["step"] for point in points] == [1, 2]
    training.change({"epochs": 3})
    assert [point["step"] for point in run(training, 5)] == [3]


REFUSED = [
    ({"environment": {"name": "chess"}}, "environment.name"),
    ({"environment": {"name": "cart_pole", "slots": 3}}, "environment.slots"),
    ({"environment": {"load": 7.0}}, "environment.load"),
    ({"environment": {"horizon": 1}}, "environment.horizon"),
    ({"episodes": 1}, "episodes"),
    ({"episodes": 16, "beginnings": 5}, "beginnings"),
    ({"discount": 1.5}, "discount"),
    ({"baseline": "critic"}, "baseline"),
    ({"features": ["weather"]}, "features.0"),
    ({"features": ["backlog", "backlog"]}, "features.1"),
    ({"optimizer": {"name": "perceptron"}}, "optimizer.name"),
    ({"layers": [{"dropout": 0.5}]}, "layers.0.dropout"),
    ({"output_activation": "sigmoid"}, "output_activation"),
    ({"dataset": {"name": "spiral"}}, "dataset"),
    ({"loss": {"name": "hinge"}}, "loss"),
]


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_what_cannot_be_is_refused_by_name(given, field):
    with pytest.raises(ConfigError) as error:
        parse({"paradigm": "policy_gradient"} | given)
    assert error.value.field == field


def test_a_resolved_configuration_resolves_to_itself():
    for raw in (CART_POLE, SCHEDULING, {"paradigm": "policy_gradient"}):
        config = parse(raw)
        assert parse(config.model_dump()) == config


def test_the_network_sees_what_it_is_given_and_answers_with_the_actions():
    config = parse(CART_POLE | {"features": ["angle", "turning"]})
    asked = problem(config)
    assert (asked.task, asked.features, asked.outputs) == ("control", ["angle", "turning"], 2)
    training = PolicyTrainer(config, load_data(config))
    assert training.network.layers[0].inputs == 2
    run(training, 1)


def test_comparing_every_episode_with_itself_alone_is_warned_about():
    config = parse(CART_POLE | {"episodes": 4, "beginnings": 4})
    assert [warning["field"] for warning in warnings(config)] == ["beginnings"]


def compared(training):
    """The mean score of every way to act on 64 unseen episodes."""
    view = VIEWS["comparison"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({}))
    return {way["name"]: way["mean"] for way in answer["ways"]}


def test_cart_pole_is_balanced_after_60_steps():
    training = trainer({"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}})
    run(training, 60)
    means = compared(training)
    assert means["sampled"] > 450  # of at most 500; measured 496 to 500 over three seeds
    assert means["random"] < 30


def test_scheduling_beats_chance_and_first_come_on_unseen_episodes_after_150_steps():
    training = trainer({"paradigm": "policy_gradient"})
    run(training, 150)
    means = compared(training)
    assert means["sampled"] < 0.5 * means["random"]  # measured 0.40 to 0.44
    assert means["sampled"] < 0.8 * means["first_come"]  # measured 0.61 to 0.67
    assert means["shortest"] < means["first_come"] < means["random"]


def test_the_comparison_pairs_every_way_with_the_learned_one_on_the_same_episodes():
    training, view = trainer(SCHEDULING), VIEWS["comparison"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({"episodes": 10}))
    learned = answer["ways"][0]
    assert (learned["name"], learned["ahead"]["mean"], learned["ahead"]["error"]) == ("sampled", 0, 0)
    for way in answer["ways"]:
        gained = way["values"] - learned["values"]  # slowdowns: less is better
        assert way["ahead"]["mean"] == pytest.approx(gained.mean(), abs=1e-5)
        assert way["error"] == pytest.approx(way["values"].std(ddof=1) / 10**0.5, rel=1e-5)


@pytest.mark.parametrize("act", ["sampled", "greedy"])
def test_the_episode_s_own_numbers_agree_with_each_other(act):
    training, view = trainer(SCHEDULING), VIEWS["episode"]
    run(training, 2)
    answer = view.compute(training.checkpoint(), training.data, view.parse({"act": act, "seed": 3}))
    policy, actions = answer["policy"], answer["actions"]
    assert len(policy) == len(actions) == answer["scores"]["length"] == len(answer["moments"]["tick"]) - 1
    np.testing.assert_allclose(policy.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(answer["entropy"], entropy(policy.T.astype(float)), atol=1e-5)
    if act == "greedy":
        assert (policy.argmax(axis=1) == actions).all()
    jobs = answer["story"]["jobs"]
    assert ((jobs["started"] < 0) == (jobs["start"] < 0)).all()  # some may never have been started
    for job in np.flatnonzero(jobs["started"] >= 0):
        moment = jobs["started"][job]
        slots = answer["moments"]["slots"][moment]
        assert slots[actions[moment]] == jobs["arrival"][job]  # the decision that started it chose its slot
        assert answer["moments"]["tick"][moment] == jobs["start"][job]


def test_the_policy_s_map_is_what_the_network_answers_there():
    training, view = trainer(CART_POLE, layers=[{"units": 5}]), VIEWS["policy"]
    run(training, 2)
    answer = view.compute(
        training.checkpoint(), training.data, view.parse({"axes": "position,angle", "resolution": 5})
    )
    held = answer["held"]
    state = [[answer["x"][1], held["speed"], answer["y"][0], held["turning"]]]  # the lower right corner
    said = predict(training.checkpoint(), training.data, state)["outputs"][0]
    np.testing.assert_allclose(answer["values"][:, 0, 4], said, rtol=1e-5)
    np.testing.assert_allclose(answer["entropy"][0, 4], entropy(said[:, None].astype(float)), rtol=1e-4)
