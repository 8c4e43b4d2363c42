"""Illnesses that show in the layers as they are now."""

from collections.abc import Iterator
from typing import Any

from engine.diagnostics.facts import START_ANEW, Diagnosis, Facts, Found, activation, each_layer
from engine.tasks.definitions import mismatches

VANISHED = 1e-3
EXPLODED, LARGE = 100.0, 1.0  # against the output layer's; and at all: small numbers may differ widely
NO_ERROR = 1e-12  # of the outputs: then there is nothing to flow back
DEAD = 0.5
SATURATED, UNLEARNED = 0.8, 0.5  # a network that has learnt its task may be sure of it
VERY_DEEP = 40  # layers, from which on the lecture advises swish
SQUASHING = ("sigmoid", "tanh")
REACH = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "step": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def vanishing_gradient(facts: Facts) -> Iterator[Found]:
    """The error shrinks on its way back."""
    last = facts.layers[-1].delta
    if not last > NO_ERROR:
        return
    shares = [layer.delta / last for layer in facts.hidden]
    faint = [index for index, share in enumerate(shares) if share < VANISHED]
    if faint:
        name, said = ("swish", "swish") if len(facts.layers) > VERY_DEEP else ("relu", "ReLU")
        changes = each_layer(facts.config, activation(name)) | START_ANEW
        text = f"Use {said} in the hidden layers: its slope does not shrink the error on its way back."
        yield Found(min(shares), text, changes, min(range(len(shares)), key=shares.__getitem__))


def exploding_gradient(facts: Facts) -> Iterator[Found]:
    """The error grows on its way back."""
    last = facts.layers[-1].delta
    if not last > NO_ERROR:
        return
    shares = [layer.delta / last for layer in facts.hidden]
    if shares and max(shares) > EXPLODED and max(layer.delta for layer in facts.hidden) > LARGE:
        changes = {"optimizer": {"clip_norm": 1.0}, **START_ANEW}
        text = "Start with weights that fit the activation, and cut the gradient to length 1."
        yield Found(max(shares), text, changes, max(range(len(shares)), key=shares.__getitem__))


def dying_relu(facts: Facts) -> Iterator[Found]:
    """Units that are silent on every point, and get no gradient to wake them."""
    for index, layer in enumerate(facts.hidden):
        if layer.activation == "relu" and layer.dead >= DEAD:
            changes = each_layer(facts.config, activation("leaky_relu"), index)
            text = "Use leaky ReLU here: its small slope below zero lets a silent unit come back."
            yield Found(layer.dead, text, changes, index)


def saturation(facts: Facts) -> Iterator[Found]:
    """Units at the flat ends of their activation."""
    for index, layer in enumerate(facts.hidden):
        stuck = layer.saturated >= SATURATED and facts.loss >= UNLEARNED * facts.baseline
        if layer.activation in SQUASHING and stuck:
            yield _unsaturated(facts, index, layer.saturated)


def _unsaturated(facts: Facts, index: int, share: float) -> Found:
    if index == 0 and not facts.config.dataset.standardize:
        text = "Standardise the inputs: they are so large that the first layer's sums are."
        return Found(share, text, {"dataset": {"standardize": True}, **START_ANEW}, index)
    changes = each_layer(facts.config, activation("relu"), index) | START_ANEW
    return Found(
        share, "Use ReLU here, and weights that fit it: it has no flat end above zero.", changes, index
    )


def output_mismatch(facts: Facts) -> Iterator[Found]:
    """The output layer or the loss is not made for this kind of problem."""
    reasons = dict(mismatches(facts.data.task, facts.config))
    for field in ("output_activation", "loss.name"):
        if field in reasons:
            changes: dict[str, Any] = {"output_activation": "auto", "loss": {"name": "auto", "delta": None}}
            yield Found(_out_of_reach(facts), reasons[field], changes, len(facts.layers) - 1)
            return


def _out_of_reach(facts: Facts) -> float:
    """The share of training targets that the output activation cannot reach."""
    low, high = REACH.get(facts.config.output_activation, (float("-inf"), float("inf")))
    targets = facts.data.train.targets
    return float(((targets < low) | (targets > high)).mean())


def no_nonlinearity(facts: Facts) -> Iterator[Found]:
    """Hidden layers that add nothing."""
    if facts.hidden and all(layer.activation == "linear" for layer in facts.hidden):
        text = "Use tanh in the hidden layers, so that they can bend what they pass on."
        changes = each_layer(facts.config, activation("tanh")) | START_ANEW
        yield Found(float(len(facts.hidden)), text, changes)


LAYERS: dict[str, Diagnosis] = {
    "vanishing_gradient": Diagnosis(
        f"In a hidden layer dE/dz is, in root mean square, below {VANISHED:g} of the output layer's.",
        vanishing_gradient,
        bounds={"ratio": VANISHED},
    ),
    "exploding_gradient": Diagnosis(
        f"In a hidden layer dE/dz is, in root mean square, above {LARGE:g} and above {EXPLODED:g} times the "
        "output layer's.",
        exploding_gradient,
        bounds={"ratio": EXPLODED, "size": LARGE},
    ),
    "dying_relu": Diagnosis(
        f"At least {DEAD:.0%} of a ReLU layer's units give no output above 0 on any training point.",
        dying_relu,
        bounds={"dead_percent": 100 * DEAD},
    ),
    "saturation": Diagnosis(
        f"At least {SATURATED:.0%} of a hidden sigmoid or tanh layer's values lie where |f′| is below 0.05, "
        f"and the training loss is at least {UNLEARNED:.0%} of that of always answering the mean.",
        saturation,
        bounds={"saturated_percent": 100 * SATURATED, "loss_percent": 100 * UNLEARNED},
    ),
    "output_mismatch": Diagnosis(
        "Output activation or loss is not one of those made for this kind of problem; the number is the "
        "share of targets that the outputs cannot reach.",
        output_mismatch,
    ),
    "no_nonlinearity": Diagnosis(
        "Every hidden layer is linear (the number counts them): together they are a single linear layer.",
        no_nonlinearity,
    ),
}
