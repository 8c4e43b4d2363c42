"""The sections of the studio's page follow from the tabs of the views."""

import re
from pathlib import Path

import pytest

from app.web.sections import GROUPS, WITHOUT_VIEW, sections
from app.web.texts import texts
from engine.catalogue import catalogue
from engine.views import VIEWS

ROOT = Path(__file__).resolve().parents[3]
WITH_TAB = [name for name, view in VIEWS.items() if view.tab]


def test_every_view_with_a_tab_and_every_panel_without_a_view_has_one_section():
    assert sorted(section.name for section in sections()) == sorted([*WITH_TAB, *WITHOUT_VIEW])


def test_sections_are_ordered_by_group_and_tab_and_one_of_each_group_is_visible():
    positions = [(GROUPS.index(section.tab.group), section.tab.order) for section in sections()]
    assert positions == sorted(set(positions))
    assert [section.tab.group for section in sections() if section.shown] == list(GROUPS)


@pytest.mark.parametrize("name", [*WITH_TAB, *WITHOUT_VIEW])
def test_every_section_has_a_module_with_a_panel_and_a_label(name):
    source = (ROOT / "static" / "js" / "panels" / name / "index.js").read_text("utf-8")
    assert re.search(r"^export function panel\(section, ", source, re.MULTILINE)
    assert texts().sentence(f"panel.{name}.tab")


def test_no_template_names_a_view():
    for path in (ROOT / "templates").glob("*.html"):
        views = [name for name in VIEWS if f'data-panel="{name}"' in path.read_text("utf-8")]
        assert views == [], path.name


def test_the_catalogue_has_the_tab_of_every_view():
    tabs = {view["name"]: view["tab"] for view in catalogue()["views"]}
    assert tabs["answer"] == {
        "group": "middle",
        "order": 70,
        "leads": False,
        "needs_data": "image",
        "fits": None,
    }
    assert tabs["episode"]["leads"] is True
    assert tabs["unit_numbers"] is None
