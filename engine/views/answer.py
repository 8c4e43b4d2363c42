"""Answer: the prediction for one input, either a point of the data or values of the request."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import SUPERVISED
from engine.datasets import Data
from engine.queries import predict
from engine.training.checkpoint import Checkpoint
from engine.views.options import PARTS, display_values, output_names, point_index, select_part
from engine.views.view import Tab, View

MAX_INPUT = 1e300


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """`outputs` with their names and the prediction, as computed by `engine.queries.predict`.

    `inputs`, in the units of the data, are those of the request, otherwise those of a point with its
    `target`.
    """
    name, index, target = None, None, None
    if options["inputs"]:
        row = _parse_inputs(options["inputs"], len(data.inputs))
    else:
        name, part = select_part(data, options["part"], fallback=True)
        index = point_index(part, options["index"])
        row, target = part.raw[index].tolist(), display_values(data, part.truth[index : index + 1])[0]
    predicted = predict(checkpoint, data, [row])
    values = predicted["outputs"][0].tolist()
    return {
        "part": name,
        "index": index,
        "inputs": row,
        "image": asdict(data.image) if data.image else None,
        "outputs": [
            {"label": label, "value": value} for label, value in zip(output_names(data), values, strict=True)
        ],
        "prediction": predicted["classes"][0] if "classes" in predicted else values,
        "target": target,
    }


def _parse_inputs(text: str, count: int) -> list[float]:
    """`count` finite numbers separated by commas. Raises ConfigError for anything else."""
    parts = text.split(",")
    if len(parts) != count:
        raise ConfigError(
            "inputs", f"must be {count} numbers separated by commas, not {len(parts)}", text, count
        )
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise ConfigError("inputs", "must be numbers separated by commas", text) from None
    if not all(math.isfinite(number) and abs(number) < MAX_INPUT for number in numbers):
        raise ConfigError("inputs", "must be finite numbers", text)
    return numbers


ANSWER = View(
    compute,
    {
        "inputs": "",
        "part": ("test", *(name for name in PARTS if name != "test")),
        "index": Parameter(0, 0, 199_999, integer=True),
    },
    applies_to=SUPERVISED,
    tab=Tab("middle", 70, needs_data="image"),
)
