"""Catalogue: all named entries of configurations, with parameters and ranges.

Their titles and help texts are added by `app.web.catalogue_text`.
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
from engine.tasks.table_settings import fitting_settings
from engine.tasks.task import TASKS, Task
from engine.views import VIEWS
from engine.views.view import Option, View


def catalogue() -> dict[str, Any]:
    """Returns all lists of named entries, and the limits."""
    return {
        "datasets": [dataset_entry(name) for name in DATASETS],
        "environments": [_environment(name) for name in ENVIRONMENTS],
        "activations": [_activation(name) for name in ACTIVATIONS],
        "losses": [
            _entry(name, entry.parameters, _tasks(entry.applies_to)) for name, entry in LOSSES.items()
        ],
        "optimizers": [
            _entry(name, entry.parameters, _tasks(entry.applies_to)) for name, entry in OPTIMIZERS.items()
        ],
        "schedules": [_entry(name, entry.parameters, list(TASKS)) for name, entry in SCHEDULES.items()],
        "initializers": [
            _entry(name, {"scale": entry.scale} if entry.scale else {}, list(TASKS))
            for name, entry in INITIALIZERS.items()
        ],
        "metrics": [_entry(name, {}, _tasks(entry.applies_to)) for name, entry in METRICS.items()],
        "views": [_view(name, view) for name, view in VIEWS.items()],
        "diagnoses": [
            {"name": name, "bounds": dict(diagnosis.bounds), "applies_to": _tasks(diagnosis.applies_to)}
            for name, diagnosis in DIAGNOSES.items()
        ],
        "exports": [],
        "paradigms": [_paradigm(name, paradigm) for name, paradigm in PARADIGMS.items()],
        "tasks": {name: _task(name, task) for name, task in TASKS.items()},
        "limits": {**LIMITS, **TABLE_LIMITS, "predict_rows": MAX_ROWS},
    }


def dataset_entry(name: str, header: Header | None = None) -> dict[str, Any]:
    """Returns the entry of a data set; with a header, of the imported table of this name."""
    dataset = DATASETS[name] if header is None else table_dataset(header)
    description = describe(dataset)
    symbols = {
        feature: FEATURES[feature].symbol if feature in FEATURES else feature
        for feature in description.features
    }
    return {
        **_entry(name, dataset.parameters, _tasks(description.applies_to)),
        "task": dataset.task,
        "inputs": description.inputs,
        "classes": description.classes,
        "display_order": list(dataset.display_order) if dataset.display_order else None,
        "positive": description.classes[dataset.positive]
        if dataset.task == "binary" and description.classes
        else None,
        "outputs": description.outputs,
        "features": [{"name": feature, "title": symbol} for feature, symbol in symbols.items()],
        "default_features": description.default_features,
        "generated": dataset.generated,
        "image": asdict(dataset.image) if dataset.image else None,
        "series": dataset.series,
        "samples": description.default_samples,
        "fitting": fitting_settings(header),
    }


def _activation(name: str) -> dict[str, Any]:
    entry = ACTIVATIONS[name]
    return _entry(name, entry.parameters, ["hidden"] if entry.learned else ["hidden", "output"])


def _environment(name: str) -> dict[str, Any]:
    environment = ENVIRONMENTS[name]
    features = environment.observation_names(environment.defaults)
    return {
        **_entry(name, environment.parameters, [CONTROL]),
        "task": CONTROL,
        "features": [{"name": feature, "title": feature} for feature in features],
        "actions": environment.action_names(environment.defaults),
        "judged": environment.main_score,
        "solved": environment.solved(environment.defaults) if environment.solved else None,
        "scores": [
            {
                "name": score,
                "lower_is_better": environment.lower_is_better and score == environment.main_score,
                **asdict(description),
            }
            for score, description in environment.scores.items()
        ],
        "heuristics": [{"name": heuristic} for heuristic in environment.heuristics],
    }


def _view(name: str, view: View) -> dict[str, Any]:
    return {
        "name": name,
        "parameters": {option: _option(values) for option, values in view.options.items()},
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
    """`source`: the list of data sets or environments, and the field for their names."""
    list_name, field = paradigm.source
    return {
        "name": name,
        "tasks": list(paradigm.tasks),
        "source": {"list": list_name, "field": field},
        "configuration": paradigm.config().model_dump(mode="json"),
    }


def _task(name: str, task: Task) -> dict[str, Any]:
    return {
        "paradigm": next(key for key, paradigm in PARADIGMS.items() if name in paradigm.tasks),
        "output_activation": task.output_activation,
        "loss": task.loss,
        "example": task.example,
        "breaks": [asdict(mismatch) for mismatch in task.breaks],
        "score": task.score,
        "solved": task.solved if task.score else None,
    }


def _entry(name: str, parameters: Mapping[str, Parameter], applies_to: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "parameters": {key: parameter.describe() for key, parameter in parameters.items()},
        "applies_to": applies_to,
    }


def _tasks(names: Iterable[str]) -> list[str]:
    """Returns the names that are tasks of this version."""
    return [name for name in names if name in TASKS]
