"""Titles and help of everything in the catalogue, from the texts of the page.

Keys: `catalogue.<list>.<name>.title`, `.help`, `.parameters.<parameter>`; a parameter that means the same in
several entries has one text, `catalogue.parameters.<parameter>`.
"""

from dataclasses import replace
from typing import Any

from app.lessons.lesson import Lesson, Try
from app.web.texts import Texts

Described = dict[str, Any]


def described(catalogue: Described, texts: Texts) -> Described:
    """The body of `GET /api/catalogue`: what `engine.catalogue` returns, with titles and help.

    Raises KeyError naming the key of a text that is missing.
    """
    lists = [
        name for name in catalogue if name not in ("datasets", "environments", "diagnoses", "tasks", "limits")
    ]
    return {
        **catalogue,
        **{name: [_entry(name, each, texts) for each in catalogue[name]] for name in lists},
        "datasets": described_datasets(catalogue["datasets"], texts),
        "environments": [_environment(each, texts) for each in catalogue["environments"]],
        "diagnoses": [_diagnosis(each, texts) for each in catalogue["diagnoses"]],
        "tasks": {name: _task(name, each, texts) for name, each in catalogue["tasks"].items()},
    }


def described_datasets(entries: list[Described], texts: Texts) -> list[Described]:
    """Entries of data sets with titles and help; own data have their name as title."""
    return [
        _own_dataset(each, texts) if "own" in each else _entry("datasets", each, texts) for each in entries
    ]


def described_lesson(lesson: Lesson, texts: Texts) -> Lesson:
    """A lesson whose attempts about a task have the texts of that task."""
    return replace(lesson, tries=tuple(_attempt(each, texts) for each in lesson.tries))


def parameter_help(key: str, name: str, texts: Texts) -> str:
    """The help of a parameter of the entry whose texts stand under `key`, or the shared one of its name."""
    own, shared = f"{key}.parameters.{name}", f"catalogue.parameters.{name}"
    known = texts.keys()
    return texts.text(own if own in known else shared)


def _entry(kind: str, entry: Described, texts: Texts) -> Described:
    key = f"catalogue.{kind}.{entry['name']}"
    result = {**entry, "title": texts.text(f"{key}.title"), "help": texts.text(f"{key}.help")}
    if "parameters" in entry:
        result["parameters"] = _parameters(key, entry["parameters"], texts)
    return result


def _parameters(key: str, parameters: Described, texts: Texts) -> Described:
    """Numbers get a help; choices and free texts have none."""
    return {
        name: {"help": parameter_help(key, name, texts), **parameter} if "minimum" in parameter else parameter
        for name, parameter in parameters.items()
    }


def _own_dataset(entry: Described, texts: Texts) -> Described:
    rows, image, inputs = entry["own"]["rows"], entry["image"], len(entry["inputs"])
    if image:
        size = {"height": image["rows"], "width": image["columns"]}
        about = texts.text("catalogue.own_data.images", count=f"{rows:,}", **size)
    else:
        about = texts.text("catalogue.own_data.rows", rows=f"{rows:,}", count=inputs)
    parameters = _parameters("catalogue.own_data", entry["parameters"], texts)
    return {**entry, "title": entry["name"], "help": about, "parameters": parameters}


def _environment(entry: Described, texts: Texts) -> Described:
    key = f"catalogue.environments.{entry['name']}"
    return {
        **_entry("environments", entry, texts),
        "scores": [_entry("scores", each, texts) for each in entry["scores"]],
        "heuristics": [
            {
                **each,
                "title": texts.text(f"{key}.heuristics.{each['name']}.title"),
                "help": texts.text(f"{key}.heuristics.{each['name']}.help"),
            }
            for each in entry["heuristics"]
        ],
    }


def _diagnosis(entry: Described, texts: Texts) -> Described:
    key = f"catalogue.diagnoses.{entry['name']}"
    bounds = {name: f"{bound:g}" for name, bound in entry["bounds"].items()}
    return {**entry, "title": texts.text(f"{key}.title"), "help": texts.text(f"{key}.help", **bounds)}


def _task(name: str, entry: Described, texts: Texts) -> Described:
    """`question` and `loss_reason` are empty for tasks that the task wizard does not offer."""
    key = f"catalogue.tasks.{name}"
    offered = bool(entry["example"])
    return {
        **entry,
        "title": texts.text(f"{key}.title"),
        "reason": texts.text(f"{key}.reason"),
        "question": texts.text(f"{key}.question") if offered else "",
        "loss_reason": texts.text(f"{key}.loss_reason") if offered else "",
        "breaks": [
            {
                **each,
                "title": texts.text(f"{key}.breaks.{each['name']}.title"),
                "watch": texts.text(f"{key}.breaks.{each['name']}.watch"),
            }
            for each in entry["breaks"]
        ],
    }


def _attempt(attempt: Try, texts: Texts) -> Try:
    if not attempt.task:
        return attempt
    key = f"catalogue.tasks.{attempt.task}"
    title = texts.text(f"{key}.title")
    if not attempt.mismatch:
        question, reason = texts.text(f"{key}.question"), texts.text(f"{key}.reason")
        return replace(attempt, title=f"{question} {title}", watch=f"{reason}.")
    wrong = f"{key}.breaks.{attempt.mismatch}"
    return replace(
        attempt, title=f"{title}: {texts.text(f'{wrong}.title')}", watch=texts.text(f"{wrong}.watch")
    )
