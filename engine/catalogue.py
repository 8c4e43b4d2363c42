"""The catalogue: everything a configuration can name, with parameters and ranges, without sentences.

Titles and help of each entry are texts of the page (`app.web.catalogue_text`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from engine.config.models import LIMITS
from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL
from engine.datasets import DATASETS, FEATURES, describe
from engine.datasets.tables.library import table_dataset
from engine.datasets.tables.limits import TABLE_LIMITS
from engine.datasets.tables.table import Header
from engine.diagnostics import DIAGNOSES
from engine.environments import ENVIRONMENTS
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.metrics import METRICS
from engine.optimizers import OPTIMIZERS
from engine.queries import MAX_ROWS
from engine.schedules import SCHEDULES
from engine.tasks.paradigms import PARADIGMS, Paradigm
from engine.tasks.task import TASKS, Task
from engine.views import VIEWS
from engine.views.view import Option, View


def catalogue() -> dict[str, Any]:
    """All lists of named entries, and all limits."""
    return {
        "datasets": [dataset_entry(name) for name in DATASETS],
        "environments": [_environment(name) for name in ENVIRONMENTS],
        "activations": [
            _entry(name, each.parameters, ["hidden"] if each.learned else ["hidden", "output"])
            for name, each in ACTIVATIONS.items()
        ],
        "losses": [_entry(name, each.parameters, _tasks(each.applies_to)) for name, each in LOSSES.items()],
        "optimizers": [
            _entry(name, each.parameters, _tasks(each.applies_to)) for name, each in OPTIMIZERS.items()
        ],
        "schedules": [_entry(name, each.parameters) for name, each in SCHEDULES.items()],
        "initializers": [
            _entry(name, {"scale": each.scale} if each.scale else {}) for name, each in INITIALIZERS.items()
        ],
        "metrics": [_entry(name, {}, _tasks(each.applies_to)) for name, each in METRICS.items()],
        "views": [_view(name, each) for name, each in VIEWS.items()],
        "diagnoses": [
            {"name": name, "bounds": dict(each.bounds), "applies_to": _tasks(each.applies_to)}
            for name, each in DIAGNOSES.items()
        ],
        "exports": [],
        "paradigms": [_paradigm(name, each) for name, each in PARADIGMS.items()],
        "tasks": {name: _task(name, each) for name, each in TASKS.items()},
        "limits": {**LIMITS, **TABLE_LIMITS, "predict_rows": MAX_ROWS},
    }


def dataset_entry(name: str, header: Header | None = None) -> dict[str, Any]:
    """A data set as the catalogue lists it; with a header, an imported table under this name."""
    dataset = DATASETS[name] if header is None else table_dataset(header)
    description = describe(dataset)
    symbols = {
        feature: FEATURES[feature].symbol if feature in FEATURES else feature
        for feature in description.features
    }
    return {
        **_entry(name, dataset.parameters),
        "task": dataset.task,
        "applies_to": _tasks(description.applies_to),
        "inputs": description.inputs,
        "classes": description.classes,
        "outputs": description.outputs,
        "features": [{"name": feature, "title": symbol} for feature, symbol in symbols.items()],
        "default_features": description.default_features,
        "generated": dataset.generated,
        "image": asdict(dataset.image) if dataset.image else None,
        "series": dataset.series,
        "samples": description.default_samples,
    }


def _environment(name: str) -> dict[str, Any]:
    environment = ENVIRONMENTS[name]
    features = environment.observation_names(environment.defaults)
    return {
        **_entry(name, environment.parameters, [CONTROL]),
        "task": CONTROL,
        "features": [{"name": feature, "title": feature} for feature in features],
        "actions": environment.action_names(environment.defaults),
        "judged": environment.main_score,
        "scores": [{"name": score, **asdict(each)} for score, each in environment.scores.items()],
        "heuristics": [{"name": heuristic} for heuristic in environment.heuristics],
    }


def _view(name: str, view: View) -> dict[str, Any]:
    return {
        "name": name,
        "parameters": {option: _option(each) for option, each in view.options.items()},
        "applies_to": _tasks(view.applies_to),
        "needs": list(view.needs),
        "fps": view.fps,
        "tab": asdict(view.tab) if view.tab else None,
    }


def _option(option: Option) -> dict[str, Any]:
    if isinstance(option, Parameter):
        return option.describe()
    if isinstance(option, tuple):
        return {"default": option[0], "choices": list(option)}
    return {"default": option, "text": True}


def _paradigm(name: str, paradigm: Paradigm) -> dict[str, Any]:
    """`source` says which list of the catalogue names the data and by which field; `configuration` is the
    default one.
    """
    listed, field = paradigm.source
    return {
        "name": name,
        "tasks": list(paradigm.tasks),
        "source": {"list": listed, "field": field},
        "configuration": paradigm.config().model_dump(mode="json"),
    }


def _task(name: str, task: Task) -> dict[str, Any]:
    return {
        "paradigm": next(paradigm for paradigm, each in PARADIGMS.items() if name in each.tasks),
        "output_activation": task.output_activation,
        "loss": task.loss,
        "example": task.example,
        "breaks": [asdict(each) for each in task.breaks],
    }


def _entry(
    name: str, parameters: Mapping[str, Parameter], applies_to: list[str] | None = None
) -> dict[str, Any]:
    described = {"name": name, "parameters": {key: each.describe() for key, each in parameters.items()}}
    return described if applies_to is None else described | {"applies_to": applies_to}


def _tasks(names: Iterable[str]) -> list[str]:
    """Those names that are tasks of this version."""
    return [name for name in names if name in TASKS]
