"""Titles and help of everything in the catalogue, from the texts of the page.

Keys: `catalogue.<list>.<name>.title`, `.help`, `.parameters.<parameter>`; a parameter that means the same in
several entries has one text, `catalogue.parameters.<parameter>`.
"""

from typing import Any

from app.web.texts import Texts

Entry = dict[str, Any]


def described_catalogue(catalogue: Entry, texts: Texts) -> Entry:
    """The body of `GET /api/catalogue`: the result of `engine.catalogue` with titles and help.

    Raises KeyError naming the key of a missing text.
    """
    lists = [
        name for name in catalogue if name not in ("datasets", "environments", "diagnoses", "tasks", "limits")
    ]
    return {
        **catalogue,
        **{name: [_entry(name, entry, texts) for entry in catalogue[name]] for name in lists},
        "datasets": described_datasets(catalogue["datasets"], texts),
        "environments": [_environment(entry, texts) for entry in catalogue["environments"]],
        "diagnoses": [_diagnosis(entry, texts) for entry in catalogue["diagnoses"]],
        "tasks": {name: _task(name, entry, texts) for name, entry in catalogue["tasks"].items()},
    }


def described_datasets(entries: list[Entry], texts: Texts) -> list[Entry]:
    """Entries of data sets with titles and help; the title of imported data is their name."""
    return [_own_dataset(entry, texts) if "own" in entry else _dataset(entry, texts) for entry in entries]


def parameter_help(key: str, name: str, texts: Texts) -> str:
    """The help of a parameter of the entry with the text key `key`, or else the shared help of its name."""
    own, shared = f"{key}.parameters.{name}", f"catalogue.parameters.{name}"
    defined_keys = texts.keys()
    return texts.text(own if own in defined_keys else shared)


def _entry(list_name: str, entry: Entry, texts: Texts) -> Entry:
    key = f"catalogue.{list_name}.{entry['name']}"
    result = {**entry, "title": texts.text(f"{key}.title"), "help": texts.text(f"{key}.help")}
    if "parameters" in entry:
        result["parameters"] = _parameters(key, entry["parameters"], texts)
    return result


def _parameters(key: str, parameters: Entry, texts: Texts) -> Entry:
    """Parameters with help for numbers; enumerations and free texts have none."""
    return {
        name: {"help": parameter_help(key, name, texts), **parameter} if "minimum" in parameter else parameter
        for name, parameter in parameters.items()
    }


def _dataset(entry: Entry, texts: Texts) -> Entry:
    titles = entry["classes"] and [_class_title(name, texts) for name in entry["classes"]]
    return {**_entry("datasets", entry, texts), "class_titles": titles}


def _class_title(name: str, texts: Texts) -> str:
    """The name of a class in the language; numbers and proper names have no text of their own."""
    key = f"catalogue.classes.{name.replace(' ', '_')}"
    defined_keys = texts.keys()
    return texts.text(key) if key in defined_keys else name


def _own_dataset(entry: Entry, texts: Texts) -> Entry:
    rows, image, inputs = entry["own"]["rows"], entry["image"], len(entry["inputs"])
    if image:
        size = {"height": image["rows"], "width": image["columns"]}
        help_text = texts.text("catalogue.own_data.images", count=texts.number(rows), **size)
    else:
        help_text = texts.text("catalogue.own_data.rows", rows=texts.number(rows), count=inputs)
    parameters = _parameters("catalogue.own_data", entry["parameters"], texts)
    return {**entry, "title": entry["name"], "help": help_text, "parameters": parameters}


def _environment(entry: Entry, texts: Texts) -> Entry:
    key = f"catalogue.environments.{entry['name']}"
    return {
        **_entry("environments", entry, texts),
        "scores": [_entry("scores", score, texts) for score in entry["scores"]],
        "heuristics": [
            {
                **heuristic,
                "title": texts.text(f"{key}.heuristics.{heuristic['name']}.title"),
                "help": texts.text(f"{key}.heuristics.{heuristic['name']}.help"),
            }
            for heuristic in entry["heuristics"]
        ],
    }


def _diagnosis(entry: Entry, texts: Texts) -> Entry:
    key = f"catalogue.diagnoses.{entry['name']}"
    bounds = {name: texts.number(bound) for name, bound in entry["bounds"].items()}
    return {**entry, "title": texts.text(f"{key}.title"), "help": texts.text(f"{key}.help", **bounds)}


def _task(name: str, entry: Entry, texts: Texts) -> Entry:
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
                **mismatch,
                "title": texts.text(f"{key}.breaks.{mismatch['name']}.title"),
                "watch": texts.text(f"{key}.breaks.{mismatch['name']}.watch"),
            }
            for mismatch in entry["breaks"]
        ],
    }
