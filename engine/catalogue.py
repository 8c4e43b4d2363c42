"""The catalogue: everything a configuration can name, described for form, API and documentation."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from engine.config.models import LIMITS
from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL
from engine.datasets import DATASETS, FEATURES, describe, entry
from engine.datasets.tables.limits import LIMITS_OF_OWN_DATA
from engine.diagnostics import DIAGNOSES
from engine.environments import ENVIRONMENTS
from engine.layers.activations import ACTIVATIONS, Activation
from engine.layers.initializers import INITIALIZERS, Initializer
from engine.losses import LOSSES, Loss
from engine.metrics import METRICS
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.queries import MOST_ROWS
from engine.schedules import SCHEDULES
from engine.tasks.definitions import TASKS, Task
from engine.tasks.paradigms import PARADIGMS, Paradigm
from engine.views import VIEWS
from engine.views.view import Option, View


def catalogue() -> dict[str, Any]:
    """The body of `GET /api/catalogue`."""
    return {
        "datasets": [dataset_entry(name) for name in DATASETS],
        "environments": [_environment(name) for name in ENVIRONMENTS],
        "activations": [_activation(name, each) for name, each in ACTIVATIONS.items()],
        "losses": _for_tasks(LOSSES),
        "optimizers": _for_tasks(OPTIMIZERS),
        "schedules": [_entry(name, s.title, s.help, s.parameters) for name, s in SCHEDULES.items()],
        "initializers": [_initializer(name, each) for name, each in INITIALIZERS.items()],
        "metrics": [_entry(name, m.title, m.help, {}, _built(m.applies_to)) for name, m in METRICS.items()],
        "views": [_view(name, each) for name, each in VIEWS.items()],
        "diagnoses": [
            {"name": name, "title": d.title, "help": d.rule, "applies_to": _built(d.applies_to)}
            for name, d in DIAGNOSES.items()
        ],
        "exports": [],
        "paradigms": [_paradigm(name, each) for name, each in PARADIGMS.items()],
        "tasks": {name: _task(name, each) for name, each in TASKS.items()},
        "limits": {**LIMITS, **LIMITS_OF_OWN_DATA, "predict_rows": MOST_ROWS},
    }


def _activation(name: str, activation: Activation) -> dict[str, Any]:
    places = ["hidden"] if activation.learned else ["hidden", "output"]
    return _entry(name, activation.title, activation.help, activation.parameters, places)


def _for_tasks(entries: Mapping[str, Loss] | Mapping[str, Optimizer]) -> list[dict[str, Any]]:
    return [
        _entry(name, each.title, each.help, each.parameters, _built(each.applies_to))
        for name, each in entries.items()
    ]


def _initializer(name: str, initializer: Initializer) -> dict[str, Any]:
    parameters = {"scale": initializer.scale} if initializer.scale else {}
    return _entry(name, initializer.title, initializer.help, parameters)


def _view(name: str, view: View) -> dict[str, Any]:
    return {
        "name": name,
        "title": view.title,
        "help": view.help,
        "parameters": _options(view.options),
        "applies_to": _built(view.applies_to),
        "needs": list(view.needs),
        "fps": view.fps,
        "tab": asdict(view.tab) if view.tab else None,
    }


def _task(name: str, task: Task) -> dict[str, Any]:
    return {
        "paradigm": next(n for n, each in PARADIGMS.items() if name in each.tasks),
        "title": task.title,
        "output_activation": task.output_activation,
        "loss": task.loss,
        "reason": task.reason,
        "question": task.question,
        "loss_reason": task.loss_reason,
        "example": task.example,
        "breaks": [asdict(each) for each in task.breaks],
    }


def _entry(
    name: str, title: str, text: str, parameters: Mapping[str, Parameter], applies_to: list[str] | None = None
) -> dict[str, Any]:
    described = {
        "name": name,
        "title": title,
        "help": text,
        "parameters": {n: p.describe() for n, p in parameters.items()},
    }
    return described if applies_to is None else described | {"applies_to": applies_to}


def _built(tasks: Iterable[str]) -> list[str]:
    """Those of the kinds of problem that there are."""
    return [task for task in tasks if task in TASKS]


def _paradigm(name: str, paradigm: Paradigm) -> dict[str, Any]:
    """Where the page finds what to learn from, and what a form begins with."""
    listed, field = paradigm.source
    return {
        "name": name,
        "title": paradigm.title,
        "help": paradigm.help,
        "tasks": list(paradigm.tasks),
        "source": {"list": listed, "field": field},
        "configuration": paradigm.config().model_dump(mode="json"),
    }


def dataset_entry(name: str, content: str | None = None) -> dict[str, Any]:
    """A data set as the catalogue shows it; with a content, own data under this name."""
    dataset, description = entry(name, content), describe(name, content=content)
    titles = {
        feature: FEATURES[feature].title if feature in FEATURES else feature
        for feature in description.features
    }
    return {
        **_entry(name, dataset.title if content is None else name, dataset.help, dataset.parameters),
        "task": dataset.task,
        "applies_to": _built(description.applies_to),
        "inputs": description.inputs,
        "classes": description.classes,
        "outputs": description.outputs,
        "features": [{"name": feature, "title": title} for feature, title in titles.items()],
        "default_features": description.default_features,
        "generated": dataset.generated,
        "image": asdict(dataset.image) if dataset.image else None,
        "series": dataset.series,
        "samples": description.default_samples,
    }


def _environment(name: str) -> dict[str, Any]:
    world = ENVIRONMENTS[name]
    return {
        **_entry(name, world.title, world.help, world.parameters, [CONTROL]),
        "task": CONTROL,
        "features": [{"name": each, "title": each} for each in world.observed(world.defaults)],
        "actions": world.actions(world.defaults),
        "judged": world.judged,
        "scores": [{"name": each, **asdict(score)} for each, score in world.scores.items()],
        "heuristics": [{"name": n, "title": h.title, "help": h.help} for n, h in world.heuristics.items()],
    }


def _options(options: Mapping[str, Option]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for name, option in options.items():
        if isinstance(option, Parameter):
            described[name] = option.describe()
        elif isinstance(option, tuple):
            described[name] = {"default": option[0], "choices": list(option)}
        else:
            described[name] = {"default": option, "text": True}
    return described
