"""Calculations by hand: their three cases, and what is wrong with one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.lessons.parts import Case, Work
from engine.config.errors import ConfigError
from engine.views import VIEWS

PLACE = re.compile(r"\{([^{}]+)\}")
CASES = ("worked", "blank", "free")  # in the order in which they are shown


@dataclass(frozen=True)
class CaseNumbers:
    """The lines of a case, and where its numbers are: options of the view, and for each name a path in it."""

    name: str
    lines: list[str]
    options: dict[str, Any]
    paths: dict[str, str]


def cases(work: Work) -> list[CaseNumbers]:
    """The cases of a calculation. Raises KeyError if a path names no entry of its case."""
    return [_case(work, name, getattr(work, name)) for name in CASES]


def _case(work: Work, name: str, case: Case) -> CaseNumbers:
    options = {key: value for key, value in case.items() if key in VIEWS[work.view].options}
    paths = {key: PLACE.sub(lambda place: str(case[place[1]]), path) for key, path in work.values.items()}
    texts = {key: value for key, value in case.items() if key not in work.values}
    lines = [PLACE.sub(lambda place: str(texts.get(place[1], place[0])), line) for line in work.lines]
    return CaseNumbers(name, lines, options, paths)


def wrong_work(field: str, work: Work) -> Iterator[str]:
    """What is wrong with a calculation."""
    if work.view not in VIEWS:
        yield f"{field}.view: there is no view “{work.view}”; allowed are {', '.join(VIEWS)}"
        return
    named = {name for line in work.lines for name in PLACE.findall(line)}
    named -= set(work.worked) & set(work.blank) & set(work.free)
    for name in sorted(named | set(work.ask)):
        if name not in work.values:
            yield f"{field}.values: there is no path of “{name}”"
    for name in work.ask:
        if name not in named:
            yield f"{field}.ask: “{name}” is in none of the lines"
    try:
        for case in cases(work):
            VIEWS[work.view].parse({key: str(value) for key, value in case.options.items()})
    except KeyError as error:
        yield f"{field}: a case has no entry {error}, which a path names"
    except ConfigError as error:
        yield f"{field}: {error}"
