"""Random configurations: strategies for tests that hold for every supervised training."""

from typing import Any

from hypothesis import strategies as st

from engine.layers.activations import ACTIVATIONS
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

GRADIENT_OPTIMIZERS = [name for name, optimizer in OPTIMIZERS.items() if not optimizer.perceptron_rule]

_LAYER = st.fixed_dictionaries(
    {
        "units": st.integers(2, 5),
        "activation": st.sampled_from(list(ACTIVATIONS)),
        "dropout": st.sampled_from([0.0, 0.3]),
    }
)
_OPTIMIZER = st.fixed_dictionaries(
    {
        "name": st.sampled_from(GRADIENT_OPTIMIZERS),
        "schedule": st.fixed_dictionaries({"name": st.sampled_from(list(SCHEDULES))}),
    }
)


def supervised(min_layers: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Small supervised configurations: data, layers, optimizer, schedule, early stopping, length and type."""
    return st.fixed_dictionaries(
        {
            "dataset": st.fixed_dictionaries(
                {
                    "name": st.sampled_from(["circle", "spiral", "xor", "sine"]),
                    "samples": st.just(40),
                    "train_samples": st.sampled_from([None, 7]),
                }
            ),
            "layers": st.lists(_LAYER, min_size=min_layers, max_size=2),
            "optimizer": _OPTIMIZER,
            "early_stopping": st.sampled_from([None, {"monitor": "train_loss", "patience": 3}]),
            "batch_size": st.integers(1, 30),
            "epochs": st.sampled_from([3, 1000]),
            "seed": st.integers(0, 1000),
            "dtype": st.sampled_from(["float32", "float64"]),
        }
    )
