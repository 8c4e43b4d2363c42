"""Alignment: symmetric networks have the distance 0, and no order of the units is nearer."""

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
import pytest

from engine.layers.activations import ACTIVATIONS, value
from engine.layers.network import Network, build
from engine.minima.alignment import Matching, align, apply
from engine.minima.normal_form import normal_form, parameters, without_disabled
from engine.tasks.resolve import parse
from engine.training.compiled.forward import outputs

SHAPES = [[3], [4, 3], [3, 5, 2]]
POINTS = np.random.default_rng(5).normal(size=(40, 2))


def network_of(units: list[int], activation: str, disabled: tuple[tuple[int, ...], ...] = ()) -> Network:
    layers = [{"units": count, "activation": activation} for count in units]
    return build(parse({"dataset": {"name": "circle"}, "layers": layers}), 2, disabled)


def symmetric(network: Network, theta: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The parameters of the same function with other orders, signs and factors of the hidden units.

    Written for single units, apart from the code that is tested.
    """
    theta = theta.copy()
    for layer, following in zip(network.layers, network.layers[1:], strict=False):
        entry, order = ACTIVATIONS[layer.activation], random.permutation(layer.units)
        layer.matrix(theta)[:] = layer.matrix(theta)[:, order]
        following.weights(theta)[:] = following.weights(theta)[order]
        alphas = layer.learned_alphas(theta)
        if alphas is not None:
            alphas[:] = alphas[order]
        for unit in range(layer.units):
            incoming, outgoing = layer.matrix(theta)[:, unit], following.weights(theta)[unit]
            if entry.centre is not None and random.random() < 0.5:
                following.biases(theta)[:] += 2 * entry.centre * outgoing
                incoming *= -1
                outgoing *= -1
            if entry.homogeneous:
                factor = random.uniform(0.1, 10)
                incoming *= factor
                outgoing /= factor
    return theta


@pytest.mark.parametrize("units", SHAPES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_symmetric_network_has_the_same_function_and_the_distance_zero(
    activation: str, units: list[int]
) -> None:
    network, random = network_of(units, activation), np.random.default_rng(7)
    moved: list[np.floating] = []
    for _ in range(5):
        theta = random.normal(size=network.size)
        other = symmetric(network, theta, random)
        expected = outputs(network, theta, POINTS)
        moved.append(np.linalg.norm(other - theta))
        np.testing.assert_allclose(outputs(network, other, POINTS), expected, atol=1e-9)
        first, second = normal_form(network, theta), normal_form(network, other)
        aligned = align(network, first, second)
        assert np.linalg.norm(aligned - first) < 1e-9
        np.testing.assert_allclose(
            outputs(network, parameters(network, aligned), POINTS), expected, atol=1e-9
        )
    assert max(moved) > 0.1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_centre_and_homogeneity_of_every_activation_are_those_of_its_values(activation: str) -> None:
    entry, z = ACTIVATIONS[activation], np.linspace(-3, 3, 61)[None]
    alpha = entry.parameters["alpha"].default if "alpha" in entry.parameters else None
    f, mirrored = value(activation, z, alpha), value(activation, -z, alpha)
    is_symmetric = activation != "softmax" and np.ptp(f + mirrored) < 1e-9
    assert (entry.centre is not None) == is_symmetric
    if entry.centre is not None:
        np.testing.assert_allclose((f + mirrored) / 2, entry.centre, atol=1e-12)
    scaled = [np.allclose(value(activation, a * z, alpha), a * f, atol=1e-9) for a in (0.3, 2.5)]
    assert entry.homogeneous == all(scaled)


def matchings(network: Network, activation: str) -> Iterator[Matching]:
    """All orders and signs of all hidden layers."""
    free = (1.0, -1.0) if ACTIVATIONS[activation].centre is not None else (1.0,)
    layers = [
        [
            (np.array(order), np.array(signs))
            for order in permutations(range(layer.units))
            for signs in product(free, repeat=layer.units)
        ]
        for layer in network.layers[:-1]
    ]
    for chosen in product(*layers):
        yield Matching([units for units, _ in chosen], [signs for _, signs in chosen])


@pytest.mark.parametrize(
    ("activation", "units"),
    [("tanh", [4]), ("sigmoid", [3]), ("relu", [5]), ("prelu", [4]), ("tanh", [2, 3]), ("relu", [3, 4])],
)
def test_no_order_and_no_signs_of_the_units_are_nearer(activation: str, units: list[int]) -> None:
    network, random = network_of(units, activation), np.random.default_rng(11)
    for _ in range(6):
        first, second = (normal_form(network, random.normal(size=network.size)) for _ in range(2))
        found = np.linalg.norm(align(network, first, second) - first)
        every = [
            np.linalg.norm(apply(network, each, second) - first) for each in matchings(network, activation)
        ]
        assert found == pytest.approx(min(every), rel=1e-12)


def test_rescaling_ends_at_the_smallest_sum_of_squares_and_units_without_effect_at_zeros() -> None:
    network, random = network_of([3, 3], "relu"), np.random.default_rng(2)
    theta = random.normal(size=network.size)
    network.layers[1].weights(theta)[1] = 0  # the second unit of the first layer has no outgoing weight
    found = normal_form(network, theta)
    np.testing.assert_allclose(outputs(network, found, POINTS), outputs(network, theta, POINTS), atol=1e-12)
    assert not network.layers[0].matrix(found)[:, 1].any()
    for _ in range(50):
        assert np.sum(symmetric(network, found, random) ** 2) >= np.sum(found**2) - 1e-9


def test_a_disabled_unit_has_no_effect_when_it_is_enabled_without_outgoing_weights() -> None:
    disabled, enabled = network_of([3], "tanh", ((1,),)), network_of([3], "tanh")
    theta = np.random.default_rng(4).normal(size=enabled.size)
    expected = outputs(disabled, theta, POINTS)
    np.testing.assert_allclose(
        outputs(enabled, without_disabled(disabled, theta), POINTS), expected, atol=1e-12
    )


def test_a_network_without_hidden_layers_is_compared_as_it_is() -> None:
    network = network_of([], "tanh")
    theta = np.random.default_rng(3).normal(size=network.size)
    np.testing.assert_array_equal(align(network, np.zeros(network.size), normal_form(network, theta)), theta)


@pytest.mark.parametrize("units", [[20, 9], [70, 5]], ids=str)
def test_large_symmetric_networks_have_the_distance_zero_too(units: list[int]) -> None:
    network, random = network_of(units, "tanh"), np.random.default_rng(9)
    theta = random.normal(size=network.size)
    first, second = (normal_form(network, each) for each in (theta, symmetric(network, theta, random)))
    assert np.linalg.norm(second - first) > 0.1
    assert np.linalg.norm(align(network, first, second) - first) < 1e-9
