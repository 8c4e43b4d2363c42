"""The sections of the studio's page: one for each view that has a tab in the catalogue.

They are part of the HTML, so that the first panels are drawn before the catalogue has arrived.
"""

from dataclasses import dataclass

from engine.config.task_names import SUPERVISED
from engine.views import VIEWS
from engine.views.view import Tab

GROUPS = ("network", "middle", "output", "right")
# Panels that show no view of the engine: the learning curves draw the recorded points.
WITHOUT_VIEW = {"curves": Tab("right", 10)}


@dataclass(frozen=True)
class Section:
    """A panel of the page; `shown`: it is the visible tab of its group at first."""

    name: str
    tab: Tab
    shown: bool
    supervised: bool  # applies to a supervised task; other sections wait for the catalogue


def sections() -> list[Section]:
    """All sections in the order of the page."""
    tabs = {name: view.tab for name, view in VIEWS.items() if view.tab} | WITHOUT_VIEW
    ordered = sorted(tabs.items(), key=lambda item: (GROUPS.index(item[1].group), item[1].order))
    first_of_group = {tab.group: name for name, tab in reversed(ordered)}
    return [
        Section(name, tab, first_of_group[tab.group] == name, _is_supervised(name)) for name, tab in ordered
    ]


def _is_supervised(name: str) -> bool:
    view = VIEWS.get(name)
    return view is None or not set(view.applies_to).isdisjoint(SUPERVISED)
